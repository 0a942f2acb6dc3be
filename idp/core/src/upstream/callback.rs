//! What the browser brings back (OpenID Connect Core 3.1.2.5, 3.1.2.6; RFC 9207).

use super::Refusal;

/// What stands in the address that the browser comes back to.
#[derive(Clone, Copy, Default)]
pub struct Callback<'a> {
    /// `state`
    pub state: &'a str,
    /// `code`
    pub code: &'a str,
    /// `error`
    pub error: &'a str,
    /// `iss`
    pub iss: Option<&'a str>,
}

/// What it means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Returned<'a> {
    /// A code to be exchanged.
    Code(&'a str),
    /// Nothing more can come of the visit.
    Refused(Refusal),
}

impl<'a> Callback<'a> {
    /// What it means, after its `state` was found and taken.
    pub fn returned(&self, issuer: &str) -> Returned<'a> {
        // RFC 9207 2.4: before anything else is believed.
        if self.iss.is_some_and(|iss| iss != issuer) {
            return Returned::Refused(Refusal::OtherIssuer);
        }
        match (self.error, self.code) {
            ("access_denied", _) => Returned::Refused(Refusal::Denied),
            ("", code) if !code.is_empty() => Returned::Code(code),
            _ => Returned::Refused(Refusal::Failed),
        }
    }
}
