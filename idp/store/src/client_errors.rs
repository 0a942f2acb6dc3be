//! What clients were refused: the newest of each, for a few days.

use crate::place::{Bytes as _, Doing as _, Place, many};
use crate::schema::client_errors;
use crate::tx::Tx;
use diesel::prelude::*;
use pass_core::domain::client_error::{ClientError, Endpoint};
use pass_core::fault::Outcome;
use pass_core::id::ClientId;
use pass_core::{Fault, Time};

/// Rows of one client that are kept at most.
pub const MOST: i64 = 200;

#[derive(Queryable, Insertable)]
#[diesel(table_name = client_errors)]
struct Row {
    id: Vec<u8>,
    client_id: Vec<u8>,
    at: i64,
    endpoint: String,
    code: String,
    description: String,
    reference: String,
}

impl Row {
    fn read(self) -> Outcome<ClientError> {
        let at = Place::of("client_errors", &self.id);
        let endpoint = Endpoint::parse(&self.endpoint)
            .ok_or_else(|| Fault::new(format!("client_errors holds the endpoint {}", self.endpoint)))?;
        Ok(ClientError {
            id: at.bytes("id", &self.id)?,
            client: at.bytes("client_id", &self.client_id)?,
            at: Time(self.at),
            endpoint,
            code: self.code,
            description: self.description,
            reference: self.reference,
        })
    }
}

/// The newest first.
pub fn newest(tx: &mut Tx, client: ClientId, limit: i64) -> Outcome<Vec<ClientError>> {
    let mine = client_errors::table.filter(client_errors::client_id.eq(&client.0[..]));
    let query = mine.order(client_errors::id.desc()).limit(limit);
    many(query.load(&mut tx.db), "find the errors of a client", Row::read)
}

/// A new one. What is older than the newest [`MOST`] of the client goes.
pub fn insert_lazy(tx: &mut Tx, error: &ClientError) -> Outcome<()> {
    let row = Row {
        id: error.id.write(),
        client_id: error.client.write(),
        at: error.at.0,
        endpoint: error.endpoint.as_str().into(),
        code: error.code.clone(),
        description: error.description.clone(),
        reference: error.reference.clone(),
    };
    let insert = diesel::insert_into(client_errors::table).values(row);
    insert.execute(&mut tx.db).doing("insert an error of a client")?;
    let mine = client_errors::table.filter(client_errors::client_id.eq(&error.client.0[..]));
    let first_too_many = mine.order(client_errors::id.desc()).offset(MOST).select(client_errors::id);
    let old: Option<Vec<u8>> =
        first_too_many.first(&mut tx.db).optional().doing("find the oldest error of a client to keep")?;
    let Some(old) = old else { return Ok(()) };
    let past =
        client_errors::table.filter(client_errors::client_id.eq(&error.client.0[..])).filter(client_errors::id.le(old));
    diesel::delete(past).execute(&mut tx.db).map(drop).doing("delete old errors of a client")
}
