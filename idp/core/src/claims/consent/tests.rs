use super::*;
use crate::Entropy;
use crate::authn::acr::Acr;
use crate::claims::release::tests::{NOW, Scene, ceiling, consent, hanako, proofing};
use crate::domain::person::ProvenRecord;
use serde_json::json;
use std::time::Duration;

struct Sevens;

impl Entropy for Sevens {
    fn fill(&self, bytes: &mut [u8]) {
        bytes.fill(7);
    }
}

/// The child-care centre, whose sex and age band are optional.
fn kosodate() -> Scene {
    let entries = [
        (Claim::Name, Requirement::Required, Acr::Aal2),
        (Claim::Address, Requirement::Required, Acr::Aal2),
        (Claim::Birthdate, Requirement::Required, Acr::Aal2),
        (Claim::Gender, Requirement::Optional, Acr::Aal2),
        (Claim::AgeBand, Requirement::Optional, Acr::Aal1),
    ];
    Scene { ceiling: ceiling(&entries), ..Scene::new("openid basic4 age") }
}

fn names(claims: &[Claim]) -> Vec<String> {
    claims.iter().map(|claim| claim.as_str().to_owned()).collect()
}

#[test]
fn cap_18_the_page_shows_the_values_that_userinfo_sends() {
    for scene in [Scene::at_library(), kosodate(), Scene::new("openid profile email basic4 residence age")] {
        let preview = scene.preview();
        let view = ConsentView::new(&preview);
        let mut shown: Vec<(&str, Value)> =
            view.members().map(|member| (member.claim.as_str(), member.value.clone())).collect();
        let mut sent: Vec<(&str, Value)> =
            preview.given().map(|(claim, value)| (claim.as_str(), value.clone())).collect();
        shown.sort_by_key(|(claim, _)| *claim);
        sent.sort_by_key(|(claim, _)| *claim);
        assert_eq!(shown, sent);
    }
    let view = ConsentView::new(&Scene::at_library().preview());
    let rows: Vec<(Group, usize)> = view.groups.iter().map(|row| (row.group, row.members.len())).collect();
    assert_eq!(rows, [(Group::Residence, 5), (Group::Age, 1)]);
    let sent: Vec<String> = view.members().map(MemberView::sent).collect();
    assert_eq!(sent, ["石川県", "加賀市", "172065", "true", "2026-10-05", "true"]);
}

#[test]
fn cap_18_the_page_says_what_stays() {
    let kept = |scene: &Scene| ConsentView::new(&scene.preview()).kept;
    assert_eq!(kept(&Scene::at_library()), Kept::ALL);
    assert_eq!(kept(&kosodate()), [Kept::FaceImage, Kept::MyNumber]);
    assert_eq!(
        kept(&Scene::new("openid birthdate")),
        [Kept::Name, Kept::Street, Kept::Gender, Kept::FaceImage, Kept::MyNumber]
    );
}

#[test]
fn cap_18_optional_claims_are_given_only_when_ticked() {
    let view = ConsentView::new(&kosodate().preview());
    let required = [Claim::Name, Claim::Address, Claim::Birthdate];
    for (button, ticked, expected) in [
        ("allow", &[][..], Some((vec![], vec![Claim::Gender, Claim::AgeBand]))),
        ("allow", &[Claim::AgeBand], Some((vec![Claim::AgeBand], vec![Claim::Gender]))),
        ("allow", &[Claim::Gender, Claim::AgeBand, Claim::Email], Some((vec![Claim::Gender, Claim::AgeBand], vec![]))),
        ("deny", &[Claim::AgeBand], None),
        ("", &[], None),
        ("Allow", &[], None),
    ] {
        let expected = expected.map_or(Decision::Deny, |(more, declined)| Decision::Allow {
            claims: required.into_iter().chain(more).collect(),
            declined,
        });
        assert_eq!(view.decide(button, &names(ticked)), expected, "{button} {ticked:?}");
    }
}

