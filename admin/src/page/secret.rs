//! `/manager/clients/{client_id}/secret`: replace the secret. Asks first; the answer shows the new one exactly once.

use askama::Template;
use pass_core::domain::client::{ClientAuthMethod, SigningAlg};
use pass_web::kit::{Lang, PageHeaders, Shell};

use super::Page;
use super::clients::ClientLine;
use super::desk::{Desk, Room};
use super::sample;
use crate::access::Rank;
use crate::snippet::{self, Connection, Snippet};

/// The page.
#[derive(Template)]
#[template(path = "manager/secret.html")]
pub struct SecretPage {
    /// The frame.
    pub shell: Shell,
    /// The desk.
    pub desk: Desk,
    /// The program.
    pub client: ClientLine,
    /// How far it is.
    pub state: SecretState,
}

/// How far the replacement is.
pub enum SecretState {
    /// Shall it be done? `mark` names the secret that would be replaced, so that a reload replaces nothing twice.
    Ask {
        /// The mark.
        mark: String,
        /// The secret was replaced since the page was opened.
        stale: bool,
    },
    /// Done: the only page that shows the secret.
    Shown {
        /// The new secret.
        secret: String,
        /// Settings with the secret in them.
        snippets: Vec<Snippet>,
    },
}

impl Page for SecretPage {
    const NAME: &'static str = "desk-secret";

    fn headers(&self) -> PageHeaders {
        match self.state {
            SecretState::Ask { .. } => PageHeaders::plain(),
            SecretState::Shown { .. } => PageHeaders::script(),
        }
    }

    fn samples(lang: Lang) -> Vec<(&'static str, Self)> {
        let of = |state| Self {
            shell: sample::shell(lang, ""),
            desk: sample::desk(lang, Rank::Facility, Room::Clients),
            client: sample::clients(lang).swap_remove(0),
            state,
        };
        let scope: Vec<String> = ["openid", "residence", "age"].map(String::from).to_vec();
        let secret = "9Jt4VxQ2m8LrYc7HbN3wKe5Z-Pq1sTd6uFgA0oXiJyM";
        let snippets = snippet::all(&Connection {
            issuer: sample::ISSUER,
            client_id: "kaga-library",
            secret: Some(secret),
            redirect_uri: "https://library.kaga.example/cb",
            scope: &scope,
            method: ClientAuthMethod::ClientSecretBasic,
            alg: SigningAlg::ES256,
            municipality: "172065",
            backchannel: None,
        });
        vec![
            ("ask", of(SecretState::Ask { mark: "4f1d".into(), stale: false })),
            ("stale", of(SecretState::Ask { mark: "4f1d".into(), stale: true })),
            ("shown", of(SecretState::Shown { secret: secret.into(), snippets })),
        ]
    }
}
