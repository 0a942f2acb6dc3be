//! A request with a request object: what was brought, its signature and claims, merged, and then all checks.

use super::authorize::holds;
use super::city::{CLIENT, ISSUER, KEYS, NOW, RING, SCOPES, token};
use pass_core::oidc::authorize::{Loaded, check, read, refuse};
use pass_core::oidc::request_object::{Brought, brought, merge};

/// Bytes are the query, a line break, and the object: claims to be signed, or a token as it is.
pub fn run(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let (query, object) = text.split_once('\n').unwrap_or((&text, ""));
    let Ok(params) = read(query) else { return };
    if let Ok(Some(Brought::At { uri, address })) = brought(&params, &CLIENT) {
        assert!(CLIENT.metadata.request_uris.contains(&uri) && uri.starts_with(&address) && !address.contains('#'));
    }
    let (object, signed) = token(object, "oauth-authz-req+jwt");
    let loaded = Loaded { client: Some(&*CLIENT), issuer: ISSUER, keys: &RING, scopes: &SCOPES };
    match merge(&params, &object, &CLIENT, Some(&KEYS), ISSUER, NOW) {
        Ok(merged) => {
            assert!(signed, "an object that nobody signed was read");
            assert!(merged.get("request").is_none() && merged.get("request_uri").is_none());
            assert!(params.refuse_repeats().is_ok());
            for name in ["client_id", "response_type"] {
                assert!(params.get(name).is_none_or(|outside| merged.get(name) == Some(outside)));
            }
            holds(check(&merged, &loaded), &merged);
        }
        Err(unread) => {
            assert!(signed || unread.effective.is_none(), "what nobody signed says where an answer goes");
            let told = unread.effective.as_ref().unwrap_or(&params);
            holds(Err(refuse(told, &loaded, unread.error)), told);
        }
    }
}
