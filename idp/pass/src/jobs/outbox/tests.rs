//! Notices on their way: a real store, a real receiver on loopback, a clock of its own.

use super::*;
use crate::installation::{Parts, build};
use crate::wiring::OutgoingRules;
use jpki::RevocationData;
use pass_core::claims::verified::EvidenceRelease;
use pass_core::domain::client::{Client, ClientFlags, ClientMetadata, SigningAlg};
use pass_core::domain::facility::{Ceiling, Facility, Organisation};
use pass_core::domain::outbox::LogoutNotice;
use pass_core::domain::words::LocalText;
use pass_core::id::{ClientId, FacilityId, OrganisationId};
use pass_core::ports::{Answer, Revocation};
use pass_core::seal::WrappingSecret;
use pass_core::{Clock, Time};
use pass_web::Settings;
use std::sync::Mutex;
use std::sync::atomic::{AtomicI64, Ordering::SeqCst};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

const START: Time = Time(1_791_158_400_000);

struct Moving(AtomicI64);

impl Clock for Moving {
    fn now(&self) -> Time {
        Time(self.0.load(SeqCst))
    }
}

struct Nothing;

impl Revocation for Nothing {
    fn of_sign_certificates(&self) -> RevocationData {
        RevocationData::none("a test")
    }

    fn of_login_certificates(&self) -> RevocationData {
        RevocationData::none("a test")
    }
}

impl Mailer for Nothing {
    fn send<'a>(&'a self, _: &'a Mail) -> Answer<'a, Result<(), Fault>> {
        Box::pin(async { Err(Fault::new("these tests send no mail")) })
    }
}

/// A client's server: answers with these statuses in turn, then 200, and keeps the tokens.
struct Receiver {
    port: u16,
    tokens: Arc<Mutex<Vec<String>>>,
}

impl Receiver {
    async fn answering(listener: TcpListener, statuses: &[u16]) -> Self {
        let (port, tokens) = (listener.local_addr().unwrap().port(), Arc::new(Mutex::new(Vec::new())));
        let (kept, mut statuses) = (tokens.clone(), statuses.to_vec());
        tokio::spawn(async move {
            loop {
                let (mut stream, _) = listener.accept().await.unwrap();
                let mut request = String::new();
                let token = loop {
                    let mut chunk = [0; 4096];
                    let read = stream.read(&mut chunk).await.unwrap();
                    request.push_str(std::str::from_utf8(&chunk[..read]).unwrap());
                    if let Some((head, body)) = request.split_once("\r\n\r\n")
                        && head
                            .to_ascii_lowercase()
                            .lines()
                            .any(|line| line == format!("content-length: {}", body.len()))
                    {
                        assert!(head.starts_with("POST /out HTTP/1.1"), "{head}");
                        assert!(head.contains("application/x-www-form-urlencoded"), "{head}");
                        break body.strip_prefix("logout_token=").unwrap().to_owned();
                    }
                };
                kept.lock().unwrap().push(token);
                let status = if statuses.is_empty() { 200 } else { statuses.remove(0) };
                let answer =
                    format!("HTTP/1.1 {status} X\r\nlocation: /out\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
                stream.write_all(answer.as_bytes()).await.unwrap();
            }
        });
        Self { port, tokens }
    }
}

struct Stand {
    app: Arc<App>,
    clock: Arc<Moving>,
    room: Arc<Semaphore>,
    _folder: tempfile::TempDir,
}

impl Stand {
    async fn telling(port: u16) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = pass_store::Store::open(&pass_store::Config::Sqlite {
            path: folder.path().join("pass.sqlite3"),
            keys_path: folder.path().join("keys.sqlite3"),
        })
        .unwrap();
        store.migrate().unwrap();
        let address = format!("http://127.0.0.1:{port}/out");
        store.write(move |tx| library(tx, &address)).await.unwrap();
        let parts = Parts {
            settings: settings(),
            store,
            secret: WrappingSecret::new([7; 32]),
            faces: Arc::new(crate::wiring::Faces::new(&Default::default(), false)),
            revocation: Arc::new(Nothing),
            upstream: None,
            anchors: jpki::Anchors::production(),
            text_anchors: jpki::TextAnchors::production(),
            outgoing: OutgoingRules { danger_allow_loopback: true, ..OutgoingRules::default() },
        };
        let clock = Arc::new(Moving(AtomicI64::new(START.0)));
        let mut app = Arc::into_inner(build(parts).await.unwrap()).unwrap();
        app.clock = clock.clone();
        Self { app: Arc::new(app), clock, room: Arc::new(Semaphore::new(NOTICES)), _folder: folder }
    }

    async fn write(&self, sid: &str) {
        let notice = LogoutNotice {
            client: ClientId([1; 16]),
            sub: "her sub".into(),
            sid: Some(sid.into()),
            jti: format!("jti of {sid}"),
        };
        let item = Message::Logout(notice).seal(&self.app.keys.outbox, &*self.app.entropy, self.app.now()).unwrap();
        self.app.store.write(move |tx| pass_store::outbox::insert(tx, &item)).await.unwrap();
    }

