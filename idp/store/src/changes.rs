//! Change notices: what the read-mostly copies in memory listen to. A version for each topic, raised in the transaction
//! of the change; PostgreSQL also notifies, so that other nodes need not wait for their next poll.

use crate::db::Db;
use crate::place::Doing as _;
use crate::schema::changes;
use crate::tx::{Tx, on_backend};
use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use pass_core::fault::Outcome;
use std::collections::BTreeMap;

/// A group of tables with one copy in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Topic {
    /// Clients and their flags.
    Clients,
    /// Organisations, facilities and ceilings.
    Facilities,
    /// Signing keys.
    Keys,
    /// Copies of faces at facilities.
    Faces,
}

impl Topic {
    /// Every one.
    pub const ALL: [Self; 4] = [Self::Clients, Self::Facilities, Self::Keys, Self::Faces];

    /// The word in the table.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Clients => "clients",
            Self::Facilities => "facilities",
            Self::Keys => "keys",
            Self::Faces => "faces",
        }
    }
}

/// The channel on which PostgreSQL tells that something changed.
pub(crate) const CHANNEL: &str = "pass_changes";

/// Says that something of a topic changed.
pub fn bump(tx: &mut Tx, topic: Topic) -> Outcome<()> {
    let first = (changes::topic.eq(topic.as_str()), changes::version.eq(1_i64));
    on_backend!(tx, |conn| diesel::insert_into(changes::table)
        .values(first)
        .on_conflict(changes::topic)
        .do_update()
        .set(changes::version.eq(changes::version + 1_i64))
        .execute(conn))
    .doing("raise the version of a topic")?;
    tx.after.changed = true;
    if let Db::Postgres(conn) = &mut tx.db {
        let notify = format!("NOTIFY {CHANNEL}, '{}'", topic.as_str());
        conn.batch_execute(&notify).doing("notify the other nodes")?;
    }
    Ok(())
}

/// The versions of all topics, by one query; a topic that never changed is absent.
pub fn versions(tx: &mut Tx) -> Outcome<BTreeMap<String, i64>> {
    let rows = changes::table.load::<(String, i64)>(&mut tx.db).doing("read the versions of topics")?;
    Ok(rows.into_iter().collect())
}
