//! The issuer as this relying party sees it: discovery at first use, kept until a key is unknown.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use openidconnect::{
    ClientId, ClientSecret, EndSessionUrl, EndpointMaybeSet, EndpointNotSet, EndpointSet, IssuerUrl,
    ProviderMetadataWithLogout, RedirectUrl, Scope, core::CoreClient, reqwest,
};

use super::{RelyingParty, trouble::Trouble};

/// A client as discovery leaves it: authorization known, token and userinfo perhaps.
pub(super) type Client =
    CoreClient<EndpointSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointMaybeSet, EndpointMaybeSet>;

/// What discovery said.
pub(super) struct Discovered {
    pub(super) client: Client,
    pub(super) end_session: Option<EndSessionUrl>,
    /// Where the API asks about a token.
    pub(super) introspection: Option<String>,
}

/// The issuer, and how we are registered there.
pub(super) struct Provider {
    pub(super) http: reqwest::Client,
    pub(super) public_url: String,
    pub(super) issuer: String,
    pub(super) scopes: Vec<Scope>,
    client_id: ClientId,
    client_secret: ClientSecret,
    discovered: Mutex<Option<Arc<Discovered>>>,
}

const ATTEMPTS: u32 = 5;
const FIRST_PAUSE: Duration = Duration::from_millis(150);

impl Provider {
    pub(super) fn new(party: RelyingParty) -> Result<Self, reqwest::Error> {
        // A redirect of a token or userinfo answer is never followed.
        let mut http =
            reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).timeout(Duration::from_secs(10));
        if let Some(pem) = &party.extra_ca_pem {
            http = http.add_root_certificate(reqwest::Certificate::from_pem(pem)?);
        }
        let scopes = party.scope.split_ascii_whitespace().filter(|scope| *scope != "openid");
        Ok(Self {
            http: http.build()?,
            scopes: scopes.map(|scope| Scope::new(scope.to_owned())).collect(),
            public_url: party.public_url,
            issuer: party.issuer,
            client_id: ClientId::new(party.client_id),
            client_secret: ClientSecret::new(party.client_secret),
            discovered: Mutex::new(None),
        })
    }

    pub(super) fn client_id(&self) -> ClientId {
        self.client_id.clone()
    }

    /// How this site is known at the issuer.
    pub(super) fn credentials(&self) -> (&str, &str) {
        (self.client_id.as_str(), self.client_secret.secret())
    }

    /// The discovery document and keys, fetched now if nobody has.
    pub(super) async fn discovered(&self) -> Result<Arc<Discovered>, Trouble> {
        if let Some(known) = self.known().clone() {
            return Ok(known);
        }
        let fresh = Arc::new(self.discover_patiently().await?);
        *self.known() = Some(fresh.clone());
        Ok(fresh)
    }

    /// A signature by an unknown key may mean that the issuer has rotated: ask again next time.
    pub(super) fn forget(&self) {
        *self.known() = None;
    }

    async fn discover_patiently(&self) -> Result<Discovered, Trouble> {
        let mut pause = FIRST_PAUSE;
        for _ in 1..ATTEMPTS {
            if let Ok(found) = self.discover().await {
                return Ok(found);
            }
            tokio::time::sleep(pause).await;
            pause *= 2;
        }
        self.discover().await
    }

    async fn discover(&self) -> Result<Discovered, Trouble> {
        let invalid = |why: openidconnect::url::ParseError| Trouble::Invalid(why.to_string());
        let issuer = IssuerUrl::new(self.issuer.clone()).map_err(invalid)?;
        let metadata = ProviderMetadataWithLogout::discover_async(issuer, &self.http)
            .await
            .map_err(|why| Trouble::Unreachable(why.to_string()))?;
        let end_session = metadata.additional_metadata().end_session_endpoint.clone();
        let redirect = RedirectUrl::new(format!("{}/callback", self.public_url)).map_err(invalid)?;
        let client =
            CoreClient::from_provider_metadata(metadata, self.client_id.clone(), Some(self.client_secret.clone()))
                .set_redirect_uri(redirect);
        Ok(Discovered { client, end_session, introspection: self.introspection().await })
    }

    /// RFC 8414 2: a member that the library has no field for.
    async fn introspection(&self) -> Option<String> {
        let document = format!("{}/.well-known/openid-configuration", self.issuer.trim_end_matches('/'));
        let document: serde_json::Value = self.http.get(document).send().await.ok()?.json().await.ok()?;
        document.get("introspection_endpoint")?.as_str().map(str::to_owned)
    }

    fn known(&self) -> std::sync::MutexGuard<'_, Option<Arc<Discovered>>> {
        self.discovered.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
