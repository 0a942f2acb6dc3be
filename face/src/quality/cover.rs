//! Is something in front of the face? Signs on the aligned crop, relative to the skin between and below the eyes: the mouth
//! has no line, the eyes are dark or flat. Six photographs of bare faces had 0.29 and more, 0.52 and more, 0.17 and more;
//! plain masks, dark glasses and a hand over the eyes, all drawn, had less than 0.01, 0.16 and 0.08.
//!
//! Limits: a mask with a pattern or deep folds, a hand whose fingers draw a line where the mouth was, clear glasses are not
//! seen. The comparison has the last word in each of them. Colour was tried and left out: teeth are as pale as a mask.

use crate::Rejection;
use crate::detect::Point;
use crate::picture::Picture;

/// Least rise or fall of brightness from row to row of the mouth, as a share of the skin's brightness.
const LINE: f32 = 0.12;
/// An eye is at least this bright, as a share of the skin; behind dark glasses it is not.
const SHADE: f32 = 0.4;
/// Least spread of brightness in an eye, as a share of the skin's brightness.
const FLAT: f32 = 0.11;

/// What was measured.
#[derive(Debug)]
struct Signs {
    /// Range of the rows' brightness at the mouth, share of the skin's.
    line: f32,
    /// Brightness of the darker eye, share of the skin's.
    shade: f32,
    /// Spread of brightness in the flatter eye, share of the skin's.
    spread: f32,
}

/// Refuses a face that something covers.
pub(crate) fn covered(crop: &Picture, template: &[Point; 5]) -> Result<(), Rejection> {
    let s = signs(crop, template);
    if s.line < LINE || s.shade < SHADE || s.spread < FLAT { Err(Rejection::Covered) } else { Ok(()) }
}

fn signs(crop: &Picture, template: &[Point; 5]) -> Signs {
    let [left, right, _, mouth_left, mouth_right] = *template;
    let unit = right[0] - left[0];
    let skin = Patch::of(crop, [(left[0] + right[0]) / 2.0, left[1] + 0.28 * unit], [0.14 * unit, 0.2 * unit]);
    let cheeks = [left, right].map(|eye| Patch::of(crop, [eye[0], eye[1] + 0.5 * unit], [0.2 * unit, 0.12 * unit]));
    let level = (skin.mean() + cheeks[0].mean() + cheeks[1].mean()) / 3.0;
    let centre = [(mouth_left[0] + mouth_right[0]) / 2.0, (mouth_left[1] + mouth_right[1]) / 2.0];
    let mouth = Patch::of(crop, centre, [0.28 * unit, 0.3 * unit]);
    let eyes = [left, right].map(|eye| Patch::of(crop, eye, [0.26 * unit, 0.16 * unit]));
    let share = |value: f32| value / level.max(1.0);
    Signs {
        line: share(mouth.rows()),
        shade: share(eyes[0].mean().min(eyes[1].mean())),
        spread: share(eyes[0].spread().min(eyes[1].spread())),
    }
}

/// Brightness of a rectangle.
struct Patch {
    luma: Vec<f32>,
    width: usize,
}

impl Patch {
    /// Around a point, by half-sides, as far as the picture goes.
    fn of(crop: &Picture, centre: Point, half: [f32; 2]) -> Self {
        let range = |k: usize, limit: usize| {
            let first = (centre[k] - half[k]).round().clamp(0.0, (limit - 1) as f32) as usize;
            first..=((centre[k] + half[k]).round() as usize).min(limit - 1).max(first)
        };
        let (columns, rows) = (range(0, crop.width), range(1, crop.height));
        let width = columns.clone().count();
        let mut luma = Vec::new();
        for (y, x) in rows.flat_map(|y| columns.clone().map(move |x| (y, x))) {
            let [r, g, b] = [0, 1, 2].map(|c| crop.at(x, y, c));
            luma.push(0.299 * r + 0.587 * g + 0.114 * b);
        }
        Self { luma, width }
    }

    fn mean(&self) -> f32 {
        super::mean(&self.luma)
    }

    fn spread(&self) -> f32 {
        super::variance(&self.luma).sqrt()
    }

    /// From the darkest to the brightest row.
    fn rows(&self) -> f32 {
        let rows = self.luma.chunks_exact(self.width).map(super::mean);
        let (low, high) = rows.fold((f32::MAX, f32::MIN), |(l, h), v| (l.min(v), h.max(v)));
        high - low
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::drawn;

    /// Landmarks of the drawing, as YuNet finds them.
    const DRAWN: [Point; 5] = [[130.0, 155.0], [193.0, 154.0], [163.0, 190.0], [135.0, 220.0], [190.0, 219.0]];
    const TEMPLATE: [Point; 5] =
        [[38.2946, 51.6963], [73.5318, 51.5014], [56.0252, 71.7366], [41.5493, 92.3655], [70.7299, 92.2041]];

    #[test]
    fn masks_hands_and_dark_glasses_are_noticed_and_a_bare_face_is_not() {
        let table = [
            ("bare", drawn::face(), Ok(())),
            ("a white mask", drawn::masked([236, 240, 244]), Err(Rejection::Covered)),
            ("a black mask", drawn::masked([35, 35, 38]), Err(Rejection::Covered)),
            ("a blue mask", drawn::masked([120, 165, 205]), Err(Rejection::Covered)),
            ("a mask like skin", drawn::masked([215, 172, 143]), Err(Rejection::Covered)),
            ("a hand over the eyes", drawn::blindfolded([218, 174, 145]), Err(Rejection::Covered)),
            ("dark glasses", drawn::blindfolded([25, 25, 28]), Err(Rejection::Covered)),
        ];
        for (what, image, expected) in table {
            let picture = Picture::from_rgb(320, 320, image.into_raw());
            let crop = crate::align::crop(&picture, &DRAWN, &TEMPLATE, 112).expect("fits");
            assert_eq!(covered(&crop, &TEMPLATE), expected, "{what}: {:?}", signs(&crop, &TEMPLATE));
        }
    }
}
