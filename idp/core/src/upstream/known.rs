//! What the service publishes: its endpoints and keys.

use super::{Refusal, Registration};
use crate::ports::{HttpRequest, Outgoing};
use openidconnect::core::{
    CoreClientAuthMethod, CoreJsonWebKeySet, CoreJsonWebKeyType, CoreJwsSigningAlgorithm, CoreProviderMetadata,
};
use openidconnect::{DiscoveryError, IssuerUrl, JsonWebKey, JsonWebKeySet};

/// What the service publishes.
#[derive(Clone)]
pub struct Known {
    pub(super) metadata: CoreProviderMetadata,
    pub(super) keys: CoreJsonWebKeySet,
}

impl Known {
    /// What PASS needs of the service and does not find in what it publishes. For the operator: each is refused on its own at the
    /// time, too.
    pub fn lacks(&self, registration: &Registration) -> Vec<String> {
        let metadata = &self.metadata;
        let signs = metadata.id_token_signing_alg_values_supported();
        let proves = metadata.token_endpoint_auth_methods_supported();
        let scopes = metadata.scopes_supported();
        let mut lacks = Vec::new();
        let mut need = |there: bool, what: &str| {
            if !there {
                lacks.push(what.to_owned());
            }
        };
        need(metadata.token_endpoint().is_some(), "a token endpoint");
        need(metadata.userinfo_endpoint().is_some(), "userinfo");
        need(signs.contains(&CoreJwsSigningAlgorithm::EcdsaP256Sha256), "ID tokens with ES256");
        need(
            self.keys.keys().iter().any(|key| *key.key_type() == CoreJsonWebKeyType::EllipticCurve),
            "a key for ES256",
        );
        // Discovery 3: where these are not named, nothing follows from it.
        need(proves.is_none_or(|all| all.contains(&CoreClientAuthMethod::PrivateKeyJwt)), "private_key_jwt");
        for scope in &registration.scopes {
            need(scopes.is_none_or(|all| all.iter().any(|one| **one == *scope)), &format!("the scope {scope}"));
        }
        lacks
    }
}

/// Fetches discovery document and keys. OpenID Connect Discovery 4.3: its `issuer` must be the one we asked, which the crate
/// checks.
pub async fn discover(outgoing: &dyn Outgoing, registration: &Registration) -> Result<Known, Refusal> {
    let issuer = IssuerUrl::new(registration.issuer.clone()).map_err(|_| Refusal::Unreachable)?;
    let http = |request: HttpRequest| outgoing.exchange(request);
    let metadata = CoreProviderMetadata::discover_async(issuer, &http).await.map_err(|error| unreachable(&error))?;
    let keys = metadata.jwks().clone();
    Ok(Known { metadata, keys })
}

/// The same with the newest keys: the service may have changed them.
pub async fn reload_keys(outgoing: &dyn Outgoing, known: &Known) -> Result<Known, Refusal> {
    let http = |request: HttpRequest| outgoing.exchange(request);
    let keys = JsonWebKeySet::fetch_async(known.metadata.jwks_uri(), &http).await;
    Ok(Known { metadata: known.metadata.clone(), keys: keys.map_err(|error| unreachable(&error))? })
}

/// Validation of the document fails as not answering does: nothing can be asked of such a service.
fn unreachable(_: &DiscoveryError<crate::Fault>) -> Refusal {
    Refusal::Unreachable
}
