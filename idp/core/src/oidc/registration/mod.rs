//! Client metadata as programs send it: Dynamic Client Registration (RFC 7591, OpenID Connect Dynamic Client Registration 1.0)
//! and its management (RFC 7592). Read once, strictly, into `ClientMetadata`; written back by `document`.
//!
//! Members that PASS does not know are ignored and not echoed (RFC 7591 2). What PASS knows and does not do is refused, so that
//! no client believes in a protection that is not there. Left out: `software_statement` (refused), metadata in several languages
//! except `client_name`, public subjects, encrypted request objects.

mod addresses;
mod algorithms;
mod document;
mod keys;
mod sent;

#[cfg(test)]
mod tests;

pub use addresses::{check_frontchannel_logout, check_redirect_uri};
pub use document::{Secrets, document};
pub use keys::check_set as check_keys;
pub use sent::{Sent, read};

use super::error::{ErrorCode, OAuthError};
use crate::claims::scopes::{SCOPES, Scope};
use crate::domain::client::{ApplicationType, ClientAuthMethod, ClientFlags, ClientMetadata, GrantType};
use crate::domain::response_type::ResponseType;
use crate::domain::words::LocalText;

/// Longest document that is read.
pub const MAX_BYTES: usize = 65_536;
/// Most addresses in one list.
const MAX_ADDRESSES: usize = 50;

/// A member that cannot be accepted.
fn bad(member: &str, what: &str) -> OAuthError {
    let code = if member == "redirect_uris" { ErrorCode::InvalidRedirectUri } else { ErrorCode::InvalidClientMetadata };
    OAuthError::about(code, member, what)
}

/// The metadata of a registration, with every default of the standards filled in.
pub fn check(sent: &Sent) -> Result<ClientMetadata, OAuthError> {
    if sent.has("software_statement") {
        return Err(OAuthError::new(ErrorCode::InvalidSoftwareStatement));
    }
    let response_types = response_types(sent)?;
    subject_type(sent)?;
    let application_type = application_type(sent)?;
    let auth = auth_method(sent)?;
    let (jwks, jwks_uri) = keys::read(sent)?;
    let metadata = ClientMetadata {
        client_name: name(sent)?,
        redirect_uris: addresses::redirect_uris(sent, application_type)?,
        post_logout_redirect_uris: addresses::list(sent, "post_logout_redirect_uris", application_type)?,
        grant_types: grant_types(sent, &response_types)?,
        response_types,
        scope: scope(sent)?,
        token_endpoint_auth_method: auth,
        jwks,
        jwks_uri,
        token_endpoint_auth_signing_alg: algorithms::signing(sent, "token_endpoint_auth_signing_alg")?,
        id_token_signed_response_alg: algorithms::signing(sent, "id_token_signed_response_alg")?
            .unwrap_or(ClientMetadata::default().id_token_signed_response_alg),
        id_token_encryption: algorithms::encryption(sent, "id_token")?,
        userinfo_signed_response_alg: algorithms::signing(sent, "userinfo_signed_response_alg")?,
        userinfo_encryption: algorithms::encryption(sent, "userinfo")?,
        request_object_signing_alg: algorithms::signing(sent, "request_object_signing_alg")?,
        request_uris: addresses::request_uris(sent)?,
        sector_identifier_uri: addresses::https(sent, "sector_identifier_uri")?,
        application_type,
        contacts: sent.texts("contacts")?.unwrap_or_default(),
        default_max_age: sent.seconds("default_max_age")?,
        default_acr_values: sent.texts("default_acr_values")?.unwrap_or_default(),
        require_auth_time: sent.flag("require_auth_time")?.unwrap_or_default(),
        initiate_login_uri: addresses::https(sent, "initiate_login_uri")?,
        backchannel_logout_uri: addresses::https(sent, "backchannel_logout_uri")?,
        backchannel_logout_session_required: sent.flag("backchannel_logout_session_required")?.unwrap_or_default(),
        frontchannel_logout_uri: addresses::frontchannel_logout(sent)?,
        frontchannel_logout_session_required: sent.flag("frontchannel_logout_session_required")?.unwrap_or_default(),
        client_uri: addresses::page(sent, "client_uri")?,
        policy_uri: addresses::page(sent, "policy_uri")?,
        tos_uri: addresses::page(sent, "tos_uri")?,
        logo_uri: addresses::page(sent, "logo_uri")?,
    };
    algorithms::unsupported(sent)?;
    keys::suffice(&metadata)?;
    Ok(metadata)
}

/// OpenID Connect Core 8.1: every redirect_uri stands in the document of `sector_identifier_uri`.
pub fn check_sector(metadata: &ClientMetadata, document: &serde_json::Value) -> Result<(), OAuthError> {
    let named = |uri: &String| document.as_array().is_some_and(|all| all.iter().any(|one| one == uri.as_str()));
    if metadata.redirect_uris.iter().all(named) {
        Ok(())
    } else {
        Err(bad("sector_identifier_uri", "does not name every redirect_uri"))
    }
}

