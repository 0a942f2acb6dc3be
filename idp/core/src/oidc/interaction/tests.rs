use super::*;
use crate::domain::session::Method;
use crate::id::{ConsentId, EventId, SessionId};
use crate::oidc::claims_request::ClaimAsked;
use crate::oidc::fixture::{self, NOW, seconds};

/// A resident of the table, ready to be changed.
struct Case {
    request: AuthorizationRequest,
    client: Client,
    progress: Progress,
    signed_in: bool,
    subject: &'static str,
    events: Vec<AuthenticationEvent>,
    holds: Vec<&'static str>,
    reachable: Vec<Acr>,
    needs: Needs,
    proofed_before: bool,
    choice_of_person: bool,
    consent_covers: bool,
}

type Change = fn(&mut Case);

const MAIL: EventId = EventId([1; 16]);
const PASSKEY: EventId = EventId([2; 16]);
const FACE: EventId = EventId([3; 16]);

fn event(id: EventId, method: Method, age: u64) -> AuthenticationEvent {
    AuthenticationEvent { id, session: SessionId([4; 16]), method, at: NOW - seconds(age) }
}

/// Signed in with a passkey ten minutes ago, face not enrolled, consent covers: nothing is left to do.
fn settled() -> Case {
    Case {
        request: fixture::request(),
        client: fixture::client(),
        progress: Progress::default(),
        signed_in: true,
        subject: "me",
        events: vec![event(PASSKEY, Method::Passkey, 600)],
        holds: vec!["0", "aal1", "aal2", "phr"],
        reachable: vec![Acr::Zero, Acr::Aal1, Acr::Aal2],
        needs: Needs::default(),
        proofed_before: false,
        choice_of_person: false,
        consent_covers: true,
    }
}

fn case(change: impl FnOnce(&mut Case)) -> Case {
    let mut case = settled();
    change(&mut case);
    case
}

impl Case {
    /// The step; a refusal without its detail for operators.
    fn next(&self) -> Step {
        match self.step() {
            Step::Refuse(error) => Step::Refuse(error.code().into()),
            step => step,
        }
    }

    fn step(&self) -> Step {
        let session = SessionFacts {
            subject: self.subject,
            events: &self.events,
            holds: &self.holds,
            reachable: &self.reachable,
        };
        next(&Facts {
            request: &self.request,
            client: &self.client,
            progress: &self.progress,
            session: self.signed_in.then_some(session),
            needs: self.needs,
            proofed_before: self.proofed_before,
            choice_of_person: self.choice_of_person,
            consent_covers: self.consent_covers,
            now: NOW,
        })
    }

    fn silently(mut self) -> Step {
        self.request.prompt = vec![Prompt::None];
        self.next()
    }
}

fn acr_claim(essential: bool, values: &[&str]) -> Option<ClaimAsked> {
    let values = values.iter().map(|value| serde_json::Value::from(*value)).collect();
    Some(ClaimAsked { essential, value: None, values: Some(values) })
}

fn refuse(code: ErrorCode) -> Step {
    Step::Refuse(code.into())
}

const LOGIN: Step = Step::Login { reauth: false, hint: None };
const REAUTH: Step = Step::Login { reauth: true, hint: None };

