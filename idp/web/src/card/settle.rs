//! A proof becomes a proofing: checked once when the agent posts it, again when the right browser returns with the secret that
//! only whoever signed was given, and once more when the person has seen what it says and wants it kept.

use super::endpoints::{PROOF, VERIFIED};
use super::way_back::{WayBack, come_back};
use super::{Held, ask, ticket};
use crate::app::App;
use crate::flow::Stage;
use crate::people::{Resident, unsealed};
use crate::visit::Visit;
use pass_core::domain::audit::{Act, Actor, AuditEvent};
use pass_core::domain::proofing::life::{Passage, Turned};
use pass_core::domain::proofing::{CardTerms, CardTicket, NewProofing};
use pass_core::id::{AccountId, AuditId, PersonId, ProofingId};
use pass_core::jpki::{AnyStatement, Enrolment, Refusal, RevocationData, Verified, VerifiedLogin, verify_login};
use pass_core::secret::Hash;
use pass_core::{Fault, Time};

/// The ticket came back to a browser, an interaction or an account that it did not leave from, or without its secret.
pub const OTHER_BROWSER: &str = "other_browser";

/// What came of a card visit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Settled {
    /// The proof is good and waits for the person's word. Nothing of it is kept yet but the ticket.
    Read,
    /// Refused, with the code of `docs/card-errors.md`.
    Refused(String),
    /// The agent has not posted: the person came back without reading the card.
    Nothing,
}

/// What a proof of enrolment proved.
pub(super) struct Proven {
    verified: Verified,
    /// The login key of the same card, where its four digits were given.
    login: Option<VerifiedLogin>,
}

/// Runs the whole checklist of `jpki::verify`, and that of the login key if it signed too.
pub(super) async fn check(app: &App, expected: &Enrolment, held: &Held, now: Time) -> Result<Proven, Refusal> {
    look(app, expected, held, now)?;
    let (anchors, at) = (&app.anchors, now.seconds());
    let sign = |known: &RevocationData| pass_core::jpki::verify(&held.proof, anchors, known, expected, at);
    let verified = ask::with_revocation(app, (&held.proof).into(), now, sign).await?;
    let login = match &held.login {
        None => None,
        Some(proof) => {
            let challenge = expected.challenge().map_err(|_| Refusal::ForeignStatement)?;
            let login = |known: &RevocationData| verify_login(proof, anchors, known, &challenge, at);
            Some(ask::with_revocation(app, proof.into(), now, login).await?)
        }
    };
    Ok(Proven { verified, login })
}

/// The same without revocation: whether there is anything to ask about, or to show.
fn look(app: &App, expected: &Enrolment, held: &Held, now: Time) -> Result<Proven, Refusal> {
    let (anchors, at, nobody) = (&app.anchors, now.seconds(), ask::nobody());
    let verified = pass_core::jpki::verify(&held.proof, anchors, &nobody, expected, at)?;
    let challenge = expected.challenge().map_err(|_| Refusal::ForeignStatement)?;
    let login = held.login.as_ref().map(|login| verify_login(login, anchors, &nobody, &challenge, at));
    Ok(Proven { verified, login: login.transpose()? })
}

/// What the browser brings from the agent.
#[derive(Clone, Copy)]
pub struct Brought<'a> {
    /// The ticket it left with.
    pub ticket: &'a str,
    /// The secret that the issuer gave the agent of whoever signed. Empty when nothing was signed.
    pub completion: &'a str,
}

/// Whether the ticket is one that another browser left with. Then somebody was sent to the agent by whoever started it: the
/// ticket ends for good, with the proof in it.
pub async fn is_of_another_browser(app: &App, visit: &Visit, secret: &str) -> Result<bool, Fault> {
    match find(app, secret).await? {
        Some(ticket) if !ticket.browser.matches(&visit.browser_hash()) => {
            close(app, visit, &ticket).await?;
            Ok(true)
        }
        _ => Ok(false),
    }
}

