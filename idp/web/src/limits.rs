//! Attempts counted in memory, by network address: sign-in, mail codes, card tickets. Counts of one person live in the store.

use crate::app::App;
use actix_web::HttpRequest;
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::num::NonZeroU32;

/// The counters.
pub struct Limits {
    sign_in: DefaultKeyedRateLimiter<IpAddr>,
    mail: DefaultKeyedRateLimiter<IpAddr>,
    picture: DefaultKeyedRateLimiter<IpAddr>,
}

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attempt {
    /// A code, passkey or card tried.
    SignIn,
    /// A mail asked for.
    Mail,
    /// A picture sent.
    Picture,
}

impl Default for Limits {
    fn default() -> Self {
        let per_minute = |count: u32| Quota::per_minute(NonZeroU32::new(count).expect("quotas are not zero"));
        Self {
            sign_in: RateLimiter::keyed(per_minute(60)),
            mail: RateLimiter::keyed(per_minute(10)),
            picture: RateLimiter::keyed(per_minute(30)),
        }
    }
}

impl Limits {
    /// Counts one attempt; false means: too many.
    pub fn allow(&self, what: Attempt, from: IpAddr) -> bool {
        let limiter = match what {
            Attempt::SignIn => &self.sign_in,
            Attempt::Mail => &self.mail,
            Attempt::Picture => &self.picture,
        };
        limiter.check_key(&block(from)).is_ok()
    }

    /// Forgets addresses that have been quiet; called by a job.
    pub fn sweep(&self) {
        for limiter in [&self.sign_in, &self.mail, &self.picture] {
            limiter.retain_recent();
            limiter.shrink_to_fit();
        }
    }
}

/// The address a request came from: the peer, or what a trusted proxy says.
pub fn address(app: &App, request: &HttpRequest) -> IpAddr {
    let peer = request.peer_addr().map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |address| address.ip().to_canonical());
    if !app.settings.trusted_proxies.contains(&peer) {
        return peer;
    }
    // The last entry is the one that our own proxy wrote.
    let forwarded = request.headers().get("x-forwarded-for").and_then(|value| value.to_str().ok());
    forwarded.and_then(|all| all.rsplit(',').next()).and_then(|last| last.trim().parse().ok()).unwrap_or(peer)
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
mod tests {
    use super::*;

    #[test]
    fn the_eleventh_mail_of_a_minute_is_refused_and_other_addresses_are_not() {
        let limits = Limits::default();
        let one = "203.0.113.1".parse().unwrap();
        assert!((0..10).all(|_| limits.allow(Attempt::Mail, one)));
        assert!(!limits.allow(Attempt::Mail, one));
        assert!(limits.allow(Attempt::Mail, "203.0.113.2".parse().unwrap()));
        assert_eq!(block("2001:db8:1:2:3::1".parse().unwrap()), block("2001:db8:1:2:ffff::9".parse().unwrap()));
    }
}
