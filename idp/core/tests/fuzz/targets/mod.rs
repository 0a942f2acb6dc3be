//! Entry points for hostile bytes, and what must hold whatever they are. Used by the bounded run of `cargo test` (`../main.rs`)
//! and by the coverage-guided one (`conformance/fuzz`).

#![allow(dead_code, reason = "each fuzz program runs one target")]

pub mod authorize;
mod city;
pub mod jwt;
pub mod metadata;
pub mod request_object;

/// A target: its name, and what it does with bytes.
pub type Target = (&'static str, fn(&[u8]));

/// All of them.
pub const ALL: [Target; 4] = [
    ("authorize", authorize::run),
    ("request_object", request_object::run),
    ("metadata", metadata::run),
    ("jwt", jwt::run),
];
