//! Attempts counted in memory, by network address: sign-in, mail codes, card tickets (by ticket too), fetches on behalf of strangers (by client
//! too); and refusals kept, by client. Counts of one person live in the store.

mod window;

use crate::app::App;
use actix_web::HttpRequest;
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use pass_core::Time;
use pass_core::id::{ClientId, TerminalId};
use pass_core::secret::Hash;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::num::NonZeroU32;
use std::time::Duration;
use window::Window;

/// The time in which sign-ins begun by strangers are counted.
const BEGINNINGS: Duration = Duration::from_secs(600);
const HOUR: Duration = Duration::from_secs(3600);

/// The counters.
pub struct Limits {
    sign_in: DefaultKeyedRateLimiter<IpAddr>,
    ceremony: DefaultKeyedRateLimiter<IpAddr>,
    mail: DefaultKeyedRateLimiter<IpAddr>,
    picture: DefaultKeyedRateLimiter<IpAddr>,
    pair: DefaultKeyedRateLimiter<IpAddr>,
    look: DefaultKeyedRateLimiter<TerminalId>,
    call: DefaultKeyedRateLimiter<TerminalId>,
    card_statement: DefaultKeyedRateLimiter<IpAddr>,
    card_result: DefaultKeyedRateLimiter<IpAddr>,
    ticket: DefaultKeyedRateLimiter<Hash>,
    reference: DefaultKeyedRateLimiter<IpAddr>,
    referred: DefaultKeyedRateLimiter<ClientId>,
    client_errors: DefaultKeyedRateLimiter<ClientId>,
    mails: Window,
    beginnings: Window,
}

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attempt {
    /// A code or passkey tried, or a card about to be.
    SignIn,
    /// A passkey ceremony begun by somebody who is not signed in.
    Ceremony,
    /// A mail asked for.
    Mail,
    /// A picture sent.
    Picture,
    /// A code to pair a device typed.
    Pair,
    /// A request object fetched.
    Reference,
    /// The card agent asks what a card is to sign.
    CardStatement,
    /// The card agent hands over what a card signed.
    CardResult,
}

impl Default for Limits {
    fn default() -> Self {
        let per_minute = |count: u32| Quota::per_minute(NonZeroU32::new(count).expect("quotas are not zero"));
        Self {
            sign_in: RateLimiter::keyed(per_minute(60)),
            ceremony: RateLimiter::keyed(per_minute(60)),
            mail: RateLimiter::keyed(per_minute(10)),
            picture: RateLimiter::keyed(per_minute(30)),
            pair: RateLimiter::keyed(per_minute(6)),
            look: RateLimiter::keyed(per_minute(60)),
            call: RateLimiter::keyed(per_minute(60)),
            card_statement: RateLimiter::keyed(per_minute(60)),
            card_result: RateLimiter::keyed(per_minute(60)),
            ticket: RateLimiter::keyed(per_minute(20)),
            reference: RateLimiter::keyed(per_minute(30)),
            referred: RateLimiter::keyed(per_minute(120)),
            client_errors: RateLimiter::keyed(per_minute(60)),
            mails: Window::new(HOUR),
            beginnings: Window::new(BEGINNINGS),
        }
    }
}

impl Limits {
    /// Counts one attempt; false means: too many.
    pub fn allow(&self, what: Attempt, from: IpAddr) -> bool {
        let limiter = match what {
            Attempt::SignIn => &self.sign_in,
            Attempt::Ceremony => &self.ceremony,
            Attempt::Mail => &self.mail,
            Attempt::Picture => &self.picture,
            Attempt::Pair => &self.pair,
            Attempt::Reference => &self.reference,
            Attempt::CardStatement => &self.card_statement,
            Attempt::CardResult => &self.card_result,
        };
        limiter.check_key(&block(from)).is_ok()
    }

    /// Counts the pictures of a device at a reception, whatever else its network sends; false means: too many.
    pub fn allow_look(&self, device: TerminalId) -> bool {
        self.look.check_key(&device).is_ok()
    }

