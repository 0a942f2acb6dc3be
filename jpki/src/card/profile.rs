//! What kind of token answers, and which algorithms it uses. Nothing that PASS keeps assumes RSA.

use sha2::{Digest, Sha256, Sha384};

use crate::apdu::SHA256_DIGEST_INFO;

/// What the token information names (EF 0006).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Token {
    /// A My Number Card.
    MyNumberCard,
    /// The resident register card before it (until 2015).
    ResidentCard,
    /// JPKI on an Android phone.
    Android,
    /// JPKI on an iPhone.
    Iphone,
    /// The next My Number Card, under the label that our soft card gives it: the true one is not known yet.
    NextCard,
    /// Something newer than this program.
    Unknown,
}

/// How a token signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Profile {
    /// RSA of 2048 bits, PKCS#1 v1.5 with SHA-256: cards and phones of today.
    Current,
    /// ECDSA on P-384 with SHA-384: the next card, as announced.
    Next,
}

impl Token {
    pub(super) fn of(info: &[u8]) -> Self {
        match info.trim_ascii_end() {
            b"JPKIAPICCTOKEN2" => Token::MyNumberCard,
            b"JPKIAPICCTOKEN" => Token::ResidentCard,
            b"JPKIAPGPSETOKEN" => Token::Android,
            b"JPKIAPIOSTOKEN" => Token::Iphone,
            b"JPKIAPICCTOKEN3" => Token::NextCard,
            _ => Token::Unknown,
        }
    }

    /// The profile of this token. An unknown one is taken for one of today: it would refuse anything else.
    #[must_use]
    pub fn profile(self) -> Profile {
        if self == Token::NextCard { Profile::Next } else { Profile::Current }
    }
}

impl Profile {
    /// What the card is given to sign.
    pub(super) fn digest(self, bytes: &[u8]) -> Vec<u8> {
        match self {
            Profile::Current => [&SHA256_DIGEST_INFO[..], &Sha256::digest(bytes)].concat(),
            Profile::Next => Sha384::digest(bytes).to_vec(),
        }
    }
}
