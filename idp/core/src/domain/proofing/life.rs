//! The life of a proofing, as two tables: what comes of a card that somebody brings, and what time and issuer do to what a
//! card has proved. Pure: whoever asks brings the facts, and writes what comes of them.

use super::{NewProofing, Proofing, ProofingStatus};
use crate::Time;
use crate::domain::person::ProvenRecord;

/// What is known of the person before the card counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Before {
    /// Nothing was ever proven.
    Nobody,
    /// A proofing holds.
    Valid,
    /// Its certificate has lapsed.
    Lapsed,
    /// Its certificate was revoked.
    Revoked,
}

/// How the card's certificate stands to the one of the proofing that counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Link {
    /// It is the same certificate.
    Same,
    /// Another one, and the platform operator has one id for both.
    Linked,
    /// Another one, and the platform operator has an id for each.
    Apart,
    /// Another one, and nobody says whether it follows the first.
    Unsaid,
}

/// What the certificate says, beside what was proven before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Details {
    /// All four are as they were.
    Equal,
    /// Another address, perhaps another name too.
    Moved,
    /// Another name at the same address.
    Renamed,
    /// Another birth date or sex.
    OtherBirth,
}

/// What comes of a card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Passage {
    /// Somebody is proofed for the first time.
    First,
    /// The same certificate once more.
    Again,
    /// A new certificate of the same person, who lives where they lived.
    Renewed,
    /// A new certificate after a move.
    Moved,
    /// A new certificate after a change of name, or of what the office had wrong.
    Changed,
}

impl Passage {
    /// The word of the audit log.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::First => "first",
            Self::Again => "again",
            Self::Renewed => "renewed",
            Self::Moved => "moved",
            Self::Changed => "changed",
        }
    }
}

/// Why nothing comes of a card, although its proof is good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turned {
    /// It has proofed somebody else here.
    OtherAccount,
    /// It belongs to somebody else than this account.
    OtherPerson,
    /// We were told before that this certificate is revoked, and are told nothing now.
    Revoked,
}

impl Turned {
    /// The code of `docs/card-errors.md`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::OtherAccount => "already_other_account",
            Self::OtherPerson => "other_person",
            Self::Revoked => "revoked",
        }
    }
}

/// The first table: what comes of a card that is nobody else's here.
pub const fn passage(before: Before, link: Link, details: Details) -> Result<Passage, Turned> {
    match (before, link, details) {
        (Before::Nobody, _, _) => Ok(Passage::First),
        (Before::Revoked, Link::Same, _) => Err(Turned::Revoked),
        (_, Link::Same, _) => Ok(Passage::Again),
        // The platform asked J-LIS: two ids are two people, whatever the cards say.
        (_, Link::Apart, _) | (_, Link::Unsaid, Details::OtherBirth) => Err(Turned::OtherPerson),
        // And one id is one person, even where the office corrected a birth date.
        (_, Link::Linked, Details::OtherBirth) => Ok(Passage::Changed),
        (_, Link::Linked | Link::Unsaid, Details::Equal) => Ok(Passage::Renewed),
        (_, Link::Linked | Link::Unsaid, Details::Moved) => Ok(Passage::Moved),
        (_, Link::Linked | Link::Unsaid, Details::Renamed) => Ok(Passage::Changed),
    }
}

/// What happens to a proofing later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// The midnight in Japan after the certificate's last day.
    Lapse,
    /// The issuer revoked the certificate: its holder moved, changed a name, lost the card, or died.
    Revoke,
    /// A newer proofing came.
    Replace,
}

impl ProofingStatus {
    /// The second table: how a proofing stands afterwards; none where nothing changes. Nothing comes back to life.
    pub const fn after(self, event: Event) -> Option<Self> {
        match (self, event) {
            (Self::Valid, Event::Lapse) => Some(Self::Stale),
            (Self::Valid | Self::Stale, Event::Revoke) => Some(Self::Revoked),
            (Self::Valid | Self::Stale, Event::Replace) => Some(Self::Superseded),
            (Self::Stale, Event::Lapse) | (Self::Revoked | Self::Superseded, _) => None,
        }
    }
}

impl Proofing {
    /// Whether its certificate is over: notAfter is the last second that still counts (RFC 5280 4.1.2.5).
    pub const fn lapsed(&self, now: Time) -> bool {
        now.seconds() > self.valid_until.seconds()
    }

    fn before(&self, now: Time) -> Before {
        match self.status {
            ProofingStatus::Revoked => Before::Revoked,
            ProofingStatus::Stale => Before::Lapsed,
            ProofingStatus::Valid | ProofingStatus::Superseded if self.lapsed(now) => Before::Lapsed,
            ProofingStatus::Valid | ProofingStatus::Superseded => Before::Valid,
        }
    }
}

impl NewProofing {
    /// What comes of it for a person of whom `earlier` counts; by the first table.
    pub fn passage(&self, earlier: Option<(&ProvenRecord, &Proofing)>, now: Time) -> Result<Passage, Turned> {
        let Some((record, proofing)) = earlier else {
            return passage(Before::Nobody, Link::Unsaid, Details::Equal);
        };
        passage(proofing.before(now), self.link(proofing), self.details(record))
    }

    fn link(&self, earlier: &Proofing) -> Link {
        if self.proofing.keyed_serial == earlier.keyed_serial {
            return Link::Same;
        }
        match (self.proofing.keyed_applicant, earlier.keyed_applicant) {
            (Some(one), Some(other)) if one == other => Link::Linked,
            (Some(_), Some(_)) => Link::Apart,
            _ => Link::Unsaid,
        }
    }

    fn details(&self, earlier: &ProvenRecord) -> Details {
        if !self.record.may_be_same_person(earlier) {
            Details::OtherBirth
        } else if self.record.address != earlier.address {
            Details::Moved
        } else if self.record.name != earlier.name {
            Details::Renamed
        } else {
            Details::Equal
        }
    }
}

#[cfg(test)]
mod tests;
