use super::*;
use crate::domain::facility::CeilingEntry;
use crate::domain::grant::Channel;
use crate::domain::person::{Birthdate, Sex};
use crate::domain::proofing::{ProofingMethod, ProofingStatus};
use crate::domain::words::LocalText;
use crate::id::*;
use crate::secret::Hash;
use serde_json::json;
use std::time::Duration;

/// 2026-11-23T00:00Z
pub(in crate::claims) const NOW: Time = Time(1_795_392_000_000);
const RESIDENCE: [Claim; 5] = [
    Claim::ResidencePrefecture,
    Claim::ResidenceCity,
    Claim::ResidenceCityCode,
    Claim::IsResident,
    Claim::ResidenceVerifiedOn,
];
const BASIC_FOUR: [Claim; 4] = [Claim::Name, Claim::Address, Claim::Birthdate, Claim::Gender];

pub(in crate::claims) fn hanako() -> ProvenRecord {
    ProvenRecord {
        proofing: ProofingId([1; 16]),
        name: "山田　花子".into(),
        address: "石川県加賀市大聖寺南町ニ４１番地".into(),
        birthdate: Birthdate { year: Some(1988), month_day: Some((2, 29)) },
        sex: Sex::Female,
        name_has_substitutes: false,
        address_has_substitutes: false,
        certificate_serial: None,
    }
}

pub(crate) fn proofing() -> Proofing {
    Proofing {
        id: ProofingId([1; 16]),
        person: PersonId([2; 16]),
        method: ProofingMethod::SignCertificate,
        checks: Vec::new(),
        keyed_serial: Hash([0; 32]),
        keyed_applicant: None,
        verified_at: Time(1_791_156_600_000),
        valid_until: NOW + Duration::from_secs(86_400),
        status: ProofingStatus::Valid,
    }
}

pub(in crate::claims) fn library() -> Facility {
    Facility {
        id: FacilityId([3; 16]),
        organisation: OrganisationId([4; 16]),
        slug: "library".into(),
        name: LocalText::same("加賀市立図書館"),
        department: LocalText::same("図書館 利用登録"),
        logo: "library".into(),
        municipality: "172065".into(),
        sector: "library".into(),
    }
}

pub(in crate::claims) fn ceiling(entries: &[(Claim, Requirement, Acr)]) -> Ceiling {
    let entry = |(claim, requirement, least): &(Claim, Requirement, Acr)| CeilingEntry {
        claim: *claim,
        requirement: *requirement,
        least: *least,
    };
    Ceiling {
        facility: FacilityId([3; 16]),
        version: 1,
        purpose: LocalText::same("市内にお住まいの方の利用登録"),
        entries: entries.iter().map(entry).collect(),
        created_at: NOW,
    }
}

/// One request about Hanako, changed by each row of a test.
pub(in crate::claims) struct Scene {
    pub(in crate::claims) proven: Option<(ProvenRecord, Proofing)>,
    pub(in crate::claims) declared: DeclaredRecord,
    pub(in crate::claims) ceiling: Ceiling,
    pub(in crate::claims) scopes: Vec<String>,
    pub(in crate::claims) request: ClaimsRequest,
    pub(in crate::claims) place: Place,
    pub(in crate::claims) channel: Channel,
    pub(in crate::claims) consent: Option<Consent>,
    pub(in crate::claims) acr: Acr,
}

impl Scene {
    pub(in crate::claims) fn new(scopes: &str) -> Self {
        let required = |claim: &Claim| (*claim, Requirement::Required, Acr::Zero);
        Self {
            proven: Some((hanako(), proofing())),
            declared: DeclaredRecord::default(),
            ceiling: ceiling(&Claim::ALL.iter().map(required).collect::<Vec<_>>()),
            scopes: scopes.split(' ').map(str::to_owned).collect(),
            request: ClaimsRequest::default(),
            place: Place::Userinfo,
            channel: Channel::Back,
            consent: None,
            acr: Acr::Aal2,
        }
    }

    /// The ceiling of the library of the first issue.
    pub(in crate::claims) fn at_library() -> Self {
        let entries =
            RESIDENCE.iter().chain(&[Claim::AgeOver18]).map(|claim| (*claim, Requirement::Required, Acr::Zero));
        Self { ceiling: ceiling(&entries.collect::<Vec<_>>()), ..Self::new("openid residence age") }
    }

    pub(in crate::claims) fn preview(&self) -> Release {
        self.with(Agreement::Preview)
    }

