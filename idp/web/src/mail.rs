//! Letters of PASS: written in the reader's language, sealed into the outbox with their cause.

use crate::app::App;
use crate::kit::Lang;
use pass_core::domain::outbox::OutboxItem;
use pass_core::id::OutboxId;
use pass_core::ports::Mail;
use pass_core::{Fault, Time};
use serde::{Deserialize, Serialize};

const CONTEXT: &[u8] = b"outbox mail";

#[derive(Serialize, Deserialize)]
struct Letter {
    to: String,
    subject: String,
    body: String,
}

/// The letter with a one-time code.
pub fn code(app: &App, lang: Lang, to: &str, code: &str, now: Time) -> OutboxItem {
    let subject = lang.t_args("mail-code-subject", &[("code", code.into())]).plain();
    let body = lang.t_args("mail-code-body", &[("code", code.into()), ("host", app.settings.host().into())]).plain();
    seal(app, now, &Letter { to: to.into(), subject, body })
}

/// Opens a letter for sending.
pub fn open(app: &App, item: &OutboxItem) -> Result<Mail, Fault> {
    let plain = app.keys.outbox.open(CONTEXT, &item.sealed)?;
    let letter: Letter = serde_json::from_slice(&plain).map_err(|error| Fault::because("read a letter", error))?;
    Ok(Mail { to: letter.to, subject: letter.subject, body: letter.body })
}

fn seal(app: &App, now: Time, letter: &Letter) -> OutboxItem {
    let plain = serde_json::to_vec(letter).expect("a letter is plain data");
    OutboxItem {
        id: OutboxId::new(now, &*app.entropy),
        sealed: app.keys.outbox.seal(CONTEXT, &plain, &*app.entropy),
        due_at: now,
        tries: 0,
        sent_at: None,
    }
}
