//! `[issuer]`: who PASS is.

use pass_core::Fault;
use serde::Deserialize;

/// Who PASS is, to programs and to people.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IssuerSection {
    /// The issuer identifier: https, no query, no fragment, no trailing slash. It can never be changed later.
    pub url: String,
    /// The city's name, shown in the head of every page.
    pub city: String,
}

impl IssuerSection {
    /// OpenID Connect Discovery 3: `https`, no query or fragment. Loopback may be plain, for trials and behind a proxy on trial machines.
    pub(super) fn check(&self) -> Result<(), Fault> {
        let url = url::Url::parse(&self.url).map_err(|error| Fault::because("read issuer.url", error))?;
        let loopback = matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
        let plain = !self.url.ends_with('/') && url.query().is_none() && url.fragment().is_none();
        match url.scheme() {
            "https" if plain => Ok(()),
            "http" if plain && loopback => Ok(()),
            _ => Err(Fault::new(
                "issuer.url must be https (http on loopback only), without query, fragment or trailing slash",
            )),
        }
    }
}
