//! The code flow (OpenID Connect Core 3.1).

use std::{thread, time::Duration};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL};
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::{
    check::{
        browser::{self, End},
        outcome::{Step, Stop, must},
        party::Ask,
        run::Run,
    },
    flow::random,
};

/// A login with a changed request.
fn goes(run: &mut Run<'_>, change: impl FnOnce(Ask) -> Ask) -> Step<()> {
    let party = run.usual()?;
    let ask = change(party.ask());
    run.login(&party, &ask).map(drop)
}

pub fn server(run: &mut Run<'_>) -> Step<()> {
    let party = run.usual()?;
    let tokens = run.login(&party, &party.ask())?;
    run.userinfo(&tokens).map(drop)
}

pub fn response_type_missing(run: &mut Run<'_>) -> Step<()> {
    let party = run.usual()?;
    let ask = party.ask().without("response_type");
    let walk = run.walk(&party, &ask)?;
    match &walk.end {
        // An error page is allowed.
        End::Page(page) => must(page.status >= 400, "RFC 6749 4.1.2.1", || format!("no error: {}", page.line())),
        End::Left { .. } => {
            let params = run.params(&walk, &ask)?;
            let error = params.iter().find(|(name, _)| name == "error").map_or("", |(_, value)| value);
            must(["unsupported_response_type", "invalid_request"].contains(&error), "RFC 6749 4.1.2.1", || {
                format!("error {error}")
            })
        }
    }
}

pub fn id_token_signature(run: &mut Run<'_>) -> Step<()> {
    let party = run.usual()?;
    must(party.alg == "RS256", "OpenID Connect Registration 2", || {
        "a registration without an algorithm means RS256".to_owned()
    })?;
    run.login(&party, &party.ask()).map(drop)
}

pub fn id_token_rs256(run: &mut Run<'_>) -> Step<()> {
    let party = run.party(json!({ "id_token_signed_response_alg": "RS256" }))?;
    run.login(&party, &party.ask()).map(drop)
}

pub fn without_nonce(run: &mut Run<'_>) -> Step<()> {
    goes(run, |ask| ask.without("nonce"))
}

pub fn other_order(run: &mut Run<'_>) -> Step<()> {
    goes(run, |mut ask| {
        ask.params.reverse();
        ask.with("scope", "profile openid")
    })
}

pub fn display_page(run: &mut Run<'_>) -> Step<()> {
    goes(run, |ask| ask.with("display", "page"))
}

pub fn display_popup(run: &mut Run<'_>) -> Step<()> {
    goes(run, |ask| ask.with("display", "popup"))
}

pub fn login_hint(run: &mut Run<'_>) -> Step<()> {
    let hint = run.issuer.user.id.clone();
    goes(run, |ask| ask.with("login_hint", &hint))
}

pub fn ui_locales(run: &mut Run<'_>) -> Step<()> {
    goes(run, |ask| ask.with("ui_locales", "se ja en"))
}

pub fn claims_locales(run: &mut Run<'_>) -> Step<()> {
    goes(run, |ask| ask.with("claims_locales", "se"))
}

pub fn unknown_parameter(run: &mut Run<'_>) -> Step<()> {
    goes(run, |ask| ask.with("extra", "foobar"))
}

pub fn acr_values(run: &mut Run<'_>) -> Step<()> {
    let listed: Vec<String> = run
        .says("acr_values_supported")
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|one| one.as_str().map(str::to_owned))
        .collect();
    let wish = if listed.is_empty() { "1 2".to_owned() } else { listed.join(" ") };
    let party = run.usual()?;
    let tokens = run.login(&party, &party.ask().with("acr_values", &wish))?;
    let acr = tokens.claims["acr"].as_str().unwrap_or_default();
    run.should(wish.split(' ').any(|one| one == acr), "OpenID Connect Core 3.1.2.1", || {
        format!("acr is {acr:?}, asked for was {wish}")
    });
    Ok(())
}

