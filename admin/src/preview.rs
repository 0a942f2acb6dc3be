//! What residents would see: the slip of an invented person, made by the same code that answers for real ones.

use crate::ceiling::Draft;
use pass_core::Time;
use pass_core::authn::acr::Acr;
use pass_core::claims::release::{Agreement, Answer, Release, ReleaseInput, release};
use pass_core::claims::scopes::Place;
use pass_core::domain::client::Client;
use pass_core::domain::facility::{Ceiling, CeilingEntry, Facility, Requirement};
use pass_core::domain::grant::Channel;
use pass_core::domain::person::{Birthdate, DeclaredRecord, ProvenRecord, Sex};
use pass_core::domain::proofing::{Proofing, ProofingMethod, ProofingStatus};
use pass_core::id::{PersonId, ProofingId};
use pass_core::oidc::claims_request::ClaimsRequest;
use pass_core::secret::Hash;
use pass_web::kit::{Lang, Words};
use pass_web::page::slip::{Given, Row, kept, rows};
use std::time::Duration;

/// The slip of a preview.
#[derive(Clone)]
pub struct Preview {
    /// The invented person.
    pub person: &'static str,
    /// What would be handed over.
    pub rows: Vec<Row>,
    /// What would stay.
    pub kept: Vec<Words>,
}

/// The invented person's name, as a card would say it.
const PERSON: &str = "見本　あかり";
const SUBJECT: &str = "7mB0tq4yZk1n8w0c3QvT1a5R";

impl Preview {
    /// Of a draft, as it would be asked for by a client that asks for everything it may have.
    pub fn of(draft: &Draft, facility: &Facility, city: &str, lang: Lang, now: Time) -> Self {
        // Each claim is asked for by its name: no scope asks for all that a ceiling may hold.
        let every = draft.entries.iter().map(|entry| (entry.claim.as_str().to_owned(), None)).collect();
        let request = ClaimsRequest { userinfo: every, ..ClaimsRequest::default() };
        let given = invented(&draft.entries, facility, (&[], &request), now);
        let given: Vec<Given<'_>> = given
            .lines()
            .iter()
            .filter_map(|line| match &line.answer {
                Answer::Given { value, .. } => Some(Given {
                    claim: line.claim.as_str(),
                    value,
                    optional: line.requirement == Some(Requirement::Optional),
                }),
                Answer::Withheld(_) => None,
            })
            .collect();
        Self { person: PERSON, rows: rows(lang, city, &given), kept: kept(lang, &given) }
    }
}

/// The members of userinfo that a client with these scopes would get about the invented person, as JSON.
pub fn userinfo(ceiling: &Ceiling, facility: &Facility, scopes: &[String], now: Time) -> String {
    let members = invented(&ceiling.entries, facility, (scopes, &ClaimsRequest::default()), now).userinfo(SUBJECT);
    serde_json::to_string_pretty(&members).expect("a map of JSON values is JSON")
}

/// The claims of the ID token that a client would get with them (OpenID Connect Core 2). Those of the person are in it only where
/// its `claims` parameter asks for them there.
pub fn id_token(issuer: &str, client: &Client, now: Time) -> String {
    let mut claims = serde_json::json!({
        "iss": issuer,
        "sub": SUBJECT,
        "aud": client.client_id,
        "iat": now.seconds(),
        "exp": (now + Duration::from_secs(600)).seconds(),
        "acr": "aal2",
        "amr": ["pop", "mfa"],
        "nonce": "...",
        "at_hash": "Zk1n8w0c3QvT1a5R7mB0tg",
    });
    if client.metadata.require_auth_time {
        claims["auth_time"] = (now - Duration::from_secs(40)).seconds().into();
    }
    if client.metadata.backchannel_logout_uri.is_some() {
        claims["sid"] = "n8w0c3QvT1a5R7mB0tq4yZ".into();
    }
    serde_json::to_string_pretty(&claims).expect("a map of JSON values is JSON")
}

