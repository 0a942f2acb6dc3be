//! `pass client new|list|rotate|invite`.

use super::initial_access_token::{self, InviteArgs};
use super::opened::{ConfigArgs, Opened, block_on};
use super::out::say;
use crate::wiring::{SystemClock, SystemEntropy};
use clap::{Args, Subcommand, ValueEnum};
use pass_core::claims::scopes::{SCOPES, Scope};
use pass_core::domain::audit::{Act, Actor, AuditEvent};
use pass_core::domain::client::{
    ApplicationType, Client, ClientAuthMethod, ClientFlags, ClientMetadata, GrantType, SigningAlg,
};
use pass_core::domain::response_type::ResponseType;
use pass_core::domain::words::LocalText;
use pass_core::id::{AuditId, ClientId, FacilityId};
use pass_core::oidc::registration::{check_frontchannel_logout, check_keys, check_redirect_uri};
use pass_core::secret::{Hash, token};
use pass_core::{Clock, Fault};
use pass_store::changes::{Topic, bump};
use std::path::PathBuf;

/// Clients of facilities.
#[derive(Subcommand)]
pub enum ClientCommand {
    /// Register a client; prints its id, and its secret once.
    New(Box<NewClient>),
    /// All clients.
    List(ConfigArgs),
    /// Replace a client's secret; prints the new one once. The old one stops at once.
    Rotate {
        #[command(flatten)]
        config: ConfigArgs,
        /// The client's id.
        client_id: String,
    },
    /// Make a token with which a facility's programs register themselves; prints it once.
    Invite(InviteArgs),
}

/// How a client authenticates.
#[derive(Clone, Copy, ValueEnum)]
enum Auth {
    /// HTTP Basic.
    Basic,
    /// In the body.
    Post,
    /// A signed assertion; needs --jwks.
    PrivateKeyJwt,
    /// A public client, with PKCE.
    None,
}

/// `pass client new`
#[derive(Args)]
pub struct NewClient {
    #[command(flatten)]
    config: ConfigArgs,
    /// The facility's short name.
    #[arg(long)]
    facility: String,
    /// Name shown beside the facility's.
    #[arg(long, default_value = "")]
    name: String,
    /// The public id; a random one when left out.
    #[arg(long)]
    client_id: Option<String>,
    /// Where answers go; repeat for several.
    #[arg(long, required = true)]
    redirect: Vec<String>,
    /// Where the browser may go after signing out; repeat for several.
    #[arg(long)]
    post_logout: Vec<String>,
    /// Where the client is told that somebody signed out or withdrew (Back-Channel Logout).
    #[arg(long, value_name = "URI")]
    backchannel_logout: Option<String>,
    /// It cannot use a notice that names the person only and no session.
    #[arg(long, requires = "backchannel_logout")]
    backchannel_session: bool,
    /// Page of the program that is loaded in a frame when somebody signs out (Front-Channel Logout); at the origin of a
    /// --redirect. Browsers that block cookies of other sites make it useless: prefer --backchannel-logout.
    #[arg(long, value_name = "URI")]
    frontchannel_logout: Option<String>,
    /// Its frame must name the session.
    #[arg(long, requires = "frontchannel_logout")]
    frontchannel_session: bool,
    /// May watch the session in a frame (Session Management).
    #[arg(long)]
    session_management: bool,
    /// Another response type than `code`, as "code id_token"; repeat for several. Tokens then go through the browser, and
    /// nothing that a card proved is given for them.
    #[arg(long, value_name = "TYPES", value_parser = response_type)]
    response_type: Vec<ResponseType>,
    /// Page of the program where others may begin a sign-in (OpenID Connect Core 4); Manager offers it as a test.
    #[arg(long, value_name = "URL")]
    initiate_login: Option<String>,
    /// Address of the facility's privacy notice; the consent page links to it.
    #[arg(long, value_name = "URL")]
    privacy: Option<String>,
    /// Address of its terms of use; likewise.
    #[arg(long, value_name = "URL")]
    terms: Option<String>,
    /// Scopes, separated by spaces.
    #[arg(long, default_value = "openid residence age")]
    scopes: String,
    /// How it authenticates at the token endpoint.
    #[arg(long, value_enum, default_value = "basic")]
    auth: Auth,
    /// File with the client's public JWK set.
    #[arg(long)]
    jwks: Option<PathBuf>,
    /// Address of the client's public JWK set instead; fetched again when a key is not known.
    #[arg(long, value_name = "URL", conflicts_with = "jwks")]
    jwks_uri: Option<String>,
    /// Algorithm of its ID tokens: ES256, RS256 or PS256.
    #[arg(long, default_value = "ES256", value_parser = signing_alg)]
    id_token_alg: SigningAlg,
    /// PKCE may be left out. Confidential clients only, and weaker: a code that leaks in the browser is worth more.
    #[arg(long)]
    no_pkce: bool,
    /// May send signed request objects; needs its keys.
    #[arg(long)]
    request_objects: bool,
    /// May let PASS fetch signed request objects from this address; repeat for several.
    #[arg(long, value_name = "URL")]
    request_uri: Vec<String>,
    /// May use client_credentials.
    #[arg(long)]
    client_credentials: bool,
    /// May introspect tokens of the facility's other programs.
    #[arg(long)]
    introspection: bool,
}

