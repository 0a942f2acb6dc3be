//! The exact origin of a ceremony.

use super::PasskeyRefusal;
use serde::Deserialize;

/// WebAuthn 5.8.1, the members that say where the ceremony took place.
#[derive(Deserialize)]
struct ClientData {
    origin: String,
    #[serde(default, rename = "crossOrigin")]
    cross_origin: bool,
}

/// Compares the origin in `clientDataJSON` as a string: scheme, host and port, no suffix, no subdomain; never inside a foreign frame.
pub(super) fn check(client_data: &[u8], expected: &str) -> Result<(), PasskeyRefusal> {
    let data: ClientData = serde_json::from_slice(client_data).map_err(|_| PasskeyRefusal::Malformed)?;
    // WebAuthn 7.1 steps 9-10, 7.2 steps 12-13
    if data.origin == expected && !data.cross_origin { Ok(()) } else { Err(PasskeyRefusal::Origin) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cap_62_only_the_exact_origin_is_accepted() {
        let said = |origin: &str, expected: &str| {
            let data = serde_json::json!({"type": "webauthn.get", "challenge": "AA", "origin": origin});
            check(data.to_string().as_bytes(), expected)
        };
        assert_eq!(said("https://example.com", "https://example.com"), Ok(()));
        for foreign in [
            "https://badexample.com",
            "https://example.com.evil.test",
            "https://login.example.com",
            "https://example.com:8443",
            "http://example.com",
            "https://example.com/",
            "https://EXAMPLE.com",
            "null",
            "",
        ] {
            assert_eq!(said(foreign, "https://example.com"), Err(PasskeyRefusal::Origin), "{foreign}");
        }
    }

    #[test]
    fn cap_62_a_ceremony_inside_a_foreign_frame_is_refused() {
        let framed = br#"{"type":"webauthn.get","origin":"https://example.com","crossOrigin":true}"#;
        assert_eq!(check(framed, "https://example.com"), Err(PasskeyRefusal::Origin));
        assert_eq!(check(b"not json", "https://example.com"), Err(PasskeyRefusal::Malformed));
    }
}
