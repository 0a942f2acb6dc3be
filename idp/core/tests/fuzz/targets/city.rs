//! One issuer and one client that may do everything, with the same key for both: what the ring signs, the client signed.

use pass_core::Time;
use pass_core::domain::client::{Client, ClientAuthMethod, ClientFlags, ClientMetadata, GrantType, SigningAlg};
use pass_core::domain::key::KeyState;
use pass_core::domain::response_type::ResponseType;
use pass_core::id::{ClientId, FacilityId};
use pass_core::oidc::keys::{KeyRing, NewKey, generate};
use pass_core::seal::{Purpose, WrappingSecret};
use pass_core::secret::Hash;
use serde_json::{Map, Value};
use std::sync::LazyLock;

pub const ISSUER: &str = "https://pass.example";
pub const NOW: Time = Time(1_793_890_800_000);
pub const REDIRECTS: [&str; 3] = ["https://rp.example/cb", "https://rp.example/cb?a=1", "com.example.app:/cb"];
pub const SCOPES: [&str; 5] = ["openid", "profile", "residence", "offline_access", "api"];

struct Fixed;

impl pass_core::Entropy for Fixed {
    fn fill(&self, bytes: &mut [u8]) {
        bytes.fill(7);
    }
}

pub static RING: LazyLock<KeyRing> = LazyLock::new(|| {
    let wrapping = WrappingSecret::new([7; 32]).derive(Purpose::SigningKeys);
    let new = NewKey { alg: SigningAlg::ES256, state: KeyState::Current, now: NOW };
    KeyRing::build(&[generate(new, &wrapping, &Fixed).expect("a key")], &wrapping).expect("a ring")
});

pub static KEYS: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_slice(&RING.jwks().bytes).expect("the ring's own set"));

pub static CLIENT: LazyLock<Client> = LazyLock::new(|| Client {
    id: ClientId([9; 16]),
    client_id: "library".into(),
    facility: FacilityId([8; 16]),
    secret: Some(Hash::of("secret")),
    metadata: ClientMetadata {
        redirect_uris: REDIRECTS.map(str::to_owned).into(),
        post_logout_redirect_uris: vec!["https://rp.example/bye".into()],
        request_uris: vec!["https://rp.example/r#x".into()],
        grant_types: vec![GrantType::AuthorizationCode, GrantType::RefreshToken, GrantType::Implicit],
        response_types: ResponseType::ALL.to_vec(),
        scope: SCOPES.map(str::to_owned).into(),
        token_endpoint_auth_method: ClientAuthMethod::PrivateKeyJwt,
        ..ClientMetadata::default()
    },
    flags: ClientFlags {
        request_object: true,
        request_uri: true,
        implicit: true,
        hybrid: true,
        ..ClientFlags::default()
    },
    registration: None,
    created_at: NOW,
    disabled_at: None,
});

/// JSON is signed, so that what comes behind a signature is reached too; anything else is a token as it is. Says whether it
/// was signed.
pub fn token(bytes: &str, typ: &str) -> (String, bool) {
    match serde_json::from_str::<Map<String, Value>>(bytes) {
        Ok(claims) => (RING.sign(SigningAlg::ES256, typ, &claims).expect("the ring signs"), true),
        Err(_) => (bytes.to_owned(), false),
    }
}
