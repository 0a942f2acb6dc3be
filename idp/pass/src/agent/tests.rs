//! The agent in process, with soft cards and a stand-in issuer that speaks the two endpoints and really verifies.

mod attacks;
mod browser;
mod consent;
mod issuer;
mod login;
mod trouble;

use super::*;
use browser::Browser;
use issuer::StandIn;
use jpki::soft::Family;
use std::sync::LazyLock;

const HOST: &str = "127.0.0.1:18500";
const WRONG: &str = "WRONG1";

/// Keys are made once; each family has counters of its own.
fn family() -> Family {
    static FOLDER: LazyLock<tempfile::TempDir> = LazyLock::new(|| tempfile::tempdir().unwrap());
    crate::cli::card::family(FOLDER.path()).unwrap()
}

fn desk(issuer: &StandIn) -> web::Data<Desk> {
    let agent = Agent {
        bind: vec![HOST.parse().unwrap()],
        issuers: vec![issuer.url.clone()],
        cards: CardSource::Soft(family()),
        extra_ca_pem: None,
        users: Vec::new(),
    };
    web::Data::new(agent.desk().unwrap())
}

async fn start() -> (StandIn, Browser) {
    let issuer = StandIn::start(family());
    let browser = Browser::new(desk(&issuer)).await;
    (issuer, browser)
}

#[actix_web::test]
async fn cap_05_a_statement_is_shown_signed_and_taken_by_the_issuer() {
    let (issuer, browser) = start().await;
    let page = browser.open(&issuer, "t1").await;
    assert_eq!(page.status, 200);
    for shown in [&issuer.url, issuer::ACCOUNT, issuer::PURPOSE, "PASS-JPKI-ENROLMENT-v1", "残りは5回"] {
        assert!(page.body.contains(shown), "{shown} is not shown");
    }
    let answer = browser.sign(&page, "ABC123").await;
    assert_eq!(answer.status, 303);
    assert_eq!(answer.location, format!("{}?ticket=t1&completion=secret-of-t1", browser::back_of(&issuer)));
    assert_eq!(issuer.outcomes(), ["verified"]);
}

#[actix_web::test]
async fn cap_05_the_password_reaches_nobody_but_the_card() {
    let (issuer, browser) = start().await;
    let page = browser.open(&issuer, "t1").await;
    let wrong = browser.sign(&page, WRONG).await;
    let answer = browser.sign(&page, "abc123").await;
    assert_eq!((wrong.status, answer.status), (422, 303));
    for received in issuer.received() {
        for secret in [WRONG, "ABC123", "abc123", "csrf"] {
            assert!(!received.contains(secret), "the issuer received {secret}");
        }
    }
    assert!(!wrong.body.contains(WRONG) && !answer.location.contains("123"));
}

#[actix_web::test]
async fn cap_05_the_pages_keep_to_themselves() {
    let (issuer, browser) = start().await;
    let page = browser.open(&issuer, "t1").await;
    let policy = page.header("content-security-policy");
    assert!(policy.contains("frame-ancestors 'none'") && policy.starts_with("default-src 'none'"));
    assert!(policy.contains(&format!("form-action 'self' {};", issuer.url)));
    assert_eq!(page.header("cache-control"), "no-store");
    assert_eq!(page.header("referrer-policy"), "same-origin");
    let cookie = page.header("set-cookie");
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict") && cookie.contains("Path=/sign"));
}

