//! One module at work: its clients, its browser, its notes.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use reqwest::blocking::Client;
use serde_json::{Value, json};
use url::Url;

use super::{
    browser::{self, End, User, Walk},
    listener::Listener,
    outcome::{Note, Step, Stop, Verdict, must},
    party::{Ask, Party, REDIRECT, Tokens},
    wire::{Answer, Wire},
};

/// What all modules share.
pub struct Issuer {
    /// Issuer identifier.
    pub url: String,
    /// Its discovery document.
    pub metadata: Value,
    /// Who signs in.
    pub user: User,
    /// Initial access token, where the issuer wants one.
    pub registration_token: Option<String>,
    /// Clients that were registered beforehand: `client`, `client2`, `client_secret_post`.
    pub prepared: Option<Value>,
    /// Where the issuer fetches from us and tells us.
    pub listener: Option<Arc<Listener>>,
    /// A command of the shell that makes the issuer rotate its keys.
    pub rotate: Option<String>,
    /// How long the issuer may keep a client's old keys.
    pub keys_kept: Duration,
    /// The HTTP client.
    pub http: Client,
}

/// One module at work.
pub struct Run<'a> {
    /// What all modules share.
    pub issuer: &'a Issuer,
    /// The wire of this module.
    pub wire: Wire,
    notes: Vec<Note>,
    taken: usize,
    made: Vec<(String, String)>,
}

impl<'a> Run<'a> {
    pub fn new(issuer: &'a Issuer) -> Self {
        Self { issuer, wire: Wire::new(issuer.http.clone()), notes: Vec::new(), taken: 0, made: Vec::new() }
    }

    /// Removes what was registered (RFC 7592 2.3), and gives notes and log.
    pub fn end(mut self) -> (Vec<Note>, Vec<String>) {
        for (uri, token) in std::mem::take(&mut self.made) {
            let gone = self.wire.call(&format!("DELETE {uri}"), |http| http.delete(&uri).bearer_auth(&token));
            if !gone.is_ok_and(|answer| answer.status == 204) {
                self.warn("RFC 7592 2.3", "a deleted registration is answered by 204".to_owned());
            }
        }
        let secrets = [Some(&self.issuer.user.secret), self.issuer.registration_token.as_ref()];
        let secrets: Vec<&String> = secrets.into_iter().flatten().filter(|secret| !secret.is_empty()).collect();
        let hide = |line: String| secrets.iter().fold(line, |line, secret| line.replace(secret.as_str(), ".."));
        (self.notes, self.wire.log().into_iter().map(hide).collect())
    }

    /// Allowed, but not liked.
    pub fn warn(&mut self, clause: &'static str, text: String) {
        self.notes.push(Note { verdict: Verdict::Warning, clause, text });
    }

    /// Warns where a condition does not hold.
    pub fn should(&mut self, holds: bool, clause: &'static str, text: impl FnOnce() -> String) {
        if !holds {
            self.warn(clause, text());
        }
    }

    /// A member of the metadata.
    pub fn says(&self, name: &str) -> &Value {
        &self.issuer.metadata[name]
    }

    /// Whether a list of the metadata names a word.
    pub fn lists(&self, name: &str, word: &str) -> bool {
        self.says(name).as_array().is_some_and(|list| list.iter().any(|one| one == word))
    }

    /// An address of the metadata.
    pub fn endpoint(&self, name: &str) -> Step<Url> {
        let url = self.says(name).as_str().and_then(|text| text.parse().ok());
        url.ok_or_else(|| Stop::Failed("OpenID Connect Discovery 3", format!("{name} is no address")))
    }

    /// The listener, or the reason why the module does not run.
    pub fn listener(&self) -> Step<Arc<Listener>> {
        let none = || Stop::Skipped("needs an address that the issuer can reach: --listen".to_owned());
        self.issuer.listener.clone().ok_or_else(none)
    }

    /// Whether clients register themselves here.
    pub fn dynamic(&self) -> bool {
        self.issuer.prepared.is_none() && self.says("registration_endpoint").is_string()
    }

