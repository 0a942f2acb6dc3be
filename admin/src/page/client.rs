//! `/manager/clients/{client_id}`: what a program must know, ready to be copied.

use askama::Template;
use pass_core::domain::client::{ClientAuthMethod, ClientFlags, SigningAlg};
use pass_web::kit::{Lang, PageHeaders, Shell, Words};

use super::Page;
use super::clients::ClientLine;
use super::desk::{Desk, Room};
use super::sample;
use crate::access::Rank;
use crate::snippet::{self, Connection, Snippet};

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
    /// Settings to copy.
    pub snippets: Vec<Snippet>,
    /// What userinfo answers about the invented person.
    pub userinfo: String,
}

/// A switch with its sentence.
#[derive(Clone, Copy)]
pub struct FlagLine {
    /// The word in commands.
    pub name: &'static str,
    /// Key of the sentence.
    pub what: &'static str,
    /// How it is set.
    pub set: FlagValue,
}

/// How a switch is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FlagValue {
    /// On.
    On,
    /// Off.
    Off,
    /// A word of its own.
    Word(&'static str),
}

impl FlagLine {
    /// The switches of a client.
    pub fn all(flags: &ClientFlags) -> Vec<Self> {
        let of = |on| if on { FlagValue::On } else { FlagValue::Off };
        let minimum = flags.minimum_acr.map_or(FlagValue::Off, |acr| FlagValue::Word(acr.as_str()));
        vec![
            Self { name: "require_pkce", what: "mgr-flag-require_pkce", set: of(flags.require_pkce) },
            Self { name: "introspection", what: "mgr-flag-introspection", set: of(flags.introspection) },
            Self { name: "jwt_access_token", what: "mgr-flag-jwt_access_token", set: of(flags.jwt_access_token) },
            Self { name: "minimum_acr", what: "mgr-flag-minimum_acr", set: minimum },
        ]
    }
}

impl Page for ClientPage {
    const NAME: &'static str = "desk-client";

    fn headers(&self) -> PageHeaders {
        PageHeaders::script()
    }

    fn samples(lang: Lang) -> Vec<(&'static str, Self)> {
        let scope: Vec<String> = ["openid", "residence", "age"].map(String::from).to_vec();
        let long = "https://library.kaga.example/reservations/opac/plugins/authentication/pass/callback";
        let of = |client: ClientLine, redirect: &str, method, secret| Self {
            shell: sample::shell(lang, "/manager/clients/kaga-library"),
            desk: sample::desk(lang, Rank::Facility, Room::Clients),
            issuer: sample::ISSUER.into(),
            redirect_uris: vec![redirect.into(), "https://library.kaga.example/kiosk/cb".into()],
            logout_uris: vec!["https://library.kaga.example/".into()],
            grants: "authorization_code, refresh_token".into(),
            alg: "ES256",
            since: pass_web::kit::date::Day { year: 2026, month: 10, day: 5 }.words(lang),
            has_secret: secret,
            flags: FlagLine::all(&ClientFlags::default()),
            snippets: snippet::all(&Connection {
                issuer: sample::ISSUER,
                client_id: &client.client_id,
                secret: None,
                redirect_uri: redirect,
                scope: &scope,
                method,
                alg: SigningAlg::ES256,
                municipality: "172065",
            }),
            userinfo: sample::USERINFO.into(),
            client,
        };
        let mut clients = sample::clients(lang).into_iter();
        let mut next = || clients.next().expect("the samples hold two clients");
        vec![
            ("ordinary", of(next(), "https://library.kaga.example/cb", ClientAuthMethod::ClientSecretBasic, true)),
            ("public", of(next(), long, ClientAuthMethod::None, false)),
        ]
    }
}
