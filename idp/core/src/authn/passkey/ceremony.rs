//! The two ceremonies, each begin and finish.

use super::{Begun, Holder, Made, Named, PasskeyRefusal, Passkeys, SignedIn, origin};
use crate::domain::session::Method;
use crate::fault::{Fault, Outcome};
use crate::secret::{Hash, base64url};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use uuid::Uuid;
use webauthn_rs::prelude::{
    DiscoverableAuthentication, Passkey, PasskeyRegistration, PublicKeyCredential, RegisterPublicKeyCredential,
    WebauthnError,
};

impl Passkeys {
    /// Begins to make a passkey. The state goes into a ceremony row that names the account.
    pub fn begin_registration(&self, holder: &Holder<'_>) -> Outcome<Begun> {
        let existing: Outcome<Vec<_>> =
            holder.existing.iter().map(|public| stored(public).map(|passkey| passkey.cred_id().clone())).collect();
        let handle = Uuid::from_bytes(holder.user_handle);
        let (challenge, state) = self
            .webauthn
            .start_passkey_registration(handle, holder.name, holder.name, Some(existing?))
            .map_err(|error| Fault::because("begin to make a passkey", error))?;
        let mut begun = begun(&challenge, &state)?;
        // The library asks for a key that is not discoverable; signing in without a name needs one that is (WebAuthn 5.4.4).
        let selection = &mut begun.options["publicKey"]["authenticatorSelection"];
        selection["residentKey"] = "required".into();
        selection["requireResidentKey"] = true.into();
        Ok(begun)
    }

    /// Ends it: the new passkey to store. A credential id that is stored already is refused by the unique lookup of its row.
    pub fn finish_registration(&self, state: &str, answer: &Value) -> Result<Made, PasskeyRefusal> {
        let answer: RegisterPublicKeyCredential = read(answer)?;
        origin::check(&answer.response.client_data_json, &self.origin)?;
        let state: PasskeyRegistration = serde_json::from_str(state).map_err(|_| PasskeyRefusal::Malformed)?;
        let passkey = self.webauthn.finish_passkey_registration(&answer, &state).map_err(|error| refusal(&error))?;
        let public = serde_json::to_string(&passkey).map_err(|_| PasskeyRefusal::Malformed)?;
        Ok(Made { lookup: lookup(passkey.cred_id()), public, method: Method::Passkey })
    }

    /// Begins a sign-in. With a button the browser asks at once; without, passkeys appear in the autofill of the mail field.
    pub fn begin_sign_in(&self, button: bool) -> Outcome<Begun> {
        let (mut challenge, state) = self
            .webauthn
            .start_discoverable_authentication()
            .map_err(|error| Fault::because("begin a passkey sign-in", error))?;
        if button {
            challenge.mediation = None;
        }
        begun(&challenge, &state)
    }

    /// Which passkey answered: find its row and account, compare the user handle, then finish.
    pub fn name(&self, answer: &Value) -> Result<Named, PasskeyRefusal> {
        let answer: PublicKeyCredential = read(answer)?;
        let (handle, id) =
            self.webauthn.identify_discoverable_authentication(&answer).map_err(|error| refusal(&error))?;
        Ok(Named { user_handle: handle.into_bytes(), lookup: lookup(id) })
    }

    /// Ends a sign-in with the stored passkey that was named.
    pub fn finish_sign_in(&self, state: &str, answer: &Value, stored: &str) -> Result<SignedIn, PasskeyRefusal> {
        let answer: PublicKeyCredential = read(answer)?;
        origin::check(&answer.response.client_data_json, &self.origin)?;
        let state: DiscoverableAuthentication = serde_json::from_str(state).map_err(|_| PasskeyRefusal::Malformed)?;
        let mut passkey: Passkey = serde_json::from_str(stored).map_err(|_| PasskeyRefusal::Malformed)?;
        // WebAuthn 7.2 step 6
        if *passkey.cred_id() != answer.raw_id {
            return Err(PasskeyRefusal::Mismatch);
        }
        let result = self
            .webauthn
            .finish_discoverable_authentication_v2(&answer, state, &passkey)
            .map_err(|error| refusal(&error))?;
        // WebAuthn 7.2 step 17; the library refused it already, and a missing flag must never pass.
        if !result.user_verified() {
            return Err(PasskeyRefusal::UserVerification);
        }
        let changed = passkey.update_credential(&result) == Some(true);
        let public = changed.then(|| serde_json::to_string(&passkey)).transpose();
        Ok(SignedIn { method: Method::Passkey, public: public.map_err(|_| PasskeyRefusal::Malformed)? })
    }
}

fn begun(challenge: &impl Serialize, state: &impl Serialize) -> Outcome<Begun> {
    let options = serde_json::to_value(challenge).map_err(|error| Fault::because("write passkey options", error))?;
    let state = serde_json::to_string(state).map_err(|error| Fault::because("write a passkey ceremony", error))?;
    Ok(Begun { options, state })
}

fn read<T: DeserializeOwned>(answer: &Value) -> Result<T, PasskeyRefusal> {
    T::deserialize(answer).map_err(|_| PasskeyRefusal::Malformed)
}

fn stored(public: &str) -> Outcome<Passkey> {
    serde_json::from_str(public).map_err(|error| Fault::because("read a stored passkey", error))
}

/// Credential ids are long and of no fixed length: rows are found by their hash.
fn lookup(credential_id: &[u8]) -> Hash {
    Hash::of(&base64url(credential_id))
}

fn refusal(error: &WebauthnError) -> PasskeyRefusal {
    match error {
        WebauthnError::UserNotVerified => PasskeyRefusal::UserVerification,
        WebauthnError::InvalidRPOrigin => PasskeyRefusal::Origin,
        WebauthnError::CredentialPossibleCompromise => PasskeyRefusal::Counter,
        WebauthnError::ParseJSONFailure(_)
        | WebauthnError::ParseBase64Failure(_)
        | WebauthnError::InvalidUserUniqueId => PasskeyRefusal::Malformed,
        _ => PasskeyRefusal::Mismatch,
    }
}
