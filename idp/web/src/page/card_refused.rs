//! The card was read, but its proof was not accepted: what happened, and what to do, for each refusal.

use askama::Template;

use super::Page;
use super::sample::{library, shell};
use crate::kit::{Asker, Lang, Shell, Way, WayKind};

/// The page of a refused card.
#[derive(Template)]
#[template(path = "page/card_refused.html")]
pub struct CardRefused {
    /// The frame.
    pub shell: Shell,
    /// Who asks, if anybody does.
    pub asker: Option<Asker>,
    /// The stable code: one of `jpki::Refusal`, of the ticket, or of the account.
    pub code: String,
    /// The number people tell the operator.
    pub reference: String,
    /// What can be done now.
    pub ways: Vec<Way>,
    /// Straight to the signature password of the same card: the token of the form, which posts to its own address.
    pub signature: Option<String>,
}

/// The codes with words of their own; several share words where people would do the same.
pub const CODES: &[(&str, &str)] = &[
    ("wrong_purpose", "purpose"),
    ("wrong_key_usage", "purpose"),
    ("wrong_policy", "purpose"),
    ("foreign_ca", "foreign"),
    ("issuer_unfit", "foreign"),
    ("expired", "expired"),
    ("not_yet_valid", "early"),
    ("revoked", "revoked"),
    ("revocation_unknown", "unknown"),
    ("bad_signature", "altered"),
    ("altered_statement", "altered"),
    ("foreign_statement", "altered"),
    ("malformed_certificate", "unreadable"),
    ("weak_key", "unreadable"),
    ("unusable_identity", "unreadable"),
    ("anchor_unverified", "foreign"),
    ("replayed_nonce", "used"),
    ("ticket_used", "used"),
    ("ticket_expired", "late"),
    ("ticket_unknown", "late"),
    ("other_browser", "browser"),
    ("already_other_account", "other"),
    ("already_registered", "other"),
    ("other_person", "person"),
    ("card_unknown", "nobody"),
    ("card_unknown_signature", "stranger"),
    ("needs_signature", "grown"),
    ("cancelled", "cancelled"),
];

/// What helps after a refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cure {
    /// The same card may be accepted the next time.
    Again,
    /// Nothing that can be done here and now: the card must change, or time must pass.
    NotHere,
    /// The account that the card belongs to.
    OtherAccount,
}

impl Cure {
    /// What helps after the refusal of this code.
    pub fn of(code: &str) -> Self {
        match words_of(code) {
            "expired" | "early" | "revoked" | "unreadable" | "grown" => Self::NotHere,
            "other" => Self::OtherAccount,
            _ => Self::Again,
        }
    }
}

fn words_of(code: &str) -> &'static str {
    CODES.iter().find(|(known, _)| *known == code).map_or("", |(_, words)| words)
}

/// The ways out: what helps, then back. `proof` is the page before the card, where the other choices are; `away` leads out of
/// the procedure.
pub fn ways(code: &str, proof: &str, away: Option<Way>) -> Vec<Way> {
    let first = match Cure::of(code) {
        Cure::Again => Way::new(WayKind::Again, proof),
        Cure::NotHere => Way::new(WayKind::Others, proof),
        Cure::OtherAccount => Way::new(WayKind::OtherAccount, "/session/end"),
    };
    std::iter::once(first).chain(away).collect()
}

impl CardRefused {
    /// Keys of what happened, its explanation, and what to do.
    fn words(&self) -> [&'static str; 3] {
        match words_of(&self.code) {
            "purpose" => ["refused-purpose", "refused-purpose-why", "refused-purpose-do"],
            "foreign" => ["refused-foreign", "refused-foreign-why", "refused-foreign-do"],
            "expired" => ["refused-expired", "refused-expired-why", "refused-expired-do"],
            "early" => ["refused-early", "refused-early-why", "refused-early-do"],
            "revoked" => ["refused-revoked", "refused-revoked-why", "refused-revoked-do"],
            "unknown" => ["refused-unknown", "refused-unknown-why", "refused-unknown-do"],
            "altered" => ["refused-altered", "refused-altered-why", "refused-altered-do"],
            "unreadable" => ["refused-unreadable", "refused-unreadable-why", "refused-unreadable-do"],
            "used" => ["refused-used", "refused-used-why", "refused-used-do"],
            "late" => ["refused-late", "refused-late-why", "refused-late-do"],
            "browser" => ["refused-browser", "refused-browser-why", "refused-browser-do"],
            "other" => ["refused-other", "refused-other-why", "refused-other-do"],
            "grown" => ["refused-grown", "refused-grown-why", "refused-grown-do"],
            "stranger" => ["refused-nobody", "refused-stranger-why", "refused-stranger-do"],
            "nobody" => ["refused-nobody", "refused-nobody-why", "refused-nobody-do"],
            "person" => ["refused-person", "refused-person-why", "refused-person-do"],
            "cancelled" => ["refused-cancelled", "refused-cancelled-why", "refused-cancelled-do"],
            _ => ["refused-any", "refused-any-why", "refused-any-do"],
        }
    }
}

impl Page for CardRefused {
    const NAME: &'static str = "card_refused";

    fn samples(lang: Lang) -> Vec<(&'static str, CardRefused)> {
        let of = |code: &'static str| {
            let page = CardRefused {
                shell: shell(lang, "/interaction/4b1d/proof/back"),
                asker: Some(library(lang)),
                code: code.into(),
                reference: "R3H8-P1KT".into(),
                ways: ways(
                    code,
                    "/interaction/4b1d/proof",
                    Some(Way::new(WayKind::Facility, "https://library.example/")),
                ),
                signature: (code == "card_unknown").then(|| "token".into()),
            };
            (if code == "expired" { "ordinary" } else { code }, page)
        };
        let mut shown = Vec::new();
        let one_each = CODES.iter().filter(|(_, words)| {
            let new = !shown.contains(words);
            shown.push(words);
            new
        });
        one_each.map(|(code, _)| of(code)).chain([of("something_new")]).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trying_again_is_offered_only_where_it_may_help() {
        let first = |code| ways(code, "/proof", None).remove(0).kind;
        for code in ["cancelled", "ticket_expired", "bad_signature", "other_person", "new"] {
            assert_eq!(first(code), WayKind::Again, "{code}");
        }
        for code in ["expired", "revoked", "not_yet_valid", "unusable_identity"] {
            assert_eq!(first(code), WayKind::Others, "{code}");
        }
        assert_eq!(first("already_other_account"), WayKind::OtherAccount);
    }

    #[test]
    fn every_refusal_of_the_card_has_words() {
        for refusal in pass_core::jpki::Refusal::ALL {
            assert!(CODES.iter().any(|(code, _)| *code == refusal.code()), "{} has no words", refusal.code());
        }
    }
}
