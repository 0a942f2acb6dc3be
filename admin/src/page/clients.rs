//! `/manager/clients`: the programs of the facility.

use askama::Template;
use pass_web::kit::{Lang, Shell, Words};

use super::Page;
use super::desk::{Desk, Room};
use super::sample;
use crate::access::Rank;

/// The list.
#[derive(Template)]
#[template(path = "manager/clients.html")]
pub struct Clients {
    /// The frame.
    pub shell: Shell,
    /// The desk.
    pub desk: Desk,
    /// Short name of the facility, for the command in the empty list.
    pub slug: String,
    /// The programs.
    pub clients: Vec<ClientLine>,
}

/// One program.
#[derive(Clone)]
pub struct ClientLine {
    /// The public `client_id`.
    pub client_id: String,
    /// Its name.
    pub name: Words,
    /// Scopes as registered.
    pub scope: String,
    /// How it authenticates.
    pub method: &'static str,
    /// Whether it is switched off.
    pub disabled: bool,
}

impl Page for Clients {
    const NAME: &'static str = "desk-clients";

    fn samples(lang: Lang) -> Vec<(&'static str, Self)> {
        let of = |clients| Self {
            shell: sample::shell(lang, "/manager/clients"),
            desk: sample::desk(lang, Rank::Facility, Room::Clients),
            slug: "library".into(),
            clients,
        };
        vec![("ordinary", of(sample::clients(lang))), ("empty", of(Vec::new()))]
    }
}
