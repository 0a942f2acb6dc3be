//! Steps that one may leave for later.

use super::{Stage, next_step};
use crate::app::App;
use crate::visit::Visit;
use pass_core::domain::interaction::{Errand, Progress};
use pass_core::oidc::interaction::Step;

/// Whether somebody who leaves a step for later gets further: "later" is a promise, and only then it is made.
pub fn goes_on_without(app: &App, visit: &Visit, stage: &Stage, leave: fn(&mut Progress)) -> bool {
    let (Some(party), Errand::Authorization { request, .. }) = (stage.party.as_deref(), &stage.interaction.errand)
    else {
        return true;
    };
    let mut progress = stage.interaction.progress.clone();
    leave(&mut progress);
    !matches!(next_step(app, visit, party, request, &progress, stage.resident.as_ref()), Step::Refuse(_))
}
