//! Municipality of an address.

use crate::time::Day;

/// What an address says about the municipality.
pub enum Residence {
    /// One municipality.
    Resolved(Resolved),
    /// Several could be meant.
    Ambiguous(Vec<Resolved>),
    /// None was found.
    Unknown,
}

/// A municipality of the table.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Resolved {
    /// Six digits with check digit.
    pub code: &'static str,
    /// For example 石川県.
    pub prefecture: &'static str,
    /// For example 加賀市.
    pub city: &'static str,
    /// The ward of a designated city.
    pub ward: Option<&'static str>,
}

/// Reads the municipality out of an address as it stood on a day.
pub fn resolve(_address: &str, _on: Day) -> Residence {
    Residence::Unknown
}
