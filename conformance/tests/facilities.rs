//! Two facilities, one resident: what each gets, what it does not, and what withdrawal does.

use std::collections::{BTreeMap, BTreeSet};

use pass_conformance::{
    Browser, Demo, Line, Page, Resident,
    flow::{Answer, Party},
};
use serde_json::Value;

const LIBRARY: &[&str] = &[
    "residence_prefecture",
    "residence_city",
    "residence_city_code",
    "is_resident",
    "residence_verified_on",
    "age_over_18",
];

fn line() -> &'static Line {
    &Demo::shared().line
}

fn party(client: &str) -> Party<'static> {
    Party::new(line(), client)
}

fn given(client: &str, resident: &Resident) -> (Answer, BTreeMap<String, Value>) {
    let party = party(client);
    let tokens = party.tokens(&mut party.browser(), resident);
    let userinfo = party.userinfo(&tokens.must("access_token"));
    assert_eq!(userinfo.status, 200, "{}", userinfo.error());
    let Value::Object(claims) = userinfo.body else { panic!("userinfo is an object") };
    (tokens, claims.into_iter().collect())
}

fn names(claims: &BTreeMap<String, Value>) -> BTreeSet<&str> {
    claims.keys().map(String::as_str).collect()
}

#[test]
fn cap_01_one_resident_two_facilities_two_subs() {
    let subs: Vec<Value> = ["library", "apache", "node", "python", "kosodate"]
        .map(|client| given(client, line().hanako()).1["sub"].clone())
        .into();
    assert!(subs[..4].iter().all(|sub| *sub == subs[0]), "clients of one facility share its sector");
    assert_ne!(subs[0], subs[4], "another facility knows her by another number");
    let ken = given("library", line().ken()).1["sub"].clone();
    assert_ne!(ken, subs[0]);
}

#[test]
fn cap_20_a_kaga_and_a_komatsu_resident_at_the_library() {
    let (_, hanako) = given("library", line().hanako());
    assert_eq!(names(&hanako), LIBRARY.iter().copied().chain(["sub"]).collect());
    assert_eq!(hanako["residence_city_code"], "172065");
    assert_eq!(hanako["residence_city"], "加賀市");
    assert_eq!(hanako["is_resident"], true);
    let (_, ken) = given("library", line().ken());
    assert_eq!(ken["is_resident"], false);
    assert_eq!(ken["residence_city_code"], "172031");
}

#[test]
fn cap_21_adult_without_a_birthdate() {
    let (tokens, claims) = given("library", line().hanako());
    assert_eq!(claims["age_over_18"], true);
    assert!(!claims.contains_key("birthdate") && !tokens.id_token().contains_key("birthdate"));
}

#[test]
fn cap_19_the_child_care_centre_gets_the_basic_four_and_no_more() {
    let (_, claims) = given("kosodate", line().hanako());
    assert_eq!(names(&claims), BTreeSet::from(["sub", "name", "address", "birthdate", "gender", "age_band"]));
    assert_eq!(claims["name"], "山田\u{3000}花子", "as the card says it, the wide space included");
    assert!(claims["address"]["formatted"].as_str().unwrap().starts_with("石川県加賀市"));
}

#[test]
fn cap_19_a_claim_above_the_ceiling_is_not_given_though_asked_for() {
    let party = party("library");
    let wish = r#"{"userinfo":{"name":{"essential":true},"birthdate":null,"address":null},"id_token":{"gender":null}}"#;
    let request = party.request().with(&[("claims", Some(wish)), ("scope", Some("openid residence age basic4 name"))]);
    let mut browser = party.browser();
    let page = pass_conformance::flow::walk(&mut browser, line().hanako(), &request);
    assert!(page.left, "{}", page.told());
    if let Some(code) = page.query("code") {
        let tokens = party.exchange(&code, &request);
        let claims = party.userinfo(&tokens.must("access_token")).body;
        for above in ["name", "birthdate", "address", "gender", "family_name"] {
            assert!(claims.get(above).is_none() && !tokens.id_token().contains_key(above), "{above}");
        }
    } else {
        // A scope that the client is not registered for may also be refused.
        assert_eq!(page.query("error").as_deref(), Some("invalid_scope"));
    }
}

/// The consent page of a first login, without agreeing.
fn consent_page(client: &str, resident: &Resident) -> (Browser, Page, Party<'static>, pass_conformance::flow::Request) {
    let party = party(client);
    let request = party.request().with(&[("prompt", Some("consent"))]);
    let mut browser = party.browser();
    let login = browser.open(&request.url);
    let fields = [("#pass-login-id", &*resident.login_id), ("#pass-login-secret", &*resident.login_secret)];
    let page = browser.submit(&login, "#pass-login-form", &fields);
    assert!(page.has("#pass-consent-form"), "{}", page.told());
    (browser, page, party, request)
}

