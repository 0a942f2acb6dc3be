//! The resident's story in one process: real store, real keys, soft cards, real pages; a fixed clock and mail in the outbox.
#![expect(clippy::unwrap_used)]

mod boundaries;
mod card_life;
mod card_login;
mod client_errors;
mod client_keys;
mod closing;
mod encrypted;
mod face_copies;
mod face_family;
mod face_limits;
mod faces;
mod family;
mod flows;
mod front_channel;
mod kiosk;
mod not_kept;
mod notices;
mod own_pages;
mod peer_bugs;
mod proofed_again;
mod references;
mod refusals;
mod registration;
mod request_objects;
mod sessions;
mod sharing;
mod sign_up;
mod test_pass;
mod upstream;
