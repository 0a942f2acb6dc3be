//! `/interaction/{id}/consent`: decide what is handed over.
//!
//! The form sends `decision` (`allow` or `deny`), `remember` (`1` when ticked) and `optional` once for each optional
//! claim that is ticked. The purpose is the registered one, never a parameter of the request.

use askama::Template;
use pass_core::domain::proofing::ProofingMethod;
use serde_json::json;

use super::Page;
use super::sample::{by, library, longest, shell};
use super::slip::{Given, NotGiven, Row, kept, not_given_because, rows};
use crate::kit::{Asker, Lang, Shell, Words};

/// The consent page.
#[derive(Template)]
#[template(path = "page/consent.html")]
pub struct Consent {
    /// The frame.
    pub shell: Shell,
    /// Token of the form.
    pub csrf: String,
    /// Ties the answer to what this page shows.
    pub shown: String,
    /// Who receives.
    pub asker: Option<Asker>,
    /// The facility's name, for the sentences.
    pub facility: String,
    /// Whose information: the name as the card says it, empty when there is none.
    pub person: String,
    /// What is handed over ([`super::slip::rows`]).
    pub rows: Vec<Row>,
    /// What stays ([`super::slip::kept`]).
    pub kept: Vec<Words>,
    /// What was asked for and stays all the same ([`super::slip::not_given_because`]).
    pub withheld: Vec<NotGiven>,
    /// The day the card was checked, in words; none when nothing was proven.
    pub checked: Option<String>,
    /// How the person was proofed.
    pub by: ProofingMethod,
    /// Whether the box "not again for a year" is offered.
    pub remember: bool,
    /// Whether the facility has asked before and asks for something else now.
    pub changed: bool,
}

impl Page for Consent {
    const NAME: &'static str = "consent";

    fn frozen_ids(&self) -> Vec<&'static str> {
        let mut ids = vec!["pass-consent-title", "pass-consent-form", "pass-consent-allow", "pass-consent-deny"];
        ids.extend(self.remember.then_some("pass-consent-remember"));
        ids
    }

    fn samples(lang: Lang) -> Vec<(&'static str, Consent)> {
        let city = by(lang, "加賀市", "加賀市（かがし）", "Kaga City");
        let day = crate::kit::date::Day { year: 2026, month: 10, day: 5 }.words(lang);
        let of = |asker: Asker, person: &str, claims: &[(&str, serde_json::Value, bool)]| {
            let given: Vec<Given<'_>> =
                claims.iter().map(|(claim, value, optional)| Given { claim, value, optional: *optional }).collect();
            Consent {
                shell: shell(lang, "/interaction/4b1d/consent"),
                csrf: "token".into(),
                shown: "shown".into(),
                facility: asker.name.clone(),
                asker: Some(asker),
                person: person.into(),
                rows: rows(lang, &city, &given),
                kept: kept(lang, &given),
                withheld: Vec::new(),
                checked: Some(day.text().into()),
                by: ProofingMethod::SignCertificate,
                remember: true,
                changed: false,
            }
        };
        let residence = [
            ("residence_prefecture", json!("石川県"), false),
            ("residence_city", json!("加賀市"), false),
            ("residence_city_code", json!("172065"), false),
            ("is_resident", json!(true), false),
            ("residence_verified_on", json!("2026-10-05"), false),
            ("age_over_18", json!(true), false),
            ("sub", json!("7mB0tq4yZk1n8w0c3QvT1a5R"), false),
        ];
        let basic4 = |name: &str, address: &str| {
            [
                ("name", json!(name), false),
                (
                    "address",
                    json!({"formatted": address, "country": "JP", "region": "石川県", "locality": "加賀市"}),
                    false,
                ),
                ("birthdate", json!("1988-02-29"), false),
                ("gender", json!("female"), false),
                ("age_band", json!("20-64"), false),
                ("phone_number", json!("090-0000-0000"), true),
                ("x_new_claim", json!(["a", 1]), true),
                ("sub", json!("7mB0tq4yZk1n8w0c3QvT1a5R"), false),
            ]
        };
        let komatsu = [
            ("is_resident", json!(false), false),
            ("age_over_18", json!(false), false),
            ("email", json!("hanako@example.jp"), false),
            ("email_verified", json!(true), false),
        ];
        let above = ["age_over_15", "age_over_20", "age_over_65", "age_band"].map(|claim| (claim, "above_ceiling"));
        let withheld = not_given_because(lang, &city, above.into_iter().chain([("phone_number", "value_unknown")]));
        let long_name = "長曽我部　エリザベスアレクサンドラ花子";
        let long_place =
            "石川県加賀市大聖寺東町四丁目１７番地５ブエナビスタ大聖寺東町パークサイドレジデンス弐番館１２０４号";
        vec![
            ("ordinary", Consent { withheld: withheld.clone(), ..of(library(lang), "山田　花子", &residence) }),
            (
                "basic4",
                Consent {
                    changed: true,
                    ..of(library(lang), "山田　花子", &basic4("山田　花子", "石川県加賀市見本町１２番地３"))
                },
            ),
            (
                "read_only",
                Consent { by: ProofingMethod::TextApplication, ..of(library(lang), "山田　一郎", &residence) },
            ),
            ("app", Consent { by: ProofingMethod::DigitalAuthApp, ..of(library(lang), "鈴木　あおい", &residence) }),
            ("longest", Consent { withheld, ..of(longest(lang), long_name, &basic4(long_name, long_place)) }),
            ("little", Consent { checked: None, remember: false, ..of(library(lang), "", &komatsu) }),
        ]
    }
}
