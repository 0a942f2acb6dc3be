//! `GET` and `POST /authorize` (RFC 6749 4.1.1, OpenID Connect Core 3.1.2).

use super::issue::Issue;
use super::reply::log_refusal;
use crate::app::App;
use crate::client_errors::note;
use crate::client_keys::{Need, keys_of};
use crate::directory::Party;
use crate::flow;
use crate::kit::{Way, WayKind};
use crate::page::error_page::ErrorKind;
use crate::people;
use crate::problem::{Broken, PageError, Shown, Stop};
use crate::request_objects::{self, Unfetched};
use crate::step::login::too_many;
use crate::visit::Visit;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use pass_core::authn::acr::achieved;
use pass_core::claims::scopes;
use pass_core::domain::client::Client;
use pass_core::domain::client_error::Endpoint;
use pass_core::domain::interaction::{Errand, Interaction, Progress};
use pass_core::oidc::authorize::{Failure, Loaded, PageProblem, check, client_id, read, refuse};
use pass_core::oidc::interaction::Step;
use pass_core::oidc::params::Params;
use pass_core::oidc::request::AuthorizationRequest;
use pass_core::oidc::request_object::{self, Brought, Unread};
use pass_core::oidc::respond::{Answer, respond};
use pass_core::secret::Hash;
use std::sync::Arc;

/// The request in the query.
pub async fn get(app: web::Data<App>, request: HttpRequest) -> Result<HttpResponse, Broken> {
    let query = request.query_string().to_string();
    serve(&app, &request, &query).await
}

/// The request in a form (OpenID Connect Core 3.1.2.1).
pub async fn post(app: web::Data<App>, request: HttpRequest, body: String) -> Result<HttpResponse, Broken> {
    // A cross-site POST carries no SameSite=Lax cookie. As a GET it does, so that somebody who is signed in stays so.
    let stranger = request.cookies().map(|cookies| cookies.is_empty()).unwrap_or(true);
    match as_query(&body) {
        Some(query) if stranger && query.len() < 6_000 => Ok(flow::see_other(&format!("/authorize?{query}"))),
        _ => serve(&app, &request, &body).await,
    }
}

/// The pairs of a form as a query. A body may hold what no address may, line breaks among it, so it is never copied as it
/// came; one that could not be read again as it was meant stays a body.
fn as_query(body: &str) -> Option<String> {
    read(body).ok()?;
    let pairs = url::form_urlencoded::parse(body.as_bytes());
    Some(url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish())
}

async fn serve(app: &App, request: &HttpRequest, encoded: &str) -> Result<HttpResponse, Broken> {
    let wish = wanted_languages(encoded);
    let visit = Visit::of(app, request, wish.as_deref()).await?;
    let mut answer = match begin(app, &visit, encoded).await {
        Ok(answer) => answer,
        Err(stop) => stop.respond(app, &visit),
    };
    crate::step::set_cookies(app, &visit, &mut answer);
    Ok(answer)
}

async fn begin(app: &App, visit: &Visit, encoded: &str) -> Shown {
    let directory = app.directory();
    let names: Vec<&str> = scopes::SCOPES.iter().map(|scope| scope.name).collect();
    let mut party = None;
    let found = read(encoded).and_then(|params| {
        party = directory.party(client_id(&params)?).cloned();
        Ok(params)
    });
    let client = party.as_deref().map(|party| &party.client);
    let loaded = Loaded { client, issuer: &app.settings.issuer, keys: &directory.keys, scopes: &names };
    let checked = match found {
        Ok(params) => match with_object(app, visit, client, &params).await {
            Ok(Some(merged)) => check(&merged, &loaded),
            Ok(None) => check(&params, &loaded),
            Err(Unused::Refused(unread)) => {
                Err(refuse(unread.effective.as_ref().unwrap_or(&params), &loaded, unread.error))
            }
            Err(Unused::TooMany) => return Err(too_many()),
        },
        Err(failure) => Err(failure),
    };
    match (checked, party.clone()) {
        (Ok(asked), Some(party)) => accepted(app, visit, &party, asked).await,
        (Err(Failure::Redirect(refused)), Some(party)) => {
            log_refusal(app, Endpoint::Authorize, Some(&party.client), &refused.error);
            let answer = respond(&refused.to, &app.settings.issuer, Answer::Error(&refused.error));
            Ok(flow::send(app, visit, &party, &answer))
        }
        (Err(Failure::Page(problem)), party) => {
            let client = party.as_deref().map(|party| &party.client);
            let described = "The resident saw an error page; the program was told nothing.";
            let reference =
                client.and_then(|client| note(app, client, Endpoint::Authorize, problem.as_str(), described));
            let client_id = client.map(|client| client.client_id.as_str());
            tracing::info!(
                client_id,
                code = problem.as_str(),
                reference,
                "an authorization request was refused with a page"
            );
            Err(page(problem, party.as_deref()).into())
        }
        (Ok(_) | Err(Failure::Redirect(_)), None) => Err(page(PageProblem::ClientUnknown, None).into()),
    }
}

