//! Whether a certificate still counts: by lists (RFC 5280), by asking the issuer's responder (RFC 6960), or by asking a
//! platform operator. The checklist does not ask anybody itself; it weighs the data that it is given.
//!
//! J-LIS gives its data to registered verifiers only; an installation without them says [`Revocation::NotChecked`] beside
//! every fact. With a method configured, a missing or outdated answer refuses: an outage must not widen trust.

mod list;
mod ocsp;
mod platform;

use std::{fmt, fs, path::Path, sync::Arc};

use openssl::x509::X509Crl;
use serde::Serialize;

#[cfg(feature = "soft-card")]
pub(crate) use ocsp::message as ocsp_message;
pub use ocsp::{OcspQuestion, OcspRules};
pub use platform::PlatformAnswer;

use crate::{
    Anchors, LoginProof, SignedProof,
    anchors::Root,
    certificate::{Certificate, Purpose},
    verify::keyed_serial,
};
use list::List;

/// Who said that a certificate is good.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// A list of the issuer.
    Crl,
    /// The issuer's responder.
    Ocsp,
    /// A platform operator.
    Platform,
}

impl Method {
    /// The word of evidence.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Crl => "crl",
            Self::Ocsp => "ocsp",
            Self::Platform => "platform",
        }
    }
}

/// What the revocation check found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Revocation {
    /// Not revoked, by what was made at `at`.
    Good {
        /// When the list or answer was made, epoch seconds.
        at: i64,
        /// By whom.
        by: Method,
    },
    /// Revoked.
    Revoked,
    /// No check is configured; say so beside every fact it would have covered.
    NotChecked {
        /// The reason, for evidence and operators.
        why: String,
    },
    /// The person is registered there already, under another card that this one does not follow.
    Duplicate,
    /// Nothing usable: unreachable, missing for this issuer, outdated, not genuine, or the certificate is unknown there.
    Stale,
}

/// A list could not be taken.
#[derive(Debug, thiserror::Error)]
pub enum RevocationError {
    /// The folder or a file in it could not be read.
    #[error("cannot read {0}")]
    Unreadable(String),
    /// A file holds no revocation list.
    #[error("{0} holds no revocation list")]
    Malformed(String),
}

/// What a method that asks somebody is told: the certificate, and what its key has signed.
#[derive(Clone, Copy)]
pub struct Asked<'a> {
    /// Which of the card's two certificates.
    pub purpose: Purpose,
    /// The certificate, DER.
    pub certificate: &'a [u8],
    /// What was signed.
    pub statement: &'a [u8],
    /// The signature.
    pub signature: &'a [u8],
}

impl<'a> From<&'a SignedProof> for Asked<'a> {
    fn from(proof: &'a SignedProof) -> Self {
        Self {
            purpose: Purpose::Sign,
            certificate: &proof.sign_certificate.0,
            statement: &proof.statement.0,
            signature: &proof.signature.0,
        }
    }
}

impl<'a> From<&'a LoginProof> for Asked<'a> {
    fn from(proof: &'a LoginProof) -> Self {
        Self {
            purpose: Purpose::Auth,
            certificate: &proof.auth_certificate.0,
            statement: &proof.statement.0,
            signature: &proof.signature.0,
        }
    }
}

/// The revocation data at hand: lists, one answer, or a stated absence.
#[derive(Clone)]
pub struct RevocationData(Known);

#[derive(Clone)]
enum Known {
    /// Nobody is asked, and why.
    Nothing(String),
    /// Somebody should have been asked, and nothing usable came.
    Unavailable,
    Lists(Vec<Arc<List>>, Option<i64>),
    Ocsp(Arc<ocsp::Answered>),
    Platform(PlatformAnswer, i64),
}

/// One list, for `pass doctor` and for choosing between two copies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListInfo {
    /// The root that signed it, unless none of ours did.
    pub root: Option<&'static str>,
    /// When it was made, epoch seconds.
    pub this_update: i64,
    /// When the next one is due.
    pub next_update: Option<i64>,
    /// How many certificates it names.
    pub revoked: usize,
    /// Whether it may be used at that time.
    pub usable: bool,
}

impl fmt::Debug for RevocationData {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Known::Nothing(why) => write!(f, "RevocationData(none: {why})"),
            Known::Unavailable => f.write_str("RevocationData(unavailable)"),
            Known::Lists(lists, _) => write!(f, "RevocationData({} lists)", lists.len()),
            Known::Ocsp(_) => f.write_str("RevocationData(an answer of the responder)"),
            Known::Platform(..) => f.write_str("RevocationData(an answer of the platform)"),
        }
    }
}

impl RevocationData {
    /// No check, and why.
    #[must_use]
    pub fn none(why: &str) -> Self {
        Self(Known::Nothing(why.into()))
    }

    /// A check is configured and could not be done: everything is refused.
    #[must_use]
    pub fn unavailable() -> Self {
        Self(Known::Unavailable)
    }

    /// Lists in DER.
    ///
    /// # Errors
    /// One of them is no revocation list.
    pub fn from_der(lists: &[Vec<u8>]) -> Result<Self, RevocationError> {
        let parsed: Option<Vec<_>> = lists.iter().map(|der| List::parse(der).map(Arc::new)).collect();
        Ok(Self(Known::Lists(parsed.ok_or_else(|| RevocationError::Malformed("the data".into()))?, None)))
    }

