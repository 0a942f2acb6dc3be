//! HTTP to those who know what is revoked. The operator wrote their addresses into the configuration, and they may lie in the
//! administrative network, so that any address is reached; no redirect, no proxy, bounded answers, short patience.

use crate::wiring::outgoing::builder;
use pass_core::Fault;
use std::path::PathBuf;
use std::time::Duration;

/// Speaks with a source of lists, a responder or a platform.
pub(super) struct AuthorityHttp(reqwest::Client);

/// Something to be posted.
pub(super) struct Posted<'a> {
    pub(super) content_type: &'a str,
    pub(super) token: Option<&'a str>,
    pub(super) body: Vec<u8>,
}

impl AuthorityHttp {
    /// With the certificates of more CAs, and this much patience.
    pub(super) fn new(trust: &[PathBuf], patience: Duration) -> Result<Self, Fault> {
        let built = builder(trust)?.timeout(patience).build();
        Ok(Self(built.map_err(|error| Fault::because("prepare the revocation check", error))?))
    }

    pub(super) async fn get(&self, address: &str, most: usize) -> Result<Vec<u8>, Fault> {
        let answer = self.0.get(address).send().await.and_then(reqwest::Response::error_for_status);
        body(answer.map_err(|error| Fault::because("fetch a revocation list", error))?, most).await
    }

    /// The status of the answer and its body.
    pub(super) async fn post(&self, address: &str, posted: Posted<'_>, most: usize) -> Result<(u16, Vec<u8>), Fault> {
        let mut request = self.0.post(address).header(reqwest::header::CONTENT_TYPE, posted.content_type);
        if let Some(token) = posted.token {
            request = request.bearer_auth(token);
        }
        let answer = request.body(posted.body).send().await;
        let answer = answer.map_err(|error| Fault::because("ask about a certificate", error))?;
        Ok((answer.status().as_u16(), body(answer, most).await?))
    }
}

async fn body(mut answer: reqwest::Response, most: usize) -> Result<Vec<u8>, Fault> {
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(|error| Fault::because("read an answer", error))? {
        if body.len() + chunk.len() > most {
            return Err(Fault::new("an answer about revocation is too large"));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}
