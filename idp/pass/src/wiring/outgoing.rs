//! HTTP to relying parties, behind the one guard against server-side request forgery.

use pass_core::Fault;
use pass_core::ports::{Answer, Outgoing};
use std::net::IpAddr;
use std::time::Duration;

/// Largest document that is read.
const LIMIT: usize = 256 * 1024;

/// Fetches documents of relying parties: https only, public addresses only, no redirects, small answers, short patience.
pub struct GuardedHttp {
    client: reqwest::Client,
    danger_allow_loopback: bool,
}

impl GuardedHttp {
    /// `danger_allow_loopback` is for the demo, whose relying parties live on this machine.
    pub fn new(danger_allow_loopback: bool) -> Result<Self, Fault> {
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(Duration::from_secs(5))
            .dns_resolver(std::sync::Arc::new(PublicOnly { danger_allow_loopback }))
            .build()
            .map_err(|error| Fault::because("prepare outgoing HTTP", error))?;
        Ok(Self { client, danger_allow_loopback })
    }

    async fn fetch(&self, address: &str) -> Result<serde_json::Value, Fault> {
        let url = url::Url::parse(address).map_err(|error| Fault::because("read an outgoing address", error))?;
        self.check(&url)?;
        let mut answer = self
            .client
            .get(url)
            .send()
            .await
            .and_then(reqwest::Response::error_for_status)
            .map_err(|error| Fault::because("fetch a relying party's document", error.without_url()))?;
        let mut body = Vec::new();
        while let Some(chunk) =
            answer.chunk().await.map_err(|error| Fault::because("read a document", error.without_url()))?
        {
            if body.len() + chunk.len() > LIMIT {
                return Err(Fault::new("a relying party's document is too large"));
            }
            body.extend_from_slice(&chunk);
        }
        serde_json::from_slice(&body).map_err(|error| Fault::because("parse a relying party's document", error))
    }

    /// Addresses written as numbers never reach the resolver, so they are checked here.
    fn check(&self, url: &url::Url) -> Result<(), Fault> {
        let literal = match url.host() {
            Some(url::Host::Ipv4(ip)) => Some(IpAddr::V4(ip)),
            Some(url::Host::Ipv6(ip)) => Some(IpAddr::V6(ip)),
            _ => None,
        };
        if literal.is_some_and(|ip| !allowed(ip, self.danger_allow_loopback)) {
            return Err(Fault::new("an outgoing address points into the local network"));
        }
        match url.scheme() {
            "https" => Ok(()),
            "http" if self.danger_allow_loopback => Ok(()),
            _ => Err(Fault::new("an outgoing address is not https")),
        }
    }
}

impl Outgoing for GuardedHttp {
    fn get_json<'a>(&'a self, url: &'a str) -> Answer<'a, Result<serde_json::Value, Fault>> {
        Box::pin(self.fetch(url))
    }
}

/// Resolves names to public addresses only, so that a name cannot change between check and connection.
struct PublicOnly {
    danger_allow_loopback: bool,
}

impl reqwest::dns::Resolve for PublicOnly {
    fn resolve(&self, name: reqwest::dns::Name) -> reqwest::dns::Resolving {
        let loopback = self.danger_allow_loopback;
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let public: Vec<_> = found.filter(|address| allowed(address.ip(), loopback)).collect();
            if public.is_empty() {
                return Err("the name has no public address".into());
            }
            Ok(Box::new(public.into_iter()) as reqwest::dns::Addrs)
        })
    }
}

fn allowed(ip: IpAddr, loopback: bool) -> bool {
    match ip.to_canonical() {
        ip if ip.is_loopback() => loopback,
        IpAddr::V4(ip) => {
            let shared = ip.octets()[0] == 100 && (64..128).contains(&ip.octets()[1]); // RFC 6598
            !(ip.is_private()
                || ip.is_link_local()
                || ip.is_unspecified()
                || ip.is_multicast()
                || ip.is_broadcast()
                || shared)
        }
        IpAddr::V6(ip) => {
            !(ip.is_unspecified() || ip.is_multicast() || ip.is_unique_local() || ip.is_unicast_link_local())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_public_addresses_are_reached() {
        for private in [
            "127.0.0.1",
            "10.0.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "::1",
            "fd00::1",
            "::ffff:10.0.0.1",
            "0.0.0.0",
        ] {
            assert!(!allowed(private.parse().unwrap(), false), "{private}");
        }
        assert!(allowed("127.0.0.1".parse().unwrap(), true));
        assert!(allowed("203.0.113.7".parse().unwrap(), false));
        assert!(!allowed("10.0.0.1".parse().unwrap(), true));
    }
}
