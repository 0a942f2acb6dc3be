//! Certificates of the card, read from hostile bytes (RFC 5280 4.1, 4.2; the JPKI profile as observed).
//!
//! Reading never panics and refuses what is not canonical: trailing bytes, a second copy of an extension, a critical
//! extension we do not understand. What a certificate *may be used for* is decided in [`crate::verify()`].

mod identity;
mod key;

use std::{fmt, sync::OnceLock};

use der::{Decode, Encode, Reader, SliceReader, asn1::ObjectIdentifier};
use x509_cert::{
    Certificate as Parsed, Version,
    ext::{
        Extension,
        pkix::{
            AuthorityKeyIdentifier, BasicConstraints, CertificatePolicies, CrlDistributionPoints, ExtendedKeyUsage,
            KeyUsage, SubjectKeyIdentifier, crl::dp::DistributionPoint,
        },
    },
    serial_number::SerialNumber,
};

use crate::{BasicFour, Refusal};
pub(crate) use key::{Algorithm, SoundKey};

pub(crate) mod oid {
    //! The object identifiers of the profile.
    use der::asn1::ObjectIdentifier;

    const fn oid(text: &str) -> ObjectIdentifier {
        ObjectIdentifier::new_unwrap(text)
    }

    pub(crate) const SUBJECT_KEY_ID: ObjectIdentifier = oid("2.5.29.14");
    pub(crate) const KEY_USAGE: ObjectIdentifier = oid("2.5.29.15");
    pub(crate) const SUBJECT_ALT_NAME: ObjectIdentifier = oid("2.5.29.17");
    pub(crate) const BASIC_CONSTRAINTS: ObjectIdentifier = oid("2.5.29.19");
    pub(crate) const CRL_NUMBER: ObjectIdentifier = oid("2.5.29.20");
    pub(crate) const ISSUING_DISTRIBUTION_POINT: ObjectIdentifier = oid("2.5.29.28");
    pub(crate) const CRL_DISTRIBUTION_POINTS: ObjectIdentifier = oid("2.5.29.31");
    pub(crate) const CERTIFICATE_POLICIES: ObjectIdentifier = oid("2.5.29.32");
    pub(crate) const AUTHORITY_KEY_ID: ObjectIdentifier = oid("2.5.29.35");
    pub(crate) const EXTENDED_KEY_USAGE: ObjectIdentifier = oid("2.5.29.37");
    /// RFC 5280 4.2.1.12, id-kp-clientAuth.
    pub(crate) const CLIENT_AUTH: ObjectIdentifier = oid("1.3.6.1.5.5.7.3.2");
    pub(crate) const ORGANIZATIONAL_UNIT: ObjectIdentifier = oid("2.5.4.11");
    pub(crate) const ECDSA_WITH_SHA384: ObjectIdentifier = oid("1.2.840.10045.4.3.3");
    pub(crate) const SHA256_WITH_RSA: ObjectIdentifier = oid("1.2.840.113549.1.1.11");

    /// RFC 3279 2.3.1, rsaEncryption.
    pub(crate) const RSA: ObjectIdentifier = oid("1.2.840.113549.1.1.1");
    /// RFC 5480 2.1.1, id-ecPublicKey.
    pub(crate) const EC: ObjectIdentifier = oid("1.2.840.10045.2.1");
    /// RFC 5480 2.1.1.1, secp384r1.
    pub(crate) const P384: ObjectIdentifier = oid("1.3.132.0.34");

    pub(crate) const SIGN_POLICY: ObjectIdentifier = oid("1.2.392.200149.8.5.1.1.20");
    pub(crate) const SIGN_POLICY_TEST: ObjectIdentifier = oid("1.2.392.200149.8.5.1.0.20");
    pub(crate) const AUTH_POLICY: ObjectIdentifier = oid("1.2.392.200149.8.5.1.3.30");
    pub(crate) const AUTH_POLICY_TEST: ObjectIdentifier = oid("1.2.392.200149.8.5.1.0.30");

    pub(crate) const NAME: ObjectIdentifier = oid("1.2.392.200149.8.5.5.1");
    pub(crate) const NAME_SUBSTITUTES: ObjectIdentifier = oid("1.2.392.200149.8.5.5.2");
    pub(crate) const SEX: ObjectIdentifier = oid("1.2.392.200149.8.5.5.3");
    pub(crate) const BIRTH_DATE: ObjectIdentifier = oid("1.2.392.200149.8.5.5.4");
    pub(crate) const ADDRESS: ObjectIdentifier = oid("1.2.392.200149.8.5.5.5");
    pub(crate) const ADDRESS_SUBSTITUTES: ObjectIdentifier = oid("1.2.392.200149.8.5.5.6");
}

pub(crate) const SIGN_UNIT: &str = "JPKI for digital signature";
pub(crate) const AUTH_UNIT: &str = "JPKI for user authentication";

