//! How fresh what is known of revoked certificates is.

use super::Finding::{self, Bad, Good, Note};
use crate::config::{Config, CrlSection, RevocationSection};
use crate::installation::anchors;
use crate::wiring::{CrlFolder, SystemClock, revocation};
use jpki::RevocationData;
use jpki::revocation::ListInfo;
use pass_core::{Clock, Time};
use std::path::PathBuf;

/// Warns when the next list is due within this many seconds.
const SOON: i64 = 6 * 3600;

pub(super) fn check(config: &Config) -> Finding {
    let files: Vec<_> = config.card.sign_crl.iter().chain(&config.card.auth_crl).collect();
    match (&config.card.revocation, files.is_empty()) {
        (None, true) | (Some(RevocationSection::None(_)), _) => {
            Note("none: proofs record \"revocation: not checked\"".into())
        }
        (None, false) => {
            let read = |file: &PathBuf| std::fs::read(file).map_err(|error| format!("{}: {error}", file.display()));
            let all: Result<Vec<_>, String> = files.into_iter().map(read).collect();
            lists(config, all.and_then(|all| RevocationData::from_der(&all).map_err(|error| error.to_string())))
        }
        (Some(RevocationSection::Crl(section)), _) => folder(config, section),
        (Some(RevocationSection::Ocsp(section)), _) => asked(config, format!("asks the responder {}", section.url)),
        (Some(RevocationSection::Platform(section)), _) => {
            asked(config, format!("asks the platform {} as {}", section.url, section.sender))
        }
    }
}

fn folder(config: &Config, section: &CrlSection) -> Finding {
    lists(config, CrlFolder::load(section))
}

/// What is asked one by one cannot be tried without a card: that it can be set up is all there is to see.
fn asked(config: &Config, what: String) -> Finding {
    match anchors(config).and_then(|anchors| revocation(config, &anchors)) {
        Ok(_) => Good(what),
        Err(fault) => Bad(fault.to_string(), "check [card.revocation]; until then the server does not start"),
    }
}

fn lists(config: &Config, read: Result<RevocationData, String>) -> Finding {
    const CURE: &str = "fetch the list again; until then card proofs are refused";
    let now = SystemClock.now().seconds();
    let found = match (read, anchors(config)) {
        (Ok(data), Ok(anchors)) => data.lists(&anchors, now),
        (Err(error), _) => return Bad(error, CURE),
        (_, Err(fault)) => return Bad(fault.to_string(), "put the published root certificates into [card] roots"),
    };
    let told: Vec<String> = found.iter().map(words).collect();
    let told = told.join("; ");
    if found.is_empty() {
        return Bad("no list is there".into(), CURE);
    }
    if found.iter().any(|list| !list.usable) {
        return Bad(told, CURE);
    }
    if found.iter().any(|list| list.next_update.is_some_and(|next| next - now < SOON)) {
        return Note(format!("{told}. The next one is due soon"));
    }
    Good(told)
}

fn words(list: &ListInfo) -> String {
    let time = |seconds| Time::from_seconds(seconds).iso();
    let root = list.root.unwrap_or("a root that is not installed");
    let until = list.next_update.map_or_else(|| "without an end".into(), |next| format!("until {}", time(next)));
    let outdated = if list.usable { "" } else { ", NOT USABLE" };
    format!("{root}: {} revoked, of {} {until}{outdated}", list.revoked, time(list.this_update))
}
