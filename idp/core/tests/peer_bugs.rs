//! Bugs that other issuers had (docs/peer-bugs.md), as far as pure code shows them.

use pass_core::Entropy;
use pass_core::id::PersonId;
use pass_core::oidc::claims_request::ClaimsRequest;
use pass_core::oidc::client_auth;
use pass_core::oidc::params::Params;
use pass_core::oidc::registration;
use pass_core::seal::{Key, context};
use pass_core::secret::base64url;

/// The same nonce each time: whatever then differs does not differ by luck.
struct Still;

impl Entropy for Still {
    fn fill(&self, bytes: &mut [u8]) {
        bytes.fill(1);
    }
}

/// eSignet's cache cipher was AES/ECB: equal blocks looked equal, and whoever could write the cache could put blocks together.
#[test]
fn peer_bug_04_equal_blocks_never_look_equal_when_sealed_and_none_can_be_moved() {
    let (key, person) = (Key::random(&Still), PersonId([1; 16]));
    let sealed = key.seal(&context(person, "sealed_record"), &[b'x'; 16 * 64], &Still);
    let blocks: std::collections::BTreeSet<&[u8]> = sealed.chunks_exact(16).collect();
    assert_eq!(blocks.len(), sealed.len() / 16, "no block twice, wherever blocks begin");
    for at in 0..sealed.len() {
        let mut changed = sealed.clone();
        changed[at] ^= 1;
        assert!(key.open(&context(person, "sealed_record"), &changed).is_err(), "byte {at}");
    }
    let mut swapped = sealed.clone();
    swapped[32..64].rotate_left(16);
    assert!(key.open(&context(person, "sealed_record"), &swapped).is_err());
}

/// Kanidm's filters nested without a bound. Each of these would end the process where a parser recurses.
#[test]
fn peer_bug_07_json_that_nests_without_end_is_refused_before_it_costs_anything() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        for deep in [200, 2_000, 8_000] {
            let nested = format!("{}1{}", open.repeat(deep), close.repeat(deep));
            assert!(ClaimsRequest::parse(&format!("{{\"userinfo\":{nested}}}")).is_err());
            assert!(ClaimsRequest::parse(&nested).is_err());
            let metadata =
                format!("{{\"redirect_uris\":[\"https://rp.example/cb\"],\"jwks\":{nested},\"x\":{nested}}}");
            assert!(registration::read(metadata.as_bytes()).is_err());
            // A token: header and claims, read before any signature.
            let token = format!("{}.{}.AAAA", base64url(nested.as_bytes()), base64url(nested.as_bytes()));
            let pairs = [
                ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
                ("client_assertion", &token),
            ];
            let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
            assert!(Params::parse(&body).and_then(|params| client_auth::read(None, &params).map(drop)).is_err());
        }
    }
}
