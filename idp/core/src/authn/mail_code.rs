//! One-time codes by mail: 6 digits, 10 minutes, 5 tries, one use.

use crate::domain::account::MailCode;
use crate::id::AccountId;
use crate::seal::Key;
use crate::secret::Hash;
use crate::{Entropy, Time};
use std::fmt;

/// A mail address in the one form that PASS looks up.
#[derive(Clone, PartialEq, Eq)]
pub struct Address(String);

/// The text is not a mail address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAnAddress;

/// Keys of mail codes.
#[derive(Clone, Copy)]
pub struct Keys<'a> {
    /// `Purpose::BlindIndex`: finds addresses and hashes codes.
    pub index: &'a Key,
    /// `Purpose::Outbox`: seals the waiting address.
    pub outbox: &'a Key,
}

/// A code about to be sent.
pub struct Issued {
    /// The secret that the browser keeps in its cookie while it waits.
    pub secret: String,
    /// The six digits for the mail; never logged.
    pub code: String,
    /// The row.
    pub row: MailCode,
}

/// What a typed code is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The right one: close the row and add a `Method::MailCode` event.
    Right,
    /// Count one more try; so many are left after it.
    Wrong {
        /// Tries left.
        left: i32,
    },
    /// Too late.
    Expired,
    /// Used before.
    Used,
    /// Tried too often.
    Exhausted,
}

/// How many codes were sent lately.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sent {
    /// The last one to this address.
    pub last: Option<Time>,
    /// To this address in the last hour.
    pub address_hour: i64,
    /// To this address in the last day.
    pub address_day: i64,
    /// From this network address in the last hour.
    pub network_hour: i64,
}

/// Not now; ask again after so many seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wait {
    /// Seconds.
    pub seconds: u32,
}

impl Address {
    /// Reads what somebody typed.
    pub fn parse(_typed: &str) -> Result<Self, NotAnAddress> {
        Err(NotAnAddress)
    }

    /// The address to send to.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The blind index it is found by.
    pub fn index(&self, key: &Key) -> Hash {
        key.mac(&[b"mail address", self.0.as_bytes()])
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Address(redacted)")
    }
}

/// Whether another code may be sent.
pub fn may_send(_sent: &Sent, _now: Time) -> Result<(), Wait> {
    Ok(())
}

/// Makes a code for an address: for signing in to an account, or for signing up when there is none.
pub fn issue(
    _address: &Address,
    _account: Option<AccountId>,
    _keys: Keys<'_>,
    _now: Time,
    _entropy: &dyn Entropy,
) -> Issued {
    unimplemented!()
}

/// Judges a typed code against the row found by the browser's secret.
pub fn check(_row: &MailCode, _typed: &str, _key: &Key, _now: Time) -> Verdict {
    Verdict::Expired
}

/// The address a code was sent to, to open an account with.
pub fn address(_row: &MailCode, _outbox: &Key) -> crate::fault::Outcome<Address> {
    unimplemented!()
}
