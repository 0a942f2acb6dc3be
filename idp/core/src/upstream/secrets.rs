//! The secrets of one visit. All are made of its `state`, so that no row holds any of them.

use crate::seal::Key;
use crate::secret::base64url;

/// The secrets of one visit.
pub struct Secrets {
    pub(super) nonce: String,
    pub(super) verifier: String,
}

impl Secrets {
    /// Of the visit with this `state`; the key is that of `Purpose::Upstream`. Whoever knows the state has neither.
    pub fn of(state: &str, key: &Key) -> Self {
        let made = |what: &[u8]| base64url(&key.mac(&[what, state.as_bytes()]).0);
        // RFC 7636 4.1: 43 characters of the unreserved set.
        Self { nonce: made(b"nonce"), verifier: made(b"code verifier") }
    }
}
