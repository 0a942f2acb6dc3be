//! Passkeys: options for the browser, recognising the one that answered, and making a new one (WebAuthn Level 3, 7).
//!
//! The state of a ceremony is a row found by the hash of its challenge, taken once.

use super::form::Form;
use crate::app::App;
use crate::flow;
use crate::limits::{Attempt, address};
use crate::people::Resident;
use crate::problem::{PageError, Stop};
use crate::step::login::too_many;
use crate::step::session::Proof;
use crate::visit::Visit;
use actix_web::http::header::CACHE_CONTROL;
use actix_web::{HttpRequest, HttpResponse, web};
use pass_core::authn::passkey::{Begun, Holder, Passkeys};
use pass_core::domain::account::{Ceremony, Credential, CredentialKind};
use pass_core::domain::session::Method;
use pass_core::id::{AccountId, CredentialId};
use pass_core::secret::{Hash, from_base64url};
use pass_core::{Fault, Time};
use serde_json::Value;
use std::time::Duration;

/// How long a browser may take to answer.
const LIFE: Duration = Duration::from_secs(5 * 60);

/// The relying party of residents' passkeys.
pub fn residents(app: &App) -> Result<Passkeys, Fault> {
    Passkeys::new(&app.settings.issuer, "PASS")
}

/// `POST .../passkey-options`: what `navigator.credentials.get` is called with.
pub async fn options(
    app: web::Data<App>,
    request: HttpRequest,
    handle: web::Path<String>,
    body: String,
) -> HttpResponse {
    let options = async {
        let visit = Visit::of(&app, &request, None).await?;
        let form = Form::parse(&body)?;
        flow::checked(&app, &request, &visit, form.get("csrf"))?;
        // A row for somebody unknown: within an interaction of this browser, and not too many.
        flow::find(&app, &visit, &handle).await?;
        if !app.limits.allow(Attempt::Ceremony, address(&app, &request)) {
            return Err(too_many());
        }
        // With `autofill` passkeys appear in the mail field (conditional mediation) instead of a dialog.
        let begun = residents(&app)?.begin_sign_in(form.get("autofill").is_none())?;
        keep(&app, visit.now, None, begun).await.map_err(Stop::from)
    }
    .await;
    json(options)
}

/// Writes the ceremony row and gives the options.
pub async fn keep(app: &App, now: Time, account: Option<AccountId>, begun: Begun) -> Result<Value, Fault> {
    let challenge = begun.options.pointer("/publicKey/challenge").and_then(Value::as_str);
    let hash =
        Hash::of(challenge.ok_or_else(|| Fault::new("begin a passkey ceremony: the options hold no challenge"))?);
    let row = Ceremony { hash, account, state: begun.state, expires_at: now + LIFE };
    app.store.write(move |tx| pass_store::ceremonies::insert(tx, &row)).await?;
    Ok(begun.options)
}

/// Takes the ceremony that an answer belongs to.
pub async fn taken(app: &App, now: Time, answer: &Value) -> Result<Option<Ceremony>, Fault> {
    let Some(hash) = challenge(answer) else { return Ok(None) };
    let ceremony = app.store.write(move |tx| pass_store::ceremonies::take(tx, &hash, now)).await?;
    Ok(ceremony.filter(|ceremony| ceremony.expires_at > now))
}

/// JSON for a page's module.
pub fn json(options: Result<Value, Stop>) -> HttpResponse {
    match options {
        Ok(options) => HttpResponse::Ok().insert_header((CACHE_CONTROL, "no-store")).json(options),
        Err(Stop::Page(error)) => HttpResponse::build(error.status).json(serde_json::json!({ "error": error.code })),
        Err(Stop::Fault(fault)) => {
            tracing::error!(%fault, "fault");
            HttpResponse::InternalServerError().json(serde_json::json!({ "error": "server_error" }))
        }
    }
}

