//! Which page next? One pure function over an ordered list of policies; the same list names the error under `prompt=none`
//! (OpenID Connect Core 3.1.2.1, 3.1.2.3, 3.1.2.6, 5.5.1.1; Unmet Authentication Requirements 1.0).
//!
//! Left out: acting for somebody else (`ChoosePerson` is asked for when a handler says there is a choice).

mod consent;
mod person;
mod proof;
mod sign_in;
mod strength;
mod worth;

#[cfg(test)]
mod tests;

pub use crate::claims::release::Needs;
pub use strength::met;
pub use worth::worth;

use super::error::{ErrorCode, OAuthError};
use super::request::{AuthorizationRequest, Prompt};
use crate::Time;
use crate::authn::acr::Acr;
use crate::domain::client::Client;
use crate::domain::interaction::Progress;
use crate::domain::session::AuthenticationEvent;

/// Everything the answer depends on.
#[derive(Clone, Copy)]
pub struct Facts<'a> {
    /// What was asked.
    pub request: &'a AuthorizationRequest,
    /// By whom.
    pub client: &'a Client,
    /// Steps done for this request; nothing on the first visit.
    pub progress: &'a Progress,
    /// The sign-in session of this browser, if it is alive.
    pub session: Option<SessionFacts<'a>>,
    /// What the claims that would be given still need (`claims::release::Release::needs`).
    pub needs: Needs,
    /// Whether the person was proofed before, whatever became of it: proofing once more replaces values.
    pub proofed_before: bool,
    /// Whether there is more than one person to sign in for, and none is chosen yet.
    pub choice_of_person: bool,
    /// Whether a live consent covers exactly what would be given (`claims::consent::covers`).
    pub consent_covers: bool,
    /// Now.
    pub now: Time,
}

/// The session as far as policies look at it.
#[derive(Clone, Copy)]
pub struct SessionFacts<'a> {
    /// The `sub` of its person at this client.
    pub subject: &'a str,
    /// Its events, oldest first.
    pub events: &'a [AuthenticationEvent],
    /// Every value of `acr_values` that it satisfies for this request (`worth`).
    pub holds: &'a [&'static str],
    /// What its account can reach (`authn::acr::reachable`). `aal2-face` needs an enrolled face; an account that is not
    /// proofed reaches `aal2` by making a passkey.
    pub reachable: &'a [Acr],
}

/// What comes next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Sign in.
    Login {
        /// There is a session, but it is not enough.
        reauth: bool,
        /// Whom the client expects.
        hint: Option<String>,
    },
    /// Sign in more strongly.
    StepUp {
        /// How strongly.
        acr: Acr,
    },
    /// Prove who you are.
    Proof,
    /// Choose for whom.
    ChoosePerson,
    /// Agree.
    Consent,
    /// Everything is there: the code goes out.
    Issue,
    /// It cannot be done: the client is told.
    Refuse(OAuthError),
}

/// One policy.
struct Policy {
    /// For operators: why a request was refused.
    name: &'static str,
    /// Under `prompt=none`.
    error: ErrorCode,
    /// A wish: under `prompt=none` a person who agreed without it goes on without it.
    wish: bool,
    check: fn(&Facts<'_>) -> Option<Step>,
}

const fn rule(name: &'static str, error: ErrorCode, check: fn(&Facts<'_>) -> Option<Step>) -> Policy {
    Policy { name, error, wish: false, check }
}

const fn wish(name: &'static str, error: ErrorCode, check: fn(&Facts<'_>) -> Option<Step>) -> Policy {
    Policy { name, error, wish: true, check }
}

/// In this order.
const POLICIES: [Policy; 11] = [
    rule("somebody is signed in", ErrorCode::LoginRequired, sign_in::somebody),
    rule("prompt=login, select_account, create", ErrorCode::LoginRequired, sign_in::prompted),
    rule("max_age", ErrorCode::LoginRequired, sign_in::young_enough),
    rule("id_token_hint", ErrorCode::LoginRequired, sign_in::whom_the_client_expects),
    rule("the client's minimum", ErrorCode::UnmetAuthenticationRequirements, strength::minimum),
    rule("essential acr", ErrorCode::UnmetAuthenticationRequirements, strength::essential),
    wish("acr_values", ErrorCode::InteractionRequired, strength::wanted),
    wish("least strength of the claims", ErrorCode::InteractionRequired, strength::of_claims),
    wish("proofing", ErrorCode::InteractionRequired, proof::proofed),
    rule("person", ErrorCode::AccountSelectionRequired, person::chosen),
    rule("consent", ErrorCode::ConsentRequired, consent::given),
];

/// The next step for a request.
pub fn next(facts: &Facts<'_>) -> Step {
    let silent = facts.request.prompts(Prompt::None);
    for policy in &POLICIES {
        match (policy.check)(facts) {
            None => {}
            Some(step) if !silent => return step,
            Some(_) if policy.wish && facts.consent_covers => {}
            // OpenID Connect Core 3.1.2.6
            Some(_) => return Step::Refuse(OAuthError::new(policy.error).detail(policy.name)),
        }
    }
    Step::Issue
}

impl Facts<'_> {
    /// Whether the session holds an event that was made for this request. Only such events answer `prompt=login` and `max_age`.
    fn signed_in_for_this(&self) -> bool {
        let events = self.session.map_or(&[][..], |session| session.events);
        events.iter().any(|event| self.progress.events.contains(&event.id))
    }
}