/// The browser came back.
pub async fn settle(app: &App, visit: &Visit, stage: &Stage, brought: Brought<'_>) -> Result<Settled, Fault> {
    let ticket = find(app, brought.ticket).await?.filter(|ticket| ticket.expires_at > visit.now);
    let Some((ticket, resident)) = ticket.zip(stage.resident.as_ref()) else {
        return Ok(Settled::Refused("ticket_expired".into()));
    };
    // Only the browser that left, in the interaction it left from, with the account it left with.
    let left_here = ticket.browser.matches(&visit.browser_hash())
        && ticket.interaction == Some(stage.interaction.hash)
        && ticket.account == Some(resident.account.id);
    // Pressed twice, or opened once more: it is here already.
    let again = stage.interaction.progress.read == Some(ticket.hash);
    match come_back(app, visit, &ticket, brought, left_here, again).await? {
        WayBack::Nothing => Ok(Settled::Nothing),
        WayBack::Again(VERIFIED) => Ok(Settled::Read),
        WayBack::Again(CardTicket::DONE | CardTicket::DROPPED) => Ok(Settled::Nothing),
        WayBack::Again(refusal) => Ok(Settled::Refused(refusal.into())),
        WayBack::Refused(code) => Ok(Settled::Refused(code.into())),
        WayBack::Signed(VERIFIED) if ticket.sealed_proof.is_some() => {
            arrive(app, visit, stage, resident, &ticket).await
        }
        WayBack::Signed(refusal) => reject(app, visit, resident, &ticket, refusal).await,
    }
}

pub(super) async fn find(app: &App, secret: &str) -> Result<Option<CardTicket>, Fault> {
    let hash = Hash::of(secret);
    app.store.read_now(move |tx| pass_store::card_tickets::find(tx, &hash)).await
}

/// Ends a ticket that came back to the wrong place, and says so once.
pub(super) async fn close(app: &App, visit: &Visit, ticket: &CardTicket) -> Result<(), Fault> {
    let hash = ticket.hash;
    let act = match ticket::statement(ticket)? {
        AnyStatement::Enrolment(_) | AnyStatement::Text(_) | AnyStatement::Consent(_) => Act::ProofingRefuse,
        AnyStatement::Login(_) | AnyStatement::Recovery(_) => Act::SignInRefuse,
    };
    let audit = match ticket.account {
        Some(account) => {
            let person = crate::account::person_of(app, account).await?;
            Some(audit(app, visit, (account, person), act, OTHER_BROWSER.into()))
        }
        // A card that nobody here knows: there is nobody to tell.
        None => None,
    };
    let now = visit.now;
    app.store
        .write(move |tx| match (pass_store::card_tickets::end(tx, &hash, OTHER_BROWSER, now)?, &audit) {
            (true, Some(audit)) => pass_store::audit::insert(tx, audit),
            _ => Ok(()),
        })
        .await
}

/// The right browser has brought the right secret: the proof is looked at again, and waits.
async fn arrive(
    app: &App,
    visit: &Visit,
    stage: &Stage,
    resident: &Resident,
    ticket: &CardTicket,
) -> Result<Settled, Fault> {
    if let Err(code) = seen_proof(app, visit, resident, ticket)? {
        return reject(app, visit, resident, ticket, code).await;
    }
    let Some(completion) = ticket.completion else { return Ok(Settled::Nothing) };
    let (interaction, hash) = (stage.interaction.hash, ticket.hash);
    let mut progress = stage.interaction.progress.clone();
    let replaced = progress.read.replace(hash).filter(|other| *other != hash);
    let now = visit.now;
    app.store
        .write(move |tx| {
            // Of two returns with one secret only the first counts; the other finds what it wrote.
            if pass_store::card_tickets::arrive(tx, &hash, &completion)? {
                if let Some(replaced) = replaced {
                    pass_store::card_tickets::end(tx, &replaced, "ticket_used", now)?;
                    pass_store::upstream_visits::close(tx, &replaced)?;
                }
                pass_store::interactions::save_progress(tx, &interaction, &progress)?;
            }
            Ok(())
        })
        .await?;
    Ok(Settled::Read)
}