#[actix_web::test]
async fn cap_05_a_wrong_password_shows_the_tries_left_and_the_last_is_kept() {
    let (issuer, browser) = start().await;
    let page = browser.open(&issuer, "t1").await;
    for left in [4, 3, 2] {
        let answer = browser.sign(&page, WRONG).await;
        assert_eq!(answer.status, 422);
        assert!(answer.body.contains(&format!("残りは{left}回")) && answer.body.contains("パスワードがちがいます"));
    }
    for _ in 0..2 {
        let stopped = browser.sign(&page, WRONG).await;
        assert_eq!((stopped.status, stopped.code().as_str()), (422, "last_try"));
        assert!(!stopped.body.contains("name=\"password\""), "no field for the last try");
    }
    assert!(issuer.outcomes().is_empty(), "nothing was signed");
    // The right one is not tried either, and going back signs nothing.
    assert_eq!(browser.sign(&page, "ABC123").await.code(), "last_try");
    let cancelled = browser.send(&page, &[("do", "cancel")]).await;
    assert_eq!((cancelled.status, cancelled.location), (303, format!("{}?ticket=t1", browser::back_of(&issuer))));
}

#[actix_web::test]
async fn cap_05_a_password_of_another_form_costs_no_try() {
    let (issuer, browser) = start().await;
    let page = browser.open(&issuer, "t1").await;
    for text in ["", "1234", "ABCDEF", "ＡＢＣＤＥＦ", "ABC１２３４５６７８９０１２３４", "ﬁＡＢＣ１２３あ"]
    {
        let answer = browser.sign(&page, text).await;
        assert_eq!(answer.status, 422);
        assert!(answer.body.contains("残りは5回") && answer.body.contains("パスワードの形がちがいます"), "{text}");
    }
}

#[actix_web::test]
async fn cap_05_each_soft_card_is_what_it_is() {
    let (issuer, browser) = start().await;
    let back = browser::back_of(&issuer);
    for (card, password, outcome) in [
        ("expired", "EXP111", "expired"),
        ("revoked", "REV222", "revoked"),
        ("foreign-ca", "FOR333", "foreign_ca"),
        ("elder", "ELD666", "verified"),
        ("moved", "MOV777", "revoked"),
        ("renewed", "RNW567", "verified"),
        ("expiring", "EXG888", "verified"),
        ("partial", "PAR999", "verified"),
        ("ivs", "IVS101", "verified"),
        ("overseas", "OVS202", "verified"),
        ("phone", "PHN303", "verified"),
        // Signed with P-384, as the next card is announced to be.
        ("next", "NXT404", "verified"),
    ] {
        let page = browser.open(&issuer, card).await;
        assert!(page.body.contains(&format!("<option value=\"{card}\"")));
        let answer = browser.send(&page, &[("do", "sign"), ("card", card), ("password", password)]).await;
        // What the issuer thinks of it, it says on its own page.
        assert_eq!(
            (answer.status, answer.location),
            (303, format!("{back}?ticket={card}&completion=secret-of-{card}"))
        );
        assert_eq!(issuer.outcomes().last().unwrap(), outcome);
    }
    let page = browser.open(&issuer, "t4").await;
    let blocked = browser.send(&page, &[("do", "place"), ("card", "blocked")]).await;
    assert_eq!((blocked.status, blocked.code().as_str()), (422, "blocked"));
    let child = browser.send(&page, &[("do", "place"), ("card", "child")]).await;
    assert_eq!((child.status, child.code().as_str()), (422, "no_sign_certificate"));
    let none = browser.send(&page, &[("do", "place"), ("card", "nobody")]).await;
    assert_eq!(none.code(), "no_card");
    let placed = browser.send(&page, &[("do", "place"), ("card", "ken")]).await;
    assert_eq!(placed.status, 200);
    assert_eq!(browser.sign(&page, "KEN456").await.status, 303, "the card stays where it was put");
}

#[actix_web::test]
async fn cap_05_only_the_issuers_of_the_list_are_served() {
    let (issuer, browser) = start().await;
    let stranger = StandIn::start(family());
    let back = browser::back_of(&issuer);
    for (named, back) in [
        (stranger.url.as_str(), browser::back_of(&stranger)),
        ("", back.clone()),
        ("http://localhost", back.clone()),
        (&issuer.url, browser::back_of(&stranger)),
        (&issuer.url, "https://evil.example/".into()),
        (&issuer.url, format!("{}/authorize?client_id=evil", issuer.url)),
        (&issuer.url, String::new()),
    ] {
        let page = browser.get(&browser::query(named, "t1", &back), &[]).await;
        assert_eq!((page.status, page.code().as_str()), (403, "foreign_issuer"), "{named} {back}");
        assert!(!page.body.contains("name=\"password\""));
    }
    assert!(stranger.received().is_empty() && issuer.received().is_empty(), "nobody was asked");
}