/// Runs it.
pub fn run(command: ClientCommand) -> Result<(), Fault> {
    match command {
        ClientCommand::New(new) => add(&new),
        ClientCommand::List(config) => list(&config),
        ClientCommand::Invite(invite) => initial_access_token::run(&invite),
        ClientCommand::Rotate { config, client_id } => rotate(&config, client_id),
    }
}

fn list(config: &ConfigArgs) -> Result<(), Fault> {
    let store = config.open()?.store;
    let rows =
        block_on(store.read(|tx| Ok((pass_store::clients::find_all(tx)?, pass_store::facilities::find_all(tx)?))))?;
    for client in rows.0 {
        let facility =
            rows.1.iter().find(|facility| facility.id == client.facility).map_or("?", |facility| &facility.slug);
        let (metadata, state) = (&client.metadata, if client.disabled_at.is_some() { "off" } else { "on" });
        say!(
            "{}  {facility}  {state}  {}  {}",
            client.client_id,
            metadata.token_endpoint_auth_method.as_str(),
            metadata.redirect_uris.join(" ")
        );
    }
    Ok(())
}

fn add(new: &NewClient) -> Result<(), Fault> {
    let Opened { config, store, .. } = new.config.open()?;
    let slug = new.facility.clone();
    let facility = block_on(store.read(move |tx| pass_store::facilities::find_by_slug(tx, &slug)))?
        .ok_or_else(|| Fault::new(format!("there is no facility {}: pass facility list", new.facility)))?;
    if let Some(id) = new.client_id.clone()
        && block_on(store.read(move |tx| pass_store::clients::find_by_client_id(tx, &id)))?.is_some()
    {
        return Err(Fault::new("there is a client of this --client-id already: pass client list"));
    }
    let confidential = !matches!(new.auth, Auth::None | Auth::PrivateKeyJwt);
    let secret = confidential.then(|| token(&SystemEntropy));
    let client = client(new, facility.id, secret.as_deref())?;
    let client_id = client.client_id.clone();
    let audit = audit(Act::ClientNew, &client);
    block_on(store.write(move |tx| {
        pass_store::clients::insert(tx, &client)?;
        pass_store::audit::insert(tx, &audit)?;
        bump(tx, Topic::Clients)
    }))?;
    say!("client_id      {client_id}");
    if let Some(secret) = secret {
        say!("client_secret  {secret}");
        say!("The secret is shown this once and kept as a hash only.");
    }
    say!("issuer         {}", config.issuer.url);
    say!("Settings to copy for Apache, Node, Python and Rust: {}/manager/clients/{client_id}", config.issuer.url);
    Ok(())
}

