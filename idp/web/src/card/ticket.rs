//! A ticket: one use, some minutes, one statement. Its statement says what it is for.

use crate::app::App;
use crate::flow::Stage;
use crate::people::Resident;
use crate::visit::Visit;
use pass_core::Fault;
use pass_core::domain::proofing::CardTicket;
use pass_core::id::AccountId;
use pass_core::jpki::{AnyFields, AnyStatement, EnrolmentFields, LoginFields};
use pass_core::secret::Hash;
use std::time::Duration;

/// Long enough to look for one's card.
const LIFE: Duration = Duration::from_secs(15 * 60);

/// What a person without a session can do with a card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ComingIn {
    /// Sign in with the login key and its four digits.
    Login,
    /// Come back with the signature key, when nothing but the card is left.
    Recovery,
}

/// Writes the ticket of a proofing and gives the address of the agent's page.
pub async fn issue(app: &App, visit: &Visit, stage: &Stage, resident: &Resident, agent: &str) -> Result<String, Fault> {
    let secret = app.token();
    let purpose = match stage.party.as_deref() {
        Some(party) => {
            let facility = party.facility.name.get(visit.language());
            visit.lang.t_args("card-statement-purpose-at", &[("facility", facility.into())]).plain()
        }
        None => visit.lang.t("card-statement-purpose").plain(),
    };
    let fields = AnyFields::Enrolment(EnrolmentFields {
        issuer: app.settings.issuer.clone(),
        account: resident.mail()?.map_or_else(|| "PASS".into(), |mail| crate::people::masked(&mail)),
        purpose,
        nonce: nonce(app),
        ticket: named(&secret),
        issued_at: visit.now.seconds(),
    });
    write(app, visit, Some(stage.interaction.hash), Some(resident.account.id), &secret, fields).await?;
    Ok(way(app, visit, &secret, &stage.path("proof/return"), agent))
}

/// Writes the ticket of somebody who signs in with a card, and gives the address of the agent's page. Whose the card is, the
/// card says.
pub async fn issue_coming_in(
    app: &App,
    visit: &Visit,
    stage: &Stage,
    coming: ComingIn,
    agent: &str,
) -> Result<String, Fault> {
    let secret = app.token();
    let to = match stage.party.as_deref() {
        Some(party) => party.facility.name.get(visit.language()).to_string(),
        None => "PASS".into(),
    };
    let key = match coming {
        ComingIn::Login => "card-statement-login",
        ComingIn::Recovery => "card-statement-recovery",
    };
    let fields = LoginFields {
        issuer: app.settings.issuer.clone(),
        purpose: visit.lang.t_args(key, &[("to", to.into())]).plain(),
        nonce: nonce(app),
        ticket: named(&secret),
        issued_at: visit.now.seconds(),
    };
    let fields = match coming {
        ComingIn::Login => AnyFields::Login(fields),
        ComingIn::Recovery => AnyFields::Recovery(fields),
    };
    write(app, visit, Some(stage.interaction.hash), None, &secret, fields).await?;
    Ok(way(app, visit, &secret, &stage.path("card/return"), agent))
}

/// Writes the ticket of a reading of a child's card, begun on the own pages, and gives the address of the agent's page.
pub async fn issue_reading(app: &App, visit: &Visit, resident: &Resident, agent: &str) -> Result<String, Fault> {
    let secret = app.token();
    let fields = AnyFields::Text(EnrolmentFields {
        issuer: app.settings.issuer.clone(),
        account: resident.mail()?.map_or_else(|| "PASS".into(), |mail| crate::people::masked(&mail)),
        purpose: visit.lang.t("card-statement-family").plain(),
        nonce: nonce(app),
        ticket: named(&secret),
        issued_at: visit.now.seconds(),
    });
    write(app, visit, None, Some(resident.account.id), &secret, fields).await?;
    Ok(way(app, visit, &secret, "/me/family/return", agent))
}

/// The statement of a ticket, as it was written.
pub(super) fn statement(ticket: &CardTicket) -> Result<AnyStatement, Fault> {
    let read = |error: &dyn std::fmt::Display| Fault::new(format!("read the statement of a card ticket: {error}"));
    let fields: AnyFields = serde_json::from_str(&ticket.statement).map_err(|error| read(&error))?;
    fields.check().map_err(|error| read(&error))
}

async fn write(
    app: &App,
    visit: &Visit,
    interaction: Option<Hash>,
    account: Option<AccountId>,
    secret: &str,
    fields: AnyFields,
) -> Result<(), Fault> {
    // What no agent would sign is not asked for.
    fields.clone().check().map_err(|error| Fault::because("write a statement", error))?;
    let row = CardTicket {
        hash: Hash::of(secret),
        browser: visit.browser_hash(),
        interaction,
        account,
        statement: serde_json::to_string(&fields).map_err(|error| Fault::because("write a statement", error))?,
        expires_at: visit.now + LIFE,
        used_at: None,
        outcome: None,
        sealed_proof: None,
        completion: None,
    };
    app.store.write(move |tx| pass_store::card_tickets::insert(tx, &row)).await
}

/// The address of the agent's page, with the way back.
fn way(app: &App, visit: &Visit, secret: &str, back: &str, agent: &str) -> String {
    let back = format!("{}{back}", app.settings.issuer);
    let query = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("issuer", &app.settings.issuer)
        .append_pair("ticket", secret)
        .append_pair("back", &back)
        .append_pair("lang", visit.lang.code())
        .finish();
    format!("{agent}/sign?{query}")
}

fn nonce(app: &App) -> [u8; 32] {
    let mut nonce = [0; 32];
    app.entropy.fill(&mut nonce);
    nonce
}

/// The statement names the ticket by its hash: a statement seen elsewhere gives no ticket away.
fn named(secret: &str) -> String {
    pass_core::id::hex(&Hash::of(secret).0[..16])
}