    /// Sends a registration (RFC 7591 3.1).
    pub fn registration(&mut self, members: &Value) -> Step<Answer> {
        if !self.dynamic() {
            return Err(Stop::Skipped("needs clients that register themselves".to_owned()));
        }
        let endpoint = self.endpoint("registration_endpoint")?;
        let mut wanted = json!({ "redirect_uris": [REDIRECT], "client_name": "Check" });
        if let (Some(wanted), Some(more)) = (wanted.as_object_mut(), members.as_object()) {
            wanted.extend(more.clone());
        }
        let token = self.issuer.registration_token.clone();
        let answer = self.wire.call(&format!("POST {endpoint} {}", brief(&wanted)), |http| {
            let request = http.post(endpoint.clone()).json(&wanted);
            match &token {
                Some(token) => request.bearer_auth(token),
                None => request,
            }
        })?;
        if let (Some(uri), Some(token)) =
            (answer.member("registration_client_uri"), answer.member("registration_access_token"))
        {
            self.made.push((uri.to_owned(), token.to_owned()));
        }
        Ok(answer)
    }

    /// A client with these members.
    pub fn party(&mut self, members: Value) -> Step<Party> {
        if let Some(prepared) = &self.issuer.prepared {
            let plain = members.as_object().is_some_and(|members| members.keys().all(|name| name == "grant_types"));
            let place = if self.taken == 0 { "client" } else { "client2" };
            if !plain {
                return Err(Stop::Skipped("needs clients that register themselves".to_owned()));
            }
            self.taken += 1;
            return Party::prepared(&prepared[place])
                .ok_or_else(|| Stop::Skipped(format!("the file of clients has no {place}")));
        }
        let answer = self.registration(&members)?;
        must(answer.status == 201, "RFC 7591 3.2.1", || {
            format!("a registration is answered by 201: {}", answer.line())
        })?;
        Party::registered(&answer.json)
    }

    /// A client with the usual grants.
    pub fn usual(&mut self) -> Step<Party> {
        self.party(json!({}))
    }

    /// The address of an authorization request.
    pub fn address(&self, ask: &Ask) -> Step<Url> {
        let mut url = self.endpoint("authorization_endpoint")?;
        url.query_pairs_mut().extend_pairs(&ask.params);
        Ok(url)
    }

    /// Sends a request through the browser.
    pub fn walk(&mut self, party: &Party, ask: &Ask) -> Step<Walk> {
        let url = self.address(ask)?;
        browser::walk(&mut self.wire, &url, &party.redirect_uris, &self.issuer.user)
    }

    /// Sends a request that must come back to the client; gives the parameters.
    pub fn answered(&mut self, party: &Party, ask: &Ask) -> Step<(Walk, Vec<(String, String)>)> {
        let walk = self.walk(party, ask)?;
        let params = self.params(&walk, ask)?;
        Ok((walk, params))
    }

    /// The parameters of an answer: `state` and `iss` are right, and nothing strange is there.
    pub fn params(&mut self, walk: &Walk, ask: &Ask) -> Step<Vec<(String, String)>> {
        let End::Left { params, .. } = &walk.end else {
            return Err(Stop::Failed("RFC 6749 4.1.2", "the browser did not come back to the client".to_owned()));
        };
        let get = |name: &str| params.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
        must(get("state") == ask.state.as_deref(), "RFC 6749 4.1.2", || {
            "state did not come back as it was sent".to_owned()
        })?;
        if let Some(iss) = get("iss") {
            must(iss == self.issuer.url, "RFC 9207 2.4", || format!("iss is {iss}"))?;
        } else {
            let promised = self.says("authorization_response_iss_parameter_supported") == true;
            must(!promised, "RFC 9207 2.3", || "iss is promised and missing".to_owned())?;
        }
        if let Some(text) = get("error_description") {
            let right = text.bytes().all(|byte| matches!(byte, 0x20..=0x21 | 0x23..=0x5b | 0x5d..=0x7e));
            must(right, "RFC 6749 4.1.2.1", || "error_description has characters that are not allowed".to_owned())?;
        }
        Ok(params.clone())
    }

    /// A request that must be refused at the redirect URI; gives the error.
    pub fn error(&mut self, party: &Party, ask: &Ask) -> Step<String> {
        let (_, params) = self.answered(party, ask)?;
        let error = params.iter().find(|(name, _)| name == "error").map(|(_, value)| value.clone());
        error.ok_or_else(|| Stop::Failed("RFC 6749 4.1.2.1", "no error came back".to_owned()))
    }

