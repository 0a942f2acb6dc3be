//! A stand-in for a platform operator, labelled as such: it decrypts, checks the signature and keeps who is registered, as the
//! real ones do, and knows of J-LIS only what a test tells it. Nobody's card is checked here.

use actix_web::{App, HttpServer, web};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use openssl::pkey_ctx::PkeyCtx;
use openssl::rsa::Rsa;
use openssl::x509::X509;
use pass_core::{Fault, jwe};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::net::TcpListener;
use std::sync::{Arc, Mutex, PoisonError};

/// The stand-in and what it was told.
pub struct PlatformStandIn {
    private_key: Vec<u8>,
    /// The key that certificates are encrypted for, PEM.
    pub public_key: Vec<u8>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// Applicant of each certificate that is or was registered, by its serial number.
    applicants: BTreeMap<String, String>,
    /// What J-LIS would say: new serial, and the old one that it follows.
    follows: BTreeMap<String, String>,
    revoked: BTreeSet<String>,
    /// Login certificate to the signature certificate of the same card.
    beside: BTreeMap<String, String>,
}

impl PlatformStandIn {
    /// With a fresh key and nobody registered.
    pub fn new() -> Result<Arc<Self>, Fault> {
        let bad = |error| Fault::because("make the platform stand-in", error);
        let key = Rsa::generate(2048).map_err(bad)?;
        Ok(Arc::new(Self {
            private_key: key.private_key_to_pem().map_err(bad)?,
            public_key: key.public_key_to_pem().map_err(bad)?,
            state: Mutex::default(),
        }))
    }

    /// J-LIS revokes this certificate.
    pub fn revoke(&self, certificate: &[u8]) {
        self.state().revoked.extend(serial(certificate));
    }

    /// J-LIS knows that one certificate was issued after the other, to the same person.
    pub fn follow(&self, new: &[u8], old: &[u8]) {
        self.state().follows.extend(serial(new).zip(serial(old)));
    }

    /// Both certificates are on one card.
    pub fn pair(&self, login: &[u8], sign: &[u8]) {
        self.state().beside.extend(serial(login).zip(serial(sign)));
    }

    /// Answers at this listener until the runtime ends.
    pub fn serve(self: &Arc<Self>, listener: TcpListener) -> Result<(), Fault> {
        let data = web::Data::from(self.clone());
        let server =
            HttpServer::new(move || App::new().app_data(data.clone()).route("/verify/{what}", web::post().to(answer)));
        let server = server.workers(1).disable_signals().listen(listener);
        actix_web::rt::spawn(server.map_err(|error| Fault::because("start the platform stand-in", error))?.run());
        Ok(())
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The status, and the applicant where there is one.
    fn judge(&self, what: &str, asked: &Value) -> (u16, Option<String>) {
        let [certificate, data, signature] = match what {
            "login" => ["encryptedCertificateForUser", "nonceData", "nonceSign"],
            _ => ["encryptedCertificateForSign", "applicantData", "sign"],
        }
        .map(|name| asked[name].as_str().unwrap_or_default());
        let Some(certificate) = self.opened(certificate) else { return (400, None) };
        let Some(serial) = serial(&certificate) else { return (400, None) };
        if !signed(&certificate, data, signature) || self.state().revoked.contains(&serial) {
            return (401, None);
        }
        match what {
            "registration" => self.register(&serial),
            "replacement" => self.replace(&serial),
            "login" => self.log_in(&serial),
            _ => (404, None),
        }
    }

    fn register(&self, serial: &str) -> (u16, Option<String>) {
        let mut state = self.state();
        let before = state.follows.get(serial).and_then(|old| state.applicants.get(old));
        if before.is_some() || state.applicants.contains_key(serial) {
            return (409, None);
        }
        let applicant = format!("STAND-IN-{serial}");
        state.applicants.insert(serial.into(), applicant.clone());
        (200, Some(applicant))
    }

    fn replace(&self, serial: &str) -> (u16, Option<String>) {
        let mut state = self.state();
        let known = state.applicants.get(serial).or_else(|| state.applicants.get(state.follows.get(serial)?)).cloned();
        let Some(applicant) = known else { return (404, None) };
        state.applicants.insert(serial.into(), applicant.clone());
        (200, Some(applicant))
    }

    fn log_in(&self, serial: &str) -> (u16, Option<String>) {
        let state = self.state();
        let Some((sign, applicant)) =
            state.beside.get(serial).and_then(|sign| Some((sign, state.applicants.get(sign)?)))
        else {
            return (404, None);
        };
        if state.revoked.contains(sign) { (410, None) } else { (200, Some(applicant.clone())) }
    }

    fn opened(&self, sealed: &str) -> Option<Vec<u8>> {
        let pem = jwe::open(&self.private_key, sealed).ok()?;
        X509::from_pem(&pem).ok()?.to_der().ok()
    }
}

async fn answer(
    stand_in: web::Data<PlatformStandIn>,
    what: web::Path<String>,
    asked: web::Json<Value>,
) -> actix_web::HttpResponse {
    let (status, applicant) = stand_in.judge(&what, &asked);
    let status =
        actix_web::http::StatusCode::from_u16(status).unwrap_or(actix_web::http::StatusCode::INTERNAL_SERVER_ERROR);
    let mut body = json!({
        "responseInfo": {
            "transactionId": asked["requestInfo"]["transactionId"],
            "recipient": asked["requestInfo"]["sender"],
            "sender": "JPKI",
            "ts": asked["requestInfo"]["ts"],
        },
        "status": { "status": if status.is_success() { "SUCCESS" } else { "FAILED" } },
    });
    if let Some(applicant) = applicant {
        body["applicantId"] = applicant.into();
    }
    actix_web::HttpResponse::build(status).json(body)
}

fn serial(certificate: &[u8]) -> Option<String> {
    let certificate = X509::from_der(certificate).ok()?;
    Some(certificate.serial_number().to_bn().ok()?.to_hex_str().ok()?.to_string())
}

/// A PKCS#1 signature over the digest that was sent.
fn signed(certificate: &[u8], digest: &str, signature: &str) -> bool {
    let digest: Option<Vec<u8>> = (0..digest.len())
        .step_by(2)
        .map(|at| digest.get(at..at + 2).and_then(|pair| u8::from_str_radix(pair, 16).ok()))
        .collect();
    let (Some(digest), Ok(signature)) = (digest, STANDARD.decode(signature)) else { return false };
    let checked = X509::from_der(certificate).and_then(|certificate| certificate.public_key()).and_then(|key| {
        let mut context = PkeyCtx::new(&key)?;
        context.verify_init()?;
        context.set_signature_md(openssl::md::Md::sha256())?;
        context.verify(&digest, &signature)
    });
    checked.unwrap_or(false)
}