/// The answer for the invented person after the sign-in that each claim asks for.
fn invented(
    entries: &[CeilingEntry],
    facility: &Facility,
    (scopes, request): (&[String], &ClaimsRequest),
    now: Time,
) -> Release {
    let (record, proofing) = proven(now);
    let entries = entries.iter().map(|entry| CeilingEntry { least: Acr::Zero, ..entry.clone() }).collect();
    let ceiling = Ceiling { facility: facility.id, version: 1, purpose: Default::default(), entries, created_at: now };
    release(&ReleaseInput {
        proven: Some((&record, &proofing)),
        declared: &declared(now),
        facility,
        ceiling: &ceiling,
        scopes,
        request,
        place: Place::Anywhere,
        consent: Agreement::Preview,
        channel: Channel::Back,
        acr: Acr::Aal3,
        now,
    })
}

fn proven(now: Time) -> (ProvenRecord, Proofing) {
    let id = ProofingId([0; 16]);
    let record = ProvenRecord {
        proofing: id,
        name: PERSON.into(),
        address: "石川県加賀市見本町１２番地３".into(),
        birthdate: Birthdate { year: Some(1988), month_day: Some((2, 29)) },
        sex: Sex::Female,
        name_has_substitutes: false,
        address_has_substitutes: false,
        certificate_serial: Some("0a1b2c3d4e5f".into()),
    };
    let proofing = Proofing {
        id,
        person: PersonId([0; 16]),
        method: ProofingMethod::SignCertificate,
        checks: Vec::new(),
        keyed_serial: Hash([0; 32]),
        keyed_applicant: None,
        verified_at: now - Duration::from_secs(30 * 86_400),
        valid_until: now + Duration::from_secs(365 * 86_400),
        status: ProofingStatus::Valid,
    };
    (record, proofing)
}

fn declared(now: Time) -> DeclaredRecord {
    let some = |text: &str| Some(text.to_owned());
    DeclaredRecord {
        email: some("akari@example.jp"),
        email_verified: true,
        phone_number: some("+81900000000"),
        name_kana: some("ミホン　アカリ"),
        nickname: some("あかり"),
        preferred_username: some("akari"),
        profile: some("https://example.jp/akari"),
        picture: some("https://example.jp/akari.png"),
        website: some("https://example.jp"),
        zoneinfo: some("Asia/Tokyo"),
        locale: some("ja-JP"),
        updated_at: Some(now),
        ..DeclaredRecord::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pass_core::claims::Claim;
    use pass_core::domain::words::LocalText;
    use pass_core::id::{FacilityId, OrganisationId};

    /// The invented person has no value for these.
    const NO_SAMPLE: &[Claim] = &[Claim::MiddleName];

    fn library() -> Facility {
        Facility {
            id: FacilityId([1; 16]),
            organisation: OrganisationId([2; 16]),
            slug: "library".into(),
            name: LocalText::same("加賀市立図書館"),
            department: LocalText::default(),
            logo: "library".into(),
            municipality: "172065".into(),
            sector: "library".into(),
        }
    }

    fn draft(claims: &[Claim]) -> Draft {
        let entries = claims
            .iter()
            .map(|claim| CeilingEntry { claim: *claim, requirement: Requirement::Required, least: Acr::Aal3 })
            .collect();
        Draft { purpose: LocalText::same("利用登録"), entries }
    }

    #[test]
    fn the_preview_shows_exactly_the_claims_of_the_draft() {
        let now = Time(1_793_890_799_999);
        for claim in Claim::ALL.iter().filter(|claim| !NO_SAMPLE.contains(claim)) {
            let preview = Preview::of(&draft(&[*claim]), &library(), "加賀市", Lang::Ja, now);
            let shown: Vec<&str> =
                preview.rows.iter().flat_map(|row| &row.members).map(|member| member.claim.as_str()).collect();
            assert_eq!(shown, [claim.as_str()]);
        }
        assert!(Preview::of(&draft(&[]), &library(), "加賀市", Lang::Ja, now).rows.is_empty());
    }

    #[test]
    fn the_sample_of_userinfo_holds_what_scopes_and_ceiling_share() {
        let now = Time(1_793_890_799_999);
        let ceiling = draft(&[Claim::IsResident, Claim::Name]).next(
            &Ceiling {
                facility: FacilityId([1; 16]),
                version: 1,
                purpose: LocalText::default(),
                entries: Vec::new(),
                created_at: now,
            },
            now,
        );
        let scopes = ["openid".to_owned(), "residence".to_owned()];
        let text = userinfo(&ceiling, &library(), &scopes, now);
        assert!(text.contains("\"is_resident\": true") && !text.contains("\"name\""), "{text}");
    }
}
