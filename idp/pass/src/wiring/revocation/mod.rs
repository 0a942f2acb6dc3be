//! Revocation by whatever the operator configured. Configured and unavailable refuses; only "none" says "not checked".

mod crl;
mod http;
mod ocsp;
mod platform;
#[cfg(all(test, feature = "demo"))]
mod tests;

use crate::config::{Config, RevocationSection};
use jpki::{Anchors, RevocationData};
use pass_core::Fault;
use pass_core::ports::Revocation;
use std::path::PathBuf;
use std::sync::Arc;

use crl::CrlFile;
pub use crl::CrlFolder;
use ocsp::Responder;
use platform::PlatformOperator;

/// The method of the configuration.
pub fn revocation(config: &Config, anchors: &Anchors) -> Result<Arc<dyn Revocation>, Fault> {
    let trust: &[PathBuf] = &config.outgoing.trust;
    Ok(match &config.card.revocation {
        None => Arc::new(CrlFile::new(config.card.sign_crl.clone(), config.card.auth_crl.clone())),
        Some(RevocationSection::None(_)) => Arc::new(CrlFile::new(None, None)),
        Some(RevocationSection::Crl(section)) => Arc::new(CrlFolder::new(section, anchors.clone(), trust)?),
        Some(RevocationSection::Ocsp(section)) => Arc::new(Responder::new(section, anchors.clone(), trust)?),
        Some(RevocationSection::Platform(section)) => Arc::new(PlatformOperator::new(section, trust)?),
    })
}

/// Login certificates, where only signature certificates are checked.
fn login_not_checked() -> RevocationData {
    RevocationData::none("no revocation check is configured for login certificates")
}
