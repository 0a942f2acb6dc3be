//! The token endpoint from outside: exchange, reuse, PKCE, rotation, client authentication.

use std::collections::BTreeSet;

use pass_conformance::{
    Demo, Resident,
    flow::{Answer, Party, random},
};
use reqwest::blocking::Client;
use serde_json::Value;

fn party(client: &str) -> Party<'static> {
    Party::new(&Demo::shared().line, client)
}

fn user(number: usize) -> &'static Resident {
    Demo::shared().line.user(number)
}

fn refused(answer: &Answer, status: u16, code: &str, what: &str) {
    assert_eq!((answer.status, answer.error()), (status, code), "{what}");
}

#[test]
fn cap_49_a_reused_code_kills_what_it_gave() {
    let party = party("bench");
    let request = party.request();
    let code = party.code(&mut party.browser(), user(20), &request);
    let first = party.exchange(&code, &request);
    assert_eq!(first.status, 200, "{}", first.error());
    assert_eq!(party.userinfo(&first.must("access_token")).status, 200);
    refused(&party.exchange(&code, &request), 400, "invalid_grant", "second use");
    assert_eq!(party.userinfo(&first.must("access_token")).status, 401);
    refused(&party.refresh(&first.must("refresh_token")), 400, "invalid_grant", "its refresh token");
}

#[test]
fn cap_49_a_code_is_bound_to_verifier_client_and_redirect() {
    let (party, other) = (party("bench"), party("python"));
    let wrong_verifier = random();
    for what in ["verifier", "no verifier", "redirect_uri", "no redirect_uri", "client"] {
        let request = party.request();
        let code = party.code(&mut party.browser(), user(21), &request);
        let mut fields = vec![
            ("grant_type", "authorization_code"),
            ("code", &*code),
            ("redirect_uri", &*request.redirect_uri),
            ("code_verifier", &*request.verifier),
        ];
        match what {
            "verifier" => fields[3].1 = &wrong_verifier,
            "no verifier" => drop(fields.remove(3)),
            "redirect_uri" => fields[2].1 = "https://rp.example.test:443/cb",
            "no redirect_uri" => drop(fields.remove(2)),
            _ => {}
        }
        let answer = if what == "client" { other.token(&fields) } else { party.token(&fields) };
        assert!(["invalid_grant", "invalid_request"].contains(&answer.error()), "{what}: {}", answer.error());
        if !what.starts_with("no ") {
            refused(&answer, 400, "invalid_grant", what);
        }
        // RFC 6749 4.1.3: what names the code and misses burns it; a request that lacks a parameter never reaches it.
        if !what.starts_with("no ") {
            refused(&party.exchange(&code, &request), 400, "invalid_grant", &format!("after the wrong {what}"));
        }
    }
}

#[test]
fn cap_49_refresh_rotates_and_reuse_closes_the_family() {
    let party = party("bench");
    let first = party.tokens(&mut party.browser(), user(22));
    let second = party.refresh(&first.must("refresh_token"));
    assert_eq!(second.status, 200, "{}", second.error());
    assert_ne!(second.must("refresh_token"), first.must("refresh_token"));
    if second.text("id_token").is_some() {
        for claim in ["iss", "sub", "aud", "auth_time"] {
            assert_eq!(second.id_token().get(claim), first.id_token().get(claim), "OIDC Core 12.2: {claim} stays");
        }
    }
    refused(&party.refresh(&first.must("refresh_token")), 400, "invalid_grant", "the old one again");
    refused(&party.refresh(&second.must("refresh_token")), 400, "invalid_grant", "the new one after the reuse");
    assert_eq!(party.userinfo(&second.must("access_token")).status, 401);
}

#[test]
fn cap_49_a_refresh_token_is_its_clients_alone() {
    let (party, other) = (party("bench"), party("python"));
    let first = party.tokens(&mut party.browser(), user(23));
    refused(&other.refresh(&first.must("refresh_token")), 400, "invalid_grant", "another client");
    assert_eq!(party.refresh(&first.must("refresh_token")).status, 200, "a stranger's try harms nobody");
}

#[test]
fn cap_49_a_narrowed_refresh_keeps_its_refresh_token() {
    let party = party("bench");
    let first = party.tokens(&mut party.browser(), user(24));
    let narrowed = |token: &str, scope: &str| {
        party.token(&[("grant_type", "refresh_token"), ("refresh_token", token), ("scope", scope)])
    };
    let second = narrowed(&first.must("refresh_token"), "openid");
    assert_eq!(second.status, 200, "{}", second.error());
    let wider = narrowed(&second.must("refresh_token"), "openid email");
    refused(&wider, 400, "invalid_scope", "wider than granted");
}

