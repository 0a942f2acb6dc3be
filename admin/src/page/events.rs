//! A line of the audit log as people read it, on the home page and in the log itself.

use pass_web::kit::Words;

/// One event.
#[derive(Clone)]
pub struct EventLine {
    /// Its place in the chain; none while it waits.
    pub sequence: Option<i64>,
    /// When, to the second in Japan: `2026-11-24 15:42:10`.
    pub at: String,
    /// Who acted: a name of staff, a client, a word for the others.
    pub who: Words,
    /// What was done.
    pub act: Words,
    /// The client it concerns.
    pub client: Option<String>,
    /// Further facts: fixed words and counts.
    pub detail: String,
    /// The first and last digits of its hash.
    pub hash: Option<String>,
}
