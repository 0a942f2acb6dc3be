//! Remembers what a known client was refused, so that its integrators find it in Manager without asking an operator.
//!
//! Rows are lazy: a flood of bad requests costs no commit of its own, sixty a minute and client are written at most, and the
//! newest two hundred of a client are kept.

use crate::app::App;
use crate::problem::reference;
use pass_core::domain::client::Client;
use pass_core::domain::client_error::{ClientError, Endpoint, kept_description};
use pass_core::id::ClientErrorId;

/// Keeps a refusal, and gives the number by which it is found in the log.
pub fn note(app: &App, client: &Client, endpoint: Endpoint, code: &str, description: &str) -> Option<String> {
    if !app.limits.admit_client_error(client.id) {
        return None;
    }
    let now = app.now();
    let error = ClientError {
        id: ClientErrorId::new(now, &*app.entropy),
        client: client.id,
        at: now,
        endpoint,
        code: code.into(),
        description: kept_description(description),
        reference: reference(app),
    };
    let reference = error.reference.clone();
    app.store.lazy(move |tx| pass_store::client_errors::insert_lazy(tx, &error));
    Some(reference)
}
