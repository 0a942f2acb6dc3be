//! Who asks, in words.

use crate::directory::Party;
use crate::kit::{Asker, assets};
use crate::visit::Visit;

/// The facility that asks, as pages show it.
pub fn asker(visit: &Visit, party: &Party) -> Asker {
    let lang = visit.language();
    let (facility, metadata) = (&party.facility, &party.client.metadata);
    Asker {
        name: facility.name.get(lang).to_string(),
        logo: assets::find(&format!("{}.svg", facility.logo)).map(|asset| assets::url(asset.name)),
        operator: operator(visit, party),
        purpose: party.ceiling.purpose.get(lang).to_string(),
        policy: metadata.policy_uri.clone(),
        tos: metadata.tos_uri.clone(),
    }
}

/// 加賀市（図書館 利用登録）
pub fn operator(visit: &Visit, party: &Party) -> String {
    let lang = visit.language();
    let (organisation, department) = (party.organisation.name.get(lang), party.facility.department.get(lang));
    match (department, lang) {
        ("", _) => organisation.to_string(),
        (department, pass_core::domain::words::Language::En) => format!("{organisation} ({department})"),
        (department, _) => format!("{organisation}（{department}）"),
    }
}
