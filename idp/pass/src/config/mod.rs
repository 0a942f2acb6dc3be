//! The configuration file: one TOML document, a struct and a file for each section, unknown keys refused.
//!
//! Secrets come from files or from the environment, never from the document itself. What is dangerous has "danger" in its name.

mod card;
mod claims;
mod database;
mod face;
mod issuer;
mod keys;
mod listen;
mod mail;
mod outgoing;
mod retention;
mod sign_in;
mod upstream;

pub use card::{CardSection, CrlSection, OcspSection, PlatformSection, RevocationSection};
pub use claims::ClaimsSection;
pub use database::{DatabaseKind, DatabaseSection};
pub use face::FaceSection;
pub use issuer::IssuerSection;
pub use keys::KeysSection;
pub use listen::ListenSection;
pub use mail::{MailSection, MailSecurity};
pub use outgoing::OutgoingSection;
pub use retention::RetentionSection;
pub use sign_in::SignInSection;
pub use upstream::{AasSection, UpstreamSection};

use pass_core::Fault;
use serde::Deserialize;
use std::path::Path;

/// The whole document.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// `[issuer]`
    pub issuer: IssuerSection,
    /// `[listen]`
    pub listen: ListenSection,
    /// `[database]`
    pub database: DatabaseSection,
    /// `[keys]`
    pub keys: KeysSection,
    /// `[mail]`
    pub mail: MailSection,
    /// `[card]`
    #[serde(default)]
    pub card: CardSection,
    /// `[claims]`
    #[serde(default)]
    pub claims: ClaimsSection,
    /// `[face]`
    #[serde(default)]
    pub face: FaceSection,
    /// `[outgoing]`
    #[serde(default)]
    pub outgoing: OutgoingSection,
    /// `[sign_in]`
    #[serde(default)]
    pub sign_in: SignInSection,
    /// `[retention]`
    #[serde(default)]
    pub retention: RetentionSection,
    /// `[upstream]`
    #[serde(default)]
    pub upstream: UpstreamSection,
}

impl Config {
    /// Reads and checks a file.
    pub fn load(path: &Path) -> Result<Self, Fault> {
        let text = std::fs::read_to_string(path)
            .map_err(|error| Fault::because(format!("read the configuration {}", path.display()), error))?;
        let config = Self::parse(&text).map_err(|error| Fault::because(format!("in {}", path.display()), error))?;
        Ok(config)
    }

    /// Reads and checks a document.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        let config: Self =
            toml::from_str(text).map_err(|error| Fault::new(format!("the configuration is not valid: {error}")))?;
        config.issuer.check()?;
        config.card.check()?;
        config.retention.check()?;
        config.upstream.check()?;
        Ok(config)
    }
}

/// Reads a secret from a file, without the newline that editors leave.
pub(crate) fn secret_file(path: &Path) -> Result<String, Fault> {
    std::fs::read_to_string(path)
        .map(|text| text.trim_end_matches(['\r', '\n']).to_string())
        .map_err(|error| Fault::because(format!("read the secret file {}", path.display()), error))
}

#[cfg(test)]
mod tests {
    use super::*;

    const EXAMPLE: &str = include_str!("../../../../docs/pass.example.toml");

    #[test]
    fn the_example_names_every_key_and_parses() {
        let config = Config::parse(EXAMPLE).unwrap();
        assert_eq!(config.issuer.url, "https://pass.kaga.example");
        let (rest, section) = EXAMPLE.split_once("# [upstream.aas]").unwrap();
        let section = section.replace("\n# ", "\n");
        let config = Config::parse(&format!("{rest}[upstream.aas]{section}")).unwrap();
        assert_eq!(config.upstream.aas.unwrap().client_id, "kagacitypass");
    }

    #[test]
    fn an_unknown_key_stops_the_start() {
        let text = EXAMPLE.replace("[mail]", "[mail]\nservr = \"typo\"");
        let problem = Config::parse(&text).unwrap_err().to_string();
        assert!(problem.contains("servr"), "{problem}");
    }

    #[test]
    fn an_issuer_with_query_fragment_or_plain_http_is_refused() {
        for bad in ["http://pass.kaga.example", "https://pass.kaga.example/?x=1", "https://pass.kaga.example/", "pass"]
        {
            let text = EXAMPLE.replace("https://pass.kaga.example", bad);
            assert!(Config::parse(&text).is_err(), "{bad}");
        }
    }
}
