//! Why a visit to the service came to nothing. Each has a stable code, words of its own in three languages and a row in
//! `docs/card-errors.md`.

macro_rules! refusals {
    ($($(#[$doc:meta])* $name:ident = $code:literal;)*) => {
        /// Why a visit to the service came to nothing.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Refusal { $($(#[$doc])* $name,)* }

        impl Refusal {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The stable code.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            /// By its code.
            pub fn parse(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|refusal| refusal.code() == code)
            }
        }
    };
}

refusals! {
    /// The person said no there (`error=access_denied`).
    Denied = "app_denied";
    /// The service answered another error.
    Failed = "app_failed";
    /// No visit of this `state` is known.
    UnknownState = "app_state_unknown";
    /// The visit came back before.
    UsedState = "app_state_used";
    /// It came back too late.
    ExpiredState = "app_state_expired";
    /// It came back to another browser, interaction or account.
    OtherBrowser = "app_other_browser";
    /// The answer is of another issuer (RFC 9207).
    OtherIssuer = "app_other_issuer";
    /// The service does not answer.
    Unreachable = "app_unreachable";
    /// It did not take the code, or not from us.
    CodeRefused = "app_code_refused";
    /// It does not know us: client id or key are not those it has.
    ClientRefused = "app_client_refused";
    /// Its answer lacks the ID token, or it cannot be read.
    NoIdToken = "app_no_id_token";
    /// The ID token is signed by another algorithm than ES256, or not at all.
    Algorithm = "app_wrong_alg";
    /// The ID token names a key that the service does not publish.
    UnknownKey = "app_unknown_key";
    /// The signature of the ID token does not hold.
    Signature = "app_bad_signature";
    /// The ID token is of another issuer.
    Issuer = "app_wrong_iss";
    /// The ID token is for another client.
    Audience = "app_wrong_aud";
    /// The ID token was issued to another party.
    AuthorizedParty = "app_wrong_azp";
    /// The ID token has expired.
    Expired = "app_expired";
    /// The ID token was issued in the future, or long ago.
    IssuedAt = "app_wrong_iat";
    /// The ID token is of another visit.
    Nonce = "app_wrong_nonce";
    /// The access token is not the one the ID token came with.
    AccessToken = "app_wrong_at_hash";
    /// The service's own check was weaker than `aal2`, or it does not say how strong it was.
    Weak = "app_weak";
    /// Userinfo is about somebody else than the ID token.
    Subject = "app_wrong_sub";
    /// Userinfo lacks one of the four, or it cannot be read.
    Incomplete = "app_incomplete";
    /// Another account was proofed by the same subject.
    OtherAccount = "app_already_other_account";
    /// Somebody born on another day, or of another sex, than whoever was proofed here before.
    OtherPerson = "app_other_person";
    /// No account here was bound to this subject by a proofing.
    NotBound = "app_not_bound";
}
