use super::code::TakenCode;
use super::refresh::FoundRefresh;
use super::*;
use crate::domain::client::{ClientAuthMethod, SigningAlg};
use crate::domain::grant::Code;
use crate::oidc::fixture::{self, Counting, ISSUER, NOW, RING, seconds};
use crate::oidc::jwt;
use crate::secret::base64url;
use sha2::{Digest, Sha256};

type Pairs<'a> = &'a [(&'a str, &'a str)];
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

fn taken() -> TakenCode {
    TakenCode {
        code: Code {
            hash: Hash::of("code"),
            grant: fixture::grant().id,
            redirect_uri: "https://rp.example/cb".into(),
            // RFC 7636 appendix B
            code_challenge: Some("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM".into()),
            nonce: Some("n-0S6_WzA2Mj".into()),
            expires_at: NOW + seconds(60),
            used_at: Some(NOW),
        },
        grant: fixture::grant(),
    }
}

const FORM: [(&str, &str); 4] = [
    ("grant_type", "authorization_code"),
    ("code", "code"),
    ("redirect_uri", "https://rp.example/cb"),
    ("code_verifier", VERIFIER),
];

fn exchange_code(
    taken: TakenCode,
    client: &Client,
    changes: &[(&str, &str)],
    now: Time,
) -> Result<Vec<String>, Refusal> {
    let params = fixture::params(&[&FORM, changes].concat());
    code::check(&Taken::First(taken), client, &params, now).map(|exchange| exchange.scopes)
}

#[test]
fn cap_49_a_good_code_gives_its_scopes_sorted() {
    let scopes = exchange_code(taken(), &fixture::client(), &[], NOW).unwrap();
    assert_eq!(scopes, ["offline_access", "openid", "profile"]);
}

