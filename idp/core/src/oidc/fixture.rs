//! What the tests of the protocol share: one client, one request, one key ring.

use super::code::Basis;
use super::keys::{self, KeyRing, NewKey};
use super::params::Params;
use super::request::AuthorizationRequest;
use crate::authn::acr::{Achieved, Acr};
use crate::domain::client::{Client, ClientFlags, ClientMetadata, GrantType, SigningAlg};
use crate::domain::grant::Grant;
use crate::domain::key::{KeyState, StoredKey};
use crate::domain::words::LocalText;
use crate::id::{AccountId, ClientId, ConsentId, FacilityId, GrantId, PersonId, SessionId};
use crate::seal::{Key, Purpose, WrappingSecret};
use crate::secret::Hash;
use crate::{Entropy, Time};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

pub(crate) const NOW: Time = Time(1_793_890_800_000);
pub(crate) const ISSUER: &str = "https://pass.example";
pub(crate) const SECRET: &str = "dGhpcyBpcyBhIHRlc3Qgc2VjcmV0IG9mIDMyIGJ5dGU";

/// Different bytes at each call.
#[derive(Default)]
pub(crate) struct Counting(AtomicU64);

impl Entropy for Counting {
    fn fill(&self, bytes: &mut [u8]) {
        let call = self.0.fetch_add(1, Ordering::Relaxed).to_be_bytes();
        bytes.iter_mut().zip(call.into_iter().rev().cycle()).for_each(|(byte, next)| *byte = next);
    }
}

pub(crate) fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

pub(crate) fn wrapping() -> Key {
    WrappingSecret::new([7; 32]).derive(Purpose::SigningKeys)
}

/// A current key of each algorithm, made once for all tests.
pub(crate) static KEYS: LazyLock<Vec<StoredKey>> = LazyLock::new(|| {
    let make = |alg| {
        let new = NewKey { alg, state: KeyState::Current, now: NOW };
        keys::generate(new, &wrapping(), &Counting::default()).unwrap()
    };
    SigningAlg::ALL.map(make).to_vec()
});

pub(crate) static RING: LazyLock<KeyRing> = LazyLock::new(|| KeyRing::build(&KEYS, &wrapping()).unwrap());

pub(crate) fn client() -> Client {
    Client {
        id: ClientId([9; 16]),
        client_id: "library".into(),
        facility: FacilityId([8; 16]),
        secret: Some(Hash::of(SECRET)),
        metadata: ClientMetadata {
            client_name: LocalText::same("Library"),
            redirect_uris: vec!["https://rp.example/cb".into(), "https://rp.example/cb?a=1".into()],
            post_logout_redirect_uris: vec!["https://rp.example/bye".into()],
            grant_types: vec![GrantType::AuthorizationCode, GrantType::RefreshToken, GrantType::ClientCredentials],
            scope: ["openid", "profile", "residence", "offline_access", "api"].map(str::to_owned).to_vec(),
            id_token_signed_response_alg: SigningAlg::ES256,
            ..ClientMetadata::default()
        },
        flags: ClientFlags::default(),
        registration: None,
        created_at: NOW,
        disabled_at: None,
    }
}

pub(crate) fn other_client() -> Client {
    Client { id: ClientId([10; 16]), client_id: "kosodate".into(), ..client() }
}

pub(crate) fn request() -> AuthorizationRequest {
    let mut request = AuthorizationRequest::to("https://rp.example/cb", Some("xyz"));
    request.scopes = vec!["openid".into(), "profile".into()];
    request
}

static SIGN_IN: LazyLock<Achieved> = LazyLock::new(|| Achieved {
    acr: Acr::Aal2,
    amr: vec!["swk", "user"],
    auth_time: NOW - seconds(60),
    holds: vec!["0", "aal1", "aal2", "phr"],
});

pub(crate) fn basis<'a>(request: &'a AuthorizationRequest, client: &'a Client) -> Basis<'a> {
    Basis {
        request,
        client,
        person: PersonId([1; 16]),
        account: AccountId([2; 16]),
        consent: ConsentId([3; 16]),
        session: SessionId([4; 16]),
        sign_in: &SIGN_IN,
    }
}

pub(crate) fn grant() -> Grant {
    let client = client();
    Grant {
        id: GrantId([5; 16]),
        person: PersonId([1; 16]),
        account: AccountId([2; 16]),
        client: client.id,
        consent: ConsentId([3; 16]),
        session: SessionId([4; 16]),
        scopes: ["offline_access", "openid", "profile"].map(str::to_owned).to_vec(),
        claims: Default::default(),
        acr: Acr::Aal2,
        amr: vec!["swk".into(), "user".into()],
        auth_time: NOW - seconds(60),
        auth_time_asked: true,
        created_at: NOW,
        revoked_at: None,
    }
}

/// Parameters from pairs; a later pair replaces an earlier one of the same name, a value "-" removes it.
pub(crate) fn params(pairs: &[(&str, &str)]) -> Params {
    Params::parse(&encoded(pairs)).unwrap()
}

pub(crate) fn encoded(pairs: &[(&str, &str)]) -> String {
    let mut kept: Vec<(&str, &str)> = Vec::new();
    for (name, value) in pairs {
        kept.retain(|(known, _)| known != name);
        if *value != "-" {
            kept.push((name, value));
        }
    }
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(kept).finish()
}
