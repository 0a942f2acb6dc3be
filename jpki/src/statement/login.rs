//! The two statements of somebody who comes back: the login challenge, for the login key and its four digits, and the
//! recovery, for the signature key and its password, when nothing but the card is left.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Kind, LOGIN_TAG, RECOVERY_TAG, Statement, StatementError, lines};
use crate::pin::Secret;

/// The fields of both, before they are checked. They name no account: the card says whose it is.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LoginFields {
    /// The issuer's URL.
    pub issuer: String,
    /// What it is for, in the person's language.
    pub purpose: String,
    /// Server randomness, single use.
    #[serde(with = "lines::hex_nonce")]
    pub nonce: [u8; 32],
    /// The ticket this login belongs to.
    pub ticket: String,
    /// When the issuer made the challenge, epoch seconds.
    pub issued_at: i64,
}

impl fmt::Debug for LoginFields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The nonce is still to be used.
        f.debug_struct("LoginFields").field("issuer", &self.issuer).finish_non_exhaustive()
    }
}

impl LoginFields {
    fn check(&self) -> Result<(), StatementError> {
        lines::acceptable("issuer", &self.issuer, 300)?;
        lines::acceptable("purpose", &self.purpose, 2000)?;
        lines::acceptable("ticket", &self.ticket, 200)
    }

    fn read(bytes: &[u8], tag: &str) -> Result<Self, StatementError> {
        let [issuer, purpose, nonce, ticket, issued_at] =
            lines::read(bytes, tag, ["issuer", "purpose", "nonce", "ticket", "issued-at"])?;
        let fields = Self {
            issuer: issuer.into(),
            purpose: purpose.into(),
            nonce: lines::nonce(nonce)?,
            ticket: ticket.into(),
            issued_at: issued_at.parse().map_err(|_| StatementError::Form)?,
        };
        // `+7`, `007` and upper-case hex read alike: only the canonical spelling is a statement.
        if fields.write(tag) == bytes { Ok(fields) } else { Err(StatementError::Form) }
    }

    fn write(&self, tag: &str) -> Vec<u8> {
        lines::write(
            tag,
            &[
                ("issuer", &self.issuer),
                ("purpose", &self.purpose),
                ("nonce", &lines::hex(&self.nonce)),
                ("ticket", &self.ticket),
                ("issued-at", &self.issued_at.to_string()),
            ],
        )
    }
}

/// A checked login challenge: signed by the login key (利用者証明用).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoginChallenge(LoginFields);

/// A checked recovery: signed by the signature key (署名用). It gives nothing of the certificate to anybody; it says that the
/// holder of the card that proofed an account wants back in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recovery(LoginFields);

macro_rules! login_statement {
    ($name:ident, $tag:ident, $key:ident) => {
        impl $name {
            /// Checks the fields.
            ///
            /// # Errors
            /// A field is empty, too long, or holds a control or direction character.
            pub fn new(fields: LoginFields) -> Result<Self, StatementError> {
                fields.check()?;
                Ok(Self(fields))
            }

            /// Reads the canonical bytes back.
            ///
            /// # Errors
            /// Anything but the exact canonical form.
            pub fn parse(bytes: &[u8]) -> Result<Self, StatementError> {
                Self::new(LoginFields::read(bytes, $tag)?)
            }

            /// The fields, for the page that shows them.
            #[must_use]
            pub fn fields(&self) -> &LoginFields {
                &self.0
            }
        }

        impl Kind for $name {
            fn nonce_in(bytes: &[u8]) -> Result<[u8; 32], StatementError> {
                Self::parse(bytes).map(|statement| statement.0.nonce)
            }
        }

        impl Statement for $name {
            fn key(&self) -> Secret {
                Secret::$key
            }

            fn nonce(&self) -> &[u8; 32] {
                &self.0.nonce
            }

            fn to_bytes(&self) -> Vec<u8> {
                self.0.write($tag)
            }
        }
    };
}

login_statement!(LoginChallenge, LOGIN_TAG, Auth);
login_statement!(Recovery, RECOVERY_TAG, Sign);

impl Recovery {
    /// The challenge for the login key that belongs to this recovery: the same ticket, nonce and moment.
    #[must_use]
    pub fn challenge(&self) -> LoginChallenge {
        LoginChallenge(self.0.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields() -> LoginFields {
        LoginFields {
            issuer: "https://pass.example".into(),
            purpose: "PASSにログインします".into(),
            nonce: [0xCD; 32],
            ticket: "t-1".into(),
            issued_at: 1_775_001_600,
        }
    }

    #[test]
    fn cap_62_a_login_is_no_recovery_and_the_reverse() {
        let (login, recovery) = (LoginChallenge::new(fields()).unwrap(), Recovery::new(fields()).unwrap());
        assert_eq!(LoginChallenge::parse(&login.to_bytes()), Ok(login.clone()));
        assert_eq!(Recovery::parse(&recovery.to_bytes()), Ok(recovery.clone()));
        assert_eq!(LoginChallenge::parse(&recovery.to_bytes()), Err(StatementError::Form));
        assert_eq!(Recovery::parse(&login.to_bytes()), Err(StatementError::Form));
        assert_eq!((login.key(), recovery.key()), (Secret::Auth, Secret::Sign));
        assert_eq!(recovery.challenge(), login);
    }

    #[test]
    fn cap_62_only_the_canonical_bytes_are_a_challenge() {
        let good = String::from_utf8(LoginChallenge::new(fields()).unwrap().to_bytes()).unwrap();
        for spoilt in [
            good.replace("-v1", "-v2"),
            good.replace("cd", "CD"),
            good.replace("issued-at=", "issued-at=0"),
            good.replace("PASSに", "PASS\u{202E}に"),
            good.trim_end().to_owned(),
            format!("{good}more=1\n"),
        ] {
            assert!(LoginChallenge::parse(spoilt.as_bytes()).is_err(), "{spoilt}");
        }
    }
}
