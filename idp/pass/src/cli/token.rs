//! `pass token inspect`: what a token is, who acted, and which rule gives or withholds each claim, without the values.

use super::opened::{ConfigArgs, Opened, block_on};
use super::out::say;
use crate::wiring::SystemClock;
use clap::Subcommand;
use pass_core::domain::facility::{Ceiling, Facility};
use pass_core::oidc::access_token::{Presented, read};
use pass_core::oidc::keys::KeyRing;
use pass_core::secret::Hash;
use pass_core::{Clock, Fault};
use pass_store::Tx;
use pass_web::explain::{Explained, explain};
use pass_web::people::{Records, SealedRecords, TokenRows, behind, open_records_with};
use serde_json::json;

/// Tokens.
#[derive(Subcommand)]
pub enum TokenCommand {
    /// Show an access token: state, sign-in, and for each claim given or withheld with the reasons.
    Inspect {
        #[command(flatten)]
        config: ConfigArgs,
        /// The access token.
        token: String,
    },
}

/// Runs it.
pub fn run(command: TokenCommand) -> Result<(), Fault> {
    let TokenCommand::Inspect { config, token } = command;
    let Opened { config, store, keys } = config.open()?;
    let now = SystemClock.now();
    let rows = block_on(store.read(pass_store::signing_keys::find_all))?;
    let ring = KeyRing::build(&rows, &keys.signing)?;
    let Some(Presented::Row(hash)) = read(&token, &config.issuer.url, &ring, now) else {
        return Err(Fault::new("this is not a token about a person: a client's own JWT can be read by anybody"));
    };
    let found = block_on(store.read(move |tx| all(tx, &hash)))?.ok_or_else(|| Fault::new("there is no such token"))?;
    let records = open_records_with(&keys.persons, found.rows.grant.person, found.records)?;
    say!("{:#}", describe(&found.rows, &records, &found.facility, &found.ceiling, now));
    Ok(())
}

struct Found {
    rows: TokenRows,
    records: SealedRecords,
    facility: Facility,
    ceiling: Ceiling,
}

fn all(tx: &mut Tx, hash: &Hash) -> Result<Option<Found>, Fault> {
    let Some((rows, records)) = behind(tx, hash)? else { return Ok(None) };
    let missing = |what: &str| Fault::new(format!("the token's {what} is gone"));
    let client = pass_store::clients::find(tx, rows.grant.client)?.ok_or_else(|| missing("client"))?;
    let facility = pass_store::facilities::find(tx, client.facility)?.ok_or_else(|| missing("facility"))?;
    let ceiling = pass_store::ceilings::find_latest(tx, facility.id)?.ok_or_else(|| missing("ceiling"))?;
    Ok(Some(Found { rows, records, facility, ceiling }))
}

fn describe(
    rows: &TokenRows,
    records: &Records,
    facility: &Facility,
    ceiling: &Ceiling,
    now: pass_core::Time,
) -> serde_json::Value {
    let (token, grant, consent) = (&rows.token, &rows.grant, &rows.consent);
    let Explained { alive, claims } = explain(rows, records, facility, ceiling, now);
    json!({
        "alive": alive,
        "facility": facility.slug,
        "scopes": token.scopes,
        "expires_at": token.expires_at.seconds(),
        "acted": format!("{:?}", grant.account),
        "acr": grant.acr.as_str(),
        "amr": grant.amr,
        "auth_time": grant.auth_time.seconds(),
        "consent": { "given_at": consent.given_at.seconds(), "withdrawn": consent.withdrawn_at.is_some(), "ceiling_version": consent.ceiling_version },
        "claims": claims,
    })
}
