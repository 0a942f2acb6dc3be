use super::*;
use clap::Parser;

#[derive(Parser)]
struct Line {
    #[command(flatten)]
    new: NewClient,
}

fn made(words: &[&str]) -> Result<Client, Fault> {
    let usual = ["new", "--facility", "library", "--redirect", "https://library.example/cb"];
    let line = Line::try_parse_from(usual.iter().chain(words)).map_err(|error| Fault::new(error.to_string()))?;
    client(&line.new, FacilityId([0; 16]), None)
}

#[test]
fn papers_are_stored_and_must_be_pages_of_the_web() {
    let client =
        made(&["--privacy", "https://library.example/privacy", "--terms", "https://library.example/terms"]).unwrap();
    assert_eq!(client.metadata.policy_uri.as_deref(), Some("https://library.example/privacy"));
    assert_eq!(client.metadata.tos_uri.as_deref(), Some("https://library.example/terms"));
    for bad in ["javascript:alert(1)", "http://library.example/privacy", "privacy"] {
        assert!(made(&["--privacy", bad]).is_err(), "{bad}");
    }
}

#[test]
fn cap_49_a_logout_address_is_stored_and_must_be_one_of_the_web() {
    let address = "https://library.example/out";
    let metadata = made(&["--backchannel-logout", address, "--backchannel-session"]).unwrap().metadata;
    assert_eq!(metadata.backchannel_logout_uri.as_deref(), Some(address));
    assert!(metadata.backchannel_logout_session_required);
    for bad in ["http://library.example/out", "https://library.example/out#x", "app://out"] {
        assert!(made(&["--backchannel-logout", bad]).is_err(), "{bad}");
    }
    assert!(Line::try_parse_from(["new", "--facility", "a", "--redirect", "b", "--backchannel-session"]).is_err());
}

#[test]
fn a_scope_that_pass_does_not_know_is_refused_by_name() {
    assert_eq!(made(&["--scopes", "openid basic4 age"]).unwrap().metadata.scope, ["openid", "basic4", "age"]);
    let refused = made(&["--scopes", "openid residense"]).unwrap_err().to_string();
    assert!(refused.contains("scope residense") && refused.contains("residence"), "{refused}");
}

#[test]
fn cap_49_keys_by_address_and_another_algorithm_are_stored() {
    let metadata = made(&["--jwks-uri", "https://library.example/jwks", "--id-token-alg", "PS256"]).unwrap().metadata;
    assert_eq!(metadata.jwks_uri.as_deref(), Some("https://library.example/jwks"));
    assert_eq!((metadata.id_token_signed_response_alg, metadata.jwks), (SigningAlg::PS256, None));
    assert_eq!(made(&[]).unwrap().metadata.id_token_signed_response_alg, SigningAlg::ES256);
    for bad in ["http://library.example/jwks", "file:///etc/passwd", "javascript:x", "jwks"] {
        assert!(made(&["--jwks-uri", bad]).is_err(), "{bad}");
    }
    for bad in ["none", "HS256", "es256", ""] {
        assert!(made(&["--id-token-alg", bad]).is_err(), "{bad}");
    }
    assert!(made(&["--jwks-uri", "https://library.example/jwks", "--jwks", "/nowhere"]).is_err(), "one of both");
}

#[test]
fn cap_49_pkce_may_be_left_out_by_a_client_with_a_secret_only() {
    assert!(made(&[]).unwrap().flags.require_pkce);
    assert!(!made(&["--no-pkce"]).unwrap().flags.require_pkce);
    assert!(made(&["--no-pkce", "--auth", "none"]).is_err());
    assert!(made(&["--auth", "none"]).unwrap().flags.require_pkce);
}

#[test]
fn cap_49_signed_requests_need_keys_and_addresses_of_the_web() {
    let keys = ["--jwks-uri", "https://library.example/jwks"];
    let client = made(&[&keys[..], &["--request-objects"]].concat()).unwrap();
    assert!(client.flags.request_object && !client.flags.request_uri);
    let objects = ["--request-uri", "https://library.example/a", "--request-uri", "https://library.example/b"];
    let client = made(&[&keys[..], &objects].concat()).unwrap();
    assert!(client.flags.request_uri && !client.flags.request_object);
    assert_eq!(client.metadata.request_uris, ["https://library.example/a", "https://library.example/b"]);
    assert!(made(&["--request-objects"]).is_err(), "no keys, no objects");
    assert!(made(&objects).is_err());
    assert!(made(&[&keys[..], &["--request-uri", "http://library.example/a"]].concat()).is_err());
}
