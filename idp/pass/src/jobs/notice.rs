//! One logout notice to its client (OpenID Connect Back-Channel Logout 2.5). The token is signed now and never logged.

use pass_core::Fault;
use pass_core::domain::outbox::LogoutNotice;
use pass_core::oidc::logout_token::{LogoutToken, sign};
use pass_web::App;

/// Posts it. An error means: try again.
pub(super) async fn deliver(app: &App, notice: &LogoutNotice) -> Result<(), Fault> {
    let directory = app.directory();
    let client = &directory.party_of(notice.client)?.client;
    // The channel was taken away in the meantime: nobody is to be told.
    let Some(address) = &client.metadata.backchannel_logout_uri else { return Ok(()) };
    let token = LogoutToken { issuer: &app.settings.issuer, client, notice, now: app.now() };
    let token = sign(&token, &directory.keys)?;
    match app.outgoing.post_form(address, &[("logout_token", &token)]).await? {
        // 2.8; 204 is named there as what some frameworks answer.
        200 | 204 => Ok(()),
        status => Err(Fault::new(format!("the client {} answered a logout notice with {status}", client.client_id))),
    }
}
