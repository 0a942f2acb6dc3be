//! The profile of JPKI's certificates: names and extensions as observed on test cards.

use der::{
    Any, Decode,
    asn1::{Ia5StringRef, ObjectIdentifier, OctetString, Utf8StringRef},
};
use openssl::{
    error::ErrorStack,
    hash::MessageDigest,
    nid::Nid,
    pkey::{PKey, Private},
    x509::{X509Name, X509NameBuilder},
};
use x509_cert::{
    ext::pkix::{
        CrlDistributionPoints, SubjectAltName,
        certpolicy::{CertificatePolicies, PolicyInformation, PolicyQualifierInfo},
        crl::dp::DistributionPoint,
        name::{DistributionPointName, GeneralName, OtherName},
    },
    name::Name,
    spki::SubjectPublicKeyInfoOwned,
};

use super::issue::{Holder, IssueError, Order};
use crate::certificate::{AUTH_UNIT, Purpose, SIGN_UNIT, oid};

pub(super) fn authority_name(purpose: Purpose) -> Result<X509Name, ErrorStack> {
    let unit = if purpose == Purpose::Sign { SIGN_UNIT } else { AUTH_UNIT };
    let mut name = X509NameBuilder::new()?;
    name.append_entry_by_nid(Nid::COUNTRYNAME, "JP")?;
    name.append_entry_by_nid(Nid::ORGANIZATIONNAME, "JPKI-TEST")?;
    name.append_entry_by_nid(Nid::ORGANIZATIONALUNITNAME, unit)?;
    name.append_entry_by_nid(Nid::ORGANIZATIONALUNITNAME, "Japan Agency for Local Authority Information Systems")?;
    Ok(name.build())
}

/// The CN ends in the municipality's code, as on cards: why CN never goes into a log.
pub(super) fn subject(order: &Order, holder: &Holder) -> Result<X509Name, ErrorStack> {
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

pub(super) fn key_id(key: &PKey<Private>) -> Result<OctetString, IssueError> {
    // RFC 5280 4.2.1.2 (1): the hash of the key's bits, without the fields around them.
    let spki = SubjectPublicKeyInfoOwned::from_der(&key.public_key_to_der()?)?;
    let digest = openssl::hash::hash(MessageDigest::sha1(), spki.subject_public_key.raw_bytes())?;
    Ok(OctetString::new(&*digest)?)
}

pub(super) fn policies(policy: &'static str) -> Result<CertificatePolicies, IssueError> {
    let cps = PolicyQualifierInfo {
        policy_qualifier_id: ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.2.1"),
        qualifier: Some(Any::encode_from(&Ia5StringRef::new("http://www.jpki.go.jp/cps.html")?)?),
    };
    Ok(CertificatePolicies(vec![PolicyInformation {
        policy_identifier: ObjectIdentifier::new_unwrap(policy),
        policy_qualifiers: Some(vec![cps]),
    }]))
}

pub(super) fn identity(holder: &Holder, name_substitutes: &str) -> Result<SubjectAltName, IssueError> {
    let zeros = |text: &str| "0".repeat(text.chars().count());
    let of_name = if name_substitutes.is_empty() { zeros(&holder.name) } else { name_substitutes.into() };
    let entries = [
        (oid::NAME, holder.name.clone()),
        (oid::BIRTH_DATE, holder.birth_date.clone()),
        (oid::SEX, holder.sex.to_string()),
        (oid::ADDRESS, holder.address.clone()),
        (oid::NAME_SUBSTITUTES, of_name),
        (oid::ADDRESS_SUBSTITUTES, zeros(&holder.address)),
    ];
    let mut names = Vec::new();
    for (type_id, text) in entries {
        let value = Any::encode_from(&Utf8StringRef::new(&text)?)?;
        names.push(GeneralName::OtherName(OtherName { type_id, value }));
    }
    Ok(SubjectAltName(names))
}

pub(super) fn point_name(holder: &Holder) -> Result<GeneralName, IssueError> {
    let name: Name =
        format!("CN={} CRLDP,OU={},OU=CRL Distribution Points,O=JPKI-TEST,C=JP", holder.city, holder.prefecture)
            .parse()?;
    Ok(GeneralName::DirectoryName(name))
}

pub(super) fn distribution_point(holder: &Holder) -> Result<CrlDistributionPoints, IssueError> {
    Ok(CrlDistributionPoints(vec![DistributionPoint {
        distribution_point: Some(DistributionPointName::FullName(vec![point_name(holder)?])),
        reasons: None,
        crl_issuer: None,
    }]))
}
