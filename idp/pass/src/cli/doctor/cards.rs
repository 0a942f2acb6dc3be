//! Whom this installation believes about cards: the published roots of both certificates, and those of the text application.

use super::Check;
use super::Finding::{self, Bad, Good, Note};
use crate::config::Config;
use crate::installation::anchors;
use crate::wiring::SystemClock;
use jpki::anchors::RootInfo;
use jpki::certificate::Purpose;
use pass_core::{Clock, Time};

/// Certificates of cards live five years: a root that ends sooner ends some of them early.
const SOON: i64 = 365 * 24 * 3600;

pub(super) fn checks(config: &Config) -> Vec<Check> {
    let text = if jpki::TextAnchors::production().is_empty() {
        Note("none: J-LIS publishes none, so children's cards cannot be read here".into())
    } else {
        Good("built in".into())
    };
    let roots = match anchors(config) {
        Ok(anchors) => judge(&anchors.roots().cloned().collect::<Vec<_>>(), SystemClock.now().seconds()),
        Err(fault) => {
            Bad(fault.to_string(), "put the published root certificates into [card] roots; others are refused")
        }
    };
    vec![("card roots", roots), ("text roots", text)]
}

/// Each generation with its last day: a root that ends takes the cards below it along.
fn judge(roots: &[RootInfo], now: i64) -> Finding {
    if roots.is_empty() {
        return Note("none: residents cannot be proofed by card here".into());
    }
    let words = |root: &RootInfo| {
        let day = Time::from_seconds(root.not_after).jst_day().iso();
        let state = match root.not_after - now {
            left if left < 0 => "ENDED",
            left if left < SOON => "ENDS SOON,",
            _ => "until",
        };
        format!("{} {state} {day}", root.label)
    };
    let told = format!("{} pinned: {}", roots.len(), roots.iter().map(words).collect::<Vec<_>>().join(", "));
    let live = |purpose| roots.iter().any(|root| root.purpose == purpose && root.not_after >= now);
    match (live(Purpose::Sign), live(Purpose::Auth)) {
        (false, _) => Note(format!("{told}. No current one for signature: nobody can be proofed")),
        (true, false) => Note(format!("{told}. No current one for login: nobody can sign in by card")),
        _ if roots.iter().any(|root| root.not_after - now < SOON) => {
            Note(format!("{told}. Keep the old one for the cards below it, and install the next generation"))
        }
        _ => Good(told),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_generations_are_told_with_what_ends() {
        const NOW: i64 = 1_775_001_600;
        let root = |label, purpose, days: i64| RootInfo { label, purpose, not_after: NOW + days * 86400 };
        let sign = |days| root("sign-2", Purpose::Sign, days);
        let auth = |days| root("auth-3", Purpose::Auth, days);
        for (roots, good, words) in [
            (vec![], false, "none"),
            (vec![sign(2000), auth(2000)], true, "sign-2 until 2031"),
            (vec![sign(300), auth(2000)], false, "sign-2 ENDS SOON, 2027"),
            (vec![sign(-3), root("sign-3", Purpose::Sign, 2000), auth(2000)], false, "sign-2 ENDED 2026"),
            (vec![sign(-3), auth(2000)], false, "nobody can be proofed"),
            (vec![sign(2000)], false, "nobody can sign in by card"),
        ] {
            match judge(&roots, NOW) {
                Good(told) => assert!(good && told.contains(words), "{told}"),
                Note(told) => assert!(!good && told.contains(words), "{told}"),
                Bad(told, _) => panic!("{told}"),
            }
        }
    }
}
