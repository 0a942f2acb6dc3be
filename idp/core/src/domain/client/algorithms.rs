//! Algorithms that tokens are signed and encrypted with (RFC 7518). `none` is not among them.

use serde::{Deserialize, Serialize};

/// Signature algorithms of tokens (RFC 7518 3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum SigningAlg {
    /// The default.
    ES256,
    /// What the standard asks every provider to offer.
    RS256,
    /// RSA-PSS.
    PS256,
}

impl SigningAlg {
    /// All, the default first.
    pub const ALL: [Self; 3] = [Self::ES256, Self::RS256, Self::PS256];

    /// The value of `alg`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ES256 => "ES256",
            Self::RS256 => "RS256",
            Self::PS256 => "PS256",
        }
    }

    /// Reads the value of `alg`.
    pub fn parse(alg: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.as_str() == alg)
    }
}

/// How something is encrypted to a client (RFC 7518 4.1, 5.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Encryption {
    /// How the content key travels.
    pub alg: KeyManagementAlg,
    /// How the content is encrypted.
    pub enc: ContentEncryption,
}

/// Key management of encrypted tokens. RSA1_5 and the symmetric ways are left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum KeyManagementAlg {
    /// RSA with OAEP and SHA-256.
    #[serde(rename = "RSA-OAEP-256")]
    RsaOaep256,
    /// RSA with OAEP as first defined.
    #[serde(rename = "RSA-OAEP")]
    RsaOaep,
    /// Diffie-Hellman on an elliptic curve.
    #[serde(rename = "ECDH-ES")]
    EcdhEs,
    /// The same, wrapping a content key.
    #[serde(rename = "ECDH-ES+A128KW")]
    EcdhEsA128Kw,
    /// The same with a longer wrapping key.
    #[serde(rename = "ECDH-ES+A256KW")]
    EcdhEsA256Kw,
}

impl KeyManagementAlg {
    /// All, the best first.
    pub const ALL: [Self; 5] = [Self::EcdhEs, Self::EcdhEsA256Kw, Self::EcdhEsA128Kw, Self::RsaOaep256, Self::RsaOaep];

    /// The value of `alg`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::RsaOaep256 => "RSA-OAEP-256",
            Self::RsaOaep => "RSA-OAEP",
            Self::EcdhEs => "ECDH-ES",
            Self::EcdhEsA128Kw => "ECDH-ES+A128KW",
            Self::EcdhEsA256Kw => "ECDH-ES+A256KW",
        }
    }

    /// Reads the value of `alg`.
    pub fn parse(alg: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.as_str() == alg)
    }
}

/// Content encryption of encrypted tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ContentEncryption {
    /// AES-CBC with HMAC: the default of the standard.
    #[serde(rename = "A128CBC-HS256")]
    A128CbcHs256,
    /// The same with longer keys.
    #[serde(rename = "A256CBC-HS512")]
    A256CbcHs512,
    /// AES-GCM.
    A128GCM,
    /// AES-GCM with a longer key.
    A256GCM,
}

impl ContentEncryption {
    /// All, the default of the standard first.
    pub const ALL: [Self; 4] = [Self::A128CbcHs256, Self::A256CbcHs512, Self::A128GCM, Self::A256GCM];

    /// The value of `enc`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::A128CbcHs256 => "A128CBC-HS256",
            Self::A256CbcHs512 => "A256CBC-HS512",
            Self::A128GCM => "A128GCM",
            Self::A256GCM => "A256GCM",
        }
    }

    /// Reads the value of `enc`.
    pub fn parse(enc: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.as_str() == enc)
    }
}
