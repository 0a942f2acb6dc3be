//! The active challenge: the server draws turns of the head by lot, the frames must show them in that order.
//!
//! It stops a photograph and a recording of another sitting, each with the chance of a guess (one in four for two turns). It
//! does not stop a mask, a bent photograph, a puppet made by software, or a stream that somebody moves while he watches the page. Blinking is
//! not offered: five landmarks show no eyelid.

use crate::detect::Point;

/// A turn of the head, as the person who turns it would say it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// To the person's own left, which is the right side of a picture that is not mirrored.
    Left,
    /// To the person's own right.
    Right,
}

impl Turn {
    /// The word for pages and forms.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Left => "left",
            Self::Right => "right",
        }
    }
}

/// What the frames of one sitting must show: ahead first, then these turns and no others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Challenge {
    turns: [Turn; 2],
}

impl Challenge {
    /// Two turns out of a random byte. Draw a new one for every sitting and accept it once.
    pub const fn drawn(byte: u8) -> Self {
        const fn turn(bit: u8) -> Turn {
            if bit == 0 { Turn::Left } else { Turn::Right }
        }
        Self { turns: [turn(byte & 1), turn(byte >> 1 & 1)] }
    }

    /// The turns in their order, for the page that asks for them. Between two equal ones the person looks ahead.
    pub const fn turns(&self) -> [Turn; 2] {
        self.turns
    }
}

/// Where a head points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Heading {
    Ahead,
    /// Neither ahead nor clearly turned.
    Between,
    Turned(Turn),
}

/// How far the nose may stand from the middle between the eyes, in distances of the eyes, when somebody looks ahead: heads,
/// cameras and detectors are not symmetric (six portraits had up to 0.28).
const AHEAD: f32 = 0.25;
/// How little it moves, against the first frame, in a head that still looks ahead.
const STILL: f32 = 0.08;
/// How far it must move to be turned.
const TURNED: f32 = 0.15;

/// Where the nose stands along the line of the eyes: 0 in their middle, negative towards the left of the picture. No number
/// where the eyes are one point.
pub(crate) fn offset(landmarks: &[Point; 5]) -> f32 {
    let [left, right, nose, ..] = *landmarks;
    let (dx, dy) = (right[0] - left[0], right[1] - left[1]);
    ((nose[0] - left[0]) * dx + (nose[1] - left[1]) * dy) / (dx * dx + dy * dy) - 0.5
}

impl Heading {
    /// Against the offset of the first frame.
    pub(crate) fn of(offset: f32, first: f32) -> Self {
        match offset - first {
            _ if first.is_nan() || first.abs() > AHEAD => Self::Between,
            moved if moved.abs() <= STILL => Self::Ahead,
            moved if moved >= TURNED => Self::Turned(Turn::Left),
            moved if moved <= -TURNED => Self::Turned(Turn::Right),
            // In between, and where the offset is no number.
            _ => Self::Between,
        }
    }
}

/// Whether the headings, in the order of the frames, are what was asked for. Frames in between and repeated ones do not
/// count; a turn that nobody asked for does.
pub(crate) fn fulfilled(challenge: &Challenge, headings: &[Heading]) -> bool {
    let mut seen: Vec<Heading> = headings.iter().copied().filter(|h| *h != Heading::Between).collect();
    seen.dedup();
    let turns: Vec<Turn> =
        seen.iter().filter_map(|h| if let Heading::Turned(turn) = h { Some(*turn) } else { None }).collect();
    seen.first() == Some(&Heading::Ahead) && turns == challenge.turns
}

#[cfg(test)]
mod tests {
    use super::*;
    use Heading::{Ahead, Between, Turned};
    use Turn::{Left, Right};

    fn landmarks(nose: f32) -> [Point; 5] {
        [[0.0, 0.0], [60.0, 0.0], [60.0 * nose, 30.0], [5.0, 60.0], [55.0, 60.0]]
    }

    #[test]
    fn a_heading_is_how_far_the_nose_moved_between_the_eyes() {
        let table = [
            (0.5, Ahead),
            (0.43, Ahead),
            (0.38, Between),
            (0.34, Turned(Right)),
            (0.66, Turned(Left)),
            (1.1, Turned(Left)),
        ];
        for (nose, heading) in table {
            assert_eq!(Heading::of(offset(&landmarks(nose)), 0.0), heading, "{nose}");
        }
        assert_eq!(Heading::of(offset(&landmarks(0.66)), 0.1), Ahead, "against the first frame");
        assert_eq!(Heading::of(0.3, 0.3), Between, "a first frame that does not look ahead");
        assert_eq!(Heading::of(offset(&[[1.0, 1.0]; 5]), 0.0), Between, "no distance");
        // Held askew: the line of the eyes counts, not the picture's edge.
        let turn = |p: Point| [p[0] * 0.9 - p[1] * 0.43, p[0] * 0.43 + p[1] * 0.9];
        assert_eq!(Heading::of(offset(&landmarks(0.75).map(turn)), 0.0), Turned(Left));
    }

    #[test]
    fn turns_count_in_their_order_and_no_others() {
        let asked = |a, b| Challenge { turns: [a, b] };
        let table: [(&str, [Turn; 2], &[Heading], bool); 9] = [
            ("as asked", [Left, Right], &[Ahead, Between, Turned(Left), Ahead, Turned(Right)], true),
            ("straight across", [Left, Right], &[Ahead, Ahead, Turned(Left), Turned(Right), Turned(Right)], true),
            ("twice the same", [Left, Left], &[Ahead, Turned(Left), Ahead, Turned(Left)], true),
            ("the same without a break", [Left, Left], &[Ahead, Turned(Left), Turned(Left)], false),
            ("mirrored", [Left, Right], &[Ahead, Turned(Right), Ahead, Turned(Left)], false),
            ("a photograph", [Left, Right], &[Ahead; 5], false),
            ("one only", [Left, Right], &[Ahead, Turned(Left)], false),
            ("every turn there is", [Left, Right], &[Ahead, Turned(Left), Turned(Right), Turned(Left)], false),
            ("never ahead first", [Left, Right], &[Turned(Left), Ahead, Turned(Right)], false),
        ];
        for (what, [a, b], headings, expected) in table {
            assert_eq!(fulfilled(&asked(a, b), headings), expected, "{what}");
        }
        assert!(!fulfilled(&asked(Left, Right), &[]));
    }

    #[test]
    fn every_challenge_can_be_drawn() {
        let drawn: Vec<_> = (0..4).map(|byte| Challenge::drawn(byte).turns()).collect();
        assert_eq!(drawn, [[Left, Left], [Right, Left], [Left, Right], [Right, Right]]);
        assert_eq!(Challenge::drawn(7), Challenge::drawn(3));
    }
}
