//! Statements that are prepared once for each connection.
//!
//! Two things of diesel and SQLite make a statement be parsed at each use, which costs more than running it:
//! - diesel does not keep an UPDATE, because an `AsChangeset` may change its text. `Kept` keeps it under its text, so that
//!   another text is another statement. It works where rows are returned; behind `execute` diesel asks the wrapped query.
//! - SQLite plans again when the value bound to `LIMIT` may be another, and diesel's `first` binds it. Look-ups of few rows
//!   use `get_result`, which takes the first row without a limit.

use diesel::QueryResult;
use diesel::backend::Backend;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};

/// A query that is kept although diesel would not.
pub(crate) struct Kept<Q>(pub(crate) Q);

impl<Q, DB> QueryFragment<DB> for Kept<Q>
where
    DB: Backend,
    Q: QueryFragment<DB>,
{
    fn walk_ast<'b>(&'b self, pass: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        self.0.walk_ast(pass)
    }

    fn is_safe_to_cache_prepared(&self, _: &DB) -> QueryResult<bool> {
        Ok(true)
    }
}

impl<Q> QueryId for Kept<Q> {
    type QueryId = ();
    // Found by its text.
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<Q: Query> Query for Kept<Q> {
    type SqlType = Q::SqlType;
}

impl<Q, Conn> diesel::RunQueryDsl<Conn> for Kept<Q> {}

/// Changes at most one row, by a statement that is kept; whether it did.
macro_rules! changes_one {
    ($tx:expr, $change:expr, $key:expr) => {
        crate::kept::Kept($change.returning($key))
            .get_result::<Vec<u8>>(&mut $tx.db)
            .optional()
            .map(|changed| changed.is_some())
    };
}
pub(crate) use changes_one;