    /// One round of the job, a moment later, until everything it began is over.
    async fn round(&self, later: Duration) -> usize {
        self.clock.0.fetch_add(i64::try_from(later.as_millis()).unwrap(), SeqCst);
        let claimed = send_due(&self.app, &Nothing, &self.room).await.unwrap();
        drop(self.room.acquire_many(u32::try_from(NOTICES).unwrap()).await.unwrap());
        claimed
    }

    fn claims(&self, token: &str) -> serde_json::Map<String, serde_json::Value> {
        let read = self.app.directory().keys.verify(token).unwrap();
        assert_eq!(read.typ.as_deref(), Some("logout+jwt"));
        read.claims
    }
}

#[actix_web::test]
async fn cap_49_a_refused_notice_comes_again_later_and_arrives_once() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let receiver = Receiver::answering(listener, &[503, 302, 400]).await;
    let stand = Stand::telling(receiver.port).await;
    stand.write("s").await;
    let mut rounds = 0;
    while receiver.tokens.lock().unwrap().len() < 4 {
        stand.round(Duration::from_mins(1)).await;
        rounds += 1;
        assert!(rounds < 20, "it never arrived");
    }
    // Taken: never again.
    for _ in 0..5 {
        assert_eq!(stand.round(Duration::from_hours(1)).await, 0);
    }
    let tokens = receiver.tokens.lock().unwrap().clone();
    let all: Vec<_> = tokens.iter().map(|token| stand.claims(token)).collect();
    assert_eq!(all.len(), 4);
    for claims in &all {
        assert_eq!((&claims["sub"], &claims["sid"]), (&"her sub".into(), &"s".into()));
        assert_eq!((&claims["aud"], &claims["jti"]), (&"library".into(), &"jti of s".into()));
        assert_eq!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), 120);
    }
    // Each try is signed anew.
    assert!(all.windows(2).all(|pair| pair[0]["iat"].as_i64() < pair[1]["iat"].as_i64()));
}

#[actix_web::test]
async fn cap_49_a_client_that_is_down_for_a_minute_is_told_when_it_is_back() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let stand = Stand::telling(port).await;
    stand.write("s").await;
    for _ in 0..6 {
        stand.round(Duration::from_secs(10)).await;
    }
    let receiver = Receiver::answering(TcpListener::bind(("127.0.0.1", port)).await.unwrap(), &[204]).await;
    for _ in 0..10 {
        stand.round(Duration::from_mins(1)).await;
    }
    assert_eq!(receiver.tokens.lock().unwrap().len(), 1);
}

#[actix_web::test]
async fn a_message_that_cannot_be_read_keeps_no_other_waiting() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let receiver = Receiver::answering(listener, &[]).await;
    let stand = Stand::telling(receiver.port).await;
    let broken = OutboxItem {
        id: pass_core::id::OutboxId([0; 16]),
        sealed: vec![1, 2, 3],
        due_at: START - Duration::from_secs(1),
        tries: 0,
        sent_at: None,
    };
    stand.app.store.write(move |tx| pass_store::outbox::insert(tx, &broken)).await.unwrap();
    stand.write("a").await;
    stand.write("b").await;
    assert_eq!(stand.round(Duration::from_secs(1)).await, 3);
    assert_eq!(receiver.tokens.lock().unwrap().len(), 2);
}

fn library(tx: &mut pass_store::Tx, address: &str) -> Result<(), Fault> {
    let (organisation, facility) = (OrganisationId([1; 16]), FacilityId([1; 16]));
    pass_store::organisations::insert(
        tx,
        &Organisation { id: organisation, name: LocalText::same("City"), public_body: true },
    )?;
    pass_store::facilities::insert(
        tx,
        &Facility {
            id: facility,
            organisation,
            slug: "library".into(),
            name: LocalText::same("Library"),
            department: LocalText::default(),
            logo: "library".into(),
            municipality: "172065".into(),
            sector: "library.kaga".into(),
        },
    )?;
    let purpose = LocalText::same("Test");
    pass_store::ceilings::insert(
        tx,
        &Ceiling { facility, version: 1, purpose, entries: Vec::new(), created_at: START },
    )?;
    let metadata = ClientMetadata {
        redirect_uris: vec!["https://library.example/cb".into()],
        id_token_signed_response_alg: SigningAlg::ES256,
        backchannel_logout_uri: Some(address.into()),
        ..ClientMetadata::default()
    };
    pass_store::clients::insert(
        tx,
        &Client {
            id: ClientId([1; 16]),
            client_id: "library".into(),
            facility,
            secret: None,
            metadata,
            flags: ClientFlags::default(),
            created_at: START,
            registration: None,
            disabled_at: None,
        },
    )
}

fn settings() -> Settings {
    Settings {
        face_terms: Default::default(),
        issuer: "http://localhost:8080".into(),
        city: "加賀市".into(),
        https: false,
        demo: false,
        agent_url: None,
        trusted_proxies: Vec::new(),
        session: Default::default(),
        interaction: Duration::from_mins(30),
        interactions_per_network: None,
        evidence: EvidenceRelease::None,
        attested: false,
    }
}
