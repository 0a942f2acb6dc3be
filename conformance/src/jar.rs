//! Cookies as a browser keeps them, with the attributes that tests look at.

use std::collections::BTreeMap;

use url::Url;

/// One cookie as it was set.
#[derive(Clone, Debug)]
pub struct Cookie {
    /// Its value.
    pub value: String,
    /// The attributes, lower case, as they came: `httponly`, `samesite=lax`, ...
    pub attributes: Vec<String>,
}

/// Cookies by host; ports share them (RFC 6265 8.5), which is why the demo uses two host names.
#[derive(Clone, Default)]
pub struct Jar(BTreeMap<(String, String), Cookie>);

impl Jar {
    pub(crate) fn keep(&mut self, url: &Url, header: &str) {
        let mut parts = header.split(';').map(str::trim);
        let Some((name, value)) = parts.next().and_then(|pair| pair.split_once('=')) else { return };
        // RFC 6265 5.2: names without case; of the values only the path has one.
        let attribute = |one: &str| match one.split_once('=') {
            Some((name, path)) if name.eq_ignore_ascii_case("path") => format!("path={path}"),
            _ => one.to_ascii_lowercase(),
        };
        let attributes: Vec<String> = parts.map(attribute).collect();
        let key = (host(url), name.to_owned());
        let gone = value.is_empty() || attributes.iter().any(|one| one == "max-age=0");
        if gone {
            self.0.remove(&key);
        } else {
            self.0.insert(key, Cookie { value: value.to_owned(), attributes });
        }
    }

    /// The Cookie header for a URL; loopback counts as secure, as in browsers.
    pub(crate) fn header(&self, url: &Url) -> Option<String> {
        let host = host(url);
        let pairs: Vec<String> = self
            .0
            .iter()
            .filter(|((owner, _), _)| *owner == host)
            .filter(|(_, cookie)| cookie.path().is_none_or(|path| url.path().starts_with(path)))
            .map(|((_, name), cookie)| format!("{name}={}", cookie.value))
            .collect();
        (!pairs.is_empty()).then(|| pairs.join("; "))
    }

    /// A cookie that somebody put into this browser.
    pub fn put(&mut self, host: &str, name: &str, value: &str) {
        let cookie = Cookie { value: value.to_owned(), attributes: Vec::new() };
        self.0.insert((host.to_owned(), name.to_owned()), cookie);
    }

    /// The cookies of a host, by name.
    pub fn of(&self, host: &str) -> impl Iterator<Item = (&str, &Cookie)> {
        self.0.iter().filter(move |((owner, _), _)| owner == host).map(|((_, name), cookie)| (name.as_str(), cookie))
    }
}

impl Cookie {
    fn path(&self) -> Option<&str> {
        self.attributes.iter().find_map(|one| one.strip_prefix("path="))
    }

    /// Whether an attribute was set.
    #[must_use]
    pub fn has(&self, attribute: &str) -> bool {
        self.attributes.iter().any(|one| one == attribute)
    }
}

fn host(url: &Url) -> String {
    url.host_str().unwrap_or_default().to_owned()
}
