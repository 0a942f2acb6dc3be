//! A software authenticator answers here; it knows neither discoverable requests nor user handles, so `Device` plays the browser:
//! it writes `clientDataJSON` and fills in what a discoverable passkey would add. Real browsers run the same ceremonies in the
//! package `conformance`.

use super::*;
use crate::secret::base64url;
use serde_json::json;
use sha2::{Digest, Sha256};
use webauthn_authenticator_rs::AuthenticatorBackendHashedClientData;
use webauthn_authenticator_rs::softpasskey::SoftPasskey;

const ORIGIN: &str = "http://localhost:8080";
const HANAKO: [u8; 16] = [7; 16];

struct Device {
    soft: SoftPasskey,
    origin: &'static str,
    credential: Value,
}

impl Device {
    fn at(origin: &'static str) -> Self {
        Self { soft: SoftPasskey::new(true), origin, credential: Value::Null }
    }

    /// WebAuthn 5.8.1
    fn client_data(&self, kind: &str, options: &Value) -> Vec<u8> {
        let challenge = &options["publicKey"]["challenge"];
        json!({"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": false})
            .to_string()
            .into_bytes()
    }

    fn make(&mut self, options: &Value) -> Value {
        let client_data = self.client_data("webauthn.create", options);
        let mut options = options["publicKey"].clone();
        options["authenticatorSelection"]["requireResidentKey"] = false.into();
        let options = serde_json::from_value(options).unwrap();
        let answer = self.soft.perform_register(Sha256::digest(&client_data).to_vec(), options, 1000).unwrap();
        let mut answer = serde_json::to_value(answer).unwrap();
        answer["response"]["clientDataJSON"] = base64url(&client_data).into();
        self.credential = answer["rawId"].clone();
        answer
    }

    fn get(&mut self, options: &Value) -> Value {
        let client_data = self.client_data("webauthn.get", options);
        let mut options = options["publicKey"].clone();
        options["allowCredentials"] = json!([{"type": "public-key", "id": self.credential}]);
        let options = serde_json::from_value(options).unwrap();
        let answer = self.soft.perform_auth(Sha256::digest(&client_data).to_vec(), options, 1000).unwrap();
        let mut answer = serde_json::to_value(answer).unwrap();
        answer["response"]["clientDataJSON"] = base64url(&client_data).into();
        answer["response"]["userHandle"] = base64url(&HANAKO).into();
        answer
    }
}

fn issuer() -> Passkeys {
    Passkeys::new(ORIGIN, "PASS").unwrap()
}

fn hanako(existing: &[&str]) -> Value {
    issuer().begin_registration(&Holder { user_handle: HANAKO, name: "hanako", existing }).unwrap().options
}

fn made(issuer: &Passkeys, device: &mut Device) -> Made {
    let begun = issuer.begin_registration(&Holder { user_handle: HANAKO, name: "hanako", existing: &[] }).unwrap();
    issuer.finish_registration(&begun.state, &device.make(&begun.options)).unwrap()
}

#[test]
fn cap_62_a_passkey_is_made_and_signs_in() {
    let (issuer, mut device) = (issuer(), Device::at(ORIGIN));
    let made = made(&issuer, &mut device);
    let mut stored = made.public.clone();
    for _ in 0..2 {
        let begun = issuer.begin_sign_in(true).unwrap();
        let answer = device.get(&begun.options);
        assert_eq!(issuer.name(&answer), Ok(Named { user_handle: HANAKO, lookup: made.lookup }));
        let signed_in = issuer.finish_sign_in(&begun.state, &answer, &stored).unwrap();
        assert_eq!(signed_in.method, Method::Passkey);
        stored = signed_in.public.expect("the counter of this authenticator moves");
    }
}

#[test]
fn cap_62_discoverable_and_verified_is_what_the_device_is_asked_for() {
    let options = &hanako(&[])["publicKey"];
    assert_eq!(options["authenticatorSelection"]["residentKey"], "required");
    assert_eq!(options["authenticatorSelection"]["requireResidentKey"], true);
    assert_eq!(options["authenticatorSelection"]["userVerification"], "required");
    assert_eq!(options["user"]["id"], base64url(&HANAKO));
    assert_eq!(options["rp"]["id"], "localhost");
    let (button, autofill) = (issuer().begin_sign_in(true).unwrap(), issuer().begin_sign_in(false).unwrap());
    assert_eq!(button.options.get("mediation"), None);
    assert_eq!(autofill.options["mediation"], "conditional");
    assert_eq!(button.options["publicKey"]["userVerification"], "required");
}

#[test]
fn cap_62_one_device_is_asked_to_make_one_passkey() {
    let made = made(&issuer(), &mut Device::at(ORIGIN));
    let excluded = &hanako(&[&made.public])["publicKey"]["excludeCredentials"];
    assert_eq!(excluded.as_array().map(Vec::len), Some(1));
}

