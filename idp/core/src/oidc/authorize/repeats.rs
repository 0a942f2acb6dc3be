//! Repeated parameters. oxide-auth reads one as absent (D5), so that a doubled `nonce` would silently vanish.

use super::{Asked, PageProblem};
use crate::oidc::error::OAuthError;
use crate::oidc::params::Params;
use crate::oidc::request::AuthorizationRequest;

/// A doubled `client_id` or `redirect_uri` leaves nobody to redirect to.
pub(super) fn of_identity(params: &Params) -> Result<(), PageProblem> {
    // RFC 6749 3.1
    let repeated = ["client_id", "redirect_uri"].iter().any(|name| params.is_repeated(name));
    if repeated { Err(PageProblem::Repeated) } else { Ok(()) }
}

pub(super) fn check(asked: &Asked<'_>, _: &mut AuthorizationRequest) -> Result<(), OAuthError> {
    asked.params.refuse_repeats()
}
