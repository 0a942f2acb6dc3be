//! `[card]`: roots and revocation of My Number Card certificates.

use pass_core::Fault;
use serde::Deserialize;
use std::path::PathBuf;

/// What card proofs are checked against.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CardSection {
    /// Folder with the published root certificates (DER or PEM). Files whose fingerprint is not pinned in the program are refused.
    pub roots: Option<PathBuf>,
    /// File with the newest revocation list of the signature CA, without `[card.revocation]`.
    pub sign_crl: Option<PathBuf>,
    /// Likewise of the login CA. Without it signing in by card is not checked for revocation.
    pub auth_crl: Option<PathBuf>,
    /// `[card.revocation]`. Without it and those files proofs record "not checked".
    pub revocation: Option<RevocationSection>,
    /// Address of the card agent on the resident's own machine.
    pub agent_url: Option<String>,
}

impl CardSection {
    /// What cannot be both, and addresses that say nothing.
    pub fn check(&self) -> Result<(), Fault> {
        if (self.sign_crl.is_some() || self.auth_crl.is_some()) && self.revocation.is_some() {
            return Err(Fault::new(
                "card.sign_crl or auth_crl, and [card.revocation], answer one question twice: keep one",
            ));
        }
        let (addresses, plain): (Vec<&String>, bool) = match &self.revocation {
            None | Some(RevocationSection::None(_)) => return Ok(()),
            // Lists and answers are signed: nothing depends on the way they come.
            Some(RevocationSection::Crl(crl)) => (crl.urls.iter().collect(), true),
            Some(RevocationSection::Ocsp(ocsp)) => (ocsp.login_url.iter().chain([&ocsp.url]).collect(), true),
            Some(RevocationSection::Platform(platform)) => (vec![&platform.url], false),
        };
        for address in addresses {
            let url = url::Url::parse(address).map_err(|_| Fault::new(format!("{address} is no address")))?;
            let local = matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
            if url.scheme() != "https" && !(url.scheme() == "http" && (plain || local)) {
                return Err(Fault::new(format!("{address} is not https")));
            }
        }
        Ok(())
    }
}

/// `[card.revocation]`: how it is known that a certificate was revoked.
#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "method", rename_all = "lowercase")]
pub enum RevocationSection {
    /// Not at all: every proof records "not checked".
    None(NoRevocation),
    /// By lists in a folder, which are fetched where addresses are given.
    Crl(CrlSection),
    /// By asking the issuer's responder.
    Ocsp(OcspSection),
    /// By asking a platform operator.
    Platform(PlatformSection),
}

/// `method = "none"`
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NoRevocation {}

/// `method = "crl"`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CrlSection {
    /// Folder with lists, `*.crl`, DER or PEM.
    pub folder: PathBuf,
    /// Where new ones come from, once an hour.
    #[serde(default)]
    pub urls: Vec<String>,
    /// A list made longer ago counts as outdated, even if it says that it still holds.
    pub max_age_hours: Option<u32>,
    /// Whether login certificates are checked too.
    #[serde(default)]
    pub login: bool,
}

/// `method = "ocsp"`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OcspSection {
    /// The responder for signature certificates.
    pub url: String,
    /// The responder for login certificates; without it they are not checked.
    pub login_url: Option<String>,
    /// Whether an answer must repeat our nonce. A responder that answers from a store cannot.
    #[serde(default)]
    pub require_nonce: bool,
    /// An answer made longer ago counts as outdated.
    pub max_age_minutes: Option<u32>,
}

/// `method = "platform"`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlatformSection {
    /// The platform, below which `/verify/registration` and the others lie.
    pub url: String,
    /// Our name there.
    pub sender: String,
    /// The platform's public key (RSA, PEM): certificates are encrypted for it.
    pub encryption_key: PathBuf,
    /// File with the bearer token that lets us in.
    pub token_file: Option<PathBuf>,
    /// Whether login certificates are checked too.
    #[serde(default)]
    pub login: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Result<CardSection, String> {
        let section: CardSection = toml::from_str(text).map_err(|error| error.to_string())?;
        section.check().map(|()| section).map_err(|fault| fault.to_string())
    }

    #[test]
    fn each_method_has_its_own_keys_and_no_others() {
        for right in [
            "[revocation]\nmethod = \"none\"",
            "[revocation]\nmethod = \"crl\"\nfolder = \"/var/lib/pass/crl\"\nurls = [\"http://crl.example/sign\"]",
            "[revocation]\nmethod = \"ocsp\"\nurl = \"http://ocsp.example\"\nmax_age_minutes = 60",
            "[revocation]\nmethod = \"platform\"\nurl = \"https://pf.example\"\nsender = \"ID\"\nencryption_key = \"/k\"",
        ] {
            assert!(
                parsed(right).is_ok_and(|section| section.revocation.is_some()),
                "{right}: {:?}",
                parsed(right).err()
            );
        }
        for wrong in [
            "[revocation]\nmethod = \"none\"\nfolder = \"/x\"",
            "[revocation]\nmethod = \"crl\"\nfolder = \"/x\"\nurl = \"http://crl.example\"",
            "[revocation]\nmethod = \"crl\"",
            "[revocation]\nmethod = \"ocsp\"\nurl = \"ftp://ocsp.example\"",
            "[revocation]\nmethod = \"guess\"",
            "[revocation]\nfolder = \"/x\"",
            "[revocation]\nmethod = \"platform\"\nurl = \"http://pf.example\"\nsender = \"ID\"\nencryption_key = \"/k\"",
            "sign_crl = \"/x\"\n[revocation]\nmethod = \"none\"",
        ] {
            assert!(parsed(wrong).is_err(), "{wrong}");
        }
    }
}