    fn agreed(&self) -> Release {
        self.with(self.consent.as_ref().map_or(Agreement::Missing, Agreement::Given))
    }

    fn with(&self, consent: Agreement<'_>) -> Release {
        release(&ReleaseInput {
            proven: self.proven.as_ref().map(|(record, proofing)| (record, proofing)),
            declared: &self.declared,
            facility: &library(),
            ceiling: &self.ceiling,
            scopes: &self.scopes,
            request: &self.request,
            place: self.place,
            consent,
            channel: self.channel,
            acr: self.acr,
            now: NOW,
        })
    }
}

pub(in crate::claims) fn consent(claims: &[Claim], declined: &[Claim]) -> Consent {
    Consent {
        id: ConsentId([5; 16]),
        person: PersonId([2; 16]),
        account: AccountId([6; 16]),
        client: ClientId([7; 16]),
        facility: FacilityId([3; 16]),
        scopes: ["age", "openid", "residence"].map(str::to_owned).to_vec(),
        claims: claims.to_vec(),
        declined: declined.to_vec(),
        values: Hash([0; 32]),
        ceiling_version: 1,
        session: SessionId([8; 16]),
        remembered_until: None,
        given_at: NOW,
        withdrawn_at: None,
    }
}

fn given(release: &Release) -> Vec<Claim> {
    release.given().map(|(claim, _)| claim).collect()
}

fn withheld(release: &Release, claim: Claim) -> Vec<Reason> {
    match release.answer(claim) {
        Some(Answer::Withheld(reasons)) => reasons.clone(),
        Some(Answer::Given { .. }) => panic!("{claim:?} is given"),
        None => panic!("{claim:?} has no line"),
    }
}

#[test]
fn cap_18_the_library_gets_residence_and_an_age_flag_and_nothing_else() {
    let members = Scene::at_library().preview().userinfo("7mB0tq4y");
    let expected = json!({
        "sub": "7mB0tq4y", "residence_prefecture": "石川県", "residence_city": "加賀市", "residence_city_code": "172065",
        "is_resident": true, "residence_verified_on": "2026-10-05", "age_over_18": true,
    });
    assert_eq!(Value::Object(members), expected);
}

#[test]
fn cap_19_claim_above_the_ceiling_is_withheld() {
    let mut scene = Scene::at_library();
    scene.scopes.extend(["basic4".to_owned(), "email".to_owned()]);
    scene.declared.email = Some("hanako@example.jp".into());
    scene.request.userinfo.insert("gender".into(), None);
    let answer = scene.preview();
    for claim in [Claim::Name, Claim::Address, Claim::Birthdate, Claim::Gender, Claim::Email, Claim::AgeBand] {
        assert_eq!(withheld(&answer, claim), [Reason::AboveCeiling], "{claim:?}");
    }
    assert_eq!(given(&answer).len(), 6);
}

#[test]
fn cap_18_what_is_not_asked_for_here_is_withheld() {
    let mut scene = Scene::new("openid basic4");
    scene.request.id_token.insert("gender".into(), None);
    scene.request.userinfo.insert("no_such_claim".into(), None);
    assert_eq!(given(&scene.preview()), BASIC_FOUR);
    assert_eq!(withheld(&scene.preview(), Claim::Email), [Reason::NotAsked]);
    scene.place = Place::IdToken;
    assert_eq!(given(&scene.preview()), [Claim::Gender]);
    scene.place = Place::Anywhere;
    assert_eq!(given(&scene.preview()), BASIC_FOUR);
}

#[test]
fn cap_22_only_what_was_agreed_to_is_given_and_a_withdrawal_ends_it() {
    let mut scene = Scene::new("openid basic4");
    assert_eq!(withheld(&scene.agreed(), Claim::Name), [Reason::NotConsented]);
    scene.consent = Some(consent(&[Claim::Name, Claim::Birthdate], &[Claim::Gender]));
    assert_eq!(given(&scene.agreed()), [Claim::Name, Claim::Birthdate]);
    assert_eq!(withheld(&scene.agreed(), Claim::Gender), [Reason::Declined]);
    assert_eq!(withheld(&scene.agreed(), Claim::Address), [Reason::NotConsented]);
    scene.consent = Some(Consent { withdrawn_at: Some(NOW), ..consent(&BASIC_FOUR, &[]) });
    assert_eq!(given(&scene.agreed()), []);
    assert_eq!(withheld(&scene.agreed(), Claim::Name), [Reason::ConsentWithdrawn]);
}

