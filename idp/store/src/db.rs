//! The two databases behind one connection type.
#![allow(missing_docs, unreachable_pub)]

use diesel::{PgConnection, SqliteConnection};

#[derive(diesel::MultiConnection)]
pub enum Db {
    Postgres(PgConnection),
    Sqlite(SqliteConnection),
}
