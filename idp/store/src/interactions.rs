//! Pending authorization requests.

use crate::kept::changes_one;
use crate::place::{Bytes as _, Doing as _, Place, json, one};
use crate::schema::interactions;
use crate::tx::Tx;
use diesel::prelude::*;
use pass_core::Time;
use pass_core::domain::interaction::{Interaction, Progress};
use pass_core::fault::Outcome;
use pass_core::secret::Hash;

#[derive(Queryable, Insertable)]
#[diesel(table_name = interactions)]
struct Row {
    hash: Vec<u8>,
    browser: Vec<u8>,
    errand: String,
    progress: String,
    created_at: i64,
    expires_at: i64,
}

impl Row {
    fn write(interaction: &Interaction) -> Self {
        Self {
            hash: interaction.hash.write(),
            browser: interaction.browser.write(),
            errand: json(&interaction.errand),
            progress: json(&interaction.progress),
            created_at: interaction.created_at.0,
            expires_at: interaction.expires_at.0,
        }
    }

    fn read(self) -> Outcome<Interaction> {
        let at = Place::of("interactions", &self.hash);
        Ok(Interaction {
            hash: at.bytes("hash", &self.hash)?,
            browser: at.bytes("browser", &self.browser)?,
            errand: at.json("errand", &self.errand)?,
            progress: at.json("progress", &self.progress)?,
            created_at: Time(self.created_at),
            expires_at: Time(self.expires_at),
        })
    }
}

/// A new one.
pub fn insert(tx: &mut Tx, interaction: &Interaction) -> Outcome<()> {
    diesel::insert_into(interactions::table)
        .values(Row::write(interaction))
        .execute(&mut tx.db)
        .map(drop)
        .doing("insert an interaction")
}

/// By the hash of its handle, also after its time.
pub fn find(tx: &mut Tx, hash: &Hash) -> Outcome<Option<Interaction>> {
    one(interactions::table.find(&hash.0[..]).get_result(&mut tx.db), "find an interaction", Row::read)
}

/// Keeps the steps done. `false`: it was closed meanwhile.
pub fn save_progress(tx: &mut Tx, hash: &Hash, progress: &Progress) -> Outcome<bool> {
    let change = diesel::update(interactions::table.find(&hash.0[..])).set(interactions::progress.eq(json(progress)));
    changes_one!(tx, change, interactions::hash).doing("save the progress of an interaction")
}

/// Ends it; only one of two parallel answers closes it. `false`: it was closed before.
pub fn close(tx: &mut Tx, hash: &Hash) -> Outcome<bool> {
    let gone = diesel::delete(interactions::table.find(&hash.0[..])).execute(&mut tx.db);
    gone.map(|rows| rows == 1).doing("close an interaction")
}
