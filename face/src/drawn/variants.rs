//! The face, and what a camera makes of it on a bad day.

use image::RgbImage;
use image::imageops::{blur, overlay};

use super::canvas::{Shape, paint, plain};

const BACKGROUND: [u8; 3] = [200, 200, 200];
const HAIR: [u8; 3] = [40, 30, 30];
const LINE: [u8; 3] = [120, 60, 60];

/// The face, 320x320.
pub fn face() -> RgbImage {
    drawing(1.0)
}

/// Out of focus.
pub fn blurred() -> RgbImage {
    blur(&face(), 5.0)
}

/// At night, without a lamp.
pub fn dark() -> RgbImage {
    let mut image = face();
    image.iter_mut().for_each(|v| *v /= 6);
    image
}

/// Too far from the camera: a third of the size.
pub fn small() -> RgbImage {
    let mut image = plain(320, 320, BACKGROUND);
    overlay(&mut image, &drawing(0.3), 112, 112);
    image
}

/// Two people side by side.
pub fn two() -> RgbImage {
    let (half, mut image) = (drawing(0.5), plain(320, 160, BACKGROUND));
    overlay(&mut image, &half, 0, 0);
    overlay(&mut image, &half, 160, 0);
    image
}

/// Nobody.
pub fn blank() -> RgbImage {
    plain(320, 320, BACKGROUND)
}

/// The head laid to the side by so many degrees.
pub fn turned(degrees: f32) -> RgbImage {
    let (source, (sin, cos)) = (face(), degrees.to_radians().sin_cos());
    RgbImage::from_fn(320, 320, |x, y| {
        let (dx, dy) = (x as f32 - 160.0, y as f32 - 170.0);
        let (sx, sy) = (160.0 + cos * dx + sin * dy, 170.0 - sin * dx + cos * dy);
        image::imageops::interpolate_bilinear(&source, sx.clamp(0.0, 319.0), sy.clamp(0.0, 319.0))
            .expect("clamped into the picture")
    })
}

/// A mask from the nose to the chin.
pub fn masked(colour: [u8; 3]) -> RgbImage {
    with(&[(Shape::Ellipse([160.0, 232.0], [68.0, 46.0]), colour)], 0.0)
}

/// Something across both eyes: a hand, or dark glasses.
pub fn blindfolded(colour: [u8; 3]) -> RgbImage {
    with(
        &[
            (Shape::Ellipse([132.0, 158.0], [27.0, 19.0]), colour),
            (Shape::Ellipse([188.0, 158.0], [27.0, 19.0]), colour),
        ],
        0.0,
    )
}

/// The head turned to the person's own left (the right side of the picture) for a positive number, up to 1.
pub fn facing(side: f32) -> RgbImage {
    with(&[], side)
}

fn with(more: &[(Shape, [u8; 3])], side: f32) -> RgbImage {
    let mut image = plain(320, 320, BACKGROUND);
    for (shape, colour) in shapes(side).iter().chain(more) {
        paint(&mut image, shape, 1.0, *colour);
    }
    blur(&image, 2.0)
}

pub(super) fn drawing(scale: f32) -> RgbImage {
    let side = (320.0 * scale).round() as u32;
    let mut image = plain(side, side, BACKGROUND);
    for (shape, colour) in shapes(0.0) {
        paint(&mut image, &shape, scale, colour);
    }
    blur(&image, 2.0 * scale)
}

/// What stands out of the head moves further when it turns: the nose most.
fn shapes(side: f32) -> Vec<(Shape, [u8; 3])> {
    let mut shapes = vec![
        (Shape::Ellipse([160.0, 165.0], [82.0, 108.0]), HAIR),
        (Shape::Rectangle([135.0, 240.0], [185.0, 320.0]), [191, 153, 127]),
        (Shape::Ellipse([160.0, 178.0], [70.0, 92.0]), [225, 180, 150]),
    ];
    let (eyes, nose, mouth) = (10.0 * side, 34.0 * side, 16.0 * side);
    for x in [132.0 + eyes, 188.0 + eyes] {
        shapes.push((Shape::Ellipse([x, 160.0], [15.0, 8.0]), [245, 245, 245]));
        shapes.push((Shape::Ellipse([x, 160.0], [7.0, 7.0]), [50, 40, 40]));
        shapes.push((Shape::arc([x, 143.0], [19.0, 6.0], true, 5.0), HAIR));
    }
    shapes.extend([
        (Shape::Stroke(vec![[158.0 + eyes, 165.0], [152.0 + nose, 200.0]], 3.0), [180, 144, 120]),
        (Shape::arc([160.0 + nose, 203.0], [13.0, 6.0], false, 3.0), [157, 125, 105]),
        (Shape::Ellipse([160.0 + mouth, 232.0], [26.0, 9.0]), [190, 90, 90]),
        (Shape::Stroke(vec![[135.0 + mouth, 231.0], [185.0 + mouth, 231.0]], 2.0), LINE),
    ]);
    shapes
}
