//! The software card and its generated test PKI. Never in a release build.
//!
//! Honest where it counts: status words, tries, who may read what, security state, filler after files, records signed by
//! an issuer, true signatures. It answers like a card of 2025 to everything that OpenSC and our sessions ask.
//! Left out: secure messaging of the text application, internal authentication of the common one, random numbers.

mod assets;
mod card;
mod cv;
pub mod family;
mod fault;
mod files;
pub mod issue;
mod kept;
mod keys;
pub mod ocsp;
mod people;
mod profile;
mod reference;
mod sign;
pub mod vpcd;
mod wire;

pub use card::{Quirk, SoftCard};
pub use family::{Family, NamedCard};
pub use fault::{Fault, Trouble};
pub use wire::{Guarded, Scripted};

#[cfg(test)]
pub(crate) mod kit {
    //! A family made once for all tests, with counters and tripwire of its own for each caller.

    use std::sync::OnceLock;

    use tempfile::TempDir;

    use super::Family;

    /// A fixed clock: 2026-04-01T00:00:00Z.
    pub(crate) const NOW: i64 = 1_775_001_600;

    pub(crate) fn family() -> Family {
        static DIR: OnceLock<TempDir> = OnceLock::new();
        let dir = DIR.get_or_init(|| {
            let dir = tempfile::tempdir().unwrap();
            Family::open_or_create(dir.path(), NOW).unwrap();
            dir
        });
        Family::open_or_create(dir.path(), NOW).unwrap()
    }
}
