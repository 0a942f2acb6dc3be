//! `/me/facilities/{id}`: what this facility gets and why, what it does not get and why, and stopping it.

use askama::Template;
use serde_json::json;

use super::Page;
use super::happening::Happening;
use super::sample::{by, library, longest, shell};
use super::slip::{Given, Row, kept, label, rows};
use crate::kit::{Lang, Shell, Words};

/// A facility, as the resident sees it.
#[derive(Template)]
#[template(path = "page/me_facility.html")]
pub struct MeFacility {
    /// The frame.
    pub shell: Shell,
    /// Its name.
    pub name: String,
    /// Who runs it.
    pub operator: String,
    /// The purpose that was agreed to.
    pub purpose: String,
    /// Since when, in words.
    pub since: String,
    /// How long one is not asked again, in words.
    pub quiet_until: Option<String>,
    /// What it gets today ([`super::slip::rows`]).
    pub rows: Vec<Row>,
    /// What stays ([`super::slip::kept`]).
    pub kept: Vec<Words>,
    /// Claims it may ask for that are not given today, and why.
    pub withheld: Vec<Withheld>,
    /// When sharing was stopped, in words.
    pub ended: Option<String>,
    /// The page that asks before it stops.
    pub withdraw: String,
    /// What happened with this facility.
    pub history: Vec<Happening>,
}

/// A claim that is not given, and why.
#[derive(Clone)]
pub struct Withheld {
    /// What people call the claim.
    pub label: Words,
    /// The reasons.
    pub why: Vec<Words>,
}

impl Withheld {
    /// From the claim's name and the words of `core::release` for its reasons (`above_ceiling`, `needs_acr:aal2`, ...).
    pub fn new(lang: Lang, city: &str, claim: &str, reasons: &[impl AsRef<str>]) -> Withheld {
        Withheld {
            label: label(lang, city, claim),
            why: reasons.iter().map(|reason| lang.t(why(reason.as_ref()))).collect(),
        }
    }
}

/// The phrase for a reason of `core::release`.
pub(super) fn why(reason: &str) -> &'static str {
    match reason.split(':').next().unwrap_or_default() {
        "not_asked" => "why-not-asked",
        "above_ceiling" => "why-ceiling",
        "not_consented" => "why-not-consented",
        "declined" => "why-declined",
        "consent_withdrawn" => "why-withdrawn",
        "needs_acr" => "why-weak",
        "not_proofed" => "why-not-proofed",
        "proofing_stale" => "why-stale",
        "proofing_revoked" => "why-revoked",
        _ => "why-unknown",
    }
}

impl Page for MeFacility {
    const NAME: &'static str = "me_facility";

    fn samples(lang: Lang) -> Vec<(&'static str, MeFacility)> {
        let city = by(lang, "加賀市", "加賀市（かがし）", "Kaga City");
        let values = [
            ("residence_prefecture", json!("石川県")),
            ("residence_city", json!("加賀市")),
            ("is_resident", json!(true)),
            ("age_over_18", json!(true)),
            ("sub", json!("7mB0tq4yZk1n8w0c3QvT1a5R")),
        ];
        let given: Vec<Given<'_>> =
            values.iter().map(|(claim, value)| Given { claim, value, optional: false }).collect();
        let day = crate::kit::date::Day { year: 2026, month: 10, day: 5 }.words(lang).text().to_owned();
        let of = |name: String| MeFacility {
            shell: shell(lang, "/me/facilities/1"),
            name,
            operator: city.clone(),
            purpose: library(lang).purpose,
            since: day.clone(),
            quiet_until: None,
            rows: rows(lang, &city, &given),
            kept: kept(lang, &given),
            withheld: vec![
                Withheld::new(lang, &city, "residence_city_code", &["needs_acr:aal1"]),
                Withheld::new(lang, &city, "residence_verified_on", &["not_proofed", "declined"]),
                Withheld::new(lang, &city, "email", &["above_ceiling"]),
            ],
            ended: None,
            withdraw: "/me/facilities/1/withdraw".into(),
            history: Happening::samples(lang).into_iter().take(2).collect(),
        };
        vec![
            ("ordinary", MeFacility { withheld: Vec::new(), ..of(library(lang).name) }),
            ("withheld", of(library(lang).name)),
            ("longest", MeFacility { quiet_until: Some(day.clone()), ..of(longest(lang).name) }),
            (
                "ended",
                MeFacility {
                    ended: Some(day.clone()),
                    rows: Vec::new(),
                    withheld: Vec::new(),
                    ..of(library(lang).name)
                },
            ),
        ]
    }
}
