//! `pass demo --tls`: a small CA and a leaf for `localhost`, made at start and kept under the data folder.
//!
//! Two certificates, because rustls refuses a CA certificate as a server's own.

use openssl::asn1::Asn1Time;
use openssl::bn::{BigNum, MsbOption};
use openssl::ec::{EcGroup, EcKey};
use openssl::error::ErrorStack;
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::{PKey, Private};
use openssl::x509::extension::{BasicConstraints, ExtendedKeyUsage, KeyUsage, SubjectAlternativeName};
use openssl::x509::{X509, X509Builder, X509Name, X509NameBuilder};
use pass_core::Fault;
use std::path::{Path, PathBuf};

/// Files of the demo's TLS.
pub struct TlsFiles {
    /// The CA certificate that browsers and relying parties of the demo trust.
    pub ca: PathBuf,
    /// The server's chain, PEM.
    pub chain: PathBuf,
    /// The server's key, PEM.
    pub key: PathBuf,
}

/// Opens the files, or makes them.
pub fn open_or_make(folder: &Path) -> Result<TlsFiles, Fault> {
    let files =
        TlsFiles { ca: folder.join("tls-ca.crt"), chain: folder.join("tls-chain.crt"), key: folder.join("tls.key") };
    if !files.key.exists() {
        make(&files).map_err(|error| Fault::because("make the demo's TLS certificates", error))?;
    }
    Ok(files)
}

fn make(files: &TlsFiles) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let (ca_key, leaf_key) = (key()?, key()?);
    let ca = ca(&ca_key)?;
    let leaf = leaf(&ca, &ca_key, &leaf_key)?;
    std::fs::write(&files.ca, ca.to_pem()?)?;
    std::fs::write(&files.chain, [leaf.to_pem()?, ca.to_pem()?].concat())?;
    std::fs::write(&files.key, leaf_key.private_key_to_pem_pkcs8()?)?;
    Ok(())
}

fn key() -> Result<PKey<Private>, ErrorStack> {
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
    draft.set_not_after(&*Asn1Time::days_from_now(365)?)?;
    Ok(draft)
}

fn ca(key: &PKey<Private>) -> Result<X509, ErrorStack> {
    let subject = name("PASS demo CA")?;
    let mut draft = draft(&subject, &subject, key)?;
    draft.append_extension(BasicConstraints::new().critical().ca().pathlen(0).build()?)?;
    draft.append_extension(KeyUsage::new().critical().key_cert_sign().crl_sign().build()?)?;
    draft.sign(key, MessageDigest::sha256())?;
    Ok(draft.build())
}

fn leaf(ca: &X509, ca_key: &PKey<Private>, key: &PKey<Private>) -> Result<X509, ErrorStack> {
    let issuer = name("PASS demo CA")?;
    let mut draft = draft(&name("localhost")?, &issuer, key)?;
    draft.append_extension(BasicConstraints::new().critical().build()?)?;
    draft.append_extension(KeyUsage::new().critical().digital_signature().build()?)?;
    draft.append_extension(ExtendedKeyUsage::new().server_auth().build()?)?;
    let names = SubjectAlternativeName::new()
        .dns("localhost")
        .ip("127.0.0.1")
        .ip("::1")
        .build(&draft.x509v3_context(Some(ca), None))?;
    draft.append_extension(names)?;
    draft.sign(ca_key, MessageDigest::sha256())?;
    Ok(draft.build())
}

/// What the server needs for TLS.
pub fn server_config(files: &TlsFiles) -> Result<rustls::ServerConfig, Fault> {
    use rustls::pki_types::pem::PemObject;
    use rustls::pki_types::{CertificateDer, PrivateKeyDer};
    let broken = |error: rustls::pki_types::pem::Error| Fault::because("read the demo's TLS files", error);
    let chain =
        CertificateDer::pem_file_iter(&files.chain).map_err(broken)?.collect::<Result<Vec<_>, _>>().map_err(broken)?;
    let key = PrivateKeyDer::from_pem_file(&files.key).map_err(broken)?;
    rustls::ServerConfig::builder_with_provider(std::sync::Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| Fault::because("prepare TLS", error))?
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .map_err(|error| Fault::because("prepare TLS", error))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wiring::{GuardedHttp, OutgoingRules};
    use actix_web::{App, HttpResponse, HttpServer, web};
    use pass_core::ports::Outgoing as _;

    #[actix_web::test]
    async fn a_relying_party_with_a_ca_of_its_own_is_reached_where_that_ca_is_trusted() {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let folder = tempfile::tempdir().unwrap();
        let files = open_or_make(folder.path()).unwrap();
        let routes = || {
            let moved = || HttpResponse::Found().insert_header(("location", "/out")).finish();
            App::new()
                .route("/out", web::post().to(|body: String| async { HttpResponse::Ok().body(body) }))
                .route("/moved", web::post().to(move || async move { moved() }))
        };
        let server = HttpServer::new(routes).workers(1).disable_signals();
        let server = server.bind_rustls_0_23("127.0.0.1:0", server_config(&files).unwrap()).unwrap();
        let port = server.addrs()[0].port();
        actix_web::rt::spawn(server.run());
        let rules = |trust| OutgoingRules { danger_allow_loopback: true, trust, ..OutgoingRules::default() };
        let (trusting, other) = (rules(vec![files.ca.clone()]), rules(Vec::new()));
        let at = |path: &str| format!("https://localhost:{port}{path}");
        let http = GuardedHttp::new(trusting).unwrap();
        assert_eq!(http.post_form(&at("/out"), &[("logout_token", "a")]).await.unwrap(), 200);
        // Not followed.
        assert_eq!(http.post_form(&at("/moved"), &[]).await.unwrap(), 302);
        assert!(GuardedHttp::new(other).unwrap().post_form(&at("/out"), &[]).await.is_err());
        // Outside the demo the loopback is closed, unless the operator opened this very host.
        let closed = OutgoingRules { trust: vec![files.ca.clone()], ..OutgoingRules::default() };
        assert!(GuardedHttp::new(closed.clone()).unwrap().post_form(&at("/out"), &[]).await.is_err());
        let opened = OutgoingRules { allow: vec![format!("localhost:{port}").parse().unwrap()], ..closed };
        assert_eq!(GuardedHttp::new(opened).unwrap().post_form(&at("/out"), &[]).await.unwrap(), 200);
    }
}
