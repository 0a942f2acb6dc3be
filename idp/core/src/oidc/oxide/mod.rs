//! The one door to oxide-auth 0.6: its state machines, driven by our own short loops over plain data.
//!
//! oxide-auth decides the order of each grant, `response_type`, the grammar of `scope`, the binding of a code or refresh
//! token to its client, and that a refresh never widens its scope. Cured at these loops (`docs/decisions/crates.md`):
//! D1 and D2 unknown or used codes and PKCE failures say `invalid_grant`; D3, D4 errors come from our own table;
//! D5 repeats are refused before; D6 parameters come from query or form alike; D7, D8 it sees only the proven client;
//! D9 nothing is suspended, the validated request is kept; D10 lifetimes are ours; D11 what was issued is remembered here;
//! D12 scopes leave sorted; D14 the original scopes stay with the refresh token; D15, D16 rows are loaded before;
//! D17 redirect_uri is compared as the raw string; D18 challenge and verifier have their grammar checked.
//! Its resource guard (D13) and its `endpoint` layer are not used.

pub(super) mod authorization;
pub(super) mod client_credentials;
pub(super) mod code;
pub(super) mod refresh;

use super::error::{ErrorCode, OAuthError};
use oxide_auth::code_grant::error::AccessTokenErrorType;
use oxide_auth::primitives::scope::Scope;
use std::time::{Duration, SystemTime};

/// The `until` that oxide-auth compares with the wall clock: the end of the year 9999. Expiry is decided with our clock.
const FAR_FUTURE: Duration = Duration::from_secs(253_402_300_799);

fn far_future<T: From<SystemTime>>() -> T {
    (SystemTime::UNIX_EPOCH + FAR_FUTURE).into()
}

/// Sorted, so that answers and rows are the same on every run (D12).
fn sorted(scope: &Scope) -> Vec<String> {
    let mut scopes: Vec<String> = scope.iter().map(str::to_owned).collect();
    scopes.sort_unstable();
    scopes
}

fn scope(scopes: &[String]) -> Result<Scope, OAuthError> {
    scopes.join(" ").parse().map_err(|_| OAuthError::new(ErrorCode::ServerError).detail("a stored scope is malformed"))
}

/// The machines' closed error list in our table (D4).
fn code_of(kind: AccessTokenErrorType) -> ErrorCode {
    match kind {
        AccessTokenErrorType::InvalidRequest => ErrorCode::InvalidRequest,
        AccessTokenErrorType::InvalidClient => ErrorCode::InvalidClient,
        AccessTokenErrorType::InvalidGrant => ErrorCode::InvalidGrant,
        AccessTokenErrorType::UnauthorizedClient => ErrorCode::UnauthorizedClient,
        AccessTokenErrorType::UnsupportedGrantType => ErrorCode::UnsupportedGrantType,
        AccessTokenErrorType::InvalidScope => ErrorCode::InvalidScope,
    }
}

fn stuck() -> OAuthError {
    OAuthError::new(ErrorCode::ServerError).detail("oxide-auth stopped in a state that its loop never asks for")
}

/// An address where oxide-auth's types want one and no decision reads it.
fn nowhere() -> Result<url::Url, OAuthError> {
    url::Url::parse("about:blank").map_err(|_| stuck())
}
