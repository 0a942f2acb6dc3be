use super::*;
use crate::domain::session::{AuthenticationEvent, Method};
use crate::id::{AccountId, EventId, SessionId};
use crate::secret::Hash;

const NOW: Time = Time(1_790_000_000_000);

fn minutes(count: u64) -> Duration {
    Duration::from_secs(count * 60)
}

fn session(events: &[(Method, u64)]) -> Session {
    let id = SessionId([1; 16]);
    Session {
        id,
        cookie: Hash([0; 32]),
        account: AccountId([2; 16]),
        created_at: NOW - minutes(60),
        expires_at: NOW + minutes(30),
        ended_at: None,
        events: events
            .iter()
            .map(|(method, ago)| AuthenticationEvent {
                id: EventId([3; 16]),
                session: id,
                method: *method,
                at: NOW - minutes(*ago),
            })
            .collect(),
    }
}

#[test]
fn cap_02_a_mail_code_alone_touches_nothing_of_a_proofed_account() {
    let mail = session(&[(Method::MailCode, 1)]);
    let proofed = Some(NOW - minutes(10_000));
    for act in Act::ALL {
        let least = if act == Act::ReadSealed { Acr::Aal1 } else { Acr::Aal2 };
        assert_eq!(may(act, &mail, proofed, NOW), Err(NotNow::SignIn(least)), "{act:?}");
    }
    for act in [Act::AddPasskey, Act::RemovePasskey, Act::ChangeMail, Act::ReadSealed, Act::Proof, Act::CloseAccount] {
        assert_eq!(may(act, &mail, None, NOW), Ok(()), "{act:?}");
    }
}

#[test]
fn an_account_is_closed_only_by_somebody_who_just_signed_in() {
    let long_ago = Some(NOW - minutes(10_000));
    for (events, expected) in [
        (&[(Method::Passkey, 1)][..], Ok(())),
        (&[(Method::Passkey, 16)], Err(NotNow::SignInAgain(Acr::Aal2))),
        (&[(Method::MailCode, 1)], Err(NotNow::SignIn(Acr::Aal2))),
    ] {
        assert_eq!(may(Act::CloseAccount, &session(events), long_ago, NOW), expected, "{events:?}");
    }
}

#[test]
fn cap_65_a_face_is_enrolled_only_by_a_proofed_person_who_just_signed_in() {
    let long_ago = Some(NOW - minutes(10_000));
    for (events, proofed, expected) in [
        (&[(Method::Passkey, 1)][..], None, Err(NotNow::Proof)),
        (&[(Method::Passkey, 1)], long_ago, Ok(())),
        (&[(Method::Passkey, 16)], long_ago, Err(NotNow::SignInAgain(Acr::Aal2))),
        (&[(Method::Passkey, 16)], Some(NOW - minutes(2)), Ok(())),
        (&[(Method::PasskeyPresence, 1)], long_ago, Err(NotNow::SignIn(Acr::Aal2))),
        (&[(Method::MailCode, 1)], Some(NOW - minutes(2)), Err(NotNow::SignIn(Acr::Aal2))),
        (&[(Method::Face, 1)], long_ago, Err(NotNow::SignIn(Acr::Aal2))),
        (&[], long_ago, Err(NotNow::SignIn(Acr::Aal2))),
    ] {
        assert_eq!(may(Act::EnrolFace, &session(events), proofed, NOW), expected, "{events:?}");
    }
}

#[test]
fn a_session_ends_when_idle_and_at_last() {
    let lifetimes = Lifetimes { idle: minutes(60), absolute: minutes(100) };
    let held = session(&[(Method::Passkey, 60)]);
    assert_eq!(expires_at(held.created_at, lifetimes), NOW);
    assert!(alive(&held, NOW) && !alive(&held, NOW + minutes(30)));
    assert!(!alive(&Session { ended_at: Some(NOW), ..held.clone() }, NOW));
    // Created an hour ago, so at most 40 minutes are left.
    assert_eq!(extended(&held, NOW, lifetimes), Some(NOW + minutes(40)));
    let nearly = Session { expires_at: NOW + minutes(36), ..held.clone() };
    assert_eq!(extended(&nearly, NOW, lifetimes), None);
    assert_eq!(extended(&Session { expires_at: NOW - minutes(1), ..held.clone() }, NOW, lifetimes), None);
    // Never earlier than it was, and in proportion where the idle time is short.
    assert_eq!(extended(&Session { expires_at: NOW + minutes(41), ..held.clone() }, NOW, lifetimes), None);
    let short = Lifetimes { idle: minutes(3), absolute: minutes(100) };
    let used = Session { expires_at: NOW + minutes(2), ..held };
    assert_eq!(extended(&used, NOW, short), Some(NOW + minutes(3)));
}
