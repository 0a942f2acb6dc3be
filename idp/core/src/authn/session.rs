//! What a session may do, and for how long it lives.

use super::acr::Acr;
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
pub fn extended(_session: &Session, _now: Time, _lifetimes: Lifetimes) -> Option<Time> {
    None
}

/// Whether an act is allowed in this session. `proofed` since when, if the account's person is.
pub fn may(_act: Act, _session: &Session, _proofed: Option<Time>, _now: Time) -> Result<(), NotNow> {
    Ok(())
}
