//! What the stand-in can be made to do wrong, so that tests see who relies on it refuse.

use pass_core::secret::{base64url, from_base64url};
use serde_json::{Map, Value};

/// A change of a JSON object.
type Change = fn(&mut Map<String, Value>);

/// What is done wrong.
#[derive(Clone, Copy, Default)]
pub struct Bend {
    /// To the claims of the ID token, before it is signed.
    pub claims: Option<Change>,
    /// To its header, after it was signed.
    pub header: Option<Change>,
    /// To userinfo.
    pub userinfo: Option<Change>,
    /// Programs get no answer.
    pub down: bool,
}

/// The token with another header; its signature is not made again.
pub(super) fn header(token: &str, change: Change) -> Option<String> {
    let (head, rest) = token.split_once('.')?;
    let mut header = serde_json::from_slice(&from_base64url(head)?).ok()?;
    change(&mut header);
    // RFC 7518 3.6: `none` has the empty signature.
    let rest = if header.get("alg") == Some(&"none".into()) { rest.split_inclusive('.').next()? } else { rest };
    Some(format!("{}.{rest}", base64url(Value::Object(header).to_string().as_bytes())))
}
