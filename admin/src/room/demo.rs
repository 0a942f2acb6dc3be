//! The demo's one click: every seeded staff member is a button. Only with the feature `demo`, and only in demo mode.

use crate::access::Rank;
use crate::page::{DemoStaff, StaffButton};
use pass_core::domain::staff::{Role, Staff};
use pass_core::fault::Outcome;
use pass_web::app::App;
use pass_web::kit::Part;
use pass_web::visit::Visit;

/// The staff member of that name.
pub(super) async fn member(app: &App, name: &str) -> Outcome<Option<Staff>> {
    Ok(open(app).await?.into_iter().find(|staff| staff.name == name))
}

/// One button each.
pub(super) async fn buttons(app: &App, visit: &Visit) -> Outcome<Part> {
    let directory = app.directory();
    let facility = |role: Role| match role {
        Role::CityAdmin => None,
        Role::FacilityAdmin(id) | Role::Receptionist(id) => directory
            .facilities()
            .find(|facility| facility.id == id)
            .map(|facility| facility.name.get(visit.language()).to_owned()),
    };
    let staff = open(app)
        .await?
        .into_iter()
        .map(|one| StaffButton { role: Rank::of(one.role).key(), facility: facility(one.role), name: one.name })
        .collect();
    Ok(Part::of(&DemoStaff { shell: visit.shell(app), csrf: visit.csrf(app), staff }))
}

async fn open(app: &App) -> Outcome<Vec<Staff>> {
    let all = app.store.read(pass_store::staff::find_all).await?;
    Ok(all.into_iter().filter(|staff| staff.closed_at.is_none()).collect())
}
