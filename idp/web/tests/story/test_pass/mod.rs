//! `TestPass`: a whole issuer in this process. It refuses leftovers: a mail that a test caused and never read fails the test.

mod browser;
mod card;
mod city;
mod client;
mod national;
mod parts;
mod passkey;

pub(crate) use browser::{Browser, Reply};
pub(crate) use card::Agent;
pub(crate) use client::{Asking, Tokens};
pub(crate) use parts::place;
pub(crate) use passkey::Device;

use actix_web::test::{TestRequest, init_service};
use actix_web::web::{self, Data};
use futures_util::FutureExt as _;
use jpki::soft::{Family, NamedCard};
use parts::{FixedClock, Matcher};
use pass_core::Time;
use pass_core::authn::mail_code::Address;
use pass_core::authn::session::Lifetimes;
use pass_core::claims::verified::EvidenceRelease;
use pass_core::domain::account::{Credential, CredentialKind};
use pass_core::domain::audit::{Act, AuditEvent};
use pass_core::domain::client::Client;
use pass_core::domain::outbox::{LogoutNotice, Message};
use pass_core::domain::person::DeclaredRecord;
use pass_core::domain::words::Language;
use pass_core::id::{AccountId, ClientId, PersonId};
use pass_core::ports::Mail;
use pass_core::seal::WrappingSecret;
use pass_core::secret::Hash;
use pass_store::testing::{Seeded, TestDatabase};
use pass_web::account::{New, create};
use pass_web::directory::{Directory, DirectoryCell};
use pass_web::limits::Limits;
use pass_web::{App, Keys, Settings, demo};
use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

/// 2026-10-05T09:00:00+09:00: no certificate of the family has ended yet.
pub(crate) const START: Time = Time(1_791_158_400_000);
/// The issuer, as the demo has it.
pub(crate) const ISSUER: &str = "http://localhost:8080";
/// The card agent's address.
pub(crate) const AGENT: &str = "http://127.0.0.1:8084";

/// One issuer.
pub(crate) struct TestPass {
    /// The application under test.
    pub(crate) app: Arc<App>,
    /// Soft cards and their PKI.
    pub(crate) family: &'static Family,
    clock: Arc<FixedClock>,
    call: parts::Call,
    read: Cell<usize>,
    /// The rest of the world.
    pub(crate) elsewhere: Arc<parts::Elsewhere>,
    database: TestDatabase,
}

/// How a test wants it.
#[derive(Clone, Copy, Default)]
pub(crate) struct Wish {
    /// With face models, where the machine has them.
    pub(crate) faces: bool,
    /// Interactions that strangers of one network may begin.
    pub(crate) interactions_per_network: Option<usize>,
}

/// Somebody with an account and the test authenticator.
#[derive(Clone)]
pub(crate) struct Somebody {
    /// Test id, also the local part of the mail address.
    pub(crate) login: String,
    /// The account.
    pub(crate) account: AccountId,
    /// Its person.
    pub(crate) person: PersonId,
}

impl TestPass {
    /// An issuer with a library and a child-care centre, and nobody in it.
    pub(crate) async fn new() -> Self {
        Self::with(Wish::default()).await
    }

    /// The same with faces.
    pub(crate) async fn with(wish: Wish) -> Self {
        let database = pass_store::testing::sqlite();
        let clock = Arc::new(FixedClock::new(START));
        let entropy = Arc::new(Seeded::new(1));
        let keys = Keys::derive(&WrappingSecret::new([7; 32]));
        let family = card::family();
        let elsewhere = Arc::new(parts::Elsewhere::new(clock.clone(), national::service(family)));
        city::found(&database.store, &keys, &*entropy).await;
        let directory = Directory::load(&database.store, &settings(), &keys.signing).await.unwrap();
        let app = Arc::new(App {
            settings: Settings { interactions_per_network: wish.interactions_per_network, ..settings() },
            store: database.store.clone(),
            directory: DirectoryCell::new(directory),
            keys,
            clock: clock.clone(),
            entropy,
            faces: Arc::new(if wish.faces { Matcher::real() } else { Matcher::missing() }),
            revocation: Arc::new(parts::Lists(family.revocation())),
            outgoing: elsewhere.clone(),
            upstream: Some(national::upstream()),
            anchors: family.anchors(),
            text_anchors: family.text_anchors(),
            outbox: tokio::sync::Notify::new(),
            client_keys: pass_web::ClientKeys::default(),
            request_objects: pass_web::RequestObjects::default(),
            galleries: pass_web::face::Galleries::default(),
            limits: Limits::default(),
        });
        let call = calling(app.clone()).await;
        Self { app, elsewhere, family, clock, call, read: Cell::new(0), database }
    }

