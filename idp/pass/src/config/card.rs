//! `[card]`: roots and revocation of My Number Card certificates.

use serde::Deserialize;
use std::path::PathBuf;

/// What card proofs are checked against.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CardSection {
    /// Folder with the published root certificates (DER or PEM). Files whose fingerprint is not pinned in the program are refused.
    pub roots: Option<PathBuf>,
    /// File with the newest revocation list of the signature CA. Without it proofs record "not checked".
    pub sign_crl: Option<PathBuf>,
    /// Likewise of the login CA. Without it signing in by card is not checked for revocation.
    pub auth_crl: Option<PathBuf>,
    /// Address of the card agent on the resident's own machine.
    pub agent_url: Option<String>,
}
