//! Why each claim is given or not to whoever holds an access token: the answer of `release` in words, without values. For
//! `pass token inspect` and for Manager.

use crate::people::{Records, TokenRows};
use pass_core::Time;
use pass_core::claims::release::{Agreement, Explanation, ReleaseInput, release};
use pass_core::claims::scopes::Place;
use pass_core::domain::facility::{Ceiling, Facility};

/// What is said of a token.
pub struct Explained {
    /// Whether userinfo would answer.
    pub alive: bool,
    /// Every claim that was asked for or that the facility may ask for.
    pub claims: Vec<Explanation>,
}

/// The answer that userinfo would give now, were the token alive.
pub fn explain(rows: &TokenRows, records: &Records, facility: &Facility, ceiling: &Ceiling, now: Time) -> Explained {
    let (token, grant, consent) = (&rows.token, &rows.grant, &rows.consent);
    let released = release(&ReleaseInput {
        proven: records.proven(),
        declared: &records.declared,
        facility,
        ceiling,
        scopes: &token.scopes,
        request: &grant.claims,
        place: Place::Userinfo,
        consent: Agreement::Given(consent),
        channel: token.channel(),
        acr: grant.acr,
        now,
    });
    let alive = token.expires_at > now
        && token.revoked_at.is_none()
        && grant.revoked_at.is_none()
        && consent.withdrawn_at.is_none();
    Explained { alive, claims: released.explain() }
}
