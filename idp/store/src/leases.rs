//! Leases: which node does a job that only one may do.

use crate::place::Doing as _;
use crate::schema::leases;
use crate::tx::{Tx, on_backend};
use diesel::prelude::*;
use pass_core::Time;
use pass_core::fault::Outcome;

/// Linking audit events.
pub const AUDIT_CHAIN: &str = "audit.chain";
/// Purging.
pub const PURGE: &str = "purge";

/// Takes or prolongs a lease until a moment. `false`: another holder has it.
pub fn take(tx: &mut Tx, name: &str, holder: &[u8; 16], now: Time, until: Time) -> Outcome<bool> {
    let mine_or_over = leases::table.find(name).filter(leases::holder.eq(&holder[..]).or(leases::until.le(now.0)));
    let change = diesel::update(mine_or_over).set((leases::holder.eq(&holder[..]), leases::until.eq(until.0)));
    if change.execute(&mut tx.db).doing("prolong a lease")? == 1 {
        return Ok(true);
    }
    let row = (leases::name.eq(name), leases::holder.eq(&holder[..]), leases::until.eq(until.0));
    on_backend!(tx, |conn| diesel::insert_into(leases::table).values(row).on_conflict_do_nothing().execute(conn))
        .map(|rows| rows == 1)
        .doing("take a lease")
}

/// Gives it back early.
pub fn close(tx: &mut Tx, name: &str, holder: &[u8; 16]) -> Outcome<()> {
    let mine = leases::table.find(name).filter(leases::holder.eq(&holder[..]));
    diesel::delete(mine).execute(&mut tx.db).map(drop).doing("give back a lease")
}