#[test]
fn cap_49_every_step_and_its_error_under_prompt_none() {
    let unmet = ErrorCode::UnmetAuthenticationRequirements;
    let face = Step::StepUp { acr: Acr::Aal2Face };
    let mut rows: Vec<(&str, Change, Step, Step)> = vec![
        ("settled", |_| {}, Step::Issue, Step::Issue),
        ("nobody", |c| c.signed_in = false, LOGIN, refuse(ErrorCode::LoginRequired)),
        ("max_age reached", |c| c.request.max_age = Some(60), REAUTH, refuse(ErrorCode::LoginRequired)),
        ("max_age not reached", |c| c.request.max_age = Some(10_000), Step::Issue, Step::Issue),
        ("max_age=0", |c| c.request.max_age = Some(0), REAUTH, refuse(ErrorCode::LoginRequired)),
        (
            "hint about somebody else",
            |c| c.request.id_token_hint_sub = Some("you".into()),
            REAUTH,
            refuse(ErrorCode::LoginRequired),
        ),
        ("hint about me", |c| c.request.id_token_hint_sub = Some("me".into()), Step::Issue, Step::Issue),
        (
            "person to choose",
            |c| c.choice_of_person = true,
            Step::ChoosePerson,
            refuse(ErrorCode::AccountSelectionRequired),
        ),
        ("no consent", |c| c.consent_covers = false, Step::Consent, refuse(ErrorCode::ConsentRequired)),
        (
            "not proofed and never agreed",
            |c| {
                c.needs.proofing = true;
                c.consent_covers = false;
            },
            Step::Proof,
            refuse(ErrorCode::InteractionRequired),
        ),
        ("not proofed, agreed without", |c| c.needs.proofing = true, Step::Proof, Step::Issue),
        (
            "proofed once more, signed in well",
            |c| (c.needs.proofing, c.proofed_before) = (true, true),
            Step::Proof,
            Step::Issue,
        ),
        (
            "proofed once more, by mail alone",
            |c| {
                (c.needs.proofing, c.proofed_before) = (true, true);
                c.holds = vec!["0"];
            },
            Step::StepUp { acr: Acr::Aal2 },
            Step::Issue,
        ),
        (
            "proofed once more, a stronger sign-in declined",
            |c| {
                (c.needs.proofing, c.proofed_before) = (true, true);
                c.progress.step_up_declined = true;
                c.holds = vec!["0"];
            },
            Step::Issue,
            Step::Issue,
        ),
        (
            "claims want more",
            |c| {
                c.needs.acr = Some(Acr::Aal2);
                c.holds = vec!["0"];
                c.consent_covers = false;
            },
            Step::StepUp { acr: Acr::Aal2 },
            refuse(ErrorCode::InteractionRequired),
        ),
        ("face wished, none enrolled", |c| c.request.acr_values = vec!["aal2-face".into()], Step::Issue, Step::Issue),
    ];
    rows.push((
        "face wished and enrolled",
        |c| {
            c.request.acr_values = vec!["aal2-face".into()];
            c.reachable.push(Acr::Aal2Face);
        },
        face.clone(),
        Step::Issue,
    ));
    rows.push((
        "face essential, none enrolled",
        |c| {
            c.request.claims.id_token.insert("acr".into(), acr_claim(true, &["aal2-face"]));
        },
        refuse(unmet),
        refuse(unmet),
    ));
    rows.push((
        "face essential and enrolled",
        |c| {
            c.request.claims.id_token.insert("acr".into(), acr_claim(true, &["aal2-face"]));
            c.reachable.push(Acr::Aal2Face);
        },
        face.clone(),
        refuse(unmet),
    ));
    rows.push((
        "the client's minimum is the face",
        |c| {
            c.client.flags.minimum_acr = Some(Acr::Aal2Face);
            c.reachable.push(Acr::Aal2Face);
        },
        face,
        refuse(unmet),
    ));
    for (name, change, step, silent) in rows {
        assert_eq!(case(change).next(), step, "{name}");
        assert_eq!(case(change).silently(), silent, "{name} with prompt=none");
    }
}

#[test]
fn cap_49_prompt_login_is_answered_only_by_a_sign_in_for_this_request() {
    for prompt in [Prompt::Login, Prompt::SelectAccount, Prompt::Create] {
        let asked = |events: Vec<EventId>| {
            case(|c| {
                c.request.prompt = vec![prompt];
                c.progress.events = events;
            })
        };
        assert_eq!(asked(vec![]).next(), REAUTH);
        assert_eq!(asked(vec![PASSKEY]).next(), Step::Issue);
        // An event of a session that has gone since.
        assert_eq!(asked(vec![MAIL]).next(), REAUTH);
    }
}

