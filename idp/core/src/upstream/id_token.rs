//! The ID token, check by check (OpenID Connect Core 3.1.3.7). The crate checks `iss`, `aud`, signature, `exp` and `nonce`; the
//! rest is ours.

use super::{Known, Refusal, Registration, Secrets, Tokens, moment};
use crate::Time;
use crate::domain::attested::{Level, UpstreamSubject};
use openidconnect::core::{CoreIdTokenClaims, CoreIdTokenVerifier, CoreJwsSigningAlgorithm};
use openidconnect::{AccessTokenHash, ClaimsVerificationError, ClientId, IssuerUrl, Nonce, SignatureVerificationError};

/// Clocks of others differ by so much, in seconds.
const SKEW: i64 = 30;
/// An ID token comes straight from the token endpoint; an older one is of another day.
const OLDEST: i64 = 600;

/// Who it is, and how the service knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// Who.
    pub who: UpstreamSubject,
    /// How.
    pub level: Level,
}

/// Everything an ID token must be. `Refusal::UnknownKey` is worth one look at newer keys.
pub fn read(
    (known, registration): (&Known, &Registration),
    tokens: &Tokens,
    secrets: &Secrets,
    now: Time,
) -> Result<Told, Refusal> {
    let verifier = verifier(known, registration, now)?;
    let nonce = Nonce::new(secrets.nonce.clone());
    let claims = tokens.id_token.claims(&verifier, &nonce).map_err(|error| refusal(&error))?;
    authorized_party(claims, registration)?;
    issued_at(claims, now)?;
    access_token(tokens, &verifier, claims)?;
    let acr = claims.auth_context_ref().map_or("", |acr| acr.as_str());
    Ok(Told {
        who: UpstreamSubject { issuer: registration.issuer.clone(), subject: claims.subject().to_string() },
        level: Level::parse(acr).ok_or(Refusal::Weak)?,
    })
}

fn verifier<'a>(known: &Known, registration: &Registration, now: Time) -> Result<CoreIdTokenVerifier<'a>, Refusal> {
    let issuer = IssuerUrl::new(registration.issuer.clone()).map_err(|_| Refusal::Issuer)?;
    let client = ClientId::new(registration.client_id.clone());
    Ok(CoreIdTokenVerifier::new_public_client(client, issuer, known.keys.clone())
        // RFC 8725 3.1: the one algorithm of the service, whatever header or metadata say.
        .set_allowed_algs([CoreJwsSigningAlgorithm::EcdsaP256Sha256])
        .set_other_audience_verifier_fn(|_| false)
        // A token that ended while it was on its way to us is none, clocks allowing.
        .set_time_fn(move || moment(Time::from_seconds(now.seconds() - SKEW))))
}

/// 3.1.3.7, 4 and 5: the crate leaves `azp` alone.
fn authorized_party(claims: &CoreIdTokenClaims, registration: &Registration) -> Result<(), Refusal> {
    match claims.authorized_party() {
        Some(party) if party.as_str() != registration.client_id => Err(Refusal::AuthorizedParty),
        None if claims.audiences().len() > 1 => Err(Refusal::AuthorizedParty),
        _ => Ok(()),
    }
}

/// 3.1.3.7, 10
fn issued_at(claims: &CoreIdTokenClaims, now: Time) -> Result<(), Refusal> {
    let age = now.seconds() - claims.issue_time().timestamp();
    if (-SKEW..=OLDEST).contains(&age) { Ok(()) } else { Err(Refusal::IssuedAt) }
}

/// 3.1.3.8: `at_hash` is optional here, but where it is it must fit.
fn access_token(
    tokens: &Tokens,
    verifier: &CoreIdTokenVerifier<'_>,
    claims: &CoreIdTokenClaims,
) -> Result<(), Refusal> {
    let Some(told) = claims.access_token_hash() else { return Ok(()) };
    let alg = tokens.id_token.signing_alg().map_err(|_| Refusal::Algorithm)?;
    let key = tokens.id_token.signing_key(verifier).map_err(|_| Refusal::UnknownKey)?;
    let made = AccessTokenHash::from_token(&tokens.access_token, alg, key).map_err(|_| Refusal::AccessToken)?;
    if made == *told { Ok(()) } else { Err(Refusal::AccessToken) }
}

fn refusal(error: &ClaimsVerificationError) -> Refusal {
    use SignatureVerificationError as Wrong;
    match error {
        ClaimsVerificationError::InvalidIssuer(_) => Refusal::Issuer,
        ClaimsVerificationError::InvalidAudience(_) => Refusal::Audience,
        ClaimsVerificationError::Expired(_) => Refusal::Expired,
        ClaimsVerificationError::InvalidNonce(_) => Refusal::Nonce,
        ClaimsVerificationError::SignatureVerification(wrong) => match wrong {
            Wrong::NoMatchingKey | Wrong::AmbiguousKeyId(_) => Refusal::UnknownKey,
            Wrong::DisallowedAlg(_) | Wrong::NoSignature | Wrong::UnsupportedAlg(_) => Refusal::Algorithm,
            _ => Refusal::Signature,
        },
        ClaimsVerificationError::Unsupported(_) => Refusal::Algorithm,
        _ => Refusal::NoIdToken,
    }
}