    /// Time passes.
    pub(crate) fn wait(&self, by: Duration) {
        self.clock.forward(by);
    }

    /// Where its database is.
    pub(crate) fn database(&self) -> &pass_store::Config {
        &self.database.config
    }

    /// A browser without a cookie.
    pub(crate) fn browser(&self) -> Browser {
        Browser::new(self.call.clone())
    }

    /// Transactions committed so far.
    pub(crate) fn commits(&self) -> u64 {
        self.app.store.stats().commits
    }

    /// Rows of the lazy queue written so far.
    pub(crate) fn lazy_rows(&self) -> u64 {
        self.app.store.stats().lazy
    }

    /// Writes what waits in the lazy queue.
    pub(crate) async fn flush(&self) {
        self.app.store.write(|_| Ok(())).await.unwrap();
    }

    /// Opens an account with a mail address and the test authenticator; nothing is proven.
    pub(crate) async fn declared(&self, login: &str) -> Somebody {
        let email = format!("{login}@example.jp");
        let address = Address::parse(&email).unwrap();
        let now = self.app.now();
        let declared = DeclaredRecord {
            email: Some(email),
            email_verified: true,
            updated_at: Some(now),
            ..DeclaredRecord::default()
        };
        let lookup = demo::lookup(&self.app, login);
        let test = move |account, id| Credential {
            id,
            account,
            kind: CredentialKind::Test,
            lookup,
            public: Hash::of("secret").0.to_vec(),
            label: String::new(),
            created_at: now,
            last_used_at_lazy: None,
        };
        let extra: Vec<Box<dyn FnOnce(_, _) -> _ + Send>> = vec![Box::new(test)];
        let new = New { now, language: Language::Ja, declared, address: Some(&address), extra };
        let (account, person) = create(&self.app, new).await.unwrap();
        Somebody { login: login.into(), account, person }
    }

    /// The same, proofed with the soft card of that name through the real path: ticket, agent, card, return, settlement.
    pub(crate) async fn proofed(&self, login: &str) -> Somebody {
        let somebody = self.declared(login).await;
        let browser = self.browser();
        browser.sign_in_at_home(login).await;
        let confirm = browser.proof(self.card(login)).await;
        assert!(confirm.body.contains("pass-card-keep"), "{} is not proofed: {}", login, confirm.body);
        browser.press(&confirm, &[("decision", "keep")]).await;
        somebody
    }

    /// Takes the test authenticator away, as outside the demo.
    pub(crate) async fn forget_test_credential(&self, somebody: &Somebody) {
        let (account, lookup) = (somebody.account, demo::lookup(&self.app, &somebody.login));
        let gone = self.app.store.write(move |tx| {
            match pass_store::credentials::find_by_lookup(tx, CredentialKind::Test, &lookup)? {
                Some(credential) => pass_store::credentials::remove(tx, account, credential.id),
                None => Ok(false),
            }
        });
        assert!(gone.await.unwrap());
    }