    /// Counts the calls of a device for staff; false means: too many.
    pub fn allow_call(&self, device: TerminalId) -> bool {
        self.call.check_key(&device).is_ok()
    }

    /// Counts a fetch of a client's request object, wherever it was caused; false means: too many.
    pub fn allow_reference(&self, client: ClientId) -> bool {
        self.referred.check_key(&client).is_ok()
    }

    /// Counts a call of the card agent about one ticket, from wherever; false means: too many.
    pub fn allow_ticket(&self, ticket: Hash) -> bool {
        self.ticket.check_key(&ticket).is_ok()
    }

    /// Counts a mail about to be sent, where `may` says yes to the number that went out from this network in the last hour.
    pub fn admit_mail(&self, from: IpAddr, now: Time, may: impl FnOnce(usize) -> bool) -> bool {
        self.mails.admit(from, now, may)
    }

    /// Counts a row that somebody unknown is about to cause; false means: `most` began in this network in the last ten minutes.
    pub fn admit_beginning(&self, from: IpAddr, now: Time, most: usize) -> bool {
        self.beginnings.admit(from, now, |begun| begun < most)
    }

    /// Counts a refusal about to be kept; false means: enough of this client's were kept in this minute.
    pub fn admit_client_error(&self, client: ClientId) -> bool {
        self.client_errors.check_key(&client).is_ok()
    }

    /// Forgets addresses that have been quiet; called by a job.
    pub fn sweep(&self, now: Time) {
        self.mails.sweep(now);
        self.beginnings.sweep(now);
        self.referred.retain_recent();
        self.referred.shrink_to_fit();
        for devices in [&self.look, &self.call] {
            devices.retain_recent();
            devices.shrink_to_fit();
        }
        self.client_errors.retain_recent();
        self.client_errors.shrink_to_fit();
        self.ticket.retain_recent();
        self.ticket.shrink_to_fit();
        let cards = [&self.card_statement, &self.card_result];
        for limiter in [&self.sign_in, &self.ceremony, &self.mail, &self.picture, &self.pair, &self.reference]
            .into_iter()
            .chain(cards)
        {
            limiter.retain_recent();
            limiter.shrink_to_fit();
        }
    }
}

/// The address a request came from: the peer, or what a trusted proxy says. Several lines are one list (RFC 9110 5.3), and
/// whatever stands before its last entry came from outside.
pub fn address(app: &App, request: &HttpRequest) -> IpAddr {
    address_behind(&app.settings.trusted_proxies, request)
}

fn address_behind(proxies: &[IpAddr], request: &HttpRequest) -> IpAddr {
    let peer = request.peer_addr().map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |address| address.ip().to_canonical());
    if !proxies.contains(&peer) {
        return peer;
    }
    // The last entry of the last line is the one that our own proxy wrote.
    let line = request.headers().get_all("x-forwarded-for").last().and_then(|value| value.to_str().ok());
    line.and_then(|all| all.rsplit(',').next()).and_then(written).unwrap_or(peer)
}

/// An address as proxies write it: some add a port, some put brackets around IPv6.
fn written(entry: &str) -> Option<IpAddr> {
    let entry = entry.trim();
    let bare = entry.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(entry);
    let address = bare.parse().or_else(|_| entry.parse().map(|socket: SocketAddr| socket.ip()));
    address.ok().map(|address: IpAddr| address.to_canonical())
}

/// Neighbours that one subscriber may use in turn: a /24 of IPv4, a /64 of IPv6.
fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(short) => IpAddr::V4(Ipv4Addr::from_bits(short.to_bits() & 0xffff_ff00)),
        IpAddr::V6(_) => block(address),
    }
}

/// One subscriber has a whole /64 of IPv6 addresses.
fn block(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(long) => {
            let s = long.segments();
            IpAddr::V6(Ipv6Addr::new(s[0], s[1], s[2], s[3], 0, 0, 0, 0))
        }
    }
}

#[cfg(test)]
mod tests;