fn client(new: &NewClient, facility: FacilityId, secret: Option<&str>) -> Result<Client, Fault> {
    let now = SystemClock.now();
    for address in new.redirect.iter().chain(&new.post_logout) {
        check_address(address)?;
    }
    let fetched = new.jwks_uri.iter().chain(&new.request_uri);
    for address in
        new.privacy.iter().chain(&new.terms).chain(&new.backchannel_logout).chain(&new.initiate_login).chain(fetched)
    {
        check_paper(address)?;
    }
    if new.no_pkce && matches!(new.auth, Auth::None) {
        return Err(Fault::new("a client without a secret proves itself by PKCE alone: --no-pkce is not for it"));
    }
    if let Some(address) = &new.frontchannel_logout {
        check_frontchannel_logout(address, &new.redirect).map_err(|why| Fault::new(format!("{address} {why}")))?;
    }
    let auth = match new.auth {
        Auth::Basic => ClientAuthMethod::ClientSecretBasic,
        Auth::Post => ClientAuthMethod::ClientSecretPost,
        Auth::PrivateKeyJwt => ClientAuthMethod::PrivateKeyJwt,
        Auth::None => ClientAuthMethod::None,
    };
    let mut grant_types = vec![GrantType::AuthorizationCode, GrantType::RefreshToken];
    grant_types.extend((!new.response_type.is_empty()).then_some(GrantType::Implicit));
    if new.client_credentials {
        grant_types.push(GrantType::ClientCredentials);
    }
    Ok(Client {
        id: ClientId::new(now, &SystemEntropy),
        client_id: new.client_id.clone().unwrap_or_else(|| token(&SystemEntropy)[..22].to_string()),
        facility,
        secret: secret.map(Hash::of),
        metadata: ClientMetadata {
            client_name: LocalText::same(&new.name),
            redirect_uris: new.redirect.clone(),
            post_logout_redirect_uris: new.post_logout.clone(),
            grant_types,
            response_types: response_types(new),
            scope: scopes(&new.scopes)?,
            token_endpoint_auth_method: auth,
            jwks: jwks(new)?,
            jwks_uri: new.jwks_uri.clone(),
            request_uris: new.request_uri.clone(),
            id_token_signed_response_alg: new.id_token_alg,
            backchannel_logout_uri: new.backchannel_logout.clone(),
            backchannel_logout_session_required: new.backchannel_session,
            frontchannel_logout_uri: new.frontchannel_logout.clone(),
            frontchannel_logout_session_required: new.frontchannel_session,
            initiate_login_uri: new.initiate_login.clone(),
            policy_uri: new.privacy.clone(),
            tos_uri: new.terms.clone(),
            ..ClientMetadata::default()
        },
        flags: ClientFlags {
            introspection: new.introspection,
            require_pkce: !new.no_pkce,
            request_object: new.request_objects,
            request_uri: !new.request_uri.is_empty(),
            implicit: new.response_type.iter().any(|one| one.in_front() && !one.code()),
            hybrid: new.response_type.iter().any(|one| one.in_front() && one.code()),
            frontchannel_logout: new.frontchannel_logout.is_some(),
            session_management: new.session_management,
            ..ClientFlags::default()
        },
        registration: None,
        created_at: now,
        disabled_at: None,
    })
}

fn signing_alg(word: &str) -> Result<SigningAlg, String> {
    SigningAlg::parse(word).ok_or_else(|| format!("{word} is none of ES256, RS256, PS256"))
}

fn response_type(words: &str) -> Result<ResponseType, String> {
    let known = || ResponseType::ALL.map(ResponseType::as_str).join(", ");
    ResponseType::parse(words).ok_or_else(|| format!("{words} is none of {}", known()))
}

