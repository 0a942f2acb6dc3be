//! A stand-in issuer: two endpoints over real HTTP, and `jpki::verify` behind them.

use actix_web::{App, HttpResponse, HttpServer, web};
use jpki::soft::Family;
use jpki::{
    AnyFields, AnyStatement, ConsentFields, ConsentValue, EnrolmentFields, LoginFields, LoginProof, SignedProof,
};
use pass_core::Clock;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::net::TcpListener;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use tokio::sync::{Mutex as Gate, OwnedMutexGuard, Semaphore};

pub(super) const ACCOUNT: &str = "h***@mail.example";
pub(super) const PURPOSE: &str = "カードの氏名、住所、生年月日、性別を登録します。";

pub(super) struct StandIn {
    pub(super) url: String,
    state: Arc<State>,
}

struct State {
    url: String,
    family: Family,
    statements: Mutex<HashMap<String, Option<AnyStatement>>>,
    outcomes: Mutex<Vec<String>>,
    received: Mutex<Vec<String>>,
    down: AtomicBool,
    gate: Arc<Gate<()>>,
    asked: Semaphore,
}

impl StandIn {
    pub(super) fn start(family: Family) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let state = Arc::new(State {
            url: url.clone(),
            family,
            statements: Mutex::default(),
            outcomes: Mutex::default(),
            received: Mutex::default(),
            down: AtomicBool::new(false),
            gate: Arc::default(),
            asked: Semaphore::new(0),
        });
        let data = web::Data::from(state.clone());
        let server = HttpServer::new(move || {
            App::new()
                .app_data(data.clone())
                .route("/card/statement", web::post().to(statement))
                .route("/card/result", web::post().to(result))
        });
        actix_web::rt::spawn(server.workers(1).disable_signals().listen(listener).unwrap().run());
        Self { url, state }
    }

    /// What came of each proof.
    pub(super) fn outcomes(&self) -> Vec<String> {
        self.state.outcomes.lock().unwrap().clone()
    }

    /// Every body that came, with base64 in it opened.
    pub(super) fn received(&self) -> Vec<String> {
        self.state.received.lock().unwrap().clone()
    }

    pub(super) fn down(&self, down: bool) {
        self.state.down.store(down, Ordering::SeqCst);
    }

    /// While held, no proof is answered.
    pub(super) fn hold(&self) -> OwnedMutexGuard<()> {
        self.state.gate.clone().try_lock_owned().unwrap()
    }

    /// Waits until a proof has come.
    pub(super) async fn asked_for_result(&self) {
        self.state.asked.acquire().await.unwrap().forget();
    }
}

async fn statement(state: web::Data<State>, body: String) -> HttpResponse {
    state.received.lock().unwrap().push(body.clone());
    let ticket = serde_json::from_str::<Value>(&body).unwrap()["ticket"].as_str().unwrap().to_string();
    let mut fields = EnrolmentFields {
        issuer: state.url.clone(),
        account: ACCOUNT.into(),
        purpose: PURPOSE.into(),
        nonce: [7; 32],
        ticket: format!("hash of {ticket}"),
        issued_at: crate::wiring::SystemClock.now().seconds(),
    };
    match ticket.as_str() {
        "gone" => return refused("ticket_expired"),
        "too-many" => return refused("too_many_requests"),
        "redirect" => return HttpResponse::TemporaryRedirect().insert_header(("location", "/elsewhere")).finish(),
        "names-another" => fields.issuer = "http://127.0.0.1:1".into(),
        "deceives" => fields.account = "a\nticket=b".into(),
        "huge" => fields.purpose = "a".repeat(100_000),
        _ => {}
    }
    let coming = LoginFields {
        issuer: fields.issuer.clone(),
        purpose: fields.purpose.clone(),
        nonce: fields.nonce,
        ticket: fields.ticket.clone(),
        issued_at: fields.issued_at,
    };
    let any = match ticket.as_str() {
        one if one.starts_with("login") => AnyFields::Login(coming),
        one if one.starts_with("recovery") => AnyFields::Recovery(coming),
        one if one.starts_with("consent") => AnyFields::Consent(consent(&fields)),
        _ => AnyFields::Enrolment(fields),
    };
    let mut answer = serde_json::to_value(&any).unwrap();
    if ticket == "digest" {
        answer["digest"] = json!("00");
    }
    let used = matches!(state.statements.lock().unwrap().get(&ticket), Some(None));
    if used {
        return refused("ticket_expired");
    }
    if let Ok(statement) = any.check() {
        state.statements.lock().unwrap().insert(ticket, Some(statement));
    }
    HttpResponse::Ok().json(answer)
}

