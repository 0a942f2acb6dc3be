//! One transaction over either database. What the two dialects do differently is compiled for each by `on_backend!`.

use crate::db::Db;
use diesel::QueryResult;
use diesel::connection::SimpleConnection;
use pass_core::Fault;
use pass_core::fault::Outcome;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// A transaction. Only this crate can run SQL on it.
pub struct Tx {
    pub(crate) db: Db,
    /// The connection refused BEGIN, COMMIT or ROLLBACK and must not be used again.
    pub(crate) broken: bool,
    /// What must follow the commit.
    pub(crate) after: After,
}

/// What a closure asks for once its transaction is committed. Asking too often does no harm.
#[derive(Default)]
pub(crate) struct After {
    /// A change notice was written: wake those who keep copies.
    pub(crate) changed: bool,
    /// A key was erased: the write-ahead log must not keep it.
    pub(crate) erased: bool,
}

/// A transaction on the second store, which holds the persons' wrapped keys.
pub struct KeysTx<'a>(pub(crate) &'a mut Tx);

/// Writes one query once and compiles it for each concrete backend, so that all the backend can do compiles.
macro_rules! on_backend {
    ($tx:expr, |$conn:ident| $query:expr) => {
        match &mut $tx.db {
            crate::db::Db::Postgres($conn) => $query,
            crate::db::Db::Sqlite($conn) => $query,
        }
    };
}
pub(crate) use on_backend;

impl Tx {
    pub(crate) const fn new(db: Db) -> Self {
        Self { db, broken: false, after: After { changed: false, erased: false } }
    }

    /// Runs a statement that frames transactions; its failure means that the connection is of no more use.
    pub(crate) fn frame(&mut self, sql: &str) -> QueryResult<()> {
        self.db.batch_execute(sql).inspect_err(|_| self.broken = true)
    }

    /// Runs a closure; a panic in it is a fault of its caller only.
    pub(crate) fn attempt<T>(&mut self, work: &dyn Fn(&mut Self) -> Outcome<T>) -> Outcome<T> {
        catch_unwind(AssertUnwindSafe(|| work(self)))
            .unwrap_or_else(|_| Err(Fault::new("run a store closure: it panicked")))
    }

    /// Runs a closure so that its failure undoes itself alone.
    /// The outer error means that the transaction around it is gone.
    pub(crate) fn apart<T>(&mut self, work: &dyn Fn(&mut Self) -> Outcome<T>) -> QueryResult<Outcome<T>> {
        self.frame("SAVEPOINT unit")?;
        let outcome = self.attempt(work);
        self.frame(if outcome.is_ok() { "RELEASE unit" } else { "ROLLBACK TO unit; RELEASE unit" })?;
        Ok(outcome)
    }
}
