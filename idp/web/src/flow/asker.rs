//! Who asks, in words.

use crate::directory::Party;
use crate::kit::{Asker, assets};
use crate::visit::Visit;
use pass_core::domain::facility::{Facility, Organisation};
use pass_core::domain::words::Language;

/// The facility that asks, as pages show it.
pub fn asker(visit: &Visit, party: &Party) -> Asker {
    let lang = visit.language();
    let (facility, metadata) = (&party.facility, &party.client.metadata);
    Asker {
        name: facility.name.get(lang).to_string(),
        logo: assets::find(&format!("{}.svg", facility.logo)).map(|asset| assets::url(asset.name)),
        operator: operator(lang, &party.organisation, facility),
        purpose: party.ceiling.purpose.get(lang).to_string(),
        policy: metadata.policy_uri.clone(),
        tos: metadata.tos_uri.clone(),
    }
}

/// 加賀市（図書館 利用登録）
pub fn operator(lang: Language, organisation: &Organisation, facility: &Facility) -> String {
    let (organisation, department) = (organisation.name.get(lang), facility.department.get(lang));
    match (department, lang) {
        ("", _) => organisation.to_string(),
        (department, Language::En) => format!("{organisation} ({department})"),
        (department, _) => format!("{organisation}（{department}）"),
    }
}
