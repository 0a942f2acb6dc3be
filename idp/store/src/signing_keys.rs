//! Signing keys and their states, sealed under the wrapping key.

use crate::place::{Bytes as _, Doing as _, Place, many, millis, time};
use crate::schema::signing_keys;
use crate::tx::Tx;
use diesel::prelude::*;
use pass_core::Time;
use pass_core::domain::client::SigningAlg;
use pass_core::domain::key::{KeyState, StoredKey};
use pass_core::fault::Outcome;
use pass_core::id::KeyId;

#[derive(Queryable, Insertable)]
#[diesel(table_name = signing_keys)]
struct Row {
    id: Vec<u8>,
    kid: String,
    alg: String,
    state: String,
    public_jwk: String,
    sealed_private: Vec<u8>,
    created_at: i64,
    retired_at: Option<i64>,
}

impl Row {
    fn write(key: &StoredKey) -> Self {
        Self {
            id: key.id.write(),
            kid: key.kid.clone(),
            alg: key.alg.as_str().into(),
            state: key.state.as_str().into(),
            public_jwk: key.public_jwk.clone(),
            sealed_private: key.sealed_private.clone(),
            created_at: key.created_at.0,
            retired_at: millis(key.retired_at),
        }
    }

    fn read(self) -> Outcome<StoredKey> {
        let at = Place::of("signing_keys", &self.id);
        Ok(StoredKey {
            id: at.bytes("id", &self.id)?,
            alg: at.word("alg", &self.alg, SigningAlg::parse)?,
            state: at.word("state", &self.state, KeyState::parse)?,
            kid: self.kid,
            public_jwk: self.public_jwk,
            sealed_private: self.sealed_private,
            created_at: Time(self.created_at),
            retired_at: time(self.retired_at),
        })
    }
}

/// Every one, oldest first.
pub fn find_all(tx: &mut Tx) -> Outcome<Vec<StoredKey>> {
    many(signing_keys::table.order(signing_keys::id).load(&mut tx.db), "find all signing keys", Row::read)
}

/// A new one. A second current key of one algorithm is a fault.
pub fn insert(tx: &mut Tx, key: &StoredKey) -> Outcome<()> {
    let row = Row::write(key);
    diesel::insert_into(signing_keys::table).values(row).execute(&mut tx.db).map(drop).doing("insert a signing key")
}

/// Moves it on; retire the current key before the next becomes current.
pub fn set_state(tx: &mut Tx, id: KeyId, state: KeyState, now: Time) -> Outcome<()> {
    let retired = (state == KeyState::Retired).then_some(now.0);
    let change = diesel::update(signing_keys::table.find(&id.0[..]))
        .set((signing_keys::state.eq(state.as_str()), signing_keys::retired_at.eq(retired)));
    change.execute(&mut tx.db).map(drop).doing("set the state of a signing key")
}

/// Removes a retired one before its time, and says whether there was one.
pub fn remove_retired(tx: &mut Tx, kid: &str) -> Outcome<bool> {
    let retired = signing_keys::table
        .filter(signing_keys::kid.eq(kid))
        .filter(signing_keys::state.eq(KeyState::Retired.as_str()));
    Ok(diesel::delete(retired).execute(&mut tx.db).doing("remove a signing key")? == 1)
}

/// Removes one that left service and verifies nothing any more.
pub fn purge(tx: &mut Tx, retired_before: Time) -> Outcome<usize> {
    let old = signing_keys::table
        .filter(signing_keys::state.eq(KeyState::Retired.as_str()))
        .filter(signing_keys::retired_at.lt(retired_before.0));
    diesel::delete(old).execute(&mut tx.db).doing("purge signing keys")
}
