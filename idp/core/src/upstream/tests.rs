use super::*;
use crate::seal::{Purpose as For, WrappingSecret};

#[test]
fn cap_04_what_comes_back_is_weighed_before_a_code_is_used() {
    let issuer = "https://auth-and-sign.go.jp/api/realms/main";
    let came = |code, error, iss| Callback { state: "s", code, error, iss };
    for (callback, means) in [
        (came("c", "", None), Returned::Code("c")),
        (came("c", "", Some(issuer)), Returned::Code("c")),
        (came("c", "", Some("https://evil.example")), Returned::Refused(Refusal::OtherIssuer)),
        (came("", "access_denied", None), Returned::Refused(Refusal::Denied)),
        (came("c", "access_denied", None), Returned::Refused(Refusal::Denied)),
        (came("c", "server_error", None), Returned::Refused(Refusal::Failed)),
        (came("", "", None), Returned::Refused(Refusal::Failed)),
    ] {
        assert_eq!(callback.returned(issuer), means);
    }
}

#[test]
fn cap_04_the_secrets_of_a_visit_are_its_own() {
    let key = WrappingSecret::new([1; 32]).derive(For::Upstream);
    let (one, again, other) = (Secrets::of("a", &key), Secrets::of("a", &key), Secrets::of("b", &key));
    assert_eq!((&one.nonce, &one.verifier), (&again.nonce, &again.verifier));
    assert!(one.nonce != other.nonce && one.verifier != other.verifier && one.nonce != one.verifier);
    // RFC 7636 4.1
    assert_eq!(one.verifier.len(), 43);
}

#[test]
fn refusals_have_codes_of_their_own() {
    for refusal in Refusal::ALL {
        assert_eq!(Refusal::parse(refusal.code()), Some(*refusal));
    }
}

#[test]
fn a_time_survives_the_way_through_the_crate() {
    let made: String = moment(Time(1_791_158_400_000));
    assert_eq!(made, "2026-10-05T00:00:00Z");
}
