//! A face ends by age (CAP-11): whoever it belongs to is told a month before, once; for a child whoever acts for it.

use crate::app::App;
use crate::visit::reader;
use crate::{mail, people};
use pass_core::domain::account::Account;
use pass_core::domain::face::StoredTemplate;
use pass_core::domain::outbox::OutboxItem;
use pass_core::fault::Outcome;
use pass_core::id::PersonId;
use pass_core::{Fault, Time};
use pass_store::Tx;
use std::time::Duration;

/// How long before the end.
pub const AHEAD: Duration = Duration::from_hours(24 * 30);
/// How many are looked for at once.
const BATCH: i64 = 100;

/// Writes to everybody whose face ends within a month and who was not told yet; says how many.
pub async fn remind(app: &App) -> Result<usize, Fault> {
    let mut told = 0;
    loop {
        let now = app.now();
        let ending =
            app.store.read(move |tx| pass_store::face_templates::find_ending(tx, now, now + AHEAD, BATCH)).await?;
        let found = ending.len();
        for template in ending {
            told += usize::from(tell(app, template, now).await?);
        }
        if told > 0 {
            app.outbox.notify_one();
        }
        if i64::try_from(found).unwrap_or(BATCH) < BATCH {
            return Ok(told);
        }
    }
}

/// One, once: of two nodes that notice it only the first writes.
async fn tell(app: &App, template: StoredTemplate, now: Time) -> Result<bool, Fault> {
    let person = template.person;
    let mut letters: Vec<OutboxItem> = Vec::new();
    for account in app.store.read_now(move |tx| keepers(tx, person)).await? {
        match letter(app, &account, &template, now).await {
            Ok(letter) => letters.extend(letter),
            // A letter that cannot be written must not keep the others waiting.
            Err(fault) => tracing::error!(%fault, "write to a resident whose face ends soon"),
        }
    }
    app.store
        .write(move |tx| {
            if !pass_store::face_templates::remind(tx, &template, now)? {
                return Ok(false);
            }
            for letter in &letters {
                pass_store::outbox::insert(tx, letter)?;
            }
            Ok(true)
        })
        .await
}

/// Whose letter box it is: the person's own account, or those that act for it.
fn keepers(tx: &mut Tx, person: PersonId) -> Outcome<Vec<Account>> {
    let mut all: Vec<Account> = pass_store::accounts::find_by_person(tx, person)?.into_iter().collect();
    if all.is_empty() {
        for relation in pass_store::relations::find_all_to(tx, person)? {
            all.extend(pass_store::accounts::find(tx, relation.account)?);
        }
    }
    all.retain(|account| account.closed_at.is_none());
    Ok(all)
}

async fn letter(
    app: &App,
    account: &Account,
    template: &StoredTemplate,
    now: Time,
) -> Result<Option<OutboxItem>, Fault> {
    let resident = people::load(app, account.id, None).await?;
    let Some(address) = resident.mail()? else { return Ok(None) };
    mail::face_ends(app, reader(account.language), &address, template.expires_at, now).map(Some)
}
