//! HTTP to relying parties, behind the one guard against server-side request forgery.

use pass_core::Fault;
use pass_core::ports::{Answer, HttpRequest, HttpResponse, Outgoing};
use serde::Deserialize;
use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

/// Largest document that is read: 64 kB, as the docs say.
const LIMIT: usize = 64 * 1024;

/// What the operator opened.
#[derive(Clone, Debug, Default)]
pub struct OutgoingRules {
    /// For the demo, whose relying parties live on this machine.
    pub danger_allow_loopback: bool,
    /// Files with certificates of more CAs, PEM.
    pub trust: Vec<PathBuf>,
    /// Hosts that may be anywhere, also in the local network.
    pub allow: Vec<OpenHost>,
}

/// A host that is reached wherever it is: `HOST` on every port, or `HOST:PORT`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct OpenHost {
    host: String,
    port: Option<u16>,
}

/// Speaks with relying parties: https only, public addresses only, no redirects, small answers, short patience.
pub struct GuardedHttp {
    client: reqwest::Client,
    /// For hosts that the operator opened: any address.
    open: reqwest::Client,
    allow: Vec<OpenHost>,
    danger_allow_loopback: bool,
}

impl GuardedHttp {
    /// By these rules.
    pub fn new(rules: OutgoingRules) -> Result<Self, Fault> {
        let danger_allow_loopback = rules.danger_allow_loopback;
        let built = |builder: reqwest::ClientBuilder| {
            builder.build().map_err(|error| Fault::because("prepare outgoing HTTP", error))
        };
        let guard = std::sync::Arc::new(PublicOnly { danger_allow_loopback });
        Ok(Self {
            client: built(builder(&rules.trust)?.dns_resolver(guard))?,
            open: built(builder(&rules.trust)?)?,
            allow: rules.allow,
            danger_allow_loopback,
        })
    }

    async fn fetch(&self, address: &str) -> Result<Vec<u8>, Fault> {
        let (client, url) = self.way(address)?;
        let answer = client
            .get(url)
            .send()
            .await
            .and_then(reqwest::Response::error_for_status)
            .map_err(|error| Fault::because("fetch a relying party's document", error.without_url()))?;
        read(answer).await
    }

    /// One request as it is, by the same guard.
    async fn pass_on(&self, request: HttpRequest) -> Result<HttpResponse, Fault> {
        let (client, _) = self.way(&request.uri().to_string())?;
        let request = reqwest::Request::try_from(request)
            .map_err(|error| Fault::because("prepare an outgoing request", error.without_url()))?;
        let answer = client.execute(request).await;
        let answer = answer.map_err(|error| Fault::because("send an outgoing request", error.without_url()))?;
        let (status, headers) = (answer.status(), answer.headers().clone());
        let mut told = HttpResponse::new(read(answer).await?);
        (*told.status_mut(), *told.headers_mut()) = (status, headers);
        Ok(told)
    }

    async fn post(&self, address: &str, fields: &[(&str, &str)]) -> Result<u16, Fault> {
        let (client, url) = self.way(address)?;
        let answer = client.post(url).form(fields).send().await;
        answer
            .map(|answer| answer.status().as_u16())
            .map_err(|error| Fault::because("post to a relying party", error.without_url()))
    }

    /// Through the guard, or around it where the operator opened the host.
    fn way(&self, address: &str) -> Result<(&reqwest::Client, url::Url), Fault> {
        let url = url::Url::parse(address).map_err(|error| Fault::because("read an outgoing address", error))?;
        if url.scheme() == "https" && self.allow.iter().any(|host| host.is(&url)) {
            return Ok((&self.open, url));
        }
        self.check(&url)?;
        Ok((&self.client, url))
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

/// The body, as far as it may reach.
async fn read(mut answer: reqwest::Response) -> Result<Vec<u8>, Fault> {
    let mut body = Vec::new();
    while let Some(chunk) =
        answer.chunk().await.map_err(|error| Fault::because("read a document", error.without_url()))?
    {
        if body.len() + chunk.len() > LIMIT {
            return Err(Fault::new("a document from elsewhere is too large"));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

impl Outgoing for GuardedHttp {
    fn exchange(&self, request: HttpRequest) -> Answer<'_, Result<HttpResponse, Fault>> {
        Box::pin(self.pass_on(request))
    }

    fn get_json<'a>(&'a self, url: &'a str) -> Answer<'a, Result<serde_json::Value, Fault>> {
        Box::pin(async {
            let body = self.fetch(url).await?;
            serde_json::from_slice(&body).map_err(|error| Fault::because("parse a relying party's document", error))
        })
    }

    fn get_text<'a>(&'a self, url: &'a str) -> Answer<'a, Result<String, Fault>> {
        Box::pin(async {
            let body = self.fetch(url).await?;
            String::from_utf8(body).map_err(|error| Fault::because("read a relying party's document", error))
        })
    }

    fn post_form<'a>(&'a self, url: &'a str, fields: &'a [(&'a str, &'a str)]) -> Answer<'a, Result<u16, Fault>> {
        Box::pin(self.post(url, fields))
    }
}

pub(super) fn builder(trust: &[PathBuf]) -> Result<reqwest::ClientBuilder, Fault> {
    // A proxy of the environment would resolve names itself, behind the guard.
    let mut builder = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .timeout(Duration::from_secs(5))
        .no_proxy();
    for file in trust {
        let failed = |cause: String| Fault::new(format!("read the trusted certificate {}: {cause}", file.display()));
        let pem = std::fs::read(file).map_err(|error| failed(error.to_string()))?;
        let found = reqwest::Certificate::from_pem_bundle(&pem).map_err(|error| failed(error.to_string()))?;
        if found.is_empty() {
            return Err(failed("it holds none".into()));
        }
        builder = found.into_iter().fold(builder, reqwest::ClientBuilder::add_root_certificate);
    }
    Ok(builder)
}

impl OpenHost {
    fn is(&self, url: &url::Url) -> bool {
        let port = url.port_or_known_default();
        url.host_str() == Some(&self.host) && (self.port.is_none() || self.port == port)
    }
}

impl std::str::FromStr for OpenHost {
    type Err = String;

    /// Reads it as a URL would be read, so that both are spelled alike.
    fn from_str(words: &str) -> Result<Self, String> {
        let problem = || format!("{words} is not HOST or HOST:PORT");
        let url = url::Url::parse(&format!("https://{words}/")).map_err(|_| problem())?;
        let host = url.host_str().filter(|_| url.path() == "/" && url.username().is_empty()).ok_or_else(problem)?;
        // A URL does not keep the port that its scheme has anyway.
        let port = url.port().or_else(|| words.ends_with(":443").then_some(443));
        Ok(Self { host: host.to_owned(), port })
    }
}

impl TryFrom<String> for OpenHost {
    type Error = String;

    fn try_from(words: String) -> Result<Self, String> {
        words.parse()
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
                || ip.octets()[0] == 0
                || ip.is_multicast()
                || ip.is_broadcast()
                || shared)
        }
        IpAddr::V6(ip) => {
            // Ways to an IPv4 address: NAT64 (RFC 6052), 6to4 (RFC 3056), IPv4-compatible (RFC 4291 2.5.5.1).
            let first = ip.segments();
            let carries = first[0] == 0x64 || first[0] == 0x2002 || first[..6] == [0; 6];
            !(carries || ip.is_unspecified() || ip.is_multicast() || ip.is_unique_local() || ip.is_unicast_link_local())
        }
    }
}

#[cfg(test)]
mod tests;
