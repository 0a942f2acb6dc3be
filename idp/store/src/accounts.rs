//! Those who sign in. No personal value.

use crate::place::{Bytes as _, Doing as _, Place, millis, one, time};
use crate::schema::accounts;
use crate::tx::Tx;
use diesel::prelude::*;
use pass_core::Time;
use pass_core::domain::account::Account;
use pass_core::domain::words::Language;
use pass_core::fault::Outcome;
use pass_core::id::{AccountId, PersonId};

#[derive(Queryable, Insertable)]
#[diesel(table_name = accounts)]
struct Row {
    id: Vec<u8>,
    person_id: Vec<u8>,
    user_handle: Vec<u8>,
    language: String,
    created_at: i64,
    closed_at: Option<i64>,
}

impl Row {
    fn write(account: &Account) -> Self {
        Self {
            id: account.id.write(),
            person_id: account.person.write(),
            user_handle: account.user_handle.to_vec(),
            language: word(account.language).into(),
            created_at: account.created_at.0,
            closed_at: millis(account.closed_at),
        }
    }

    fn read(self) -> Outcome<Account> {
        let at = Place::of("accounts", &self.id);
        Ok(Account {
            id: at.bytes("id", &self.id)?,
            person: at.bytes("person_id", &self.person_id)?,
            user_handle: at.bytes("user_handle", &self.user_handle)?,
            language: at.word("language", &self.language, language)?,
            created_at: Time(self.created_at),
            closed_at: time(self.closed_at),
        })
    }
}

const fn word(language: Language) -> &'static str {
    match language {
        Language::Ja => "ja",
        Language::Easy => "easy",
        Language::En => "en",
    }
}

fn language(found: &str) -> Option<Language> {
    [Language::Ja, Language::Easy, Language::En].into_iter().find(|language| word(*language) == found)
}

/// By row.
pub fn find(tx: &mut Tx, id: AccountId) -> Outcome<Option<Account>> {
    one(accounts::table.find(&id.0[..]).get_result(&mut tx.db), "find an account", Row::read)
}

/// By the user handle of a passkey.
pub fn find_by_user_handle(tx: &mut Tx, handle: &[u8; 16]) -> Outcome<Option<Account>> {
    let query = accounts::table.filter(accounts::user_handle.eq(&handle[..]));
    one(query.get_result(&mut tx.db), "find an account by its user handle", Row::read)
}

/// The account whose own person this is.
pub fn find_by_person(tx: &mut Tx, person: PersonId) -> Outcome<Option<Account>> {
    let query = accounts::table.filter(accounts::person_id.eq(&person.0[..]));
    one(query.get_result(&mut tx.db), "find an account by its person", Row::read)
}

/// A new one.
pub fn insert(tx: &mut Tx, account: &Account) -> Outcome<()> {
    let row = Row::write(account);
    diesel::insert_into(accounts::table).values(row).execute(&mut tx.db).map(drop).doing("insert an account")
}

/// The language last chosen; for the lazy queue.
pub fn set_language_lazy(tx: &mut Tx, id: AccountId, language: Language) -> Outcome<()> {
    let change = diesel::update(accounts::table.find(&id.0[..])).set(accounts::language.eq(word(language)));
    change.execute(&mut tx.db).map(drop).doing("set an account's language")
}

/// Holds an open account until the transaction ends: it is not closed meanwhile. `false`: it is closed already or unknown.
pub fn hold_open(tx: &mut Tx, id: AccountId) -> Outcome<bool> {
    let open = accounts::table.find(&id.0[..]).filter(accounts::closed_at.is_null());
    let change = diesel::update(open).set(accounts::closed_at.eq(None::<i64>));
    change.execute(&mut tx.db).map(|rows| rows == 1).doing("hold an open account")
}

/// Closes it. `false`: it is closed already or unknown.
pub fn close(tx: &mut Tx, id: AccountId, now: Time) -> Outcome<bool> {
    let open = accounts::table.find(&id.0[..]).filter(accounts::closed_at.is_null());
    let change = diesel::update(open).set(accounts::closed_at.eq(now.0));
    change.execute(&mut tx.db).map(|rows| rows == 1).doing("close an account")
}
