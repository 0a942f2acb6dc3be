use super::*;
use crate::Time;
use crate::domain::session::{AuthenticationEvent, Method};
use crate::id::{EventId, SessionId};

const NOW: Time = Time(1_790_000_000_000);

fn event(method: Method, seconds_ago: i64) -> AuthenticationEvent {
    AuthenticationEvent {
        id: EventId([1; 16]),
        session: SessionId([2; 16]),
        method,
        at: Time(NOW.0 - seconds_ago * 1000),
    }
}

fn words(methods: &[Method]) -> (String, String, String) {
    let events: Vec<_> = methods.iter().map(|method| event(*method, 0)).collect();
    let found = achieved(&events, NOW, None).unwrap();
    (found.acr.as_str().into(), found.amr.join(" "), found.holds.join(" "))
}

/// The truth table of `docs/acr.md`: rows of four cells whose first cell lists methods.
fn documented() -> Vec<(Vec<Method>, (String, String, String))> {
    let page = include_str!("../../../../../docs/acr.md");
    let cells = |line: &str| -> Vec<String> {
        line.trim_matches('|').split('|').map(|cell| cell.replace('`', "").trim().to_owned()).collect()
    };
    page.lines()
        .filter(|line| line.starts_with('|'))
        .map(cells)
        .filter_map(|row| {
            let methods: Option<Vec<Method>> = row[0].split(" + ").map(Method::parse).collect();
            Some((methods?, (row[1].clone(), row[2].clone(), row[3].clone())))
        })
        .collect()
}

#[test]
fn the_documented_truth_table_is_the_one_obeyed() {
    let rows = documented();
    for (methods, expected) in &rows {
        assert_eq!(words(methods), *expected, "{methods:?}");
    }
    for method in Method::ALL {
        assert!(rows.iter().any(|(methods, _)| methods[..] == [method]), "docs/acr.md lacks {method:?}");
    }
    assert!(rows.len() >= 12, "{}", rows.len());
}

#[test]
fn a_face_step_up_brings_a_new_auth_time() {
    let passkey = event(Method::Passkey, 600);
    let before = achieved(std::slice::from_ref(&passkey), NOW, None).unwrap();
    assert_eq!((before.acr, before.auth_time), (Acr::Aal2, passkey.at));
    let face = event(Method::Face, 5);
    let after = achieved(&[passkey, face.clone()], NOW, None).unwrap();
    assert_eq!((after.acr, after.auth_time), (Acr::Aal2Face, face.at));
    assert!(after.amr.contains(&"face"));
}

#[test]
fn what_does_not_count_for_the_class_does_not_move_auth_time() {
    let passkey = event(Method::Passkey, 600);
    let later = event(Method::MailCode, 5);
    let found = achieved(&[passkey.clone(), later], NOW, None).unwrap();
    assert_eq!((found.acr, found.amr, found.auth_time), (Acr::Aal2, vec!["swk", "user"], passkey.at));
}

#[test]
fn with_max_age_both_halves_of_a_face_step_up_must_be_fresh() {
    let events = [event(Method::Passkey, 600), event(Method::Face, 5)];
    assert_eq!(achieved(&events, NOW, Some(600)).unwrap().acr, Acr::Aal2Face);
    let stale = achieved(&events, NOW, Some(599)).unwrap();
    assert_eq!((stale.acr, stale.is_face_alone()), (Acr::Zero, true));
    assert_eq!(achieved(&events, NOW, Some(4)), None);
    assert_eq!(achieved(&[], NOW, None), None);
}

#[test]
fn the_first_listed_class_that_is_held_is_reported() {
    let events = [event(Method::CardSignature, 60), event(Method::Passkey, 30), event(Method::Face, 5)];
    for (listed, expected) in [
        (&["aal2-face", "aal3"][..], "aal2-face"),
        (&["aal3", "aal2-face"], "aal3"),
        (&["nonsense", "aal2"], "aal2"),
        (&["phr"], "aal3"),
        (&[], "aal3"),
    ] {
        let listed: Vec<String> = listed.iter().map(|word| (*word).to_owned()).collect();
        assert_eq!(answering(&events, NOW, None, &listed).unwrap().acr.as_str(), expected, "{listed:?}");
    }
    let only_passkey = [event(Method::Passkey, 30)];
    let fallback = answering(&only_passkey, NOW, None, &["aal2-face".to_owned()]).unwrap();
    assert_eq!(fallback.acr, Acr::Aal2);
}

#[test]
fn only_a_face_satisfies_a_face_step_up() {
    for (held, wanted, enough) in [
        (Acr::Aal3, Acr::Aal2Face, false),
        (Acr::Aal3, Acr::Aal2, true),
        (Acr::Aal2Face, Acr::Aal2, true),
        (Acr::Aal2Face, Acr::Aal3, false),
        (Acr::Aal2, Acr::Aal2Face, false),
        (Acr::Zero, Acr::Aal1, false),
    ] {
        assert_eq!(held.satisfies(wanted), enough, "{held:?} {wanted:?}");
    }
    assert_eq!(Acr::Aal3.or_stronger(Acr::Aal2Face), Acr::Aal2Face);
    assert_eq!(Acr::Aal1.or_stronger(Acr::Aal2), Acr::Aal2);
}

#[test]
fn an_account_reaches_what_it_has() {
    let mail = AccountFacts { mail: true, ..AccountFacts::default() };
    assert_eq!(reachable(mail), [Acr::Zero]);
    assert_eq!(reachable(AccountFacts { face: true, ..mail }), [Acr::Zero]);
    let passkey = AccountFacts { passkey: true, ..mail };
    assert_eq!(reachable(passkey), [Acr::Zero, Acr::Aal1, Acr::Aal2]);
    assert_eq!(reachable(AccountFacts { face: true, ..passkey }), [Acr::Zero, Acr::Aal1, Acr::Aal2, Acr::Aal2Face]);
    assert_eq!(reachable(AccountFacts { card_signature: true, face: true, ..mail }), Acr::ALL);
}
