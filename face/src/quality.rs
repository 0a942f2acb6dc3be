//! Is this frame good enough to compare? Cheap checks in the order in which a person can mend them.

mod cover;

pub(crate) use cover::covered;

use crate::Rejection;
use crate::align::distance;
use crate::detect::{Face, Point};
use crate::picture::Picture;

/// A face this much narrower than the largest one is a bystander.
const BYSTANDER: f32 = 0.4;
/// Pixels between the eyes: an embedder's crop has 35, less would mean enlarging.
const EYES: f32 = 35.0;
/// Share of the face box inside the picture.
const INSIDE: f32 = 0.85;
/// Tangent of the largest roll, 24 degrees as the landmarks tell it: a detector places those of a tilted head a little
/// more upright than they are.
const ROLL: f32 = 0.445;
/// The nose, along the line from eye to eye: outside of this the head is turned away.
const NOSE: std::ops::RangeInclusive<f32> = 0.15..=0.85;
/// A picture without a face that is darker than this on the whole is called dark.
const NIGHT: f32 = 40.0;
/// Mean brightness of the aligned crop: photographs have 109 to 144, at a fifth of their light 21 to 28.
const BRIGHT: f32 = 45.0;
/// Standard deviation of the brightness of the aligned crop.
const CONTRAST: f32 = 12.0;
/// Variance of the Laplacian of the aligned crop. Sharp photographs have 250 and more, the drawing 98; a blur of a twentieth
/// of the eye distance leaves 10 to 17.
const SHARP: f32 = 25.0;

/// How a head may be held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Demand {
    /// Towards the camera, for a comparison.
    Front,
    /// Turned as well, for a challenge.
    Any,
}

/// The nose of a turned head still stands about the eyes.
const PROFILE: std::ops::RangeInclusive<f32> = -0.3..=1.3;

/// The one face of the picture.
pub(crate) fn sole(faces: Vec<Face>, picture: &Picture) -> Result<Face, Rejection> {
    let widest = faces.iter().map(|f| f.size[0]).fold(0.0, f32::max);
    let mut near = faces.into_iter().filter(|f| f.size[0] >= widest * BYSTANDER);
    match (near.next(), near.next()) {
        (Some(face), None) => Ok(face),
        (Some(_), Some(_)) => Err(Rejection::SeveralFaces),
        (None, _) if mean(&picture.luma()) < NIGHT => Err(Rejection::TooDark),
        (None, _) => Err(Rejection::NoFace),
    }
}

/// Size, place and pose, from the landmarks.
pub(crate) fn pose(face: &Face, picture: &Picture, demand: Demand) -> Result<(), Rejection> {
    let [left, right, nose, ..] = face.landmarks;
    let inside = face.common([0.0, 0.0], [picture.width as f32, picture.height as f32]) / face.area();
    if distance(left, right) < EYES {
        return Err(Rejection::TooSmall);
    }
    if inside < INSIDE {
        return Err(Rejection::CutOff);
    }
    let upright = right[0] > left[0] && (right[1] - left[1]).abs() <= ROLL * (right[0] - left[0]);
    let nose_between = if demand == Demand::Front { NOSE } else { PROFILE };
    if !upright || !nose_between.contains(&along(left, right, nose)) {
        return Err(Rejection::Turned);
    }
    Ok(())
}

/// Light and focus of the aligned crop. Returns its sharpness, by which the best of several frames is chosen.
pub(crate) fn light(crop: &Picture) -> Result<f32, Rejection> {
    let luma = crop.luma();
    if mean(&luma) < BRIGHT || variance(&luma).sqrt() < CONTRAST {
        return Err(Rejection::TooDark);
    }
    let sharpness = sharpness(&luma, crop.width);
    if sharpness < SHARP { Err(Rejection::Blurred) } else { Ok(sharpness) }
}

/// Where a point falls between two others: 0 at the first, 1 at the second.
fn along(from: Point, to: Point, point: Point) -> f32 {
    let (dx, dy) = (to[0] - from[0], to[1] - from[1]);
    ((point[0] - from[0]) * dx + (point[1] - from[1]) * dy) / (dx * dx + dy * dy)
}

