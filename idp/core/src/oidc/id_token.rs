//! The ID token (OpenID Connect Core 2, 3.1.3.6).

/// `typ` of its header: what tells it from an access token.
pub const TYP: &str = "JWT";