#[test]
fn cap_62_user_verification_false_is_refused() {
    let (issuer, mut device) = (issuer(), Device::at(ORIGIN));
    let mut touch_only = |options: &Value| {
        let mut options = options.clone();
        options["publicKey"]["authenticatorSelection"]["userVerification"] = "discouraged".into();
        device.make(&options)
    };
    let holder = Holder { user_handle: HANAKO, name: "hanako", existing: &[] };
    let begun = issuer.begin_registration(&holder).unwrap();
    let refused = issuer.finish_registration(&begun.state, &touch_only(&begun.options));
    assert_eq!(refused.err(), Some(PasskeyRefusal::UserVerification));

    let made = made(&issuer, &mut device);
    let begun = issuer.begin_sign_in(true).unwrap();
    let mut touch_only = begun.options.clone();
    touch_only["publicKey"]["userVerification"] = "discouraged".into();
    let refused = issuer.finish_sign_in(&begun.state, &device.get(&touch_only), &made.public);
    assert_eq!(refused.err(), Some(PasskeyRefusal::UserVerification));
}

#[test]
fn cap_62_an_answer_works_for_its_own_challenge_only() {
    let (issuer, mut device) = (issuer(), Device::at(ORIGIN));
    let made = made(&issuer, &mut device);
    let first = issuer.begin_sign_in(true).unwrap();
    let answer = device.get(&first.options);
    let stored = issuer.finish_sign_in(&first.state, &answer, &made.public).unwrap().public.unwrap();
    let second = issuer.begin_sign_in(true).unwrap();
    for (state, expected) in [(&second.state, PasskeyRefusal::Mismatch), (&first.state, PasskeyRefusal::Counter)] {
        // The row of the first ceremony is taken when it is used; the counter would betray a replay even if it were not.
        assert_eq!(issuer.finish_sign_in(state, &answer, &stored).err(), Some(expected));
    }
}

#[test]
fn cap_62_a_rightly_signed_answer_of_another_origin_is_refused() {
    let (issuer, mut device) = (issuer(), Device::at(ORIGIN));
    let made = made(&issuer, &mut device);
    for foreign in [
        "http://localhost:8082",
        "http://badlocalhost:8080",
        "http://login.localhost:8080",
        "https://localhost:8080",
        "http://localhost:8080.evil.test",
        "http://localhost:8080/",
    ] {
        device.origin = foreign;
        let begun = issuer.begin_sign_in(true).unwrap();
        let answer = device.get(&begun.options);
        let refused = issuer.finish_sign_in(&begun.state, &answer, &made.public);
        assert_eq!(refused.err(), Some(PasskeyRefusal::Origin), "{foreign}");
        let holder = Holder { user_handle: HANAKO, name: "hanako", existing: &[] };
        let begun = issuer.begin_registration(&holder).unwrap();
        let mut other = Device::at(foreign);
        let refused = issuer.finish_registration(&begun.state, &other.make(&begun.options));
        assert_eq!(refused.err(), Some(PasskeyRefusal::Origin), "{foreign}");
    }
}

#[test]
fn cap_62_another_passkey_or_nonsense_is_refused() {
    let (issuer, mut mine, mut other) = (issuer(), Device::at(ORIGIN), Device::at(ORIGIN));
    let (stored, foreign) = (made(&issuer, &mut mine).public, made(&issuer, &mut other).public);
    let begun = issuer.begin_sign_in(true).unwrap();
    let answer = mine.get(&begun.options);
    let mut forged = answer.clone();
    forged["response"]["signature"] = base64url(&[0x30, 0x06, 0x02, 0x01, 0x01, 0x02, 0x01, 0x01]).into();
    for (state, answer, stored, expected) in [
        (begun.state.as_str(), &answer, foreign.as_str(), PasskeyRefusal::Mismatch),
        (&begun.state, &forged, &stored, PasskeyRefusal::Mismatch),
        ("{}", &answer, &stored, PasskeyRefusal::Malformed),
        (&begun.state, &json!({"id": 1}), &stored, PasskeyRefusal::Malformed),
    ] {
        assert_eq!(issuer.finish_sign_in(state, answer, stored).err(), Some(expected));
    }
    let mut nameless = answer;
    nameless["response"]["userHandle"] = Value::Null;
    assert_eq!(issuer.name(&nameless), Err(PasskeyRefusal::Malformed));
}

#[test]
fn an_address_of_numbers_has_no_passkeys() {
    assert!(Passkeys::new("http://127.0.0.1:8080", "PASS").is_err());
    assert!(Passkeys::new("https://pass.kaga.example", "PASS").is_ok());
}

/// webauthn-rs compared origins by their end, so that badexample.com passed for example.com (docs/peer-bugs.md).
#[test]
fn peer_bug_05_an_origin_that_only_ends_alike_is_refused() {
    let issuer = Passkeys::new("https://example.com", "PASS").unwrap();
    let holder = Holder { user_handle: HANAKO, name: "hanako", existing: &[] };
    for foreign in ["https://badexample.com", "https://login.example.com", "https://example.com.evil.test"] {
        let begun = issuer.begin_registration(&holder).unwrap();
        let refused = issuer.finish_registration(&begun.state, &Device::at(foreign).make(&begun.options));
        assert_eq!(refused.err(), Some(PasskeyRefusal::Origin), "{foreign}");
    }
    let begun = issuer.begin_registration(&holder).unwrap();
    assert!(issuer.finish_registration(&begun.state, &Device::at("https://example.com").make(&begun.options)).is_ok());
}
