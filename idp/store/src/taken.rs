//! What became of an attempt to take something that works once.

/// The answer of every `take`. One conditional UPDATE decides, so that of parallel takers exactly one is the first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Taken<T> {
    /// The caller is the first and only one.
    First(T),
    /// It had been used before; what was made of it is to be revoked.
    Again(T),
    /// Its time is over, and it was never used.
    Expired(T),
    /// There is no such thing.
    Unknown,
}

impl<T> Taken<T> {
    /// The thing, if the caller is the first.
    pub fn first(self) -> Option<T> {
        match self {
            Self::First(thing) => Some(thing),
            Self::Again(_) | Self::Expired(_) | Self::Unknown => None,
        }
    }
}

/// Takes a row of a table with `hash`, `used_at` and `expires_at`, once.
macro_rules! take_once {
    ($table:ident, $row:ty, $doing:literal, $tx:expr, $hash:expr, $now:expr) => {{
        let row = $table::table.find(&$hash.0[..]);
        let unused = row.filter($table::used_at.is_null()).filter($table::expires_at.gt($now.0));
        let take = diesel::update(unused).set($table::used_at.eq($now.0)).returning($table::all_columns);
        let taken = crate::kept::Kept(take).get_result::<$row>(&mut $tx.db);
        match crate::place::one(taken, $doing, <$row>::read)? {
            Some(first) => Ok(crate::Taken::First(first)),
            // Whoever took it has committed by now: READ COMMITTED shows what the UPDATE waited for.
            None => Ok(match crate::place::one(row.get_result::<$row>(&mut $tx.db), $doing, <$row>::read)? {
                Some(late) if late.used_at.is_some() => crate::Taken::Again(late),
                Some(late) => crate::Taken::Expired(late),
                None => crate::Taken::Unknown,
            }),
        }
    }};
}
pub(crate) use take_once;