/// What a certificate of the card was made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// 署名用: digital signature, proofing.
    Sign,
    /// 利用者証明用: login.
    Auth,
}

/// A certificate that was read; nothing about it is believed yet.
pub struct Certificate {
    parsed: Parsed,
    der: Vec<u8>,
    /// Opened once, when it is first needed.
    key: OnceLock<Result<SoundKey, Refusal>>,
}

impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Certificate(redacted)")
    }
}

/// Critical extensions we process; any other critical one refuses the certificate (RFC 5280 4.2).
const UNDERSTOOD: [ObjectIdentifier; 6] = [
    oid::KEY_USAGE,
    oid::BASIC_CONSTRAINTS,
    oid::CERTIFICATE_POLICIES,
    oid::EXTENDED_KEY_USAGE,
    oid::SUBJECT_ALT_NAME,
    oid::CRL_DISTRIBUTION_POINTS,
];

impl Certificate {
    /// Reads canonical DER.
    ///
    /// # Errors
    /// [`Refusal::MalformedCertificate`] for anything else.
    pub fn parse(der: &[u8]) -> Result<Self, Refusal> {
        let malformed = |_| Refusal::MalformedCertificate;
        let parsed = Parsed::from_der(der).map_err(malformed)?;
        // DER has one encoding: what does not come back byte for byte was not DER.
        if parsed.to_der().map_err(malformed)? != der {
            return Err(Refusal::MalformedCertificate);
        }
        let certificate = Self { parsed, der: der.to_vec(), key: OnceLock::new() };
        certificate.check_fields()?;
        certificate.check_extensions()?;
        Ok(certificate)
    }

    fn check_fields(&self) -> Result<(), Refusal> {
        let tbs = self.parsed.tbs_certificate();
        // RFC 5280 4.1.1.2: this field MUST contain the same algorithm identifier as the signed one.
        let agree = tbs.signature() == self.parsed.signature_algorithm();
        // RFC 5280 4.1.2.1: with extensions, version MUST be 3. 4.1.2.2: the serial number MUST be positive.
        let serial = tbs.serial_number().as_bytes();
        let positive = serial.first().is_some_and(|first| *first < 0x80) && serial.iter().any(|byte| *byte != 0);
        if agree && tbs.version() == Version::V3 && positive { Ok(()) } else { Err(Refusal::MalformedCertificate) }
    }

    fn check_extensions(&self) -> Result<(), Refusal> {
        let all = self.extensions();
        for (i, extension) in all.iter().enumerate() {
            // RFC 5280 4.2: no more than one instance of a particular extension.
            let repeated = all[..i].iter().any(|earlier| earlier.extn_id == extension.extn_id);
            if repeated || (extension.critical && !UNDERSTOOD.contains(&extension.extn_id)) {
                return Err(Refusal::MalformedCertificate);
            }
        }
        Ok(())
    }

    fn extensions(&self) -> &[Extension] {
        self.parsed.tbs_certificate().extensions().map_or(&[], Vec::as_slice)
    }

    /// The value of an extension, if it is there and of its type.
    fn extension<'a, T: Decode<'a>>(&'a self, id: ObjectIdentifier) -> Result<Option<T>, Refusal> {
        let Some(found) = self.extensions().iter().find(|extension| extension.extn_id == id) else {
            return Ok(None);
        };
        T::from_der(found.extn_value.as_bytes()).map(Some).map_err(|_| Refusal::MalformedCertificate)
    }

    /// The DER it was read from.
    #[must_use]
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// First and last second of validity, epoch seconds.
    #[must_use]
    pub fn validity(&self) -> (i64, i64) {
        let validity = self.parsed.tbs_certificate().validity();
        let seconds =
            |time: x509_cert::time::Time| i64::try_from(time.to_unix_duration().as_secs()).unwrap_or(i64::MAX);
        (seconds(validity.not_before), seconds(validity.not_after))
    }

    /// What the certificate says it is for: its policy, else its issuer's unit.
    ///
    /// # Errors
    /// The policies cannot be read.
    pub fn purpose(&self) -> Result<Option<Purpose>, Refusal> {
        let policies = self.policies()?;
        let has = |wanted: [ObjectIdentifier; 2]| policies.iter().any(|policy| wanted.contains(policy));
        if has([oid::AUTH_POLICY, oid::AUTH_POLICY_TEST]) || self.issuer_has_unit(AUTH_UNIT) {
            return Ok(Some(Purpose::Auth));
        }
        if has([oid::SIGN_POLICY, oid::SIGN_POLICY_TEST]) || self.issuer_has_unit(SIGN_UNIT) {
            return Ok(Some(Purpose::Sign));
        }
        Ok(None)
    }

    /// The name, birth date, sex and address of a certificate for digital signature.
    ///
    /// # Errors
    /// [`Refusal::UnusableIdentity`] when one is missing or contradicts itself.
    pub fn basic_four(&self) -> Result<BasicFour, Refusal> {
        let names = self.extension(oid::SUBJECT_ALT_NAME)?.ok_or(Refusal::UnusableIdentity)?;
        identity::basic_four(&names)
    }