#[actix_web::test]
async fn cap_05_a_page_in_a_frame_or_under_another_name_is_refused() {
    let (issuer, browser) = start().await;
    let query = browser::query(&issuer.url, "t1", &browser::back_of(&issuer));
    for (name, value, status) in [
        ("sec-fetch-dest", "iframe", 403),
        ("sec-fetch-dest", "empty", 403),
        ("sec-fetch-mode", "cors", 403),
        ("sec-fetch-mode", "no-cors", 403),
        ("host", "pass.evil.example:18500", 421),
        ("host", "localhost:18500", 421),
        ("host", "127.0.0.1", 421),
        ("host", "127.0.0.1:18501", 421),
    ] {
        let page = browser.get(&query, &[(name, value)]).await;
        assert_eq!(page.status, status, "{name}: {value}");
        assert!(!page.body.contains("name=\"password\"") && !page.body.contains(issuer::ACCOUNT));
    }
    assert!(issuer.received().is_empty());
}

#[actix_web::test]
async fn cap_05_a_form_from_elsewhere_is_refused() {
    let (issuer, browser) = start().await;
    let page = browser.open(&issuer, "t1").await;
    for (name, value, status) in [
        ("origin", issuer.url.as_str(), 403),
        ("origin", "null", 403),
        ("origin", "http://127.0.0.1:18501", 403),
        ("sec-fetch-site", "cross-site", 403),
        ("sec-fetch-site", "same-site", 403),
        ("sec-fetch-site", "none", 403),
        ("sec-fetch-dest", "iframe", 403),
        ("host", "evil.example", 421),
    ] {
        let answer = browser.post(&page, &[("do", "sign"), ("password", "ABC123")], &[(name, value)]).await;
        assert_eq!(answer.status, status, "{name}: {value}");
    }
    assert!(issuer.outcomes().is_empty());
}

/// Another user of the machine reaches the port, but holds neither cookie nor token.
#[actix_web::test]
async fn cap_05_cookie_and_token_must_be_of_one_visit() {
    let (issuer, browser) = start().await;
    let mine = browser.open(&issuer, "t1").await;
    let other = browser.open(&issuer, "t2").await;
    let sign = [("do", "sign"), ("password", "ABC123")];
    for (cookie, token) in [
        ("", mine.token()),
        (mine.cookie().as_str(), String::new()),
        (mine.cookie().as_str(), other.token()),
        (other.cookie().as_str(), mine.token()),
        (mine.token().as_str(), mine.cookie()),
    ] {
        let answer = browser.post_as(cookie, &token, &sign, &[]).await;
        assert_eq!((answer.status, answer.code().as_str()), (410, "ticket_unknown"));
    }
    assert!(issuer.outcomes().is_empty());
    assert_eq!(browser.sign(&mine, "ABC123").await.status, 303);
}

#[actix_web::test]
async fn cap_05_a_form_signs_once() {
    let (issuer, browser) = start().await;
    let page = browser.open(&issuer, "t1").await;
    assert_eq!(browser.sign(&page, "ABC123").await.status, 303);
    let again = browser.sign(&page, "ABC123").await;
    assert_eq!((again.status, again.code().as_str()), (410, "ticket_unknown"));
    assert_eq!(issuer.outcomes(), ["verified"], "the card was asked once");
    // A used ticket opens no page; whoever is still here finds the way back.
    assert_eq!(browser.open(&issuer, "t1").await.code(), "ticket_unknown");
    for press in ["again", "cancel"] {
        let back = browser.send(&page, &[("do", press)]).await;
        assert_eq!((back.status, back.location.ends_with("&completion=secret-of-t1")), (303, true), "{press}");
    }
}

