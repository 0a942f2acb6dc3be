//! The one line of `pass demo --json`.

use std::{collections::BTreeMap, fmt};

use serde::Deserialize;

/// What a running demo says about itself.
#[derive(Clone, Deserialize)]
pub struct Line {
    /// Issuer, exactly as in its discovery document.
    pub issuer: String,
    /// Origins of the two facilities' pages: `library`, `kosodate`.
    pub relying_parties: BTreeMap<String, String>,
    /// PASS Manager.
    pub manager: String,
    /// Mail outbox page.
    pub outbox: String,
    /// Card agent.
    pub agent: String,
    /// Registered clients with their secrets.
    pub clients: Vec<ClientRow>,
    /// People: 山田花子, 佐藤健, one not yet proofed, then the bench users.
    pub residents: Vec<Resident>,
    /// Cards for the virtual reader.
    pub virtual_cards: Vec<VirtualCard>,
    /// Staff of the facilities.
    pub staff: Vec<Staff>,
    /// Initial access token of dynamic client registration (RFC 7591).
    #[serde(default)]
    pub registration_token: Option<String>,
}

/// One registered client.
#[derive(Clone, Deserialize)]
pub struct ClientRow {
    /// Client id.
    pub client_id: String,
    /// Secret, where it has one.
    #[serde(default)]
    pub client_secret: Option<String>,
    /// How it authenticates at the token endpoint.
    pub token_endpoint_auth_method: String,
    /// Registered redirect URIs.
    pub redirect_uris: Vec<String>,
    /// Grant types.
    pub grant_types: Vec<String>,
    /// Scopes it may ask for.
    pub scope: String,
}

/// One demo person.
#[derive(Clone, Deserialize)]
pub struct Resident {
    /// Id at the test authenticator.
    pub login_id: String,
    /// Secret at the test authenticator.
    pub login_secret: String,
    /// Mail address.
    #[serde(default)]
    pub email: Option<String>,
    /// Name on the card.
    #[serde(default)]
    pub name: Option<String>,
    /// Municipality.
    #[serde(default)]
    pub city_code: Option<String>,
    /// Card in `virtual_cards`.
    #[serde(default)]
    pub card: Option<String>,
    /// Four digits of the user authentication key.
    #[serde(default)]
    pub pin: Option<String>,
    /// Password of the signature key.
    #[serde(default)]
    pub signature_password: Option<String>,
}

/// One card that the demo can put into the virtual reader.
#[derive(Clone, Deserialize)]
pub struct VirtualCard {
    /// Its name on the command line.
    pub name: String,
    /// Four digits.
    #[serde(default)]
    pub pin: Option<String>,
    /// Four digits of the text application.
    #[serde(default)]
    pub text_pin: Option<String>,
    /// Signature password.
    #[serde(default)]
    pub signature_password: Option<String>,
    /// What it is for.
    #[serde(default)]
    pub what: String,
}

/// One member of staff.
#[derive(Clone, Deserialize)]
pub struct Staff {
    /// Id at the demo's one-click sign-in.
    pub login_id: String,
    /// Secret.
    #[serde(default)]
    pub login_secret: Option<String>,
    /// Role.
    pub role: String,
}

impl Line {
    /// The client of this id.
    ///
    /// # Panics
    /// There is none.
    #[must_use]
    pub fn client(&self, id: &str) -> &ClientRow {
        self.clients.iter().find(|client| client.client_id == id).unwrap_or_else(|| panic!("no client {id}"))
    }

    /// 山田花子: adult, of Kaga, proofed.
    #[must_use]
    pub fn hanako(&self) -> &Resident {
        &self.residents[0]
    }

    /// 佐藤健: adult, of Komatsu, proofed.
    #[must_use]
    pub fn ken(&self) -> &Resident {
        &self.residents[1]
    }

    /// The bench user of this number.
    ///
    /// # Panics
    /// There is none.
    #[must_use]
    pub fn user(&self, number: usize) -> &Resident {
        let id = format!("user{number}");
        self.residents.iter().find(|one| one.login_id == id).unwrap_or_else(|| panic!("no resident {id}"))
    }
}

impl fmt::Debug for Resident {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Resident").field("login_id", &self.login_id).finish_non_exhaustive()
    }
}

impl fmt::Debug for ClientRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientRow").field("client_id", &self.client_id).finish_non_exhaustive()
    }
}