#[test]
fn cap_18_the_consent_page_shows_the_very_values_that_are_given() {
    for client in ["library", "kosodate"] {
        let (mut browser, page, party, request) = consent_page(client, line().hanako());
        let ids = page.attributes("[id^=pass-consent-item-]", "id");
        let shown: BTreeMap<String, Vec<String>> = ids
            .iter()
            .map(|id| {
                let claim = id.trim_start_matches("pass-consent-item-").to_owned();
                (claim, page.attributes(&format!("#{id} data"), "value"))
            })
            .collect();
        let end = browser.submit(&page, "#pass-consent-form", &[("decision", "allow")]);
        let tokens = party.exchange(&end.query("code").expect("a code"), &request);
        let Value::Object(claims) = party.userinfo(&tokens.must("access_token")).body else { panic!("an object") };
        let given: BTreeSet<&String> = claims.keys().collect();
        assert_eq!(shown.keys().collect::<BTreeSet<_>>(), given, "{client}: the set of members");
        for (claim, value) in &claims {
            let wanted = match value {
                Value::String(text) => vec![text.clone()],
                Value::Object(parts) => parts.values().filter_map(Value::as_str).map(str::to_owned).collect(),
                other => vec![other.to_string()],
            };
            let (wanted, seen): (BTreeSet<_>, BTreeSet<_>) = (wanted.iter().collect(), shown[claim].iter().collect());
            assert!(wanted == seen, "{client}: the value of {claim} on the page is not the one given");
        }
    }
}

#[test]
fn cap_18_the_page_names_who_asks_and_what_stays() {
    let (_, page, _, _) = consent_page("library", line().hanako());
    assert!(page.text("#pass-consent-title").unwrap_or_default().contains("加賀市立図書館"));
    for stays in ["氏名", "生年月日", "性別", "マイナンバー"] {
        assert!(page.text(".keep").unwrap_or_default().contains(stays), "{stays} is not among what stays");
    }
    assert!(page.has("#pass-consent-allow") && page.has("#pass-consent-deny"));
    assert!(page.attributes("#pass-consent-remember", "checked").is_empty(), "the box is not ticked beforehand");
}

#[test]
fn cap_18_the_papers_that_the_page_links_to_are_there() {
    for client in ["library", "kosodate"] {
        let (mut browser, page, _, _) = consent_page(client, line().hanako());
        for (id, says) in [("#pass-client-policy", "個人情報の扱い"), ("#pass-client-tos", "利用規約")] {
            let href = page.attributes(id, "href").pop().unwrap_or_else(|| panic!("{client}: no {id}"));
            let paper = browser.visit(&href);
            assert_eq!(paper.status, 200, "{href}");
            assert_eq!(paper.text("h1").as_deref(), Some(says), "{href}");
        }
    }
}

/// Presses 「渡すのをやめる」 on the facility's page under /me, and says yes to what follows.
fn withdraw(line: &Line, browser: &mut Browser, facility: &str) {
    let all = browser.visit(&format!("{}/me/facilities", line.issuer));
    let (page, _) = all
        .links()
        .into_iter()
        .find(|(url, text)| text.contains(facility) && url.path().starts_with("/me/facilities/"))
        .unwrap_or_else(|| panic!("no link to the facility: {}", all.told()));
    let page = browser.open(&page);
    let href = page.attributes("#pass-withdraw", "href").pop().unwrap_or_else(|| panic!("{}", page.told()));
    let sure = browser.open(&page.url.join(&href).expect("an address"));
    let done = browser.submit(&sure, "form.choice", &[("decision", "stop")]);
    assert_eq!(done.status, 200, "{}", done.told());
}

#[test]
fn cap_22_withdrawal_bites_at_the_next_call() {
    let demo = Demo::start(&pass_conformance::Options::default());
    let (library, kosodate) = (Party::new(&demo.line, "library"), Party::new(&demo.line, "kosodate"));
    let stops = [library.client.redirect_uris.clone(), kosodate.client.redirect_uris.clone()].concat();
    let (mut browser, mut phone) = (Browser::new(&stops), Browser::new(&stops));
    let on_phone = library.tokens(&mut phone, demo.line.hanako());
    let at_library = library.tokens(&mut browser, demo.line.hanako());
    let at_kosodate = kosodate.tokens(&mut browser, demo.line.hanako());
    assert_eq!(library.userinfo(&at_library.must("access_token")).status, 200);
    withdraw(&demo.line, &mut browser, "加賀市立図書館");
    for (device, tokens) in [("here", &at_library), ("on her phone", &on_phone)] {
        let status = library.userinfo(&tokens.must("access_token")).status;
        assert!((400..500).contains(&status), "userinfo {device}: {status}");
        if let Some(token) = tokens.text("refresh_token") {
            assert_eq!(library.refresh(token).error(), "invalid_grant", "refresh {device}");
        }
    }
    assert_eq!(kosodate.userinfo(&at_kosodate.must("access_token")).status, 200, "the other facility keeps its own");
    for browser in [&mut browser, &mut phone] {
        let silent = library.request().with(&[("prompt", Some("none"))]);
        assert_eq!(browser.open(&silent.url).query("error").as_deref(), Some("consent_required"), "asked again");
    }
}