/// OpenID Connect Dynamic Client Registration 2: `code` where nothing is said.
fn response_types(sent: &Sent) -> Result<Vec<ResponseType>, OAuthError> {
    let Some(words) = sent.texts("response_types")? else { return Ok(ClientMetadata::default().response_types) };
    let mut types = Vec::new();
    for word in &words {
        let one = ResponseType::parse(word).ok_or_else(|| bad("response_types", "holds one that is not supported"))?;
        if !types.contains(&one) {
            types.push(one);
        }
    }
    if types.is_empty() { Err(bad("response_types", "must not be empty")) } else { Ok(types) }
}

/// What the switches of a client do not allow is refused here and not at its first sign-in.
pub fn allowed(metadata: &ClientMetadata, flags: &ClientFlags) -> Result<(), OAuthError> {
    if metadata.response_types.iter().any(|one| !flags.allow(*one)) {
        return Err(bad("response_types", "holds one that is switched off for these clients"));
    }
    if metadata.frontchannel_logout_uri.is_some() && !flags.frontchannel_logout {
        return Err(bad("frontchannel_logout_uri", "is switched off for these clients"));
    }
    Ok(())
}

/// Two facilities never see the same `sub`, so a public one is refused instead of ignored.
fn subject_type(sent: &Sent) -> Result<(), OAuthError> {
    match sent.text("subject_type")? {
        None | Some("pairwise") => Ok(()),
        Some(_) => Err(bad("subject_type", "must be pairwise")),
    }
}

fn application_type(sent: &Sent) -> Result<ApplicationType, OAuthError> {
    match sent.text("application_type")? {
        None | Some("web") => Ok(ApplicationType::Web),
        Some("native") => Ok(ApplicationType::Native),
        Some(_) => Err(bad("application_type", "must be web or native")),
    }
}

fn auth_method(sent: &Sent) -> Result<ClientAuthMethod, OAuthError> {
    const NAME: &str = "token_endpoint_auth_method";
    match sent.text(NAME)? {
        None => Ok(ClientAuthMethod::ClientSecretBasic),
        Some(word) => ClientAuthMethod::parse(word).ok_or_else(|| bad(NAME, "is not supported")),
    }
}

/// The grants that go with the response types (OpenID Connect Dynamic Client Registration 2, RFC 7591 2.1).
fn grant_types(sent: &Sent, response_types: &[ResponseType]) -> Result<Vec<GrantType>, OAuthError> {
    let code = response_types.iter().any(|one| one.code()).then_some(GrantType::AuthorizationCode);
    let front = response_types.iter().any(|one| one.in_front()).then_some(GrantType::Implicit);
    let needed = || code.into_iter().chain(front);
    let Some(words) = sent.texts("grant_types")? else { return Ok(needed().collect()) };
    let mut grants = Vec::new();
    for word in &words {
        let known = [GrantType::AuthorizationCode, GrantType::RefreshToken, GrantType::Implicit];
        let grant = known
            .into_iter()
            .find(|one| one.as_str() == word)
            .ok_or_else(|| bad("grant_types", "may hold authorization_code, refresh_token and implicit"))?;
        if !grants.contains(&grant) {
            grants.push(grant);
        }
    }
    match needed().find(|one| !grants.contains(one)) {
        None => Ok(grants),
        Some(GrantType::Implicit) => Err(bad("grant_types", "must hold implicit for these response types")),
        Some(_) => Err(bad("grant_types", "must hold authorization_code")),
    }
}

/// Scopes registered, `openid` always. Without the member: every scope about people; the facility's ceiling still decides.
fn scope(sent: &Sent) -> Result<Vec<String>, OAuthError> {
    let Some(words) = sent.text("scope")? else {
        return Ok(SCOPES.iter().filter(|scope| scope.name != "api").map(|scope| scope.name.to_owned()).collect());
    };
    let mut scopes = vec!["openid".to_owned()];
    for word in words.split(' ').filter(|word| !word.is_empty()) {
        let known =
            Scope::parse(word).filter(|scope| scope.name != "api").ok_or_else(|| bad("scope", "is not supported"))?;
        if !scopes.iter().any(|scope| scope == known.name) {
            scopes.push(known.name.to_owned());
        }
    }
    Ok(scopes)
}

/// `client_name` and its languages (RFC 7591 2.2).
fn name(sent: &Sent) -> Result<LocalText, OAuthError> {
    let any = sent.text("client_name")?;
    let ja = sent.text("client_name#ja")?.or(sent.text("client_name#ja-JP")?);
    let en = sent.text("client_name#en")?;
    for name in [any, ja, en].into_iter().flatten() {
        if name.chars().count() > 100 || name.chars().any(char::is_control) {
            return Err(bad("client_name", "must be at most 100 plain characters"));
        }
    }
    let first = ja.or(any).or(en).unwrap_or_default();
    Ok(LocalText::new(first, "", en.or(any).unwrap_or_default()))
}
