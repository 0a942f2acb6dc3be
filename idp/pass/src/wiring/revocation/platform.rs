//! Revocation by asking a platform operator over REST, in the shape that public identity providers for the card use:
//! `/verify/registration`, `/verify/replacement` and `/verify/login`, the certificate in a JWE for the platform alone.
//!
//! The platform is told a digest of what was signed, not the words: where somebody goes is none of its business.

use super::http::{AuthorityHttp, Posted};
use super::login_not_checked;
use crate::config::{PlatformSection, secret_file};
use crate::wiring::SystemEntropy;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jpki::RevocationData;
use jpki::certificate::Purpose;
use jpki::revocation::{Asked, PlatformAnswer};
use openssl::x509::X509;
use pass_core::ports::{Answer, Revocation};
use pass_core::{Entropy, Fault, Time, jwe};
use serde::Deserialize;
use serde_json::json;
use sha2::{Digest, Sha256};
use std::path::PathBuf;
use std::time::Duration;

const MOST: usize = 64 * 1024;
const PATIENCE: Duration = Duration::from_secs(10);

/// Asks a platform operator, which asks J-LIS.
pub struct PlatformOperator {
    base: String,
    sender: String,
    key: Vec<u8>,
    token: Option<String>,
    login: bool,
    http: AuthorityHttp,
}

/// What is read of an answer. The basic four in it are not: they come from the certificate that was checked here.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answered {
    response_info: ResponseInfo,
    applicant_id: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ResponseInfo {
    transaction_id: String,
}

impl PlatformOperator {
    /// Reads the platform's key and our token.
    pub fn new(section: &PlatformSection, trust: &[PathBuf]) -> Result<Self, Fault> {
        let key = std::fs::read(&section.encryption_key)
            .map_err(|error| Fault::because("read card.revocation.encryption_key", error))?;
        jwe::check_key(&key).map_err(|fault| Fault::because("read card.revocation.encryption_key", fault))?;
        Ok(Self {
            base: section.url.trim_end_matches('/').to_owned(),
            sender: section.sender.clone(),
            key,
            token: section.token_file.as_deref().map(secret_file).transpose()?,
            login: section.login,
            http: AuthorityHttp::new(trust, PATIENCE)?,
        })
    }

    /// A first registration; whoever is known there is looked up by the serial that this card's follows.
    async fn ask(&self, asked: Asked<'_>, now: Time) -> Result<PlatformAnswer, Fault> {
        match asked.purpose {
            Purpose::Auth => self.call("login", asked, now).await,
            Purpose::Sign => match self.call("registration", asked, now).await? {
                PlatformAnswer::Duplicate => match self.call("replacement", asked, now).await? {
                    PlatformAnswer::Unknown => Ok(PlatformAnswer::Duplicate),
                    other => Ok(other),
                },
                other => Ok(other),
            },
        }
    }

    async fn call(&self, what: &str, asked: Asked<'_>, now: Time) -> Result<PlatformAnswer, Fault> {
        let mut random = [0; 16];
        SystemEntropy.fill(&mut random);
        let transaction = pass_core::id::hex(&random);
        let body = serde_json::to_vec(&self.body(&transaction, asked, now)?)
            .map_err(|error| Fault::because("write a question to the platform", error))?;
        let posted = Posted { content_type: "application/json", token: self.token.as_deref(), body };
        let (status, answer) = self.http.post(&format!("{}/verify/{what}", self.base), posted, MOST).await?;
        let answered: Answered =
            serde_json::from_slice(&answer).map_err(|_| Fault::new(format!("the platform answers {status}")))?;
        // An answer to somebody else's question says nothing about this one.
        if answered.response_info.transaction_id != transaction {
            return Err(Fault::new("the platform answers another question"));
        }
        match (status, answered.applicant_id) {
            (200, Some(applicant)) if !applicant.is_empty() => Ok(PlatformAnswer::Good { applicant }),
            (401, _) => Ok(PlatformAnswer::Refused),
            (404, _) => Ok(PlatformAnswer::Unknown),
            (409, _) => Ok(PlatformAnswer::Duplicate),
            (410, _) => Ok(PlatformAnswer::Gone),
            _ => Err(Fault::new(format!("the platform answers {status}"))),
        }
    }

    fn body(&self, transaction: &str, asked: Asked<'_>, now: Time) -> Result<serde_json::Value, Fault> {
        let digest = pass_core::id::hex(&Sha256::digest(asked.statement));
        let signature = STANDARD.encode(asked.signature);
        let sealed = self.sealed(asked.certificate)?;
        let info = json!({ "transactionId": transaction, "recipient": "JPKI", "sender": self.sender, "ts": now.iso() });
        Ok(match asked.purpose {
            Purpose::Sign => json!({
                "requestInfo": info, "encryptedCertificateForSign": sealed, "applicantData": digest, "sign": signature,
            }),
            Purpose::Auth => json!({
                "requestInfo": info, "encryptedCertificateForUser": sealed, "nonceData": digest, "nonceSign": signature,
            }),
        })
    }

    /// The certificate as PEM in a compact JWE.
    fn sealed(&self, certificate: &[u8]) -> Result<String, Fault> {
        let unreadable = |error| Fault::because("write a certificate", error);
        let pem = X509::from_der(certificate).and_then(|certificate| certificate.to_pem()).map_err(unreadable)?;
        jwe::seal(&self.key, &pem)
    }
}

impl Revocation for PlatformOperator {
    /// A platform does not tell whom else it knows.
    fn of_sign_certificates(&self) -> RevocationData {
        RevocationData::unavailable()
    }

    fn of_login_certificates(&self) -> RevocationData {
        RevocationData::unavailable()
    }

    fn about<'a>(&'a self, asked: Asked<'a>, now: Time) -> Answer<'a, RevocationData> {
        Box::pin(async move {
            if asked.purpose == Purpose::Auth && !self.login {
                return login_not_checked();
            }
            match self.ask(asked, now).await {
                Ok(answer) => RevocationData::platform(answer, now.seconds()),
                Err(fault) => {
                    tracing::error!(%fault, "the platform cannot be asked");
                    RevocationData::unavailable()
                }
            }
        })
    }
}
