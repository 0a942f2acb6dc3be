//! Answers of a responder (RFC 6960) for the test PKI, errors to order included.

use der::{
    Decode, Encode,
    asn1::{BitString, GeneralizedTime, Null, OctetString, OctetStringRef},
};
use openssl::{
    pkey::{PKey, Private},
    sign::Signer,
};
use std::time::Duration;
use x509_cert::{Certificate as Parsed, ext::Extension};

use super::issue::{Authority, IssueError, algorithm_for, digest_for};
use crate::{
    certificate::Certificate,
    revocation::ocsp_message::{
        BASIC, BasicResponse, CertStatus, NONCE, OcspRequest, OcspResponse, ResponderId, ResponseBytes, ResponseData,
        ResponseStatus, RevokedInfo, SingleResponse, Version,
    },
};

/// What the responder says of the certificate it is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    /// Not revoked.
    Good,
    /// Revoked.
    Revoked,
    /// Never heard of.
    Unknown,
}

/// An answer to be made. The defaults of [`AnswerOrder::new`] are right; tests spoil one thing each.
#[derive(Clone)]
pub struct AnswerOrder {
    /// What it says.
    pub said: Said,
    /// When it was made, epoch seconds.
    pub this_update: i64,
    /// When the next one is due.
    pub next_update: Option<i64>,
    /// Whether it repeats the nonce of the question.
    pub repeat_nonce: bool,
    /// How often it speaks of the certificate.
    pub times: usize,
    /// Whether it names the responder by its key.
    pub by_key: bool,
}

impl AnswerOrder {
    /// A right answer of that second, good for an hour.
    #[must_use]
    pub fn new(said: Said, now: i64) -> Self {
        Self { said, this_update: now, next_update: Some(now + 3600), repeat_nonce: true, times: 1, by_key: true }
    }
}

/// Who signs answers: a certificate and its key.
pub struct Responder<'a> {
    /// Its certificate, DER.
    pub certificate: &'a [u8],
    /// Its key.
    pub key: &'a PKey<Private>,
    /// Whether the certificate is sent along, as a delegate must.
    pub sent: bool,
}

impl Authority {
    /// Answers a request (DER) with the authority's own key.
    ///
    /// # Errors
    /// The request is none, or OpenSSL could not sign.
    pub fn answer(&self, request: &[u8], order: &AnswerOrder) -> Result<Vec<u8>, IssueError> {
        let certificate = self.der()?;
        answer(request, order, &Responder { certificate: &certificate, key: &self.key, sent: false })
    }
}

/// Answers a request (DER).
///
/// # Errors
/// The request is none, or OpenSSL could not sign.
pub fn answer(request: &[u8], order: &AnswerOrder, by: &Responder<'_>) -> Result<Vec<u8>, IssueError> {
    let asked = OcspRequest::from_der(request)?.tbs_request;
    let time = |seconds: i64| GeneralizedTime::from_unix_duration(Duration::from_secs(seconds.unsigned_abs()));
    let certificate = Certificate::parse(by.certificate).map_err(|_| der::ErrorKind::Failed.at(der::Length::ZERO))?;
    let status = match order.said {
        Said::Good => CertStatus::Good(Null),
        Said::Revoked => {
            CertStatus::Revoked(RevokedInfo { revocation_time: time(order.this_update)?, revocation_reason: None })
        }
        Said::Unknown => CertStatus::Unknown(Null),
    };
    let mut responses = Vec::new();
    for request in &asked.request_list {
        for _ in 0..order.times {
            responses.push(SingleResponse {
                cert_id: request.req_cert.clone(),
                cert_status: status,
                this_update: time(order.this_update)?,
                next_update: order.next_update.map(time).transpose()?,
                single_extensions: None,
            });
        }
    }
    let nonce = asked.request_extensions.unwrap_or_default().into_iter().find(|extension| extension.extn_id == NONCE);
    let data = ResponseData {
        version: Version::V1,
        responder_id: if order.by_key {
            let hash = openssl::hash::hash(openssl::hash::MessageDigest::sha1(), &certificate.key_bits())?;
            ResponderId::ByKey(OctetString::new(&*hash)?)
        } else {
            ResponderId::ByName(Decode::from_der(&certificate.subject_der())?)
        },
        produced_at: time(order.this_update)?,
        responses,
        response_extensions: nonce.filter(|_| order.repeat_nonce).map(|nonce| vec![nonce]),
    };
    signed(data, by)
}

/// An answer whose nonce is another one.
///
/// # Errors
/// It could not be encoded.
pub fn other_nonce(request: &[u8]) -> Result<Vec<u8>, IssueError> {
    let mut request = OcspRequest::from_der(request)?;
    let extn_value = OctetString::new(OctetStringRef::new(&[9; 32])?.to_der()?)?;
    request.tbs_request.request_extensions = Some(vec![Extension { extn_id: NONCE, critical: false, extn_value }]);
    Ok(request.to_der()?)
}

/// The basic answer in an answer.
#[must_use]
pub fn unwrapped(answer: &[u8]) -> Option<Vec<u8>> {
    Some(OcspResponse::from_der(answer).ok()?.response_bytes?.response.as_bytes().to_vec())
}

fn signed(data: ResponseData, by: &Responder<'_>) -> Result<Vec<u8>, IssueError> {
    let mut signer = Signer::new(digest_for(by.key), by.key)?;
    let signature = signer.sign_oneshot_to_vec(&data.to_der()?)?;
    let basic = BasicResponse {
        tbs_response_data: data,
        signature_algorithm: algorithm_for(by.key),
        signature: BitString::from_bytes(&signature)?,
        certs: by.sent.then(|| Parsed::from_der(by.certificate).map(|one| vec![one])).transpose()?,
    };
    wrapped(&basic.to_der()?)
}

/// An answer around a basic one, which is what is signed.
///
/// # Errors
/// It is too long to be encoded.
pub fn wrapped(basic: &[u8]) -> Result<Vec<u8>, IssueError> {
    let response = OctetString::new(basic)?;
    let answer = OcspResponse {
        response_status: ResponseStatus::Successful,
        response_bytes: Some(ResponseBytes { response_type: BASIC, response }),
    };
    Ok(answer.to_der()?)
}
