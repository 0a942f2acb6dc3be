//! Whether the national service (デジタル認証アプリ) can be asked as it is configured.

use super::Finding::{self, Bad, Good, Note};
use crate::cli::opened::block_on;
use crate::config::Config;
use crate::wiring::GuardedHttp;
use pass_core::upstream::discover;

/// Reads the key, fetches what the service publishes, and looks for what PASS needs there. That it knows us only a real visit
/// tells.
pub(super) fn check(config: &Config) -> Finding {
    let upstream = match config.upstream.open(&config.issuer) {
        Ok(Some(upstream)) => upstream,
        Ok(None) => return Note("not configured: residents are offered the card alone".into()),
        Err(fault) => return Bad(fault.to_string(), "check [upstream.aas]; until then the server does not start"),
    };
    let registration = upstream.registration();
    let issuer = &registration.issuer;
    let known = GuardedHttp::new(config.outgoing.clone().into())
        .and_then(|outgoing| block_on(async { Ok(discover(&outgoing, registration).await) }));
    match known {
        Err(fault) => Bad(fault.to_string(), "check [outgoing]"),
        Ok(Err(_)) => Bad(
            format!("{issuer} does not answer, or its discovery document names another issuer"),
            "check [upstream.aas] issuer, letter by letter, and that this machine reaches it by https",
        ),
        Ok(Ok(known)) => {
            let lacks = known.lacks(registration);
            if lacks.is_empty() {
                let (client, key, back) = (&registration.client_id, registration.key.kid(), &registration.redirect_uri);
                Good(format!("{issuer} as {client}; registered there must be the key {key} and {back}"))
            } else {
                Bad(format!("{issuer} does not offer {}", lacks.join(", ")), "see docs/digital-auth-app.md")
            }
        }
    }
}
