//! Somebody signs in with a card, or comes back with nothing but a card: whose it is, the card says.
//!
//! The login key is a credential of the account, found by the keyed name of its certificate (`binding`). The signature key is
//! known by the proofing it made.

use super::binding::{Binding, letter};
use super::endpoints::{PROOF, VERIFIED};
use super::settle::{Brought, OTHER_BROWSER, card_key, find};
use super::way_back::{WayBack, come_back};
use super::{Held, ask, ticket};
use crate::app::App;
use crate::flow::Stage;
use crate::mail::CardNews;
use crate::people::{self, Resident, unsealed};
use crate::step::session::Proof;
use crate::visit::Visit;
use pass_core::domain::account::CredentialKind;
use pass_core::domain::outbox::OutboxItem;
use pass_core::domain::proofing::{CardTicket, Check, ProofingStatus, checks, revocation_words};
use pass_core::domain::session::Method;
use pass_core::fault::Outcome;
use pass_core::id::{AccountId, PersonId};
use pass_core::jpki::{
    AnyStatement, LoginChallenge, LoginProof, Recovery, RevocationData, VerifiedLogin, verify_login, verify_recovery,
};
use pass_core::secret::Hash;
use pass_core::{Fault, Time};
use pass_store::Tx;
use serde::{Deserialize, Serialize};

/// No account here signs in with this login key.
pub const UNKNOWN: &str = "card_unknown";
/// No account here was proofed by this signature key, as it counts now.
pub const UNKNOWN_SIGNATURE: &str = "card_unknown_signature";

/// What was seen of a card whose holder comes in, sealed in the ticket until the browser is back.
#[derive(Serialize, Deserialize)]
pub(super) struct Recognised {
    /// Keyed name of the certificate that let the holder in.
    key: Hash,
    /// What was checked of it, and what not.
    checks: Vec<Check>,
    /// The login key beside a signature: it waits to be bound.
    login: Option<LoginProof>,
}

/// The account that a login key signs in to, or the code of a refusal.
pub(super) async fn by_login_key(
    app: &App,
    expected: &LoginChallenge,
    proof: &LoginProof,
    now: Time,
) -> Result<Result<(AccountId, Recognised), &'static str>, Fault> {
    let check = |known: &RevocationData| verify_login(proof, &app.anchors, known, expected, now.seconds());
    let verified = match ask::with_revocation(app, proof.into(), now, check).await {
        Ok(verified) => verified,
        Err(refusal) => return Ok(Err(refusal.code())),
    };
    let key = Hash(verified.keyed_serial(&card_key(app)));
    let known =
        app.store.read_now(move |tx| pass_store::credentials::find_by_lookup(tx, CredentialKind::Card, &key)).await?;
    let Some(account) = open(app, known.map(|credential| credential.account)).await? else { return Ok(Err(UNKNOWN)) };
    if verified.sign_revoked() {
        super::ended::revoke_of(app, crate::account::person_of(app, account).await?).await?;
    }
    Ok(Ok((account, Recognised { key, checks: checks(verified.checks()), login: None })))
}

/// The account that a signature key proofed, or the code of a refusal. Only the proofing that counts now lets somebody in: an
/// older card of the same person does not.
pub(super) async fn by_signature_key(
    app: &App,
    expected: &Recovery,
    held: Held,
    now: Time,
) -> Result<Result<(AccountId, Recognised), &'static str>, Fault> {
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
    let key = Hash(verified.keyed_serial(&card_key(app)));
    let known = app
        .store
        .read_now(move |tx| match proofed_by(tx, &key)? {
            Some(person) => pass_store::accounts::find_by_person(tx, person),
            None => Ok(None),
        })
        .await?;
    let Some(account) = open(app, known.map(|account| account.id)).await? else { return Ok(Err(UNKNOWN_SIGNATURE)) };
    Ok(Ok((account, Recognised { key, checks: checks(verified.checks()), login: held.login })))
}

/// Whom a signature key has proofed, where that counts now.
fn proofed_by(tx: &mut Tx, key: &Hash) -> Outcome<Option<PersonId>> {
    let made = pass_store::proofings::find_by_serial(tx, key)?;
    let counts = |status| matches!(status, ProofingStatus::Valid | ProofingStatus::Stale);
    Ok(made.into_iter().find(|proofing| counts(proofing.status)).map(|proofing| proofing.person))
}

/// An account that was given up knows no card any more.
async fn open(app: &App, account: Option<AccountId>) -> Result<Option<AccountId>, Fault> {
    let Some(account) = account else { return Ok(None) };
    let found = app.store.read_now(move |tx| pass_store::accounts::find(tx, account)).await?;
    Ok(found.filter(|account| account.closed_at.is_none()).map(|account| account.id))
}

/// What came of the way to the agent.
pub enum CameIn {
    /// Somebody is recognised; what was checked of the card, for the audit log.
    As(Proof, String),
    /// Refused, with the code of `docs/card-errors.md`.
    Refused(String),
    /// The agent has not posted, or this was done before: there is nothing to do.
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
    let outcome = match come_back(app, visit, &ticket, brought, left_here, false).await? {
        WayBack::Nothing | WayBack::Again(CardTicket::DONE) => return Ok(CameIn::Nothing),
        WayBack::Refused(code) => return Ok(CameIn::Refused(code.into())),
        WayBack::Signed(outcome) | WayBack::Again(outcome) => outcome,
    };
    match (outcome, ticket.account, &ticket.sealed_proof) {
        (VERIFIED, Some(account), Some(sealed)) => arrive(app, visit, &ticket, (account, method), sealed).await,
        (refusal, _, _) => refuse(app, visit, &ticket, refusal).await,
    }
}