#[test]
fn cap_05_nothing_proven_is_given_on_a_weak_sign_in() {
    for (acr, residence, basic) in [
        (Acr::Zero, Some(Acr::Aal1), Some(Acr::Aal2)),
        (Acr::Aal1, None, Some(Acr::Aal2)),
        (Acr::Aal2, None, None),
        (Acr::Aal2Face, None, None),
        (Acr::Aal3, None, None),
    ] {
        let answer = Scene { acr, ..Scene::new("openid basic4 residence age") }.preview();
        let weak = |claim| match answer.answer(claim) {
            Some(Answer::Withheld(reasons)) => match reasons[..] {
                [Reason::SignInTooWeak(least)] => Some(least),
                _ => panic!("{reasons:?}"),
            },
            _ => None,
        };
        for claim in [Claim::ResidenceCity, Claim::IsResident, Claim::AgeOver18, Claim::AgeBand] {
            assert_eq!(weak(claim), residence, "{claim:?} on {acr:?}");
        }
        for claim in BASIC_FOUR {
            assert_eq!(weak(claim), basic, "{claim:?} on {acr:?}");
        }
        assert_eq!(answer.needs(), Needs { acr: basic, proofing: false });
    }
}

#[test]
fn cap_19_a_facility_may_ask_for_a_stronger_sign_in() {
    let mut scene = Scene::at_library();
    scene.ceiling.entries[2].least = Acr::Aal2Face;
    assert_eq!(withheld(&scene.preview(), Claim::ResidenceCityCode), [Reason::SignInTooWeak(Acr::Aal2Face)]);
    assert_eq!(scene.preview().needs().acr, Some(Acr::Aal2Face));
    scene.acr = Acr::Aal3;
    assert_eq!(scene.preview().needs().acr, Some(Acr::Aal2Face));
    scene.acr = Acr::Aal2Face;
    assert_eq!(scene.preview().needs(), Needs::default());
}

#[test]
fn a_lapsed_certificate_withholds_where_somebody_lives_and_a_revoked_one_everything() {
    let place = [Reason::ProofingStale];
    let lapsed = proofing().valid_until;
    for (status, valid_until, residence, name) in [
        (ProofingStatus::Valid, NOW - Duration::from_secs(1), &place[..], &[][..]),
        (ProofingStatus::Stale, lapsed, &place, &[]),
        (ProofingStatus::Revoked, lapsed, &[Reason::ProofingRevoked], &[Reason::ProofingRevoked]),
        (ProofingStatus::Superseded, lapsed, &[Reason::ProofingRevoked], &[Reason::ProofingRevoked]),
    ] {
        let mut scene = Scene::new("openid basic4 residence age");
        scene.proven = Some((hanako(), Proofing { status, valid_until, ..proofing() }));
        let answer = scene.preview();
        for claim in RESIDENCE.into_iter().chain([Claim::Address]) {
            assert_eq!(withheld(&answer, claim), residence, "{claim:?} {status:?}");
        }
        for claim in [Claim::Name, Claim::Birthdate, Claim::AgeOver18] {
            let reasons = if given(&answer).contains(&claim) { Vec::new() } else { withheld(&answer, claim) };
            assert_eq!(reasons, name, "{claim:?} {status:?}");
        }
        assert!(answer.needs().proofing);
    }
}

#[test]
fn cap_05_a_declared_value_never_stands_in_for_a_proven_one() {
    let typed = |scopes: &str| {
        let mut scene = Scene::new(scopes);
        scene.declared = DeclaredRecord {
            name: Some("山田 はな".into()),
            birthdate: Some("1990-01-01".into()),
            address: Some("加賀市".into()),
            ..DeclaredRecord::default()
        };
        scene
    };
    // Proofed: the proven value wins, also where the sign-in is too weak for it.
    let proofed = typed("openid profile address");
    assert_eq!(proofed.preview().userinfo("s")["name"], "山田　花子");
    let weak = Scene { acr: Acr::Zero, ..typed("openid profile address") };
    assert_eq!(withheld(&weak.preview(), Claim::Name), [Reason::SignInTooWeak(Acr::Aal2)]);
    // Not proofed: standard scopes give what was typed, the scopes of the card nothing.
    let standard = Scene { proven: None, acr: Acr::Zero, ..typed("openid profile address") };
    assert_eq!(given(&standard.preview()), [Claim::Name, Claim::Address, Claim::Birthdate]);
    assert_eq!(standard.preview().needs(), Needs::default());
    let card = Scene { proven: None, ..typed("openid profile basic4 residence age") };
    for claim in BASIC_FOUR.into_iter().chain(RESIDENCE).chain([Claim::AgeOver18]) {
        assert_eq!(withheld(&card.preview(), claim), [Reason::NotProofed], "{claim:?}");
    }
    assert_eq!(card.preview().needs(), Needs { acr: None, proofing: true });
}