/// The request with what its request object says, where it brought one and the client may (RFC 9101).
pub async fn with_object(
    app: &App,
    visit: &Visit,
    client: Option<&Client>,
    params: &Params,
) -> Result<Option<Params>, Unused> {
    let Some(client) = client.filter(|client| client.disabled_at.is_none()) else { return Ok(None) };
    let object = match request_object::brought(params, client).map_err(Unread::from)? {
        None => return Ok(None),
        Some(Brought::Value(object)) => object,
        Some(Brought::At { uri, address }) => {
            let fetched = request_objects::object(app, client, &uri, &address, visit).await;
            fetched.map_err(|why| match why {
                Unfetched::TooMany => Unused::TooMany,
                Unfetched::Failed(detail) => Unread::from(request_object::unfetched(detail)).into(),
            })?
        }
    };
    let keys = keys_of(app, client, Need::Verify(&object)).await;
    let merged = request_object::merge(params, &object, client, keys.as_deref(), &app.settings.issuer, visit.now)?;
    Ok(Some(merged))
}

/// Why a request object is not used.
pub enum Unused {
    /// It breaks a rule.
    Refused(Box<Unread>),
    /// Too many were fetched for this client, or from this address.
    TooMany,
}

impl From<Unread> for Unused {
    fn from(unread: Unread) -> Self {
        Self::Refused(Box::new(unread))
    }
}

async fn accepted(app: &App, visit: &Visit, party: &Arc<Party>, asked: AuthorizationRequest) -> Shown {
    let resident = match &visit.session {
        Some(session) => {
            Some(people::load(app, session.account, Some((party.client.id, session.id, visit.now))).await?)
        }
        None => None,
    };
    match flow::next_step(app, visit, party, &asked, &Progress::default(), resident.as_ref()) {
        Step::Issue => {
            let resident = resident.as_ref().expect("a code is issued to somebody");
            let consent = resident.consent.as_ref().expect("nothing is issued without a consent").id;
            let progress = Progress::default();
            let what = Issue {
                party,
                request: &asked,
                resident,
                consent,
                progress: &progress,
                interaction: None,
                agreed: None,
            };
            flow::give(app, visit, what).await
        }
        Step::Refuse(error) => Ok(flow::answer(app, visit, party, &asked, Answer::Error(&error))),
        step => {
            let errand = Errand::Authorization { client: party.client.id, request: Box::new(asked) };
            let handle = open(app, visit, errand).await?;
            let held = visit.session.as_ref().and_then(|session| achieved(&session.events, visit.now, None));
            let page = flow::page_of(&step, resident.as_ref(), held.as_ref());
            Ok(flow::see_other(&format!("/interaction/{handle}/{page}")))
        }
    }
}

/// Begins an interaction of this browser and gives its handle. Of strangers only so many for each network: anybody can make
/// one with a single GET, and it is a row until it ends.
pub async fn open(app: &App, visit: &Visit, errand: Errand) -> Result<String, Stop> {
    let quota = app.settings.interactions_per_network.filter(|_| visit.session.is_none());
    if quota.is_some_and(|most| !app.limits.admit_beginning(visit.from, visit.now, most)) {
        return Err(too_many());
    }
    let handle = app.token();
    let interaction = Interaction {
        hash: Hash::of(&handle),
        browser: visit.browser_hash(),
        errand,
        progress: Progress::default(),
        created_at: visit.now,
        expires_at: visit.now + app.settings.interaction,
    };
    app.store.write(move |tx| pass_store::interactions::insert(tx, &interaction)).await?;
    Ok(handle)
}

fn wanted_languages(encoded: &str) -> Option<String> {
    url::form_urlencoded::parse(encoded.as_bytes())
        .find(|(name, _)| name == "ui_locales")
        .map(|(_, value)| value.into_owned())
}

/// RFC 6749 4.1.2.1: an error page, never a redirect.
fn page(problem: PageProblem, party: Option<&Party>) -> PageError {
    let kind = match problem {
        PageProblem::ClientMissing | PageProblem::ClientUnknown | PageProblem::ClientDisabled => {
            ErrorKind::UnknownFacility
        }
        PageProblem::RedirectUriMissing | PageProblem::RedirectUriMismatch => ErrorKind::ReturnAddress,
        PageProblem::Malformed | PageProblem::Repeated => ErrorKind::Request,
    };
    let home = party.and_then(|party| party.client.metadata.client_uri.clone());
    let error = PageError::new(StatusCode::BAD_REQUEST, kind, problem.as_str());
    // Back to the facility where its address is known; else the way home stays: no page is a dead end.
    match home {
        Some(home) => PageError { ways: vec![Way::new(WayKind::Facility, home)], ..error },
        None => error,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_becomes_a_query_pair_by_pair() {
        for (body, query) in [
            ("client_id=a&state=x+y%2Bz", Some("client_id=a&state=x+y%2Bz")),
            ("state=a\r\nSet-Cookie: x=1", Some("state=a%0D%0ASet-Cookie%3A+x%3D1")),
            ("state=a%0D%0Ab&\u{0}=1", Some("state=a%0D%0Ab&%00=1")),
            ("state=#frag&nonce=日本", Some("state=%23frag&nonce=%E6%97%A5%E6%9C%AC")),
            ("scope=openid&scope=openid", Some("scope=openid&scope=openid")),
            ("state=%ff", None),
        ] {
            assert_eq!(as_query(body).as_deref(), query, "{body:?}");
        }
    }
}
