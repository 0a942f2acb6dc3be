//! An ID token of ours that comes back as a hint: `id_token_hint` of authorization (OpenID Connect Core 3.1.2.1)
//! and of logout (RP-Initiated Logout 2). Its signature must hold; its age does not matter.

use super::keys::KeyRing;

/// What a hint says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hint {
    /// The pairwise subject.
    pub sub: String,
    /// The client it was made for.
    pub client_id: String,
}

/// Reads a hint; anything that is not an ID token of this issuer is nothing.
pub fn read(token: &str, issuer: &str, keys: &KeyRing) -> Option<Hint> {
    let verified = keys.verify(token)?;
    let text = |name: &str| verified.claims.get(name)?.as_str();
    // Access tokens are signed with the same keys and are no hints (RFC 9068 4).
    if verified.typ.as_deref() != Some(super::id_token::TYP) || text("iss")? != issuer {
        return None;
    }
    Some(Hint { sub: text("sub")?.to_owned(), client_id: text("aud")?.to_owned() })
}
