//! What is said of somebody whom the national service's stand-in proofed: the whole way over HTTP, as a phone would go it.

use std::sync::OnceLock;

use pass_conformance::{Browser, Resident};
use serde_json::{Value, json};

use crate::issuer::line;
use crate::login::verified_of;

/// Proofed by the stand-in with a sample card that nobody here used.
fn proofed() -> &'static Resident {
    static PROOFED: OnceLock<&Resident> = OnceLock::new();
    PROOFED.get_or_init(|| {
        let resident = line().residents.iter().find(|one| one.login_id == "user9").expect("user9");
        let mut browser = Browser::new(&[]);
        let page = browser.visit(&format!("{}/me/card", line().issuer));
        let fields = [("#pass-login-id", &*resident.login_id), ("#pass-login-secret", &*resident.login_secret)];
        let page = browser.submit(&page, "#pass-login-form", &fields);
        let links = page.links();
        let (start, _) = links.iter().find(|(url, _)| url.path() == "/federation/aas/start").expect("a way to the app");
        let page = browser.open(start);
        let page = browser.submit(&page, "form:has(#pass-app-go)", &[]);
        assert!(page.has("#pass-counterpart-pin"), "{}", page.told());
        let card = line().virtual_cards.iter().find(|card| card.name == "aoi").expect("a sample card");
        let form = "form:has(#pass-counterpart-pin)";
        let page = browser.submit(&page, form, &[("card", &card.name), ("pin", card.pin.as_deref().expect("its PIN"))]);
        assert!(page.has("#pass-card-keep"), "{}", page.told());
        let page = browser.submit(&page, "form:has(#pass-card-keep)", &[("decision", "keep")]);
        assert!(page.told().contains("/me"), "{}", page.told());
        resident
    })
}

fn told() -> Value {
    verified_of(proofed(), &["name"], json!({ "trust_framework": null, "evidence": [{ "type": null }] }))
}

/// Its trust framework.
pub fn framework() -> String {
    told()["verification"]["trust_framework"].as_str().expect("a trust framework").to_owned()
}

/// Its type of evidence.
pub fn evidence() -> String {
    told()["verification"]["evidence"][0]["type"].as_str().expect("evidence").to_owned()
}

pub fn electronic_records(value: &Value) {
    assert_eq!(value, &json!([told()["verification"]["evidence"][0]["record"]["type"]]));
}
