//! What a card proved counts no longer: its certificate lapsed at midnight or was revoked. `core::proofing::life` says how the
//! proofing stands then; here it is written, with everybody who must know: the log, the resident by mail, and the clients that
//! hold what is withheld from now on.

use crate::app::App;
use crate::notices::Notices;
use crate::visit::reader;
use crate::{mail, people};
use pass_core::claims::release::lost;
use pass_core::domain::account::Account;
use pass_core::domain::audit::{Act, Actor, AuditEvent};
use pass_core::domain::outbox::OutboxItem;
use pass_core::domain::proofing::life::Event;
use pass_core::domain::proofing::{Proofing, ProofingMethod, ProofingStatus};
use pass_core::fault::Outcome;
use pass_core::id::{AuditId, ClientId, PersonId};
use pass_core::secret::Hash;
use pass_core::{Fault, Time};
use pass_store::Tx;
use std::collections::BTreeSet;

/// How many are looked for at once: a national list is long, and the store is shared.
const BATCH: usize = 500;

/// Ends every proofing whose certificate is over, and says how many.
pub async fn lapse(app: &App) -> Result<usize, Fault> {
    let mut ended = 0;
    loop {
        let now = app.now();
        let most = i64::try_from(BATCH).unwrap_or(i64::MAX);
        let lapsed = app.store.read_now(move |tx| pass_store::proofings::find_lapsed(tx, now, most)).await?;
        let found = lapsed.len();
        for proofing in lapsed {
            ended += usize::from(end(app, proofing, Event::Lapse).await?);
        }
        if found < BATCH {
            return Ok(ended);
        }
    }
}

/// Ends every proofing that one of these certificates made, and says how many.
pub async fn revoke(app: &App, keyed_serials: &[[u8; 32]]) -> Result<usize, Fault> {
    let mut ended = 0;
    for serials in keyed_serials.chunks(BATCH) {
        let serials: Vec<Hash> = serials.iter().copied().map(Hash).collect();
        for proofing in app.store.read(move |tx| pass_store::proofings::find_standing(tx, &serials)).await? {
            ended += usize::from(end(app, proofing, Event::Revoke).await?);
        }
    }
    Ok(ended)
}

/// Ends what a signature certificate proved of a person, when somebody who knows says that it is revoked.
pub(super) async fn revoke_of(app: &App, person: PersonId) -> Result<(), Fault> {
    let current = app.store.read_now(move |tx| pass_store::proofings::find_current(tx, person)).await?;
    if let Some(proofing) = current.filter(|proofing| proofing.method == ProofingMethod::SignCertificate) {
        end(app, proofing, Event::Revoke).await?;
    }
    Ok(())
}

/// Ends one, once: of two nodes that notice it only the first writes and tells.
async fn end(app: &App, proofing: Proofing, event: Event) -> Result<bool, Fault> {
    let Some(to) = proofing.status.after(event) else { return Ok(false) };
    let now = app.now();
    let person = proofing.person;
    let account = app.store.read_now(move |tx| pass_store::accounts::find_by_person(tx, person)).await?;
    let account = account.filter(|account| account.closed_at.is_none());
    // A letter that cannot be written must not keep the others, nor the end itself, waiting.
    let letter = match &account {
        Some(account) => letter(app, account, to, now).await.unwrap_or_else(|fault| {
            tracing::error!(%fault, "write to a resident whose certificate ended");
            None
        }),
        None => None,
    };
    let ending =
        Ending { audit: audit(app, &proofing, to, now), proofing, to, account, letter, notices: Notices::at(app, now) };
    let done = app.store.write(move |tx| ending.write(tx)).await?;
    app.outbox.notify_one();
    Ok(done)
}

struct Ending {
    proofing: Proofing,
    to: ProofingStatus,
    account: Option<Account>,
    letter: Option<OutboxItem>,
    notices: Notices,
    audit: AuditEvent,
}

impl Ending {
    fn write(&self, tx: &mut Tx) -> Outcome<bool> {
        if !pass_store::proofings::pass(tx, self.proofing.id, self.proofing.status, self.to)? {
            return Ok(false);
        }
        pass_store::audit::insert(tx, &self.audit)?;
        self.tell_clients(tx)?;
        if let Some(letter) = &self.letter {
            pass_store::outbox::insert(tx, letter)?;
        }
        Ok(true)
    }

    /// Those with a live consent to something that is withheld from now on. What they may have stays agreed to: a new proofing
    /// gives it again.
    fn tell_clients(&self, tx: &mut Tx) -> Outcome<()> {
        let consents = pass_store::consents::find_all_of(tx, self.proofing.person)?;
        let holding = consents.iter().filter(|consent| {
            consent.withdrawn_at.is_none() && consent.claims.iter().any(|claim| lost(*claim, self.to))
        });
        let clients: BTreeSet<ClientId> = holding.map(|consent| consent.client).collect();
        if clients.is_empty() {
            return Ok(());
        }
        let grants = match &self.account {
            Some(account) => pass_store::grants::find_all_live_of(tx, account.id)?,
            None => Vec::new(),
        };
        for client in clients {
            let of_client: Vec<_> = grants.iter().filter(|grant| grant.client == client).cloned().collect();
            self.notices.outdated(tx, client, self.proofing.person, &of_client)?;
        }
        Ok(())
    }
}

/// None where there is no address to write to.
async fn letter(app: &App, account: &Account, to: ProofingStatus, now: Time) -> Result<Option<OutboxItem>, Fault> {
    let resident = people::load(app, account.id, None).await?;
    let Some(address) = resident.mail()? else { return Ok(None) };
    mail::card_ended(app, reader(account.language), &address, to, now).map(Some)
}

fn audit(app: &App, proofing: &Proofing, to: ProofingStatus, now: Time) -> AuditEvent {
    AuditEvent {
        id: AuditId::new(now, &*app.entropy),
        at: now,
        actor: Actor::System,
        act: if to == ProofingStatus::Stale { Act::ProofingLapse } else { Act::ProofingRevoke },
        person: Some(proofing.person),
        facility: None,
        client: None,
        detail: String::new(),
    }
}
