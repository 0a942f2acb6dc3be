//! Is this frame good enough to compare? Cheap checks in the order in which a person can mend them.

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
/// Tangent of the largest roll, 30 degrees.
const ROLL: f32 = 0.577;
/// The nose, along the line from eye to eye: outside of this the head is turned away.
const NOSE: std::ops::RangeInclusive<f32> = 0.2..=0.8;
/// A picture without a face that is darker than this on the whole is called dark.
const NIGHT: f32 = 40.0;
/// Mean brightness of the aligned crop.
const BRIGHT: f32 = 45.0;
/// Standard deviation of the brightness of the aligned crop.
const CONTRAST: f32 = 12.0;
/// Variance of the Laplacian of the aligned crop.
const SHARP: f32 = 20.0;

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
pub(crate) fn pose(face: &Face, picture: &Picture) -> Result<(), Rejection> {
    let [left, right, nose, ..] = face.landmarks;
    let inside = face.common([0.0, 0.0], [picture.width as f32, picture.height as f32]) / face.area();
    if distance(left, right) < EYES {
        return Err(Rejection::TooSmall);
    }
    if inside < INSIDE {
        return Err(Rejection::CutOff);
    }
    let upright = right[0] > left[0] && (right[1] - left[1]).abs() <= ROLL * (right[0] - left[0]);
    if !upright || !NOSE.contains(&along(left, right, nose)) {
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
pub(crate) fn sharpness(luma: &[f32], width: usize) -> f32 {
    let height = luma.len() / width;
    let edge = |i: usize| luma[i - width] + luma[i + width] + luma[i - 1] + luma[i + 1] - 4.0 * luma[i];
    let inner = (1..height - 1).flat_map(|y| (1..width - 1).map(move |x| y * width + x));
    variance(&inner.map(edge).collect::<Vec<_>>())
}
