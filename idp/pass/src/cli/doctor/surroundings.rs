//! What an installation leans on: its address, the mail server, the published roots, the revocation list, the face parts.

use super::Finding::{Bad, Good, Note};
use super::{Check, Finding, revocation};
use crate::cli::opened::block_on;
use crate::config::Config;
use crate::installation::anchors;
use crate::wiring::{Faces, SmtpMailer, SystemClock};
use jpki::certificate::Purpose;
use pass_core::ports::FaceMatcher;
use pass_core::{Clock, Time};

/// The checks, in the order in which they are told.
pub(super) fn checks(config: &Config) -> Vec<Check> {
    vec![
        ("issuer", issuer(config)),
        ("listening address", listening(config)),
        ("mail server", mail(config)),
        ("card roots", roots(config)),
        ("revocation", revocation::check(config)),
        ("face match", face(config)),
    ]
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

fn roots(config: &Config) -> Finding {
    match anchors(config) {
        Err(fault) => {
            Bad(fault.to_string(), "put the published root certificates into [card] roots; others are refused")
        }
        Ok(anchors) => match anchors.roots().count() {
            0 => Note("none: residents cannot be proofed by card here".into()),
            count => roots_until(count, &anchors),
        },
    }
}

/// Each with its last day: a root that ends takes the cards below it along.
fn roots_until(count: usize, anchors: &jpki::Anchors) -> Finding {
    let now = SystemClock.now().seconds();
    let last = |root: &jpki::anchors::RootInfo| {
        let day = Time::from_seconds(root.not_after).jst_day().iso();
        format!("{} {} {day}", root.label, if root.not_after < now { "ended" } else { "until" })
    };
    let all: Vec<String> = anchors.roots().map(last).collect();
    let live = anchors.roots().any(|root| root.purpose == Purpose::Sign && root.not_after >= now);
    let told = format!("{count} pinned: {}", all.join(", "));
    if live { Good(told) } else { Note(format!("{told}. No current one for signature: nobody can be proofed")) }
}

fn face(config: &Config) -> Finding {
    if config.face.library.is_none() && config.face.models.is_none() {
        return Note("not configured: faces are unavailable, everything else works".into());
    }
    match Faces::new(&config.face, false).unavailable() {
        None => Good("library and models are there".into()),
        Some(why) => Note(format!("unavailable: {why}. Everything else works")),
    }
}
