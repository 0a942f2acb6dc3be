//! `pass doctor`: checks a real installation and says what to do about each fault.

mod cards;
mod revocation;
mod rows;
mod secrets;
mod surroundings;
mod upstream;

use super::opened::ConfigArgs;
use super::out::say;
use crate::config::Config;
use pass_core::Fault;

/// What a check found.
enum Finding {
    /// As it should be.
    Good(String),
    /// Works, but worth knowing.
    Note(String),
    /// Wrong, and what to do.
    Bad(String, &'static str),
}

/// The name of a check, and what it found.
type Check = (&'static str, Finding);

/// Runs every check; fails if one does.
pub fn run(args: &ConfigArgs) -> Result<(), Fault> {
    let config = Config::load(&args.config)?;
    tell("configuration", &Finding::Good(args.config.display().to_string()));
    let mut bad = 0;
    let checks = [secrets::checks, rows::checks, surroundings::checks];
    for (name, finding) in checks.into_iter().flat_map(|checks| checks(&config)) {
        tell(name, &finding);
        bad += usize::from(matches!(finding, Finding::Bad(..)));
    }
    if bad == 0 { Ok(()) } else { Err(Fault::new(format!("{bad} of the checks failed"))) }
}

fn tell(name: &str, finding: &Finding) {
    match finding {
        Finding::Good(what) => say!("OK    {name:<22} {what}"),
        Finding::Note(what) => say!("NOTE  {name:<22} {what}"),
        Finding::Bad(what, cure) => say!("BAD   {name:<22} {what}\n      {:<22} -> {cure}", ""),
    }
}
