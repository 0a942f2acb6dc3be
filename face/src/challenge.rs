//! The active challenge: the server draws turns of the head by lot, the frames must show them in that order.
//!
//! It stops a photograph and a recording of another sitting, each with the chance of a guess (one in four for two turns). It
//! does not stop a mask, a puppet made by software, or a stream that somebody moves while he watches the page. Blinking is
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

/// How far the nose may leave the middle between the eyes, in distances of the eyes, and still look ahead.
const AHEAD: f32 = 0.14;
/// How far it must leave it to be turned: about 20 degrees, as the nose stands out by half the distance of the eyes.
const TURNED: f32 = 0.2;

impl Heading {
    /// From the five landmarks of a detector.
    pub(crate) fn of(landmarks: &[Point; 5]) -> Self {
        let [left, right, nose, ..] = *landmarks;
        let (dx, dy) = (right[0] - left[0], right[1] - left[1]);
        let off = ((nose[0] - left[0]) * dx + (nose[1] - left[1]) * dy) / (dx * dx + dy * dy) - 0.5;
        match off {
            _ if off.abs() <= AHEAD => Self::Ahead,
            _ if off >= TURNED => Self::Turned(Turn::Left),
            _ if off <= -TURNED => Self::Turned(Turn::Right),
            // In between, and where the eyes are one point.
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
    fn a_heading_is_where_the_nose_stands_between_the_eyes() {
        let table = [
            (0.5, Ahead),
            (0.4, Ahead),
            (0.33, Between),
            (0.25, Turned(Right)),
            (0.75, Turned(Left)),
            (1.1, Turned(Left)),
        ];
        for (nose, heading) in table {
            assert_eq!(Heading::of(&landmarks(nose)), heading, "{nose}");
        }
        assert_eq!(Heading::of(&[[1.0, 1.0]; 5]), Between, "no distance");
        // Held askew: the line of the eyes counts, not the picture's edge.
        let turn = |p: Point| [p[0] * 0.9 - p[1] * 0.43, p[0] * 0.43 + p[1] * 0.9];
        assert_eq!(Heading::of(&landmarks(0.75).map(turn)), Turned(Left));
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
