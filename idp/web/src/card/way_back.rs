//! A browser comes back from the agent: whether it is the one that left, and whether it brings what only the agent of whoever
//! signed was told. One judgement for all that a card does.

use super::settle::{Brought, OTHER_BROWSER, close};
use crate::app::App;
use crate::visit::Visit;
use pass_core::Fault;
use pass_core::domain::proofing::CardTicket;
use pass_core::secret::Hash;

/// How the browser came back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum WayBack<'a> {
    /// To the place it left from, before the agent posted anything.
    Nothing,
    /// To the place it left from, with the secret: what came of the proof.
    Signed(&'a str),
    /// Opened once more: the secret was brought before, or the ticket has ended, and why is still true.
    Again(&'a str),
    /// From elsewhere, or without the secret; a ticket that was signed for is over. The code of the refusal.
    Refused(&'static str),
}

/// Judges a return. `left_here`: browser, interaction and account are those that the ticket left with. `again`: a return whose
/// secret was brought before may be looked at once more.
pub(super) async fn come_back<'a>(
    app: &App,
    visit: &Visit,
    ticket: &'a CardTicket,
    brought: Brought<'_>,
    left_here: bool,
    again: bool,
) -> Result<WayBack<'a>, Fault> {
    let Some(outcome) = ticket.outcome.as_deref() else {
        return Ok(if left_here { WayBack::Nothing } else { WayBack::Refused(OTHER_BROWSER) });
    };
    // Only with what the agent of whoever signed was told: who started this for somebody else to sign, or only waits for the
    // outcome here, does not have it.
    match ticket.completion {
        None if left_here && (again || outcome != CardTicket::VERIFIED) => return Ok(WayBack::Again(outcome)),
        Some(secret) if left_here && secret.matches(&Hash::of(brought.completion)) => {
            return Ok(WayBack::Signed(outcome));
        }
        _ => {}
    }
    close(app, visit, ticket).await?;
    Ok(WayBack::Refused(OTHER_BROWSER))
}
