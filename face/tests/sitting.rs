//! What a person does wrong before the camera, and turning the head when asked.

use face::drawn::{self, RgbImage, find};
use face::{Challenge, Engine, NotEnrolled, Outcome, Rejection, Turn};

fn engine(test: &str) -> Option<Engine> {
    find::installation(test).map(|config| Engine::open(&config))
}

#[test]
fn cap_10_every_fault_of_a_sitting_is_named() {
    let Some(engine) = engine("cap_10_every_fault_of_a_sitting_is_named") else { return };
    let table: [(&str, RgbImage, Rejection); 9] = [
        ("dark", drawn::dark(), Rejection::TooDark),
        ("blurred", drawn::blurred(), Rejection::Blurred),
        ("small", drawn::small(), Rejection::TooSmall),
        ("laid over", drawn::turned(35.0), Rejection::Turned),
        ("two faces", drawn::two(), Rejection::SeveralFaces),
        ("a mask", drawn::masked([236, 240, 244]), Rejection::Covered),
        ("a dark mask", drawn::masked([35, 35, 38]), Rejection::Covered),
        ("a hand", drawn::masked([215, 172, 143]), Rejection::Covered),
        ("dark glasses", drawn::blindfolded([25, 25, 28]), Rejection::Covered),
    ];
    let mut found: Vec<String> = Vec::new();
    for (what, image, expected) in table {
        let reason = engine.enrol(&[&drawn::jpeg(&image)]).map(|_| "accepted");
        if reason != Err(NotEnrolled::Rejected(expected)) {
            found.push(format!("{what}: {reason:?}, not {expected:?}"));
        }
    }
    assert!(found.is_empty(), "{found:#?}");
    assert!(engine.enrol(&[&drawn::jpeg(&drawn::face())]).is_ok());
}

// The photographs of bare faces show what the signs of a covered one must let through.
#[test]
fn cap_10_no_bare_face_is_called_covered() {
    let test = "cap_10_no_bare_face_is_called_covered";
    let (Some(engine), Some(folder)) = (engine(test), find::samples(test)) else { return };
    for name in ["a1", "a2", "b1", "b2", "b3", "b4"] {
        let photograph = std::fs::read(folder.join(name).with_extension("jpg")).expect("a photograph");
        assert_eq!(engine.enrol(&[&photograph]).map(|_| ()), Ok(()), "{name}");
    }
}

#[test]
fn cap_53_the_head_turns_as_it_was_asked_to() {
    let Some(engine) = engine("cap_53_the_head_turns_as_it_was_asked_to") else { return };
    let frame = |side: f32| drawn::jpeg(&drawn::facing(side));
    let (ahead, left, right) = (frame(0.0), frame(LEFT), frame(RIGHT));
    let template = engine.enrol(&[&ahead]).expect("enrols");
    let asked = Challenge::drawn(2);
    assert_eq!(asked.turns(), [Turn::Left, Turn::Right]);
    let judged = |frames: &[&[u8]]| engine.verify_challenged(&template, &asked, frames).outcome;
    assert_eq!(judged(&[&ahead, &left, &ahead, &right]), Outcome::Match);
    let refused = Outcome::Rejected(Rejection::Unmoved);
    assert_eq!(judged(&[&ahead, &right, &ahead, &left]), refused, "a mirror");
    assert_eq!(judged(&[&ahead, &ahead, &ahead]), refused, "a photograph");
    assert_eq!(judged(&[&ahead, &left]), refused, "broken off");
    assert_eq!(judged(&[]), Outcome::Rejected(Rejection::Empty));
}

/// As far as the drawing must turn until the detector's landmarks follow; it takes a flat drawing for a face that looks ahead
/// as long as it can.
const LEFT: f32 = 2.0;
const RIGHT: f32 = -1.3;

// Another person's turns do not complete a challenge: his face is compared too.
#[test]
fn cap_53_a_turned_head_must_be_the_same_persons() {
    let test = "cap_53_a_turned_head_must_be_the_same_persons";
    let (Some(engine), Some(folder)) = (engine(test), find::samples(test)) else { return };
    let photograph = std::fs::read(folder.join("b1.jpg")).expect("a photograph");
    let template = engine.enrol(&[&photograph]).expect("enrols");
    let frame = |side: f32| drawn::jpeg(&drawn::facing(side));
    let (left, right) = (frame(LEFT), frame(RIGHT));
    let ahead = photograph.as_slice();
    let found = engine.verify_challenged(&template, &Challenge::drawn(2), &[ahead, &left, ahead, &right]).outcome;
    assert!(matches!(found, Outcome::NoMatch | Outcome::Rejected(_)), "{found:?}");
}
