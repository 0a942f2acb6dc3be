use super::*;
use actix_web::test::TestRequest;

fn ip(text: &str) -> IpAddr {
    text.parse().unwrap()
}

#[test]
fn the_eleventh_mail_of_a_minute_is_refused_and_other_addresses_are_not() {
    let limits = Limits::default();
    let one = ip("203.0.113.1");
    assert!((0..10).all(|_| limits.allow(Attempt::Mail, one)));
    assert!(!limits.allow(Attempt::Mail, one));
    assert!(limits.allow(Attempt::Mail, ip("203.0.113.2")));
    assert_eq!(block(ip("2001:db8:1:2:3::1")), block(ip("2001:db8:1:2:ffff::9")));
}

#[test]
fn junk_at_the_card_endpoints_locks_nobody_out_of_signing_in() {
    let limits = Limits::default();
    let one = ip("203.0.113.1");
    while limits.allow(Attempt::CardStatement, one) {}
    while limits.allow(Attempt::CardResult, one) {}
    assert!(limits.allow(Attempt::SignIn, one));
    assert!(!limits.allow(Attempt::CardResult, one) && limits.allow(Attempt::CardResult, ip("203.0.113.2")));
    // One ticket that many hosts know.
    let ticket = Hash::of("ticket");
    assert!((0..20).all(|_| limits.allow_ticket(ticket)));
    assert!(!limits.allow_ticket(ticket) && limits.allow_ticket(Hash::of("another")));
}

#[test]
fn thirty_mails_an_hour_leave_a_network_and_not_sixty() {
    let limits = Limits::default();
    let start = Time(1_790_000_000_000);
    let minutes = |count: u64| start + Duration::from_secs(60 * count);
    let may = |sent: usize| sent < 30;
    // One a minute from neighbours in turn: a bucket that refills would let half of the second thirty through.
    for minute in 0..60 {
        let from = ip(&format!("203.0.113.{minute}"));
        assert_eq!(limits.admit_mail(from, minutes(minute), may), minute < 30, "minute {minute}");
    }
    assert!(limits.admit_mail(ip("203.0.113.1"), minutes(60), may));
    assert!(!limits.admit_mail(ip("203.0.113.1"), minutes(60), may));
    assert!(limits.admit_mail(ip("203.0.114.1"), minutes(60), may));
    let six = |host: u64| ip(&format!("2001:db8:1:2::{host:x}"));
    assert!((0..30).all(|host| limits.admit_mail(six(host), start, may)));
    assert!(!limits.admit_mail(six(99), start, may));
    limits.sweep(minutes(200));
    assert!(limits.admit_mail(six(99), minutes(200), may));
}

#[test]
fn only_the_last_entry_of_the_last_line_counts_and_only_from_our_own_proxy() {
    let proxies = [ip("127.0.0.1"), ip("10.0.0.5")];
    for (peer, lines, expected) in [
        ("127.0.0.1", &["203.0.113.9"][..], "203.0.113.9"),
        ("127.0.0.1", &["198.51.100.1, 203.0.113.9"], "203.0.113.9"),
        // What the client sent stands in a line of its own before the proxy's.
        ("127.0.0.1", &["198.51.100.1", "203.0.113.9"], "203.0.113.9"),
        ("127.0.0.1", &["198.51.100.1, 198.51.100.2", "198.51.100.3,203.0.113.9"], "203.0.113.9"),
        // Nothing readable at the end: the peer, not something before it.
        ("127.0.0.1", &["198.51.100.1", ""], "127.0.0.1"),
        ("127.0.0.1", &["198.51.100.1, unknown"], "127.0.0.1"),
        ("127.0.0.1", &[], "127.0.0.1"),
        ("127.0.0.1", &["203.0.113.9:4711"], "203.0.113.9"),
        ("127.0.0.1", &["[2001:db8::1]:4711"], "2001:db8::1"),
        ("127.0.0.1", &["[2001:db8::1]"], "2001:db8::1"),
        ("127.0.0.1", &["::ffff:203.0.113.9"], "203.0.113.9"),
        ("10.0.0.5", &["203.0.113.9"], "203.0.113.9"),
        // Anybody else writes what they like.
        ("192.0.2.7", &["203.0.113.9"], "192.0.2.7"),
        ("192.0.2.7", &["198.51.100.1", "127.0.0.1"], "192.0.2.7"),
    ] {
        let request =
            lines.iter().fold(TestRequest::get(), |request, line| request.append_header(("x-forwarded-for", *line)));
        let request = request.peer_addr(SocketAddr::new(ip(peer), 1)).to_http_request();
        assert_eq!(address_behind(&proxies, &request), ip(expected), "{peer} {lines:?}");
        assert_eq!(address_behind(&[], &request), ip(peer));
    }
}
