//! Why a proof is refused: one variant, one stable code for each reason.
//!
//! What a page says for each code is in `docs/card-errors.md`.

/// A proof that was not accepted. The code is stable; texts for people live in the locale files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[error("{}", self.code())]
#[non_exhaustive]
pub enum Refusal {
    /// The certificate is not well-formed DER, or repeats an extension.
    MalformedCertificate,
    /// The certificate was made for another purpose (an auth certificate given for proofing, or the reverse).
    WrongPurpose,
    /// Issued by nobody we trust.
    ForeignCa,
    /// The certificate's end has passed.
    Expired,
    /// The certificate's beginning has not come.
    NotYetValid,
    /// The issuing root itself is out of its time, or is no CA.
    IssuerUnfit,
    /// Key usage does not allow what was done.
    WrongKeyUsage,
    /// The certificate policy is not the one of this purpose.
    WrongPolicy,
    /// The key is neither RSA of 2048 bits or more with e = 65537 nor P-384, or the signature algorithm is unknown.
    WeakKey,
    /// Revoked by its issuer.
    Revoked,
    /// A revocation check is configured, but its data is missing for this issuer, too old, or not genuine.
    RevocationUnknown,
    /// The platform operator knows the person under another card, which this one does not follow.
    AlreadyRegistered,
    /// The signature does not match statement and certificate.
    BadSignature,
    /// What was signed is not an enrolment statement of this issuer's kind.
    ForeignStatement,
    /// What was signed is not what the person was asked to sign.
    AlteredStatement,
    /// What was signed belongs to another ticket, or was used before.
    ReplayedNonce,
    /// Name, birth date, sex or address in the certificate are missing or contradict themselves.
    UnusableIdentity,
    /// A reading of the text application, while the roots of its records are not installed: nothing can be proven by it.
    AnchorUnverified,
}

impl Refusal {
    /// Every refusal, for tables and tests.
    pub const ALL: [Refusal; 18] = [
        Refusal::MalformedCertificate,
        Refusal::WrongPurpose,
        Refusal::ForeignCa,
        Refusal::Expired,
        Refusal::NotYetValid,
        Refusal::IssuerUnfit,
        Refusal::WrongKeyUsage,
        Refusal::WrongPolicy,
        Refusal::WeakKey,
        Refusal::Revoked,
        Refusal::RevocationUnknown,
        Refusal::AlreadyRegistered,
        Refusal::BadSignature,
        Refusal::ForeignStatement,
        Refusal::AlteredStatement,
        Refusal::ReplayedNonce,
        Refusal::UnusableIdentity,
        Refusal::AnchorUnverified,
    ];

    /// The stable code, for locale keys, audit rows and programs.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Refusal::MalformedCertificate => "malformed_certificate",
            Refusal::WrongPurpose => "wrong_purpose",
            Refusal::ForeignCa => "foreign_ca",
            Refusal::Expired => "expired",
            Refusal::NotYetValid => "not_yet_valid",
            Refusal::IssuerUnfit => "issuer_unfit",
            Refusal::WrongKeyUsage => "wrong_key_usage",
            Refusal::WrongPolicy => "wrong_policy",
            Refusal::WeakKey => "weak_key",
            Refusal::Revoked => "revoked",
            Refusal::RevocationUnknown => "revocation_unknown",
            Refusal::AlreadyRegistered => "already_registered",
            Refusal::BadSignature => "bad_signature",
            Refusal::ForeignStatement => "foreign_statement",
            Refusal::AlteredStatement => "altered_statement",
            Refusal::ReplayedNonce => "replayed_nonce",
            Refusal::UnusableIdentity => "unusable_identity",
            Refusal::AnchorUnverified => "anchor_unverified",
        }
    }
}
