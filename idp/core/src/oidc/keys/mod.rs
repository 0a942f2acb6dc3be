//! Signing keys: made once, parsed once, kept for their life. josekit's door, with `jwt`.
//!
//! RFC 7517, RFC 7518 3.3 to 3.5, RFC 7638. Left out: encryption keys, EdDSA.

mod generate;
mod ring;
mod rotation;
mod thumbprint;

pub use generate::{NewKey, generate};
pub use ring::{KeyRing, Prepared, Verified};
pub use rotation::{Move, fill, purge, rotate};
pub use thumbprint::thumbprint;