/// `code` always, and what was named besides.
fn response_types(new: &NewClient) -> Vec<ResponseType> {
    let named = |one: &ResponseType| *one == ResponseType::Code || new.response_type.contains(one);
    ResponseType::ALL.into_iter().filter(named).collect()
}

fn jwks(new: &NewClient) -> Result<Option<serde_json::Value>, Fault> {
    match (&new.jwks, new.auth) {
        (None, _) if new.jwks_uri.is_some() => Ok(None),
        (None, Auth::PrivateKeyJwt) => Err(Fault::new("--auth private-key-jwt needs --jwks FILE or --jwks-uri URL")),
        (None, _) if new.request_objects || !new.request_uri.is_empty() => {
            Err(Fault::new("signed request objects need --jwks FILE or --jwks-uri URL"))
        }
        (None, _) => Ok(None),
        (Some(path), _) => {
            let text =
                std::fs::read(path).map_err(|error| Fault::because(format!("read {}", path.display()), error))?;
            let keys = serde_json::from_slice(&text).map_err(|error| Fault::because("read the JWK set", error))?;
            check_keys(&keys).map_err(|why| Fault::new(format!("{} {why}", path.display())))?;
            Ok(Some(keys))
        }
    }
}

/// RFC 6749 3.3: words that PASS does not know would never be granted, and nobody would be told.
fn scopes(words: &str) -> Result<Vec<String>, Fault> {
    let unknown: Vec<&str> = words.split_whitespace().filter(|word| Scope::parse(word).is_none()).collect();
    if !unknown.is_empty() {
        let known = SCOPES.map(|scope| scope.name).join(" ");
        return Err(Fault::new(format!("PASS does not know the scope {}. It knows: {known}", unknown.join(" "))));
    }
    Ok(words.split_whitespace().map(str::to_string).collect())
}

/// The rule of a registration: `pass client new` and RFC 7591 accept the same addresses.
fn check_address(address: &str) -> Result<(), Fault> {
    check_redirect_uri(address, ApplicationType::Native).map_err(|why| Fault::new(format!("{address} {why}")))
}

/// OpenID Connect Dynamic Registration 1.0 section 2: pages that people open, and Back-Channel Logout 2.2: an address
/// that PASS posts to; so nothing but the web.
fn check_paper(address: &str) -> Result<(), Fault> {
    check_address(address)?;
    let web = url::Url::parse(address).is_ok_and(|url| matches!(url.scheme(), "https" | "http"));
    if web { Ok(()) } else { Err(Fault::new(format!("{address} must be an address of the web (https)"))) }
}

fn rotate(config: &ConfigArgs, client_id: String) -> Result<(), Fault> {
    let store = config.open()?.store;
    let asked = client_id.clone();
    let client = block_on(store.read(move |tx| pass_store::clients::find_by_client_id(tx, &asked)))?
        .ok_or_else(|| Fault::new(format!("there is no client {client_id}: pass client list")))?;
    if client.secret.is_none() {
        return Err(Fault::new("this client has no secret: it signs assertions or is public"));
    }
    let secret = token(&SystemEntropy);
    let (id, hash, audit) = (client.id, Hash::of(&secret), audit(Act::ClientRotateSecret, &client));
    block_on(store.write(move |tx| {
        pass_store::clients::replace_secret(tx, id, hash)?;
        pass_store::audit::insert(tx, &audit)?;
        bump(tx, Topic::Clients)
    }))?;
    say!("client_secret  {secret}");
    Ok(())
}

fn audit(act: Act, client: &Client) -> AuditEvent {
    let now = SystemClock.now();
    AuditEvent {
        id: AuditId::new(now, &SystemEntropy),
        at: now,
        actor: Actor::Operator,
        act,
        person: None,
        facility: Some(client.facility),
        client: Some(client.id),
        detail: client.client_id.clone(),
    }
}

#[cfg(test)]
mod tests;