fn mean(values: &[f32]) -> f32 {
    values.iter().sum::<f32>() / values.len().max(1) as f32
}

fn variance(values: &[f32]) -> f32 {
    let centre = mean(values);
    mean(&values.iter().map(|v| (v - centre).powi(2)).collect::<Vec<_>>())
}

/// Variance of the Laplacian: what is out of focus has no edges.
fn sharpness(luma: &[f32], width: usize) -> f32 {
    let height = luma.len() / width;
    let edge = |i: usize| luma[i - width] + luma[i + width] + luma[i - 1] + luma[i + 1] - 4.0 * luma[i];
    let inner = (1..height - 1).flat_map(|y| (1..width - 1).map(move |x| y * width + x));
    variance(&inner.map(edge).collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn face(corner: Point, eyes: f32, tilt: f32, nose: f32) -> Face {
        let [x, y] = [corner[0] + 50.0, corner[1] + 60.0];
        let landmarks =
            [[x, y], [x + eyes, y + tilt], [x + nose * eyes, y + 30.0], [x, y + 60.0], [x + eyes, y + 60.0]];
        Face { score: 0.9, corner, size: [150.0, 200.0], landmarks }
    }

    fn plain(width: usize, height: usize, level: u8) -> Picture {
        Picture::from_rgb(width, height, vec![level; width * height * 3])
    }

    #[test]
    fn a_pose_is_refused_for_its_first_fault() {
        let table = [
            ("good", face([100.0, 100.0], 60.0, 0.0, 0.5), Ok(())),
            ("tilted a little", face([100.0, 100.0], 60.0, 25.0, 0.5), Ok(())),
            ("far away", face([100.0, 100.0], 30.0, 0.0, 0.5), Err(Rejection::TooSmall)),
            ("half outside", face([-75.0, 100.0], 60.0, 0.0, 0.5), Err(Rejection::CutOff)),
            ("tilted", face([100.0, 100.0], 60.0, 40.0, 0.5), Err(Rejection::Turned)),
            ("upside down", face([100.0, 100.0], -60.0, 0.0, 0.5), Err(Rejection::Turned)),
            ("looking left", face([100.0, 100.0], 60.0, 0.0, 0.1), Err(Rejection::Turned)),
            ("looking right", face([100.0, 100.0], 60.0, 0.0, 0.9), Err(Rejection::Turned)),
        ];
        for (what, face, expected) in table {
            assert_eq!(pose(&face, &plain(400, 400, 128), Demand::Front), expected, "{what}");
        }
    }

    #[test]
    fn one_face_is_chosen_and_bystanders_do_not_count() {
        let sized = |width: f32| Face { size: [width, width], ..face([0.0, 0.0], 60.0, 0.0, 0.5) };
        let day = plain(9, 9, 128);
        assert_eq!(sole(vec![sized(100.0), sized(39.0)], &day).map(|f| f.size[0]), Ok(100.0));
        assert_eq!(sole(vec![sized(39.0), sized(100.0)], &day).map(|f| f.size[0]), Ok(100.0));
        assert_eq!(sole(vec![sized(100.0), sized(41.0)], &day).err(), Some(Rejection::SeveralFaces));
        assert_eq!(sole(vec![], &day).err(), Some(Rejection::NoFace));
        assert_eq!(sole(vec![], &plain(9, 9, 12)).err(), Some(Rejection::TooDark));
    }

    #[test]
    fn light_and_focus_are_measured_on_the_crop() {
        let stripes = |period: usize, low: u8, high: u8| {
            let level = |i: usize| {
                if (i % 112) % period < period / 2 { low } else { high }
            };
            Picture::from_rgb(112, 112, (0..112 * 112).flat_map(|i| [level(i); 3]).collect())
        };
        let ramp = Picture::from_rgb(112, 112, (0..112 * 112).flat_map(|i| [60 + (i % 112) as u8; 3]).collect());
        assert!(light(&stripes(8, 60, 200)).is_ok());
        assert_eq!(light(&stripes(8, 10, 60)), Err(Rejection::TooDark));
        assert_eq!(light(&plain(112, 112, 128)), Err(Rejection::TooDark));
        assert_eq!(light(&ramp), Err(Rejection::Blurred));
    }
}
