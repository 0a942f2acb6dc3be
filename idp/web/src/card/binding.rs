//! A login key becomes a way to sign in to an account, and ceases to be one. Somebody has one My Number Card at a time: an older
//! one gives way.
//!
//! A login certificate names nobody. So a key is bound in one way only: its signature came with that of the signature key of the
//! account's own proofed person, over the same ticket, from one session of the agent with one card (docs/cards.md). A new login
//! key (a renewed card) is nobody's until the signature key says again whose it is.

use super::settle::{audit, card_key};
use crate::app::App;
use crate::mail::{self, CardNews};
use crate::people::Resident;
use crate::visit::{Visit, reader};
use pass_core::domain::account::{Credential, CredentialKind};
use pass_core::domain::audit::{Act, AuditEvent};
use pass_core::domain::outbox::OutboxItem;
use pass_core::domain::proofing::{checks, revocation_words};
use pass_core::fault::Outcome;
use pass_core::id::{AccountId, CredentialId};
use pass_core::jpki::VerifiedLogin;
use pass_core::secret::Hash;
use pass_core::{Fault, Time};
use pass_store::Tx;

/// A login key that is about to be bound.
pub(super) struct Binding {
    card: Credential,
    audit: AuditEvent,
    letter: Option<OutboxItem>,
}

impl Binding {
    pub(super) fn of(app: &App, visit: &Visit, resident: &Resident, login: &VerifiedLogin) -> Result<Self, Fault> {
        let card = Credential {
            id: CredentialId::new(visit.now, &*app.entropy),
            account: resident.account.id,
            kind: CredentialKind::Card,
            lookup: Hash(login.keyed_serial(&card_key(app))),
            // When its certificate ends, for the page of the ways to sign in.
            public: Time::from_seconds(login.not_after()).0.to_string().into_bytes(),
            label: String::new(),
            created_at: visit.now,
            last_used_at_lazy: None,
        };
        let seen = revocation_words(&checks(login.checks()));
        Ok(Self {
            card,
            audit: audit(app, visit, resident.ids(), Act::CardBind, seen),
            letter: letter(app, visit, resident, CardNews::Bound)?,
        })
    }

    /// The keyed name of the login key.
    pub(super) const fn lookup(&self) -> &Hash {
        &self.card.lookup
    }

    /// Whether another account signs in with it. The caller holds the turn of the key (`card_turns`).
    pub(super) fn is_taken(&self, tx: &mut Tx) -> Outcome<bool> {
        let known = pass_store::credentials::find_by_lookup(tx, CredentialKind::Card, &self.card.lookup)?;
        Ok(known.is_some_and(|known| known.account != self.card.account))
    }

    /// The holder is told, unless this very key signs in here already.
    pub(super) fn write(&self, tx: &mut Tx) -> Outcome<()> {
        let known = pass_store::credentials::find_by_lookup(tx, CredentialKind::Card, &self.card.lookup)?;
        forget_cards(tx, self.card.account)?;
        pass_store::credentials::insert(tx, &self.card)?;
        pass_store::audit::insert(tx, &self.audit)?;
        match self.letter.as_ref().filter(|_| known.is_none()) {
            Some(letter) => pass_store::outbox::insert(tx, letter),
            None => Ok(()),
        }
    }
}

/// No card signs in to the account any more. `true`: one did.
pub(super) fn forget_cards(tx: &mut Tx, account: AccountId) -> Outcome<bool> {
    let mut gone = false;
    for card in pass_store::credentials::find_all_of(tx, account)? {
        if card.kind == CredentialKind::Card {
            gone |= pass_store::credentials::remove(tx, account, card.id)?;
        }
    }
    Ok(gone)
}

/// What the holder is told by mail of the card and the ways to sign in; none without an address.
pub(crate) fn letter(
    app: &App,
    visit: &Visit,
    resident: &Resident,
    news: CardNews,
) -> Result<Option<OutboxItem>, Fault> {
    let Some(address) = resident.mail()? else { return Ok(None) };
    mail::card_news(app, reader(resident.account.language), &address, news, visit.now).map(Some)
}

/// When the certificate of a bound card ends.
pub fn ends_at(card: &Credential) -> Option<Time> {
    std::str::from_utf8(&card.public).ok()?.parse().ok().map(Time)
}
