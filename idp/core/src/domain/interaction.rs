//! Interaction: a pending authorization request and the steps done for it. It expires in minutes.

use super::request::AuthorizationRequest;
use crate::Time;
use crate::id::{ClientId, EventId};
use crate::secret::Hash;
use serde::{Deserialize, Serialize};

/// A pending authorization request.
#[derive(Clone, Debug, PartialEq)]
pub struct Interaction {
    /// Hash of the handle in its address.
    pub hash: Hash,
    /// Hash of the browser's secret: only the browser that began it may go on.
    pub browser: Hash,
    /// What it is for.
    pub errand: Errand,
    /// Steps done.
    pub progress: Progress,
    /// When it began.
    pub created_at: Time,
    /// When it stops working.
    pub expires_at: Time,
}

/// What an interaction is for. The steps are the same for both: only the end differs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Errand {
    /// A relying party asked.
    Authorization {
        /// Which client.
        client: ClientId,
        /// The request as validated.
        request: Box<AuthorizationRequest>,
    },
    /// The resident came to PASS's own pages.
    Own {
        /// What for.
        wants: OwnErrand,
        /// The page to go to when it is done: a path below `/me`.
        back: String,
    },
}

/// What a resident wants at PASS's own pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OwnErrand {
    /// See the own pages.
    Home,
    /// Do something that needs a passkey or card: add a passkey, see values, enrol a face.
    Protected,
    /// Enrol a face: a passkey or card just now.
    Face,
    /// Be proofed with the card.
    Proof,
    /// Give PASS up: a passkey or card just now.
    Close,
}

/// Steps done for one request.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Progress {
    /// Authentication events made for this request: they answer `prompt=login` and `max_age`.
    pub events: Vec<EventId>,
    /// The person registers: pages show the steps of a first registration.
    pub sign_up: bool,
    /// The person declined a stronger sign-in; it is not asked again for this request.
    pub step_up_declined: bool,
    /// The person declined to be proofed now; claims that need it stay out.
    pub proof_declined: bool,
    /// Hash of the card ticket, or of the visit to the national service, whose proof came back to this browser and waits for the person's word: keep it or not.
    pub read: Option<Hash>,
    /// The card was read for this request, and what it said is kept.
    pub proofed: Option<crate::id::ProofingId>,
    /// The consent page was answered for this request: answers `prompt=consent`.
    pub consent: Option<crate::id::ConsentId>,
}
