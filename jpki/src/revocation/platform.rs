//! What a platform operator (プラットフォーム事業者) answers: it is certified to ask J-LIS, keeps the certificates, and gives
//! one id for a person that stays when the card is renewed.

use super::{Method, Revocation};
use crate::certificate::Purpose;

/// The answer, by the status of its HTTP response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PlatformAnswer {
    /// 200: the certificate is good.
    Good {
        /// The platform's id of the person at this service.
        applicant: String,
    },
    /// 401: it is revoked. The signature was checked here before the platform was asked.
    Refused,
    /// 410: the signature certificate that the platform keeps for this person is revoked: register anew.
    Gone,
    /// 404: no certificate of this person was there before.
    Unknown,
    /// 409: the person is registered already, and the certificate follows none that the platform knows.
    Duplicate,
}

impl PlatformAnswer {
    pub(super) fn status(&self, about: Option<Purpose>, at: i64) -> Revocation {
        match self {
            Self::Good { .. } => Revocation::Good { at, by: Method::Platform },
            // The login certificate that was asked about is good: it survives a move.
            Self::Gone if about == Some(Purpose::Auth) => Revocation::Good { at, by: Method::Platform },
            Self::Refused | Self::Gone => Revocation::Revoked,
            Self::Duplicate => Revocation::Duplicate,
            Self::Unknown => Revocation::Stale,
        }
    }
}
