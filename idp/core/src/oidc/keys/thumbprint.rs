//! JWK thumbprints (RFC 7638): the `kid` of our keys.

use crate::secret::base64url;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

/// The SHA-256 thumbprint of an EC or RSA public key; nothing for other or incomplete keys.
pub fn thumbprint(jwk: &Map<String, Value>) -> Option<String> {
    // RFC 7638 3.2: the required members in lexicographic order, no white space.
    let members: &[&str] = match jwk.get("kty")?.as_str()? {
        "EC" => &["crv", "kty", "x", "y"],
        "RSA" => &["e", "kty", "n"],
        _ => return None,
    };
    let canonical: Option<Vec<String>> =
        members.iter().map(|name| Some(format!("\"{name}\":{}", Value::from(jwk.get(*name)?.as_str()?)))).collect();
    Some(base64url(&Sha256::digest(format!("{{{}}}", canonical?.join(",")))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cap_49_thumbprint_of_the_rfc() {
        // RFC 7638 3.1
        let jwk = r#"{"kty":"RSA","n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw","e":"AQAB","alg":"RS256","kid":"2011-04-29"}"#;
        let jwk: Map<String, Value> = serde_json::from_str(jwk).unwrap();
        assert_eq!(thumbprint(&jwk).unwrap(), "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
        assert_eq!(thumbprint(&Map::new()), None);
    }
}
