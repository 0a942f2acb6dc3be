//! `[mail]`: the mail server.

use serde::Deserialize;
use std::path::PathBuf;

/// The mail server that takes PASS's messages.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MailSection {
    /// Host name of the SMTP server.
    pub host: String,
    /// Port.
    pub port: u16,
    /// `starttls`, `tls`, or `none` (loopback only).
    pub security: MailSecurity,
    /// Sender, for example `PASS 加賀市 <pass@kaga.example>`.
    pub from: String,
    /// User name, where the server wants one.
    pub user: Option<String>,
    /// File with the password.
    pub password_file: Option<PathBuf>,
}

/// How the connection to the mail server is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MailSecurity {
    /// Upgraded after connecting.
    Starttls,
    /// From the first byte.
    Tls,
    /// None: a server on this machine.
    None,
}
