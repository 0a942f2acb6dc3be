//! `[upstream.aas]`: the national service (デジタル認証アプリ), where the city is registered there.

use super::IssuerSection;
use pass_core::Fault;
use pass_core::oidc::es256::SigningKey;
use pass_core::upstream::Registration;
use pass_web::upstream::{CALLBACK, Upstream};
use serde::Deserialize;
use std::path::PathBuf;

/// Issuers that PASS relies on.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UpstreamSection {
    /// `[upstream.aas]`
    pub aas: Option<AasSection>,
}

/// The national service.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AasSection {
    /// Its issuer identifier, exactly as its discovery document has it.
    pub issuer: String,
    /// Our name there.
    pub client_id: String,
    /// The private key (P-256, PEM) whose public half is registered there.
    pub private_key_file: PathBuf,
    /// The name of the key there; its thumbprint where nothing is said.
    pub key_id: Option<String>,
    /// The attributes, each a scope of its own.
    #[serde(default = "attributes")]
    pub scopes: Vec<String>,
    /// What is asked of its own check.
    #[serde(default = "strong")]
    pub acr_values: String,
}

fn attributes() -> Vec<String> {
    ["openid", "name", "address", "birthdate", "gender"].map(str::to_owned).to_vec()
}

fn strong() -> String {
    "aal3 crl".into()
}

impl UpstreamSection {
    /// A proofing needs all four, and the service is at https, or on loopback for trials.
    pub(super) fn check(&self) -> Result<(), Fault> {
        let Some(aas) = &self.aas else { return Ok(()) };
        let missing = attributes().into_iter().find(|scope| !aas.scopes.contains(scope));
        if let Some(missing) = missing {
            return Err(Fault::new(format!("upstream.aas.scopes lacks {missing}: a proofing needs all four")));
        }
        let url = url::Url::parse(&aas.issuer).map_err(|error| Fault::because("read upstream.aas.issuer", error))?;
        let loopback = matches!(url.host_str(), Some("localhost" | "127.0.0.1"));
        if url.scheme() != "https" && !loopback {
            return Err(Fault::new("upstream.aas.issuer must be https"));
        }
        // The service takes these characters in a client_id, up to 255.
        let named = !aas.client_id.is_empty() && aas.client_id.len() <= 255;
        if named && aas.client_id.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            Ok(())
        } else {
            Err(Fault::new("upstream.aas.client_id is letters and digits, 255 at most"))
        }
    }

    /// The service, if there is one. Reads the key.
    pub fn open(&self, issuer: &IssuerSection) -> Result<Option<Upstream>, Fault> {
        let Some(aas) = &self.aas else { return Ok(None) };
        let path = &aas.private_key_file;
        let reading = || format!("read the key of the national service, {}", path.display());
        let pem = std::fs::read(path).map_err(|error| Fault::because(reading(), error))?;
        let key =
            SigningKey::from_pem(&pem, aas.key_id.as_deref()).map_err(|error| Fault::because(reading(), error))?;
        Ok(Some(Upstream::new(Registration {
            issuer: aas.issuer.clone(),
            client_id: aas.client_id.clone(),
            redirect_uri: format!("{}{CALLBACK}", issuer.url),
            scopes: aas.scopes.clone(),
            acr_values: aas.acr_values.clone(),
            key,
        })))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn section(text: &str) -> Result<(), Fault> {
        let section: UpstreamSection = toml::from_str(text).map_err(|error| Fault::new(error.to_string()))?;
        section.check()
    }

    #[test]
    fn cap_04_a_registration_at_the_national_service_is_checked() {
        let good = "[aas]\nissuer = 'https://auth-and-sign.go.jp/api/realms/main'\nclient_id = 'kaga1'\nprivate_key_file = '/x'";
        section(good).unwrap();
        section("").unwrap();
        for (from, to) in [
            ("https://", "http://"),
            ("kaga1", ""),
            ("kaga1", "kaga-1"),
            ("private_key_file = '/x'", ""),
            ("[aas]", "[aas]\nscopes = ['openid', 'name']"),
            ("[aas]", "[aas]\nscope = 'openid'"),
        ] {
            assert!(section(&good.replace(from, to)).is_err(), "{to}");
        }
    }
}
