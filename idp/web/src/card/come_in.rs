//! Somebody signs in with a card, or comes back with nothing but a card: whose it is, the card says.
//!
//! The login key is a credential of the account, found by the keyed name of its certificate; it was bound when the same card
//! proofed the account, or brought its holder back. The signature key is known by the proofing it made.

use super::endpoints::{PROOF, VERIFIED};
use super::settle::{Brought, OTHER_BROWSER, audit, card_key, find};
use super::way_back::{WayBack, come_back};
use super::{Held, ask, ticket};
use crate::app::App;
use crate::flow::Stage;
use crate::people::{person_key, unsealed};
use crate::step::session::Proof;
use crate::visit::Visit;
use pass_core::domain::account::{Credential, CredentialKind};
use pass_core::domain::audit::{Act, AuditEvent};
use pass_core::domain::proofing::{CardTicket, ProofingStatus};
use pass_core::domain::session::Method;
use pass_core::fault::Outcome;
use pass_core::id::{AccountId, CredentialId, PersonId};
use pass_core::jpki::{
    AnyStatement, LoginChallenge, LoginProof, Recovery, RevocationData, VerifiedLogin, verify_login, verify_recovery,
};
use pass_core::secret::Hash;
use pass_core::{Fault, Time};
use pass_store::Tx;

/// No account here knows this card.
pub const UNKNOWN: &str = "card_unknown";

/// The account that a login key signs in to, or the code of a refusal.
pub(super) async fn by_login_key(
    app: &App,
    expected: &LoginChallenge,
    proof: &LoginProof,
    now: Time,
) -> Result<Result<AccountId, &'static str>, Fault> {
    let check = |known: &RevocationData| verify_login(proof, &app.anchors, known, expected, now.seconds());
    let verified = match ask::with_revocation(app, proof.into(), now, check).await {
        Ok(verified) => verified,
        Err(refusal) => return Ok(Err(refusal.code())),
    };
    let lookup = Hash(verified.keyed_serial(&card_key(app)));
    let known = app
        .store
        .read_now(move |tx| pass_store::credentials::find_by_lookup(tx, CredentialKind::Card, &lookup))
        .await?;
    let Some(credential) = known else { return Ok(Err(UNKNOWN)) };
    let opened = open(app, credential.account).await?;
    if verified.sign_revoked()
        && let Ok(account) = opened
    {
        super::ended::revoke_of(app, crate::account::person_of(app, account).await?).await?;
    }
    Ok(opened)
}

/// The account that a signature key proofed, or the code of a refusal. Only the proofing that counts now lets somebody in: an
/// older card of the same person does not.
pub(super) async fn by_signature_key(
    app: &App,
    expected: &Recovery,
    held: &Held,
    now: Time,
) -> Result<Result<AccountId, &'static str>, Fault> {
    let (anchors, at) = (&app.anchors, now.seconds());
    let check = |known: &RevocationData| verify_recovery(&held.proof, anchors, known, expected, at);
    let verified = match ask::with_revocation(app, (&held.proof).into(), now, check).await {
        Ok(verified) => verified,
        Err(refusal) => return Ok(Err(refusal.code())),
    };
    if let Some(login) = &held.login {
        let challenge = expected.challenge();
        let check = |known: &RevocationData| verify_login(login, anchors, known, &challenge, at);
        if let Err(refusal) = ask::with_revocation(app, login.into(), now, check).await {
            return Ok(Err(refusal.code()));
        }
    }
    let serial = Hash(verified.keyed_serial(&card_key(app)));
    let known = app
        .store
        .read_now(move |tx| {
            let made = pass_store::proofings::find_by_serial(tx, &serial)?;
            let counts = |status| matches!(status, ProofingStatus::Valid | ProofingStatus::Stale);
            let Some(proofing) = made.into_iter().find(|proofing| counts(proofing.status)) else { return Ok(None) };
            pass_store::accounts::find_by_person(tx, proofing.person)
        })
        .await?;
    match known {
        Some(account) => open(app, account.id).await,
        None => Ok(Err(UNKNOWN)),
    }
}

/// An account that was given up knows no card any more.
async fn open(app: &App, account: AccountId) -> Result<Result<AccountId, &'static str>, Fault> {
    let found = app.store.read_now(move |tx| pass_store::accounts::find(tx, account)).await?;
    Ok(found.filter(|account| account.closed_at.is_none()).map(|account| account.id).ok_or(UNKNOWN))
}

/// What came of the way to the agent.
pub enum CameIn {
    /// Somebody is recognised.
    As(Proof),
    /// Refused, with the code of `docs/card-errors.md`.
    Refused(String),
    /// The agent has not posted: the person came back without the card.
    Nothing,
}

/// The browser came back. Only the one that left, in the interaction it left from, with the secret that the agent of whoever
/// signed was told.
pub async fn come_in(app: &App, visit: &Visit, stage: &Stage, brought: Brought<'_>) -> Result<CameIn, Fault> {
    let ticket = find(app, brought.ticket).await?.filter(|ticket| ticket.expires_at > visit.now);
    let Some(ticket) = ticket else { return Ok(CameIn::Refused("ticket_expired".into())) };
    let method = match ticket::statement(&ticket)? {
        AnyStatement::Login(_) => Method::CardPin,
        AnyStatement::Recovery(_) => Method::CardSignature,
        AnyStatement::Enrolment(_) | AnyStatement::Text(_) | AnyStatement::Consent(_) => {
            return Ok(CameIn::Refused(OTHER_BROWSER.into()));
        }
    };
    let left_here = ticket.browser.matches(&visit.browser_hash()) && ticket.interaction == Some(stage.interaction.hash);
    match come_back(app, visit, &ticket, brought, left_here, false).await? {
        WayBack::Nothing => Ok(CameIn::Nothing),
        WayBack::Refused(code) => Ok(CameIn::Refused(code.into())),
        WayBack::Signed(outcome) | WayBack::Again(outcome) => match (outcome, ticket.account) {
            (VERIFIED, Some(account)) => arrive(app, visit, &ticket, account, method).await,
            (refusal, _) => {
                let code = refusal.to_string();
                let hash = ticket.hash;
                app.store.write(move |tx| pass_store::card_tickets::close(tx, &hash)).await?;
                Ok(CameIn::Refused(code))
            }
        },
    }
}

