//! Passkeys: the one door of `webauthn-rs`.
//!
//! What the library does: challenge, signature, relying-party id hash, user verification, counter, backup flags. What is ours: exact
//! origin, discoverable credentials required, and what is stored. It reads the thread's randomness for challenges and the wall clock
//! for attestation certificates only (none are asked for); the expiry of a ceremony is the caller's, with the caller's clock.

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
    /// The 16-byte user handle of the account.
    pub user_handle: [u8; 16],
    /// The name shown in the passkey list of the device: the mail address, or a name of the account.
    pub name: &'a str,
    /// The passkeys the account has (`Credential::public`), so that one device makes only one.
    pub existing: &'a [&'a str],
}

/// A ceremony begun: options for the browser, state for the ceremony row.
pub struct Begun {
    /// JSON for `navigator.credentials`.
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
    /// The user handle it carries.
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
    /// The browser's answer cannot be read.
    Malformed,
    /// It was made on another origin.
    Origin,
    /// The device did not verify its user.
    UserVerification,
    /// It does not answer this challenge, or its signature is wrong.
    Mismatch,
    /// The counter went back: the passkey may have been copied.
    Counter,
    /// This device has a passkey of this account already.
    Known,
}

impl Passkeys {
    /// For an issuer's origin, for example `https://pass.kaga.example` or `http://localhost:8080`.
    pub fn new(origin: &str, name: &str) -> Outcome<Self> {
        let url = url::Url::parse(origin).map_err(|error| Fault::because("read the issuer's origin", error))?;
        let id = url.host_str().unwrap_or_default().to_owned();
        let webauthn = webauthn_rs::WebauthnBuilder::new(&id, &url)
            .and_then(|builder| builder.rp_name(name).build())
            .map_err(|error| Fault::because("set up passkeys", error))?;
        Ok(Self { webauthn, origin: url.origin().ascii_serialization() })
    }

    /// Begins to make a passkey.
    pub fn begin_registration(&self, _holder: &Holder<'_>) -> Outcome<Begun> {
        let _ = (&self.webauthn, &self.origin);
        unimplemented!()
    }

    /// Ends it.
    pub fn finish_registration(&self, _state: &str, _answer: &Value) -> Result<Made, PasskeyRefusal> {
        unimplemented!()
    }

    /// Begins a sign-in. With a button the browser asks at once; without, passkeys appear in the autofill of the mail field.
    pub fn begin_sign_in(&self, _button: bool) -> Outcome<Begun> {
        unimplemented!()
    }

    /// Which passkey answered: find its row and account, compare the user handle, then finish.
    pub fn name(&self, _answer: &Value) -> Result<Named, PasskeyRefusal> {
        unimplemented!()
    }

    /// Ends a sign-in with the stored passkey that was named.
    pub fn finish_sign_in(&self, _state: &str, _answer: &Value, _stored: &str) -> Result<SignedIn, PasskeyRefusal> {
        unimplemented!()
    }
}
