//! Filled, anti-aliased shapes on an RGB picture.

use image::{Rgb, RgbImage};

/// What can be painted.
pub(super) enum Shape {
    /// Centre and half-axes.
    Ellipse([f32; 2], [f32; 2]),
    /// Two corners.
    Rectangle([f32; 2], [f32; 2]),
    /// Points and width of the stroke.
    Stroke(Vec<[f32; 2]>, f32),
}

impl Shape {
    /// Half of an ellipse's outline; `upper` as seen in the picture.
    pub(super) fn arc(centre: [f32; 2], axes: [f32; 2], upper: bool, width: f32) -> Self {
        let sign = if upper { -1.0 } else { 1.0 };
        let point = |i: u16| {
            let angle = f32::from(i) / 32.0 * std::f32::consts::PI;
            [centre[0] + axes[0] * angle.cos(), centre[1] + sign * axes[1] * angle.sin()]
        };
        Self::Stroke((0..=32).map(point).collect(), width)
    }

    fn holds(&self, p: [f32; 2]) -> bool {
        match self {
            Self::Ellipse(c, r) => ((p[0] - c[0]) / r[0]).powi(2) + ((p[1] - c[1]) / r[1]).powi(2) <= 1.0,
            Self::Rectangle(a, b) => (a[0]..=b[0]).contains(&p[0]) && (a[1]..=b[1]).contains(&p[1]),
            Self::Stroke(points, width) => points.windows(2).any(|w| distance(p, w[0], w[1]) <= width / 2.0),
        }
    }

    fn scaled(&self, k: f32) -> Self {
        let s = |p: &[f32; 2]| [p[0] * k, p[1] * k];
        match self {
            Self::Ellipse(c, r) => Self::Ellipse(s(c), s(r)),
            Self::Rectangle(a, b) => Self::Rectangle(s(a), s(b)),
            Self::Stroke(points, width) => Self::Stroke(points.iter().map(s).collect(), width * k),
        }
    }
}

/// From a point to a line between two others.
fn distance(p: [f32; 2], a: [f32; 2], b: [f32; 2]) -> f32 {
    let (dx, dy) = (b[0] - a[0], b[1] - a[1]);
    let along = ((p[0] - a[0]) * dx + (p[1] - a[1]) * dy) / (dx * dx + dy * dy);
    let t = along.clamp(0.0, 1.0);
    (p[0] - a[0] - t * dx).hypot(p[1] - a[1] - t * dy)
}

/// Paints over what is there, with 16 samples a pixel.
pub(super) fn paint(image: &mut RgbImage, shape: &Shape, scale: f32, colour: [u8; 3]) {
    let shape = shape.scaled(scale);
    for (x, y, pixel) in image.enumerate_pixels_mut() {
        let sample = |i: u16| [x as f32 + f32::from(i % 4) * 0.25 + 0.125, y as f32 + f32::from(i / 4) * 0.25 + 0.125];
        // Pixel centres lie on whole numbers in the description of the face.
        let covered = (0..16).filter(|i| shape.holds(sample(*i).map(|v| v - 0.5))).count();
        let k = covered as f32 / 16.0;
        for (under, over) in pixel.0.iter_mut().zip(colour) {
            *under = (f32::from(*under) * (1.0 - k) + f32::from(over) * k).round() as u8;
        }
    }
}

/// A picture of one colour.
pub(super) fn plain(width: u32, height: u32, colour: [u8; 3]) -> RgbImage {
    RgbImage::from_pixel(width, height, Rgb(colour))
}
