//! The order of asking: what fails by itself is asked of nobody, so that a responder or platform learns only of cards that were
//! really used here.

use crate::app::App;
use pass_core::Time;
use pass_core::jpki::revocation::Asked;
use pass_core::jpki::{Refusal, RevocationData};

/// Runs a checklist without revocation, then once more with what is known of this certificate.
pub(super) async fn with_revocation<T>(
    app: &App,
    asked: Asked<'_>,
    now: Time,
    check: impl Fn(&RevocationData) -> Result<T, Refusal>,
) -> Result<T, Refusal> {
    check(&nobody())?;
    check(&app.revocation.about(asked, now).await)
}

/// For a look at what was checked before and is checked again before it counts.
pub(super) fn nobody() -> RevocationData {
    RevocationData::none("not asked at this step")
}
