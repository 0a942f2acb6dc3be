//! Who is there, and since when.

use super::{Facts, Step};
use crate::domain::session::Method;
use crate::oidc::error::ErrorCode;
use crate::oidc::request::Prompt;
use std::time::Duration;

pub(super) fn somebody(facts: &Facts<'_>) -> Option<Step> {
    facts.session.is_none().then(|| login(facts))
}

pub(super) fn prompted(facts: &Facts<'_>) -> Option<Step> {
    // OpenID Connect Core 3.1.2.1: login "SHOULD prompt the End-User for reauthentication", select_account "to select".
    // Both mean the sign-in page, where another account may sign in.
    let prompts = [Prompt::Login, Prompt::SelectAccount, Prompt::Create];
    let asked = prompts.iter().any(|&prompt| facts.request.prompts(prompt));
    (asked && !facts.signed_in_for_this()).then(|| login(facts))
}

pub(super) fn young_enough(facts: &Facts<'_>) -> Option<Step> {
    // OpenID Connect Core 3.1.2.1: max_age counts from the last time the person was actively authenticated.
    let max_age = Duration::from_secs(facts.request.max_age?.into());
    // A face alone does not renew a sign-in: something held must be as young (docs/acr.md).
    let events = facts.session?.events.iter();
    let last = events.filter(|event| event.method != Method::Face).map(|event| event.at).max();
    let young = last.is_some_and(|at| facts.now.since(at) < max_age);
    (!young && !facts.signed_in_for_this()).then(|| login(facts))
}

pub(super) fn whom_the_client_expects(facts: &Facts<'_>) -> Option<Step> {
    let expected = facts.request.id_token_hint_sub.as_deref()?;
    if facts.session?.subject == expected {
        return None;
    }
    // OpenID Connect Core 3.1.2.1: "otherwise, the Authorization Server SHOULD return an error, such as login_required."
    if facts.signed_in_for_this() {
        return Some(Step::Refuse(ErrorCode::LoginRequired.into()));
    }
    Some(login(facts))
}

fn login(facts: &Facts<'_>) -> Step {
    Step::Login { reauth: facts.session.is_some(), hint: facts.request.login_hint.clone() }
}
