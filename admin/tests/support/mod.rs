//! Manager over a fresh SQLite store with two facilities, and browsers that keep cookies.

mod browser;
mod device;
mod ports;

pub(crate) use browser::Browser;
pub(crate) use device::Device;

use actix_web::body::BoxBody;
use actix_web::dev::{Service, ServiceResponse};
use actix_web::{test, web};
use pass_core::Time;
use pass_core::authn::acr::Acr;
use pass_core::authn::session::Lifetimes;
use pass_core::claims::Claim;
use pass_core::domain::audit::Act;
use pass_core::domain::client::{Client, ClientFlags, ClientMetadata, SigningAlg};
use pass_core::domain::facility::{Ceiling, CeilingEntry, Facility, Organisation, Requirement};
use pass_core::domain::staff::{Role, StaffSession};
use pass_core::domain::words::LocalText;
use pass_core::id::{ClientId, FacilityId, OrganisationId};
use pass_core::seal::WrappingSecret;
use pass_core::secret::Hash;
use pass_store::{Config, Store};
use pass_web::app::{App, Keys, Settings};
use pass_web::directory::{Directory, DirectoryCell};
use ports::{Chance, Moving, Nothing};
use std::sync::Arc;
use std::time::Duration;

pub(crate) const ISSUER: &str = "http://localhost:8080";
/// 2026-11-24 15:42 in Japan.
pub(crate) const NOW: Time = Time(1_795_502_520_000);

pub(crate) struct Manager {
    pub(crate) app: web::Data<App>,
    pub(crate) clock: Arc<Moving>,
    pub(crate) library: FacilityId,
    _folder: tempfile::TempDir,
}

impl Manager {
    pub(crate) async fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&Config::Sqlite {
            path: folder.path().join("pass.sqlite"),
            keys_path: folder.path().join("keys.sqlite"),
        })
        .unwrap();
        store.migrate().unwrap();
        seed(&store).await;
        let keys = Keys::derive(&WrappingSecret::new([7; 32]));
        let directory = Directory::load(&store, &settings(), &keys.signing).await.unwrap();
        let clock = Arc::new(Moving::at(NOW));
        let app = App {
            settings: settings(),
            store,
            directory: DirectoryCell::new(directory),
            keys,
            clock: clock.clone(),
            entropy: Arc::new(Chance::default()),
            faces: Arc::new(Nothing),
            revocation: Arc::new(Nothing),
            outgoing: Arc::new(Nothing),
            upstream: None,
            anchors: jpki::Anchors::production(),
            text_anchors: jpki::TextAnchors::production(),
            outbox: tokio::sync::Notify::new(),
            client_keys: pass_web::ClientKeys::default(),
            request_objects: pass_web::RequestObjects::default(),
            galleries: pass_web::face::Galleries::default(),
            limits: Default::default(),
        };
        Self { app: web::Data::new(app), clock, library: FacilityId([1; 16]), _folder: folder }
    }

    pub(crate) async fn service(
        &self,
    ) -> impl Service<actix_http::Request, Response = ServiceResponse<BoxBody>, Error = actix_web::Error> + use<> {
        test::init_service(actix_web::App::new().app_data(self.app.clone()).configure(pass_admin::routes)).await
    }

    /// The path of a fresh link.
    pub(crate) async fn invite(&self, name: &str, role: Role) -> String {
        let invitation = pass_admin::Invitation { name: name.into(), role };
        let link = pass_admin::invite(&self.app.store, ISSUER, invitation, self.app.now(), &*self.app.entropy);
        link.await.unwrap().strip_prefix(ISSUER).unwrap().to_owned()
    }

    pub(crate) async fn add(&self, name: &str, role: Role) -> pass_core::id::StaffId {
        let invitation = pass_admin::Invitation { name: name.into(), role };
        let staff = pass_admin::member(invitation, self.app.now(), &*self.app.entropy);
        let id = staff.id;
        self.app.store.write(move |tx| pass_store::staff::insert(tx, &staff)).await.unwrap();
        id
    }

    pub(crate) async fn close(&self, name: &str) {
        let (name, now) = (name.to_owned(), self.app.now());
        let close = move |tx: &mut pass_store::Tx| {
            let found = pass_store::staff::find_all(tx)?.into_iter().find(|staff| staff.name == name);
            pass_store::staff::close(tx, found.expect("a staff member of that name").id, now)
        };
        assert!(self.app.store.write(close).await.unwrap());
    }

    /// A browser with a live session of a new staff member.
    pub(crate) async fn signed_in<'a, S>(&self, service: &'a S, name: &str, role: Role) -> Browser<'a, S>
    where
        S: Service<actix_http::Request, Response = ServiceResponse<BoxBody>, Error = actix_web::Error>,
    {
        let staff = self.add(name, role).await;
        let secret = self.app.token();
        let session =
            StaffSession { hash: Hash::of(&secret), staff, expires_at: self.app.now() + Duration::from_secs(3600) };
        self.app.store.write(move |tx| pass_store::staff_sessions::insert(tx, &session)).await.unwrap();
        let mut browser = Browser::new(service);
        browser.plant("pass-staff", &secret);
        browser
    }

    /// The client as the token endpoint sees it.
    pub(crate) fn client(&self, client_id: &str) -> Client {
        self.app.directory().party(client_id).unwrap().client.clone()
    }

    /// The library's ceiling as userinfo sees it.
    pub(crate) fn ceiling(&self) -> Ceiling {
        (*self.app.directory().party("library").unwrap().ceiling).clone()
    }

    /// Another ceiling for the library, as every node knows it.
    pub(crate) async fn allow(&self, claims: &[Claim]) {
        let mut ceiling = self.ceiling();
        ceiling.version += 1;
        let entry =
            |claim: &Claim| CeilingEntry { claim: *claim, requirement: Requirement::Optional, least: Acr::Zero };
        ceiling.entries = claims.iter().map(entry).collect();
        self.app.store.write(move |tx| pass_store::ceilings::insert(tx, &ceiling)).await.unwrap();
        let app = &self.app;
        app.directory.reload(&app.store, &app.settings, &app.keys.signing).await.unwrap();
    }

    /// The `kid` of the key that signs ES256 now.
    pub(crate) async fn current_key(&self) -> String {
        let keys = self.app.store.read(pass_store::signing_keys::find_all).await.unwrap();
        let current = |key: &pass_core::domain::key::StoredKey| {
            key.alg == pass_core::domain::client::SigningAlg::ES256
                && key.state == pass_core::domain::key::KeyState::Current
        };
        keys.into_iter().find(current).unwrap().kid
    }

    pub(crate) async fn acts(&self) -> Vec<Act> {
        self.events().await.into_iter().map(|(act, _)| act).collect()
    }

    pub(crate) async fn details(&self, act: Act) -> Vec<String> {
        self.events().await.into_iter().filter(|(one, _)| *one == act).map(|(_, detail)| detail).collect()
    }

    async fn events(&self) -> Vec<(Act, String)> {
        let all = |tx: &mut pass_store::Tx| pass_store::audit::page(tx, &Default::default(), 10_000);
        let events = self.app.store.read(all).await.unwrap();
        events.into_iter().map(|chained| (chained.event.act, chained.event.detail)).collect()
    }
}

