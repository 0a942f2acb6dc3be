//! Rows as lines of the pages: clients, and audit events with the names of those who acted.

use crate::page::{ClientLine, EventLine};
use crate::words;
use pass_core::domain::audit::{Actor, ChainedEvent};
use pass_core::domain::client::Client;
use pass_core::domain::facility::Facility;
use pass_core::domain::staff::Staff;
use pass_core::id::{StaffId, hex};
use pass_web::app::App;
use pass_web::directory::Directory;
use pass_web::kit::Words;
use pass_web::visit::Visit;
use std::collections::HashMap;

/// The clients of a facility, by their ids.
pub fn clients(app: &App, visit: &Visit, facility: &Facility) -> Vec<ClientLine> {
    let directory = app.directory();
    let mut lines: Vec<ClientLine> = directory
        .parties()
        .filter(|party| party.facility.id == facility.id)
        .map(|party| client(visit, &party.client))
        .collect();
    lines.sort_by(|one, other| one.client_id.cmp(&other.client_id));
    lines
}

/// One client.
pub fn client(visit: &Visit, client: &Client) -> ClientLine {
    ClientLine {
        client_id: client.client_id.clone(),
        name: Words::new(visit.lang, client.metadata.client_name.get(visit.language())),
        scope: client.metadata.scope.join(" "),
        method: client.metadata.token_endpoint_auth_method.as_str(),
        disabled: client.disabled_at.is_some(),
    }
}

/// Names of staff by their rows.
pub fn names(staff: Vec<Staff>) -> HashMap<StaffId, String> {
    staff.into_iter().map(|one| (one.id, one.name)).collect()
}

/// Audit events.
pub fn events(app: &App, visit: &Visit, names: &HashMap<StaffId, String>, events: &[ChainedEvent]) -> Vec<EventLine> {
    let directory = app.directory();
    events.iter().map(|chained| line(visit, &directory, names, chained)).collect()
}

fn line(visit: &Visit, directory: &Directory, names: &HashMap<StaffId, String>, chained: &ChainedEvent) -> EventLine {
    let event = &chained.event;
    EventLine {
        sequence: chained.link.map(|link| link.sequence),
        at: words::stamp(event.at),
        who: who(visit, directory, names, event.actor),
        act: words::act(visit.lang, event.act),
        client: event.client.and_then(|id| Some(directory.party_of(id).ok()?.client.client_id.clone())),
        detail: event.detail.clone(),
        hash: chained.link.map(|link| short(&hex(&link.hash.0))),
    }
}

/// A resident is never named here: Manager shows who acted among staff and programs only.
fn who(visit: &Visit, directory: &Directory, names: &HashMap<StaffId, String>, actor: Actor) -> Words {
    let lang = visit.lang;
    match actor {
        Actor::Account(_) => lang.t("mgr-actor-resident"),
        Actor::Staff(id) => {
            names.get(&id).map_or_else(|| lang.t("mgr-actor-gone"), |name| Words::new(lang, name.as_str()))
        }
        Actor::Client(id) => directory
            .party_of(id)
            .map_or_else(|_| lang.t("mgr-actor-gone"), |party| Words::new(lang, party.client.client_id.as_str())),
        Actor::Operator => lang.t("mgr-actor-operator"),
        Actor::System => lang.t("mgr-actor-system"),
    }
}

/// The first and last digits of a hash: enough to compare by eye with what `pass audit verify` prints.
fn short(hex: &str) -> String {
    format!("{}…{}", &hex[..4], &hex[hex.len() - 4..])
}