    /// A whole login with everything that can be checked in it.
    pub fn login(&mut self, party: &Party, ask: &Ask) -> Step<Tokens> {
        let (walk, params) = self.answered(party, ask)?;
        let code = params.iter().find(|(name, _)| name == "code").map(|(_, value)| value.clone());
        let Some(code) = code else {
            let error = params.iter().find(|(name, _)| name == "error").map_or("nothing", |(_, value)| value);
            return Err(Stop::Failed("OpenID Connect Core 3.1.2.5", format!("no code but {error}")));
        };
        must(bits(&code) >= 96.0, "RFC 6749 10.10", || "the code can be guessed".to_owned())?;
        let answer = self.exchange(party, ask, &code)?;
        let tokens = self.granted(party, ask, answer, true)?;
        Ok(Tokens { code, walk: Some(walk), ..tokens })
    }

    /// Exchanges a code.
    pub fn exchange(&mut self, party: &Party, ask: &Ask, code: &str) -> Step<Answer> {
        let redirect_uri = ask.get("redirect_uri").unwrap_or(&party.redirect_uris[0]).to_owned();
        let mut fields = vec![("grant_type", "authorization_code"), ("code", code), ("redirect_uri", &redirect_uri)];
        fields.extend(ask.verifier.as_deref().map(|verifier| ("code_verifier", verifier)));
        self.token(party, &fields)
    }

    /// Posts to the token endpoint.
    pub fn token(&mut self, party: &Party, fields: &[(&str, &str)]) -> Step<Answer> {
        let endpoint = self.endpoint("token_endpoint")?;
        let issuer = self.issuer.url.clone();
        let grant = fields.first().map_or("", |(_, value)| value).to_owned();
        self.wire.call(&format!("POST {endpoint} grant_type={grant}"), |http| {
            party.authenticated(http, &endpoint, &issuer, fields)
        })
    }

    /// Asks userinfo; the answer must be good.
    pub fn userinfo(&mut self, tokens: &Tokens) -> Step<Value> {
        let endpoint = self.endpoint("userinfo_endpoint")?;
        let answer = self
            .wire
            .call(&format!("GET {endpoint}"), |http| http.get(endpoint.clone()).bearer_auth(&tokens.access))?;
        self.told(&answer, tokens)
    }

    /// What a userinfo answer says.
    pub fn told(&mut self, answer: &Answer, tokens: &Tokens) -> Step<Value> {
        must(answer.status == 200, "OpenID Connect Core 5.3.2", || format!("userinfo: {}", answer.line()))?;
        must(answer.header("content-type").starts_with("application/json"), "OpenID Connect Core 5.3.2", || {
            format!("userinfo comes as {}", answer.header("content-type"))
        })?;
        must(answer.json["sub"] == tokens.claims["sub"], "OpenID Connect Core 5.3.2", || {
            "sub is not the one of the ID token".to_owned()
        })?;
        Ok(answer.json.clone())
    }
}

fn brief(members: &Value) -> String {
    let members = members.as_object().into_iter().flatten();
    let told = members.map(|(name, value)| match value {
        Value::Object(_) => format!("{name}={{..}}"),
        other => format!("{name}={other}"),
    });
    told.collect::<Vec<_>>().join(" ")
}

/// Seconds since 1970.
#[expect(clippy::disallowed_methods, reason = "what another program says is held against the clock of this machine")]
pub fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}

/// Whether an address is this machine, where TLS may be left out.
pub fn is_loopback(text: &str) -> bool {
    text.starts_with("http://localhost") || text.starts_with("http://127.0.0.1")
}

/// Shannon entropy of the characters, over the whole text.
pub fn bits(text: &str) -> f64 {
    let length = text.chars().count() as f64;
    let mut seen = std::collections::BTreeMap::<char, f64>::new();
    text.chars().for_each(|one| *seen.entry(one).or_default() += 1.0);
    let each: f64 = seen.values().map(|count| -(count / length) * (count / length).log2()).sum();
    each * length
}

/// What a mutex holds, even after a panic elsewhere.
pub fn unlocked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::bits;

    #[test]
    fn what_repeats_can_be_guessed() {
        assert!(bits("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa") < 1.0);
        assert!(bits("Xq3vT0mB9kZc1n8w0c3QvT1a5R7mB0tq4yZk1n8w") > 96.0);
    }
}
