//! The code goes out: a grant and its code in one transaction.

use crate::app::App;
use crate::directory::Party;
use crate::people::Resident;
use crate::visit::Visit;
use pass_core::Fault;
use pass_core::authn::acr::achieved;
use pass_core::domain::grant::{Code, Grant};
use pass_core::id::{ConsentId, GrantId};
use pass_core::oidc::request::AuthorizationRequest;
use pass_core::secret::Hash;
use std::time::Duration;

/// RFC 6749 4.1.2 allows ten minutes; a minute is plenty.
const CODE_LIFE: Duration = Duration::from_secs(60);

/// Writes grant and code, closes the interaction, and gives the code.
pub async fn code(
    app: &App,
    visit: &Visit,
    party: &Party,
    request: &AuthorizationRequest,
    resident: &Resident,
    consent: ConsentId,
    interaction: Option<Hash>,
) -> Result<String, Fault> {
    let session = visit.session.as_ref().ok_or_else(|| Fault::new("issue a code: nobody is signed in"))?;
    let worth = achieved(&session.events, visit.now, request.max_age)
        .or_else(|| achieved(&session.events, visit.now, None))
        .ok_or_else(|| Fault::new("issue a code: the session holds no event"))?;
    let code = app.token();
    let grant = Grant {
        id: GrantId::new(visit.now, &*app.entropy),
        person: resident.person(),
        account: resident.account.id,
        client: party.client.id,
        consent,
        session: session.id,
        scopes: request.scopes.clone(),
        claims: request.claims.clone(),
        acr: worth.acr,
        amr: worth.amr.iter().map(ToString::to_string).collect(),
        auth_time: worth.auth_time,
        auth_time_asked: request.max_age.is_some() || request.claims.id_token.contains_key("auth_time"),
        created_at: visit.now,
        revoked_at: None,
    };
    let row = Code {
        hash: Hash::of(&code),
        grant: grant.id,
        redirect_uri: request.redirect_uri.clone(),
        code_challenge: request.code_challenge.clone(),
        nonce: request.nonce.clone(),
        expires_at: visit.now + CODE_LIFE,
        used_at: None,
    };
    app.store
        .write(move |tx| {
            pass_store::grants::insert(tx, &grant)?;
            pass_store::codes::insert(tx, &row)?;
            if let Some(interaction) = &interaction {
                pass_store::interactions::close(tx, interaction)?;
            }
            Ok(())
        })
        .await?;
    Ok(code)
}
