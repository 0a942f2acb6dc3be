//! What an authorization gives goes out: a grant and what stands for it in one transaction, and what is signed after it.

use super::token::encryption_keys;
use super::userinfo::told;
use crate::app::App;
use crate::directory::Party;
use crate::people::Resident;
use crate::visit::Visit;
use pass_core::Fault;
use pass_core::claims::release::{Agreement, ReleaseInput};
use pass_core::claims::scopes::Place;
use pass_core::domain::audit::AuditEvent;
use pass_core::domain::consent::Consent;
use pass_core::domain::grant::{Channel, Grant};
use pass_core::domain::interaction::Progress;
use pass_core::id::{ConsentId, SessionId};
use pass_core::oidc::client_keys::encrypt;
use pass_core::oidc::code::{Basis, Rows, Secrets, issue};
use pass_core::oidc::error::OAuthError;
use pass_core::oidc::id_token::{self, IdToken};
use pass_core::oidc::interaction::worth;
use pass_core::oidc::request::AuthorizationRequest;
use pass_core::oidc::respond::Granted;
use pass_core::oidc::session_state::{browser_state, session_state};
use pass_core::oidc::subject;
use pass_core::secret::Hash;
use pass_store::Tx;
use serde_json::{Map, Value};

/// For whom, to whom and on what ground something goes out.
pub struct Issue<'a> {
    /// Who asks.
    pub party: &'a Party,
    /// What was asked.
    pub request: &'a AuthorizationRequest,
    /// Who is signed in.
    pub resident: &'a Resident,
    /// What the person agreed to.
    pub consent: ConsentId,
    /// Steps done for this request.
    pub progress: &'a Progress,
    /// The interaction that ends with it, if there was one.
    pub interaction: Option<Hash>,
    /// The consent given a moment ago, to be written with the code: one commit for both.
    pub agreed: Option<Agreed>,
}

/// A consent about to be written.
pub struct Agreed {
    /// The consent.
    pub consent: Consent,
    /// Its audit event.
    pub audit: Option<AuditEvent>,
}

impl Agreed {
    /// Writes both.
    pub fn insert(&self, tx: &mut Tx) -> Result<(), Fault> {
        pass_store::consents::insert(tx, &self.consent)?;
        self.audit.as_ref().map_or(Ok(()), |audit| pass_store::audit::insert(tx, audit))
    }
}

/// What became of it.
pub enum Issued {
    /// It goes out.
    Granted(Granted),
    /// The client is told why not; nothing was written.
    Refused(OAuthError),
    /// Another answer closed the interaction first.
    Gone,
}

/// Writes grant, code and token as the response type has them, closes the interaction, and gives what goes out.
pub async fn granted(app: &App, visit: &Visit, what: Issue<'_>) -> Result<Issued, Fault> {
    let session = visit.session.as_ref().ok_or_else(|| Fault::new("issue a code: nobody is signed in"))?;
    let sign_in = worth(&session.events, what.request, what.progress, visit.now)
        .ok_or_else(|| Fault::new("issue a code: the session holds no event that counts"))?;
    let front = Front::of(&what);
    let keys = match what.request.response_type.id_token() {
        true => match encryption_keys(app, what.party).await {
            Ok(keys) => keys,
            Err(error) => return Ok(Issued::Refused(error)),
        },
        false => None,
    };
    let secrets = Secrets::draw(visit.now, &*app.entropy);
    let basis = Basis {
        request: what.request,
        client: &what.party.client,
        person: what.resident.person(),
        account: what.resident.account.id,
        consent: what.consent,
        session: session.id,
        sign_in: &sign_in,
    };
    let rows = issue(&basis, &secrets, visit.now);
    let id_token = match what.request.response_type.id_token() {
        true => Some(front.id_token(app, visit, &rows, &secrets, keys.as_deref())?),
        false => None,
    };
    let granted = Granted {
        code: rows.code.as_ref().map(|_| secrets.code().to_string()),
        access_token: rows.access.as_ref().map(|_| secrets.access().to_string()),
        id_token,
        session_state: state_of(app, &what, session.id),
    };
    Ok(if written(app, what, rows).await? { Issued::Granted(granted) } else { Issued::Gone })
}

