//! Programs that speak OpenID Connect with the issuer.

use crate::place::{Bytes as _, Doing as _, Place, json, many, millis, one, time};
use crate::schema::clients;
use crate::tx::Tx;
use diesel::prelude::*;
use pass_core::Time;
use pass_core::domain::client::{Client, ClientFlags, ClientMetadata};
use pass_core::fault::Outcome;
use pass_core::id::{ClientId, FacilityId};
use pass_core::secret::Hash;

#[derive(Queryable, Insertable)]
#[diesel(table_name = clients)]
struct Row {
    id: Vec<u8>,
    public_id: String,
    facility_id: Vec<u8>,
    secret: Option<Vec<u8>>,
    metadata: String,
    flags: String,
    created_at: i64,
    disabled_at: Option<i64>,
    registration: Option<Vec<u8>>,
}

impl Row {
    fn write(client: &Client) -> Self {
        Self {
            id: client.id.write(),
            public_id: client.client_id.clone(),
            facility_id: client.facility.write(),
            secret: client.secret.map(|secret| secret.write()),
            metadata: json(&client.metadata),
            flags: json(&client.flags),
            created_at: client.created_at.0,
            disabled_at: millis(client.disabled_at),
            registration: client.registration.map(|token| token.write()),
        }
    }

    fn read(self) -> Outcome<Client> {
        let at = Place::of("clients", &self.id);
        Ok(Client {
            id: at.bytes("id", &self.id)?,
            facility: at.bytes("facility_id", &self.facility_id)?,
            secret: at.maybe("secret", self.secret.as_ref())?,
            registration: at.maybe("registration", self.registration.as_ref())?,
            metadata: at.json("metadata", &self.metadata)?,
            flags: at.json("flags", &self.flags)?,
            client_id: self.public_id,
            created_at: Time(self.created_at),
            disabled_at: time(self.disabled_at),
        })
    }
}

/// By row.
pub fn find(tx: &mut Tx, id: ClientId) -> Outcome<Option<Client>> {
    one(clients::table.find(&id.0[..]).get_result(&mut tx.db), "find a client", Row::read)
}

/// By the public `client_id`.
pub fn find_by_client_id(tx: &mut Tx, client_id: &str) -> Outcome<Option<Client>> {
    let query = clients::table.filter(clients::public_id.eq(client_id));
    one(query.get_result(&mut tx.db), "find a client by its client_id", Row::read)
}

/// Every one of a facility, in the order of registration.
pub fn find_all_of(tx: &mut Tx, facility: FacilityId) -> Outcome<Vec<Client>> {
    let query = clients::table.filter(clients::facility_id.eq(&facility.0[..])).order(clients::id);
    many(query.load(&mut tx.db), "find the clients of a facility", Row::read)
}

/// Every one, in the order of registration.
pub fn find_all(tx: &mut Tx) -> Outcome<Vec<Client>> {
    many(clients::table.order(clients::id).load(&mut tx.db), "find all clients", Row::read)
}

/// A new one.
pub fn insert(tx: &mut Tx, client: &Client) -> Outcome<()> {
    diesel::insert_into(clients::table)
        .values(Row::write(client))
        .execute(&mut tx.db)
        .map(drop)
        .doing("insert a client")
}

/// Another secret; the old one is refused from now on. `false`: no such client.
pub fn replace_secret(tx: &mut Tx, id: ClientId, secret: Hash) -> Outcome<bool> {
    let change = diesel::update(clients::table.find(&id.0[..])).set(clients::secret.eq(&secret.0[..]));
    change.execute(&mut tx.db).map(|rows| rows == 1).doing("replace a client's secret")
}

/// Other metadata and flags. `false`: no such client.
pub fn replace_metadata(tx: &mut Tx, id: ClientId, metadata: &ClientMetadata, flags: &ClientFlags) -> Outcome<bool> {
    let change = diesel::update(clients::table.find(&id.0[..]))
        .set((clients::metadata.eq(json(metadata)), clients::flags.eq(json(flags))));
    change.execute(&mut tx.db).map(|rows| rows == 1).doing("replace a client's metadata")
}

/// Switches it off. `false`: it is off already or unknown.
pub fn disable(tx: &mut Tx, id: ClientId, now: Time) -> Outcome<bool> {
    let on = clients::table.find(&id.0[..]).filter(clients::disabled_at.is_null());
    let change = diesel::update(on).set(clients::disabled_at.eq(now.0));
    change.execute(&mut tx.db).map(|rows| rows == 1).doing("disable a client")
}
