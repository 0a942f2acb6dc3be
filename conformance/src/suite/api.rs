//! The REST interface of a running conformance suite.

use std::time::{Duration, Instant};

use reqwest::{Method, blocking::Client};
use serde_json::Value;

/// A running suite.
pub struct Api {
    http: Client,
    base: String,
    token: Option<String>,
}

/// What the suite knows about a module that ended.
pub struct Ended {
    /// PASSED, WARNING, REVIEW, SKIPPED, FAILED; or the last state where there is no result.
    pub result: String,
    /// What its log says beside success, one line each.
    pub notes: Vec<String>,
}

/// The suite answers `wait-state` after 30 s at most.
const LONGEST_WAIT: &str = "20000";

impl Api {
    /// The suite at this address, for example `https://localhost.emobix.co.uk:8443`.
    ///
    /// # Errors
    /// The TLS library does not start.
    pub fn new(address: &str, token: Option<String>) -> Result<Self, String> {
        // A suite of one's own has a certificate of nobody; this client speaks to no one else.
        let http = Client::builder().danger_accept_invalid_certs(true).timeout(Duration::from_secs(60)).build();
        let http = http.map_err(|why| format!("no HTTP client: {why}"))?;
        Ok(Self { http, base: format!("{}/api/", address.trim_end_matches('/')), token })
    }

    /// Version and revision of the suite.
    ///
    /// # Errors
    /// Nobody answers there.
    pub fn version(&self) -> Result<String, String> {
        let server = self.call(Method::GET, "server", &[], None)?;
        let part = |name: &str| server[name].as_str().unwrap_or("unknown").to_owned();
        Ok(format!("{} ({}, revision {})", part("version"), part("tag"), part("revision")))
    }

    /// Makes a plan; gives its id and its modules with their variants.
    ///
    /// # Errors
    /// The suite refuses the plan, its variant or its configuration.
    pub fn plan(&self, plan: &str, variant: &Value, config: &str) -> Result<(String, Vec<(String, Value)>), String> {
        let variant = variant.to_string();
        let mut query = vec![("planName", plan)];
        if variant != "{}" {
            query.push(("variant", &variant));
        }
        let made = self.call(Method::POST, "plan", &query, Some(config))?;
        let modules = made["modules"].as_array().into_iter().flatten();
        let modules = modules.map(|module| (text(&module["testModule"]), module["variant"].clone())).collect();
        Ok((text(&made["id"]), modules))
    }

    /// Creates one module of a plan; gives its id.
    ///
    /// # Errors
    /// The suite refuses.
    pub fn create(&self, plan: &str, module: &str, variant: &Value) -> Result<String, String> {
        let variant = variant.to_string();
        let mut query = vec![("test", module), ("plan", plan)];
        if variant != "{}" && variant != "null" {
            query.push(("variant", &variant));
        }
        Ok(text(&self.call(Method::POST, "runner", &query, None)?["id"]))
    }

    /// Starts a module that stands at CONFIGURED.
    ///
    /// # Errors
    /// The suite refuses.
    pub fn start(&self, module: &str) -> Result<(), String> {
        self.call(Method::POST, &format!("runner/{module}"), &[], None).map(drop)
    }

    /// Gives a module up.
    ///
    /// # Errors
    /// The suite refuses.
    pub fn cancel(&self, module: &str) -> Result<(), String> {
        self.call(Method::DELETE, &format!("runner/{module}"), &[], None).map(drop)
    }

    /// Waits until a module is in one of these states; nothing where it takes too long.
    ///
    /// # Errors
    /// The suite does not know the module.
    pub fn reach(&self, module: &str, states: &str, patience: Duration) -> Result<Option<String>, String> {
        let began = Instant::now();
        while began.elapsed() < patience {
            let query = [("states", states), ("timeoutMs", LONGEST_WAIT)];
            let answer = self.call(Method::GET, &format!("runner/{module}/wait-state"), &query, None)?;
            if let Some(state) = answer["state"].as_str() {
                return Ok(Some(state.to_owned()));
            }
        }
        Ok(None)
    }

    /// Result and remarks of a module.
    ///
    /// # Errors
    /// The suite does not know the module.
    pub fn ended(&self, module: &str) -> Result<Ended, String> {
        let info = self.call(Method::GET, &format!("info/{module}"), &[], None)?;
        let log = self.call(Method::GET, &format!("log/{module}"), &[], None)?;
        let result = info["result"].as_str().or(info["status"].as_str()).unwrap_or("UNKNOWN").to_owned();
        let told = |entry: &&Value| {
            matches!(entry["result"].as_str(), Some("FAILURE" | "WARNING" | "SKIPPED" | "REVIEW" | "INTERRUPTED"))
        };
        let notes = log.as_array().into_iter().flatten().filter(told);
        Ok(Ended { result, notes: notes.map(|entry| text(&entry["msg"])).collect() })
    }

    fn call(&self, method: Method, path: &str, query: &[(&str, &str)], body: Option<&str>) -> Result<Value, String> {
        let mut request = self.http.request(method, format!("{}{path}", self.base)).query(query);
        request = request.header("Accept", "application/json").header("Content-Type", "application/json");
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        if let Some(body) = body {
            request = request.body(body.to_owned());
        }
        let answer = request.send().map_err(|why| format!("the suite does not answer {path}: {why}"))?;
        let status = answer.status();
        let said = answer.text().map_err(|why| format!("the suite breaks off at {path}: {why}"))?;
        if !status.is_success() {
            return Err(format!(
                "the suite answers {path} with {status}: {}",
                said.chars().take(400).collect::<String>()
            ));
        }
        if said.trim().is_empty() {
            return Ok(Value::Null);
        }
        serde_json::from_str(&said).map_err(|why| format!("no JSON from {path}: {why}"))
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
