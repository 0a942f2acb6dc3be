//! Entry points for what a card, or somebody in its place, answers, and what must hold whatever that is. Used by the
//! bounded run of `cargo test` (`../main.rs`) and by the coverage-guided one (`conformance/fuzz`).

#![allow(dead_code, reason = "each fuzz program runs one target")]

mod acts;
pub mod card;
pub mod certificate;
pub mod crl;
mod edits;
pub mod never;
pub mod ocsp;
pub mod photo;
pub mod spoilt;
pub mod text;

use std::sync::OnceLock;

use jpki::soft::Family;

/// A target: its name, and what it does with bytes.
pub type Target = (&'static str, fn(&[u8]));

/// All of them.
pub const ALL: [Target; 8] = [
    ("card", card::run),
    ("spoilt", spoilt::run),
    ("never", never::run),
    ("text", text::run),
    ("photo", photo::run),
    ("certificate", certificate::run),
    ("crl", crl::run),
    ("ocsp", ocsp::run),
];

/// 2026-04-01T00:00:00Z.
pub const NOW: i64 = 1_775_001_600;

/// One family for the whole run.
pub fn family() -> &'static Family {
    static FAMILY: OnceLock<Family> = OnceLock::new();
    FAMILY.get_or_init(|| {
        let dir = std::env::temp_dir().join(format!("pass-fuzz-cards-{}", std::process::id()));
        let family = Family::open_or_create(&dir, NOW).expect("a family can be made");
        std::fs::remove_dir_all(&dir).expect("its folder can be removed");
        family
    })
}