fn settings() -> Settings {
    Settings {
        issuer: ISSUER.into(),
        city: "加賀市".into(),
        https: false,
        demo: true,
        agent_url: None,
        trusted_proxies: Vec::new(),
        session: Lifetimes::default(),
        interaction: Duration::from_secs(1800),
        face_terms: Default::default(),
        evidence: pass_core::claims::verified::EvidenceRelease::None,
        attested: false,
        interactions_per_network: None,
    }
}

async fn seed(store: &Store) {
    let organisation =
        Organisation { id: OrganisationId([9; 16]), name: LocalText::same("加賀市"), public_body: true };
    let places = [
        place(1, "library", "加賀市立図書館", organisation.id),
        place(2, "kosodate", "子育て支援センター", organisation.id),
    ];
    store
        .write(move |tx| {
            pass_store::organisations::insert(tx, &organisation)?;
            for (facility, ceiling, client) in &places {
                pass_store::facilities::insert(tx, facility)?;
                pass_store::ceilings::insert(tx, ceiling)?;
                pass_store::clients::insert(tx, client)?;
            }
            Ok(())
        })
        .await
        .unwrap();
}

fn place(n: u8, slug: &str, name: &str, organisation: OrganisationId) -> (Facility, Ceiling, Client) {
    let id = FacilityId([n; 16]);
    let facility = Facility {
        id,
        organisation,
        slug: slug.into(),
        name: LocalText::same(name),
        department: LocalText::same("利用登録"),
        logo: slug.into(),
        municipality: "172065".into(),
        sector: slug.into(),
    };
    let ceiling = Ceiling {
        facility: id,
        version: 1,
        purpose: LocalText::same("市内にお住まいの方の利用登録"),
        entries: vec![CeilingEntry { claim: Claim::IsResident, requirement: Requirement::Required, least: Acr::Aal1 }],
        created_at: NOW,
    };
    let client = Client {
        id: ClientId([n; 16]),
        client_id: slug.into(),
        facility: id,
        secret: Some(Hash::of("old secret")),
        metadata: ClientMetadata {
            client_name: LocalText::same(name),
            redirect_uris: vec![format!("https://{slug}.example/cb")],
            scope: ["openid", "residence", "age"].map(String::from).to_vec(),
            id_token_signed_response_alg: SigningAlg::ES256,
            ..ClientMetadata::default()
        },
        flags: ClientFlags::default(),
        registration: None,
        created_at: NOW,
        disabled_at: None,
    };
    (facility, ceiling, client)
}
