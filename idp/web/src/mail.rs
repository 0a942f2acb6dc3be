//! Letters of PASS: written in the reader's language, sealed into the outbox with their cause.

use crate::app::App;
use crate::kit::{Lang, date};
use pass_core::domain::outbox::{Letter, Message, OutboxItem};
use pass_core::domain::proofing::ProofingStatus;
use pass_core::{Fault, Time};

/// The letter with a one-time code.
pub fn code(app: &App, lang: Lang, to: &str, code: &str, now: Time) -> Result<OutboxItem, Fault> {
    let subject = lang.t_args("mail-code-subject", &[("code", code.into())]).plain();
    let body = lang.t_args("mail-code-body", &[("code", code.into()), ("host", app.settings.host().into())]).plain();
    Message::Mail(Letter { to: to.into(), subject, body }).seal(&app.keys.outbox, &*app.entropy, now)
}

/// The letter that a card's certificate lapsed or was revoked, and where to prove it anew.
pub fn card_ended(app: &App, lang: Lang, to: &str, status: ProofingStatus, now: Time) -> Result<OutboxItem, Fault> {
    let (subject, body) = match status {
        ProofingStatus::Stale => ("mail-card-lapsed-subject", "mail-card-lapsed-body"),
        _ => ("mail-card-revoked-subject", "mail-card-revoked-body"),
    };
    let address = format!("{}/me/card", app.settings.issuer);
    let letter = Letter {
        to: to.into(),
        subject: lang.t(subject).plain(),
        body: lang.t_args(body, &[("address", address.into())]).plain(),
    };
    Message::Mail(letter).seal(&app.keys.outbox, &*app.entropy, now)
}

/// What the holder of an account is told at once of the card and of those who act for a child.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CardNews {
    /// A card signs in from now on.
    Bound,
    /// No card signs in any more.
    Removed,
    /// Somebody came back with nothing but the card.
    Recovered,
    /// Somebody else acts for the same child from now on.
    FamilyJoined,
}

/// The letter with such news: where to look, and what to do if it was somebody else.
pub fn card_news(app: &App, lang: Lang, to: &str, news: CardNews, now: Time) -> Result<OutboxItem, Fault> {
    let (subject, body, page) = match news {
        CardNews::Bound => ("mail-card-bound-subject", "mail-card-bound-body", "/me/passkeys"),
        CardNews::Removed => ("mail-card-removed-subject", "mail-card-removed-body", "/me/passkeys"),
        CardNews::Recovered => ("mail-card-recovered-subject", "mail-card-recovered-body", "/me/passkeys"),
        CardNews::FamilyJoined => ("mail-family-joined-subject", "mail-family-joined-body", "/me/family"),
    };
    let address = format!("{}{page}", app.settings.issuer);
    let letter = Letter {
        to: to.into(),
        subject: lang.t(subject).plain(),
        body: lang.t_args(body, &[("address", address.into())]).plain(),
    };
    Message::Mail(letter).seal(&app.keys.outbox, &*app.entropy, now)
}

/// The letter that a face was switched off by failed comparisons, and where to register it anew.
pub fn face_off(app: &App, lang: Lang, to: &str, now: Time) -> Result<OutboxItem, Fault> {
    let address = format!("{}/me/face", app.settings.issuer);
    let letter = Letter {
        to: to.into(),
        subject: lang.t("mail-face-off-subject").plain(),
        body: lang.t_args("mail-face-off-body", &[("address", address.into())]).plain(),
    };
    Message::Mail(letter).seal(&app.keys.outbox, &*app.entropy, now)
}

/// The letter that a face ends soon.
pub fn face_ends(app: &App, lang: Lang, to: &str, ends: Time, now: Time) -> Result<OutboxItem, Fault> {
    let address = format!("{}/me/face", app.settings.issuer);
    let day = date::Day::of(ends.0).words(lang).text().to_string();
    let letter = Letter {
        to: to.into(),
        subject: lang.t("mail-face-ends-subject").plain(),
        body: lang.t_args("mail-face-ends-body", &[("day", day.into()), ("address", address.into())]).plain(),
    };
    Message::Mail(letter).seal(&app.keys.outbox, &*app.entropy, now)
}
