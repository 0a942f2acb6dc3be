//! What PASS says about a person, in which words, and to whom.
//!
//! `scopes` turns a request into wanted claims, `value` turns records into claim values (with `residence` and `age`),
//! `release` decides which of them are given, `consent` shows the answer to the person, `verified` says how the card proved it.

mod catalogue;

pub mod age;
pub mod consent;
pub mod release;
pub mod residence;
pub mod scopes;
pub mod value;
pub mod verified;

pub use catalogue::{Claim, Group};
