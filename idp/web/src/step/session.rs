//! Somebody proved who is there: the event is written, the session begins or grows, and the interaction goes on.

use crate::app::App;
use crate::flow::{self, Stage};
use crate::problem::Shown;
use crate::visit::{Visit, session_cookie};
use actix_web::HttpResponse;
use pass_core::domain::audit::{Act, Actor, AuditEvent};
use pass_core::domain::interaction::Progress;
use pass_core::domain::session::{AuthenticationEvent, Method, Session};
use pass_core::id::{AccountId, AuditId, EventId, PersonId, SessionId};
use pass_core::secret::Hash;
use pass_core::{Fault, Time};

/// Who signed in, and how.
#[derive(Clone, Copy)]
pub struct Proof {
    /// The account.
    pub account: AccountId,
    /// Its own person, for the audit log.
    pub person: PersonId,
    /// How.
    pub method: Method,
}

/// Writes the event and goes on.
pub async fn sign_in(app: &App, visit: &mut Visit, stage: Stage, proof: Proof) -> Shown {
    let Recorded { fresh, progress } = record(app, visit, &stage, proof).await?;
    let Stage { handle, mut interaction, .. } = stage;
    interaction.progress = progress;
    let stage = flow::stage_of(app, visit, handle, interaction).await?;
    let mut answer = flow::go_on(app, visit, stage).await?;
    put_cookie(app, &mut answer, fresh);
    Ok(answer)
}

/// What was written.
struct Recorded {
    /// The secret of a new session.
    fresh: Option<String>,
    /// The steps of the interaction that count from now on.
    progress: Progress,
}

/// Writes the event into the live session of the same account, or into a new one.
async fn record(app: &App, visit: &mut Visit, stage: &Stage, proof: Proof) -> Result<Recorded, Fault> {
    let now = visit.now;
    let live = visit.session.take();
    let other = live.as_ref().filter(|session| session.account != proof.account).map(|session| session.id);
    let kept = live.filter(|session| session.account == proof.account);
    let event = EventId::new(now, &*app.entropy);
    let (session, secret) = match kept {
        Some(session) => (session, None),
        None => {
            let secret = app.token();
            (begin(app, now, proof.account, &secret), Some(secret))
        }
    };
    let event = AuthenticationEvent { id: event, session: session.id, method: proof.method, at: now };
    // A session that begins here knows nothing of what was done in this interaction before it: that may have been somebody
    // else, with a card of somebody else.
    let mut progress = if secret.is_some() { Progress::default() } else { stage.interaction.progress.clone() };
    progress.events.push(event.id);
    let audit = audit(app, now, proof, secret.is_some(), stage);
    let (hash, new, row, write_event) = (stage.interaction.hash, secret.is_some(), session.clone(), event.clone());
    let kept = progress.clone();
    app.store
        .write(move |tx| {
            if let Some(other) = other {
                pass_store::sessions::end(tx, other, now)?;
            }
            if new {
                pass_store::sessions::insert(tx, &row)?;
            }
            pass_store::sessions::add_event(tx, &write_event)?;
            pass_store::interactions::save_progress(tx, &hash, &kept)?;
            pass_store::audit::insert(tx, &audit)
        })
        .await?;
    let mut session = session;
    session.events.push(event);
    visit.session = Some(session);
    Ok(Recorded { fresh: secret, progress })
}

/// The cookie of a new session on an answer.
fn put_cookie(app: &App, answer: &mut HttpResponse, fresh: Option<String>) {
    if let Some(secret) = fresh {
        // Only a cookie with characters that cannot be sent fails, and ours have none.
        let _ = answer.add_cookie(&session_cookie(app, secret));
    }
}

fn begin(app: &App, now: Time, account: AccountId, secret: &str) -> Session {
    Session {
        id: SessionId::new(now, &*app.entropy),
        cookie: Hash::of(secret),
        account,
        created_at: now,
        expires_at: now + app.settings.session,
        ended_at: None,
        events: Vec::new(),
    }
}

/// The event, with the facility for which it was done: the resident's history and the facility's counts name it.
fn audit(app: &App, at: Time, proof: Proof, new: bool, stage: &Stage) -> AuditEvent {
    AuditEvent {
        id: AuditId::new(at, &*app.entropy),
        at,
        actor: Actor::Account(proof.account),
        act: if new { Act::SignIn } else { Act::StepUp },
        person: Some(proof.person),
        facility: stage.party.as_deref().map(|party| party.facility.id),
        client: stage.party.as_deref().map(|party| party.client.id),
        detail: proof.method.as_str().into(),
    }
}