/// What a ticket's proof makes when it is kept.
pub(super) struct Waiting {
    /// The proofing, with the values it proves.
    pub(super) new: NewProofing,
    /// What comes of it for this person.
    pub(super) passage: Passage,
    /// The login key that the account may sign in with from then on.
    pub(super) login: Option<VerifiedLogin>,
}

/// What a ticket's proof makes, by everything that can be checked without writing; else the code of a refusal.
pub(super) async fn waiting_proof(
    app: &App,
    visit: &Visit,
    resident: &Resident,
    ticket: &CardTicket,
) -> Result<Result<Waiting, &'static str>, Fault> {
    match opened(resident, ticket)? {
        Ok((expected, held)) => {
            let proven = check(app, &expected, &held, visit.now).await;
            Ok(made(app, visit, resident, proven))
        }
        Err(code) => Ok(Err(code)),
    }
}

/// The same for a look: revocation was asked when the proof came, and is once more when it is kept.
pub(super) fn seen_proof(
    app: &App,
    visit: &Visit,
    resident: &Resident,
    ticket: &CardTicket,
) -> Result<Result<Waiting, &'static str>, Fault> {
    let opened = opened(resident, ticket)?;
    Ok(opened.and_then(|(expected, held)| made(app, visit, resident, look(app, &expected, &held, visit.now))))
}

fn opened(resident: &Resident, ticket: &CardTicket) -> Result<Result<(Enrolment, Held), &'static str>, Fault> {
    let Some(held) = &ticket.sealed_proof else { return Ok(Err("ticket_expired")) };
    let held: Held = unsealed(&resident.key, resident.person(), PROOF, held)?;
    let AnyStatement::Enrolment(expected) = ticket::statement(ticket)? else { return Ok(Err("foreign_statement")) };
    Ok(Ok((expected, held)))
}

fn made(
    app: &App,
    visit: &Visit,
    resident: &Resident,
    proven: Result<Proven, Refusal>,
) -> Result<Waiting, &'static str> {
    let Proven { verified, login } = proven.map_err(Refusal::code)?;
    let id = ProofingId::new(visit.now, &*app.entropy);
    let new = NewProofing::from_card(
        id,
        resident.person(),
        &verified,
        &CardTerms { key: &card_key(app), evidence: app.settings.evidence },
        visit.now,
    );
    let passage = new.passage(resident.proven(), visit.now).map_err(Turned::code)?;
    Ok(Waiting { new, passage, login })
}

/// The key of certificate serials: the same card is known again without keeping its serial.
pub fn card_key(app: &App) -> [u8; 32] {
    app.keys.index.mac(&[b"card key"]).0
}

/// Refuses a proof: nothing of it is kept but why, so that the page stays true when it is opened once more.
pub(super) async fn reject(
    app: &App,
    visit: &Visit,
    resident: &Resident,
    ticket: &CardTicket,
    code: &str,
) -> Result<Settled, Fault> {
    let code = code.to_string();
    let audit = audit(app, visit, resident.ids(), Act::ProofingRefuse, code.clone());
    let (hash, why, now) = (ticket.hash, code.clone(), visit.now);
    app.store
        .write(move |tx| match pass_store::card_tickets::end(tx, &hash, &why, now)? {
            true => pass_store::audit::insert(tx, &audit),
            false => Ok(()),
        })
        .await?;
    Ok(Settled::Refused(code))
}

pub(crate) fn audit(
    app: &App,
    visit: &Visit,
    (account, person): (AccountId, PersonId),
    act: Act,
    detail: String,
) -> AuditEvent {
    AuditEvent {
        id: AuditId::new(visit.now, &*app.entropy),
        at: visit.now,
        actor: Actor::Account(account),
        act,
        person: Some(person),
        facility: None,
        client: None,
        detail,
    }
}
