//! The plug is pulled fifty times under consents and refreshes: what was acknowledged is there afterwards.

use std::{
    io::Read,
    sync::atomic::{AtomicBool, Ordering},
    thread::{scope, sleep},
    time::Duration,
};

use pass_conformance::{
    Browser, Demo, Options,
    flow::{Party, Request},
};
use tempfile::TempDir;

const CUTS: usize = 50;
const REFRESHERS: usize = 4;
const CONSENTERS: usize = 2;

/// The last refresh that was acknowledged, and whether another was under way when the power went.
struct Refreshed {
    access: String,
    refresh: String,
    unanswered: bool,
}

/// A consent that was acknowledged: the code it gave, and the browser whose session it belongs to.
struct Consented {
    browser: Browser,
    request: Request,
    code: String,
}

#[test]
fn cap_49_no_acknowledged_consent_or_refresh_is_lost_in_fifty_power_cuts() {
    let folder = TempDir::new().unwrap();
    let options = Options { data: Some(folder.path().join("data")), ..Options::default() };
    let mut demo = Demo::start(&options);
    let options = Options { port: Some(demo.port), ..options };
    let (mut refreshes, mut consents) = (0, 0);
    for cut in 0..CUTS {
        let (refreshed, consented) = work_until_the_cut(demo);
        demo = Demo::start(&options);
        let party = Party::new(&demo.line, "bench");
        for one in &refreshed {
            assert!(party.is_active(&one.access), "cut {cut}: an acknowledged access token is gone");
            // A rotation that was committed but not answered leaves this one used: then, and only then, it may be dead.
            assert!(
                one.unanswered || party.is_active(&one.refresh),
                "cut {cut}: an acknowledged refresh token is gone"
            );
        }
        refreshes += refreshed.len();
        consents += consented.len();
        for one in consented {
            consent_is_there(&party, one, cut);
        }
    }
    assert!(refreshes >= CUTS && consents >= CUTS, "{refreshes} refreshes and {consents} consents are too few to say");
    assert!(demo.stop().success());
}

fn consent_is_there(party: &Party<'_>, mut one: Consented, cut: usize) {
    let answer = party.exchange(&one.code, &one.request);
    assert_eq!(answer.status, 200, "cut {cut}: an acknowledged code is gone: {}", answer.error());
    // userinfo asks token and consent: it answers only where the consent is there too.
    let userinfo = party.userinfo(&answer.must("access_token"));
    assert_eq!(userinfo.status, 200, "cut {cut}: an acknowledged consent is gone: {}", userinfo.error());
    let silent = party.request().with(&[("prompt", Some("none"))]);
    let page = one.browser.open(&silent.url);
    assert_ne!(page.query("error").as_deref(), Some("login_required"), "cut {cut}: an acknowledged session is gone");
}

fn work_until_the_cut(demo: Demo) -> (Vec<Refreshed>, Vec<Consented>) {
    let line = demo.line.clone();
    let party = Party::new(&line, "bench");
    let over = AtomicBool::new(false);
    let first: Vec<(String, String)> = (0..REFRESHERS)
        .map(|n| party.tokens(&mut party.browser(), line.user(n)))
        .map(|tokens| (tokens.must("access_token"), tokens.must("refresh_token")))
        .collect();
    scope(|threads| {
        let refreshers: Vec<_> =
            first.into_iter().map(|tokens| threads.spawn(|| refresh_on_and_on(&party, tokens, &over))).collect();
        let consenters: Vec<_> = (0..CONSENTERS)
            .map(|n| {
                let (party, line, over) = (&party, &line, &over);
                threads.spawn(move || consent_on_and_on(party, line.user(REFRESHERS + n), over))
            })
            .collect();
        sleep(Duration::from_millis(60 + u64::from(random_byte()) * 2));
        demo.kill();
        over.store(true, Ordering::Relaxed);
        let refreshed = refreshers.into_iter().map(|one| one.join().expect("a refresher")).collect();
        let consented = consenters.into_iter().flat_map(|one| one.join().expect("a consenter")).collect();
        (refreshed, consented)
    })
}

fn refresh_on_and_on(party: &Party<'_>, (access, refresh): (String, String), over: &AtomicBool) -> Refreshed {
    let mut last = Refreshed { access, refresh, unanswered: false };
    while !over.load(Ordering::Relaxed) {
        let Some(answer) = party.refresh_if_alive(&last.refresh) else {
            last.unanswered = true;
            break;
        };
        assert_eq!(answer.status, 200, "{}", answer.error());
        last =
            Refreshed { access: answer.must("access_token"), refresh: answer.must("refresh_token"), unanswered: false };
    }
    last
}

/// A login with its consent for each round, by a new browser. Only the last ones are kept: their codes live a minute.
fn consent_on_and_on(party: &Party<'_>, resident: &pass_conformance::Resident, over: &AtomicBool) -> Vec<Consented> {
    let mut done = Vec::new();
    while !over.load(Ordering::Relaxed) {
        let mut browser = party.browser();
        let request = party.request();
        let Some(code) = party.code_if_alive(&mut browser, resident, &request) else { break };
        done.push(Consented { browser, request, code });
    }
    let late = done.len().saturating_sub(3);
    done.split_off(late)
}

fn random_byte() -> u8 {
    let mut byte = [0];
    let mut source = std::fs::File::open("/dev/urandom").expect("/dev/urandom");
    source.read_exact(&mut byte).expect("a byte");
    byte[0]
}
