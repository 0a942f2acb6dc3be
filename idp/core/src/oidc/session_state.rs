//! Session Management 1.0: the value by which a relying party's frame notices that somebody signed out, without asking us.

use crate::id::SessionId;
use crate::seal::Key;
use crate::secret::base64url;
use sha2::{Digest, Sha256};
use url::Url;

/// What the browser keeps about the session where scripts of ours can read it (3.3: "the OP browser state"). It opens
/// nothing: the session's own secret cannot be had from it.
pub fn browser_state(key: &Key, session: SessionId) -> String {
    base64url(&key.mac(&[b"browser state", &session.0]).0)
}

/// `session_state` of an answer (2). `salt` is 16 or more random characters.
pub fn session_state(client_id: &str, redirect_uri: &str, browser_state: &str, salt: &str) -> Option<String> {
    // 3.3: the origin that the message will come from.
    let origin = Url::parse(redirect_uri).ok()?.origin();
    let origin = origin.is_tuple().then(|| origin.ascii_serialization())?;
    Some(format!("{}.{salt}", state_hash(client_id, &origin, browser_state, salt)))
}

fn state_hash(client_id: &str, origin: &str, browser_state: &str, salt: &str) -> String {
    base64url(&Sha256::digest(format!("{client_id} {origin} {browser_state} {salt}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seal::{Purpose, WrappingSecret};

    #[test]
    fn cap_49_a_session_state_belongs_to_one_client_one_origin_and_one_session() {
        let key = WrappingSecret::new([1; 32]).derive(Purpose::SessionId);
        let here = browser_state(&key, SessionId([1; 16]));
        assert_ne!(here, browser_state(&key, SessionId([2; 16])));
        let state = |client, uri| session_state(client, uri, &here, "salt").unwrap();
        let first = state("library", "https://rp.example/cb?a=1");
        assert_eq!(first, state("library", "https://rp.example/other"));
        assert_eq!(first.split_once('.').map(|(hash, salt)| (hash.len(), salt)), Some((43, "salt")));
        assert!(!first.contains(' '));
        assert_ne!(first, state("kosodate", "https://rp.example/cb"));
        assert_ne!(first, state("library", "https://rp.example:8443/cb"));
        assert_eq!(session_state("library", "jp.example.app:/cb", &here, "salt"), None);
    }
}
