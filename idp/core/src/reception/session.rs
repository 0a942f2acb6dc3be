//! What follows at a kiosk when a visitor is not received yet, whatever way of being recognised was used: once more, or staff. Which
//! screen that is, is the device's (`kiosk.js`).

use crate::domain::reception::CallReason;

/// After so many failures in a row staff are called; the visitor need not ask.
pub const FAILURES: u8 = 3;

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// Nobody was found, or more than one could be meant: nobody is guessed.
    NotFound,
    /// The picture or code was not good enough; nothing was compared (ISO/IEC 19795-1: no failure).
    NotAcquired,
    /// Others are being looked at; a moment later there is room.
    Busy,
    /// The machine cannot answer.
    Unavailable,
    /// The button for staff.
    Call,
}

/// Where the visitor stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// May try again.
    Trying {
        /// Failures in a row.
        failures: u8,
        /// After so many more staff are called.
        left: u8,
    },
    /// Staff are called, for this reason, and come.
    Waiting(CallReason),
}

/// What follows after so many failures in a row.
pub const fn next(failures: u8, event: Event) -> State {
    match event {
        Event::Call => State::Waiting(CallReason::Button),
        Event::Unavailable => State::Waiting(CallReason::Unavailable),
        Event::NotAcquired | Event::Busy => trying(failures),
        Event::NotFound => trying(failures.saturating_add(1)),
    }
}

const fn trying(failures: u8) -> State {
    match FAILURES.checked_sub(failures) {
        None | Some(0) => State::Waiting(CallReason::Failures),
        Some(left) => State::Trying { failures, left },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cap_28_three_failures_call_staff_and_a_bad_picture_is_none() {
        let trying = |failures, left| State::Trying { failures, left };
        let failed = State::Waiting(CallReason::Failures);
        for (failures, event, state) in [
            (0, Event::NotFound, trying(1, 2)),
            (1, Event::NotFound, trying(2, 1)),
            (2, Event::NotFound, failed),
            (u8::MAX, Event::NotFound, failed),
            (0, Event::NotAcquired, trying(0, 3)),
            (2, Event::NotAcquired, trying(2, 1)),
            (2, Event::Busy, trying(2, 1)),
            // A device that says it had more failures than it may.
            (3, Event::NotAcquired, failed),
            (0, Event::Unavailable, State::Waiting(CallReason::Unavailable)),
            (2, Event::Call, State::Waiting(CallReason::Button)),
        ] {
            assert_eq!(next(failures, event), state, "{failures} {event:?}");
        }
    }
}
