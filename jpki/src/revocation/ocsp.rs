//! Asking the issuer's responder for one certificate (RFC 6960; RFC 5019 for responders that answer from a store).
//!
//! An answer counts when the issuer itself or a delegate of its own signed it, when it speaks of exactly this
//! certificate, and when it is fresh. Anything else is no answer. Left out: signed requests.

pub(crate) mod message;

use std::fmt;

use der::{
    Decode, Encode,
    asn1::{GeneralizedTime, Null, OctetString, OctetStringRef},
};
use sha1_of::sha1;
use x509_cert::{
    ext::{Extension, Extensions},
    spki::AlgorithmIdentifierOwned,
};

use super::{Method, Revocation};
use crate::{
    Anchors, Refusal,
    anchors::Root,
    certificate::{Algorithm, Certificate, Purpose},
};
use message::{
    BASIC, BasicResponse, CertId, CertStatus, NONCE, OCSP_SIGNING, OcspRequest, OcspResponse, Request, ResponderId,
    ResponseStatus, SHA1, SingleResponse, TbsRequest, Version,
};

/// How far the responder's clock may be ahead of ours, seconds.
const AHEAD: i64 = 60;

/// When an answer is fresh enough.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OcspRules {
    /// Only an answer that repeats our nonce; a responder that answers from a store never does (RFC 5019 4).
    pub require_nonce: bool,
    /// Made at most so many seconds ago, whatever it says of its end.
    pub max_age: Option<i64>,
}

/// A question about one certificate.
#[derive(Clone)]
pub struct OcspQuestion {
    request: Vec<u8>,
    nonce: Option<[u8; 32]>,
}

impl fmt::Debug for OcspQuestion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OcspQuestion(redacted)")
    }
}

impl OcspQuestion {
    /// About a certificate that a root of ours issued. Others are nobody's business to ask for.
    ///
    /// # Errors
    /// It is no certificate, or no root of ours issued it.
    pub fn new(
        certificate: &[u8],
        purpose: Purpose,
        anchors: &Anchors,
        nonce: Option<[u8; 32]>,
    ) -> Result<Self, Refusal> {
        let certificate = Certificate::parse(certificate)?;
        let issuer = anchors.issuer_of(&certificate, purpose)?;
        let malformed = |_| Refusal::MalformedCertificate;
        let request = request(&certificate, issuer, nonce.as_ref()).map_err(malformed)?;
        Ok(Self { request, nonce })
    }

    /// What is posted as `application/ocsp-request`.
    #[must_use]
    pub fn to_der(&self) -> &[u8] {
        &self.request
    }
}

fn request(leaf: &Certificate, issuer: &Root, nonce: Option<&[u8; 32]>) -> der::Result<Vec<u8>> {
    let extensions = match nonce {
        // RFC 9654 2.1: an OCTET STRING within the OCTET STRING of every extension, of 1 to 128 octets, 32 by default.
        Some(nonce) => Some(vec![Extension {
            extn_id: NONCE,
            critical: false,
            extn_value: OctetString::new(OctetStringRef::new(nonce)?.to_der()?)?,
        }]),
        None => None,
    };
    let tbs_request = TbsRequest {
        version: Version::V1,
        request_list: vec![Request { req_cert: cert_id(leaf, issuer)? }],
        request_extensions: extensions,
    };
    OcspRequest { tbs_request }.to_der()
}

/// RFC 5019 2.1.1: clients MUST use SHA-1 here. It names the issuer, whose signature is checked; it protects nothing.
pub(crate) fn cert_id(leaf: &Certificate, issuer: &Root) -> der::Result<CertId> {
    Ok(CertId {
        hash_algorithm: AlgorithmIdentifierOwned { oid: SHA1, parameters: Some(Null.into()) },
        issuer_name_hash: OctetString::new(sha1(&issuer.certificate.subject_der()))?,
        issuer_key_hash: OctetString::new(sha1(&issuer.certificate.key_bits()))?,
        serial_number: leaf.serial_number(),
    })
}

/// An answer beside its question.
pub(super) struct Answered {
    pub(super) question: OcspQuestion,
    pub(super) answer: Vec<u8>,
    pub(super) rules: OcspRules,
}

impl Answered {
    pub(super) fn status(&self, leaf: &Certificate, issuer: &Root, at: i64) -> Revocation {
        self.read(leaf, issuer, at).unwrap_or(Revocation::Stale)
    }

    /// None: no answer to this question that counts.
    fn read(&self, leaf: &Certificate, issuer: &Root, at: i64) -> Option<Revocation> {
        let basic = basic(&self.answer)?;
        let data = &basic.tbs_response_data;
        if !responder_signed(&basic, issuer, at) {
            return None;
        }
        // RFC 6960 4.4: what is critical and unknown must not be ignored; we know the nonce.
        let mut extensions = data.response_extensions.iter().flatten();
        if extensions.any(|extension| extension.critical && extension.extn_id != NONCE) {
            return None;
        }
        let repeated = self.nonce_repeated(data.response_extensions.as_ref())?;
        let wanted = cert_id(leaf, issuer).ok()?;
        let mut about = data.responses.iter().filter(|single| same(&single.cert_id, &wanted));
        // Two answers about one certificate contradict each other, or say it twice: neither helps.
        let (Some(single), None) = (about.next(), about.next()) else { return None };
        if single.single_extensions.iter().flatten().any(|extension| extension.critical) {
            return None;
        }
        let made = fresh(single, repeated, self.rules, at)?;
        match single.cert_status {
            CertStatus::Good(_) => Some(Revocation::Good { at: made, by: Method::Ocsp }),
            CertStatus::Revoked(_) => Some(Revocation::Revoked),
            CertStatus::Unknown(_) => None,
        }
    }

