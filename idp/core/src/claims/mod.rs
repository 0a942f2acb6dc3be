//! What PASS says about a person, in which words, and to whom.

mod catalogue;

pub use catalogue::{Claim, Group};
