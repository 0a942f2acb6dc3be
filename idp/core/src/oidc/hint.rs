//! An ID token of ours that comes back as a hint: `id_token_hint` of authorization (OpenID Connect Core 3.1.2.1)
//! and of logout (RP-Initiated Logout 2). Its signature must hold; its age does not matter.

use super::keys::KeyRing;

/// What a hint says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hint {
    /// The pairwise subject.
    pub sub: String,
    /// The client it was made for.
    pub client_id: String,
}

/// What every ID token of ours has and nothing else that is signed with `typ` `JWT`: no claim about a person has such a name.
pub(super) const REQUIRED: [&str; 4] = ["exp", "iat", "acr", "amr"];

/// Reads a hint; anything that is not an ID token of this issuer is nothing.
pub fn read(token: &str, issuer: &str, keys: &KeyRing) -> Option<Hint> {
    let verified = keys.verify(token)?;
    let text = |name: &str| verified.claims.get(name)?.as_str();
    // Access and logout tokens are signed with the same keys and are no hints (RFC 9068 4, Back-Channel Logout 2.4).
    if verified.typ.as_deref() != Some(super::id_token::TYP) || text("iss")? != issuer {
        return None;
    }
    // RFC 8725 3.12: rules that exclude each other. Userinfo as a JWT has the same `typ` and none of these.
    if !REQUIRED.iter().all(|name| verified.claims.contains_key(*name)) || verified.claims.contains_key("events") {
        return None;
    }
    Some(Hint { sub: text("sub")?.to_owned(), client_id: text("aud")?.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::claims::Claim;
    use crate::domain::client::SigningAlg;
    use crate::oidc::fixture::{self, ISSUER, NOW, RING};
    use crate::oidc::id_token::{self, IdToken};
    use crate::oidc::userinfo;
    use serde_json::{Map, json};

    #[test]
    fn cap_49_a_signed_userinfo_answer_or_another_token_of_ours_is_no_hint() {
        let (mut client, grant, none) = (fixture::client(), fixture::grant(), Map::new());
        client.metadata.userinfo_signed_response_alg = Some(SigningAlg::ES256);
        let token = IdToken {
            issuer: ISSUER,
            client: &client,
            subject: "me",
            sid: "the session",
            grant: &grant,
            nonce: None,
            access_token: Some("at"),
            code: None,
            claims: &none,
            now: NOW,
        };
        let hint = Hint { sub: "me".into(), client_id: "library".into() };
        assert_eq!(read(&id_token::sign(&token, &RING).unwrap(), ISSUER, &RING), Some(hint));
        let body = userinfo::body("me", none.clone());
        let told = userinfo::signed(&body, &client, ISSUER, &RING, None).unwrap().unwrap();
        assert_eq!(read(&told, ISSUER, &RING), None, "userinfo");

        let full = id_token::claims(&token);
        let signed = |typ: &str, claims: &Map<String, _>| RING.sign(SigningAlg::ES256, typ, claims).unwrap();
        for typ in ["at+jwt", "logout+jwt", "jwt", ""] {
            assert_eq!(read(&signed(typ, &full), ISSUER, &RING), None, "{typ}");
        }
        for name in REQUIRED {
            let mut less = full.clone();
            less.remove(name);
            assert_eq!(read(&signed("JWT", &less), ISSUER, &RING), None, "without {name}");
        }
        let mut event = full;
        event.insert("events".into(), json!({}));
        assert_eq!(read(&signed("JWT", &event), ISSUER, &RING), None);
        assert!(
            Claim::ALL.iter().all(|claim| !REQUIRED.contains(&claim.as_str())),
            "no claim about a person is so named"
        );
    }
}
