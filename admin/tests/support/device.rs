//! A software authenticator that plays device and browser: it writes `clientDataJSON` and the user handle of a
//! discoverable passkey, which the authenticator itself does not know.

use pass_core::secret::base64url;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use webauthn_authenticator_rs::AuthenticatorBackendHashedClientData;
use webauthn_authenticator_rs::softpasskey::SoftPasskey;

pub(crate) struct Device {
    soft: SoftPasskey,
    credential: Value,
    user: Value,
}

impl Default for Device {
    fn default() -> Self {
        Self { soft: SoftPasskey::new(true), credential: Value::Null, user: Value::Null }
    }
}

impl Device {
    pub(crate) fn make(&mut self, options: &Value) -> Value {
        let client_data = client_data("webauthn.create", options);
        let mut options = options["publicKey"].clone();
        self.user = options["user"]["id"].clone();
        options["authenticatorSelection"]["requireResidentKey"] = false.into();
        let options = serde_json::from_value(options).unwrap();
        let answer = self.soft.perform_register(Sha256::digest(&client_data).to_vec(), options, 1000).unwrap();
        let mut answer = serde_json::to_value(answer).unwrap();
        answer["response"]["clientDataJSON"] = base64url(&client_data).into();
        self.credential = answer["rawId"].clone();
        answer
    }

    pub(crate) fn get(&mut self, options: &Value) -> Value {
        let client_data = client_data("webauthn.get", options);
        let mut options = options["publicKey"].clone();
        options["allowCredentials"] = json!([{"type": "public-key", "id": self.credential}]);
        let options = serde_json::from_value(options).unwrap();
        let answer = self.soft.perform_auth(Sha256::digest(&client_data).to_vec(), options, 1000).unwrap();
        let mut answer = serde_json::to_value(answer).unwrap();
        answer["response"]["clientDataJSON"] = base64url(&client_data).into();
        answer["response"]["userHandle"] = self.user.clone();
        answer
    }
}

/// WebAuthn 5.8.1
fn client_data(kind: &str, options: &Value) -> Vec<u8> {
    let challenge = &options["publicKey"]["challenge"];
    json!({"type": kind, "challenge": challenge, "origin": super::ISSUER, "crossOrigin": false})
        .to_string()
        .into_bytes()
}
