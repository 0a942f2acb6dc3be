//! A statement of whatever kind, as the issuer hands it to the agent: the fields with the kind beside them. The agent builds the
//! bytes from them itself; no kind takes bytes or a digest.

use serde::{Deserialize, Serialize};

use super::{
    Consent, ConsentFields, Enrolment, EnrolmentFields, LoginChallenge, LoginFields, Recovery, Statement,
    StatementError,
};
use crate::text::TextReading;

/// A checked statement of one of the kinds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AnyStatement {
    /// Be proofed, with the signature key.
    Enrolment(Enrolment),
    /// Sign in, with the login key.
    Login(LoginChallenge),
    /// Come back with nothing but the card, with the signature key.
    Recovery(Recovery),
    /// Have the printed text of a card read, with its own four digits.
    Text(TextReading),
    /// Agree that a facility has these values, with the signature key.
    Consent(Box<Consent>),
}

/// The fields of any kind, before they are checked. JSON with the kind beside the fields.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum AnyFields {
    /// Of [`Enrolment`].
    Enrolment(EnrolmentFields),
    /// Of [`LoginChallenge`].
    Login(LoginFields),
    /// Of [`Recovery`].
    Recovery(LoginFields),
    /// Of [`TextReading`].
    Text(EnrolmentFields),
    /// Of [`Consent`].
    Consent(ConsentFields),
}

impl AnyFields {
    /// Checks the fields.
    ///
    /// # Errors
    /// A field is empty, too long, or holds a control or direction character.
    pub fn check(self) -> Result<AnyStatement, StatementError> {
        Ok(match self {
            Self::Enrolment(fields) => AnyStatement::Enrolment(Enrolment::new(fields)?),
            Self::Login(fields) => AnyStatement::Login(LoginChallenge::new(fields)?),
            Self::Recovery(fields) => AnyStatement::Recovery(Recovery::new(fields)?),
            Self::Text(fields) => AnyStatement::Text(TextReading::new(fields)?),
            Self::Consent(fields) => AnyStatement::Consent(Box::new(Consent::new(fields)?)),
        })
    }
}

impl AnyStatement {
    /// The fields, to be handed over.
    #[must_use]
    pub fn to_fields(&self) -> AnyFields {
        match self {
            Self::Enrolment(statement) => AnyFields::Enrolment(statement.fields().clone()),
            Self::Login(statement) => AnyFields::Login(statement.fields().clone()),
            Self::Recovery(statement) => AnyFields::Recovery(statement.fields().clone()),
            Self::Text(statement) => AnyFields::Text(statement.fields().clone()),
            Self::Consent(statement) => AnyFields::Consent(statement.fields().clone()),
        }
    }

    /// The text to be signed, as a person reads it beforehand.
    #[must_use]
    pub fn shown(&self) -> String {
        let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
        match self {
            Self::Enrolment(statement) => text(statement.to_bytes()),
            Self::Login(statement) => text(statement.to_bytes()),
            Self::Recovery(statement) => text(statement.to_bytes()),
            Self::Text(statement) => statement.shown(),
            Self::Consent(statement) => text(statement.to_bytes()),
        }
    }

    /// The issuer's URL.
    #[must_use]
    pub fn issuer(&self) -> &str {
        match self {
            Self::Enrolment(statement) => &statement.fields().issuer,
            Self::Login(statement) => &statement.fields().issuer,
            Self::Recovery(statement) => &statement.fields().issuer,
            Self::Text(statement) => &statement.fields().issuer,
            Self::Consent(statement) => &statement.fields().issuer,
        }
    }

    /// What it is for, in the person's language.
    #[must_use]
    pub fn purpose(&self) -> &str {
        match self {
            Self::Enrolment(statement) => &statement.fields().purpose,
            Self::Login(statement) => &statement.fields().purpose,
            Self::Recovery(statement) => &statement.fields().purpose,
            Self::Text(statement) => &statement.fields().purpose,
            Self::Consent(statement) => &statement.fields().purpose,
        }
    }

    /// When the issuer made it, epoch seconds.
    #[must_use]
    pub fn issued_at(&self) -> i64 {
        match self {
            Self::Enrolment(statement) => statement.fields().issued_at,
            Self::Login(statement) => statement.fields().issued_at,
            Self::Recovery(statement) => statement.fields().issued_at,
            Self::Text(statement) => statement.fields().issued_at,
            Self::Consent(statement) => statement.fields().issued_at,
        }
    }

    /// The account that the proof is for. Who comes back names none: the card does.
    #[must_use]
    pub fn account(&self) -> Option<&str> {
        match self {
            Self::Enrolment(statement) => Some(&statement.fields().account),
            Self::Text(statement) => Some(&statement.fields().account),
            Self::Login(_) | Self::Recovery(_) | Self::Consent(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cap_05_the_kind_travels_beside_the_fields_and_nothing_else_does() {
        let fields = LoginFields {
            issuer: "https://pass.example".into(),
            purpose: "login".into(),
            nonce: [1; 32],
            ticket: "t".into(),
            issued_at: 7,
        };
        for any in [AnyFields::Login(fields.clone()), AnyFields::Recovery(fields)] {
            let json = serde_json::to_value(&any).unwrap();
            assert_eq!(serde_json::from_value::<AnyFields>(json.clone()).unwrap(), any);
            let statement = any.clone().check().unwrap();
            assert_eq!(statement.to_fields(), any);
            for (name, value) in [("digest", "00"), ("account", "x"), ("kind", "bytes")] {
                let mut spoilt = json.clone();
                spoilt[name] = value.into();
                assert!(serde_json::from_value::<AnyFields>(spoilt).is_err(), "{name}");
            }
        }
    }
}
