//! What the national service (デジタル認証アプリ) says about somebody: read by that service from the card, told to PASS over
//! OpenID Connect, signed by no certificate of the person. Made by `core::upstream` alone, after everything was checked.

use super::person::{Birthdate, Sex};
use crate::Time;
use crate::seal::Key;
use crate::secret::Hash;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Somebody at the service: another subject at each relying party of it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UpstreamSubject {
    pub(crate) issuer: String,
    pub(crate) subject: String,
}

impl UpstreamSubject {
    /// The keyed hash that tables hold instead of the subject.
    pub fn keyed(&self, index: &Key) -> Hash {
        index.mac(&[b"upstream subject", self.issuer.as_bytes(), self.subject.as_bytes()])
    }
}

/// The four items with what the service told about its own check. Kept sealed until the person has seen them; reading it back
/// from its sealed column is the only other way to make one.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attested {
    pub(crate) who: UpstreamSubject,
    pub(crate) name: String,
    pub(crate) address: String,
    pub(crate) birthdate: Birthdate,
    pub(crate) sex: Sex,
    pub(crate) level: Level,
    pub(crate) told_at: Time,
}

impl Attested {
    /// Who it is at the service.
    pub const fn who(&self) -> &UpstreamSubject {
        &self.who
    }

    /// How the service says it knew the person.
    pub const fn level(&self) -> Level {
        self.level
    }
}

/// What the `acr` of the service says: how strong its own check was, and whether the certificate was looked up as revoked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Level {
    /// Its authenticator assurance level, 2 or 3.
    pub aal: u8,
    /// The certificate was checked against revocation data.
    pub revocation: Option<RevocationCheck>,
}

/// Where the service looked a certificate up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RevocationCheck {
    /// In a list.
    Crl,
    /// By asking for its state.
    Ocsp,
}

impl Level {
    /// Reads words such as `aal3 crl`, in any order. Nothing below `aal2` is a check of a person.
    pub fn parse(acr: &str) -> Option<Self> {
        let has = |wanted: &str| acr.split_ascii_whitespace().any(|word| word.eq_ignore_ascii_case(wanted));
        let aal = if has("aal3") {
            3
        } else if has("aal2") {
            2
        } else {
            return None;
        };
        let revocation = match (has("ocsp"), has("crl")) {
            (true, _) => Some(RevocationCheck::Ocsp),
            (false, true) => Some(RevocationCheck::Crl),
            (false, false) => None,
        };
        Some(Self { aal, revocation })
    }
}

macro_rules! redacted {
    ($($name:ident),*) => {$(
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(redacted)"))
            }
        }
    )*};
}
redacted!(UpstreamSubject, Attested);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cap_04_the_words_of_the_acr_are_read_in_any_order() {
        let crl = Some(RevocationCheck::Crl);
        for (acr, level) in [
            ("aal3 crl", Some(Level { aal: 3, revocation: crl })),
            ("crl aal2", Some(Level { aal: 2, revocation: crl })),
            ("AAL3 OCSP", Some(Level { aal: 3, revocation: Some(RevocationCheck::Ocsp) })),
            ("aal2", Some(Level { aal: 2, revocation: None })),
            ("aal1 crl", None),
            ("aal30", None),
            ("", None),
        ] {
            assert_eq!(Level::parse(acr), level, "{acr}");
        }
    }
}