/// Whose passkey answered; nothing if it is not to be believed.
pub async fn recognise(app: &App, now: Time, credential: &str) -> Result<Option<Proof>, Fault> {
    let Ok(answer) = serde_json::from_str::<Value>(credential) else { return Ok(None) };
    let passkeys = residents(app)?;
    let (Some(ceremony), Ok(named)) = (taken(app, now, &answer).await?, passkeys.name(&answer)) else {
        return Ok(None);
    };
    let found = app
        .store
        .read_now(move |tx| {
            let Some(credential) = pass_store::credentials::find_by_lookup(tx, CredentialKind::Passkey, &named.lookup)?
            else {
                return Ok(None);
            };
            Ok(pass_store::accounts::find(tx, credential.account)?.map(|account| (account, credential)))
        })
        .await?;
    // WebAuthn 7.2 step 6: the user handle names the owner of the credential.
    let Some((account, stored)) = found.filter(|(account, _)| account.user_handle == named.user_handle) else {
        return Ok(None);
    };
    let public = String::from_utf8_lossy(&stored.public);
    let signed_in = match passkeys.finish_sign_in(&ceremony.state, &answer, &public) {
        Ok(signed_in) => signed_in,
        Err(refusal) => {
            tracing::info!(?refusal, "passkey refused");
            return Ok(None);
        }
    };
    used(app, now, stored.id, signed_in.public).await?;
    let open = account.closed_at.is_none();
    Ok(open.then_some(Proof { account: account.id, person: account.person, method: signed_in.method }))
}

async fn used(app: &App, now: Time, id: CredentialId, public: Option<String>) -> Result<(), Fault> {
    app.store.lazy(move |tx| pass_store::credentials::set_last_used_lazy(tx, id, now));
    // The counter must not be lost: it shows a copied passkey.
    let Some(public) = public else { return Ok(()) };
    app.store.write(move |tx| pass_store::credentials::replace_public(tx, id, public.as_bytes())).await
}

/// What `navigator.credentials.create` is called with.
pub async fn begin(app: &App, now: Time, resident: &Resident) -> Result<Value, Fault> {
    let mail = resident.mail()?;
    let existing: Vec<String> = resident
        .credentials
        .iter()
        .filter(|credential| credential.kind == CredentialKind::Passkey)
        .map(|credential| String::from_utf8_lossy(&credential.public).into_owned())
        .collect();
    let existing: Vec<&str> = existing.iter().map(String::as_str).collect();
    let holder = Holder {
        user_handle: resident.account.user_handle,
        name: mail.as_deref().unwrap_or("PASS"),
        existing: &existing,
    };
    let begun = residents(app)?.begin_registration(&holder)?;
    keep(app, now, Some(resident.account.id), begun).await
}

/// A new passkey of this account, ready to be written.
pub async fn finish(
    app: &App,
    now: Time,
    account: AccountId,
    answer: &str,
) -> Result<Option<(Credential, Method)>, Fault> {
    let Ok(answer) = serde_json::from_str::<Value>(answer) else { return Ok(None) };
    let Some(ceremony) = taken(app, now, &answer).await?.filter(|ceremony| ceremony.account == Some(account)) else {
        return Ok(None);
    };
    let made = match residents(app)?.finish_registration(&ceremony.state, &answer) {
        Ok(made) => made,
        Err(refusal) => {
            tracing::info!(?refusal, "passkey not made");
            return Ok(None);
        }
    };
    let credential = Credential {
        id: CredentialId::new(now, &*app.entropy),
        account,
        kind: CredentialKind::Passkey,
        lookup: made.lookup,
        public: made.public.into_bytes(),
        label: String::new(),
        created_at: now,
        last_used_at_lazy: None,
    };
    Ok(Some((credential, made.method)))
}

fn challenge(answer: &Value) -> Option<Hash> {
    let encoded = answer.pointer("/response/clientDataJSON")?.as_str()?;
    let data: Value = serde_json::from_slice(&from_base64url(encoded)?).ok()?;
    Some(Hash::of(data.get("challenge")?.as_str()?))
}

/// Somebody who is not signed in asks for a ceremony of the own account.
pub fn not_signed_in() -> Stop {
    PageError::expired().into()
}
