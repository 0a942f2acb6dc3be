//! One-time codes by mail: 6 digits, 10 minutes, 5 tries, one use.
//!
//! A code works only in the browser that asked for it: its hash is bound to the secret that browser holds while it waits.
//! Left out: addresses with quoted local parts, and internationalised domains (write them in their `xn--` form).

use crate::domain::account::MailCode;
use crate::fault::{Fault, Outcome};
use crate::id::AccountId;
use crate::seal::Key;
use crate::secret::{self, Hash};
use crate::{Entropy, Time};
use std::fmt;
use std::time::Duration;
use unicode_normalization::UnicodeNormalization;

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
    /// Tried too often; this one, if wrong, was the last.
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
    /// From this network (its /24 or /64) in the last hour.
    pub network_hour: i64,
}

/// Not now; ask again after so many seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wait {
    /// Seconds.
    pub seconds: u32,
}

/// How long a code works.
pub const LIFETIME: Duration = Duration::from_secs(10 * 60);
/// Wrong tries that close it.
pub const TRIES: i32 = 5;

const PAUSE: Duration = Duration::from_secs(60);
const HOUR: u32 = 3600;
const DAY: u32 = 86_400;
const ADDRESS_PER_HOUR: i64 = 5;
const ADDRESS_PER_DAY: i64 = 10;
const NETWORK_PER_HOUR: i64 = 30;

/// RFC 5321 4.5.3.1: what fits in a path.
const LONGEST: usize = 254;

impl Address {
    /// Reads what somebody typed. Full-width letters (a Japanese keyboard left on) become ASCII; domain **and** local part are
    /// lower-cased: RFC 5321 2.4 lets a server tell `Hanako` from `hanako`, none in use does, and two accounts for one mailbox
    /// would be worse. Dots and `+tags` are kept: what they mean is the server's business.
    pub fn parse(typed: &str) -> Result<Self, NotAnAddress> {
        let text: String = typed.trim().nfkc().collect::<String>().to_ascii_lowercase();
        let (local, domain) = text.rsplit_once('@').ok_or(NotAnAddress)?;
        let fits = text.len() <= LONGEST && local.len() <= 64;
        (fits && is_local_part(local) && is_domain(domain)).then_some(Self(text)).ok_or(NotAnAddress)
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

/// RFC 5322 3.2.3, dot-atom. Japanese carriers once gave out addresses with dots at odd places, so dots are free.
fn is_local_part(local: &str) -> bool {
    !local.is_empty()
        && local.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~.".contains(&byte))
}

fn is_domain(domain: &str) -> bool {
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    domain.contains('.') && domain.split('.').all(label)
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Address(redacted)")
    }
}

/// Whether another code may be sent: one a minute, five an hour and ten a day to an address, thirty an hour from a network.
/// The page says the same whether or not a mail goes out, so that nobody learns which addresses have accounts.
pub fn may_send(sent: &Sent, now: Time) -> Result<(), Wait> {
    let pause = sent.last.map_or(Duration::ZERO, |last| PAUSE.saturating_sub(now.since(last)));
    let seconds = [
        (pause > Duration::ZERO, u32::try_from(pause.as_millis().div_ceil(1000)).unwrap_or(60)),
        (sent.address_hour >= ADDRESS_PER_HOUR, HOUR),
        (sent.network_hour >= NETWORK_PER_HOUR, HOUR),
        (sent.address_day >= ADDRESS_PER_DAY, DAY),
    ]
    .into_iter()
    .filter_map(|(holds, seconds)| holds.then_some(seconds))
    .max();
    seconds.map_or(Ok(()), |seconds| Err(Wait { seconds }))
}

/// Makes a code for an address: for signing in to an account, or for signing up when there is none.
pub fn issue(
    address: &Address,
    account: Option<AccountId>,
    keys: Keys<'_>,
    now: Time,
    entropy: &dyn Entropy,
) -> Issued {
    let (secret, code) = (secret::token(entropy), secret::six_digits(entropy));
    let hash = Hash::of(&secret);
    let row = MailCode {
        hash,
        address: address.index(keys.index),
        sealed_address: keys.outbox.seal(&context(&hash), address.0.as_bytes(), entropy),
        code: code_mac(keys.index, &hash, &code),
        account,
        tries: 0,
        created_at: now,
        expires_at: now + LIFETIME,
        used_at: None,
    };
    Issued { secret, code, row }
}

/// Judges a typed code against the row found by the browser's secret. The caller counts the try and closes the row, each by one
/// conditional UPDATE, so that parallel tries cannot be more than five and only one wins.
pub fn check(row: &MailCode, typed: &str, key: &Key, now: Time) -> Verdict {
    if row.used_at.is_some() {
        return Verdict::Used;
    }
    if row.tries >= TRIES {
        return Verdict::Exhausted;
    }
    if now >= row.expires_at {
        return Verdict::Expired;
    }
    if code_mac(key, &row.hash, &digits(typed)).matches(&row.code) {
        return Verdict::Right;
    }
    match TRIES - row.tries - 1 {
        0 => Verdict::Exhausted,
        left => Verdict::Wrong { left },
    }
}

/// What a typed code is compared by, for the conditional UPDATE that counts the try and takes the code.
pub fn typed_mac(row: &MailCode, typed: &str, key: &Key) -> Hash {
    code_mac(key, &row.hash, &digits(typed))
}

/// The address a code was sent to, to open an account with.
pub fn address(row: &MailCode, outbox: &Key) -> Outcome<Address> {
    let plain = outbox.open(&context(&row.hash), &row.sealed_address)?;
    String::from_utf8(plain).map(Address).map_err(|_| Fault::new("open a waiting mail address: not text"))
}

/// Six digits alone would be found by trying; with the key and the waiting browser's secret they are not.
fn code_mac(key: &Key, waiting: &Hash, code: &str) -> Hash {
    key.mac(&[b"mail code", &waiting.0, code.as_bytes()])
}

/// What people type: full-width digits, a space or hyphen in the middle.
fn digits(typed: &str) -> String {
    typed.nfkc().filter(|ch| !ch.is_whitespace() && *ch != '-').take(16).collect()
}

fn context(waiting: &Hash) -> Vec<u8> {
    [b"mail code address", waiting.0.as_slice()].concat()
}

#[cfg(test)]
mod tests;
