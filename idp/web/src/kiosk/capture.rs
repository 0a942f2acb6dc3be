//! `GET` and `POST /kiosk/{facility}/capture`: a nonce, and the pictures that were signed with it.

use super::call::raise;
use super::mask::greeted;
use super::{Refused, here, say, seen};
use crate::app::App;
use crate::face::{Identified, identify};
use crate::people::{self, Records};
use crate::pictures::{self, Posted};
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use pass_core::domain::audit::{Act, Actor, AuditEvent};
use pass_core::domain::facility::Facility;
use pass_core::domain::proofing::ProofingStatus;
use pass_core::domain::reception::{Direction, FeeClass, ReceptionEvent, Terminal, Way};
use pass_core::face::{NotEnrolled, Unavailable};
use pass_core::id::{AuditId, PersonId, ReceptionEventId, StaffCallId};
use pass_core::reception::session::{self, Event, State};
use pass_core::reception::{capture, visit};
use pass_core::secret::from_base64url;
use pass_core::{Fault, Time};
use serde_json::{Value, json};
use std::time::Duration;

/// Somebody who stands before the camera a moment longer is not received twice; who chose to leave leaves.
const AGAIN: Duration = Duration::from_secs(60);
/// Longer than this nobody stood there.
const LONGEST: Duration = Duration::from_secs(600);

/// A nonce for the next pictures.
pub(super) async fn nonce(app: web::Data<App>, request: HttpRequest, slug: web::Path<String>) -> HttpResponse {
    match here(&app, &request, &slug).await {
        Ok((_, terminal)) => {
            let now = app.now();
            seen(&app, &terminal, now);
            let nonce = capture::nonce(&app.keys.forms, terminal.id, now, &*app.entropy);
            say(StatusCode::OK, &json!({ "nonce": nonce }))
        }
        Err(refused) => refused.answer(),
    }
}

/// The pictures.
pub(super) async fn post(
    app: web::Data<App>,
    request: HttpRequest,
    slug: web::Path<String>,
    payload: web::Payload,
) -> HttpResponse {
    match received(&app, &request, &slug, payload).await {
        Ok(told) => say(StatusCode::OK, &told),
        Err(refused) => refused.answer(),
    }
}

async fn received(app: &App, request: &HttpRequest, slug: &str, payload: web::Payload) -> Result<Value, Refused> {
    // Nothing of the body is read before it is known that this device may send a picture.
    let (facility, terminal) = here(app, request, slug).await?;
    if !app.limits.allow_look(terminal.id) {
        return Err(Refused::Limit);
    }
    let posted = pictures::read(request, payload).await.map_err(|_| Refused::Capture)?;
    let now = app.now();
    genuine(app, &terminal, &posted, now).await?;
    let failures = posted.form.text("failures").parse().unwrap_or_default();
    let took = posted.form.text("took").parse().map_or(Duration::ZERO, Duration::from_millis).min(LONGEST);
    let leaving = (posted.form.text("do") == "out").then_some(Direction::Out);
    let follow = async |event, hint: &str| told(app, &terminal, session::next(failures, event), hint, now).await;
    match probed(app, posted).await? {
        Ok(probe) => match identify(app, facility.id, probe).await? {
            Identified::Person(person) => {
                let at = Visitor { facility: &facility, terminal: &terminal, leaving, took, now };
                match at.receive(app, person).await? {
                    Some(told) => Ok(told),
                    None => follow(Event::NotFound, "face.no-match").await,
                }
            }
            // Nobody is guessed (CAP-24).
            Identified::Close => follow(Event::NotFound, "kiosk.close").await,
            Identified::Nobody => follow(Event::NotFound, "face.no-match").await,
        },
        Err(NotEnrolled::Rejected(why)) => follow(Event::NotAcquired, why.key()).await,
        Err(NotEnrolled::Unavailable(Unavailable::Busy)) => follow(Event::Busy, "kiosk.busy").await,
        Err(NotEnrolled::Unavailable(reason)) => {
            tracing::warn!(%reason, "faces are unavailable at a kiosk");
            follow(Event::Unavailable, "kiosk.unavailable").await
        }
    }
}

/// A nonce of this device and minute, used for the first time, and the device's own signature over it and every picture.
async fn genuine(app: &App, terminal: &Terminal, posted: &Posted, now: Time) -> Result<(), Refused> {
    let nonce = posted.form.text("capture");
    let frames: Vec<&[u8]> = posted.pictures.iter().map(Vec::as_slice).collect();
    let signature = from_base64url(posted.form.text("signature")).unwrap_or_default();
    let fresh = capture::fresh(&app.keys.forms, terminal.id, nonce, now);
    let (Some((hash, until)), true) = (fresh, capture::is_of(terminal, &capture::message(nonce, &frames), &signature))
    else {
        return Err(Refused::Capture);
    };
    let first = app.store.write(move |tx| pass_store::replays::remember(tx, &hash, until)).await?;
    if first { Ok(()) } else { Err(Refused::Capture) }
}

