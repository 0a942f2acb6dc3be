//! `/manager/clients/{client_id}`: what a program must know, ready to be copied.

use askama::Template;
use pass_core::authn::acr::Acr;
use pass_core::domain::client::{Client, ClientAuthMethod, SigningAlg};
use pass_web::kit::{Lang, PageHeaders, Shell, Words};

use serde_json::Value;

use super::Page;
use super::clients::ClientLine;
use super::desk::{Desk, Room};
use super::sample;
use crate::access::Rank;
use crate::registered::{Registered, registered};
use crate::snippet::{self, Connection, Snippet};
use crate::switches::{self, SWITCHES, Switch};
use crate::words;

/// The page of a program.
#[derive(Template)]
#[template(path = "manager/client.html")]
pub struct ClientPage {
    /// The frame.
    pub shell: Shell,
    /// The desk.
    pub desk: Desk,
    /// The program.
    pub client: ClientLine,
    /// The issuer identifier.
    pub issuer: String,
    /// Ways back.
    pub redirect_uris: Vec<String>,
    /// Ways back after sign-out.
    pub logout_uris: Vec<String>,
    /// Grants it may use.
    pub grants: String,
    /// How its ID tokens are signed.
    pub alg: &'static str,
    /// Since when.
    pub since: Words,
    /// Whether it has a secret that can be replaced.
    pub has_secret: bool,
    /// Its switches.
    pub flags: Vec<FlagLine>,
    /// The least sign-ins one can choose.
    pub minimums: Vec<(&'static str, &'static str, bool)>,
    /// Names the present state of the switches.
    pub mark: String,
    /// What came of a change.
    pub state: Flags,
    /// What its registration fixes.
    pub fixed: Vec<Registered>,
    /// Where it is told of sign-outs.
    pub backchannel: Option<String>,
    /// Its keys.
    pub keys: KeysView,
    /// The issuer's.
    pub issuer_keys: Vec<JwkLine>,
    /// Settings to copy.
    pub snippets: Vec<Snippet>,
    /// The claims of its ID token about the invented person.
    pub id_token: String,
    /// What userinfo answers about the invented person.
    pub userinfo: String,
}

/// A switch with its sentences.
#[derive(Clone, Copy)]
pub struct FlagLine {
    /// The switch.
    pub switch: Switch,
    /// How it is set.
    pub on: bool,
    /// It cannot be changed here.
    pub locked: bool,
}

/// What came of a change of the switches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flags {
    /// As they are.
    Present,
    /// Saved.
    Saved,
    /// Somebody else changed them meanwhile.
    Stale,
}

/// The keys of a client as this node knows them.
#[derive(Clone)]
pub struct KeysView {
    /// Where they come from.
    pub source: KeySource,
    /// The keys.
    pub keys: Vec<JwkLine>,
    /// When they were asked for last, where they come from an address.
    pub at: Option<String>,
    /// Why that brought nothing.
    pub fault: Option<String>,
}

/// Where a client's keys come from.
#[derive(Clone)]
pub enum KeySource {
    /// It has none.
    None,
    /// Its registration.
    Value,
    /// An address.
    Uri(String),
}

/// A public key.
#[derive(Clone)]
pub struct JwkLine {
    /// Its name.
    pub kid: String,
    /// Its type.
    pub kty: String,
    /// Its algorithm.
    pub alg: String,
    /// For signatures or encryption.
    pub purpose: String,
}

impl JwkLine {
    /// The keys of a JWK set (RFC 7517 4).
    pub fn all(set: &Value) -> Vec<Self> {
        let text = |key: &Value, name: &str| key.get(name).and_then(Value::as_str).unwrap_or("-").to_owned();
        let keys = set.get("keys").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let line = |key: &Value| Self {
            kid: text(key, "kid"),
            kty: text(key, "kty"),
            alg: text(key, "alg"),
            purpose: text(key, "use"),
        };
        keys.iter().map(line).collect()
    }
}

