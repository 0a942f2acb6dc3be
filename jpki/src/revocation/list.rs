//! One certificate revocation list (RFC 5280 5 and 6.3). Delta lists and indirect lists are not usable.

use der::{Decode, Encode};
use openssl::x509::X509Crl;
use x509_cert::{
    certificate::Rfc5280,
    crl::CertificateList,
    ext::pkix::{
        crl::dp::{DistributionPoint, IssuingDistributionPoint},
        name::DistributionPointName,
    },
};

use crate::{
    anchors::Root,
    certificate::{Algorithm, SoundKey, oid},
};

pub(super) struct List {
    openssl: X509Crl,
    algorithm: Algorithm,
    pub(super) issuer: Vec<u8>,
    pub(super) this_update: i64,
    pub(super) next_update: Option<i64>,
    /// Sorted.
    pub(super) serials: Vec<Vec<u8>>,
    /// None: covers everything its issuer made. Some: only certificates that point at one of these names.
    partition: Option<Vec<Vec<u8>>>,
}

impl List {
    pub(super) fn parse(der: &[u8]) -> Option<Self> {
        let parsed = CertificateList::<Rfc5280>::from_der(der).ok()?;
        let tbs = parsed.tbs_cert_list;
        // RFC 5280 5.1.1.2: both fields name the same algorithm.
        let algorithm =
            Algorithm::of(&parsed.signature_algorithm).ok().filter(|_| tbs.signature == parsed.signature_algorithm)?;
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
        for revoked in tbs.revoked_certificates.iter().flatten() {
            // RFC 5280 5.3: nor one whose entries carry a critical extension nobody here knows, as indirect lists do.
            if revoked.crl_entry_extensions.iter().flatten().any(|extension| extension.critical) {
                return None;
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
            algorithm,
            issuer: tbs.issuer.to_der().ok()?,
            this_update: seconds(tbs.this_update)?,
            next_update: tbs.next_update.and_then(seconds),
            serials,
            partition,
        })
    }

    /// A list without an end says nothing about today.
    pub(super) fn current(&self, at: i64) -> bool {
        self.this_update <= at && self.next_update.is_some_and(|next| at < next)
    }

    /// RFC 5280 6.3.3 (b)(2): a partitioned list speaks only for certificates that name its distribution point.
    pub(super) fn covers(&self, points: &[DistributionPoint]) -> bool {
        let Some(partition) = &self.partition else {
            return true;
        };
        points
            .iter()
            .filter_map(|point| point.distribution_point.as_ref())
            .flat_map(full_names)
            .any(|name| partition.contains(&name))
    }

    pub(super) fn signed_by(&self, issuer: &Root) -> bool {
        self.issuer == issuer.certificate.subject_der()
            && issuer.certificate.key_usage().is_ok_and(|usage| usage.is_some_and(|usage| usage.crl_sign()))
            && issuer.certificate.sound_key().is_ok_and(|key| self.made_with(&key))
    }

    fn made_with(&self, key: &SoundKey) -> bool {
        self.algorithm == key.algorithm() && self.openssl.verify(key.public()).unwrap_or(false)
    }

    pub(super) fn names(&self, serial: &[u8]) -> bool {
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
