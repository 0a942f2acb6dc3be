//! Every sample of every page in every language keeps the rules of the house.

#![expect(clippy::unwrap_used, reason = "a test may end here")]

use std::collections::{HashMap, HashSet};

use pass_web::kit::Lang;
use pass_web::page::{Sample, gallery};
use scraper::{ElementRef, Html, Selector};

fn each(check: impl Fn(&Sample, &Html) -> Vec<String>) {
    let mut bad = Vec::new();
    for sample in gallery() {
        let page = Html::parse_document(&sample.html);
        for fault in check(&sample, &page) {
            bad.push(format!("{} {} {}: {fault}", sample.page, sample.case, sample.lang.code()));
        }
    }
    assert!(bad.is_empty(), "{}", bad.join("\n"));
}

fn all<'a>(page: &'a Html, selector: &str) -> Vec<ElementRef<'a>> {
    page.select(&Selector::parse(selector).unwrap()).collect()
}

#[test]
fn a_page_has_one_heading_one_main_and_its_language() {
    each(|sample, page| {
        let mut bad = Vec::new();
        for (selector, what) in [("h1", "h1"), ("main", "main"), ("title", "title"), ("body > header", "header")] {
            if all(page, selector).len() != 1 {
                bad.push(format!("{} times {what}", all(page, selector).len()));
            }
        }
        let lang = all(page, "html")[0].attr("lang");
        if lang != Some(sample.lang.html()) {
            bad.push(format!("lang is {lang:?}"));
        }
        bad
    });
}

#[test]
fn titles_tell_pages_apart() {
    let mut owner: HashMap<(Lang, String), &'static str> = HashMap::new();
    for sample in gallery() {
        let title = all(&Html::parse_document(&sample.html), "title")[0].text().collect::<String>();
        let shared = *owner.entry((sample.lang, title.clone())).or_insert(sample.page);
        assert_eq!(shared, sample.page, "both are called {title}");
    }
}

#[test]
fn every_control_has_a_name_and_every_reference_an_end() {
    each(|_, page| {
        let ids: Vec<&str> = all(page, "[id]").iter().filter_map(|e| e.attr("id")).collect();
        let known: HashSet<&str> = ids.iter().copied().collect();
        let mut bad = Vec::new();
        if ids.len() != known.len() {
            bad.push("an id stands twice".into());
        }
        for field in all(page, "input:not([type=hidden]), select, textarea") {
            let labelled = field.attr("id").is_some_and(|id| !all(page, &format!("label[for='{id}']")).is_empty());
            let wrapped = field.ancestors().filter_map(ElementRef::wrap).any(|e| e.value().name() == "label");
            if !labelled && !wrapped {
                bad.push(format!("no label: {}", field.html()));
            }
        }
        for name in ["aria-describedby", "aria-labelledby", "for"] {
            for element in all(page, &format!("[{name}]")) {
                for id in element.attr(name).unwrap_or_default().split_whitespace() {
                    if !known.contains(id) {
                        bad.push(format!("{name} points to {id}, which is not there"));
                    }
                }
            }
        }
        for link in all(page, "a[href^='#']") {
            let target = link.attr("href").unwrap_or_default().trim_start_matches('#');
            if !known.contains(target) {
                bad.push(format!("a link to #{target}, which is not there"));
            }
        }
        bad.extend(all(page, "img:not([alt])").iter().map(|e| format!("no alt: {}", e.html())));
        bad.extend(all(page, "a[href='#'], a[href='']").iter().map(|e| format!("dead link: {}", e.html())));
        bad
    });
}

#[test]
fn nothing_is_inline_and_nothing_comes_from_elsewhere() {
    each(|sample, page| {
        let mut bad = Vec::new();
        for element in all(page, "*") {
            for (name, _) in element.value().attrs() {
                if name.starts_with("on") || name == "style" {
                    bad.push(format!("attribute {name}"));
                }
            }
        }
        if !all(page, "style, script:not([src]), object, base").is_empty() {
            bad.push("inline style or script, or an object".into());
        }
        // Front-Channel Logout 2 is nothing but frames; they may take the page nowhere.
        let held = "iframe[hidden][title][sandbox='allow-scripts allow-same-origin']";
        let frames = all(page, "iframe").len();
        if frames != if sample.page == "signing_out" { all(page, held).len() } else { 0 } {
            bad.push("a frame".into());
        }
        for element in all(page, "script[src], link[href], img[src]") {
            let address = element.attr("src").or(element.attr("href")).unwrap_or_default();
            if !address.starts_with("/static/") {
                bad.push(format!("from elsewhere: {address}"));
            }
        }
        let scripts = !all(page, "script").is_empty();
        if scripts != sample.headers.policy().contains("script-src") {
            bad.push(format!("scripts: {scripts}, policy: {}", sample.headers.policy()));
        }
        bad
    });
}