#[test]
fn cap_49_clients_authenticate_by_their_registered_method() {
    let bench = party("bench");
    let secret = bench.client.client_secret.clone().unwrap();
    let grant = ("grant_type", "client_credentials");
    assert_eq!(bench.token(&[grant, ("scope", "api")]).status, 200);
    assert_eq!(bench.token(&[grant, ("scope", "api"), ("client_id", "bench")]).status, 200, "Basic with client_id");
    refused(&bench.basic("bench", "wrong", &[grant]), 401, "invalid_client", "wrong secret");
    refused(&bench.basic("nobody", &secret, &[grant]), 401, "invalid_client", "unknown client");
    let other = bench.basic("bench", &secret, &[grant, ("client_id", "library")]);
    assert!(["invalid_client", "invalid_request"].contains(&other.error()), "two clients in one request");
    let both = bench.basic("bench", &secret, &[grant, ("client_secret", &secret)]);
    assert!(["invalid_client", "invalid_request"].contains(&both.error()), "RFC 6749 2.3: one method a request");
    let node = party("node");
    assert_eq!(node.client.token_endpoint_auth_method, "client_secret_post");
    let fields = [("grant_type", "refresh_token"), ("refresh_token", "x")];
    refused(&node.token(&fields), 400, "invalid_grant", "the secret in the body proves the client");
    let wrong = [fields[0], fields[1], ("client_id", "node"), ("client_secret", "wrong")];
    refused(&node.bare(&wrong), 401, "invalid_client", "a wrong secret in the body");
    refused(&node.bare(&fields), 401, "invalid_client", "nobody");
}

#[test]
fn cap_49_what_no_grant_allows() {
    let (bench, library) = (party("bench"), party("library"));
    refused(
        &bench.token(&[("grant_type", "password"), ("username", "user0")]),
        400,
        "unsupported_grant_type",
        "password",
    );
    let lacking = bench.token(&[("scope", "api")]);
    refused(&lacking, 400, "invalid_request", "no grant_type");
    assert_eq!(lacking.text("error_description"), Some("The parameter grant_type is missing."));
    refused(
        &library.token(&[("grant_type", "client_credentials")]),
        400,
        "unauthorized_client",
        "not registered for it",
    );
    refused(
        &bench.token(&[("grant_type", "client_credentials"), ("scope", "openid")]),
        400,
        "invalid_scope",
        "nobody's openid",
    );
    let request = bench.request();
    refused(&bench.exchange(&random(), &request), 400, "invalid_grant", "an unknown code");
}

#[test]
fn cap_49_answers_are_not_stored_and_ask_for_authentication_by_the_book() {
    let bench = party("bench");
    let http = Client::new();
    let post =
        http.post(bench.endpoint("token_endpoint")).form(&[("grant_type", "client_credentials"), ("scope", "api")]);
    let good = post.basic_auth("bench", bench.client.client_secret.as_deref()).send().unwrap();
    assert!(good.headers()["cache-control"].to_str().unwrap().contains("no-store"), "RFC 6749 5.1");
    let body: Value = good.json().unwrap();
    assert_eq!(body["token_type"].as_str().map(str::to_ascii_lowercase).as_deref(), Some("bearer"));
    assert!(
        body["expires_in"].as_u64().is_some_and(|seconds| seconds <= 300),
        "a JWT that cannot be called back is short"
    );
    let post = http.post(bench.endpoint("token_endpoint")).form(&[("grant_type", "client_credentials")]);
    let bad = post.basic_auth("bench", Some("wrong")).send().unwrap();
    assert!(bad.headers()["www-authenticate"].to_str().unwrap().starts_with("Basic"), "RFC 6749 5.2");
    let bad = http.get(bench.endpoint("userinfo_endpoint")).bearer_auth("nonsense").send().unwrap();
    assert_eq!(bad.status().as_u16(), 401);
    assert!(bad.headers()["www-authenticate"].to_str().unwrap().contains("invalid_token"), "RFC 6750 3.1");
    let bare = http.get(bench.endpoint("userinfo_endpoint")).send().unwrap();
    assert_eq!(bare.status().as_u16(), 401);
    assert!(
        !bare.headers()["www-authenticate"].to_str().unwrap().contains("error="),
        "RFC 6750 3.1: no code where nothing was tried"
    );
}

