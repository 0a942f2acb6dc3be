//! Puts one soft card into the virtual reader, or does something with the card on any reader: the two ends of the PC/SC
//! leg.
//!
//! `soft_card serve HOST:PORT NAME DIR` · `soft_card prove NAME DIR` · `soft_card text NAME DIR` · `soft_card behave`
//! · `soft_card speed NAME DIR`
//!
//! `CARD_QUIRK` gives the served card a habit: `first`, `61xx` or `6Cxx`.

#[path = "../tests/behaviour/table.rs"]
mod table;

use std::{env, path::Path, process::ExitCode};

use jpki::{
    Enrolment, EnrolmentFields, Pin, TextReading, agent, reader,
    soft::{Family, NamedCard, Quirk, vpcd},
    verify, verify_text,
};
use pcsc::{Card, Context, Disposition, MAX_BUFFER_SIZE_EXTENDED, Protocols, Scope, ShareMode};

#[expect(clippy::print_stderr, reason = "a command line program")]
fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match arguments[..] {
        ["serve", address, name, dir] => with_card(name, dir, |_, card| {
            vpcd::serve(card.insert().with_quirk(quirk()?), address).map_err(|error| error.to_string())
        }),
        ["prove", name, dir] => with_card(name, dir, prove),
        ["text", name, dir] => with_card(name, dir, text),
        ["behave"] => behave(),
        ["speed", name, dir] => with_card(name, dir, speed),
        _ => Err("usage: soft_card serve HOST:PORT NAME DIR | prove, text or speed NAME DIR | behave".into()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn quirk() -> Result<Quirk, String> {
    match env::var("CARD_QUIRK").unwrap_or_default().as_str() {
        "" => Ok(Quirk::None),
        "first" => Ok(Quirk::FirstCommandFails),
        "61xx" => Ok(Quirk::GetResponse),
        "6Cxx" => Ok(Quirk::ExactLe),
        other => Err(format!("no habit is called {other}")),
    }
}

fn with_card(name: &str, dir: &str, act: impl FnOnce(&Family, &NamedCard) -> Result<(), String>) -> Result<(), String> {
    let family = Family::open_or_create(Path::new(dir), now()).map_err(|error| error.to_string())?;
    let card = family.card(name).ok_or("no such card")?;
    act(&family, card)
}

fn fields() -> EnrolmentFields {
    EnrolmentFields {
        issuer: "http://localhost".into(),
        account: "card check".into(),
        purpose: "仮想リーダーでの確認".into(),
        nonce: [9; 32],
        ticket: "check".into(),
        issued_at: now(),
    }
}

/// The whole proofing over PC/SC, from the reader to the verdict.
#[expect(clippy::print_stdout, reason = "a command line program")]
fn prove(family: &Family, card: &NamedCard) -> Result<(), String> {
    let statement = Enrolment::new(fields()).map_err(|error| error.to_string())?;
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

/// A reading of the text application over PC/SC, from the reader to the verdict.
#[expect(clippy::print_stdout, reason = "a command line program")]
fn text(family: &Family, card: &NamedCard) -> Result<(), String> {
    let reading = TextReading::new(fields()).map_err(|error| error.to_string())?;
    let pin = Pin::text(&card.text_pin).map_err(|error| error.to_string())?;
    let mut connection = reader::connect().map_err(|error| error.code().to_owned())?;
    let proof = agent::read_text(&mut connection, &reading, &pin).map_err(|error| error.code().to_owned())?;
    let verified =
        verify_text(&proof, &reading, &family.text_anchors(), now()).map_err(|refusal| refusal.code().to_owned())?;
    for check in verified.checks() {
        println!("{:?}: {:?}", check.what, check.outcome);
    }
    Ok(())
}

/// How long the parts of a visit take over PC/SC: the median of some runs, in milliseconds.
#[expect(clippy::print_stdout, reason = "a command line program")]
fn speed(_: &Family, card: &NamedCard) -> Result<(), String> {
    let median = |name: &str, runs: usize, act: &mut dyn FnMut() -> Result<(), String>| -> Result<(), String> {
        let mut took = Vec::new();
        for _ in 0..runs {
            let began = std::time::Instant::now();
            act()?;
            took.push(began.elapsed());
        }
        took.sort();
        println!("{name}: {:.1} ms, slowest {:.1} ms", ms(took[runs / 2]), ms(took[runs - 1]));
        Ok(())
    };
    let pin = Pin::auth(&card.pin).map_err(|error| error.to_string())?;
    let told = |error: jpki::card::CardError| error.code().to_owned();
    let connect = || reader::connect().map_err(|error| error.code().to_owned());
    median("take the card and leave it without power", 20, &mut || connect().map(drop))?;
    let mut connection = connect()?;
    median("look at the card", 20, &mut || agent::look_for_login(&mut connection).map(drop).map_err(told))?;
    median("read the login certificate", 20, &mut || {
        let mut session = jpki::card::Card::open(&mut connection).map_err(told)?;
        session.read_auth_certificate().map_err(told)?;
        session.end().map_err(told)
    })?;
    let challenge = jpki::LoginChallenge::new(jpki::LoginFields {
        issuer: "http://localhost".into(),
        purpose: "card check".into(),
        nonce: [9; 32],
        ticket: "check".into(),
        issued_at: now(),
    });
    let statement = jpki::AnyStatement::Login(challenge.map_err(|error| error.to_string())?);
    let typed = agent::Typed { pin: Some(pin), ..agent::Typed::default() };
    median("a whole login: PIN, signature, certificate", 20, &mut || {
        agent::sign(&mut connection, &statement, &typed).map(drop).map_err(|error| error.code().to_owned())
    })
}

fn ms(time: std::time::Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// The behaviour table over PC/SC, without our firewall: it asks what a card answers, not what we would ask.
#[expect(clippy::print_stdout, reason = "a command line program")]
fn behave() -> Result<(), String> {
    let context = Context::establish(Scope::User).map_err(|error| error.to_string())?;
    let mut reader = Bare { card: None, context };
    reader.connect()?;
    let wrong = table::run(&mut reader);
    if wrong.is_empty() {
        println!("{} rows as the table says", table::ROWS.len());
        Ok(())
    } else {
        Err(wrong.join("\n"))
    }
}

struct Bare {
    context: Context,
    card: Option<Card>,
}

impl Bare {
    fn connect(&mut self) -> Result<(), String> {
        let names = self.context.list_readers_owned().map_err(|error| error.to_string())?;
        let connect = |name| self.context.connect(name, ShareMode::Exclusive, Protocols::ANY).ok();
        self.card = names.iter().find_map(|name| connect(name));
        self.card.as_ref().map(drop).ok_or_else(|| "no card".to_owned())
    }

    fn again(&mut self, how: Disposition) {
        let card = self.card.as_mut().expect("a card is connected");
        card.reconnect(ShareMode::Exclusive, Protocols::ANY, how).expect("the card is still there");
    }
}

impl table::Reader for Bare {
    fn send(&mut self, command: &[u8]) -> Vec<u8> {
        let mut buffer = vec![0; MAX_BUFFER_SIZE_EXTENDED];
        let card = self.card.as_ref().expect("a card is connected");
        card.transmit(command, &mut buffer).map(<[u8]>::to_vec).unwrap_or_default()
    }

    fn reset(&mut self) {
        self.again(Disposition::ResetCard);
    }

    fn unpower(&mut self) {
        self.again(Disposition::UnpowerCard);
    }

    fn leave(&mut self) {
        let card = self.card.take().expect("a card is connected");
        card.disconnect(Disposition::LeaveCard).map_err(|(_, error)| error).expect("disconnecting works");
        self.connect().expect("the card is still there");
    }
}

/// The wiring of this small program: it alone reads the clock.
#[expect(clippy::disallowed_methods, reason = "an example is its own wiring")]
fn now() -> i64 {
    let elapsed = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("the clock is past 1970");
    i64::try_from(elapsed.as_secs()).expect("seconds fit")
}
