//! The switches of a client that its facility's administrators may change: each with what it does and what it costs.

use pass_core::authn::acr::Acr;
use pass_core::domain::client::{Client, ClientAuthMethod};
use pass_core::secret::{Hash, base64url};

/// One switch.
#[derive(Clone, Copy)]
pub struct Switch {
    /// Its word in commands, forms and the audit log.
    pub name: &'static str,
    /// Key of the sentence on what it does.
    pub what: &'static str,
    /// Key of the sentence on what it costs.
    pub cost: &'static str,
    get: fn(&Client) -> bool,
    set: fn(&mut Client, bool),
}

macro_rules! switch {
    ($name:literal, $what:literal, $cost:literal, $($path:ident).+) => {
        Switch {
            name: $name,
            what: $what,
            cost: $cost,
            get: |client| client.$($path).+,
            set: |client, on| client.$($path).+ = on,
        }
    };
}

/// All of them, in the order of the page.
pub const SWITCHES: [Switch; 12] = [
    switch!("require_pkce", "mgr-flag-require_pkce", "mgr-cost-require_pkce", flags.require_pkce),
    switch!("request_object", "mgr-flag-request_object", "mgr-cost-request_object", flags.request_object),
    switch!("request_uri", "mgr-flag-request_uri", "mgr-cost-request_uri", flags.request_uri),
    switch!("jwt_access_token", "mgr-flag-jwt_access_token", "mgr-cost-jwt_access_token", flags.jwt_access_token),
    switch!("introspection", "mgr-flag-introspection", "mgr-cost-introspection", flags.introspection),
    switch!("require_auth_time", "mgr-flag-auth_time", "mgr-cost-auth_time", metadata.require_auth_time),
    switch!(
        "backchannel_session",
        "mgr-flag-backchannel_session",
        "mgr-cost-backchannel_session",
        metadata.backchannel_logout_session_required
    ),
    Switch {
        name: "implicit",
        what: "mgr-flag-implicit",
        cost: "mgr-cost-implicit",
        get: |client| client.flags.implicit,
        set: Client::switch_implicit,
    },
    Switch {
        name: "hybrid",
        what: "mgr-flag-hybrid",
        cost: "mgr-cost-hybrid",
        get: |client| client.flags.hybrid,
        set: Client::switch_hybrid,
    },
    switch!(
        "frontchannel_logout",
        "mgr-flag-frontchannel_logout",
        "mgr-cost-frontchannel_logout",
        flags.frontchannel_logout
    ),
    switch!(
        "session_management",
        "mgr-flag-session_management",
        "mgr-cost-session_management",
        flags.session_management
    ),
    switch!("plain_login", "mgr-flag-plain_login", "mgr-cost-plain_login", flags.plain_login),
];

impl Switch {
    /// How it is set.
    pub fn is_on(&self, client: &Client) -> bool {
        (self.get)(client)
    }

    /// Why it cannot be changed here: PKCE is all that a public client has, and the test form is the demo's.
    pub fn is_locked(&self, client: &Client, demo: bool) -> bool {
        match self.name {
            // RFC 9700 2.1.1: "Public clients MUST use PKCE".
            "require_pkce" => client.metadata.token_endpoint_auth_method == ClientAuthMethod::None,
            "backchannel_session" => client.metadata.backchannel_logout_uri.is_none(),
            "frontchannel_logout" => client.metadata.frontchannel_logout_uri.is_none(),
            "plain_login" => !demo,
            _ => false,
        }
    }
}

/// The client as a form would have it. `on` says which boxes came ticked, `minimum` the chosen least sign-in.
pub fn changed(client: &Client, demo: bool, on: &[String], minimum: &str) -> Client {
    let mut next = client.clone();
    for switch in SWITCHES.iter().filter(|switch| !switch.is_locked(client, demo)) {
        (switch.set)(&mut next, on.iter().any(|name| name == switch.name));
    }
    next.flags.minimum_acr = Acr::ALL.into_iter().find(|acr| acr.as_str() == minimum && *acr != Acr::Zero);
    next
}

/// The changes in fixed words for the audit log.
pub fn summary(from: &Client, to: &Client) -> String {
    let flipped = SWITCHES.iter().filter(|switch| switch.is_on(from) != switch.is_on(to));
    let words = flipped.map(|switch| format!("{}{}", if switch.is_on(to) { '+' } else { '-' }, switch.name));
    let minimum = (from.flags.minimum_acr != to.flags.minimum_acr)
        .then(|| format!("minimum_acr={}", to.flags.minimum_acr.map_or("none", Acr::as_str)));
    words.chain(minimum).collect::<Vec<_>>().join(" ")
}

/// Names the present state, so that a form that started from another one changes nothing.
pub fn mark(client: &Client) -> String {
    let words: Vec<String> =
        SWITCHES.iter().map(|switch| format!("{}={}", switch.name, switch.is_on(client))).collect();
    let minimum = client.flags.minimum_acr.map_or("", Acr::as_str);
    base64url(&Hash::of(&format!("{} {minimum}", words.join(" "))).0[..12])
}