/// A flex box makes each reading a box of its own: spaces are lost, and lines break inside words.
const FLEX: &str = ".btn > ruby, .tap > ruby, .tabs a > ruby, .asker a > ruby, .block > header a > ruby";

#[test]
fn cap_61_words_in_a_button_stand_in_one_box() {
    each(|_, page| all(page, FLEX).iter().map(|ruby| format!("bare in a flex box: {}", ruby.html())).collect());
}

#[test]
fn forms_post_to_their_own_address_with_a_token() {
    each(|sample, page| {
        let mut bad = Vec::new();
        for form in all(page, "form") {
            if sample.page == "form_post" {
                continue;
            }
            let field = |name: &str| form.select(&Selector::parse(&format!("input[name='{name}']")).unwrap()).count();
            // The way back from the agent carries secrets in its address: the answer goes elsewhere.
            let elsewhere = (sample.page == "family_confirm").then_some("/me/family/keep");
            if form.attr("method") != Some("post") || form.attr("action") != elsewhere {
                bad.push("a form that does not post to its own address".into());
            }
            if field("csrf") != 1 {
                bad.push("a form without its token".into());
            }
        }
        bad
    });
}

#[test]
fn frozen_ids_stand_exactly_once_and_test_ids_only_where_they_belong() {
    each(|sample, page| {
        let count = |id: &str| all(page, &format!("[id='{id}']")).len();
        let mut bad: Vec<String> = Vec::new();
        for id in &sample.frozen_ids {
            if count(id) != 1 {
                bad.push(format!("{id} stands {} times", count(id)));
            }
        }
        if sample.page != "sign_in" && sample.html.contains("pass-login-") {
            bad.push("pass-login-* outside the sign-in page".into());
        }
        bad
    });
}

#[test]
fn cap_18_every_member_on_the_consent_page_carries_its_value() {
    let ordinary = gallery().into_iter().find(|s| s.page == "consent" && s.case == "ordinary").unwrap();
    let page = Html::parse_document(&ordinary.html);
    for (claim, value) in [
        ("residence_prefecture", "石川県"),
        ("residence_city", "加賀市"),
        ("residence_city_code", "172065"),
        ("is_resident", "true"),
        ("residence_verified_on", "2026-10-05"),
        ("age_over_18", "true"),
        ("sub", "7mB0tq4yZk1n8w0c3QvT1a5R"),
    ] {
        let member = all(&page, &format!("[id='pass-consent-item-{claim}'] data"));
        assert_eq!(member.len(), 1, "{claim}");
        assert_eq!(member[0].attr("value"), Some(value), "{claim}");
    }
}

#[test]
fn cap_18_optional_claims_begin_unticked_and_remembering_too() {
    for sample in gallery().into_iter().filter(|s| s.page == "consent") {
        let page = Html::parse_document(&sample.html);
        assert!(all(&page, "input[type=checkbox][checked]").is_empty(), "{}", sample.case);
        assert_eq!(all(&page, ".choice button").len(), 2);
    }
}

#[test]
fn cap_61_no_page_shows_a_key_instead_of_words() {
    each(|_, page| {
        let text: String = all(page, "html")[0].text().collect();
        let attributes: String = all(page, "*")
            .iter()
            .flat_map(|e| e.value().attrs().map(|(_, v)| format!(" {v}")).collect::<Vec<_>>())
            .collect();
        let shown = format!("{text}{attributes}");
        let mut bad = Vec::new();
        for start in shown.match_indices('[').map(|(at, _)| at) {
            let end = shown[start..].find(']').map_or(start, |e| start + e);
            let inside = &shown[start + 1..end.max(start + 1)];
            if !inside.is_empty()
                && inside.chars().all(|c| c.is_ascii_lowercase() || "-_".contains(c))
                && inside.contains('-')
            {
                bad.push(format!("key shown: {inside}"));
            }
        }
        if shown.contains("{ $") || shown.contains("{$") {
            bad.push("an unfilled placeholder".into());
        }
        bad
    });
}
