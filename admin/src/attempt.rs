//! An authorization request that an integrator pastes, run through the very checks of the authorization endpoint, and a
//! right one to compare with. Nothing is begun: no code, no interaction, no redirect.

use crate::ceiling::is_proven;
use pass_core::claims::scopes::{Place, SCOPES, wanted};
use pass_core::domain::client::Client;
use pass_core::domain::request::{AuthorizationRequest, Prompt};
use pass_core::oidc::authorize::{Failure, Loaded, RULES, Walk, client_id, read, refuse, walk};
use pass_core::oidc::request_object::unfetched;
use pass_core::secret::{Hash, base64url};
use pass_web::app::App;
use pass_web::directory::Party;
use pass_web::oidc::authorize::{Unused, with_object};
use pass_web::visit::Visit;
use url::Url;

/// A request that this client may send as it is.
pub struct Example {
    /// The address.
    pub url: String,
    /// The PKCE verifier that belongs to it.
    pub verifier: String,
}

/// A right request, with secrets made now.
pub fn example(app: &App, client: &Client) -> Option<Example> {
    let verifier = app.token();
    // RFC 7636 4.2: BASE64URL(SHA256(ASCII(code_verifier))).
    let challenge = base64url(&Hash::of(&verifier).0);
    let mut url = Url::parse(&format!("{}/authorize", app.settings.issuer)).ok()?;
    url.query_pairs_mut()
        .append_pair("response_type", "code")
        .append_pair("client_id", &client.client_id)
        .append_pair("redirect_uri", client.metadata.redirect_uris.first()?)
        .append_pair("scope", &client.metadata.scope.join(" "))
        .append_pair("state", &app.token())
        .append_pair("nonce", &app.token())
        .append_pair("code_challenge", &challenge)
        .append_pair("code_challenge_method", "S256");
    Some(Example { url: url.into(), verifier })
}

/// Where the client lets others begin a sign-in (OpenID Connect Core 4: `iss` is sent).
pub fn start(app: &App, client: &Client) -> Option<String> {
    let mut url = Url::parse(client.metadata.initiate_login_uri.as_ref()?).ok()?;
    // It becomes a link of ours.
    if !matches!(url.scheme(), "https" | "http") {
        return None;
    }
    url.query_pairs_mut().append_pair("iss", &app.settings.issuer);
    Some(url.into())
}

/// Runs the checks over what was pasted: an address, or its query alone.
pub async fn attempt(app: &App, visit: &Visit, party: &Party, pasted: &str) -> Walk {
    let directory = app.directory();
    let names: Vec<&str> = SCOPES.iter().map(|scope| scope.name).collect();
    let query = query(pasted);
    let params = match read(query) {
        Ok(params) => params,
        Err(failure) => return Walk { refused_by: Some(0), outcome: Err(failure) },
    };
    // Another program's request is judged as an unknown one's: this page speaks of this client only.
    let own = client_id(&params).is_ok_and(|id| id == party.client.client_id);
    let client = own.then_some(&party.client);
    let loaded = Loaded { client, issuer: &app.settings.issuer, keys: &directory.keys, scopes: &names };
    match with_object(app, visit, client, &params).await {
        Ok(Some(merged)) => walk(&merged, &loaded),
        Ok(None) => walk(&params, &loaded),
        Err(unused) => {
            let unread = match unused {
                Unused::Refused(unread) => *unread,
                Unused::TooMany => unfetched("was fetched too often in this minute".to_owned()).into(),
            };
            let outcome = refuse(unread.effective.as_ref().unwrap_or(&params), &loaded, unread.error);
            let refused_by = match &outcome {
                Failure::Page(_) => walk(&params, &loaded).refused_by,
                Failure::Redirect(_) => RULES.iter().position(|rule| rule.key == "unsupported"),
            };
            Walk { refused_by, outcome: Err(outcome) }
        }
    }
}

/// What follows for somebody who is not signed in: keys of sentences.
pub fn next(party: &Party, request: &AuthorizationRequest) -> Vec<&'static str> {
    if request.prompts(Prompt::None) {
        return vec!["mgr-next-none"];
    }
    let asked = wanted(&request.scopes, &request.claims, Place::Anywhere);
    let proven = party.ceiling.entries.iter().any(|entry| asked.contains(&entry.claim) && is_proven(entry.claim));
    let mut steps = vec!["mgr-next-sign_in"];
    if party.client.flags.minimum_acr.is_some() || !request.acr_values.is_empty() {
        steps.push("mgr-next-acr");
    }
    if proven {
        steps.push("mgr-next-card");
    }
    steps.extend(["mgr-next-consent", "mgr-next-code"]);
    steps
}

fn query(pasted: &str) -> &str {
    let one = pasted.trim().split('#').next().unwrap_or_default();
    one.split_once('?').map_or(one, |(_, query)| query)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_and_its_query_are_the_same_request() {
        for pasted in ["https://pass.example/authorize?client_id=a&state=b#x", " client_id=a&state=b\n", "?client_id=a"]
        {
            assert_eq!(client_id(&read(query(pasted)).unwrap()), Ok("a"), "{pasted}");
        }
    }
}
