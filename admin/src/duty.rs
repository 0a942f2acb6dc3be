//! One request of a signed-in staff member: who, where, and whether this door is open to the role.

use crate::access::{self, Rank};
use crate::page::{Choice, Desk, Page, Refusal, Refused, Room};
use crate::session;
use actix_web::http::StatusCode;
use actix_web::http::header::LOCATION;
use actix_web::{HttpRequest, HttpResponse};
use pass_core::Fault;
use pass_core::domain::audit::{Act, Actor, AuditEvent};
use pass_core::domain::facility::Facility;
use pass_core::domain::staff::{Role, Staff};
use pass_core::fault::Outcome;
use pass_core::id::{AuditId, ClientId, FacilityId};
use pass_web::app::App;
use pass_web::form;
use pass_web::kit::show;
use pass_web::problem::{Broken, Stop};
use pass_web::step::form::Form;
use pass_web::visit::Visit;
use std::sync::Arc;

/// A staff member at work, at one facility.
pub struct OnDuty<'a> {
    /// The application.
    pub app: &'a App,
    /// The request.
    pub visit: &'a Visit,
    /// Who.
    pub staff: Staff,
    /// Where.
    pub facility: Arc<Facility>,
    choices: Vec<Arc<Facility>>,
}

/// Why a request ends early.
pub enum Halt {
    /// Not this person, not here, not with this form.
    Refused(Refusal),
    /// Ours.
    Fault(Fault),
}

impl From<Fault> for Halt {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

/// What a room answers.
pub type Answered = Result<HttpResponse, Halt>;

/// Lets a signed-in staff member through the door of this request, and everybody else to the sign-in.
pub async fn enter(
    app: &App,
    request: &HttpRequest,
    work: impl AsyncFnOnce(&OnDuty<'_>) -> Answered,
) -> Result<HttpResponse, Broken> {
    let visit = Visit::of(app, request, None).await?;
    let Some(staff) = session::find(app, request, visit.now).await? else {
        return Ok(finish(app, &visit, see_other("/manager/sign-in")));
    };
    let (facility, choices) = places(app, request, &staff);
    let Some(facility) = facility else {
        let desk = desk_of(app, &visit, &staff, None, &[], Room::Home);
        return Ok(finish(app, &visit, refuse(app, &visit, desk, Refusal::NoFacility)));
    };
    let on_duty = OnDuty { app, visit: &visit, staff, facility, choices };
    let answered = match on_duty.pass(request).await {
        Ok(()) => work(&on_duty).await,
        Err(halt) => Err(halt),
    };
    let answer = answered.unwrap_or_else(|halt| match halt {
        Halt::Refused(why) => refuse(app, &visit, on_duty.desk(Room::Home), why),
        Halt::Fault(fault) => Stop::Fault(fault).respond(app, &visit),
    });
    Ok(finish(app, &visit, answer))
}

/// Puts the visit's cookies on an answer.
pub fn finish(app: &App, visit: &Visit, mut answer: HttpResponse) -> HttpResponse {
    pass_web::step::set_cookies(app, visit, &mut answer);
    answer
}

/// To another page, by GET.
pub fn see_other(path: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((LOCATION, path)).finish()
}

impl OnDuty<'_> {
    /// The role's rank.
    pub fn rank(&self) -> Rank {
        Rank::of(self.staff.role)
    }

    async fn pass(&self, request: &HttpRequest) -> Result<(), Halt> {
        let pattern = request.match_pattern().unwrap_or_default();
        if access::may(self.rank(), request.method().as_str(), &pattern) {
            return Ok(());
        }
        self.record(Act::StaffRefused, None, format!("{} {pattern}", request.method())).await?;
        Err(Halt::Refused(Refusal::Role))
    }

    /// Reads a form that one of our own pages posted.
    pub fn form(&self, request: &HttpRequest, body: &str) -> Result<Form, Halt> {
        let form = Form::parse(body).map_err(|_| Halt::Refused(Refusal::Form))?;
        if form::is_ours(self.app, request, self.visit, form.get("csrf")) {
            Ok(form)
        } else {
            Err(Halt::Refused(Refusal::Form))
        }
    }

    /// The frame of this person's pages.
    pub fn desk(&self, room: Room) -> Desk {
        desk_of(self.app, self.visit, &self.staff, Some(&self.facility), &self.choices, room)
    }

    /// A page of the desk.
    pub fn show(&self, status: StatusCode, page: &impl Page) -> HttpResponse {
        show(status, page)
    }

    /// An event of this staff member at this facility.
    pub fn event(&self, act: Act, client: Option<ClientId>, detail: String) -> AuditEvent {
        AuditEvent {
            id: AuditId::new(self.visit.now, &*self.app.entropy),
            at: self.visit.now,
            actor: Actor::Staff(self.staff.id),
            act,
            person: None,
            facility: Some(self.facility.id),
            client,
            detail,
        }
    }

    /// Writes an event that stands alone: reading is an act too.
    pub async fn record(&self, act: Act, client: Option<ClientId>, detail: String) -> Outcome<()> {
        let event = self.event(act, client, detail);
        self.app.store.write(move |tx| pass_store::audit::insert(tx, &event)).await
    }

    /// The facilities of this person's role, by their short names.
    pub fn facility_of(&self, slug: &str) -> Option<&Arc<Facility>> {
        self.choices.iter().find(|facility| facility.slug == slug)
    }
}

/// Where this person works now, and where else they may.
fn places(app: &App, request: &HttpRequest, staff: &Staff) -> (Option<Arc<Facility>>, Vec<Arc<Facility>>) {
    let mut choices: Vec<Arc<Facility>> =
        app.directory().facilities().filter(|facility| works_at(staff.role, facility.id)).cloned().collect();
    choices.sort_by(|one, other| one.slug.cmp(&other.slug));
    let chosen = session::chosen_facility(app, request);
    let here = choices.iter().find(|facility| Some(&facility.slug) == chosen.as_ref()).or(choices.first()).cloned();
    (here, choices)
}

fn works_at(role: Role, facility: FacilityId) -> bool {
    match role {
        Role::CityAdmin => true,
        Role::FacilityAdmin(own) | Role::Receptionist(own) => own == facility,
    }
}

fn desk_of(
    app: &App,
    visit: &Visit,
    staff: &Staff,
    facility: Option<&Facility>,
    choices: &[Arc<Facility>],
    room: Room,
) -> Desk {
    let name = |facility: &Facility| facility.name.get(visit.language()).to_owned();
    let choice = |one: &Arc<Facility>| Choice {
        slug: one.slug.clone(),
        name: name(one),
        here: Some(one.id) == facility.map(|facility| facility.id),
    };
    Desk {
        csrf: visit.csrf(app),
        staff: staff.name.clone(),
        rank: Rank::of(staff.role),
        facility: facility.map(name).unwrap_or_default(),
        choices: choices.iter().map(choice).collect(),
        room,
    }
}

fn refuse(app: &App, visit: &Visit, desk: Desk, why: Refusal) -> HttpResponse {
    let status = match why {
        Refusal::Role | Refusal::Form => StatusCode::FORBIDDEN,
        Refusal::NotHere => StatusCode::NOT_FOUND,
        Refusal::NoFacility => StatusCode::OK,
    };
    show(status, &Refused { shell: visit.shell(app), desk, why })
}