    /// Whether the answer repeats our nonce. None: it has another one, or none where one is required.
    fn nonce_repeated(&self, extensions: Option<&Extensions>) -> Option<bool> {
        let mut nonces = extensions.into_iter().flatten().filter(|extension| extension.extn_id == NONCE);
        match (nonces.next(), nonces.next(), self.question.nonce) {
            (None, None, _) => (!self.rules.require_nonce).then_some(false),
            (Some(found), None, Some(ours)) => {
                let found = <&OctetStringRef>::from_der(found.extn_value.as_bytes()).ok()?;
                (found.as_bytes() == ours).then_some(true)
            }
            _ => None,
        }
    }
}

/// The only kind of answer there is, in canonical DER: its inner bytes are those that were signed.
fn basic(answer: &[u8]) -> Option<BasicResponse> {
    let outer = OcspResponse::from_der(answer).ok()?;
    if outer.response_status != ResponseStatus::Successful {
        return None;
    }
    let bytes = outer.response_bytes.filter(|bytes| bytes.response_type == BASIC)?;
    let basic = BasicResponse::from_der(bytes.response.as_bytes()).ok()?;
    let again = basic.to_der().ok()?;
    (again == bytes.response.as_bytes()).then_some(basic)
}

/// RFC 6960 4.2.2.2: by the issuer's own key, or by a delegate whose certificate the issuer itself made for this.
fn responder_signed(basic: &BasicResponse, issuer: &Root, at: i64) -> bool {
    if names(&basic.tbs_response_data.responder_id, &issuer.certificate) {
        return made_by(basic, &issuer.certificate);
    }
    let delegates = basic.certs.iter().flatten().filter_map(|sent| Certificate::parse(&sent.to_der().ok()?).ok());
    let mut named = delegates.filter(|delegate| names(&basic.tbs_response_data.responder_id, delegate));
    named.any(|delegate| is_delegate(&delegate, issuer, at) && made_by(basic, &delegate))
}

fn names(id: &ResponderId, certificate: &Certificate) -> bool {
    match id {
        ResponderId::ByName(name) => name.to_der().is_ok_and(|name| name == certificate.subject_der()),
        ResponderId::ByKey(hash) => hash.as_bytes() == sha1(&certificate.key_bits()),
    }
}

fn is_delegate(delegate: &Certificate, issuer: &Root, at: i64) -> bool {
    let (from, until) = delegate.validity();
    let made_for_it =
        delegate.extended_key_usage().is_ok_and(|usage| usage.is_some_and(|u| u.0.contains(&OCSP_SIGNING)));
    let may_sign = delegate.key_usage().is_ok_and(|usage| usage.is_none_or(|usage| usage.digital_signature()));
    let plain = delegate.is_ca().is_ok_and(|ca| !ca);
    made_for_it && may_sign && plain && (from..=until).contains(&at) && issuer.issued(delegate)
}

fn made_by(basic: &BasicResponse, responder: &Certificate) -> bool {
    let (Ok(key), Ok(signed)) = (responder.sound_key(), basic.tbs_response_data.to_der()) else { return false };
    let fits = Algorithm::of(&basic.signature_algorithm).is_ok_and(|algorithm| algorithm == key.algorithm());
    fits && basic.signature.as_bytes().is_some_and(|signature| key.verifies(&signed, signature))
}

/// The parameters of SHA-1 are NULL or absent, as responders like (RFC 3370 2.1); all else is equal.
fn same(found: &CertId, wanted: &CertId) -> bool {
    found.hash_algorithm.oid == wanted.hash_algorithm.oid
        && found.hash_algorithm.parameters.as_ref().is_none_or(der::Any::is_null)
        && found.issuer_name_hash == wanted.issuer_name_hash
        && found.issuer_key_hash == wanted.issuer_key_hash
        && found.serial_number == wanted.serial_number
}

/// When it was made, if it may still be believed (RFC 6960 3.2, RFC 5019 4).
fn fresh(single: &SingleResponse, nonce_repeated: bool, rules: OcspRules, at: i64) -> Option<i64> {
    let made = seconds(&single.this_update)?;
    let in_time = match &single.next_update {
        Some(next) => at < seconds(next)?,
        // Newer data are always there: only an answer made for this question is from now.
        None => nonce_repeated,
    };
    let young = rules.max_age.is_none_or(|most| at.saturating_sub(made) <= most);
    (made <= at.saturating_add(AHEAD) && in_time && young).then_some(made)
}

fn seconds(time: &GeneralizedTime) -> Option<i64> {
    i64::try_from(time.to_unix_duration().as_secs()).ok()
}

mod sha1_of {
    //! SHA-1 as a name for keys (RFC 6960 4.1.1).
    use openssl::hash::{MessageDigest, hash};

    /// Empty where this OpenSSL has no SHA-1: it names nothing then.
    pub(super) fn sha1(bytes: &[u8]) -> Vec<u8> {
        hash(MessageDigest::sha1(), bytes).map(|digest| digest.to_vec()).unwrap_or_default()
    }
}

#[cfg(test)]
#[cfg(feature = "soft-card")]
mod tests;
