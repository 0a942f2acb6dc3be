//! Revocation by certificate revocation lists that the operator installs (RFC 5280 5 and 6.3).
//!
//! J-LIS gives its lists to registered verifiers only; an installation without them says [`Revocation::NotChecked`]
//! beside every fact. With lists configured, a missing or outdated one refuses: forgetting a file must not widen trust.
//! Left out: delta lists, indirect lists, OCSP.

use std::{fmt, fs, path::Path, sync::Arc};

use der::{Decode, Encode};
use openssl::x509::X509Crl;
use serde::Serialize;
use x509_cert::{
    certificate::Rfc5280,
    crl::CertificateList,
    ext::pkix::{
        crl::dp::{DistributionPoint, IssuingDistributionPoint},
        name::DistributionPointName,
    },
};

use crate::{
    Anchors,
    anchors::Root,
    certificate::{Certificate, oid},
    verify::keyed_serial,
};

/// What the revocation check found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Revocation {
    /// Not on the list that was made at `at`.
    Good {
        /// thisUpdate of the list, epoch seconds.
        at: i64,
    },
    /// On the list.
    Revoked,
    /// No check is configured; say so beside every fact it would have covered.
    NotChecked {
        /// The reason, for evidence and operators.
        why: String,
    },
    /// The list is missing for this issuer, outdated, or not genuine.
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

/// The revocation data at hand: lists, or a stated absence.
#[derive(Clone)]
pub struct RevocationData {
    lists: Result<Vec<Arc<List>>, String>,
}

impl fmt::Debug for RevocationData {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.lists {
            Ok(lists) => write!(f, "RevocationData({} lists)", lists.len()),
            Err(why) => write!(f, "RevocationData(none: {why})"),
        }
    }
}

impl RevocationData {
    /// No check, and why.
    #[must_use]
    pub fn none(why: &str) -> Self {
        Self { lists: Err(why.into()) }
    }

    /// Lists in DER.
    ///
    /// # Errors
    /// One of them is no revocation list.
    pub fn from_der(lists: &[Vec<u8>]) -> Result<Self, RevocationError> {
        let parsed: Option<Vec<_>> = lists.iter().map(|der| List::parse(der).map(Arc::new)).collect();
        Ok(Self { lists: Ok(parsed.ok_or_else(|| RevocationError::Malformed("the data".into()))?) })
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
        Ok(Self { lists: Ok(lists) })
    }

    /// The keyed serials ([`crate::Verified::keyed_serial`]) of every certificate that a usable list of a root of ours revokes,
    /// to find proofings that such a certificate made.
    #[must_use]
    pub fn revoked(&self, anchors: &Anchors, key: &[u8], at: i64) -> Vec<[u8; 32]> {
        let lists = self.lists.as_deref().unwrap_or_default();
        let usable =
            lists.iter().filter(|list| list.current(at) && anchors.trusted_roots().any(|root| list.signed_by(root)));
        usable.flat_map(|list| list.serials.iter().map(|serial| keyed_serial(key, &list.issuer, serial))).collect()
    }

    /// Looks the certificate up in the newest usable list of its issuer.
    pub(crate) fn status(&self, leaf: &Certificate, issuer: &Root, at: i64) -> Revocation {
        let lists = match &self.lists {
            Ok(lists) => lists,
            Err(why) => return Revocation::NotChecked { why: why.clone() },
        };
        let points = leaf.distribution_points().unwrap_or_default();
        let newest = lists
            .iter()
            .filter(|list| list.current(at) && list.covers(&points) && list.signed_by(issuer))
            .max_by_key(|list| list.this_update);
        match newest {
            None => Revocation::Stale,
            Some(list) if list.names(leaf.serial()) => Revocation::Revoked,
            Some(list) => Revocation::Good { at: list.this_update },
        }
    }
}

struct List {
    openssl: X509Crl,
    issuer: Vec<u8>,
    this_update: i64,
    next_update: Option<i64>,
    serials: Vec<Vec<u8>>,
    /// None: covers everything its issuer made. Some: only certificates that point at one of these names.
    partition: Option<Vec<Vec<u8>>>,
}

impl List {
    fn parse(der: &[u8]) -> Option<Self> {
        let parsed = CertificateList::<Rfc5280>::from_der(der).ok()?;
        let tbs = parsed.tbs_cert_list;
        let mut partition = None;
        for extension in tbs.crl_extensions.iter().flatten() {
            match extension.extn_id {
                oid::ISSUING_DISTRIBUTION_POINT => {
                    partition = Some(partition_of(extension.extn_value.as_bytes())?);
                }
                oid::CRL_NUMBER | oid::AUTHORITY_KEY_ID => {}
                // RFC 5280 5.2: a list with an unknown critical extension must not be used. Delta lists are among them.
                _ if extension.critical => return None,
                _ => {}
            }
        }
        let seconds = |time: x509_cert::time::Time| i64::try_from(time.to_unix_duration().as_secs()).ok();
        let mut serials: Vec<Vec<u8>> = tbs
            .revoked_certificates
            .iter()
            .flatten()
            .map(|revoked| revoked.serial_number.as_bytes().to_vec())
            .collect();
        serials.sort_unstable();
        Some(Self {
            openssl: X509Crl::from_der(der).ok()?,
            issuer: tbs.issuer.to_der().ok()?,
            this_update: seconds(tbs.this_update)?,
            next_update: tbs.next_update.and_then(seconds),
            serials,
            partition,
        })
    }

    /// A list without an end says nothing about today.
    fn current(&self, at: i64) -> bool {
        self.this_update <= at && self.next_update.is_some_and(|next| at < next)
    }

    /// RFC 5280 6.3.3 (b)(2): a partitioned list speaks only for certificates that name its distribution point.
    fn covers(&self, points: &[DistributionPoint]) -> bool {
        let Some(partition) = &self.partition else {
            return true;
        };
        points
            .iter()
            .filter_map(|point| point.distribution_point.as_ref())
            .flat_map(full_names)
            .any(|name| partition.contains(&name))
    }

    fn signed_by(&self, issuer: &Root) -> bool {
        self.issuer == issuer.certificate.subject_der()
            && issuer.certificate.key_usage().is_ok_and(|usage| usage.is_some_and(|usage| usage.crl_sign()))
            && issuer.certificate.sound_key().is_ok_and(|key| self.openssl.verify(&key).unwrap_or(false))
    }

    fn names(&self, serial: &[u8]) -> bool {
        self.serials.binary_search_by(|known| known.as_slice().cmp(serial)).is_ok()
    }
}

/// The names a partitioned list speaks for. An indirect or reason-limited list is not usable.
fn partition_of(der: &[u8]) -> Option<Vec<Vec<u8>>> {
    let point = IssuingDistributionPoint::from_der(der).ok()?;
    let limited = point.indirect_crl
        || point.only_contains_attribute_certs
        || point.only_contains_ca_certs
        || point.only_some_reasons.is_some();
    if limited {
        return None;
    }
    Some(full_names(point.distribution_point.as_ref()?))
}

fn full_names(point: &DistributionPointName) -> Vec<Vec<u8>> {
    match point {
        DistributionPointName::FullName(names) => names.iter().filter_map(|name| name.to_der().ok()).collect(),
        DistributionPointName::NameRelativeToCRLIssuer(_) => Vec::new(),
    }
}