async fn result(state: web::Data<State>, body: String) -> HttpResponse {
    if state.down.load(Ordering::SeqCst) {
        return HttpResponse::BadGateway().finish();
    }
    state.asked.add_permits(1);
    let _open = state.gate.lock().await;
    let posted: Value = serde_json::from_str(&body).unwrap();
    let proof: Option<SignedProof> = serde_json::from_value(posted["proof"].clone()).unwrap();
    let login: Option<LoginProof> = serde_json::from_value(posted["login"].clone()).unwrap();
    let opened = [proof.as_ref().map(|one| &one.statement), login.as_ref().map(|one| &one.statement)];
    let opened = opened.into_iter().flatten().map(|statement| String::from_utf8_lossy(&statement.0).into_owned());
    state.received.lock().unwrap().extend(opened.chain([body]));
    let ticket = posted["ticket"].as_str().unwrap().to_string();
    let completion = format!("secret-of-{ticket}");
    // Taken once, as the issuer does.
    let Some(Some(expected)) = state.statements.lock().unwrap().insert(ticket, None) else {
        return refused("ticket_expired");
    };
    let (anchors, revocation) = (state.family.anchors(), state.family.revocation());
    let now = crate::wiring::SystemClock.now().seconds();
    let verdict = match (&expected, &proof, &login) {
        (AnyStatement::Enrolment(expected), Some(proof), _) => {
            jpki::verify(proof, &anchors, &revocation, expected, now).map(drop)
        }
        (AnyStatement::Recovery(expected), Some(proof), _) => {
            jpki::verify_recovery(proof, &anchors, &revocation, expected, now).map(drop)
        }
        (AnyStatement::Consent(expected), Some(proof), None) => {
            jpki::verify_consent(proof, &anchors, &revocation, expected, now).map(drop)
        }
        (AnyStatement::Login(expected), None, Some(login)) => {
            jpki::verify_login(login, &anchors, &state.family.login_revocation(), expected, now).map(drop)
        }
        _ => Err(jpki::Refusal::ForeignStatement),
    };
    let outcome = verdict.map_or_else(|refusal| refusal.code(), |()| "verified");
    state.outcomes.lock().unwrap().push(outcome.to_string());
    let answer = json!({ "outcome": outcome, "completion": completion });
    if outcome == "verified" {
        HttpResponse::Ok().json(answer)
    } else {
        HttpResponse::UnprocessableEntity().json(answer)
    }
}

fn consent(like: &EnrolmentFields) -> ConsentFields {
    let value = |claim: &str, value: &str| ConsentValue { claim: claim.into(), value: value.into() };
    ConsentFields {
        issuer: like.issuer.clone(),
        facility: "加賀市立図書館".into(),
        purpose: "市内にお住まいの方の利用登録".into(),
        values: vec![value("residence_city", "加賀市"), value("is_resident", "はい"), value("x_later", "<b>1</b>")],
        nonce: like.nonce,
        ticket: like.ticket.clone(),
        issued_at: like.issued_at,
    }
}

fn refused(outcome: &str) -> HttpResponse {
    HttpResponse::UnprocessableEntity().json(json!({ "outcome": outcome }))
}