#[test]
fn cap_49_userinfo_by_get_and_post() {
    let party = party("bench");
    let tokens = party.tokens(&mut party.browser(), user(25));
    let access = tokens.must("access_token");
    let http = Client::new();
    let url = party.endpoint("userinfo_endpoint");
    let by_get = party.userinfo(&access).body;
    let by_post: Value = http.post(url.clone()).bearer_auth(&access).send().unwrap().json().unwrap();
    let by_body: Value = http.post(url).form(&[("access_token", &access)]).send().unwrap().json().unwrap();
    assert_eq!(by_get["sub"], tokens.id_token()["sub"]);
    assert_eq!(by_get, by_post);
    assert_eq!(by_get, by_body);
}

#[test]
fn cap_49_an_id_token_of_a_code_flow_holds_no_claims_about_the_person() {
    let party = party("bench");
    let tokens = party.tokens(&mut party.browser(), user(26));
    let always: BTreeSet<&str> = [
        "iss",
        "sub",
        "aud",
        "exp",
        "iat",
        "auth_time",
        "nonce",
        "acr",
        "amr",
        "azp",
        "at_hash",
        "c_hash",
        "nbf",
        "jti",
        "sid",
    ]
    .into();
    for claim in tokens.id_token().keys() {
        assert!(always.contains(claim.as_str()), "{claim}");
    }
}

#[test]
fn cap_49_introspection_and_revocation() {
    let party = party("bench");
    let tokens = party.tokens(&mut party.browser(), user(27));
    let (access, refresh) = (tokens.must("access_token"), tokens.must("refresh_token"));
    assert!(party.is_active(&access) && party.is_active(&refresh));
    assert!(!party.is_active("nonsense"));
    let revoke = |token: &str| party.authenticated("revocation_endpoint", &[("token", token)]).status;
    assert_eq!(revoke("nonsense"), 200, "RFC 7009 2.2");
    assert_eq!(revoke(&access), 200);
    assert!(!party.is_active(&access));
    assert_eq!(party.userinfo(&access).status, 401);
    assert_eq!(revoke(&refresh), 200);
    refused(&party.refresh(&refresh), 400, "invalid_grant", "after revocation");
    let credentials = party.token(&[("grant_type", "client_credentials"), ("scope", "api")]).must("access_token");
    assert!(party.is_active(&credentials));
    assert_eq!(revoke(&credentials), 200);
    assert!(!party.is_active(&credentials), "the replay table calls a JWT back");
}

#[test]
fn cap_49_a_strangers_revocation_changes_nothing() {
    let (party, other) = (party("bench"), party("python"));
    let tokens = party.tokens(&mut party.browser(), user(28));
    let _ = other.authenticated("revocation_endpoint", &[("token", &tokens.must("refresh_token"))]);
    assert!(party.is_active(&tokens.must("refresh_token")));
}

#[test]
fn cap_49_discovery_and_keys_are_of_one_piece() {
    let party = party("bench");
    let metadata = party.metadata();
    assert_eq!(metadata["issuer"], party.issuer);
    assert_eq!(metadata["subject_types_supported"], serde_json::json!(["pairwise"]));
    assert_eq!(metadata["code_challenge_methods_supported"], serde_json::json!(["S256"]));
    assert_eq!(metadata["authorization_response_iss_parameter_supported"], true);
    let algorithms = metadata["id_token_signing_alg_values_supported"].as_array().unwrap();
    assert!(algorithms.iter().any(|one| one == "RS256") && algorithms.iter().all(|one| one != "none"));
    let http = Client::new();
    let oauth: Value =
        http.get(format!("{}/.well-known/oauth-authorization-server", party.issuer)).send().unwrap().json().unwrap();
    assert_eq!(oauth["token_endpoint"], metadata["token_endpoint"], "RFC 8414");
    let keys: Value = http.get(party.endpoint("jwks_uri")).send().unwrap().json().unwrap();
    let keys = keys["keys"].as_array().unwrap();
    let ids: BTreeSet<&str> = keys.iter().map(|key| key["kid"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), keys.len(), "a distinct kid on every key");
    for key in keys {
        for private in ["d", "p", "q", "dp", "dq", "qi", "k"] {
            assert!(key.get(private).is_none(), "a public key set holds {private}");
        }
    }
}
