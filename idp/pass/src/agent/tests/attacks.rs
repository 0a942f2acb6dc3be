//! Somebody who is not the person at the card: with her ticket, with her result, on her machine. Frames, foreign names, foreign
//! forms and two requests at once are in the tests beside this one.

use super::browser::{self, Browser};
use super::issuer::StandIn;
use super::*;
use std::process::Command;

/// A ticket is no secret of the card: whoever opens it first or later signs with the own card, and only the first result counts.
#[actix_web::test]
async fn cap_05_a_stolen_ticket_gives_the_thief_no_way_back() {
    let (issuer, hers) = start().await;
    // Another agent, on the thief's machine, with the thief's card.
    let his = Browser::new(desk(&issuer)).await;
    let page = hers.open(&issuer, "t1").await;
    let stolen = his.open(&issuer, "t1").await;
    // Neither her cookie nor her form is in what he sees, nor are his of any use at her agent.
    assert!(!stolen.body.contains(&page.token()) && stolen.cookie() != page.cookie());
    let sign = [("do", "sign"), ("password", "ABC123")];
    for (cookie, token) in [(stolen.cookie(), stolen.token()), (stolen.cookie(), page.token())] {
        let answer = hers.post_as(&cookie, &token, &sign, &[]).await;
        assert_eq!((answer.status, answer.code().as_str()), (410, "ticket_unknown"));
    }
    assert_eq!(hers.sign(&page, "ABC123").await.status, 303);
    let late = his.send(&stolen, &[("do", "sign"), ("card", "ken"), ("password", "KEN456")]).await;
    assert_eq!(late.location, format!("{}?ticket=t1", browser::back_of(&issuer)), "no completion secret for him");
    assert_eq!(issuer.outcomes(), ["verified"], "his proof was not looked at");
}

/// Whoever read what went to the issuer posts it once more.
#[actix_web::test]
async fn cap_05_a_replayed_result_is_worth_nothing() {
    let (issuer, browser) = start().await;
    let page = browser.open(&issuer, "t1").await;
    assert_eq!(browser.sign(&page, "ABC123").await.status, 303);
    let posted = issuer.received().pop().unwrap();
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let replay = |body: String| http.post(format!("{}/card/result", issuer.url)).body(body).send();
    let answer = replay(posted.clone()).await.unwrap();
    assert_eq!(answer.status(), 422);
    let answer = answer.text().await.unwrap();
    assert!(answer.contains("ticket_expired") && !answer.contains("secret-of"), "{answer}");
    // Under another ticket the signed statement is that of the first.
    browser.open(&issuer, "t2").await;
    let answer = replay(posted.replace("\"t1\"", "\"t2\"")).await.unwrap();
    assert_eq!(answer.status(), 422);
    assert_eq!(issuer.outcomes(), ["verified", "altered_statement"]);
    // And the agent itself signs a form once.
    assert_eq!(browser.sign(&page, "ABC123").await.status, 410);
}

#[actix_web::test]
async fn cap_05_no_page_of_the_agent_may_be_framed() {
    let (issuer, browser) = start().await;
    for ticket in ["t1", "login-1", "consent-1", "gone", "names-another"] {
        let page = browser.open(&issuer, ticket).await;
        assert_eq!(page.header("x-frame-options"), "DENY", "{ticket}");
        assert!(page.header("content-security-policy").contains("frame-ancestors 'none'"), "{ticket}");
    }
}

#[actix_web::test]
async fn cap_05_an_expired_ticket_leads_back_to_the_issuer_and_nowhere_else() {
    let (issuer, browser) = start().await;
    let page = browser.open(&issuer, "gone").await;
    let link = format!("id=\"pass-card-home\" href=\"{}?ticket=gone\"", browser::back_of(&issuer));
    assert!(page.status == 410 && page.body.contains(&link), "{}", page.body);
    assert!(page.body.contains("id=\"pass-card-steps\"") && page.body.contains("「PASSの画面に戻る」"));
    // An address that is not the issuer's is no way back, nor is there one for a stranger.
    let evil = browser.get(&browser::query(&issuer.url, "gone", "https://evil.example/"), &[]).await;
    let stranger = browser.get(&browser::query("https://evil.example", "gone", "https://evil.example/"), &[]).await;
    for page in [evil, stranger] {
        assert!(!page.body.contains("pass-card-home") && !page.body.contains("href=\"https://evil"));
    }
}