/// Ends the ticket, and keeps why.
async fn refuse(app: &App, visit: &Visit, ticket: &CardTicket, code: &str) -> Result<CameIn, Fault> {
    let (hash, why, now) = (ticket.hash, code.to_string(), visit.now);
    app.store.write(move |tx| pass_store::card_tickets::end(tx, &hash, &why, now)).await?;
    Ok(CameIn::Refused(code.into()))
}

async fn arrive(
    app: &App,
    visit: &Visit,
    ticket: &CardTicket,
    (account, method): (AccountId, Method),
    sealed: &[u8],
) -> Result<CameIn, Fault> {
    let unknown = if method == Method::CardPin { UNKNOWN } else { UNKNOWN_SIGNATURE };
    if open(app, Some(account)).await?.is_none() {
        return refuse(app, visit, ticket, unknown).await;
    }
    let resident = people::load(app, account, None).await?;
    let seen: Recognised = unsealed(&resident.key, resident.person(), PROOF, sealed)?;
    let binding = match &seen.login {
        Some(login) => match waiting_login(app, visit, ticket, login).await? {
            Ok(login) => Some(Binding::of(app, visit, &resident, &login)?),
            Err(code) => return refuse(app, visit, ticket, code).await,
        },
        None => None,
    };
    let arrival = Arrival {
        account,
        person: resident.person(),
        method,
        unknown,
        key: seen.key,
        letter: recovered(app, visit, &resident, method)?,
        binding,
        ticket: ticket.hash,
        now: visit.now,
    };
    if let Err(code) = app.store.write(move |tx| arrival.write(tx)).await? {
        return Ok(CameIn::Refused(code.into()));
    }
    app.outbox.notify_one();
    if method == Method::CardPin {
        used(app, visit.now, &resident);
    }
    Ok(CameIn::As(Proof { account, person: resident.person(), method }, revocation_words(&seen.checks)))
}

/// The letter to somebody who came back with nothing but the card: a signature in a session of their own is only a step up.
fn recovered(app: &App, visit: &Visit, resident: &Resident, method: Method) -> Result<Option<OutboxItem>, Fault> {
    let here = visit.session.as_ref().is_some_and(|session| session.account == resident.account.id);
    if here || method != Method::CardSignature {
        return Ok(None);
    }
    letter(app, visit, resident, CardNews::Recovered)
}

/// Somebody who is about to be let in.
struct Arrival {
    account: AccountId,
    person: PersonId,
    method: Method,
    unknown: &'static str,
    key: Hash,
    letter: Option<OutboxItem>,
    binding: Option<Binding>,
    ticket: Hash,
    now: Time,
}

impl Arrival {
    fn write(&self, tx: &mut Tx) -> Outcome<Result<(), &'static str>> {
        let refusal = self.refusal(tx)?;
        // Of two returns with one ticket only the first signs in.
        if !pass_store::card_tickets::end(tx, &self.ticket, refusal.unwrap_or(CardTicket::DONE), self.now)? {
            return Ok(Err("ticket_used"));
        }
        if let Some(code) = refusal {
            return Ok(Err(code));
        }
        if let Some(binding) = &self.binding {
            binding.write(tx)?;
        }
        if let Some(letter) = &self.letter {
            pass_store::outbox::insert(tx, letter)?;
        }
        Ok(Ok(()))
    }

    /// Whether what the card showed still counts: the account may have been closed, or the card removed or overtaken, since the
    /// agent posted; and a login key that signs in elsewhere is not of the card that signed here.
    fn refusal(&self, tx: &mut Tx) -> Outcome<Option<&'static str>> {
        if !pass_store::accounts::hold_open(tx, self.account)? {
            return Ok(Some(self.unknown));
        }
        let binding = self.binding.as_ref();
        pass_store::card_turns::take(tx, [&self.key].into_iter().chain(binding.map(Binding::lookup)))?;
        let counts = if self.method == Method::CardPin {
            let known = pass_store::credentials::find_by_lookup(tx, CredentialKind::Card, &self.key)?;
            known.is_some_and(|card| card.account == self.account)
        } else {
            proofed_by(tx, &self.key)? == Some(self.person)
        };
        if !counts {
            return Ok(Some(self.unknown));
        }
        Ok(match binding {
            Some(binding) if binding.is_taken(tx)? => Some("already_other_account"),
            _ => None,
        })
    }
}

/// The login key that came beside a recovery, looked at again.
async fn waiting_login(
    app: &App,
    visit: &Visit,
    ticket: &CardTicket,
    login: &LoginProof,
) -> Result<Result<VerifiedLogin, &'static str>, Fault> {
    let AnyStatement::Recovery(expected) = ticket::statement(ticket)? else { return Ok(Err("foreign_statement")) };
    let (challenge, at) = (expected.challenge(), visit.now.seconds());
    let check = |known: &RevocationData| verify_login(login, &app.anchors, known, &challenge, at);
    let verified = ask::with_revocation(app, login.into(), visit.now, check).await;
    Ok(verified.map_err(pass_core::jpki::Refusal::code))
}

fn used(app: &App, now: Time, resident: &Resident) {
    for card in resident.credentials.iter().filter(|one| one.kind == CredentialKind::Card) {
        let id = card.id;
        app.store.lazy(move |tx| pass_store::credentials::set_last_used_lazy(tx, id, now));
    }
}