/// A consent as the page records it, and the question it should answer.
fn recorded(scene: &Scene, key: &Key) -> Consent {
    let preview = scene.preview();
    let Decision::Allow { claims, declined } = ConsentView::new(&preview).decide("allow", &[]) else { panic!() };
    let agreed = consent(&claims, &declined);
    Consent { scopes: scene.scopes.clone(), values: values_hash(key, agreed.person, &preview, &claims), ..agreed }
}

#[test]
fn cap_01_the_same_question_is_not_asked_again_in_the_session_or_the_remembered_year() {
    let key = Key::random(&Sevens);
    let scene = kosodate();
    let agreed = recorded(&scene, &key);
    let (other, soon) = (SessionId([9; 16]), NOW + Duration::from_secs(60));
    let question = |consent: &Consent, session| Question {
        client: consent.client,
        person: consent.person,
        scopes: &scene.scopes,
        ceiling_version: 1,
        session,
        key: &key,
        now: NOW,
    };
    let remembered = Consent { remembered_until: Some(soon), ..agreed.clone() };
    let lapsed = Consent { remembered_until: Some(NOW), ..agreed.clone() };
    let withdrawn = Consent { withdrawn_at: Some(NOW), ..remembered.clone() };
    for (consent, session, expected) in [
        (&agreed, agreed.session, true),
        (&agreed, other, false),
        (&remembered, other, true),
        (&lapsed, other, false),
        (&lapsed, agreed.session, true),
        (&withdrawn, agreed.session, false),
    ] {
        assert_eq!(covers(consent, &scene.preview(), &question(consent, session)), expected, "{consent:?}");
    }
    let base = question(&agreed, agreed.session);
    for changed in [
        Question { client: ClientId([1; 16]), ..base },
        Question { person: PersonId([1; 16]), ..base },
        Question { ceiling_version: 2, ..base },
        Question { scopes: &[], ..base },
    ] {
        assert!(!covers(&agreed, &scene.preview(), &changed));
    }
}

#[test]
fn cap_19_changed_values_or_claims_are_asked_again() {
    let key = Key::random(&Sevens);
    let scene = kosodate();
    let agreed = recorded(&scene, &key);
    let asks = |scene: &Scene| {
        let question = Question {
            client: agreed.client,
            person: agreed.person,
            scopes: &agreed.scopes,
            ceiling_version: 1,
            session: agreed.session,
            key: &key,
            now: NOW,
        };
        !covers(&agreed, &scene.preview(), &question)
    };
    assert!(!asks(&scene));
    let mut moved = kosodate();
    moved.proven = Some((ProvenRecord { address: "石川県小松市小馬出町９１番地".into(), ..hanako() }, proofing()));
    assert!(asks(&moved));
    let mut less = kosodate();
    less.ceiling.entries.pop();
    assert!(asks(&less));
    let mut more = kosodate();
    more.ceiling.entries.push(crate::domain::facility::CeilingEntry {
        claim: Claim::AgeOver18,
        requirement: Requirement::Required,
        least: Acr::Aal1,
    });
    assert!(asks(&more));
    let weak = Scene { acr: Acr::Aal1, ..kosodate() };
    assert!(asks(&weak));
}

#[test]
fn the_hash_of_values_is_bound_to_person_key_and_claims() {
    let preview = kosodate().preview();
    let (key, other) = (Key::random(&Sevens), Key::random(&Eights));
    let (hanako, ken) = (PersonId([2; 16]), PersonId([3; 16]));
    let base = values_hash(&key, hanako, &preview, &[Claim::Name]);
    assert_ne!(base, values_hash(&key, ken, &preview, &[Claim::Name]));
    assert_ne!(base, values_hash(&other, hanako, &preview, &[Claim::Name]));
    assert_ne!(base, values_hash(&key, hanako, &preview, &[Claim::Name, Claim::Gender]));
    assert_eq!(base, values_hash(&key, hanako, &kosodate().preview(), &[Claim::Name]));
    assert_eq!(preview.canonical(&[Claim::Gender]), json!([["gender", "female"]]).to_string().into_bytes());
}

struct Eights;

impl Entropy for Eights {
    fn fill(&self, bytes: &mut [u8]) {
        bytes.fill(8);
    }
}
