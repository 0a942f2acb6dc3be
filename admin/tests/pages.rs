//! Every sample of every page of Manager in every language keeps the rules of the house.

#![expect(clippy::unwrap_used, reason = "a test stops where something is missing")]

use std::collections::{HashMap, HashSet};

use pass_admin::page::gallery;
use pass_web::kit::Lang;
use pass_web::page::Sample;
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
            let count = all(page, selector).len();
            if count != 1 {
                bad.push(format!("{count} times {what}"));
            }
        }
        if all(page, "html")[0].attr("lang") != Some(sample.lang.html()) {
            bad.push("another language".into());
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
        for name in ["aria-describedby", "aria-labelledby", "for", "data-copy"] {
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
        bad
    });
}

#[test]
fn nothing_is_inline_and_scripts_run_only_where_the_policy_says() {
    each(|sample, page| {
        let mut bad = Vec::new();
        for element in all(page, "*") {
            for (name, _) in element.value().attrs() {
                if name.starts_with("on") || name == "style" {
                    bad.push(format!("attribute {name}"));
                }
            }
        }
        if !all(page, "style, script:not([src]), iframe, object, base").is_empty() {
            bad.push("inline style or script, or a frame".into());
        }
        let scripts = !all(page, "script").is_empty();
        if scripts != sample.headers.policy().contains("script-src") {
            bad.push(format!("scripts: {scripts}, policy: {}", sample.headers.policy()));
        }
        bad
    });
}

#[test]
fn forms_that_post_carry_a_token_and_stay_in_manager() {
    each(|_, page| {
        let mut bad = Vec::new();
        for form in all(page, "form") {
            let tokens = form.select(&Selector::parse("input[name='csrf']").unwrap()).count();
            let posts = form.attr("method") == Some("post");
            if posts != (tokens == 1) {
                bad.push(format!("{tokens} tokens in a form with method {:?}", form.attr("method")));
            }
            if form.attr("action").is_some_and(|action| !action.starts_with("/manager")) {
                bad.push("a form that leaves Manager".into());
            }
        }
        bad
    });
}

#[test]
fn every_text_was_found() {
    each(|_, page| {
        let text: String = page.root_element().text().collect();
        let lost = text.split('[').skip(1).filter_map(|rest| rest.split(']').next());
        lost.filter(|key| key.starts_with("mgr-") || key.starts_with("act-")).map(String::from).collect()
    });
}

#[test]
fn a_new_secret_stands_on_one_page_only() {
    let secret = "9Jt4VxQ2m8LrYc7HbN3wKe5Z-Pq1sTd6uFgA0oXiJyM";
    for sample in gallery() {
        let shows = sample.html.contains(secret);
        assert_eq!(shows, sample.page == "desk-secret" && sample.case == "shown", "{} {}", sample.page, sample.case);
    }
}

#[test]
fn a_receptionist_sees_no_door_that_is_closed() {
    for sample in gallery().iter().filter(|sample| sample.page == "desk-home" && sample.case == "reception") {
        for closed in ["/manager/facility", "/manager/clients", "/manager/audit", "/manager/switch"] {
            assert!(!sample.html.contains(closed), "{closed}");
        }
    }
}
