//! `pass card`: the demo's soft cards, to look at and to put into a virtual PC/SC reader (vsmartcard).

use super::out::say;
use crate::wiring::SystemClock;
use jpki::soft::{Family, vpcd};
use pass_core::{Clock, Fault};
use std::path::{Path, PathBuf};

/// Show the soft cards, or put one into a virtual reader.
#[derive(clap::Args)]
pub struct CardArgs {
    /// Folder of the demo's data; the cards are made where there are none
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// List the cards with their secrets
    #[arg(long, conflicts_with = "vpcd")]
    list: bool,
    /// Virtual reader to put the card into, until the reader goes away
    #[arg(long, value_name = "HOST:PORT", requires = "name", required_unless_present = "list")]
    vpcd: Option<String>,
    /// Name of the card
    name: Option<String>,
}

/// Lists, or serves one card.
pub fn run(args: CardArgs) -> Result<(), Fault> {
    let family = family(&args.data)?;
    let Some(reader) = args.vpcd else {
        list(&family);
        return Ok(());
    };
    let name = args.name.unwrap_or_default();
    let card = family.card(&name).ok_or_else(|| Fault::new(format!("no soft card is called {name}; see --list")))?;
    vpcd::serve(card.insert(), &reader)
        .map_err(|error| Fault::because(format!("put the card into the virtual reader {reader}"), error))
}

/// The soft cards of a folder, which is that of `pass demo --data`.
pub fn family(folder: &Path) -> Result<Family, Fault> {
    Family::open_or_create(folder, SystemClock.now().seconds())
        .map_err(|error| Fault::because("open the soft cards", error))
}

fn list(family: &Family) {
    say!("name\tPIN\ttext PIN\tpassword\tnumber B\twhat it is");
    for card in family.cards() {
        let of_text = |secret: &str| if secret.is_empty() { "-".to_owned() } else { secret.to_owned() };
        say!(
            "{}\t{}\t{}\t{}\t{}\t{}",
            card.name,
            card.pin,
            of_text(&card.text_pin),
            card.signature_password,
            of_text(&card.number_b),
            card.what
        );
    }
}
