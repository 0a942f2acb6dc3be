//! A software authenticator behind a browser: it writes `clientDataJSON` and answers the options of a page.

use super::ISSUER;
use pass_core::secret::base64url;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use webauthn_authenticator_rs::AuthenticatorBackendHashedClientData;
use webauthn_authenticator_rs::softpasskey::SoftPasskey;

/// The device.
pub(crate) struct Device(SoftPasskey);

impl Device {
    /// A device that verifies its user.
    pub(crate) fn new() -> Self {
        Self(SoftPasskey::new(true))
    }

    /// Makes a passkey for the options of `navigator.credentials.create`; gives what the form sends.
    pub(crate) fn make(&mut self, options: &Value) -> String {
        let challenge = &options["publicKey"]["challenge"];
        let data = json!({ "type": "webauthn.create", "challenge": challenge, "origin": ISSUER, "crossOrigin": false });
        let data = data.to_string().into_bytes();
        let mut wanted = options["publicKey"].clone();
        // The library's soft device cannot promise to be discoverable.
        wanted["authenticatorSelection"]["requireResidentKey"] = false.into();
        let wanted = serde_json::from_value(wanted).unwrap();
        let answer = self.0.perform_register(Sha256::digest(&data).to_vec(), wanted, 1_000).unwrap();
        let mut answer = serde_json::to_value(answer).unwrap();
        answer["response"]["clientDataJSON"] = base64url(&data).into();
        answer.to_string()
    }
}
