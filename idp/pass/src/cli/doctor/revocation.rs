//! How fresh what is known of revoked certificates is.

use super::Check;
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

/// One row for the method; where it is files, one for each of them.
pub(super) fn checks(config: &Config) -> Vec<Check> {
    let card = &config.card;
    let what = match (&card.revocation, &card.sign_crl, &card.auth_crl) {
        (Some(RevocationSection::None(_)), ..) | (None, None, None) => {
            Note("none: proofs record \"revocation: not checked\"".into())
        }
        (Some(RevocationSection::Crl(section)), ..) => folder(config, section),
        (Some(RevocationSection::Ocsp(section)), ..) => asked(config, format!("asks the responder {}", section.url)),
        (Some(RevocationSection::Platform(section)), ..) => {
            asked(config, format!("asks the platform {} as {}", section.url, section.sender))
        }
        (None, sign, auth) => {
            let unchecked = |what: &str| Note(format!("none: {what} without a check of revocation"));
            let row = |file: &Option<PathBuf>, what: &str| {
                file.as_ref().map_or_else(|| unchecked(what), |file| one(config, file))
            };
            return vec![
                ("card.sign_crl", row(sign, "residents are proofed")),
                ("card.auth_crl", row(auth, "residents sign in by card")),
            ];
        }
    };
    vec![("revocation", what)]
}

/// One file with one list.
fn one(config: &Config, file: &PathBuf) -> Finding {
    let read = std::fs::read(file).map_err(|error| format!("{}: {error}", file.display()));
    lists(config, read.and_then(|der| RevocationData::from_der(&[der]).map_err(|error| error.to_string())))
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
