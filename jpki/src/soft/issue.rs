//! The test PKI: authorities and certificates in the shape of JPKI's own (O=JPKI-TEST), errors to order included.

use der::{
    Any, Encode,
    asn1::{ObjectIdentifier, OctetString, Utf8StringRef},
    flagset::FlagSet,
};
use openssl::{
    asn1::{Asn1Integer, Asn1Object, Asn1OctetString, Asn1Time},
    bn::BigNum,
    error::ErrorStack,
    hash::MessageDigest,
    nid::Nid,
    pkey::{PKey, Private},
    rsa::Rsa,
    x509::{X509, X509Builder, X509CrlBuilder, X509Extension, X509Name, X509NameBuilder, X509RevokedBuilder},
};
use x509_cert::{
    ext::pkix::{
        AuthorityKeyIdentifier, BasicConstraints, CrlDistributionPoints, ExtendedKeyUsage, KeyUsage, KeyUsages,
        SubjectAltName, SubjectKeyIdentifier,
        certpolicy::{CertificatePolicies, PolicyInformation, PolicyQualifierInfo},
        crl::dp::{DistributionPoint, IssuingDistributionPoint},
        name::{DistributionPointName, GeneralName, OtherName},
    },
    name::Name,
};

use crate::certificate::{AUTH_UNIT, Purpose, SIGN_UNIT, oid};

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
        const TEN_YEARS: i64 = 3653 * 86400;
        let key = new_key(2048)?;
        let name = authority_name(purpose)?;
        let mut builder = begin(serial, now - TEN_YEARS, now + TEN_YEARS)?;
        builder.set_subject_name(&name)?;
        builder.set_issuer_name(&name)?;
        builder.set_pubkey(&key)?;
        let usage = KeyUsage(KeyUsages::KeyCertSign | KeyUsages::CRLSign);
        add(&mut builder, oid::KEY_USAGE, true, &usage)?;
        let constraints = BasicConstraints { ca: true, path_len_constraint: None };
        add(&mut builder, oid::BASIC_CONSTRAINTS, true, &constraints)?;
        add(&mut builder, oid::SUBJECT_KEY_ID, false, &SubjectKeyIdentifier(key_id(&key)?))?;
        builder.sign(&key, MessageDigest::sha256())?;
        Ok(Self { certificate: builder.build(), key })
    }

    /// The root's certificate in DER.
    ///
    /// # Errors
    /// OpenSSL could not encode it.
    pub fn der(&self) -> Result<Vec<u8>, IssueError> {
        Ok(self.certificate.to_der()?)
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
        let bits = order.usage.iter().fold(FlagSet::<KeyUsages>::default(), |all, one| all | *one);
        add(&mut builder, oid::KEY_USAGE, true, &KeyUsage(bits))?;
        if order.client_auth {
            add(&mut builder, oid::EXTENDED_KEY_USAGE, false, &ExtendedKeyUsage(vec![oid::CLIENT_AUTH]))?;
        }
        add(&mut builder, oid::CERTIFICATE_POLICIES, true, &policies(order.policy)?)?;
        if order.purpose == Purpose::Sign {
            let identity = identity(holder)?;
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
        builder.sign(&self.key, MessageDigest::sha256())?;
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
        builder.sign(&self.key, MessageDigest::sha256())?;
        Ok(builder.build()?.to_der()?)
    }
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

fn authority_name(purpose: Purpose) -> Result<X509Name, ErrorStack> {
    let unit = if purpose == Purpose::Sign { SIGN_UNIT } else { AUTH_UNIT };
    let mut name = X509NameBuilder::new()?;
    name.append_entry_by_nid(Nid::COUNTRYNAME, "JP")?;
    name.append_entry_by_nid(Nid::ORGANIZATIONNAME, "JPKI-TEST")?;
    name.append_entry_by_nid(Nid::ORGANIZATIONALUNITNAME, unit)?;
    name.append_entry_by_nid(Nid::ORGANIZATIONALUNITNAME, "Japan Agency for Local Authority Information Systems")?;
    Ok(name.build())
}

/// The CN ends in the municipality's code, as on cards: why CN never goes into a log.
fn subject(order: &Order, holder: &Holder) -> Result<X509Name, ErrorStack> {
    let mut name = X509NameBuilder::new()?;
    name.append_entry_by_nid(Nid::COUNTRYNAME, "JP")?;
    if order.purpose == Purpose::Sign {
        name.append_entry_by_nid(Nid::LOCALITYNAME, &holder.prefecture)?;
        name.append_entry_by_nid(Nid::LOCALITYNAME, &holder.city)?;
        let cn = format!("20260401090000{:05}{}003A", order.serial % 100_000, holder.city_code);
        name.append_entry_by_nid(Nid::COMMONNAME, &cn)?;
    } else {
        let cn = format!("{:014X}{}003A", u64::from(order.serial) * 0x9E37_79B9, holder.city_code);
        name.append_entry_by_nid(Nid::COMMONNAME, &cn)?;
    }
    Ok(name.build())
}

fn key_id(key: &PKey<Private>) -> Result<OctetString, IssueError> {
    let digest = openssl::hash::hash(MessageDigest::sha1(), &key.rsa()?.public_key_to_der_pkcs1()?)?;
    Ok(OctetString::new(&*digest)?)
}

fn policies(policy: &'static str) -> Result<CertificatePolicies, IssueError> {
    let cps = PolicyQualifierInfo {
        policy_qualifier_id: ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.2.1"),
        qualifier: Some(Any::encode_from(&der::asn1::Ia5StringRef::new("http://www.jpki.go.jp/cps.html")?)?),
    };
    Ok(CertificatePolicies(vec![PolicyInformation {
        policy_identifier: ObjectIdentifier::new_unwrap(policy),
        policy_qualifiers: Some(vec![cps]),
    }]))
}

fn identity(holder: &Holder) -> Result<SubjectAltName, IssueError> {
    let zeros = |text: &str| "0".repeat(text.chars().count());
    let entries = [
        (oid::NAME, holder.name.clone()),
        (oid::BIRTH_DATE, holder.birth_date.clone()),
        (oid::SEX, holder.sex.to_string()),
        (oid::ADDRESS, holder.address.clone()),
        (oid::NAME_SUBSTITUTES, zeros(&holder.name)),
        (oid::ADDRESS_SUBSTITUTES, zeros(&holder.address)),
    ];
    let mut names = Vec::new();
    for (type_id, text) in entries {
        let value = Any::encode_from(&Utf8StringRef::new(&text)?)?;
        names.push(GeneralName::OtherName(OtherName { type_id, value }));
    }
    Ok(SubjectAltName(names))
}

fn point_name(holder: &Holder) -> Result<GeneralName, IssueError> {
    let name: Name =
        format!("CN={} CRLDP,OU={},OU=CRL Distribution Points,O=JPKI-TEST,C=JP", holder.city, holder.prefecture)
            .parse()?;
    Ok(GeneralName::DirectoryName(name))
}

fn distribution_point(holder: &Holder) -> Result<CrlDistributionPoints, IssueError> {
    Ok(CrlDistributionPoints(vec![DistributionPoint {
        distribution_point: Some(DistributionPointName::FullName(vec![point_name(holder)?])),
        reasons: None,
        crl_issuer: None,
    }]))
}