async fn written(app: &App, what: Issue<'_>, rows: Rows) -> Result<bool, Fault> {
    let (interaction, agreed) = (what.interaction, what.agreed);
    app.store
        .write(move |tx| {
            // A form sent twice must not make two codes.
            if let Some(interaction) = &interaction
                && !pass_store::interactions::close(tx, interaction)?
            {
                return Ok(false);
            }
            if let Some(agreed) = &agreed {
                agreed.insert(tx)?;
            }
            pass_store::grants::insert(tx, &rows.grant)?;
            if let Some(code) = &rows.code {
                pass_store::codes::insert(tx, code)?;
            }
            if let Some(access) = &rows.access {
                pass_store::access_tokens::insert(tx, access)?;
            }
            Ok(true)
        })
        .await
}

/// Session Management 2: for clients that watch the session.
fn state_of(app: &App, what: &Issue<'_>, session: SessionId) -> Option<String> {
    let client = &what.party.client;
    client.flags.session_management.then_some(())?;
    let state = browser_state(&app.keys.session, session);
    session_state(&client.client_id, &what.request.redirect_uri, &state, &app.token()[..22])
}

/// What an ID token that goes through the browser is made of.
struct Front<'a> {
    party: &'a Party,
    resident: &'a Resident,
    request: &'a AuthorizationRequest,
    consent: Option<Consent>,
}

impl<'a> Front<'a> {
    fn of(what: &Issue<'a>) -> Self {
        let agreed = what.agreed.as_ref().map(|agreed| &agreed.consent);
        let consent = agreed.or(what.resident.consent.as_ref()).filter(|one| one.id == what.consent).cloned();
        Self { party: what.party, resident: what.resident, request: what.request, consent }
    }

    fn id_token(
        &self,
        app: &App,
        visit: &Visit,
        rows: &Rows,
        secrets: &Secrets,
        keys: Option<&Value>,
    ) -> Result<String, Fault> {
        let (client, sector) = (&self.party.client, &self.party.facility.sector);
        let sub = subject::pairwise(&app.keys.pairwise, sector, rows.grant.person);
        let sid = subject::sid(&app.keys.session, sector, rows.grant.session);
        let token = id_token::sign(
            &IdToken {
                issuer: &app.settings.issuer,
                client,
                subject: &sub,
                sid: &sid,
                grant: &rows.grant,
                nonce: self.request.nonce.as_deref(),
                access_token: rows.access.as_ref().map(|_| secrets.access()),
                code: rows.code.as_ref().map(|_| secrets.code()),
                claims: &self.claims(app, visit, &rows.grant),
                now: visit.now,
            },
            &app.directory().keys,
        )?;
        match client.metadata.id_token_encryption {
            Some(encryption) => encrypt(&token, encryption, keys),
            None => Ok(token),
        }
    }

    fn claims(&self, app: &App, visit: &Visit, grant: &Grant) -> Map<String, Value> {
        let response_type = self.request.response_type;
        // OpenID Connect Core 5.4: where no access token comes of it, scopes too are answered in the ID token.
        let place = if response_type.code() || response_type.token() { Place::IdToken } else { Place::Anywhere };
        if place == Place::IdToken && !grant.claims.asks_in_id_token() {
            return Map::new();
        }
        let input = ReleaseInput {
            proven: self.resident.proven(),
            declared: &self.resident.declared,
            facility: &self.party.facility,
            ceiling: &self.party.ceiling,
            scopes: &grant.scopes,
            request: &grant.claims,
            place,
            consent: self.consent.as_ref().map_or(Agreement::Missing, Agreement::Given),
            channel: Channel::Front,
            acr: grant.acr,
            now: visit.now,
        };
        told(app, &input)
    }
}