pub fn pkce(run: &mut Run<'_>) -> Step<()> {
    let verifier = random();
    let challenge = BASE64URL.encode(Sha256::digest(verifier.as_bytes()));
    goes(run, |ask| {
        let ask = ask.with("code_challenge", &challenge).with("code_challenge_method", "S256");
        Ask { verifier: Some(verifier), ..ask }
    })
}

/// OpenID Connect Core 3.1.2.1: the request may come as a form, from another site and so without cookies.
pub fn post_request(run: &mut Run<'_>) -> Step<()> {
    let party = run.usual()?;
    let ask = party.ask();
    let endpoint = run.endpoint("authorization_endpoint")?;
    let first = run.wire.form(&endpoint, &ask.params, "https://rp.check.example")?;
    let walk = browser::go_on(&mut run.wire, first, &party.redirect_uris, &run.issuer.user)?;
    let params = run.params(&walk, &ask)?;
    must(params.iter().any(|(name, _)| name == "code"), "OpenID Connect Core 3.1.2.1", || {
        "no code came back".to_owned()
    })
}

pub fn client_secret_post(run: &mut Run<'_>) -> Step<()> {
    let party = match &run.issuer.prepared {
        Some(prepared) => crate::check::party::Party::prepared(&prepared["client_secret_post"])
            .map(|party| crate::check::party::Party { method: "client_secret_post".to_owned(), ..party })
            .ok_or_else(|| Stop::Skipped("the file of clients has no client_secret_post".to_owned()))?,
        None => run.party(json!({ "token_endpoint_auth_method": "client_secret_post" }))?,
    };
    run.login(&party, &party.ask()).map(drop)
}

pub fn reuse(run: &mut Run<'_>) -> Step<()> {
    used_again(run, Duration::ZERO)
}

pub fn reuse_after_thirty_seconds(run: &mut Run<'_>) -> Step<()> {
    used_again(run, Duration::from_secs(30))
}

/// RFC 6749 4.1.2: a code is used once; its tokens should die with the second use.
fn used_again(run: &mut Run<'_>, after: Duration) -> Step<()> {
    let party = run.usual()?;
    let ask = party.ask();
    let tokens = run.login(&party, &ask)?;
    thread::sleep(after);
    let again = run.exchange(&party, &ask, &tokens.code)?;
    must(again.status == 400 && again.error() == "invalid_grant", "RFC 6749 4.1.2", || {
        format!("a used code: {}", again.line())
    })?;
    let endpoint = run.endpoint("userinfo_endpoint")?;
    let told =
        run.wire.call(&format!("GET {endpoint}"), |http| http.get(endpoint.clone()).bearer_auth(&tokens.access))?;
    run.should((400..500).contains(&told.status), "RFC 6749 4.1.2", || {
        "the access token lives on after its code was used twice".to_owned()
    });
    Ok(())
}

/// RFC 6749 3.1.2.4: never a redirect to an address that is not registered.
pub fn unregistered_redirect_uri(run: &mut Run<'_>) -> Step<()> {
    let party = run.usual()?;
    let other = format!("{}/other", party.redirect_uris[0]);
    never_redirects(run, &party.ask().with("redirect_uri", &other), &[party.redirect_uris[0].clone(), other])
}

/// The request ends at a page that tells of an error.
pub fn never_redirects(run: &mut Run<'_>, ask: &Ask, stops: &[String]) -> Step<()> {
    let url = run.address(ask)?;
    let walk = browser::walk(&mut run.wire, &url, stops, &run.issuer.user)?;
    match walk.end {
        End::Page(page) => {
            must(page.status >= 400 || walk.signed_in, "RFC 6749 4.1.2.1", || format!("no error: {}", page.line()))
        }
        End::Left { url, .. } => {
            Err(Stop::Failed("RFC 6749 4.1.2.1", format!("the browser was sent to {}", url.path())))
        }
    }
}
