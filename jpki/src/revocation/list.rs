//! One certificate revocation list (RFC 5280 5 and 6.3). Delta lists and indirect lists are not usable.

use std::sync::{Mutex, PoisonError};

use der::{Decode, Encode, Reader, SliceReader};
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
    der: Vec<u8>,
    signature: Vec<u8>,
    algorithm: Algorithm,
    /// What each root asked so far said of the signature, by its fingerprint. A list of a whole country is megabytes to hash.
    judged: Mutex<Vec<([u8; 32], bool)>>,
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
            der: der.to_vec(),
            signature: parsed.signature.as_bytes()?.to_vec(),
            algorithm,
            judged: Mutex::default(),
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
        self.issuer == issuer.subject() && issuer.signs_lists() && self.judged_by(issuer)
    }

    /// The signature, verified once for each root.
    fn judged_by(&self, issuer: &Root) -> bool {
        let mut judged = self.judged.lock().unwrap_or_else(PoisonError::into_inner);
        let known = judged.iter().find(|(root, _)| *root == issuer.fingerprint());
        if let Some((_, verdict)) = known {
            return *verdict;
        }
        let verdict = issuer.certificate.sound_key().is_ok_and(|key| self.made_with(key));
        judged.push((issuer.fingerprint(), verdict));
        verdict
    }

    fn made_with(&self, key: &SoundKey) -> bool {
        self.algorithm == key.algorithm()
            && self.to_be_signed().is_some_and(|signed| key.verifies(signed, &self.signature))
    }

    /// The first element of the outer sequence, header included (RFC 5280 5.1.1.1), as it came.
    fn to_be_signed(&self) -> Option<&[u8]> {
        let mut inside = SliceReader::new(&self.der).ok()?;
        der::Header::decode(&mut inside).ok()?;
        inside.tlv_bytes().ok()
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

#[cfg(test)]
#[cfg(feature = "soft-card")]
mod tests {
    use super::*;
    use crate::{
        Anchors,
        certificate::Purpose,
        soft::{
            issue::Authority,
            kit::{NOW, family},
        },
    };

    #[test]
    fn cap_05_the_signature_of_a_list_is_verified_once_for_each_root() {
        let family = family();
        let list = List::parse(&family.revocation_list(&["revoked"]).unwrap()).unwrap();
        let judged = |anchors: &Anchors| anchors.trusted_roots().filter(|root| list.signed_by(root)).count();
        // Of the same name, with another key.
        let stranger = Authority::new(Purpose::Sign, 0x00C1_39F0, NOW).unwrap();
        let strangers = Anchors::test(&[stranger.der().unwrap()]).unwrap();
        for _ in 0..3 {
            assert_eq!((judged(&family.anchors()), judged(&strangers)), (1, 0));
        }
        // The root of logins has another name and is not asked.
        assert_eq!(list.judged.lock().unwrap().len(), 2);
    }
}
