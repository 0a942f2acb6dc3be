//! `/me`: the state at a glance.

use super::sharing::Sharing;
use super::subject::Subject;
use super::{Entry, activity, enter, face, sharing};
use crate::app::App;
use crate::kit::{date, show};
use crate::page::MeHome;
use crate::page::me_home::CardState;
use crate::people::Resident;
use crate::problem::{Broken, PageError, Shown};
use crate::step::finish;
use crate::visit::Visit;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use pass_core::Time;
use pass_core::authn::session::{Act, may};
use pass_core::domain::account::CredentialKind;
use pass_core::domain::interaction::OwnErrand;
use pass_core::domain::proofing::{ProofingMethod, ProofingStatus};

/// How many facilities and happenings the first page shows.
const FEW: usize = 3;

/// The page.
pub(super) async fn get(app: web::Data<App>, request: HttpRequest) -> Result<HttpResponse, Broken> {
    let visit = Visit::of(&app, &request, None).await?;
    let shown = async {
        match enter(&app, &visit, OwnErrand::Home, "/me").await? {
            Entry::In(resident) => draw(&app, &visit, &resident).await,
            Entry::Elsewhere(first) => Ok(first),
        }
    }
    .await;
    finish(&app, &visit, shown)
}

async fn draw(app: &App, visit: &Visit, resident: &Resident) -> Shown {
    let session = visit.session.as_ref().ok_or_else(PageError::expired)?;
    let may_read = may(Act::ReadSealed, session, resident.protected_since(), visit.now).is_ok();
    let name = resident.proven().filter(|_| may_read).map(|(record, _)| record.name.clone()).unwrap_or_default();
    let live: Vec<Sharing> = sharing::all(app, resident).await?.into_iter().filter(|one| one.ended.is_none()).collect();
    let page = MeHome {
        shell: visit.shell(app),
        name,
        stronger: (!may_read).then(|| "/me/stronger".to_string()),
        card: card(visit, resident),
        face: face::state(app, visit, &Subject::own(resident)).await?,
        passkeys: resident.credentials.iter().filter(|one| one.kind == CredentialKind::Passkey).count(),
        card_signs_in: resident.credentials.iter().any(|one| one.kind == CredentialKind::Card),
        recovered: super::recovered(visit),
        facilities: live.iter().take(FEW).map(|one| one.line(app, visit, resident)).collect(),
        facilities_total: live.len(),
        recent: activity::recent(app, visit, resident.person(), None, FEW).await?,
    };
    Ok(show(StatusCode::OK, &page))
}

fn card(visit: &Visit, resident: &Resident) -> CardState {
    let day = |at: Time| date::Day::of(at.0).words(visit.lang).text().to_string();
    match resident.proven() {
        None => CardState::None,
        Some((_, proofing)) => match proofing.status {
            ProofingStatus::Valid if !proofing.lapsed(visit.now) => {
                let revocation = proofing.checked("revocation");
                CardState::Valid {
                    checked: day(proofing.verified_at),
                    until: day(proofing.valid_until),
                    app: proofing.method == ProofingMethod::DigitalAuthApp,
                    revocation: revocation.and_then(|check| check.as_of).map(day),
                }
            }
            ProofingStatus::Valid | ProofingStatus::Stale => CardState::Stale { since: day(proofing.valid_until) },
            ProofingStatus::Revoked | ProofingStatus::Superseded => CardState::Revoked,
        },
    }
}