    pub(crate) fn policies(&self) -> Result<Vec<ObjectIdentifier>, Refusal> {
        let policies = self.extension::<CertificatePolicies>(oid::CERTIFICATE_POLICIES)?;
        Ok(policies.map_or(Vec::new(), |list| list.0.iter().map(|policy| policy.policy_identifier).collect()))
    }

    pub(crate) fn key_usage(&self) -> Result<Option<KeyUsage>, Refusal> {
        self.extension(oid::KEY_USAGE)
    }

    pub(crate) fn extended_key_usage(&self) -> Result<Option<ExtendedKeyUsage>, Refusal> {
        self.extension(oid::EXTENDED_KEY_USAGE)
    }

    pub(crate) fn is_ca(&self) -> Result<bool, Refusal> {
        Ok(self.extension::<BasicConstraints>(oid::BASIC_CONSTRAINTS)?.is_some_and(|c| c.ca))
    }

    pub(crate) fn distribution_points(&self) -> Result<Vec<DistributionPoint>, Refusal> {
        Ok(self.extension::<CrlDistributionPoints>(oid::CRL_DISTRIBUTION_POINTS)?.map_or(Vec::new(), |list| list.0))
    }

    pub(crate) fn subject_key_id(&self) -> Option<Vec<u8>> {
        let id: SubjectKeyIdentifier = self.extension(oid::SUBJECT_KEY_ID).ok()??;
        Some(id.0.as_bytes().to_vec())
    }

    pub(crate) fn authority_key_id(&self) -> Result<Option<Vec<u8>>, Refusal> {
        let id = self.extension::<AuthorityKeyIdentifier>(oid::AUTHORITY_KEY_ID)?;
        Ok(id.and_then(|id| id.key_identifier).map(|id| id.as_bytes().to_vec()))
    }

    pub(crate) fn issuer_der(&self) -> Vec<u8> {
        // A name that was decoded encodes again.
        self.parsed.tbs_certificate().issuer().to_der().unwrap_or_default()
    }

    pub(crate) fn subject_der(&self) -> Vec<u8> {
        self.parsed.tbs_certificate().subject().to_der().unwrap_or_default()
    }

    pub(crate) fn serial(&self) -> &[u8] {
        self.parsed.tbs_certificate().serial_number().as_bytes()
    }

    pub(crate) fn serial_number(&self) -> SerialNumber {
        self.parsed.tbs_certificate().serial_number().clone()
    }

    /// The bits of the key, without tag, length and unused bits: what key identifiers hash.
    pub(crate) fn key_bits(&self) -> Vec<u8> {
        self.parsed.tbs_certificate().subject_public_key_info().subject_public_key.raw_bytes().to_vec()
    }

    /// Whether this key signed the certificate: the bytes as they came, with the algorithm that the certificate names.
    pub(crate) fn signed_with(&self, key: &SoundKey) -> bool {
        let made = self.algorithm().is_ok_and(|algorithm| algorithm == key.algorithm());
        let (Some(signed), Some(signature)) = (self.to_be_signed(), self.parsed.signature().as_bytes()) else {
            return false;
        };
        made && key.verifies(signed, signature)
    }

    /// The first element of the outer sequence, header included (RFC 5280 4.1.1.3).
    fn to_be_signed(&self) -> Option<&[u8]> {
        let mut inside = SliceReader::new(&self.der).ok()?;
        der::Header::decode(&mut inside).ok()?;
        inside.tlv_bytes().ok()
    }

    pub(crate) fn issuer_has_unit(&self, unit: &str) -> bool {
        has_unit(self.parsed.tbs_certificate().issuer(), unit)
    }

    #[cfg(feature = "soft-card")]
    pub(crate) fn subject_has_unit(&self, unit: &str) -> bool {
        has_unit(self.parsed.tbs_certificate().subject(), unit)
    }

    /// The key, if it is of a kind we know and strong enough, and the certificate's own signature is of such a kind too.
    pub(crate) fn sound_key(&self) -> Result<&SoundKey, Refusal> {
        let open = || {
            self.algorithm()?;
            SoundKey::open(self.parsed.tbs_certificate().subject_public_key_info())
        };
        self.key.get_or_init(open).as_ref().map_err(|refusal| *refusal)
    }

    /// How the issuer signed it.
    pub(crate) fn algorithm(&self) -> Result<Algorithm, Refusal> {
        Algorithm::of(self.parsed.signature_algorithm())
    }
}

fn has_unit(name: &x509_cert::name::Name, unit: &str) -> bool {
    name.iter().any(|part| {
        // PrintableString or UTF8String, both plain bytes for these names.
        part.oid == oid::ORGANIZATIONAL_UNIT && part.value.value() == unit.as_bytes()
    })
}
