//! `POST /kiosk/{facility}/pair`: the code, and the public half of the key that the device just made.

use super::{Refused, facility, say};
use crate::app::App;
use crate::limits::{Attempt, address};
use crate::visit::kiosk_cookie;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use pass_core::domain::audit::{Act, Actor, AuditEvent};
use pass_core::domain::facility::Facility;
use pass_core::domain::reception::Terminal;
use pass_core::id::{AuditId, TerminalId};
use pass_core::reception::{capture, pairing};
use pass_core::secret::{Hash, from_base64url};
use pass_store::Taken;
use serde::Deserialize;
use serde_json::json;

/// What the script sends. A form cannot send JSON, so no other site can.
#[derive(Deserialize)]
pub(super) struct Pairing {
    code: String,
    key: String,
}

pub(super) async fn post(
    app: web::Data<App>,
    request: HttpRequest,
    slug: web::Path<String>,
    sent: web::Json<Pairing>,
) -> HttpResponse {
    let Ok(facility) = facility(&app, &slug) else {
        return say(StatusCode::NOT_FOUND, &json!({ "refused": "facility" }));
    };
    match pair(&app, &request, &facility, &sent).await {
        Ok(Some(secret)) => {
            let mut answer = say(StatusCode::OK, &json!({ "paired": true }));
            // Only a cookie with characters that cannot be sent fails, and ours have none.
            let _ = answer.add_cookie(&kiosk_cookie(&app, &facility.slug, secret));
            answer
        }
        Ok(None) => say(StatusCode::UNPROCESSABLE_ENTITY, &json!({ "refused": "code" })),
        Err(refused) => refused.answer(),
    }
}

async fn pair(
    app: &App,
    request: &HttpRequest,
    facility: &Facility,
    sent: &Pairing,
) -> Result<Option<String>, Refused> {
    if !app.limits.allow(Attempt::Pair, address(app, request)) {
        return Err(Refused::Limit);
    }
    // The key first: a code is not used up for a device that could not use it.
    let key = from_base64url(&sent.key).filter(|key| capture::is_key(key));
    let (Some(public_key), Some(hash)) = (key, pairing::index(&app.keys.index, &sent.code)) else { return Ok(None) };
    let (now, secret) = (app.now(), app.token());
    let (id, audit, at, cookie) =
        (TerminalId::new(now, &*app.entropy), AuditId::new(now, &*app.entropy), facility.id, Hash::of(&secret));
    let paired = app
        .store
        .write(move |tx| {
            // A code of another facility stays good there.
            let Taken::First(code) = pass_store::pairing_codes::take(tx, &hash, at, now)? else { return Ok(false) };
            // Whoever left the staff meanwhile pairs nothing any more.
            if let Some(staff) = code.made_by
                && pass_store::staff::find(tx, staff)?.is_none_or(|staff| staff.closed_at.is_some())
            {
                return Ok(false);
            }
            let terminal = Terminal {
                id,
                facility: at,
                name: code.name,
                public_key: public_key.clone(),
                cookie,
                paired_at: now,
                last_seen_at: Some(now),
                revoked_at: None,
            };
            pass_store::terminals::insert(tx, &terminal)?;
            let event = AuditEvent {
                id: audit,
                at: now,
                actor: code.made_by.map_or(Actor::Operator, Actor::Staff),
                act: Act::TerminalPair,
                person: None,
                facility: Some(at),
                client: None,
                detail: terminal.name,
            };
            pass_store::audit::insert(tx, &event)?;
            Ok(true)
        })
        .await?;
    Ok(paired.then_some(secret))
}
