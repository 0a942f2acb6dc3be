//! Authentication context class: how strong a sign-in is.

mod achieved;

pub use crate::domain::acr::Acr;
pub use achieved::{AccountFacts, Achieved, achieved, answering, reachable};

#[cfg(test)]
mod tests;
