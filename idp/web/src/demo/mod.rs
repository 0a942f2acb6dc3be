//! The demo's test authenticator: an id and a secret in a plain form. Only in demo mode on loopback, said aloud at start.

pub mod counterpart;
mod letter;
pub mod outbox;

use crate::app::App;
use actix_web::web::{ServiceConfig, get};
use pass_core::Fault;
use pass_core::domain::account::CredentialKind;
use pass_core::id::{AccountId, PersonId};
use pass_core::secret::Hash;

/// What a test id is found by.
pub fn lookup(app: &App, login: &str) -> Hash {
    app.keys.index.mac(&[b"test authenticator", login.as_bytes()])
}

/// Whose id and secret these are.
pub async fn recognise(app: &App, login: &str, secret: &str) -> Result<Option<(AccountId, PersonId)>, Fault> {
    let (lookup, secret) = (lookup(app, login), Hash::of(secret));
    app.store
        .read_now(move |tx| {
            let Some(credential) = pass_store::credentials::find_by_lookup(tx, CredentialKind::Test, &lookup)? else {
                return Ok(None);
            };
            let fits = Hash::from_slice(&credential.public).is_some_and(|known| known.matches(&secret));
            let account =
                pass_store::accounts::find(tx, credential.account)?.filter(|account| account.closed_at.is_none());
            Ok(account.filter(|_| fits).map(|account| (account.id, account.person)))
        })
        .await
}

/// Mounts what only the demo has.
pub fn routes(config: &mut ServiceConfig) {
    config.route("/dev/mail", get().to(outbox::page)).route("/dev/mail.json", get().to(outbox::json));
}