#[test]
fn only_required_claims_ask_for_more() {
    let mut scene = Scene::at_library();
    scene.proven = None;
    scene.acr = Acr::Zero;
    assert_eq!(scene.preview().needs(), Needs { acr: Some(Acr::Aal1), proofing: true });
    for entry in &mut scene.ceiling.entries {
        entry.requirement = Requirement::Optional;
    }
    assert_eq!(scene.preview().needs(), Needs::default());
    // A value that the card does not know asks for nothing, however weak the sign-in.
    let mut unknown = Scene { acr: Acr::Zero, ..Scene::new("openid gender") };
    unknown.proven = Some((ProvenRecord { sex: Sex::Unstated, ..hanako() }, proofing()));
    let reasons = withheld(&unknown.preview(), Claim::Gender);
    assert_eq!(reasons, [Reason::SignInTooWeak(Acr::Aal2), Reason::ValueUnknown]);
    assert_eq!(unknown.preview().needs(), Needs::default());
}

#[test]
fn the_explanation_names_every_reason_and_no_value() {
    let mut scene = Scene::at_library();
    scene.scopes.push("basic4".into());
    scene.acr = Acr::Zero;
    let answer = scene.agreed();
    let words: Vec<String> =
        answer.explain().iter().map(|line| format!("{:?}: {}", line.claim, line.reasons.join(" "))).collect();
    assert!(words.contains(&"name: above_ceiling".to_owned()), "{words:?}");
    assert!(words.contains(&"is_resident: not_consented needs_acr:aal1".to_owned()), "{words:?}");
    let shown = format!("{:?}{:?}", Scene::new("openid basic4 residence").preview(), hanako());
    for value in ["山田", "花子", "加賀", "172065", "1988"] {
        assert!(!shown.contains(value), "{shown}");
    }
}

#[test]
fn the_documented_claims_are_the_ones_obeyed() {
    let page = include_str!("../../../../../docs/claims.md");
    let rows: Vec<Vec<String>> = page
        .lines()
        .filter(|line| line.starts_with("| `"))
        .map(|line| line.trim_matches('|').split('|').map(|cell| cell.replace('`', "").trim().to_owned()).collect())
        .collect();
    let scopes: Vec<&Vec<String>> = rows.iter().filter(|row| row.len() == 3).collect();
    let named: Vec<&str> = scopes.iter().map(|row| row[0].as_str()).collect();
    assert_eq!(named, crate::claims::scopes::SCOPES.map(|scope| scope.name));
    for (row, scope) in scopes.iter().zip(crate::claims::scopes::SCOPES) {
        let claims: Vec<&str> = scope.claims.iter().map(|claim| claim.as_str()).collect();
        assert_eq!(row[1], if claims.is_empty() { "-".into() } else { claims.join(", ") }, "{}", scope.name);
    }
    let claims: Vec<&Vec<String>> = rows.iter().filter(|row| row.len() == 4).collect();
    assert_eq!(claims.len(), Claim::ALL.len());
    for (row, claim) in claims.iter().zip(Claim::ALL) {
        let source = match origin(*claim) {
            Origin::Card => "proofing",
            Origin::CardOrPerson => "proofing, else declared",
            Origin::Person => "declared",
        };
        let expected = [claim.as_str(), source, floor(*claim).as_str(), claim.group().key()];
        assert_eq!(row[..], expected, "docs/claims.md");
    }
}

/// Prints what one answer costs; run it with `--release --ignored --nocapture`.
#[test]
#[ignore = "a measurement, not a check"]
fn cost_of_a_release() {
    let mut scene = Scene::at_library();
    scene.consent = Some(consent(Claim::ALL, &[]));
    let started = std::time::Instant::now();
    let rounds: u32 = 20_000;
    for _ in 0..rounds {
        std::hint::black_box(std::hint::black_box(&scene).agreed());
    }
    #[expect(clippy::print_stderr)]
    {
        eprintln!("release: {:?} each", started.elapsed() / rounds);
    }
}