impl FlagLine {
    /// The switches of a client; the demo's only in the demo.
    pub fn all(client: &Client, demo: bool) -> Vec<Self> {
        let here = SWITCHES.iter().filter(|switch| demo || switch.name != "plain_login");
        here.map(|switch| Self { switch: *switch, on: switch.is_on(client), locked: switch.is_locked(client, demo) })
            .collect()
    }
}

/// The least sign-ins one can choose: value, key of the word, chosen.
pub fn minimums(client: &Client) -> Vec<(&'static str, &'static str, bool)> {
    let now = client.flags.minimum_acr;
    let none = ("", "mgr-flags-any", now.is_none());
    let some = Acr::ALL.into_iter().filter(|acr| *acr != Acr::Zero);
    std::iter::once(none).chain(some.map(|acr| (acr.as_str(), words::acr(acr), now == Some(acr)))).collect()
}

impl Page for ClientPage {
    const NAME: &'static str = "desk-client";

    fn headers(&self) -> PageHeaders {
        PageHeaders::script()
    }

    fn samples(lang: Lang) -> Vec<(&'static str, Self)> {
        let scope: Vec<String> = ["openid", "residence", "age"].map(String::from).to_vec();
        let long = "https://library.kaga.example/reservations/opac/plugins/authentication/pass/callback";
        let of = |client: ClientLine, redirect: &str, method, state, keys| {
            let mut row = sample::client();
            let backchannel = format!("{redirect}?logout=backchannel");
            row.metadata.token_endpoint_auth_method = method;
            row.metadata.id_token_signed_response_alg = SigningAlg::ES256;
            row.metadata.backchannel_logout_uri = Some(backchannel.clone());
            Self {
                shell: sample::shell(lang, "/manager/clients/kaga-library"),
                desk: sample::desk(lang, Rank::Facility, Room::Clients),
                issuer: sample::ISSUER.into(),
                redirect_uris: vec![redirect.into(), "https://library.kaga.example/kiosk/cb".into()],
                logout_uris: vec!["https://library.kaga.example/".into()],
                grants: "authorization_code, refresh_token".into(),
                alg: "ES256",
                since: pass_web::kit::date::Day { year: 2026, month: 10, day: 5 }.words(lang),
                has_secret: method.has_secret(),
                flags: FlagLine::all(&row, true),
                minimums: minimums(&row),
                mark: switches::mark(&row),
                fixed: registered(&row),
                state,
                snippets: snippet::all(&Connection {
                    issuer: sample::ISSUER,
                    client_id: &client.client_id,
                    secret: None,
                    redirect_uri: redirect,
                    scope: &scope,
                    method,
                    alg: SigningAlg::ES256,
                    municipality: "172065",
                    backchannel: Some(&backchannel),
                }),
                backchannel: Some(backchannel.clone()),
                keys,
                issuer_keys: sample::keys(),
                id_token: sample::ID_TOKEN.into(),
                userinfo: sample::USERINFO.into(),
                client,
            }
        };
        let none = || KeysView { source: KeySource::None, keys: Vec::new(), at: None, fault: None };
        let value = KeysView { source: KeySource::Value, keys: sample::keys(), at: None, fault: None };
        let unreadable = KeysView {
            source: KeySource::Uri("https://library.kaga.example/.well-known/jwks.json".into()),
            keys: sample::keys(),
            at: Some(words::stamp(sample::NOW)),
            fault: Some("fetch https://library.kaga.example/.well-known/jwks.json: status 503".into()),
        };
        let mut clients = sample::clients(lang).into_iter();
        let mut next = || clients.next().expect("the samples hold two clients");
        let (library, seats) = (next(), next());
        let (short, basic) = ("https://library.kaga.example/cb", ClientAuthMethod::ClientSecretBasic);
        vec![
            ("ordinary", of(library.clone(), short, basic, Flags::Present, none())),
            ("saved", of(library.clone(), short, basic, Flags::Saved, value)),
            ("stale", of(library, short, ClientAuthMethod::PrivateKeyJwt, Flags::Stale, unreadable)),
            ("public", of(seats, long, ClientAuthMethod::None, Flags::Present, none())),
        ]
    }
}
