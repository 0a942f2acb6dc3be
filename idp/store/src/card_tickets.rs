//! One-use tickets that join browser, account and statement while a card signs.

use crate::Taken;
use crate::place::{Bytes as _, Doing as _, Place, millis, one, time};
use crate::schema::card_tickets;
use crate::taken::take_once;
use crate::tx::Tx;
use diesel::prelude::*;
use pass_core::Time;
use pass_core::domain::proofing::CardTicket;
use pass_core::fault::Outcome;
use pass_core::id::AccountId;
use pass_core::secret::Hash;

#[derive(Queryable, Insertable)]
#[diesel(table_name = card_tickets)]
struct Row {
    hash: Vec<u8>,
    browser: Vec<u8>,
    interaction: Option<Vec<u8>>,
    account_id: Option<Vec<u8>>,
    statement: String,
    expires_at: i64,
    used_at: Option<i64>,
    outcome: Option<String>,
    sealed_proof: Option<Vec<u8>>,
    completion: Option<Vec<u8>>,
}

impl Row {
    fn write(ticket: &CardTicket) -> Self {
        Self {
            hash: ticket.hash.write(),
            browser: ticket.browser.write(),
            interaction: ticket.interaction.map(|hash| hash.write()),
            account_id: ticket.account.map(|account| account.write()),
            statement: ticket.statement.clone(),
            expires_at: ticket.expires_at.0,
            used_at: millis(ticket.used_at),
            outcome: ticket.outcome.clone(),
            sealed_proof: ticket.sealed_proof.clone(),
            completion: ticket.completion.map(|hash| hash.write()),
        }
    }

    fn read(self) -> Outcome<CardTicket> {
        let at = Place::of("card_tickets", &self.hash);
        Ok(CardTicket {
            hash: at.bytes("hash", &self.hash)?,
            browser: at.bytes("browser", &self.browser)?,
            interaction: at.maybe("interaction", self.interaction.as_ref())?,
            account: at.maybe("account_id", self.account_id.as_ref())?,
            statement: self.statement,
            expires_at: Time(self.expires_at),
            used_at: time(self.used_at),
            outcome: self.outcome,
            sealed_proof: self.sealed_proof,
            completion: at.maybe("completion", self.completion.as_ref())?,
        })
    }
}

/// A new one.
pub fn insert(tx: &mut Tx, ticket: &CardTicket) -> Outcome<()> {
    let row = Row::write(ticket);
    diesel::insert_into(card_tickets::table).values(row).execute(&mut tx.db).map(drop).doing("insert a card ticket")
}

/// By its hash, used or not.
pub fn find(tx: &mut Tx, hash: &Hash) -> Outcome<Option<CardTicket>> {
    one(card_tickets::table.find(&hash.0[..]).get_result(&mut tx.db), "find a card ticket", Row::read)
}

/// Takes it: the agent posts its result once.
pub fn take(tx: &mut Tx, hash: &Hash, now: Time) -> Outcome<Taken<CardTicket>> {
    take_once!(card_tickets, Row, "take a card ticket", tx, hash, now)
}

/// What the agent's answer came to.
pub struct Came<'a> {
    /// `verified`, or the code of the refusal.
    pub outcome: &'a str,
    /// Whose card it is, where the ticket did not say.
    pub account: Option<AccountId>,
    /// The proof, kept until the browser comes back.
    pub sealed_proof: Option<&'a [u8]>,
    /// Hash of the secret that the browser must bring back from the agent.
    pub completion: Hash,
}

/// What came of it, for the browser that comes back; the proof is kept until then. `false`: the ticket was ended meanwhile.
pub fn set_outcome(tx: &mut Tx, hash: &Hash, came: &Came<'_>) -> Outcome<bool> {
    if let Some(account) = came.account {
        let nobody_yet = card_tickets::table.find(&hash.0[..]).filter(card_tickets::account_id.is_null());
        let change = diesel::update(nobody_yet).set(card_tickets::account_id.eq(&account.0[..]));
        change.execute(&mut tx.db).doing("say whose a card ticket is")?;
    }
    let waiting = card_tickets::table.find(&hash.0[..]).filter(card_tickets::outcome.is_null());
    let change = diesel::update(waiting).set((
        card_tickets::outcome.eq(came.outcome),
        card_tickets::sealed_proof.eq(came.sealed_proof),
        card_tickets::completion.eq(&came.completion.0[..]),
    ));
    change.execute(&mut tx.db).map(|rows| rows == 1).doing("set the outcome of a card ticket")
}

/// The browser is back with the secret, which works once. `false`: it is another, or was used.
pub fn arrive(tx: &mut Tx, hash: &Hash, completion: &Hash) -> Outcome<bool> {
    let waiting = card_tickets::table.find(&hash.0[..]).filter(card_tickets::completion.eq(&completion.0[..]));
    let change = diesel::update(waiting).set(card_tickets::completion.eq(None::<Vec<u8>>));
    change.execute(&mut tx.db).map(|rows| rows == 1).doing("let the browser of a card ticket arrive")
}

/// Ends it, and keeps why until it is purged, so that a page opened once more stays true; the proof goes at once. Of two who
/// end one ticket only the first does.
pub fn end(tx: &mut Tx, hash: &Hash, outcome: &str, now: Time) -> Outcome<bool> {
    let open = card_tickets::completion
        .is_not_null()
        .or(card_tickets::outcome.is_null())
        .or(card_tickets::outcome.eq(CardTicket::VERIFIED));
    let change = diesel::update(card_tickets::table.find(&hash.0[..]).filter(open)).set((
        card_tickets::outcome.eq(outcome),
        card_tickets::sealed_proof.eq(None::<Vec<u8>>),
        card_tickets::completion.eq(None::<Vec<u8>>),
    ));
    if change.execute(&mut tx.db).doing("end a card ticket")? == 0 {
        return Ok(false);
    }
    // Whoever has not posted yet does so no more.
    let unused = card_tickets::table.find(&hash.0[..]).filter(card_tickets::used_at.is_null());
    let change = diesel::update(unused).set(card_tickets::used_at.eq(now.0));
    change.execute(&mut tx.db).map(|_| true).doing("end a card ticket")
}
