//! From landmarks to the upright crop an embedder was trained on.
//!
//! The photo is shrunk with an area filter first: aliasing costs more similarity than anything else in the chain. Then
//! a least-squares similarity without reflection, in closed form, and bilinear sampling.

use crate::Rejection;
use crate::detect::Point;
use crate::picture::Picture;
use crate::shrink::shrunk;

/// Output pixel d comes from `source + [[a, b], [-b, a]] (d - template)`.
struct Similarity {
    source: Point,
    template: Point,
    a: f32,
    b: f32,
}

/// The crop of `side` pixels in which the landmarks lie where the template has them.
pub(crate) fn crop(
    picture: &Picture,
    landmarks: &[Point; 5],
    template: &[Point; 5],
    side: usize,
) -> Result<Picture, Rejection> {
    let excess = distance(landmarks[0], landmarks[1]) / distance(template[0], template[1]);
    if excess <= 2.0 {
        return Ok(sample(picture, &fit(landmarks, template)?, side));
    }
    let reduced = |n: usize| ((n as f32 / excess).round() as usize).max(1);
    let small = shrunk(picture, reduced(picture.width), reduced(picture.height));
    let (kx, ky) = (small.width as f32 / picture.width as f32, small.height as f32 / picture.height as f32);
    let moved = landmarks.map(|p| [(p[0] + 0.5) * kx - 0.5, (p[1] + 0.5) * ky - 0.5]);
    Ok(sample(&small, &fit(&moved, template)?, side))
}

pub(crate) fn distance(a: Point, b: Point) -> f32 {
    (a[0] - b[0]).hypot(a[1] - b[1])
}

/// Landmarks in one spot, or a fit that shrinks everything to nothing, are no face.
fn fit(landmarks: &[Point; 5], template: &[Point; 5]) -> Result<Similarity, Rejection> {
    let (source, target) = (mean(landmarks), mean(template));
    let (mut n, mut p, mut q) = (0.0, 0.0, 0.0);
    for (l, t) in landmarks.iter().zip(template) {
        let (sx, sy, dx, dy) = (l[0] - source[0], l[1] - source[1], t[0] - target[0], t[1] - target[1]);
        n += sx * sx + sy * sy;
        p += sx * dx + sy * dy;
        q += sx * dy - sy * dx;
    }
    let (a, b) = (p / n, q / n);
    let scale = a * a + b * b;
    if !(n > 1e-3 && scale > 1e-6 && scale.is_finite()) {
        return Err(Rejection::NoFace);
    }
    Ok(Similarity { source, template: target, a: a / scale, b: b / scale })
}

fn mean(points: &[Point; 5]) -> Point {
    let sum = points.iter().fold([0.0, 0.0], |s, p| [s[0] + p[0], s[1] + p[1]]);
    sum.map(|v| v / 5.0)
}

fn sample(picture: &Picture, map: &Similarity, side: usize) -> Picture {
    let mut rgb = Vec::with_capacity(side * side * 3);
    for y in 0..side {
        for x in 0..side {
            let (dx, dy) = (x as f32 - map.template[0], y as f32 - map.template[1]);
            let (sx, sy) = (map.source[0] + map.a * dx + map.b * dy, map.source[1] - map.b * dx + map.a * dy);
            rgb.extend(bilinear(picture, sx, sy));
        }
    }
    Picture::from_rgb(side, side, rgb)
}

/// Black outside.
fn bilinear(picture: &Picture, x: f32, y: f32) -> [u8; 3] {
    let (left, top) = (x.floor(), y.floor());
    let (fx, fy) = (x - left, y - top);
    let corners = [
        (0.0, 0.0, (1.0 - fx) * (1.0 - fy)),
        (1.0, 0.0, fx * (1.0 - fy)),
        (0.0, 1.0, (1.0 - fx) * fy),
        (1.0, 1.0, fx * fy),
    ];
    let mut sum = [0.0_f32; 3];
    for (dx, dy, weight) in corners {
        let (cx, cy) = (left + dx, top + dy);
        if cx < 0.0 || cy < 0.0 || cx >= picture.width as f32 || cy >= picture.height as f32 {
            continue;
        }
        for (channel, s) in sum.iter_mut().enumerate() {
            *s += weight * picture.at(cx as usize, cy as usize, channel);
        }
    }
    sum.map(|v| v.round() as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEMPLATE: [Point; 5] =
        [[38.2946, 51.6963], [73.5318, 51.5014], [56.0252, 71.7366], [41.5493, 92.3655], [70.7299, 92.2041]];

    /// A smooth picture, so that sampling it anywhere is exact enough to compare.
    fn waves(width: usize, height: usize, at: impl Fn(f32, f32) -> Point) -> Picture {
        let value = |x: usize, y: usize| {
            let p = at(x as f32, y as f32);
            [128.0 + 90.0 * (p[0] / 17.0).sin(), 128.0 + 90.0 * (p[1] / 13.0).cos(), 60.0].map(|v: f32| v.round() as u8)
        };
        let pixels = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
        Picture::from_rgb(width, height, pixels.flat_map(|(x, y)| value(x, y)).collect())
    }

    fn difference(a: &Picture, b: &Picture) -> u8 {
        a.rgb.iter().zip(b.rgb.iter()).map(|(x, y)| x.abs_diff(*y)).max().expect("pixels")
    }

    #[test]
    fn landmarks_on_the_template_give_the_identity() {
        let picture = waves(112, 112, |x, y| [x, y]);
        let same = crop(&picture, &TEMPLATE, &TEMPLATE, 112).expect("fits");
        assert!(difference(&picture, &same) <= 1);
    }

    #[test]
    fn scaled_turned_and_shifted_copies_give_the_same_crop() {
        let upright = waves(112, 112, |x, y| [x, y]);
        for (scale, degrees, shift) in [(1.5_f32, 0.0_f32, 40.0), (1.9, 20.0, 160.0), (1.0, -35.0, 120.0)] {
            let (sin, cos) = degrees.to_radians().sin_cos();
            let forth =
                |p: Point| [scale * (cos * p[0] - sin * p[1]) + shift, scale * (sin * p[0] + cos * p[1]) + shift];
            let back = |x: f32, y: f32| {
                let (dx, dy) = ((x - shift) / scale, (y - shift) / scale);
                [cos * dx + sin * dy, cos * dy - sin * dx]
            };
            let copy = waves(600, 600, back);
            let found = crop(&copy, &TEMPLATE.map(forth), &TEMPLATE, 112).expect("fits");
            assert!(difference(&upright, &found) <= 3, "{scale} {degrees}");
        }
    }

    // Fine detail must be averaged away, not sampled: a checkerboard becomes grey.
    #[test]
    fn a_large_face_is_shrunk_before_it_is_sampled() {
        let checks = (0..1120 * 1120).flat_map(|i| [if (i % 1120 + i / 1120) % 2 == 0 { 0 } else { 254 }; 3]);
        let picture = Picture::from_rgb(1120, 1120, checks.collect());
        let found = crop(&picture, &TEMPLATE.map(|p| p.map(|v| v * 10.0)), &TEMPLATE, 112).expect("fits");
        assert!((40..70).all(|i| found.at(i, i, 0) > 100.0 && found.at(i, i, 0) < 154.0));
    }

    #[test]
    fn landmarks_in_one_spot_are_no_face() {
        let picture = waves(112, 112, |x, y| [x, y]);
        for bad in [[[50.0, 50.0]; 5], [[f32::NAN, 50.0]; 5]] {
            assert_eq!(crop(&picture, &bad, &TEMPLATE, 112).err(), Some(Rejection::NoFace));
        }
    }
}
