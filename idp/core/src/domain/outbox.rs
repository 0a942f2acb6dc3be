//! Outbox: messages written in the same transaction as their cause, delivered at least once by a job.

use crate::fault::{Fault, Outcome};
use crate::id::{ClientId, OutboxId};
use crate::seal::Key;
use crate::{Entropy, Time};
use serde::{Deserialize, Serialize};

/// Says what the sealed bytes are. The first messages were mail, and the word stays.
const CONTEXT: &[u8] = b"outbox mail";

/// A message that waits.
#[derive(Clone)]
pub struct OutboxItem {
    /// Row.
    pub id: OutboxId,
    /// The message as JSON, sealed under the outbox key.
    pub sealed: Vec<u8>,
    /// Not before.
    pub due_at: Time,
    /// Deliveries tried.
    pub tries: i32,
    /// When it was delivered.
    pub sent_at: Option<Time>,
}

/// What is sealed in it. Told apart by its members, so that letters written before there were notices are still read.
#[derive(Clone, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Message {
    /// To a person.
    Mail(Letter),
    /// To a client.
    Logout(LogoutNotice),
}

/// A mail, ready to be sent.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Letter {
    /// The address.
    pub to: String,
    /// Subject in the person's language.
    pub subject: String,
    /// Plain text.
    pub body: String,
}

/// That somebody is signed out (OpenID Connect Back-Channel Logout 2.4). The token is made of it at each try.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogoutNotice {
    /// Who is told.
    pub client: ClientId,
    /// The pairwise `sub` of the person at that client.
    pub sub: String,
    /// The session there; none: all sessions of the person.
    pub sid: Option<String>,
    /// The same at every try, so that the client sees that it is one notice.
    pub jti: String,
}

impl Message {
    /// Seals it into a new row, due now.
    pub fn seal(&self, key: &Key, entropy: &dyn Entropy, now: Time) -> Outcome<OutboxItem> {
        let plain = serde_json::to_vec(self).map_err(|cause| Fault::because("write a message", cause))?;
        Ok(OutboxItem {
            id: OutboxId::new(now, entropy),
            sealed: key.seal(CONTEXT, &plain, entropy),
            due_at: now,
            tries: 0,
            sent_at: None,
        })
    }

    /// Opens it for sending.
    pub fn open(item: &OutboxItem, key: &Key) -> Outcome<Self> {
        let plain = key.open(CONTEXT, &item.sealed)?;
        // The cause could quote what it read.
        serde_json::from_slice(&plain).map_err(|_| Fault::new("read a message: it is neither mail nor notice"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Time = Time(1_793_890_800_000);

    struct Same;
    impl Entropy for Same {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(7);
        }
    }

    #[test]
    fn a_letter_written_before_there_were_notices_is_still_read() {
        let (key, entropy) = (Key::random(&Same), Same);
        let old = br#"{"to":"hanako@example.jp","subject":"code","body":"123456"}"#;
        let notice = LogoutNotice { client: ClientId([1; 16]), sub: "s".into(), sid: None, jti: "j".into() };
        let item = Message::Logout(notice.clone()).seal(&key, &entropy, NOW).unwrap();
        let letter = OutboxItem { sealed: key.seal(CONTEXT, old, &entropy), ..item.clone() };
        assert!(matches!(Message::open(&letter, &key), Ok(Message::Mail(letter)) if letter.body == "123456"));
        assert!(matches!(Message::open(&item, &key), Ok(Message::Logout(read)) if read == notice));
        let other = OutboxItem { sealed: key.seal(CONTEXT, b"{}", &entropy), ..item };
        assert!(Message::open(&other, &key).is_err());
    }
}
