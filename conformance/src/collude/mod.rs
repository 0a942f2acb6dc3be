//! Two facilities that compare notes: one resident uses both, and every value that either of them ever sees of her is
//! held against every value of the other. What is equal stands on a short list with reasons, or the run is red.
//!
//! Two pairs: the city's library and child-care centre as they are, and two facilities that may have every claim.
//! A second resident at the same facilities shows what is the same for everybody.

mod allowed;
mod cast;
mod compare;
mod gather;
mod listener;
mod seen;

use std::collections::BTreeMap;

use crate::{Demo, Line, Options, Resident, flow::Party};
use allowed::LIST;
use cast::Pair;
pub use compare::Common;
use compare::compare;
use listener::Listener;
use seen::View;

/// What `--plant` puts into the answers of both facilities.
const PLANTED: &str = "6fa459ea-ee8a-4ca4-894e-db77e160355e";

/// Runs both pairs and prints what they have in common.
///
/// # Errors
/// There is a link between the two, or a step of the run failed.
pub fn collude(plant: bool) -> Result<(), String> {
    let mut links = 0;
    for (name, common) in pairs(plant)? {
        print(&name, &common);
        links += common.links.len();
    }
    if links == 0 { Ok(()) } else { Err(format!("{links} links between two facilities")) }
}

/// Runs both pairs; what each has in common, by its name.
///
/// # Errors
/// A step of the run failed.
pub fn pairs(plant: bool) -> Result<Vec<(String, Common)>, String> {
    let listener = Listener::start()?;
    let more = ["--allow-outgoing".to_owned(), listener.host()];
    let demo = Demo::start(&Options { more: more.into(), ..Options::default() });
    let mut line = demo.line.clone();
    let pairs = cast::pairs(&demo, &mut line, &listener)?;
    pairs.iter().map(|pair| Ok((pair.name.to_owned(), pair_of(&line, pair, &listener, plant)?))).collect()
}

fn pair_of(line: &Line, pair: &Pair, listener: &Listener, plant: bool) -> Result<Common, String> {
    let planted = plant.then_some(PLANTED);
    let [one, two] = views(line, pair, &pair.resident, listener, planted)?;
    let [other_one, other_two] = views(line, pair, &pair.other, listener, None)?;
    Ok(compare(&one, &two, &[&other_one, &other_two], LIST))
}

/// One person in one browser, at both facilities.
fn views(
    line: &Line,
    pair: &Pair,
    person: &Resident,
    listener: &Listener,
    planted: Option<&str>,
) -> Result<[View; 2], String> {
    let parties = pair.clients.each_ref().map(|client| Party::new(line, client));
    gather::views(&parties, person, listener, planted)
}

#[expect(clippy::print_stdout, reason = "the report of a command")]
fn print(name: &str, common: &Common) {
    println!("{name}\n  the same for everybody, as another resident shows:");
    println!("    {}", common.everybody.iter().map(String::as_str).collect::<Vec<_>>().join(", "));
    println!("  the same for her, and listed:");
    let mut by_reason = BTreeMap::<&str, Vec<&str>>::new();
    for (member, why) in &common.allowed {
        by_reason.entry(why).or_default().push(member);
    }
    for (why, members) in by_reason {
        println!("    {}\n      {why}", members.join(", "));
    }
    for link in &common.links {
        println!("  LINK  {link}");
    }
    println!("  {} links", common.links.len());
}
