//! Presentation attack detection with MiniFASNet, recorded and never enforced: no APCER may be claimed for these networks
//! (ISO/IEC 30107-3), and a drawn face is called live. They see only what detection and quality let through.

use crate::Unavailable;
use crate::backend::{Network, output};
use crate::detect::Face;
use crate::model::Channels;
use crate::picture::Picture;
use crate::tensor;

/// What presentation attack detection said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Liveness {
    /// The networks together lean to a person before the camera.
    Live,
    /// They lean to a photograph or a screen.
    NotLive,
    /// Not asked: no liveness model is installed, or no frame came so far.
    Unknown,
}

impl Liveness {
    /// The word for the audit.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::NotLive => "not-live",
            Self::Unknown => "unknown",
        }
    }

    /// The mean of the networks' live classes against one half.
    pub(crate) fn of(scores: &[f32]) -> Self {
        match scores {
            [] => Self::Unknown,
            _ if scores.iter().sum::<f32>() / scores.len() as f32 >= 0.5 => Self::Live,
            _ => Self::NotLive,
        }
    }
}

/// One network with the numbers of its manifest entry.
pub(crate) struct Pad {
    pub(crate) network: Box<dyn Network>,
    pub(crate) side: usize,
    pub(crate) channels: Channels,
    pub(crate) crop: f32,
}

impl Pad {
    /// The probability of the live class.
    pub(crate) fn live(&mut self, picture: &Picture, face: &Face) -> Result<f32, Unavailable> {
        let (corner, size) = around(face, self.crop, [picture.width, picture.height]);
        self.of_crop(&resized(picture, corner, size, self.side))
    }

    /// The same for a crop of the right size.
    pub(crate) fn of_crop(&mut self, crop: &Picture) -> Result<f32, Unavailable> {
        let planes = tensor::planes(crop, self.side, self.channels);
        let outputs = self.network.run(tensor::shape(self.side), &planes)?;
        Ok(output(&outputs, "prob", 3)?[1])
    }
}

/// The face box, `scale` times as large as far as the picture allows, shifted inside it: first pixel and size.
fn around(face: &Face, scale: f32, [width, height]: [usize; 2]) -> ([usize; 2], [usize; 2]) {
    let limit = [(width - 1) as f32, (height - 1) as f32];
    let scale = scale.min(limit[0] / face.size[0]).min(limit[1] / face.size[1]);
    let (mut corner, mut size) = ([0, 0], [1, 1]);
    for k in 0..2 {
        let length = face.size[k] * scale;
        let wanted = face.corner[k] + face.size[k] / 2.0 - length / 2.0;
        let first = wanted.clamp(0.0, (limit[k] - length).max(0.0));
        let last = (first + length).min(limit[k]) as usize;
        corner[k] = first as usize;
        // The last row and column belong to the crop.
        size[k] = last - corner[k] + 1;
    }
    (corner, size)
}

/// Plain bilinear to a square, the aspect not kept, as the networks were trained.
fn resized(picture: &Picture, corner: [usize; 2], size: [usize; 2], side: usize) -> Picture {
    let place = |i: usize, k: usize| {
        let at = ((i as f32 + 0.5) * size[k] as f32 / side as f32 - 0.5).clamp(0.0, (size[k] - 1) as f32);
        let low = at as usize;
        (corner[k] + low, corner[k] + (low + 1).min(size[k] - 1), at - low as f32)
    };
    let mut rgb = Vec::with_capacity(side * side * 3);
    for y in 0..side {
        let (top, bottom, fy) = place(y, 1);
        for x in 0..side {
            let (left, right, fx) = place(x, 0);
            let row = |y: usize, c: usize| picture.at(left, y, c) * (1.0 - fx) + picture.at(right, y, c) * fx;
            rgb.extend((0..3).map(|c| (row(top, c) * (1.0 - fy) + row(bottom, c) * fy).round() as u8));
        }
    }
    Picture::from_rgb(side, side, rgb)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn face(corner: [f32; 2], size: [f32; 2]) -> Face {
        Face { score: 1.0, corner, size, landmarks: [[0.0; 2]; 5] }
    }

    #[test]
    fn the_crop_stays_inside_at_every_border() {
        let table = [
            ("middle", face([45.0, 45.0], [10.0, 10.0]), ([30, 30], [41, 41])),
            ("left", face([0.0, 45.0], [10.0, 10.0]), ([0, 30], [41, 41])),
            ("top", face([45.0, -5.0], [10.0, 10.0]), ([30, 0], [41, 41])),
            ("right", face([95.0, 45.0], [10.0, 10.0]), ([59, 30], [41, 41])),
            ("bottom", face([45.0, 92.0], [10.0, 10.0]), ([30, 59], [41, 41])),
            ("too large", face([-10.0, 10.0], [150.0, 60.0]), ([0, 20], [100, 40])),
        ];
        for (what, face, expected) in table {
            assert_eq!(around(&face, 4.0, [100, 100]), expected, "{what}");
        }
    }

    #[test]
    fn the_verdict_is_the_mean() {
        let table = [
            (&[][..], Liveness::Unknown),
            (&[0.9, 0.2], Liveness::Live),
            (&[0.9, 0.05], Liveness::NotLive),
            (&[f32::NAN], Liveness::NotLive),
        ];
        for (scores, verdict) in table {
            assert_eq!(Liveness::of(scores), verdict, "{scores:?}");
        }
    }
}
