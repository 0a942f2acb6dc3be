//! One visitor at a kiosk, as a state machine: which page comes next, whatever way of being recognised was used.

use crate::domain::reception::Direction;

/// After so many failures in a row staff are called; the visitor need not ask.
pub const FREE_FAILURES: u8 = 3;

/// Where a visitor stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Nobody is there.
    Idle,
    /// Trying; so many failures until now.
    Trying {
        /// Failures in a row.
        failures: u8,
    },
    /// Received; the card with the answer is up.
    Received(Direction),
    /// Staff were called, and come.
    Waiting,
}

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// A way to be recognised was chosen.
    Begin,
    /// The visitor is known.
    Found(Direction),
    /// Nobody was found, or more than one could be meant: nobody is guessed.
    NotFound,
    /// The picture was not good enough; nothing was compared (ISO/IEC 19795-1: no failure).
    NotAcquired,
    /// The machine cannot answer.
    Unavailable,
    /// The button for staff.
    Call,
    /// Time is over, or the visitor left.
    Leave,
}

/// What comes of it, and whether staff are to be called.
pub const fn next(state: State, event: Event) -> (State, bool) {
    match (state, event) {
        // Staff can be called from everywhere; twice is once.
        (State::Waiting, Event::Call) => (State::Waiting, false),
        (_, Event::Call) => (State::Waiting, true),
        (_, Event::Leave) => (State::Idle, false),
        (State::Idle | State::Received(_), Event::Begin) => (State::Trying { failures: 0 }, false),
        (State::Trying { .. } | State::Waiting, Event::Begin | Event::NotAcquired) => (state, false),
        (State::Trying { .. } | State::Waiting, Event::Found(direction)) => (State::Received(direction), false),
        (State::Trying { failures }, Event::NotFound) => {
            let failures = failures.saturating_add(1);
            if failures >= FREE_FAILURES { (State::Waiting, true) } else { (State::Trying { failures }, false) }
        }
        (State::Trying { .. }, Event::Unavailable) => (State::Waiting, true),
        // Staff are on their way already; an answer to nobody changes nothing.
        (State::Waiting, Event::NotFound | Event::Unavailable)
        | (
            State::Idle | State::Received(_),
            Event::Found(_) | Event::NotFound | Event::NotAcquired | Event::Unavailable,
        ) => (state, false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn walk(events: &[Event]) -> (State, usize) {
        events.iter().fold((State::Idle, 0), |(state, calls), event| {
            let (state, call) = next(state, *event);
            (state, calls + usize::from(call))
        })
    }

    #[test]
    fn cap_28_three_failures_call_staff_once_and_a_bad_picture_is_none() {
        use Event::{Begin, Call, Found, Leave, NotAcquired, NotFound, Unavailable};
        let (trying, received) = (|failures| State::Trying { failures }, State::Received(Direction::In));
        for (events, state, calls) in [
            (&[][..], State::Idle, 0),
            (&[Begin, Found(Direction::In)], received, 0),
            (&[Begin, NotFound, NotFound], trying(2), 0),
            (&[Begin, NotAcquired, NotAcquired, NotAcquired, NotAcquired], trying(0), 0),
            (&[Begin, NotFound, NotFound, NotFound], State::Waiting, 1),
            (&[Begin, NotFound, NotFound, NotFound, NotFound, Call], State::Waiting, 1),
            (&[Begin, NotFound, NotFound, NotFound, Found(Direction::In)], received, 1),
            (&[Begin, Unavailable], State::Waiting, 1),
            (&[Call, Call], State::Waiting, 1),
            (&[Call, Leave], State::Idle, 1),
            (&[Begin, Found(Direction::In), Begin], trying(0), 0),
            (&[NotFound, Found(Direction::Out)], State::Idle, 0),
        ] {
            assert_eq!(walk(events), (state, calls), "{events:?}");
        }
    }

    #[test]
    fn cap_29_staff_can_be_called_from_every_state() {
        let all = [State::Idle, State::Trying { failures: 2 }, State::Received(Direction::Out), State::Waiting];
        for state in all {
            assert_eq!(next(state, Event::Call).0, State::Waiting);
            assert_eq!(next(state, Event::Leave), (State::Idle, false));
        }
    }
}
