//! What goes wrong at the reader, as the agent's pages say it: a clear page each time, and no try lost.

use super::browser::Browser;
use super::issuer::StandIn;
use super::*;
use jpki::soft::{Fault, Trouble};

async fn start_with_trouble() -> (StandIn, Browser, Trouble) {
    let issuer = StandIn::start(family());
    let cards = family();
    let trouble = cards.card("hanako").unwrap().trouble();
    let agent = Agent {
        bind: vec![HOST.parse().unwrap()],
        issuers: vec![issuer.url.clone()],
        cards: CardSource::Soft(cards),
        extra_ca_pem: None,
        users: Vec::new(),
    };
    let browser = Browser::new(web::Data::new(agent.desk().unwrap())).await;
    (issuer, browser, trouble)
}

/// What a page may say of that fault.
fn codes(fault: Fault) -> &'static [&'static str] {
    match fault {
        Fault::RemovedBefore | Fault::RemovedAfter => &["card_removed"],
        Fault::Unplugged => &["reader_failed"],
        Fault::Slow(_) => &[],
        // What the card seems to say decides.
        _ => &["card_failed", "reader_failed", "not_a_my_number_card", "no_sign_certificate", "blocked", "last_try"],
    }
}

#[actix_web::test]
async fn cap_05_every_trouble_at_the_reader_has_a_page_and_costs_no_try() {
    for fault in Fault::ALL {
        for commands in [0, 1, 4, 6, 9] {
            let (issuer, browser, trouble) = start_with_trouble().await;
            let context = format!("{fault:?} after {commands}");
            let page = browser.open(&issuer, "t1").await;
            trouble.after(commands, fault);
            let answer = browser.sign(&page, "ABC123").await;
            assert!(trouble.over(), "{context}");
            if answer.status == 303 {
                // It signed, or what it signed was spoilt on the way: then the issuer says no.
                assert!(!matches!(fault, Fault::RemovedBefore | Fault::RemovedAfter | Fault::Unplugged), "{context}");
                continue;
            }
            assert_eq!(answer.status, 422, "{context}");
            let code = answer.code();
            assert!(codes(fault).contains(&code.as_str()), "{context}: {code}");
            assert!(answer.body.contains("name=\"do\"") && !answer.body.contains("ABC123"), "{context}");
            let again = browser.send(&page, &[("do", "again")]).await;
            assert!(again.status == 200 && again.body.contains("残りは5回"), "{context}");
            assert_eq!(browser.sign(&page, "ABC123").await.status, 303, "{context}: the same card works the next time");
            assert_eq!(issuer.outcomes(), ["verified"], "{context}");
        }
    }
}

#[actix_web::test]
async fn cap_05_a_card_taken_away_while_it_is_looked_at_is_said_so() {
    for (fault, words) in [
        (Fault::RemovedBefore, "card_removed"),
        (Fault::RemovedAfter, "card_removed"),
        (Fault::Unplugged, "reader_failed"),
        (Fault::Garbage, "not_a_my_number_card"),
    ] {
        let (issuer, browser, trouble) = start_with_trouble().await;
        // The last selection of the application: what is asked before it may be left out.
        trouble.after(if fault == Fault::Garbage { 6 } else { 0 }, fault);
        let page = browser.open(&issuer, "t1").await;
        assert!(trouble.over());
        if fault != Fault::Garbage {
            assert_eq!((page.status, page.code().as_str()), (422, words), "{fault:?}");
        }
        let again = browser.send(&page, &[("do", "again")]).await;
        assert!(again.status == 200 && again.body.contains("残りは5回"), "{fault:?}");
    }
}

/// The command of the password is the last that a try can be lost by: its answer lost, it has been counted once.
#[actix_web::test]
async fn cap_05_a_wrong_password_costs_one_try_at_the_card_also_when_its_answer_is_lost() {
    let mut counted = Vec::new();
    for commands in 0..9 {
        let (issuer, browser, trouble) = start_with_trouble().await;
        let page = browser.open(&issuer, "t1").await;
        trouble.after(commands, Fault::RemovedAfter);
        let answer = browser.sign(&page, WRONG).await;
        // A wrong password ends the session before the later ones.
        assert!(answer.status == 422 && ["card_removed", ""].contains(&answer.code().as_str()), "{commands}");
        trouble.after(0, Fault::Slow(std::time::Duration::ZERO));
        let again = browser.send(&page, &[("do", "again")]).await;
        let left = [5, 4].into_iter().find(|left| again.body.contains(&format!("残りは{left}回")));
        counted.push(left.expect("five tries are left, or four"));
    }
    assert!(counted.is_sorted_by(|before, after| before >= after) && counted.ends_with(&[4]), "{counted:?}");
}
