//! A certificate for `localhost` from a CA that exists for checks only; its key is thrown away once it has signed.

use std::{
    error::Error,
    fs,
    path::{Path, PathBuf},
};

use openssl::{
    asn1::Asn1Time,
    bn::{BigNum, MsbOption},
    ec::{EcGroup, EcKey},
    error::ErrorStack,
    hash::MessageDigest,
    nid::Nid,
    pkey::{PKey, Private},
    x509::{
        X509, X509Builder, X509Name, X509NameBuilder,
        extension::{BasicConstraints, ExtendedKeyUsage, KeyUsage, SubjectAlternativeName},
    },
};

/// Where the files are, in a folder that the issuer's operator and this check share.
pub struct Files {
    /// The CA, for the issuer to trust.
    pub ca: PathBuf,
    /// The server's certificate and the CA.
    pub chain: PathBuf,
    /// The server's key.
    pub key: PathBuf,
}

impl Files {
    /// Names them.
    #[must_use]
    pub fn at(folder: &Path) -> Self {
        Self { ca: folder.join("ca.crt"), chain: folder.join("server.crt"), key: folder.join("server.key") }
    }

    /// Makes them, if they are not there. `true`: they are new, and no issuer can trust them yet.
    ///
    /// # Errors
    /// OpenSSL refuses, or the folder cannot be written.
    pub fn make(&self) -> Result<bool, Box<dyn Error>> {
        if self.key.exists() {
            return Ok(false);
        }
        if let Some(folder) = self.ca.parent() {
            fs::create_dir_all(folder)?;
        }
        let (ca_key, key) = (new_key()?, new_key()?);
        let issuer = name("CA of a conformance check")?;
        let mut ca = draft(&issuer, &issuer, &ca_key)?;
        ca.append_extension(BasicConstraints::new().critical().ca().pathlen(0).build()?)?;
        ca.append_extension(KeyUsage::new().critical().key_cert_sign().crl_sign().build()?)?;
        ca.sign(&ca_key, MessageDigest::sha256())?;
        let ca = ca.build();
        let mut leaf = draft(&name("localhost")?, &issuer, &key)?;
        leaf.append_extension(BasicConstraints::new().critical().build()?)?;
        leaf.append_extension(ExtendedKeyUsage::new().server_auth().build()?)?;
        let mut names = SubjectAlternativeName::new();
        names.dns("localhost").ip("127.0.0.1");
        leaf.append_extension(names.build(&leaf.x509v3_context(Some(&ca), None))?)?;
        leaf.sign(&ca_key, MessageDigest::sha256())?;
        fs::write(&self.ca, ca.to_pem()?)?;
        fs::write(&self.chain, [leaf.build().to_pem()?, ca.to_pem()?].concat())?;
        fs::write(&self.key, key.private_key_to_pem_pkcs8()?)?;
        Ok(true)
    }
}

fn new_key() -> Result<PKey<Private>, ErrorStack> {
    let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1)?;
    PKey::from_ec_key(EcKey::generate(&group)?)
}

fn name(common: &str) -> Result<X509Name, ErrorStack> {
    let mut name = X509NameBuilder::new()?;
    name.append_entry_by_text("CN", common)?;
    Ok(name.build())
}

fn draft(subject: &X509Name, issuer: &X509Name, key: &PKey<Private>) -> Result<X509Builder, ErrorStack> {
    let mut serial = BigNum::new()?;
    serial.rand(120, MsbOption::ONE, false)?;
    let mut draft = X509::builder()?;
    draft.set_version(2)?;
    draft.set_serial_number(&*serial.to_asn1_integer()?)?;
    draft.set_subject_name(subject)?;
    draft.set_issuer_name(issuer)?;
    draft.set_pubkey(key)?;
    draft.set_not_before(&*Asn1Time::days_from_now(0)?)?;
    draft.set_not_after(&*Asn1Time::days_from_now(90)?)?;
    Ok(draft)
}
