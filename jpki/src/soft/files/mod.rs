//! The file system of a soft card: applications, files, who may read them.

mod common_application;
mod jpki;
mod surface;
mod text;

use std::{collections::BTreeMap, sync::Arc};

use openssl::{
    error::ErrorStack,
    pkey::{PKey, Private},
};

use super::{assets::Images, cv::Issuers, people::Body, reference::Guard};

/// An application of the card.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum App {
    /// The power-on state, GlobalPlatform issuer security domain.
    Isd,
    Jpki,
    Text,
    Surface,
    Common,
    Resident,
}

impl App {
    const ALL: [App; 6] = [App::Isd, App::Jpki, App::Text, App::Surface, App::Common, App::Resident];

    fn aid(self) -> &'static [u8] {
        match self {
            App::Isd => b"\xA0\x00\x00\x01\x51\x00\x00",
            App::Jpki => b"\xD3\x92\xF0\x00\x26\x01\x00\x00\x00\x01",
            App::Text => b"\xD3\x92\x10\x00\x31\x00\x01\x01\x04\x08",
            App::Surface => b"\xD3\x92\x10\x00\x31\x00\x01\x01\x04\x02",
            App::Common => b"\xD3\x92\x10\x00\x31\x00\x01\x01\x01\x00",
            App::Resident => b"\xD3\x92\x10\x00\x31\x00\x01\x01\x04\x01",
        }
    }

    /// A prefix selects too, as on cards.
    pub(super) fn by_aid(aid: &[u8]) -> Option<App> {
        App::ALL.into_iter().find(|app| aid.len() >= 5 && app.aid().starts_with(aid))
    }
}

/// A key that signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Key {
    Auth,
    Sign,
    /// The card's own, of the text and surface applications. It wants no secret.
    Card,
}

/// One file.
#[derive(Clone)]
pub(super) enum File {
    /// Bytes to read, after one of these secrets; none means free.
    Open(&'static [Guard], Vec<u8>),
    Record(Vec<u8>),
    Pin(Guard),
    Key(Key),
    /// On the never-list: touching it trips the wire. There is nothing behind it.
    Never(&'static str),
}

/// What a card is made of.
pub(super) struct Contents {
    pub(super) body: Body,
    pub(super) auth_certificate: Vec<u8>,
    pub(super) auth_ca: Vec<u8>,
    pub(super) sign_certificate: Option<Vec<u8>>,
    pub(super) sign_ca: Vec<u8>,
    pub(super) printed: Printed,
    pub(super) card_key: PKey<Private>,
    pub(super) issuers: Arc<Issuers>,
}

/// What is printed on a card, and said again by its applications.
pub(super) struct Printed {
    pub(super) name: String,
    pub(super) address: String,
    /// YYYYMMDD.
    pub(super) birth_date: String,
    pub(super) sex: u8,
    pub(super) city_code: String,
    /// YYYYMMDD.
    pub(super) expiry: String,
    pub(super) serial: u32,
    pub(super) images: Images,
}

/// The files of a card, and the data objects of its power-on state.
pub(super) struct Files {
    pub(super) files: BTreeMap<(App, u16), File>,
    pub(super) objects: BTreeMap<u16, Vec<u8>>,
}

impl Files {
    pub(super) fn of(contents: &Contents) -> Result<Self, ErrorStack> {
        let mut files = BTreeMap::new();
        let mut add = |app: App, list: Vec<(u16, File)>| {
            files.extend(list.into_iter().map(|(id, file)| ((app, id), file)));
        };
        add(App::Jpki, jpki::files(contents));
        let mut objects = BTreeMap::new();
        if contents.body != Body::Phone {
            add(App::Text, text::files(contents)?);
            add(App::Surface, surface::files(contents)?);
            add(App::Common, common_application::files(&contents.printed));
            add(App::Resident, vec![(0x001C, File::Never("resident register PIN"))]);
            objects = common_application::objects(contents)?;
        }
        Ok(Self { files, objects })
    }

    /// Whether the card has this application at all.
    pub(super) fn has(&self, app: App) -> bool {
        app == App::Isd || self.files.keys().any(|(of, _)| *of == app)
    }
}

/// Files on cards are longer than their content: filler follows, and the length is in the header alone.
fn filled(content: &[u8]) -> Vec<u8> {
    let mut file = content.to_vec();
    file.resize(content.len().next_multiple_of(64) + 32, 0xFF);
    file
}

const FREE: &[Guard] = &[];

fn free(content: &[u8]) -> File {
    File::Open(FREE, filled(content))
}
