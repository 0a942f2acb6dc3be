//! What an installation leans on: its address, the mail server, what cards are checked against, the face parts,
//! the national service.

use super::Finding::{Bad, Good, Note};
use super::{Check, Finding, cards, revocation, upstream};
use crate::cli::opened::block_on;
use crate::config::Config;
use crate::wiring::{Faces, SmtpMailer};

/// The checks, in the order in which they are told.
pub(super) fn checks(config: &Config) -> Vec<Check> {
    let mut told =
        vec![("issuer", issuer(config)), ("listening address", listening(config)), ("mail server", mail(config))];
    told.extend(cards::checks(config));
    told.extend(revocation::checks(config));
    told.push(("face match", face(config)));
    told.push(("national service", upstream::check(config)));
    told
}

fn issuer(config: &Config) -> Finding {
    if config.issuer.url.starts_with("https://") {
        Good(config.issuer.url.clone())
    } else {
        Note(format!("{} is plain http: for a trial on this machine only", config.issuer.url))
    }
}

fn listening(config: &Config) -> Finding {
    let address = config.listen.address;
    if !address.ip().is_loopback() {
        return Note(format!("{address} is reachable without the proxy: TLS must end in front of it"));
    }
    Good(address.to_string())
}

/// A whole greeting, with encryption and password: an open port alone takes no mail.
fn mail(config: &Config) -> Finding {
    let place = format!("{}:{}", config.mail.host, config.mail.port);
    match SmtpMailer::new(&config.mail).and_then(|mailer| block_on(async move { mailer.greet().await })) {
        Ok(()) => Good(place),
        Err(fault) => Bad(
            format!("{place}: {fault}"),
            "check [mail] host, port, security, user and password_file, and that the mail server runs",
        ),
    }
}

fn face(config: &Config) -> Finding {
    if config.face.library.is_none() && config.face.models.is_none() {
        return Note("not configured: faces are unavailable, everything else works".into());
    }
    // Loads everything and computes once: a file that is there may still be of the wrong shape.
    match Faces::new(&config.face, false).ready() {
        Ok(ready) => Good(format!("{} with threshold set {} computes", ready.model, ready.threshold_set)),
        Err(why) => Note(format!("unavailable: {why}. Everything else works")),
    }
}
