//! The three methods against servers on this machine: right, down, slow to change, and lying.
#![expect(clippy::unwrap_used)]

use super::*;
use crate::config::{CrlSection, OcspSection, PlatformSection};
use crate::demo::platform::PlatformStandIn;
use actix_web::{App, HttpResponse, HttpServer, web};
use jpki::certificate::Purpose;
use jpki::soft::ocsp::{AnswerOrder, Said};
use jpki::soft::{Family, NamedCard, issue::Authority};
use jpki::{Enrolment, EnrolmentFields, Pin, Refusal, SignedProof};
use pass_core::Time;
use std::net::TcpListener;
use std::path::Path;
use std::sync::Mutex;

/// 2026-11-26T00:00:00Z.
const NOW: Time = Time(1_795_651_200_000);

fn statement() -> Enrolment {
    let fields = EnrolmentFields {
        issuer: "https://pass.kaga.example".into(),
        account: "h***@mail.example".into(),
        purpose: "登録".into(),
        nonce: [7; 32],
        ticket: "ticket".into(),
        issued_at: NOW.seconds(),
    };
    Enrolment::new(fields).unwrap()
}

fn proof(card: &NamedCard) -> SignedProof {
    let password = Pin::signature(&card.signature_password).unwrap();
    jpki::agent::read_and_sign(&mut card.insert(), &statement(), &password).unwrap()
}

fn family(dir: &Path) -> Family {
    Family::open_or_create(dir, NOW.seconds()).unwrap()
}

/// What comes of a proof with this method.
async fn code(family: &Family, method: &dyn Revocation, proof: &SignedProof, now: Time) -> String {
    let known = method.about(proof.into(), now).await;
    match jpki::verify(proof, &family.anchors(), &known, &statement(), now.seconds()) {
        Ok(verified) => match &verified.checks().last().unwrap().outcome {
            jpki::Outcome::Good { by, .. } => by.as_str().into(),
            other => format!("{other:?}"),
        },
        Err(refusal) => refusal.code().into(),
    }
}

/// What a server on this machine answers: a status and a body, until it is changed.
#[derive(Default)]
struct Answers(Mutex<(u16, Vec<u8>)>);

impl Answers {
    fn put(&self, status: u16, body: Vec<u8>) {
        *self.0.lock().unwrap() = (status, body);
    }
}

fn serve(answers: &Arc<Answers>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let data = web::Data::from(answers.clone());
    let server = HttpServer::new(move || {
        App::new().app_data(data.clone()).default_service(web::to(|answers: web::Data<Answers>| async move {
            let (status, body) = answers.0.lock().unwrap().clone();
            HttpResponse::build(actix_web::http::StatusCode::from_u16(status).unwrap()).body(body)
        }))
    });
    actix_web::rt::spawn(server.workers(1).disable_signals().listen(listener).unwrap().run());
    url
}

#[actix_web::test]
async fn cap_05_a_fetched_list_is_kept_while_nothing_better_comes() {
    let (cards, kept) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let family = family(cards.path());
    let answers = Arc::new(Answers::default());
    let section =
        CrlSection { folder: kept.path().into(), urls: vec![serve(&answers)], max_age_hours: Some(48), login: false };
    let method = CrlFolder::new(&section, family.anchors(), &[]).unwrap();
    let (hanako, revoked) = (proof(family.card("hanako").unwrap()), proof(family.card("revoked").unwrap()));

    assert_eq!(code(&family, &method, &hanako, NOW).await, "revocation_unknown", "nothing was fetched yet");
    answers.put(200, family.revocation_list(&["revoked"]).unwrap());
    method.refresh(NOW).await.unwrap();
    assert_eq!(code(&family, &method, &hanako, NOW).await, "crl");
    assert_eq!(code(&family, &method, &revoked, NOW).await, "revoked");

    let stranger = Authority::new(Purpose::Sign, 9, NOW.seconds()).unwrap();
    let forged = stranger.revocation_list(&[], NOW.seconds(), NOW.seconds() + 86400, None).unwrap();
    for (status, body) in [(503, Vec::new()), (200, b"<html>".to_vec()), (200, forged)] {
        answers.put(status, body);
        assert!(method.refresh(NOW).await.is_err());
        assert_eq!(code(&family, &method, &revoked, NOW).await, "revoked", "the old list still counts");
    }
    // Two days later the list is too old by the operator's own limit, though it says that it holds for thirty.
    let later = Time(NOW.0 + 48 * 3_600_000);
    assert_eq!(code(&family, &method, &hanako, later).await, "revocation_unknown");
    let login = jpki::revocation::Asked { purpose: Purpose::Auth, ..(&hanako).into() };
    assert!(format!("{:?}", method.about(login, NOW).await).contains("login certificates"), "said, not passed over");
}

#[actix_web::test]
async fn cap_05_an_older_list_does_not_take_the_place_of_a_newer_one() {
    let (cards, kept) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let family = family(cards.path());
    let answers = Arc::new(Answers::default());
    let section =
        CrlSection { folder: kept.path().into(), urls: vec![serve(&answers)], max_age_hours: None, login: false };
    let method = CrlFolder::new(&section, family.anchors(), &[]).unwrap();
    let older = Family::open_or_create(cards.path(), NOW.seconds() - 3600).unwrap().revocation_list(&[]).unwrap();
    answers.put(200, family.revocation_list(&["revoked"]).unwrap());
    method.refresh(NOW).await.unwrap();
    answers.put(200, older);
    assert!(method.refresh(NOW).await.is_err());
    let revoked = proof(family.card("revoked").unwrap());
    assert_eq!(code(&family, &method, &revoked, NOW).await, "revoked");
}

