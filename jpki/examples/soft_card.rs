//! Puts one soft card into the virtual reader, or proofs the card on any reader: the two ends of the PC/SC leg.
//!
//! `soft_card serve HOST:PORT NAME DIR` · `soft_card prove NAME DIR`

use std::{env, path::Path, process::ExitCode};

use jpki::{
    Enrolment, EnrolmentFields, Pin, agent, reader,
    soft::{Family, NamedCard, vpcd},
    verify,
};

#[expect(clippy::print_stderr, reason = "a command line program")]
fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match arguments[..] {
        ["serve", address, name, dir] => {
            with_card(name, dir, |_, card| vpcd::serve(card.insert(), address).map_err(|error| error.to_string()))
        }
        ["prove", name, dir] => with_card(name, dir, prove),
        _ => Err("usage: soft_card serve HOST:PORT NAME DIR | soft_card prove NAME DIR".into()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn with_card(name: &str, dir: &str, act: impl FnOnce(&Family, &NamedCard) -> Result<(), String>) -> Result<(), String> {
    let family = Family::open_or_create(Path::new(dir), now()).map_err(|error| error.to_string())?;
    let card = family.card(name).ok_or("no such card")?;
    act(&family, card)
}

/// The whole proofing over PC/SC, from the reader to the verdict.
#[expect(clippy::print_stdout, reason = "a command line program")]
fn prove(family: &Family, card: &NamedCard) -> Result<(), String> {
    let fields = EnrolmentFields {
        issuer: "http://localhost".into(),
        account: "card check".into(),
        purpose: "仮想リーダーでの確認".into(),
        nonce: [9; 32],
        ticket: "check".into(),
        issued_at: now(),
    };
    let statement = Enrolment::new(fields).map_err(|error| error.to_string())?;
    let password = Pin::signature(&card.signature_password).map_err(|error| error.to_string())?;
    let mut connection = reader::connect().map_err(|error| error.code().to_owned())?;
    agent::look(&mut connection).map_err(|error| error.code().to_owned())?;
    let proof =
        agent::read_and_sign(&mut connection, &statement, &password).map_err(|error| error.code().to_owned())?;
    let verified = verify(&proof, &family.anchors(), &family.revocation(), &statement, now())
        .map_err(|refusal| refusal.code().to_owned())?;
    for check in verified.checks() {
        println!("{:?}: {:?}", check.what, check.outcome);
    }
    Ok(())
}

/// The wiring of this small program: it alone reads the clock.
#[expect(clippy::disallowed_methods, reason = "an example is its own wiring")]
fn now() -> i64 {
    let elapsed = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("the clock is past 1970");
    i64::try_from(elapsed.as_secs()).expect("seconds fit")
}
