//! The test PKI: authorities and certificates in the shape of JPKI's own (O=JPKI-TEST), errors to order included.

use der::{
    Any, Encode, Tag,
    asn1::{BitString, Null, ObjectIdentifier},
    flagset::FlagSet,
};
use openssl::{
    asn1::{Asn1Integer, Asn1Object, Asn1OctetString, Asn1Time},
    bn::BigNum,
    error::ErrorStack,
    hash::MessageDigest,
    pkey::{Id, PKey, Private},
    rsa::Rsa,
    sign::Signer,
    x509::{X509, X509Builder, X509CrlBuilder, X509Extension, X509RevokedBuilder},
};
use x509_cert::{
    ext::pkix::{
        AuthorityKeyIdentifier, BasicConstraints, ExtendedKeyUsage, KeyUsage, KeyUsages, SubjectKeyIdentifier,
        crl::dp::IssuingDistributionPoint, name::DistributionPointName,
    },
    spki::AlgorithmIdentifierOwned,
};

use super::profile::{authority_name, distribution_point, identity, key_id, point_name, policies, subject};
use crate::certificate::{Purpose, oid};

/// The test PKI could not be made.
#[derive(Debug, thiserror::Error)]
pub enum IssueError {
    /// OpenSSL refused.
    #[error(transparent)]
    OpenSsl(#[from] ErrorStack),
    /// A structure did not encode.
    #[error(transparent)]
    Der(#[from] der::Error),
}

/// A root of the test PKI.
pub struct Authority {
    pub(crate) key: PKey<Private>,
    pub(crate) certificate: X509,
}

/// The person a certificate is about.
#[derive(Clone)]
pub struct Holder {
    /// Name, parts separated by U+3000.
    pub name: String,
    /// Era digit and YYYYMMDD.
    pub birth_date: String,
    /// Code of the sex.
    pub sex: u8,
    /// Address with full-width block numbers.
    pub address: String,
    /// Romanised prefecture, as in `Ishikawa-ken`.
    pub prefecture: String,
    /// Romanised city, as in `Kaga-shi`.
    pub city: String,
    /// Five-digit code of the issuing municipality.
    pub city_code: String,
}

/// A certificate to be made. The defaults of [`Order::new`] are right; tests spoil one thing each.
#[derive(Clone)]
pub struct Order {
    /// What it is for.
    pub purpose: Purpose,
    /// Its serial number.
    pub serial: u32,
    /// First second, epoch seconds.
    pub not_before: i64,
    /// Last second, epoch seconds.
    pub not_after: i64,
    /// The policy.
    pub policy: &'static str,
    /// Key usage bits.
    pub usage: Vec<KeyUsages>,
    /// Whether extended key usage names clientAuth.
    pub client_auth: bool,
    /// Whether the extension with the holder's identity is there twice.
    pub identity_twice: bool,
    /// Whether it claims to be a CA.
    pub ca: bool,
    /// Flags of replaced characters in the name; empty means none was replaced.
    pub name_substitutes: &'static str,
    /// More extensions.
    pub extra: Vec<Extra>,
}

/// An extension that the profile does not have.
#[derive(Clone)]
pub struct Extra {
    /// Its object identifier.
    pub id: &'static str,
    /// Whether who does not know it must refuse.
    pub critical: bool,
    /// Its value, in DER.
    pub value: Vec<u8>,
}

/// A root to be made. The defaults of [`RootOrder::new`] are right; tests spoil one thing each.
#[derive(Clone)]
pub struct RootOrder {
    /// What it issues.
    pub purpose: Purpose,
    /// Its serial number.
    pub serial: u32,
    /// First second, epoch seconds.
    pub not_before: i64,
    /// Last second, epoch seconds.
    pub not_after: i64,
    /// What basic constraints say; without them the root says nothing of being a CA.
    pub ca: Option<bool>,
    /// Key usage bits; without any there is no such extension.
    pub usage: Vec<KeyUsages>,
}

impl RootOrder {
    /// A right root for that purpose, valid ten years to either side of `now`.
    #[must_use]
    pub fn new(purpose: Purpose, serial: u32, now: i64) -> Self {
        const TEN_YEARS: i64 = 3653 * 86400;
        Self {
            purpose,
            serial,
            not_before: now - TEN_YEARS,
            not_after: now + TEN_YEARS,
            ca: Some(true),
            usage: vec![KeyUsages::KeyCertSign, KeyUsages::CRLSign],
        }
    }
}

impl Order {
    /// A right order for that purpose.
    #[must_use]
    pub fn new(purpose: Purpose, serial: u32, not_before: i64, not_after: i64) -> Self {
        let sign = purpose == Purpose::Sign;
        let usage = if sign {
            vec![KeyUsages::DigitalSignature, KeyUsages::NonRepudiation]
        } else {
            vec![KeyUsages::DigitalSignature]
        };
        Self {
            purpose,
            serial,
            not_before,
            not_after,
            policy: if sign { "1.2.392.200149.8.5.1.0.20" } else { "1.2.392.200149.8.5.1.0.30" },
            usage,
            client_auth: !sign,
            identity_twice: false,
            ca: false,
            extra: Vec::new(),
            name_substitutes: "",
        }
    }
}

/// A fresh RSA key with e = 65537.
///
/// # Errors
/// OpenSSL could not make one.
pub fn new_key(bits: u32) -> Result<PKey<Private>, IssueError> {
    Ok(PKey::from_rsa(Rsa::generate(bits)?)?)
}

impl Authority {
    /// A self-signed root for that purpose, valid ten years to either side of `now`.
    ///
    /// # Errors
    /// OpenSSL could not make it.
    pub fn new(purpose: Purpose, serial: u32, now: i64) -> Result<Self, IssueError> {
        Self::make(&RootOrder::new(purpose, serial, now), new_key(2048)?)
    }

    /// A self-signed root to order over `key`.
    ///
    /// # Errors
    /// OpenSSL could not make it.
    pub fn make(order: &RootOrder, key: PKey<Private>) -> Result<Self, IssueError> {
        let name = authority_name(order.purpose)?;
        let mut builder = begin(order.serial, order.not_before, order.not_after)?;
        builder.set_subject_name(&name)?;
        builder.set_issuer_name(&name)?;
        builder.set_pubkey(&key)?;
        if !order.usage.is_empty() {
            add(&mut builder, oid::KEY_USAGE, true, &KeyUsage(bits(&order.usage)))?;
        }
        if let Some(ca) = order.ca {
            let constraints = BasicConstraints { ca, path_len_constraint: None };
            add(&mut builder, oid::BASIC_CONSTRAINTS, true, &constraints)?;
        }
        add(&mut builder, oid::SUBJECT_KEY_ID, false, &SubjectKeyIdentifier(key_id(&key)?))?;
        builder.sign(&key, digest_for(&key))?;
        Ok(Self { certificate: builder.build(), key })
    }

    /// The root's certificate in DER.
    ///
    /// # Errors
    /// OpenSSL could not encode it.
    pub fn der(&self) -> Result<Vec<u8>, IssueError> {
        Ok(self.certificate.to_der()?)
    }

    /// Signs whatever it is given, and puts it together as certificates, lists and basic answers are: bytes to break readers with.
    ///
    /// # Errors
    /// OpenSSL could not sign.
    pub fn seal(&self, tbs: &[u8]) -> Result<Vec<u8>, IssueError> {
        let mut signer = Signer::new(digest_for(&self.key), &self.key)?;
        let signature = BitString::from_bytes(&signer.sign_oneshot_to_vec(tbs)?)?.to_der()?;
        let algorithm = algorithm_for(&self.key).to_der()?;
        let content = [tbs, &algorithm, &signature].concat();
        Ok(Any::new(Tag::Sequence, content)?.to_der()?)
    }

    /// Issues a certificate over `key`.
    ///
    /// # Errors
    /// OpenSSL could not make it.
    pub fn issue(&self, order: &Order, holder: &Holder, key: &PKey<Private>) -> Result<Vec<u8>, IssueError> {
        let mut builder = begin(order.serial, order.not_before, order.not_after)?;
        builder.set_issuer_name(self.certificate.subject_name())?;
        let subject = subject(order, holder)?;
        builder.set_subject_name(&subject)?;
        builder.set_pubkey(key)?;
        if !order.usage.is_empty() {
            add(&mut builder, oid::KEY_USAGE, true, &KeyUsage(bits(&order.usage)))?;
        }
        if order.client_auth {
            add(&mut builder, oid::EXTENDED_KEY_USAGE, false, &ExtendedKeyUsage(vec![oid::CLIENT_AUTH]))?;
        }
        add(&mut builder, oid::CERTIFICATE_POLICIES, true, &policies(order.policy)?)?;
        if order.purpose == Purpose::Sign {
            let identity = identity(holder, order.name_substitutes)?;
            add(&mut builder, oid::SUBJECT_ALT_NAME, false, &identity)?;
            if order.identity_twice {
                add(&mut builder, oid::SUBJECT_ALT_NAME, false, &identity)?;
            }
        }
        if order.ca {
            add(&mut builder, oid::BASIC_CONSTRAINTS, true, &BasicConstraints { ca: true, path_len_constraint: None })?;
        }
        add(&mut builder, oid::CRL_DISTRIBUTION_POINTS, false, &distribution_point(holder)?)?;
        let authority = AuthorityKeyIdentifier { key_identifier: Some(key_id(&self.key)?), ..Default::default() };
        add(&mut builder, oid::AUTHORITY_KEY_ID, false, &authority)?;
        add(&mut builder, oid::SUBJECT_KEY_ID, false, &SubjectKeyIdentifier(key_id(key)?))?;
        for extra in &order.extra {
            let object = Asn1Object::from_str(extra.id)?;
            let content = Asn1OctetString::new_from_bytes(&extra.value)?;
            builder.append_extension(X509Extension::new_from_der(&object, extra.critical, &content)?)?;
        }
        builder.sign(&self.key, digest_for(&self.key))?;
        Ok(builder.build().to_der()?)
    }

    /// A revocation list that names these serials, for `partition` (a municipality) or for all.
    ///
    /// # Errors
    /// OpenSSL could not make it.
    pub fn revocation_list(
        &self,
        serials: &[u32],
        this_update: i64,
        next_update: i64,
        partition: Option<&Holder>,
    ) -> Result<Vec<u8>, IssueError> {
        let mut builder = X509CrlBuilder::new()?;
        builder.set_issuer_name(self.certificate.subject_name())?;
        let date = Asn1Time::from_unix(this_update)?;
        builder.set_last_update(&date)?;
        builder.set_next_update(Asn1Time::from_unix(next_update)?.as_ref())?;
        for serial in serials {
            let mut revoked = X509RevokedBuilder::new()?;
            revoked.set_serial_number(integer(*serial)?.as_ref())?;
            revoked.set_revocation_date(&date)?;
            builder.add_revoked(revoked.build())?;
        }
        builder.sort()?;
        let authority = AuthorityKeyIdentifier { key_identifier: Some(key_id(&self.key)?), ..Default::default() };
        builder.append_extension(extension(oid::AUTHORITY_KEY_ID, false, &authority)?)?;
        builder.append_extension(extension(oid::CRL_NUMBER, false, &1u32)?)?;
        if let Some(holder) = partition {
            let point = IssuingDistributionPoint {
                distribution_point: Some(DistributionPointName::FullName(vec![point_name(holder)?])),
                only_contains_user_certs: false,
                only_contains_ca_certs: false,
                only_some_reasons: None,
                indirect_crl: false,
                only_contains_attribute_certs: false,
            };
            builder.append_extension(extension(oid::ISSUING_DISTRIBUTION_POINT, true, &point)?)?;
        }
        builder.sign(&self.key, digest_for(&self.key))?;
        Ok(builder.build()?.to_der()?)
    }
}

/// The one digest of the key's kind: SHA-384 beside P-384, SHA-256 beside RSA.
pub(crate) fn digest_for(key: &PKey<Private>) -> MessageDigest {
    if key.id() == Id::EC { MessageDigest::sha384() } else { MessageDigest::sha256() }
}

/// The field that names it.
pub(crate) fn algorithm_for(key: &PKey<Private>) -> AlgorithmIdentifierOwned {
    match key.id() {
        Id::EC => AlgorithmIdentifierOwned { oid: oid::ECDSA_WITH_SHA384, parameters: None },
        _ => AlgorithmIdentifierOwned { oid: oid::SHA256_WITH_RSA, parameters: Some(Null.into()) },
    }
}

fn bits(usage: &[KeyUsages]) -> FlagSet<KeyUsages> {
    usage.iter().fold(FlagSet::default(), |all, one| all | *one)
}

fn begin(serial: u32, not_before: i64, not_after: i64) -> Result<X509Builder, IssueError> {
    let mut builder = X509Builder::new()?;
    builder.set_version(2)?;
    builder.set_serial_number(integer(serial)?.as_ref())?;
    builder.set_not_before(Asn1Time::from_unix(not_before)?.as_ref())?;
    builder.set_not_after(Asn1Time::from_unix(not_after)?.as_ref())?;
    Ok(builder)
}

fn integer(value: u32) -> Result<Asn1Integer, ErrorStack> {
    BigNum::from_u32(value)?.to_asn1_integer()
}

fn extension(id: ObjectIdentifier, critical: bool, value: &impl Encode) -> Result<X509Extension, IssueError> {
    let object = Asn1Object::from_str(&id.to_string())?;
    let content = Asn1OctetString::new_from_bytes(&value.to_der()?)?;
    Ok(X509Extension::new_from_der(&object, critical, &content)?)
}

fn add(builder: &mut X509Builder, id: ObjectIdentifier, critical: bool, value: &impl Encode) -> Result<(), IssueError> {
    Ok(builder.append_extension(extension(id, critical, value)?)?)
}
