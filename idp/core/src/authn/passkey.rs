//! Passkeys (WebAuthn Level 3): the one door of `webauthn-rs`.
//!
//! What the library does: challenge, type, relying-party id, signature, user verification, counter, backup flags.
//! What is ours: the exact origin (section 7.1 step 9 and 7.2 step 12), discoverable credentials required, the user handle compared,
//! and what is stored. The library takes its challenges from the operating system's randomness and reads the wall clock for attestation
//! certificates only, which are never asked for; when a ceremony ends is decided by the caller with the caller's clock.
//! Left out: attestation, security keys without user verification, related origins.

mod ceremony;
mod origin;

use crate::domain::session::Method;
use crate::fault::{Fault, Outcome};
use crate::secret::Hash;
use serde_json::Value;

/// The relying party: this issuer.
pub struct Passkeys {
    webauthn: webauthn_rs::Webauthn,
    origin: String,
}

/// Who makes a passkey.
#[derive(Clone, Copy)]
pub struct Holder<'a> {
    /// The 16-byte user handle of the account or staff member: random, never the `sub`.
    pub user_handle: [u8; 16],
    /// The name shown in the passkey list of the device: the mail address, or a name of the account.
    pub name: &'a str,
    /// The passkeys it has (`Credential::public`), so that one device makes only one.
    pub existing: &'a [&'a str],
}

/// A ceremony begun: options for the browser, state for the ceremony row.
pub struct Begun {
    /// JSON for `navigator.credentials`: `{publicKey, mediation?}`, binary members in base64url.
    pub options: Value,
    /// The state as JSON, kept by the server and used once.
    pub state: String,
}

/// A passkey made.
pub struct Made {
    /// What it is found by.
    pub lookup: Hash,
    /// The passkey as JSON for `Credential::public`.
    pub public: String,
    /// The event it makes.
    pub method: Method,
}

/// Which passkey answered, before its signature is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Named {
    /// The user handle it carries; compare it with the account's.
    pub user_handle: [u8; 16],
    /// What its row is found by.
    pub lookup: Hash,
}

/// A passkey that signed in.
#[derive(Debug)]
pub struct SignedIn {
    /// The event it makes.
    pub method: Method,
    /// The passkey with its new counter and backup state, when they changed.
    pub public: Option<String>,
}

/// Why a passkey is not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasskeyRefusal {
    /// The browser's answer, or the state kept for it, cannot be read.
    Malformed,
    /// It was made on another origin.
    Origin,
    /// The device did not verify its user.
    UserVerification,
    /// It does not answer this challenge, or its signature is wrong.
    Mismatch,
    /// The counter went back: the passkey may have been copied.
    Counter,
}

impl PasskeyRefusal {
    /// The code in the audit log and on the error page.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Malformed => "passkey_malformed",
            Self::Origin => "passkey_origin",
            Self::UserVerification => "passkey_user_verification",
            Self::Mismatch => "passkey_mismatch",
            Self::Counter => "passkey_counter",
        }
    }
}

impl Passkeys {
    /// For an issuer's origin, for example `https://pass.kaga.example` or `http://localhost:8080`, and the name devices show for it.
    pub fn new(origin: &str, name: &str) -> Outcome<Self> {
        let url = url::Url::parse(origin).map_err(|error| Fault::because("read the issuer's origin", error))?;
        // WebAuthn 5.1.2: the relying-party id is the host without its port. An IP address has none.
        let id =
            url.domain().ok_or_else(|| Fault::new("set up passkeys: the issuer's host must be a name"))?.to_owned();
        let webauthn = webauthn_rs::WebauthnBuilder::new(&id, &url)
            .and_then(|builder| builder.rp_name(name).build())
            .map_err(|error| Fault::because("set up passkeys", error))?;
        Ok(Self { webauthn, origin: url.origin().ascii_serialization() })
    }
}

#[cfg(test)]
mod tests;
