//! A reading of the text application as a proof for the issuer: [`TextReading`] is what is asked, [`TextProof`] what the
//! agent posts, [`verify_text`] makes a [`VerifiedText`] of it.
//!
//! What the issuer sees for itself: the basic four hang, by the chip's signature over the statement, on a chip key that
//! the card's issuer signed under a root of ours. What it cannot see: that these four are those the card's issuer signed
//! (DF33 covers a hash of the 12-digit number, which never leaves the agent). The agent checks that, and the evidence
//! says so: a reading is worth as much as the agent that made it. There is no revocation in this application.

mod proof;
mod reading;
pub(crate) mod record;

pub use proof::{TextProof, VerifiedText, verify_text};
pub use reading::{TEXT_TAG, TextReading};
