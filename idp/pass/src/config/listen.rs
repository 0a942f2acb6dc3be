//! `[listen]`: where the server listens.

use serde::Deserialize;
use std::net::SocketAddr;

/// Where the server listens. TLS ends in the proxy in front.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListenSection {
    /// Address and port.
    pub address: SocketAddr,
    /// Worker threads.
    #[serde(default = "two")]
    pub workers: usize,
    /// Addresses of proxies whose `X-Forwarded-For` is believed when attempts are counted.
    #[serde(default)]
    pub trusted_proxies: Vec<std::net::IpAddr>,
}

const fn two() -> usize {
    2
}
