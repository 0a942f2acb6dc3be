//! `pass staff invite`: a one-time link by which a staff member makes the first passkey.

use super::opened::{ConfigArgs, Opened, block_on};
use super::out::say;
use crate::wiring::{SystemClock, SystemEntropy};
use clap::Subcommand;
use pass_admin::{Invitation, invite};
use pass_core::domain::staff::Role;
use pass_core::{Clock, Fault};

/// Staff of PASS Manager.
#[derive(Subcommand)]
pub enum StaffCommand {
    /// Print a one-time passkey link.
    Invite {
        #[command(flatten)]
        config: ConfigArgs,
        /// The name that Manager and the audit log show.
        #[arg(long)]
        name: String,
        /// The facility's short name; without one the member acts for the whole city.
        #[arg(long)]
        facility: Option<String>,
        /// Reception only.
        #[arg(long, requires = "facility")]
        receptionist: bool,
    },
}

/// Runs it.
pub fn run(command: StaffCommand) -> Result<(), Fault> {
    let StaffCommand::Invite { config, name, facility, receptionist } = command;
    let Opened { config, store, .. } = config.open()?;
    let role = match facility {
        None => Role::CityAdmin,
        Some(slug) => {
            let asked = slug.clone();
            let facility = block_on(store.read(move |tx| pass_store::facilities::find_by_slug(tx, &asked)))?
                .ok_or_else(|| Fault::new(format!("there is no facility {slug}: pass facility list")))?;
            if receptionist { Role::Receptionist(facility.id) } else { Role::FacilityAdmin(facility.id) }
        }
    };
    let invitation = Invitation { name, role };
    let link = block_on(invite(&store, &config.issuer.url, invitation, SystemClock.now(), &SystemEntropy))?;
    say!("{link}");
    say!("The link works once. Hand it over in person or by a trusted way.");
    Ok(())
}
