//! The card's way: a ticket joins browser, account and statement; the agent on the resident's machine signs and posts;
//! the proof counts only when the browser that left comes back (architecture 7.11).
//!
//! No PIN, no password and no card command ever comes here.

mod ask;
pub mod binding;
pub mod come_in;
pub mod dependant;
pub mod ended;
pub mod endpoints;
pub mod guardian;
pub mod keep;
pub(crate) mod overtaken;
pub mod settle;
pub mod ticket;
mod way_back;

use pass_core::jpki::{LoginProof, SignedProof};
use serde::{Deserialize, Serialize};

/// What the agent posted, as it waits sealed in its ticket.
#[derive(Serialize, Deserialize)]
pub(crate) struct Held {
    /// Of the signature key.
    proof: SignedProof,
    /// Of the login key of the same card.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    login: Option<LoginProof>,
}