async fn arrive(
    app: &App,
    visit: &Visit,
    ticket: &CardTicket,
    account: AccountId,
    method: Method,
) -> Result<CameIn, Fault> {
    let person = crate::account::person_of(app, account).await?;
    let binding = match &ticket.sealed_proof {
        Some(sealed) => match waiting_login(app, visit, ticket, person, sealed).await? {
            Ok(login) => Some(Binding::of(app, visit, (account, person), &login)),
            Err(code) => return Ok(CameIn::Refused(code.into())),
        },
        None => None,
    };
    let hash = ticket.hash;
    let bound = binding.is_some();
    let first = app
        .store
        .write(move |tx| {
            // Of two returns with one ticket only the first signs in.
            if !pass_store::card_tickets::close(tx, &hash)? {
                return Ok(Err("ticket_used"));
            }
            if !still_counts(tx, account, method)? {
                return Ok(Err(UNKNOWN));
            }
            if let Some(binding) = &binding
                && !binding.is_taken(tx)?
            {
                binding.write(tx)?;
            }
            Ok(Ok(()))
        })
        .await?;
    if let Err(code) = first {
        return Ok(CameIn::Refused(code.into()));
    }
    if method == Method::CardPin && !bound {
        used(app, visit.now, account).await?;
    }
    Ok(CameIn::As(Proof { account, person, method }))
}

/// The login key that came beside a recovery, looked at again.
async fn waiting_login(
    app: &App,
    visit: &Visit,
    ticket: &CardTicket,
    person: PersonId,
    sealed: &[u8],
) -> Result<Result<VerifiedLogin, &'static str>, Fault> {
    let key = person_key(app, person).await?;
    let held: Held = unsealed(&key, person, PROOF, sealed)?;
    let (AnyStatement::Recovery(expected), Some(login)) = (ticket::statement(ticket)?, &held.login) else {
        return Ok(Err("foreign_statement"));
    };
    let (challenge, at) = (expected.challenge(), visit.now.seconds());
    let check = |known: &RevocationData| verify_login(login, &app.anchors, known, &challenge, at);
    let verified = ask::with_revocation(app, login.into(), visit.now, check).await;
    Ok(verified.map_err(pass_core::jpki::Refusal::code))
}

async fn used(app: &App, now: Time, account: AccountId) -> Result<(), Fault> {
    let known = app.store.read_now(move |tx| pass_store::credentials::find_all_of(tx, account)).await?;
    for card in known.into_iter().filter(|one| one.kind == CredentialKind::Card) {
        app.store.lazy(move |tx| pass_store::credentials::set_last_used_lazy(tx, card.id, now));
    }
    Ok(())
}

/// A login key becomes a way to sign in to an account. Somebody has one My Number Card at a time: an older one gives way.
pub(super) struct Binding {
    card: Credential,
    audit: AuditEvent,
}

impl Binding {
    pub(super) fn of(app: &App, visit: &Visit, ids: (AccountId, PersonId), login: &VerifiedLogin) -> Self {
        let card = Credential {
            id: CredentialId::new(visit.now, &*app.entropy),
            account: ids.0,
            kind: CredentialKind::Card,
            lookup: Hash(login.keyed_serial(&card_key(app))),
            // When its certificate ends, for the page of the ways to sign in.
            public: Time::from_seconds(login.not_after()).0.to_string().into_bytes(),
            label: String::new(),
            created_at: visit.now,
            last_used_at_lazy: None,
        };
        Self { card, audit: audit(app, visit, ids, Act::CardBind, String::new()) }
    }

    /// Whether another account signs in with it.
    pub(super) fn is_taken(&self, tx: &mut Tx) -> Outcome<bool> {
        let known = pass_store::credentials::find_by_lookup(tx, CredentialKind::Card, &self.card.lookup)?;
        Ok(known.is_some_and(|known| known.account != self.card.account))
    }

    pub(super) fn write(&self, tx: &mut Tx) -> Outcome<()> {
        forget_cards(tx, self.card.account)?;
        pass_store::credentials::insert(tx, &self.card)?;
        pass_store::audit::insert(tx, &self.audit)
    }
}

/// No card signs in to the account any more.
pub(super) fn forget_cards(tx: &mut Tx, account: AccountId) -> Outcome<()> {
    for card in pass_store::credentials::find_all_of(tx, account)? {
        if card.kind == CredentialKind::Card {
            pass_store::credentials::remove(tx, account, card.id)?;
        }
    }
    Ok(())
}

/// Whether what the card showed still counts: the account may have been closed, or the card removed, since the agent posted.
fn still_counts(tx: &mut Tx, account: AccountId, method: Method) -> Outcome<bool> {
    let open = pass_store::accounts::find(tx, account)?.is_some_and(|account| account.closed_at.is_none());
    if !open || method != Method::CardPin {
        return Ok(open);
    }
    Ok(pass_store::credentials::find_all_of(tx, account)?.iter().any(|one| one.kind == CredentialKind::Card))
}

/// When the certificate of a bound card ends.
pub fn ends_at(card: &Credential) -> Option<Time> {
    std::str::from_utf8(&card.public).ok()?.parse().ok().map(Time)
}
