//! What the card agent posts to the issuer.

use std::fmt;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A statement, its signature and the certificate of the key that made it. JSON with base64 fields.
///
/// The certificate holds the basic four: this type has no plain `Debug`, and the issuer drops it after [`crate::verify()`].
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignedProof {
    /// The canonical bytes of the statement, as signed.
    pub statement: Encoded,
    /// PKCS#1 v1.5 signature with SHA-256 over the statement.
    pub signature: Encoded,
    /// The certificate for digital signature (署名用電子証明書), DER.
    pub sign_certificate: Encoded,
}

impl fmt::Debug for SignedProof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SignedProof(redacted)")
    }
}

/// A login challenge, its signature and the certificate of the login key that made it. JSON with base64 fields.
///
/// The certificate names the municipality of issue and a number of its own: no plain `Debug`, and the issuer drops it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LoginProof {
    /// The canonical bytes of the challenge, as signed.
    pub statement: Encoded,
    /// PKCS#1 v1.5 signature with SHA-256 over the challenge.
    pub signature: Encoded,
    /// The certificate for user authentication (利用者証明用電子証明書), DER.
    pub auth_certificate: Encoded,
}

impl fmt::Debug for LoginProof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LoginProof(redacted)")
    }
}

/// Bytes that travel as standard base64, at most 16 KiB.
#[derive(Clone, PartialEq, Eq)]
pub struct Encoded(pub Vec<u8>);

const LIMIT: usize = 16 * 1024;

impl fmt::Debug for Encoded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Encoded({} bytes)", self.0.len())
    }
}

impl Serialize for Encoded {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&STANDARD.encode(&self.0))
    }
}

impl<'de> Deserialize<'de> for Encoded {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        if text.len() > LIMIT / 3 * 4 {
            return Err(serde::de::Error::custom("too long"));
        }
        STANDARD.decode(text).map(Encoded).map_err(|_| serde::de::Error::custom("not base64"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cap_05_a_proof_travels_as_json_and_is_never_shown() {
        let proof = SignedProof {
            statement: Encoded(b"statement".to_vec()),
            signature: Encoded(vec![0xFF; 256]),
            sign_certificate: Encoded(vec![0x30, 0x82]),
        };
        let json = serde_json::to_string(&proof).unwrap();
        assert!(json.starts_with(r#"{"statement":"c3RhdGVtZW50","#));
        assert_eq!(serde_json::from_str::<SignedProof>(&json).unwrap(), proof);
        assert_eq!(format!("{proof:?}"), "SignedProof(redacted)");
        for spoilt in [
            json.replace("c3Rh", "c3R"),
            json.replace("c3Rh", "%%%%"),
            json.replace(r#"{"statement""#, r#"{"pin":"1234","statement""#),
            json.replace("c3Rh", &"AAAA".repeat(LIMIT)),
        ] {
            assert!(serde_json::from_str::<SignedProof>(&spoilt).is_err());
        }
    }
}
