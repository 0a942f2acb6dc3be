//! Ways to sign in.

use crate::place::{Bytes as _, Doing as _, Place, many, millis, one, time};
use crate::schema::credentials;
use crate::tx::Tx;
use diesel::prelude::*;
use pass_core::Time;
use pass_core::domain::account::{Credential, CredentialKind};
use pass_core::fault::Outcome;
use pass_core::id::{AccountId, CredentialId};
use pass_core::secret::Hash;

#[derive(Queryable, Insertable)]
#[diesel(table_name = credentials)]
struct Row {
    id: Vec<u8>,
    account_id: Vec<u8>,
    kind: String,
    lookup: Vec<u8>,
    public: Vec<u8>,
    label: String,
    created_at: i64,
    last_used_at_lazy: Option<i64>,
}

impl Row {
    fn write(credential: &Credential) -> Self {
        Self {
            id: credential.id.write(),
            account_id: credential.account.write(),
            kind: credential.kind.as_str().into(),
            lookup: credential.lookup.write(),
            public: credential.public.clone(),
            label: credential.label.clone(),
            created_at: credential.created_at.0,
            last_used_at_lazy: millis(credential.last_used_at_lazy),
        }
    }

    fn read(self) -> Outcome<Credential> {
        let at = Place::of("credentials", &self.id);
        Ok(Credential {
            id: at.bytes("id", &self.id)?,
            account: at.bytes("account_id", &self.account_id)?,
            kind: at.word("kind", &self.kind, CredentialKind::parse)?,
            lookup: at.bytes("lookup", &self.lookup)?,
            public: self.public,
            label: self.label,
            created_at: Time(self.created_at),
            last_used_at_lazy: time(self.last_used_at_lazy),
        })
    }
}

/// By row.
pub fn find(tx: &mut Tx, id: CredentialId) -> Outcome<Option<Credential>> {
    one(credentials::table.find(&id.0[..]).get_result(&mut tx.db), "find a credential", Row::read)
}

/// By what it is found by, in its kind.
pub fn find_by_lookup(tx: &mut Tx, kind: CredentialKind, lookup: &Hash) -> Outcome<Option<Credential>> {
    let query =
        credentials::table.filter(credentials::lookup.eq(&lookup.0[..])).filter(credentials::kind.eq(kind.as_str()));
    one(query.get_result(&mut tx.db), "find a credential by its look-up value", Row::read)
}

/// Every one of an account, in the order they were added.
pub fn find_all_of(tx: &mut Tx, account: AccountId) -> Outcome<Vec<Credential>> {
    let query = credentials::table.filter(credentials::account_id.eq(&account.0[..])).order(credentials::id);
    many(query.load(&mut tx.db), "find the credentials of an account", Row::read)
}

/// A new one. A second one with the same look-up value in its kind is a fault.
pub fn insert(tx: &mut Tx, credential: &Credential) -> Outcome<()> {
    diesel::insert_into(credentials::table)
        .values(Row::write(credential))
        .execute(&mut tx.db)
        .map(drop)
        .doing("insert a credential")
}

/// Another public part: a passkey after its use, with its new counter.
pub fn replace_public(tx: &mut Tx, id: CredentialId, public: &[u8]) -> Outcome<()> {
    let change = diesel::update(credentials::table.find(&id.0[..])).set(credentials::public.eq(public));
    change.execute(&mut tx.db).map(drop).doing("replace a credential's public part")
}

/// When it was last used; for the lazy queue.
pub fn set_last_used_lazy(tx: &mut Tx, id: CredentialId, now: Time) -> Outcome<()> {
    let change = diesel::update(credentials::table.find(&id.0[..])).set(credentials::last_used_at_lazy.eq(now.0));
    change.execute(&mut tx.db).map(drop).doing("set a credential's last use")
}

/// Removes one of an account's own. `false`: it has no such credential.
pub fn remove(tx: &mut Tx, account: AccountId, id: CredentialId) -> Outcome<bool> {
    let own = credentials::table.find(&id.0[..]).filter(credentials::account_id.eq(account.write()));
    diesel::delete(own).execute(&mut tx.db).map(|rows| rows == 1).doing("remove a credential")
}