#[test]
fn cap_49_max_age_is_answered_by_a_sign_in_for_this_request_and_not_by_a_face_alone() {
    let old = |c: &mut Case| {
        c.request.max_age = Some(1);
        c.events = vec![event(PASSKEY, Method::Passkey, 3)];
    };
    assert_eq!(case(old).next(), REAUTH);
    let answered = case(|c| {
        old(c);
        c.progress.events = vec![PASSKEY];
    });
    assert_eq!(answered.next(), Step::Issue);
    let face_only = case(|c| {
        c.request.max_age = Some(300);
        c.events = vec![event(PASSKEY, Method::Passkey, 600), event(FACE, Method::Face, 5)];
    });
    assert_eq!(face_only.next(), REAUTH);
}

#[test]
fn cap_49_a_hint_that_still_does_not_fit_after_signing_in_is_refused() {
    let step = case(|c| {
        c.request.id_token_hint_sub = Some("you".into());
        c.progress.events = vec![PASSKEY];
    })
    .next();
    assert_eq!(step, refuse(ErrorCode::LoginRequired));
}

#[test]
fn cap_49_prompt_consent_asks_once_for_each_request() {
    let asked = case(|c| c.request.prompt = vec![Prompt::Consent]);
    assert_eq!(asked.next(), Step::Consent);
    let answered = case(|c| {
        c.request.prompt = vec![Prompt::Consent];
        c.progress.consent = Some(ConsentId([6; 16]));
    });
    assert_eq!(answered.next(), Step::Issue);
}

/// Architecture 7.4.
#[test]
fn cap_49_acr_values_are_a_wish() {
    let wished = |values: &[&str], reachable: &[Acr], declined: bool| {
        case(|c| {
            c.request.acr_values = values.iter().map(|value| (*value).to_owned()).collect();
            c.reachable = reachable.to_vec();
            c.progress.step_up_declined = declined;
        })
        .next()
    };
    let all = [Acr::Zero, Acr::Aal1, Acr::Aal2, Acr::Aal2Face];
    // One of the list is held, though not the first.
    assert_eq!(wished(&["aal2-face", "aal2"], &all, false), Step::Issue);
    assert_eq!(wished(&["phr"], &all, false), Step::Issue);
    // None is held: the first this person can reach.
    assert_eq!(wished(&["aal3", "gold", "aal2-face"], &all, false), Step::StepUp { acr: Acr::Aal2Face });
    // Declined, out of reach, or never heard of.
    assert_eq!(wished(&["aal2-face"], &all, true), Step::Issue);
    assert_eq!(wished(&["aal2-face"], &all[..3], false), Step::Issue);
    assert_eq!(wished(&["gold"], &all, false), Step::Issue);
}

#[test]
fn cap_49_an_essential_acr_fails_when_it_is_declined() {
    let asked = |declined: bool, essential: bool| {
        case(|c| {
            c.request.claims.id_token.insert("acr".into(), acr_claim(essential, &["aal2-face"]));
            c.reachable.push(Acr::Aal2Face);
            c.progress.step_up_declined = declined;
        })
        .next()
    };
    assert_eq!(asked(false, true), Step::StepUp { acr: Acr::Aal2Face });
    assert_eq!(asked(true, true), refuse(ErrorCode::UnmetAuthenticationRequirements));
    assert_eq!(asked(false, false), Step::StepUp { acr: Acr::Aal2Face });
    assert_eq!(asked(true, false), Step::Issue);
    let held = case(|c| {
        c.request.claims.id_token.insert("acr".into(), acr_claim(true, &["aal2-face", "aal2"]));
    });
    assert_eq!(held.next(), Step::Issue);
}