/// A responder for the family's cards that says one thing of all.
fn responder(family: Family, said: Arc<Mutex<Option<Said>>>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let data = web::Data::new((family, said));
    let server = HttpServer::new(move || {
        App::new().app_data(data.clone()).default_service(web::to(
            |room: web::Data<(Family, Arc<Mutex<Option<Said>>>)>, asked: web::Bytes| async move {
                let Some(said) = *room.1.lock().unwrap() else { return HttpResponse::ServiceUnavailable().finish() };
                let order = AnswerOrder::new(said, NOW.seconds());
                HttpResponse::Ok().body(room.0.ocsp_answer(&asked, &order).unwrap())
            },
        ))
    });
    actix_web::rt::spawn(server.workers(1).disable_signals().listen(listener).unwrap().run());
    url
}

#[actix_web::test]
async fn cap_05_the_responder_is_asked_about_each_card() {
    let cards = tempfile::tempdir().unwrap();
    let family = family(cards.path());
    let said = Arc::new(Mutex::new(Some(Said::Good)));
    let url = responder(self::family(cards.path()), said.clone());
    let section = OcspSection { url, login_url: None, require_nonce: true, max_age_minutes: Some(10) };
    let method = Responder::new(&section, family.anchors(), &[]).unwrap();
    let hanako = proof(family.card("hanako").unwrap());
    for (says, wanted) in [
        (Some(Said::Good), "ocsp"),
        (Some(Said::Revoked), "revoked"),
        (Some(Said::Unknown), "revocation_unknown"),
        (None, "revocation_unknown"),
    ] {
        *said.lock().unwrap() = says;
        assert_eq!(code(&family, &method, &hanako, NOW).await, wanted, "{says:?}");
    }
    let gone = OcspSection { url: "http://127.0.0.1:9".into(), ..section };
    let gone = Responder::new(&gone, family.anchors(), &[]).unwrap();
    assert_eq!(code(&family, &gone, &hanako, NOW).await, "revocation_unknown", "nobody there: never passed");
}

#[actix_web::test]
async fn cap_05_the_platform_links_a_renewed_card_and_knows_a_revoked_one() {
    let (cards, files) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let family = family(cards.path());
    let stand_in = PlatformStandIn::new().unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    stand_in.serve(listener).unwrap();
    let key = files.path().join("platform.pem");
    std::fs::write(&key, &stand_in.public_key).unwrap();
    let section = PlatformSection { url, sender: "PASS".into(), encryption_key: key, token_file: None, login: true };
    let method = PlatformOperator::new(&section, &[]).unwrap();
    let (hanako, ken) = (proof(family.card("hanako").unwrap()), proof(family.card("ken").unwrap()));

    let applicant = async |proof: &SignedProof| method.about(proof.into(), NOW).await.applicant().map(str::to_owned);
    let first = applicant(&hanako).await.unwrap();
    assert_eq!(applicant(&hanako).await.as_ref(), Some(&first), "registered twice is one person");
    assert_ne!(applicant(&ken).await.unwrap(), first);
    assert_eq!(code(&family, &method, &hanako, NOW).await, "platform");

    // A card that J-LIS says follows hanako's: one id for both.
    let aoi = proof(family.card("aoi").unwrap());
    stand_in.follow(&aoi.sign_certificate.0, &hanako.sign_certificate.0);
    assert_eq!(applicant(&aoi).await, Some(first));

    // The login certificate: unknown there, then known, then its signature certificate is revoked.
    let login = jpki::revocation::Asked { purpose: Purpose::Auth, ..(&ken).into() };
    let of =
        |known: RevocationData| jpki::verify(&ken, &family.anchors(), &known, &statement(), NOW.seconds()).map(drop);
    assert_eq!(of(method.about(login, NOW).await), Err(Refusal::RevocationUnknown), "404");
    stand_in.pair(&ken.sign_certificate.0, &hanako.sign_certificate.0);
    assert_eq!(of(method.about(login, NOW).await), Ok(()));
    stand_in.revoke(&hanako.sign_certificate.0);
    assert_eq!(of(method.about(login, NOW).await), Err(Refusal::Revoked), "410");
    assert_eq!(code(&family, &method, &hanako, NOW).await, "revoked", "401");

    let gone = PlatformSection { url: "http://127.0.0.1:9".into(), ..section };
    let gone = PlatformOperator::new(&gone, &[]).unwrap();
    assert_eq!(code(&family, &gone, &ken, NOW).await, "revocation_unknown");
}

#[actix_web::test]
async fn cap_05_an_answer_of_the_platform_to_somebody_else_is_none() {
    let (cards, files) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let family = family(cards.path());
    let answers = Arc::new(Answers::default());
    let key = files.path().join("platform.pem");
    std::fs::write(&key, &PlatformStandIn::new().unwrap().public_key).unwrap();
    let url = serve(&answers);
    let section = PlatformSection { url, sender: "PASS".into(), encryption_key: key, token_file: None, login: false };
    let method = PlatformOperator::new(&section, &[]).unwrap();
    let hanako = proof(family.card("hanako").unwrap());
    for (status, body) in [
        (200, r#"{"responseInfo":{"transactionId":"other"},"applicantId":"X"}"#),
        (200, "{}"),
        (500, r#"{"responseInfo":{"transactionId":"other"}}"#),
        (302, ""),
    ] {
        answers.put(status, body.into());
        assert_eq!(code(&family, &method, &hanako, NOW).await, "revocation_unknown", "{status} {body}");
    }
}