    /// Every `.crl` file of the folder, DER or PEM.
    ///
    /// # Errors
    /// An unreadable folder or a file that is no revocation list.
    pub fn load_dir(dir: &Path) -> Result<Self, RevocationError> {
        let unreadable = |path: &Path| RevocationError::Unreadable(path.display().to_string());
        let mut lists = Vec::new();
        for entry in fs::read_dir(dir).map_err(|_| unreadable(dir))? {
            let path = entry.map_err(|_| unreadable(dir))?.path();
            if path.extension().is_none_or(|extension| extension != "crl") {
                continue;
            }
            let bytes = fs::read(&path).map_err(|_| unreadable(&path))?;
            let malformed = || RevocationError::Malformed(path.display().to_string());
            let der = if bytes.starts_with(b"-----") {
                X509Crl::from_pem(&bytes).and_then(|crl| crl.to_der()).map_err(|_| malformed())?
            } else {
                bytes
            };
            lists.push(Arc::new(List::parse(&der).ok_or_else(malformed)?));
        }
        Ok(Self(Known::Lists(lists, None)))
    }

    /// The same lists, but none that was made longer ago than this many seconds, whatever it says of its end.
    #[must_use]
    pub fn at_most_old(self, seconds: i64) -> Self {
        match self.0 {
            Known::Lists(lists, _) => Self(Known::Lists(lists, Some(seconds))),
            other => Self(other),
        }
    }

    /// What a responder answered to a question.
    #[must_use]
    pub fn ocsp(question: OcspQuestion, answer: Vec<u8>, rules: OcspRules) -> Self {
        Self(Known::Ocsp(Arc::new(ocsp::Answered { question, answer, rules })))
    }

    /// What a platform operator answered at that second.
    #[must_use]
    pub fn platform(answer: PlatformAnswer, at: i64) -> Self {
        Self(Known::Platform(answer, at))
    }

    /// The platform's name for the person, which stays when the card is renewed.
    #[must_use]
    pub fn applicant(&self) -> Option<&str> {
        match &self.0 {
            Known::Platform(PlatformAnswer::Good { applicant }, _) => Some(applicant),
            _ => None,
        }
    }

    /// Whether the platform said, beside what it was asked, that the person's signature certificate is revoked.
    #[must_use]
    pub fn sign_revoked(&self) -> bool {
        matches!(self.0, Known::Platform(PlatformAnswer::Gone, _))
    }

    /// The keyed serials ([`crate::Verified::keyed_serial`]) of every certificate that a usable list of a root of ours revokes,
    /// to find proofings that such a certificate made.
    #[must_use]
    pub fn revoked(&self, anchors: &Anchors, key: &[u8], at: i64) -> Vec<[u8; 32]> {
        let Known::Lists(lists, _) = &self.0 else { return Vec::new() };
        let usable = lists.iter().filter(|list| self.current(list, at) && signer(list, anchors).is_some());
        usable.flat_map(|list| list.serials.iter().map(|serial| keyed_serial(key, &list.issuer, serial))).collect()
    }

    /// What there is, for people who keep it fresh.
    #[must_use]
    pub fn lists(&self, anchors: &Anchors, at: i64) -> Vec<ListInfo> {
        let Known::Lists(lists, _) = &self.0 else { return Vec::new() };
        let told = lists.iter().map(|list| {
            let root = signer(list, anchors);
            ListInfo {
                root: root.map(Root::label),
                this_update: list.this_update,
                next_update: list.next_update,
                revoked: list.serials.len(),
                usable: root.is_some() && self.current(list, at),
            }
        });
        told.collect()
    }

    fn current(&self, list: &List, at: i64) -> bool {
        let young = match self.0 {
            Known::Lists(_, Some(seconds)) => at - list.this_update <= seconds,
            _ => true,
        };
        young && list.current(at)
    }

    /// What the data say of the certificate.
    pub(crate) fn status(&self, leaf: &Certificate, issuer: &Root, at: i64) -> Revocation {
        match &self.0 {
            Known::Nothing(why) => Revocation::NotChecked { why: why.clone() },
            Known::Unavailable => Revocation::Stale,
            Known::Lists(lists, _) => self.listed(lists, leaf, issuer, at),
            Known::Ocsp(answered) => answered.status(leaf, issuer, at),
            Known::Platform(answer, made) => answer.status(leaf.purpose().ok().flatten(), *made),
        }
    }

    /// Looks the certificate up in the newest usable list of its issuer.
    fn listed(&self, lists: &[Arc<List>], leaf: &Certificate, issuer: &Root, at: i64) -> Revocation {
        let points = leaf.distribution_points().unwrap_or_default();
        let newest = lists
            .iter()
            .filter(|list| self.current(list, at) && list.covers(&points) && list.signed_by(issuer))
            .max_by_key(|list| list.this_update);
        match newest {
            None => Revocation::Stale,
            Some(list) if list.names(leaf.serial()) => Revocation::Revoked,
            Some(list) => Revocation::Good { at: list.this_update, by: Method::Crl },
        }
    }
}

fn signer<'a>(list: &List, anchors: &'a Anchors) -> Option<&'a Root> {
    anchors.trusted_roots().find(|root| list.signed_by(root))
}
