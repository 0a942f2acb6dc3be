//! Reading columns back into core's types. A row that contradicts itself is a fault that names table, column and row.

use pass_core::fault::Outcome;
use pass_core::id::{
    AccountId, AuditId, ClientErrorId, ClientId, ConsentId, CredentialId, EventId, FacilityId, GrantId, KeyId,
    OrganisationId, OutboxId, PersonId, ProofingId, ReceptionEventId, RelationId, SessionId, StaffCallId, StaffId,
    TerminalId, hex,
};
use pass_core::secret::Hash;
use pass_core::{Fault, Time};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Values of fixed length that are stored as bytes.
pub(crate) trait Bytes: Sized {
    fn read(bytes: &[u8]) -> Option<Self>;
    fn write(&self) -> Vec<u8>;
}

macro_rules! bytes {
    ($($name:ident),*) => {$(
        impl Bytes for $name {
            fn read(bytes: &[u8]) -> Option<Self> {
                Self::from_slice(bytes)
            }
            fn write(&self) -> Vec<u8> {
                self.0.to_vec()
            }
        }
    )*};
}
bytes!(
    AccountId,
    AuditId,
    ClientErrorId,
    ReceptionEventId,
    StaffCallId,
    TerminalId,
    ClientId,
    ConsentId,
    CredentialId,
    EventId,
    FacilityId,
    GrantId,
    Hash,
    KeyId,
    OrganisationId,
    OutboxId,
    PersonId,
    ProofingId,
    RelationId,
    SessionId,
    StaffId
);

impl Bytes for [u8; 16] {
    fn read(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok()
    }
    fn write(&self) -> Vec<u8> {
        self.to_vec()
    }
}

/// Where a row was found.
pub(crate) struct Place<'a> {
    table: &'static str,
    row: &'a [u8],
}

impl<'a> Place<'a> {
    pub(crate) const fn of(table: &'static str, row: &'a [u8]) -> Self {
        Self { table, row }
    }

    /// An id or a hash.
    pub(crate) fn bytes<T: Bytes>(&self, column: &str, value: &[u8]) -> Outcome<T> {
        T::read(value).ok_or_else(|| self.wrong(column))
    }

    /// An id or a hash that may be absent.
    pub(crate) fn maybe<T: Bytes>(&self, column: &str, value: Option<&Vec<u8>>) -> Outcome<Option<T>> {
        value.map(|value| self.bytes(column, value)).transpose()
    }

    /// A word out of a fixed set.
    pub(crate) fn word<T>(&self, column: &str, value: &str, parse: impl Fn(&str) -> Option<T>) -> Outcome<T> {
        parse(value).ok_or_else(|| self.wrong(column))
    }

    /// Words divided by spaces, each out of a fixed set.
    pub(crate) fn words<T>(&self, column: &str, value: &str, parse: impl Fn(&str) -> Option<T>) -> Outcome<Vec<T>> {
        value.split_ascii_whitespace().map(|word| self.word(column, word, &parse)).collect()
    }

    /// A structure kept as JSON.
    pub(crate) fn json<T: DeserializeOwned>(&self, column: &str, value: &str) -> Outcome<T> {
        serde_json::from_str(value).map_err(|_| self.wrong(column))
    }

    /// The fault: without the value, which may be personal.
    pub(crate) fn wrong(&self, column: &str) -> Fault {
        let row = hex(&self.row[..self.row.len().min(16)]);
        Fault::new(format!("read {}.{column} of row {row}: not a value of this column", self.table))
    }
}

/// A structure as JSON.
pub(crate) fn json<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).expect("stored structures have string keys and plain values")
}

/// Words divided by spaces.
pub(crate) fn spaced(words: &[String]) -> String {
    words.join(" ")
}

/// The reverse of `spaced`.
pub(crate) fn split(words: &str) -> Vec<String> {
    words.split_ascii_whitespace().map(str::to_owned).collect()
}

/// A time that may be absent.
pub(crate) fn time(value: Option<i64>) -> Option<Time> {
    value.map(Time)
}

/// The reverse of `time`.
pub(crate) fn millis(value: Option<Time>) -> Option<i64> {
    value.map(|time| time.0)
}

/// Names what was being done when the database refused.
pub(crate) trait Doing<T> {
    fn doing(self, what: &'static str) -> Outcome<T>;
}

impl<T> Doing<T> for diesel::QueryResult<T> {
    fn doing(self, what: &'static str) -> Outcome<T> {
        self.map_err(|error| Fault::because(what, error))
    }
}

/// A row that may be absent, as core's type.
pub(crate) fn one<R, T>(
    found: diesel::QueryResult<R>,
    doing: &'static str,
    read: impl Fn(R) -> Outcome<T>,
) -> Outcome<Option<T>> {
    diesel::OptionalExtension::optional(found).doing(doing)?.map(read).transpose()
}

/// Rows as core's types.
pub(crate) fn many<R, T>(
    found: diesel::QueryResult<Vec<R>>,
    doing: &'static str,
    read: impl Fn(R) -> Outcome<T>,
) -> Outcome<Vec<T>> {
    found.doing(doing)?.into_iter().map(read).collect()
}