    /// A soft card.
    pub(crate) fn card(&self, name: &str) -> &'static NamedCard {
        self.family.card(name).unwrap()
    }

    /// The mails to an address, the newest first. Reading them is what a test must do with every mail it caused.
    pub(crate) async fn mails(&self, to: &str) -> Vec<Mail> {
        let all = self.outbox();
        self.read.set(all.len());
        all.into_iter().filter(|mail| mail.to == to).collect()
    }

    /// The six digits of the newest mail to an address.
    pub(crate) async fn code(&self, to: &str) -> String {
        let mails = self.mails(to).await;
        let subject = &mails.first().unwrap_or_else(|| panic!("no mail")).subject;
        subject.chars().filter(char::is_ascii_digit).collect()
    }

    /// The logout notices written so far, the newest first.
    pub(crate) fn notices(&self) -> Vec<LogoutNotice> {
        let notice = |message| match message {
            Message::Logout(notice) => Some(notice),
            Message::Mail(_) => None,
        };
        self.messages().into_iter().filter_map(notice).collect()
    }

    /// The client is registered otherwise from now on.
    pub(crate) async fn change(&self, client_id: &str, how: impl FnOnce(&mut Client)) {
        let mut client = self.app.directory().party(client_id).unwrap().client.clone();
        how(&mut client);
        let change = move |tx: &mut pass_store::Tx| {
            pass_store::clients::replace_metadata(tx, client.id, &client.metadata, &client.flags)
        };
        assert!(self.app.store.write(change).await.unwrap());
        self.app.reload().await.unwrap();
    }

    /// The client is told of ended sessions from now on.
    pub(crate) async fn tell(&self, client_id: &'static str, session_required: bool) -> ClientId {
        let party = self.app.directory().party(client_id).unwrap().clone();
        let (id, flags, mut metadata) = (party.client.id, party.client.flags.clone(), party.client.metadata.clone());
        metadata.backchannel_logout_uri = Some(format!("https://{client_id}.example/out"));
        metadata.backchannel_logout_session_required = session_required;
        let change = move |tx: &mut pass_store::Tx| pass_store::clients::replace_metadata(tx, id, &metadata, &flags);
        assert!(self.app.store.write(change).await.unwrap());
        self.app.reload().await.unwrap();
        id
    }

    fn outbox(&self) -> Vec<Mail> {
        let mail = |message| match message {
            Message::Mail(letter) => Some(Mail { to: letter.to, subject: letter.subject, body: letter.body }),
            Message::Logout(_) => None,
        };
        self.messages().into_iter().filter_map(mail).collect()
    }

    fn messages(&self) -> Vec<Message> {
        let found = self.app.store.read_now(|tx| pass_store::outbox::find_newest(tx, 1_000)).now_or_never();
        let items = found.expect("SQLite reads inline").unwrap();
        items.iter().map(|item| Message::open(item, &self.app.keys.outbox).unwrap()).collect()
    }

    /// What the audit log says of a person, the oldest first.
    pub(crate) async fn acts(&self, person: PersonId) -> Vec<Act> {
        self.events(person).await.into_iter().map(|event| event.act).collect()
    }

    /// The events themselves.
    pub(crate) async fn events(&self, person: PersonId) -> Vec<AuditEvent> {
        let filter = pass_store::audit::Filter { person: Some(person), ..Default::default() };
        let page = self.app.store.read(move |tx| pass_store::audit::page(tx, &filter, 1_000)).await.unwrap();
        page.into_iter().rev().map(|row| row.event).collect()
    }
}

impl Drop for TestPass {
    fn drop(&mut self) {
        let (sent, read) = (self.outbox().len(), self.read.get());
        assert!(std::thread::panicking() || sent == read, "leftover: {} mails were never read", sent - read);
    }
}

fn settings() -> Settings {
    Settings {
        issuer: ISSUER.into(),
        city: "加賀市".into(),
        https: false,
        demo: true,
        agent_url: Some(AGENT.into()),
        trusted_proxies: Vec::new(),
        session: Lifetimes::default(),
        interaction: Duration::from_secs(30 * 60),
        interactions_per_network: None,
        face_terms: Default::default(),
        evidence: EvidenceRelease::Pairwise,
        attested: true,
    }
}

async fn calling(app: Arc<App>) -> parts::Call {
    let actix = actix_web::App::new()
        .wrap(pass_web::too_large::answers())
        .app_data(Data::from(app))
        .configure(pass_web::routes)
        .default_service(web::to(pass_web::step::not_found));
    let service = Rc::new(init_service(actix).await);
    Rc::new(move |request: TestRequest| {
        let service = service.clone();
        async move {
            let answer = actix_web::test::call_service(&*service, request.to_request()).await;
            Reply::read(answer).await
        }
        .boxed_local()
    })
}