#[actix_web::test]
async fn cap_05_the_page_is_there_in_three_languages_and_typing_begins_in_its_field() {
    let (issuer, browser) = start().await;
    let page = browser.open(&issuer, "t1").await;
    for lang in ["ja", "easy", "en"] {
        let link = page
            .body
            .split("href=\"")
            .find(|link| link.starts_with("/sign?") && link.contains(&format!("lang={lang}\"")));
        let link = link.and_then(|link| link.split('"').next()).unwrap().replace("&#38;", "&").replace("&amp;", "&");
        let other = browser.get(link.strip_prefix("/sign?").unwrap(), &[]).await;
        assert!(other.status == 200 && other.body.contains("PASS-JPKI-ENROLMENT-v1"), "{lang}: {link}");
        let html = if lang == "en" { "<html lang=\"en\"" } else { "<html lang=\"ja" };
        assert!(other.body.contains(html), "{lang}");
        // What is signed stays in the language of the issuer's statement.
        assert!(other.body.contains(issuer::PURPOSE) && other.body.contains("lang=\"ja\" id=\"pass-card-purpose\""));
    }
    let focused = |page: &browser::Page| {
        let fields: Vec<_> = page
            .body
            .split("<input ")
            .filter(|field| field.split('>').next().unwrap().ends_with("autofocus"))
            .collect();
        assert_eq!(fields.len(), 1, "one field has it");
        fields[0].split("name=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
    };
    assert_eq!(focused(&page), "password");
    assert_eq!(focused(&browser.open(&issuer, "login-1").await), "pin");
    let wrong_pin = browser.send(&page, &[("do", "sign"), ("password", "ABC123"), ("pin", "0000")]).await;
    assert_eq!(focused(&wrong_pin), "pin");
}

/// A real server, asked by real sockets. As root a second user asks as well.
#[actix_web::test]
async fn cap_05_another_user_of_the_machine_is_refused() {
    let issuer = StandIn::start(family());
    let served = |users: Vec<u32>| {
        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let agent = Agent {
            bind: vec![free],
            issuers: vec![issuer.url.clone()],
            cards: CardSource::Soft(family()),
            extra_ca_pem: None,
            users,
        };
        actix_web::rt::spawn(agent.serve().unwrap());
        free
    };
    let (own, others) = (served(Vec::new()), served(vec![4_000_000_000]));
    let query = browser::query(&issuer.url, "t1", &browser::back_of(&issuer));
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let ask = async |at: std::net::SocketAddr, path: &str| {
        let answer = http.get(format!("http://{at}{path}")).send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    };
    let sign = format!("/sign?{query}");
    assert_eq!(ask(own, "/").await, (200, "PASS card agent\n".into()));
    let (status, page) = ask(own, &sign).await;
    assert!(status == 200 && page.contains("name=\"password\""));
    // The same user, at an agent that serves somebody else.
    for path in ["/", &sign] {
        let (status, page) = ask(others, path).await;
        assert!(status == 403 && page.contains(">other_user<") && page.contains("ほかの利用者"), "{status} {page}");
        assert!(!page.contains("name=\"password\"") && !page.contains(issuer::ACCOUNT));
    }
    let style = page_style(&page);
    assert_eq!(ask(others, &style).await.0, 200, "the refusal has its style sheet");
    let asked_before = issuer.received().len();
    for (program, arguments) in
        [("setpriv", &["--reuid=65534", "--clear-groups"][..]), ("runuser", &["-u", "nobody", "--"])]
    {
        let url = format!("http://{own}{sign}");
        let mut command = Command::new(program);
        command.args(arguments).args(["curl", "-s", "--noproxy", "*", "-o", "-", "-w", "%{http_code}", &url]);
        let Some(output) = web::block(move || command.output().ok()).await.unwrap() else { continue };
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        if !output.status.success() && peer::own_user() != Some(0) {
            continue; // Only root may become somebody else.
        }
        assert!(said.ends_with("403") && said.contains(">other_user<"), "{program}: {said}");
    }
    assert_eq!(issuer.received().len(), asked_before, "nothing was asked for them");
}

fn page_style(page: &str) -> String {
    let link = page.split("<link rel=\"stylesheet\" href=\"").nth(1).unwrap();
    link.split('"').next().unwrap().to_owned()
}
