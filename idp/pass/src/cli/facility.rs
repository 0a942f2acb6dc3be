//! `pass facility new|list`.

use super::opened::{ConfigArgs, Opened, block_on};
use super::out::say;
use crate::wiring::{SystemClock, SystemEntropy};
use clap::{Args, Subcommand};
use pass_core::authn::acr::Acr;
use pass_core::claims::Claim;
use pass_core::domain::audit::{Act, Actor, AuditEvent};
use pass_core::domain::facility::{Ceiling, CeilingEntry, Facility, Organisation, Requirement};
use pass_core::domain::words::LocalText;
use pass_core::id::{AuditId, FacilityId, OrganisationId};
use pass_core::{Clock, Fault, Time};
use pass_store::changes::{Topic, bump};

/// Facilities.
#[derive(Subcommand)]
pub enum FacilityCommand {
    /// Register a facility with the claims it may ask for at most.
    New(Box<NewFacility>),
    /// All facilities.
    List(ConfigArgs),
}

/// `pass facility new`
#[derive(Args)]
pub struct NewFacility {
    #[command(flatten)]
    config: ConfigArgs,
    /// Short name for commands and addresses, for example `library`: small letters, digits, hyphens. It is the sector of the residents' numbers: never change it.
    #[arg(long)]
    slug: String,
    /// Registered name, for example 加賀市立図書館.
    #[arg(long)]
    name: String,
    /// The name in English.
    #[arg(long, default_value = "")]
    name_en: String,
    /// Who runs it, for example 加賀市. Facilities of one name share an organisation.
    #[arg(long)]
    organisation: String,
    /// Which part of it receives the data, for example 図書館 利用登録.
    #[arg(long, default_value = "")]
    department: String,
    /// Municipality code, six digits; `is_resident` compares with it.
    #[arg(long)]
    municipality: String,
    /// What the claims are used for, as the consent page says it.
    #[arg(long)]
    purpose: String,
    /// The purpose in English.
    #[arg(long, default_value = "")]
    purpose_en: String,
    /// Claims the facility needs, separated by commas.
    #[arg(long, value_delimiter = ',')]
    claims: Vec<String>,
    /// Claims the resident may leave out, separated by commas.
    #[arg(long, value_delimiter = ',')]
    optional: Vec<String>,
    /// Least strength of the sign-in: 0, aal1, aal2, aal2-face, aal3.
    #[arg(long, default_value = "aal1")]
    least: String,
}

/// Runs it.
pub fn run(command: FacilityCommand) -> Result<(), Fault> {
    match command {
        FacilityCommand::New(new) => add(&new),
        FacilityCommand::List(config) => list(&config),
    }
}

fn list(config: &ConfigArgs) -> Result<(), Fault> {
    let store = config.open()?.store;
    let rows = block_on(
        store.read(|tx| Ok((pass_store::facilities::find_all(tx)?, pass_store::ceilings::find_all_latest(tx)?))),
    )?;
    for facility in rows.0 {
        let ceiling = rows.1.iter().find(|ceiling| ceiling.facility == facility.id);
        let claims: Vec<&str> =
            ceiling.into_iter().flat_map(|ceiling| &ceiling.entries).map(|entry| entry.claim.as_str()).collect();
        say!("{}  {}  {}  {}", facility.slug, facility.name.ja, facility.municipality, claims.join(","));
    }
    Ok(())
}

fn add(new: &NewFacility) -> Result<(), Fault> {
    let Opened { store, .. } = new.config.open()?;
    let now = SystemClock.now();
    if pass_core::claims::residence::city_name(&new.municipality).is_none() {
        return Err(Fault::new(format!(
            "{} is not the code of a municipality (six digits, for example 172065)",
            new.municipality
        )));
    }
    check_slug(&new.slug)?;
    let entries = entries(new)?;
    let slug = new.slug.clone();
    if block_on(store.read(move |tx| pass_store::facilities::find_by_slug(tx, &slug)))?.is_some() {
        return Err(Fault::new(format!("there is a facility {} already: pass facility list", new.slug)));
    }
    let known = block_on(store.read(pass_store::organisations::find_all))?;
    let known = known.into_iter().find(|organisation| organisation.name.ja == new.organisation);
    let organisation = Organisation {
        id: known.as_ref().map_or_else(|| OrganisationId::new(now, &SystemEntropy), |known| known.id),
        name: LocalText::same(&new.organisation),
        public_body: true,
    };
    let facility = facility(new, organisation.id, now);
    let ceiling = Ceiling {
        facility: facility.id,
        version: 1,
        purpose: LocalText::new(&new.purpose, "", &new.purpose_en),
        entries,
        created_at: now,
    };
    let audit = AuditEvent {
        id: AuditId::new(now, &SystemEntropy),
        at: now,
        actor: Actor::Operator,
        act: Act::FacilityNew,
        person: None,
        facility: Some(facility.id),
        client: None,
        detail: facility.slug.clone(),
    };
    let fresh = known.is_none();
    block_on(store.write(move |tx| {
        if fresh {
            pass_store::organisations::insert(tx, &organisation)?;
        }
        pass_store::facilities::insert(tx, &facility)?;
        pass_store::ceilings::insert(tx, &ceiling)?;
        pass_store::audit::insert(tx, &audit)?;
        bump(tx, Topic::Facilities)
    }))?;
    say!("{}: registered. Next: pass client new --facility {} --redirect URI", new.slug, new.slug);
    Ok(())
}

/// It stands in commands, addresses and the derivation of `sub`, and can never be changed.
fn check_slug(slug: &str) -> Result<(), Fault> {
    let fits = (1..=32).contains(&slug.len())
        && slug.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    if fits {
        Ok(())
    } else {
        Err(Fault::new("--slug is 1 to 32 small letters, digits and hyphens, for example library"))
    }
}

fn entries(new: &NewFacility) -> Result<Vec<CeilingEntry>, Fault> {
    let least = Acr::parse(&new.least).ok_or_else(|| Fault::new("--least is 0, aal1, aal2, aal2-face or aal3"))?;
    let entry = |name: &String, requirement| {
        let claim =
            Claim::parse(name).ok_or_else(|| Fault::new(format!("{name} is not a claim of PASS (docs/claims.md)")))?;
        Ok(CeilingEntry { claim, requirement, least })
    };
    let required = new.claims.iter().map(|name| entry(name, Requirement::Required));
    required.chain(new.optional.iter().map(|name| entry(name, Requirement::Optional))).collect()
}

fn facility(new: &NewFacility, organisation: OrganisationId, now: Time) -> Facility {
    Facility {
        id: FacilityId::new(now, &SystemEntropy),
        organisation,
        slug: new.slug.clone(),
        name: LocalText::new(&new.name, "", &new.name_en),
        department: LocalText::same(&new.department),
        logo: "facility".into(),
        municipality: new.municipality.clone(),
        sector: new.slug.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_name_is_small_letters_digits_and_hyphens() {
        for good in ["library", "kosodate-2", "a", &"x".repeat(32)] {
            assert!(check_slug(good).is_ok(), "{good}");
        }
        for bad in ["", "Library", "図書館", "a b", "a/b", "a_b", &"x".repeat(33)] {
            assert!(check_slug(bad).is_err(), "{bad}");
        }
    }
}
