//! What a session may do, and for how long it lives.

use super::acr::{self, Acr};
use crate::Time;
use crate::domain::session::Session;
use std::time::Duration;

/// How long sessions live.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lifetimes {
    /// Without use.
    pub idle: Duration,
    /// In all.
    pub absolute: Duration,
}

impl Default for Lifetimes {
    fn default() -> Self {
        Self { idle: Duration::from_secs(3600), absolute: Duration::from_secs(12 * 3600) }
    }
}

/// A face is enrolled soon after a proof of presence, so that a phone left open enrols nobody else's (CAP-65).
pub const FRESH: Duration = Duration::from_secs(15 * 60);

/// An account is closed soon after a sign-in, so that a phone left open gives nobody else's PASS up.
const FRESH_TO_CLOSE: Duration = Duration::from_secs(15 * 60);

/// A new end is written only when it moved by this part of the idle time (five minutes of an hour): use of a session is no write.
const WORTH_WRITING: u32 = 12;

/// An act of the person on the own account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// Add a passkey.
    AddPasskey,
    /// Remove a passkey.
    RemovePasskey,
    /// Change the mail address.
    ChangeMail,
    /// Enrol a face.
    EnrolFace,
    /// See the values that a card proved.
    ReadSealed,
    /// Be proofed with a card. The first proofing of an account has nothing to protect yet; a later one replaces values.
    Proof,
    /// Add somebody to the family, to act for.
    AddFamily,
    /// Close the account: nothing can be undone.
    CloseAccount,
}

impl Act {
    /// All acts.
    pub const ALL: [Self; 8] = [
        Self::AddPasskey,
        Self::RemovePasskey,
        Self::ChangeMail,
        Self::EnrolFace,
        Self::ReadSealed,
        Self::Proof,
        Self::AddFamily,
        Self::CloseAccount,
    ];
}

/// Why an act is not allowed now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotNow {
    /// Sign in at least so strongly first.
    SignIn(Acr),
    /// Sign in so strongly again: the last time was too long ago.
    SignInAgain(Acr),
    /// Prove who you are first.
    Proof,
}

/// When a new session ends by itself.
pub fn expires_at(created: Time, lifetimes: Lifetimes) -> Time {
    created + lifetimes.idle.min(lifetimes.absolute)
}

/// Whether a session still is one.
pub fn alive(session: &Session, now: Time) -> bool {
    session.ended_at.is_none() && now < session.expires_at
}

/// The new end of a session that was just used, when it moved enough to be worth writing.
pub fn extended(session: &Session, now: Time, lifetimes: Lifetimes) -> Option<Time> {
    let end = (now + lifetimes.idle).min(session.created_at + lifetimes.absolute);
    (alive(session, now) && end > session.expires_at && end.since(session.expires_at) >= lifetimes.idle / WORTH_WRITING)
        .then_some(end)
}

/// Whether an act is allowed in this session. `proofed_at`: the proofing of the account's own person, if it has one.
///
/// A session opened by mail alone may do nothing with what a card proved, and nothing that would take over a proofed account
/// (`docs/acr.md`). An account that was never proofed has nothing to protect but itself.
pub fn may(act: Act, session: &Session, proofed_at: Option<Time>, now: Time) -> Result<(), NotNow> {
    let Some(proofed_at) = proofed_at else {
        return if matches!(act, Act::EnrolFace | Act::AddFamily) { Err(NotNow::Proof) } else { Ok(()) };
    };
    let least = if act == Act::ReadSealed { Acr::Aal1 } else { Acr::Aal2 };
    if !holds(session, now, None, least) {
        return Err(NotNow::SignIn(least));
    }
    let signed_in_within = |limit: Duration| holds(session, now, Some(limit.as_secs() as u32), least);
    let fresh = match act {
        Act::EnrolFace => now.since(proofed_at) <= FRESH || signed_in_within(FRESH),
        Act::CloseAccount => signed_in_within(FRESH_TO_CLOSE),
        _ => true,
    };
    if fresh { Ok(()) } else { Err(NotNow::SignInAgain(least)) }
}

fn holds(session: &Session, now: Time, max_age: Option<u32>, least: Acr) -> bool {
    acr::achieved(&session.events, now, max_age).is_some_and(|found| found.acr.satisfies(least))
}

#[cfg(test)]
mod tests;