#[test]
fn cap_49_a_code_that_does_not_fit_is_invalid_grant_and_its_grant_is_closed() {
    let client = fixture::client();
    let mut expired = taken();
    expired.code.expires_at = NOW;
    let mut revoked = taken();
    revoked.grant.revoked_at = Some(NOW);
    let mut no_challenge = taken();
    no_challenge.code.code_challenge = None;
    let wrong = [("code_verifier", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx")];
    let rows: Vec<(&str, TakenCode, Client, Pairs<'_>)> = vec![
        ("expired", expired, client.clone(), &[]),
        ("revoked", revoked, client.clone(), &[]),
        ("other client", taken(), fixture::other_client(), &[]),
        ("other redirect_uri", taken(), client.clone(), &[("redirect_uri", "https://rp.example/cb?a=1")]),
        // D17: the same address for a parser, another string.
        ("port written out", taken(), client.clone(), &[("redirect_uri", "https://rp.example:443/cb")]),
        ("upper-case scheme", taken(), client.clone(), &[("redirect_uri", "HTTPS://rp.example/cb")]),
        ("no verifier", taken(), client.clone(), &[("code_verifier", "-")]),
        ("wrong verifier", taken(), client.clone(), &wrong),
        ("verifier without challenge", no_challenge, client, &[]),
    ];
    for (name, taken, client, changes) in rows {
        let refusal = exchange_code(taken, &client, changes, NOW).unwrap_err();
        assert_eq!(refusal.error.code(), ErrorCode::InvalidGrant, "{name}");
        assert_eq!(refusal.revoke, Some(fixture::grant().id), "{name}");
    }
}

#[test]
fn cap_49_unknown_and_used_codes_are_invalid_grant_and_the_second_use_revokes() {
    let (client, params) = (fixture::client(), fixture::params(&FORM));
    let unknown = code::check(&Taken::Nothing, &client, &params, NOW).unwrap_err();
    assert_eq!((unknown.error.code(), unknown.revoke), (ErrorCode::InvalidGrant, None));
    let grant = fixture::grant().id;
    let again = code::check(&Taken::Again(grant), &client, &params, NOW).unwrap_err();
    assert_eq!((again.error.code(), again.revoke), (ErrorCode::InvalidGrant, Some(grant)));
}

#[test]
fn cap_49_a_request_without_code_or_redirect_uri_burns_nothing() {
    for name in ["code", "redirect_uri"] {
        let params = fixture::params(&[&FORM[..], &[(name, "-")]].concat());
        assert_eq!(code::presented(&params).unwrap_err().code(), ErrorCode::InvalidRequest);
    }
    assert_eq!(code::presented(&fixture::params(&FORM)).unwrap(), Hash::of("code"));
}

#[test]
fn cap_49_a_short_verifier_is_refused_even_if_its_hash_fits() {
    let mut short = taken();
    short.code.code_challenge = Some(base64url(&Sha256::digest(b"short")));
    let refusal = exchange_code(short, &fixture::client(), &[("code_verifier", "short")], NOW).unwrap_err();
    assert_eq!(refusal.error.code(), ErrorCode::InvalidGrant);
}

#[test]
fn cap_49_the_grant_type_must_be_known_and_allowed() {
    let mut client = fixture::client();
    client.metadata.grant_types = vec![GrantType::AuthorizationCode];
    let asked = |value| grant_type(&fixture::params(&[("grant_type", value)]), &client).map_err(|error| error.code());
    assert_eq!(asked("authorization_code"), Ok(GrantType::AuthorizationCode));
    assert_eq!(asked("refresh_token"), Err(ErrorCode::UnauthorizedClient));
    assert_eq!(asked("password"), Err(ErrorCode::UnsupportedGrantType));
    assert_eq!(asked("-"), Err(ErrorCode::InvalidRequest));
}

fn found() -> FoundRefresh {
    FoundRefresh {
        token: RefreshToken {
            hash: Hash::of("refresh"),
            grant: fixture::grant().id,
            generation: 3,
            issued_at: NOW,
            expires_at: NOW + seconds(100),
            used_at: None,
        },
        grant: fixture::grant(),
    }
}

fn refresh_with(found: FoundRefresh, client: &Client, scope: &str) -> Result<(Vec<String>, Tokens), Refusal> {
    let params = fixture::params(&[("grant_type", "refresh_token"), ("refresh_token", "refresh"), ("scope", scope)]);
    let taken = Taken::First(found);
    let exchange = refresh::check(&taken, client, &params, NOW)?;
    Ok((exchange.scopes.clone(), exchange.tokens(NOW, &Secrets::draw(&Counting::default()))))
}

#[test]
fn cap_49_a_refresh_rotates_and_a_narrow_one_keeps_its_refresh_token() {
    let client = fixture::client();
    let (scopes, tokens) = refresh_with(found(), &client, "-").unwrap();
    assert_eq!(scopes, ["offline_access", "openid", "profile"]);
    assert_eq!(tokens.refresh.as_ref().unwrap().generation, 4);
    assert_ne!(tokens.refresh.unwrap().hash, Hash::of("refresh"));
    // D14
    let (scopes, tokens) = refresh_with(found(), &client, "openid").unwrap();
    assert_eq!(scopes, ["openid"]);
    assert_eq!(tokens.access.scopes, ["openid"]);
    assert!(tokens.refresh.is_some());
    assert_eq!(tokens.issued.grant.scopes, fixture::grant().scopes);
}

#[test]
fn cap_49_a_refresh_that_does_not_fit_is_refused_and_only_reuse_closes_the_grant() {
    let client = fixture::client();
    let mut expired = found();
    expired.token.expires_at = NOW;
    let mut revoked = found();
    revoked.grant.revoked_at = Some(NOW);
    let mut used = found();
    used.token.used_at = Some(NOW);
    let grant = fixture::grant().id;
    let rows = [
        ("other client", found(), fixture::other_client(), "-", ErrorCode::InvalidGrant, None),
        ("expired", expired, client.clone(), "-", ErrorCode::InvalidGrant, None),
        ("revoked", revoked, client.clone(), "-", ErrorCode::InvalidGrant, None),
        ("wider scope", found(), client.clone(), "openid address", ErrorCode::InvalidScope, None),
        ("bad character", found(), client.clone(), "openid \"", ErrorCode::InvalidScope, None),
        ("used", used, client.clone(), "-", ErrorCode::InvalidGrant, Some(grant)),
    ];
    for (name, found, client, scope, code, revoke) in rows {
        let Err(refusal) = refresh_with(found, &client, scope) else { panic!("{name}") };
        assert_eq!((refusal.error.code(), refusal.revoke), (code, revoke), "{name}");
    }
    let params = fixture::params(&[("grant_type", "refresh_token"), ("refresh_token", "refresh")]);
    let again = refresh::check(&Taken::Again(grant), &client, &params, NOW).unwrap_err();
    assert_eq!(again.revoke, Some(grant));
    let unknown = refresh::check(&Taken::Nothing, &client, &params, NOW).unwrap_err();
    assert_eq!((unknown.error.code(), unknown.revoke), (ErrorCode::InvalidGrant, None));
    assert_eq!(refresh::presented(&fixture::params(&[])).unwrap_err().code(), ErrorCode::InvalidRequest);
}

#[test]
fn cap_49_a_family_ends_however_often_it_is_refreshed() {
    let mut old = found();
    old.grant.created_at = NOW - seconds(366 * 24 * 3600 - 10);
    let (_, tokens) = refresh_with(old, &fixture::client(), "-").unwrap();
    assert_eq!(tokens.refresh.unwrap().expires_at, NOW + seconds(10));
}

fn answer(client: &Client, claims: &Map<String, Value>) -> (Tokens, Map<String, Value>) {
    let params = fixture::params(&FORM);
    let taken = Taken::First(taken());
    let exchange = code::check(&taken, client, &params, NOW).unwrap();
    let tokens = exchange.tokens(NOW, &Secrets::draw(&Counting::default()));
    let answering = Answering { issuer: ISSUER, keys: &RING, client, subject: "pairwise", sid: "sid", claims };
    let body = tokens.issued.respond(&answering).unwrap();
    (tokens, body)
}

#[test]
fn cap_49_the_token_response_and_its_id_token() {
    for alg in SigningAlg::ALL {
        let mut client = fixture::client();
        client.metadata.id_token_signed_response_alg = alg;
        let (tokens, body) = answer(&client, &Map::new());
        let access = body["access_token"].as_str().unwrap();
        assert_eq!(tokens.access.hash, Hash::of(access));
        assert_eq!(tokens.refresh.unwrap().hash, Hash::of(body["refresh_token"].as_str().unwrap()));
        assert_eq!(body["token_type"], "Bearer");
        assert_eq!(body["expires_in"], 3600);
        assert_eq!(body["scope"], "offline_access openid profile");

        let id_token = body["id_token"].as_str().unwrap();
        assert_eq!(jwt::header(id_token).unwrap()["alg"], alg.as_str());
        let verified = RING.verify(id_token).unwrap();
        let claims = verified.claims;
        let now = NOW.seconds();
        for (name, value) in [
            ("iss", Value::from(ISSUER)),
            ("sub", "pairwise".into()),
            ("aud", "library".into()),
            ("nonce", "n-0S6_WzA2Mj".into()),
            ("acr", "aal2".into()),
            ("iat", now.into()),
            ("auth_time", (now - 60).into()),
            ("at_hash", base64url(&Sha256::digest(access.as_bytes())[..16]).into()),
        ] {
            assert_eq!(claims[name], value, "{name}");
        }
        assert!(claims["exp"].as_i64().unwrap() > now);
        // Claims of scopes go to userinfo.
        assert!(!claims.contains_key("name"));
    }
}

#[test]
fn cap_49_claims_asked_for_in_the_id_token_stand_there_and_cannot_replace_its_own() {
    let claims = serde_json::from_str(r#"{"name":"X","sub":"forged","iss":"forged"}"#).unwrap();
    let (_, body) = answer(&fixture::client(), &claims);
    let id_token = RING.verify(body["id_token"].as_str().unwrap()).unwrap().claims;
    assert_eq!(
        (&id_token["name"], &id_token["sub"], &id_token["iss"]),
        (&"X".into(), &"pairwise".into(), &ISSUER.into())
    );
}

#[test]
fn cap_49_a_refreshed_id_token_keeps_auth_time_and_has_no_nonce() {
    let client = fixture::client();
    let (_, tokens) = refresh_with(found(), &client, "-").unwrap();
    let answering = Answering {
        issuer: ISSUER,
        keys: &RING,
        client: &client,
        subject: "pairwise",
        sid: "sid",
        claims: &Map::new(),
    };
    let body = tokens.issued.respond(&answering).unwrap();
    let claims = RING.verify(body["id_token"].as_str().unwrap()).unwrap().claims;
    assert_eq!(claims["auth_time"], NOW.seconds() - 60);
    assert!(!claims.contains_key("nonce"));
    let (_, tokens) = refresh_with(found(), &client, "profile").unwrap();
    assert!(!tokens.issued.respond(&answering).unwrap().contains_key("id_token"));
}

#[test]
fn cap_49_a_client_without_the_refresh_grant_gets_no_refresh_token() {
    let mut client = fixture::client();
    client.metadata.grant_types = vec![GrantType::AuthorizationCode];
    let (tokens, body) = answer(&client, &Map::new());
    assert!(tokens.refresh.is_none());
    assert!(!body.contains_key("refresh_token"));
}

#[test]
fn cap_49_a_jwt_access_token_is_found_by_its_jti_and_is_no_id_token() {
    let mut client = fixture::client();
    client.flags.jwt_access_token = true;
    let (tokens, body) = answer(&client, &Map::new());
    let token = body["access_token"].as_str().unwrap();
    assert_eq!(access_token::read(token, ISSUER, &RING, NOW), Some(access_token::Presented::Row(tokens.access.hash)));
    assert_eq!(crate::oidc::hint::read(token, ISSUER, &RING), None);
    assert_eq!(jwt::header(token).unwrap()["typ"], "at+jwt");
    assert_eq!(access_token::read(body["id_token"].as_str().unwrap(), ISSUER, &RING, NOW), None);
}

#[test]
fn cap_49_client_credentials_give_a_short_jwt_about_the_client() {
    let client = fixture::client();
    let secrets = Secrets::draw(&Counting::default());
    let person_scopes = ["profile", "residence"];
    let run = |scope: &str| {
        let params = fixture::params(&[("grant_type", "client_credentials"), ("scope", scope)]);
        client_credentials::check(&client, &params, &person_scopes)
    };
    for (scope, expected) in [
        ("-", Ok("api")),
        ("api", Ok("api")),
        ("openid", Err(ErrorCode::InvalidScope)),
        ("api profile", Err(ErrorCode::InvalidScope)),
        ("other", Err(ErrorCode::InvalidScope)),
        ("\"", Err(ErrorCode::InvalidScope)),
    ] {
        match (run(scope), expected) {
            (Ok(granted), Ok(expected)) => assert_eq!(granted.scopes.join(" "), expected, "{scope}"),
            (Err(error), Err(code)) => assert_eq!(error.code(), code, "{scope}"),
            (other, _) => panic!("{scope}: {other:?}"),
        }
    }
    let body = run("api").unwrap().respond(ISSUER, &RING, NOW, &secrets).unwrap();
    assert_eq!(body["expires_in"], 300);
    assert!(!body.contains_key("refresh_token") && !body.contains_key("id_token"));
    let token = body["access_token"].as_str().unwrap();
    let Some(access_token::Presented::Client(jwt)) = access_token::read(token, ISSUER, &RING, NOW) else { panic!() };
    assert_eq!((jwt.client_id.as_str(), jwt.scopes.as_slice()), ("library", ["api".to_owned()].as_slice()));
    assert_eq!(access_token::read(token, ISSUER, &RING, NOW + seconds(300)), None);
    assert_eq!(access_token::read(token, "https://other.example", &RING, NOW), None);

    let mut public = client.clone();
    public.metadata.token_endpoint_auth_method = ClientAuthMethod::None;
    let params = fixture::params(&[("grant_type", "client_credentials")]);
    let refused = client_credentials::check(&public, &params, &person_scopes).unwrap_err();
    assert_eq!(refused.code(), ErrorCode::UnauthorizedClient);
}