#[actix_web::test]
async fn cap_05_the_page_asks_whether_one_started_this_oneself() {
    let (issuer, browser) = start().await;
    for (lang, question) in [
        ("ja", "ご自分で、このパソコンで始めましたか"),
        ("en", "Did you start this yourself, on this computer?"),
        ("easy", "パソコンで"),
    ] {
        let query =
            browser::query(&issuer.url, "t1", &browser::back_of(&issuer)).replace("lang=ja", &format!("lang={lang}"));
        let page = browser.get(&query, &[]).await;
        let asked = page.body.split_once("id=\"pass-card-own\"").map_or("", |(_, rest)| rest);
        let asked = asked.split_once("</p>").map_or("", |(asked, _)| asked);
        assert!(asked.contains(question) && asked.contains(issuer::ACCOUNT), "{lang}: {asked}");
    }
}

#[actix_web::test]
async fn cap_05_one_card_serves_one_request() {
    let (issuer, browser) = start().await;
    let (one, two) = (browser.open(&issuer, "t1").await, browser.open(&issuer, "t2").await);
    let hold = issuer.hold();
    let (signed, busy) = tokio::join!(browser.sign(&one, "ABC123"), async {
        issuer.asked_for_result().await;
        let busy = browser.sign(&two, "ABC123").await;
        let twice = browser.sign(&one, "ABC123").await;
        drop(hold);
        [busy, twice]
    });
    assert_eq!(signed.status, 303);
    for answer in busy {
        assert_eq!((answer.status, answer.code().as_str()), (409, "card_busy"));
    }
    assert_eq!(issuer.outcomes(), ["verified"]);
    assert_eq!(browser.sign(&two, "ABC123").await.status, 303, "afterwards it is free");
}

#[actix_web::test]
async fn cap_05_a_statement_of_somebody_else_is_not_shown() {
    let (issuer, browser) = start().await;
    for (ticket, code, status) in [
        ("names-another", "foreign_statement", 403),
        ("deceives", "foreign_statement", 403),
        ("digest", "foreign_statement", 403),
        ("huge", "foreign_statement", 403),
        ("redirect", "issuer_unreachable", 502),
        ("too-many", "issuer_unreachable", 502),
        ("gone", "ticket_unknown", 410),
    ] {
        let page = browser.open(&issuer, ticket).await;
        assert_eq!((page.status, page.code().as_str()), (status, code), "{ticket}");
        assert!(!page.body.contains("name=\"password\""));
    }
}

#[actix_web::test]
async fn cap_05_an_issuer_that_is_down_gets_the_proof_later() {
    let (issuer, browser) = start().await;
    let page = browser.open(&issuer, "t1").await;
    issuer.down(true);
    let lost = browser.sign(&page, "ABC123").await;
    assert_eq!((lost.status, lost.code().as_str()), (502, "issuer_unreachable"));
    issuer.down(false);
    assert_eq!(browser.send(&page, &[("do", "again")]).await.status, 200);
    assert_eq!(browser.sign(&page, "ABC123").await.status, 303);
    assert_eq!(issuer.outcomes(), ["verified"]);
}

#[test]
fn cap_05_the_agent_listens_on_loopback_and_knows_its_issuers() {
    let agent = |bind: &str, issuers: &[&str]| Agent {
        bind: vec![bind.parse().unwrap()],
        issuers: issuers.iter().map(ToString::to_string).collect(),
        cards: CardSource::Reader,
        extra_ca_pem: None,
        users: Vec::new(),
    };
    assert!(agent("[::1]:18500", &["https://pass.example"]).desk().is_ok());
    assert!(agent("0.0.0.0:18500", &["https://pass.example"]).desk().is_err());
    assert!(agent("192.0.2.1:18500", &["https://pass.example"]).desk().is_err());
    assert!(agent(HOST, &[]).desk().is_err());
    assert!(agent(HOST, &["http://pass.example"]).desk().is_err());
}
