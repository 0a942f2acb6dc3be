//! Revocation by asking the issuer's responder (RFC 6960).

use super::http::{AuthorityHttp, Posted};
use super::login_not_checked;
use crate::config::OcspSection;
use crate::wiring::SystemEntropy;
use jpki::certificate::Purpose;
use jpki::revocation::{Asked, OcspQuestion, OcspRules};
use jpki::{Anchors, RevocationData};
use pass_core::ports::{Answer, Revocation};
use pass_core::{Entropy, Fault, Time};
use std::path::PathBuf;
use std::time::Duration;

const MOST: usize = 64 * 1024;
const PATIENCE: Duration = Duration::from_secs(5);

/// Asks the responder about one certificate at a time.
pub struct Responder {
    section: OcspSection,
    anchors: Anchors,
    http: AuthorityHttp,
}

impl Responder {
    /// With the certificates of more CAs.
    pub fn new(section: &OcspSection, anchors: Anchors, trust: &[PathBuf]) -> Result<Self, Fault> {
        Ok(Self { section: section.clone(), anchors, http: AuthorityHttp::new(trust, PATIENCE)? })
    }

    async fn ask(&self, address: &str, asked: Asked<'_>) -> Result<RevocationData, Fault> {
        let mut nonce = [0; 32];
        SystemEntropy.fill(&mut nonce);
        let question = OcspQuestion::new(asked.certificate, asked.purpose, &self.anchors, Some(nonce))
            .map_err(|refusal| Fault::because("ask about a certificate", refusal))?;
        // RFC 6960 A.1: by POST, so that no cache on the way answers.
        let posted = Posted { content_type: "application/ocsp-request", token: None, body: question.to_der().to_vec() };
        let (status, answer) = self.http.post(address, posted, MOST).await?;
        if status != 200 {
            return Err(Fault::new(format!("the responder answers {status}")));
        }
        let rules = OcspRules {
            require_nonce: self.section.require_nonce,
            max_age: self.section.max_age_minutes.map(|minutes| i64::from(minutes) * 60),
        };
        Ok(RevocationData::ocsp(question, answer, rules))
    }
}

impl Revocation for Responder {
    /// A responder does not tell whom else it knows.
    fn of_sign_certificates(&self) -> RevocationData {
        RevocationData::unavailable()
    }

    fn of_login_certificates(&self) -> RevocationData {
        RevocationData::unavailable()
    }

    fn about<'a>(&'a self, asked: Asked<'a>, _: Time) -> Answer<'a, RevocationData> {
        Box::pin(async move {
            let address = match asked.purpose {
                Purpose::Sign => Some(&self.section.url),
                Purpose::Auth => self.section.login_url.as_ref(),
            };
            let Some(address) = address else { return login_not_checked() };
            self.ask(address, asked).await.unwrap_or_else(|fault| {
                tracing::error!(%fault, "the responder cannot be asked");
                RevocationData::unavailable()
            })
        })
    }
}
