//! A ticket: one use, some minutes, one statement.

use crate::app::App;
use crate::flow::Stage;
use crate::people::Resident;
use crate::visit::Visit;
use pass_core::Fault;
use pass_core::domain::proofing::CardTicket;
use pass_core::jpki::statement::Statement;
use pass_core::jpki::{Enrolment, EnrolmentFields};
use pass_core::secret::Hash;
use std::time::Duration;

/// Long enough to look for one's card.
const LIFE: Duration = Duration::from_secs(15 * 60);

/// Writes a ticket and gives the address of the agent's page.
pub async fn issue(app: &App, visit: &Visit, stage: &Stage, resident: &Resident, agent: &str) -> Result<String, Fault> {
    let secret = app.token();
    let statement = statement(app, visit, stage, resident, &secret)?;
    let row = CardTicket {
        hash: Hash::of(&secret),
        browser: visit.browser_hash(),
        interaction: Some(stage.interaction.hash),
        account: resident.account.id,
        statement: String::from_utf8(statement.to_bytes())
            .map_err(|error| Fault::because("write a statement", error))?,
        expires_at: visit.now + LIFE,
        used_at: None,
        outcome: None,
        sealed_proof: None,
        completion: None,
    };
    app.store.write(move |tx| pass_store::card_tickets::insert(tx, &row)).await?;
    let back = format!("{}{}", app.settings.issuer, stage.path("proof/return"));
    let query = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("issuer", &app.settings.issuer)
        .append_pair("ticket", &secret)
        .append_pair("back", &back)
        .append_pair("lang", visit.lang.code())
        .finish();
    Ok(format!("{agent}/sign?{query}"))
}

/// The text that the person signs: who asks, for which account, what for.
fn statement(app: &App, visit: &Visit, stage: &Stage, resident: &Resident, secret: &str) -> Result<Enrolment, Fault> {
    let mut nonce = [0; 32];
    app.entropy.fill(&mut nonce);
    Enrolment::new(EnrolmentFields {
        issuer: app.settings.issuer.clone(),
        account: resident.mail()?.map_or_else(|| "PASS".into(), |mail| crate::people::masked(&mail)),
        purpose: match stage.party.as_deref() {
            Some(party) => {
                let facility = party.facility.name.get(visit.language());
                visit.lang.t_args("card-statement-purpose-at", &[("facility", facility.into())]).plain()
            }
            None => visit.lang.t("card-statement-purpose").plain(),
        },
        nonce,
        // The statement names the ticket by its hash: a statement seen elsewhere gives no ticket away.
        ticket: pass_core::id::hex(&Hash::of(secret).0[..16]),
        issued_at: visit.now.seconds(),
    })
    .map_err(|error| Fault::because("write a statement", error))
}
