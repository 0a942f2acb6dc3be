//! What a demo must remember between starts: secrets of its clients and of its people, in a file beside the data.
//! It is also what `pass demo --json` prints.

use pass_core::Fault;
use serde::{Deserialize, Serialize};
use std::path::Path;

/// Secrets and names of one demo.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Manifest {
    /// Clients with their secrets.
    pub clients: Vec<ClientEntry>,
    /// Residents with their test sign-in and card.
    pub residents: Vec<ResidentEntry>,
    /// Staff.
    pub staff: Vec<StaffEntry>,
    /// Initial access token: registers clients of the demo's facility for trials.
    #[serde(default)]
    pub registration_token: String,
}

/// A client of the demo.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ClientEntry {
    /// Public id.
    pub client_id: String,
    /// Secret.
    pub client_secret: String,
    /// How it authenticates.
    pub token_endpoint_auth_method: String,
    /// Where answers go.
    pub redirect_uris: Vec<String>,
    /// Grants it may use.
    pub grant_types: Vec<String>,
    /// Scopes, space-separated.
    pub scope: String,
}

/// A resident of the demo.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ResidentEntry {
    /// Id of the test authenticator.
    pub login_id: String,
    /// Its secret.
    pub login_secret: String,
    /// Mail address.
    pub email: String,
    /// Name, as typed or on the card.
    pub name: String,
    /// Municipality of the card's address.
    pub city_code: Option<String>,
    /// Name of the virtual card.
    pub card: Option<String>,
    /// Its 4-digit PIN.
    pub pin: Option<String>,
    /// Its signature password.
    pub signature_password: Option<String>,
}

/// A staff member of the demo.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct StaffEntry {
    /// Which button of the sign-in page.
    pub login_id: String,
    /// The demo's one click needs no secret; this one is for programs that want one.
    pub login_secret: String,
    /// `city_admin` or `facility_admin`.
    pub role: String,
}

impl Manifest {
    /// Reads the file of an earlier start.
    pub fn load(path: &Path) -> Result<Option<Self>, Fault> {
        match std::fs::read(path) {
            Ok(bytes) => serde_json::from_slice(&bytes)
                .map(Some)
                .map_err(|error| Fault::because("read the demo's manifest", error)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Fault::because("read the demo's manifest", error)),
        }
    }

    /// Writes it, complete or not at all.
    pub fn save(&self, path: &Path) -> Result<(), Fault> {
        let text =
            serde_json::to_vec_pretty(self).map_err(|error| Fault::because("write the demo's manifest", error))?;
        let part = path.with_extension("part");
        std::fs::write(&part, text)
            .and_then(|()| std::fs::rename(&part, path))
            .map_err(|error| Fault::because("write the demo's manifest", error))
    }

    /// A client by its id.
    pub fn client(&self, client_id: &str) -> Option<&ClientEntry> {
        self.clients.iter().find(|client| client.client_id == client_id)
    }
}
