//! Somebody proved who is there: the event is written, the session begins or grows, and the interaction goes on.
//!
//! Each proof gives the session a new secret, and the old one is dead with the same commit: a cookie that somebody planted
//! or copied before is worth nothing of what was proven after (OWASP ASVS 4.0 3.2.1, 3.2.3).

use crate::app::App;
use crate::flow::{self, Stage};
use crate::notices::Notices;
use crate::problem::{PageError, Shown, Stop};
use crate::visit::Visit;
use pass_core::Time;
use pass_core::authn::session::expires_at;
use pass_core::domain::audit::{Act, Actor, AuditEvent};
use pass_core::domain::interaction::Progress;
use pass_core::domain::session::{AuthenticationEvent, Method, Session};
use pass_core::fault::Outcome;
use pass_core::id::{AccountId, AuditId, EventId, PersonId, SessionId};
use pass_core::secret::Hash;
use pass_store::Tx;

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
    go_in(app, visit, stage, proof, proof.method.as_str().into()).await
}

/// The same by a card; `seen` says what was checked of it, for the audit log.
pub async fn sign_in_by_card(app: &App, visit: &mut Visit, stage: Stage, proof: Proof, seen: &str) -> Shown {
    go_in(app, visit, stage, proof, format!("{}, {seen}", proof.method.as_str())).await
}

async fn go_in(app: &App, visit: &mut Visit, stage: Stage, proof: Proof, detail: String) -> Shown {
    let progress = record(app, visit, &stage, proof, detail).await?;
    let Stage { handle, mut interaction, .. } = stage;
    interaction.progress = progress;
    let stage = flow::stage_of(app, visit, handle, interaction).await?;
    flow::go_on(app, visit, stage).await
}

/// A new secret of a session, to be written with what was proven.
#[derive(Clone, Copy)]
pub struct Renewal {
    session: SessionId,
    old: Hash,
    new: Hash,
}

impl Renewal {
    /// Gives the visit's session a new secret, which the answer will carry.
    pub fn of(app: &App, visit: &mut Visit) -> Result<Self, Stop> {
        let session = visit.session.as_mut().ok_or_else(PageError::expired)?;
        let secret = app.token();
        let new = Hash::of(&secret);
        let old = std::mem::replace(&mut session.cookie, new);
        visit.session_secret = Some(secret);
        Ok(Self { session: session.id, old, new })
    }

    /// Writes it. `false`: the session has ended, or got another secret meanwhile; nothing may be added to it then.
    pub fn write(&self, tx: &mut Tx, now: Time) -> Outcome<bool> {
        pass_store::sessions::replace_cookie(tx, self.session, &self.old, &self.new, now)
    }
}

/// What a renewal that was not written means for the visitor: the secret at hand opens nothing any more.
pub fn lost(visit: &mut Visit) -> Stop {
    visit.session = None;
    visit.session_secret = None;
    PageError::expired().into()
}

/// Writes the event into the live session of the same account, or into a new one. Gives the steps that count from now on.
async fn record(app: &App, visit: &mut Visit, stage: &Stage, proof: Proof, detail: String) -> Result<Progress, Stop> {
    let now = visit.now;
    let other = visit.session.take_if(|session| session.account != proof.account).map(|session| session.id);
    let renewal = match visit.session {
        Some(_) => Some(Renewal::of(app, visit)?),
        None => {
            let secret = app.token();
            visit.session = Some(begin(app, now, proof.account, &secret));
            visit.session_secret = Some(secret);
            None
        }
    };
    let session = visit.session.as_mut().ok_or_else(PageError::expired)?;
    let row = session.clone();
    let event =
        AuthenticationEvent { id: EventId::new(now, &*app.entropy), session: row.id, method: proof.method, at: now };
    session.events.push(event.clone());
    // A session that begins here knows nothing of what was done in this interaction before it: that may have been somebody
    // else, with a card of somebody else.
    let before = &stage.interaction.progress;
    let fresh = Progress { sign_up: before.sign_up, ..Progress::default() };
    let mut progress = if renewal.is_none() { fresh } else { before.clone() };
    progress.events.push(event.id);
    let audit = AuditEvent { detail, ..audit(app, now, proof, renewal.is_none(), stage) };
    let (hash, kept) = (stage.interaction.hash, progress.clone());
    let (notices, account) = (Notices::at(app, now), proof.account);
    let written = app
        .store
        .write(move |tx| {
            // Whoever closes the account at this moment comes first, or waits and ends this session as well.
            if !pass_store::accounts::hold_open(tx, account)? {
                return Ok(false);
            }
            if let Some(other) = other {
                notices.end_session(tx, other)?;
            }
            match &renewal {
                Some(renewal) if !renewal.write(tx, now)? => return Ok(false),
                Some(_) => {}
                None => pass_store::sessions::insert(tx, &row)?,
            }
            pass_store::sessions::add_event(tx, &event)?;
            pass_store::interactions::save_progress(tx, &hash, &kept)?;
            pass_store::audit::insert(tx, &audit)?;
            Ok(true)
        })
        .await?;
    if other.is_some() {
        app.outbox.notify_one();
    }
    if written { Ok(progress) } else { Err(lost(visit)) }
}

fn begin(app: &App, now: Time, account: AccountId, secret: &str) -> Session {
    Session {
        id: SessionId::new(now, &*app.entropy),
        cookie: Hash::of(secret),
        account,
        created_at: now,
        expires_at: expires_at(now, app.settings.session),
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
        detail: String::new(),
    }
}