async fn probed(app: &App, posted: Posted) -> Result<Result<pass_core::face::Probe, NotEnrolled>, Fault> {
    let faces = app.faces.clone();
    // Inference is CPU work: it leaves the web worker, and its pictures are wiped when it is done.
    web::block(move || {
        let frames: Vec<&[u8]> = posted.pictures.iter().map(Vec::as_slice).collect();
        faces.probe(&frames)
    })
    .await
    .map_err(|error| Fault::because("look at a face", error))
}

/// Where the visitor stands now; staff are called where it came to that.
async fn told(app: &App, terminal: &Terminal, state: State, hint: &str, now: Time) -> Result<Value, Refused> {
    match state {
        State::Trying { failures, left } => {
            Ok(json!({ "state": "trying", "failures": failures, "left": left, "hint": hint }))
        }
        State::Waiting(reason) => {
            let (terminal, id) = (terminal.clone(), StaffCallId::new(now, &*app.entropy));
            app.store.write(move |tx| raise(tx, &terminal, reason, id, now)).await?;
            Ok(json!({ "state": "waiting", "hint": hint }))
        }
    }
}

/// What a visit is made of.
struct Visitor<'a> {
    facility: &'a Facility,
    terminal: &'a Terminal,
    leaving: Option<Direction>,
    took: Duration,
    now: Time,
}

impl Visitor<'_> {
    /// Writes the visit. Nothing: the person was erased, or the device was taken out of service meanwhile.
    async fn receive(&self, app: &App, person: PersonId) -> Result<Option<Value>, Fault> {
        let sealed = app.store.read_now(move |tx| people::sealed_of(tx, person)).await?;
        let Some(sealed) = sealed else { return Ok(None) };
        let records = people::open_records(app, person, sealed)?;
        let event = ReceptionEvent {
            id: ReceptionEventId::new(self.now, &*app.entropy),
            facility: self.facility.id,
            person,
            terminal: self.terminal.id,
            direction: Direction::In,
            way: Way::Face,
            fee_class: self.fee_class(&records),
            took: self.took,
            at: self.now,
        };
        let audit = AuditEvent {
            id: AuditId::new(self.now, &*app.entropy),
            at: self.now,
            actor: Actor::System,
            act: Act::Reception,
            person: Some(person),
            facility: Some(self.facility.id),
            client: None,
            detail: String::new(),
        };
        let (leaving, now, fee_class) = (self.leaving, self.now, event.fee_class);
        let written = app
            .store
            .write(move |tx| {
                let in_service =
                    pass_store::terminals::find(tx, event.terminal)?.is_some_and(|one| one.revoked_at.is_none());
                // Two captures of one person at once wait for each other here.
                if !in_service || !pass_store::persons::hold(tx, person)? {
                    return Ok(None);
                }
                let last = pass_store::reception_events::last(tx, event.facility, person)?;
                let same = |direction| leaving.is_none_or(|wanted| wanted == direction);
                if let Some(last) = last.as_ref().filter(|last| now.since(last.at) < AGAIN && same(last.direction)) {
                    return Ok(Some(last.direction));
                }
                let mut event = event.clone();
                event.direction =
                    leaving.unwrap_or_else(|| visit::direction(last.map(|last| (last.direction, last.at)), now));
                pass_store::reception_events::insert(tx, &event)?;
                let detail = format!("{} {}", event.direction.as_str(), event.way.as_str());
                pass_store::audit::insert(tx, &AuditEvent { detail, ..audit.clone() })?;
                Ok(Some(event.direction))
            })
            .await?;
        Ok(written.map(|direction| {
            json!({
                "state": "received",
                "direction": direction.as_str(),
                "fee_class": fee_class.as_str(),
                "name": greeted(&records),
                "seconds": format!("{:.1}", self.took.as_secs_f32()),
            })
        }))
    }

    /// From what a card proved, as long as that counts.
    fn fee_class(&self, records: &Records) -> FeeClass {
        let standing = records
            .proven()
            .filter(|(_, proofing)| proofing.status == ProofingStatus::Valid && !proofing.lapsed(self.now));
        visit::fee_class(standing.map(|(record, _)| record.address.as_str()), &self.facility.municipality, self.now)
    }
}