/// claims-and-data 3: what a card proved is not given on a mail code; the missing step is asked for by itself.
#[test]
fn cap_18_a_mail_session_of_a_proofed_account_is_asked_for_its_passkey() {
    let mail = |change: fn(&mut Case)| {
        case(|c| {
            c.events = vec![event(MAIL, Method::MailCode, 5)];
            c.holds = vec!["0"];
            c.needs.acr = Some(Acr::Aal2);
            c.consent_covers = false;
            change(c);
        })
    };
    assert_eq!(mail(|_| {}).next(), Step::StepUp { acr: Acr::Aal2 });
    assert_eq!(mail(|c| c.progress.step_up_declined = true).next(), Step::Consent);
    assert_eq!(mail(|c| c.reachable = vec![Acr::Zero]).next(), Step::Consent);
    assert_eq!(mail(|c| c.progress.step_up_declined = true).silently(), refuse(ErrorCode::ConsentRequired));
}

#[test]
fn a_declined_proofing_is_not_asked_again() {
    let step = case(|c| {
        c.needs.proofing = true;
        c.progress.proof_declined = true;
    });
    assert_eq!(step.next(), Step::Issue);
}

#[test]
fn the_login_page_learns_whom_the_client_expects() {
    let step = case(|c| {
        c.signed_in = false;
        c.request.login_hint = Some("someone".into());
    });
    assert_eq!(step.next(), Step::Login { reauth: false, hint: Some("someone".into()) });
}

#[test]
fn a_refusal_names_its_policy_for_operators() {
    let mut nobody = case(|c| c.signed_in = false);
    nobody.request.prompt = vec![Prompt::None];
    let Step::Refuse(error) = nobody.step() else { panic!("nobody is signed in") };
    assert_eq!(error.private_detail(), Some("somebody is signed in"));
}

#[test]
fn policies_are_named_once() {
    let mut names: Vec<_> = POLICIES.iter().map(|policy| policy.name).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), POLICIES.len());
}

/// Which class a grant keeps, and what counts for it.
#[test]
fn cap_53_a_sign_in_is_worth_what_is_young_enough_for_the_request() {
    let events =
        [event(MAIL, Method::MailCode, 2), event(PASSKEY, Method::Passkey, 100), event(FACE, Method::Face, 4000)];
    let worth_of = |max_age: Option<u32>, made: &[EventId], acr_values: &[&str]| {
        let mut request = fixture::request();
        request.max_age = max_age;
        request.acr_values = acr_values.iter().map(|value| (*value).to_owned()).collect();
        let progress = Progress { events: made.to_vec(), ..Progress::default() };
        worth(&events, &request, &progress, NOW).unwrap()
    };
    let all = worth_of(None, &[], &[]);
    assert_eq!((all.acr, all.auth_time), (Acr::Aal2Face, NOW - seconds(100)));
    // The face is too old for this request.
    let young = worth_of(Some(300), &[], &["aal2-face"]);
    assert_eq!((young.acr, young.holds.contains(&"aal2-face")), (Acr::Aal2, false));
    // Made for this request, however long the person took.
    assert_eq!(worth_of(Some(1), &[PASSKEY, FACE], &[]).acr, Acr::Aal2Face);
    // Asking for less keeps no claim back.
    assert_eq!(worth_of(None, &[], &["aal1"]).acr, Acr::Aal2Face);
}

#[test]
fn cap_53_a_card_signature_does_not_hide_a_face() {
    let events =
        [event(PASSKEY, Method::Passkey, 100), event(FACE, Method::Face, 50), event(MAIL, Method::CardSignature, 10)];
    let mut request = fixture::request();
    assert_eq!(worth(&events, &request, &Progress::default(), NOW).unwrap().acr, Acr::Aal3);
    request.acr_values = vec!["aal2-face".into()];
    let answered = worth(&events, &request, &Progress::default(), NOW).unwrap();
    assert_eq!(answered.acr, Acr::Aal2Face);
    assert!(answered.amr.contains(&"face"));
}
