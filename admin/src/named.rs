//! Who may be named to a facility's staff: whoever lets one of its programs have the name now. The answer is `release`'s own, so that
//! a withdrawal and a lower ceiling bite here as they do at userinfo.

use pass_core::Time;
use pass_core::claims::Claim;
use pass_core::claims::release::{Agreement, Answer, ReleaseInput, release};
use pass_core::claims::scopes::Place;
use pass_core::domain::acr::Acr;
use pass_core::domain::consent::Consent;
use pass_core::domain::facility::{Ceiling, Facility};
use pass_core::domain::grant::Channel;
use pass_core::domain::request::ClaimsRequest;
use pass_web::people::Records;

/// The name on which a live consent stands, if the facility may have it at all.
pub fn name(records: &Records, consent: &Consent, facility: &Facility, ceiling: &Ceiling, now: Time) -> Option<String> {
    let mut request = ClaimsRequest::default();
    request.userinfo.insert(Claim::Name.as_str().into(), None);
    let released = release(&ReleaseInput {
        proven: records.proven(),
        declared: &records.declared,
        facility,
        ceiling,
        scopes: &consent.scopes,
        request: &request,
        place: Place::Userinfo,
        consent: Agreement::Given(consent),
        channel: Channel::Back,
        // Nobody signs in at a reception; the sign-in was strong enough when the consent was given.
        acr: Acr::Aal3,
        now,
    });
    match released.answer(Claim::Name)? {
        Answer::Given { value, .. } => value.as_str().map(str::to_owned),
        Answer::Withheld(_) => None,
    }
}
