//! The code goes out: a grant and its code in one transaction.

use crate::app::App;
use crate::directory::Party;
use crate::people::Resident;
use crate::visit::Visit;
use pass_core::Fault;
use pass_core::domain::interaction::Progress;
use pass_core::id::ConsentId;
use pass_core::oidc::code::{Basis, Secrets, issue};
use pass_core::oidc::interaction::worth;
use pass_core::oidc::request::AuthorizationRequest;
use pass_core::secret::Hash;

/// For whom, to whom and on what ground a code goes out.
pub struct Issue<'a> {
    /// Who asks.
    pub party: &'a Party,
    /// What was asked.
    pub request: &'a AuthorizationRequest,
    /// Who is signed in.
    pub resident: &'a Resident,
    /// What the person agreed to.
    pub consent: ConsentId,
    /// Steps done for this request.
    pub progress: &'a Progress,
    /// The interaction that ends with it, if there was one.
    pub interaction: Option<Hash>,
}

/// Writes grant and code, closes the interaction, and gives the code. Nothing: another answer closed the interaction first.
pub async fn code(app: &App, visit: &Visit, what: Issue<'_>) -> Result<Option<String>, Fault> {
    let session = visit.session.as_ref().ok_or_else(|| Fault::new("issue a code: nobody is signed in"))?;
    let sign_in = worth(&session.events, what.request, what.progress, visit.now)
        .ok_or_else(|| Fault::new("issue a code: the session holds no event that counts"))?;
    let secrets = Secrets::draw(visit.now, &*app.entropy);
    let basis = Basis {
        request: what.request,
        client: &what.party.client,
        person: what.resident.person(),
        account: what.resident.account.id,
        consent: what.consent,
        session: session.id,
        sign_in: &sign_in,
    };
    let (grant, code) = issue(&basis, &secrets, visit.now);
    let interaction = what.interaction;
    let first = app
        .store
        .write(move |tx| {
            // A form sent twice must not make two codes.
            if let Some(interaction) = &interaction
                && !pass_store::interactions::close(tx, interaction)?
            {
                return Ok(false);
            }
            pass_store::grants::insert(tx, &grant)?;
            pass_store::codes::insert(tx, &code)?;
            Ok(true)
        })
        .await?;
    Ok(first.then(|| secrets.code().to_string()))
}
