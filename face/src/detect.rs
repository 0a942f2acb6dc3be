//! Finding faces with YuNet: what goes in, what comes out, overlaps removed.

use crate::Unavailable;
use crate::backend::{Network, Outputs, output};
use crate::model::Channels;
use crate::picture::Picture;
use crate::shrink::shrunk;
use crate::tensor;

/// x and y in pixels.
pub(crate) type Point = [f32; 2];

/// One face in the picture.
#[derive(Clone, Debug)]
pub(crate) struct Face {
    pub(crate) score: f32,
    pub(crate) corner: Point,
    pub(crate) size: Point,
    /// Eye at image left, eye at image right, nose tip, mouth corner left, mouth corner right.
    pub(crate) landmarks: [Point; 5],
}

/// The detector with the numbers of its manifest entry.
pub(crate) struct Detector {
    pub(crate) network: Box<dyn Network>,
    pub(crate) side: usize,
    pub(crate) channels: Channels,
    pub(crate) score: f32,
    pub(crate) iou: f32,
}

const STRIDES: [usize; 3] = [8, 16, 32];

impl Detector {
    /// All faces, best first. A small picture is never enlarged.
    pub(crate) fn find(&mut self, picture: &Picture) -> Result<Vec<Face>, Unavailable> {
        let scale = (self.side as f32 / picture.width.max(picture.height) as f32).min(1.0);
        let planes = if scale < 1.0 {
            let reduced = |n: usize| ((n as f32 * scale).round() as usize).clamp(1, self.side);
            let small = shrunk(picture, reduced(picture.width), reduced(picture.height));
            tensor::planes(&small, self.side, self.channels)
        } else {
            tensor::planes(picture, self.side, self.channels)
        };
        let outputs = self.network.run(tensor::shape(self.side), &planes)?;
        let faces = decode(&outputs, self.side, self.score)?;
        Ok(distinct(faces, self.iou).into_iter().map(|f| f.scaled(1.0 / scale)).collect())
    }
}

/// Reads the twelve outputs by name. A number that is none drops its cell: exp overflows, and NaN would spoil the order.
fn decode(outputs: &Outputs, side: usize, least: f32) -> Result<Vec<Face>, Unavailable> {
    let mut faces = Vec::new();
    for stride in STRIDES {
        let columns = side / stride;
        let cells = columns * columns;
        let read = |name: &str, width: usize| output(outputs, &format!("{name}_{stride}"), cells * width);
        let (cls, obj, bbox, kps) = (read("cls", 1)?, read("obj", 1)?, read("bbox", 4)?, read("kps", 10)?);
        for i in 0..cells {
            let score = (cls[i].clamp(0.0, 1.0) * obj[i].clamp(0.0, 1.0)).sqrt();
            if score.is_nan() || score < least {
                continue;
            }
            let cell = Cell { column: (i % columns) as f32, row: (i / columns) as f32, stride: stride as f32 };
            faces.push(cell.face(score, &bbox[4 * i..4 * i + 4], &kps[10 * i..10 * i + 10]));
        }
    }
    faces.retain(Face::is_finite);
    Ok(faces)
}

struct Cell {
    column: f32,
    row: f32,
    stride: f32,
}

impl Cell {
    fn face(&self, score: f32, bbox: &[f32], kps: &[f32]) -> Face {
        let point = |x: f32, y: f32| [(self.column + x) * self.stride, (self.row + y) * self.stride];
        let centre = point(bbox[0], bbox[1]);
        let size = [bbox[2].exp() * self.stride, bbox[3].exp() * self.stride];
        Face {
            score,
            corner: [centre[0] - size[0] / 2.0, centre[1] - size[1] / 2.0],
            size,
            landmarks: std::array::from_fn(|k| point(kps[2 * k], kps[2 * k + 1])),
        }
    }
}

/// Greedy non-maximum suppression.
fn distinct(mut faces: Vec<Face>, iou: f32) -> Vec<Face> {
    faces.sort_by(|a, b| b.score.total_cmp(&a.score));
    let mut kept: Vec<Face> = Vec::new();
    for face in faces {
        if kept.iter().all(|k| k.overlap(&face) <= iou) {
            kept.push(face);
        }
    }
    kept
}

impl Face {
    pub(crate) fn area(&self) -> f32 {
        self.size[0] * self.size[1]
    }

    /// The common area of this box and another one.
    pub(crate) fn common(&self, corner: Point, size: Point) -> f32 {
        let along = |k: usize| {
            let end = (self.corner[k] + self.size[k]).min(corner[k] + size[k]);
            (end - self.corner[k].max(corner[k])).max(0.0)
        };
        along(0) * along(1)
    }

    /// Intersection over union.
    fn overlap(&self, other: &Self) -> f32 {
        let common = self.common(other.corner, other.size);
        common / (self.area() + other.area() - common)
    }

    fn is_finite(&self) -> bool {
        let numbers = self.corner.iter().chain(&self.size).chain(self.landmarks.as_flattened());
        self.size[0] > 0.0 && self.size[1] > 0.0 && numbers.into_iter().all(|n| n.is_finite())
    }

    fn scaled(mut self, k: f32) -> Self {
        let numbers = self.corner.iter_mut().chain(&mut self.size).chain(self.landmarks.as_flattened_mut());
        numbers.for_each(|n| *n *= k);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backend::Tensor;

    /// The outputs of a 32x32 network that saw nothing.
    fn nothing() -> Outputs {
        let widths = [("cls", 1), ("obj", 1), ("bbox", 4), ("kps", 10)];
        let mut outputs = Outputs::new();
        for (stride, cells) in [(8, 16), (16, 4), (32, 1)] {
            for (name, width) in widths {
                outputs.insert(
                    format!("{name}_{stride}"),
                    Tensor { shape: vec![1, cells, width], data: vec![0.0; cells * width] },
                );
            }
        }
        outputs
    }

    fn set(outputs: &mut Outputs, name: &str, at: usize, values: &[f32]) {
        outputs.get_mut(name).expect("an output").data[at..at + values.len()].copy_from_slice(values);
    }

    #[test]
    fn a_cell_is_read_as_the_network_means_it() {
        let mut outputs = nothing();
        // Stride 8, cell 6: column 2, row 1.
        set(&mut outputs, "cls_8", 6, &[0.64]);
        set(&mut outputs, "obj_8", 6, &[1.5]);
        set(&mut outputs, "bbox_8", 24, &[0.5, 0.25, 0.0, 2.0_f32.ln()]);
        set(&mut outputs, "kps_8", 60, &[0.0, 0.0, 0.5, 0.0, 0.0, 0.5, 0.0, 1.0, 1.0, 1.0]);
        let faces = decode(&outputs, 32, 0.6).expect("shapes");
        let [face] = faces.as_slice() else { panic!("one face, not {}", faces.len()) };
        assert!((face.score - 0.8).abs() < 1e-6);
        assert_eq!((face.corner, face.size[0]), ([16.0, 2.0], 8.0));
        assert!((face.size[1] - 16.0).abs() < 1e-4);
        assert_eq!(face.landmarks, [[16.0, 8.0], [20.0, 8.0], [16.0, 12.0], [16.0, 16.0], [24.0, 16.0]]);
    }

    #[test]
    fn numbers_that_are_none_are_no_face() {
        let table: [(&str, usize, f32); 5] = [
            ("cls_8", 6, f32::NAN),
            ("obj_8", 6, f32::NAN),
            ("bbox_8", 24, f32::INFINITY),
            ("bbox_8", 26, 200.0),
            ("kps_8", 60, f32::NAN),
        ];
        for (name, at, value) in table {
            let mut outputs = nothing();
            set(&mut outputs, "cls_8", 6, &[1.0]);
            set(&mut outputs, "obj_8", 6, &[1.0]);
            assert_eq!(decode(&outputs, 32, 0.6).expect("shapes").len(), 1);
            set(&mut outputs, name, at, &[value]);
            assert!(decode(&outputs, 32, 0.6).expect("shapes").is_empty(), "{name} {value}");
        }
    }

    #[test]
    fn a_missing_or_misshapen_output_is_an_error() {
        let mut outputs = nothing();
        outputs.get_mut("kps_16").expect("an output").data.pop();
        assert!(decode(&outputs, 32, 0.6).is_err());
        outputs.remove("kps_16");
        assert!(decode(&outputs, 32, 0.6).is_err());
    }

    #[test]
    fn overlapping_boxes_are_one_face_and_the_best_stays() {
        let face = |score: f32, x: f32| Face { score, corner: [x, 0.0], size: [10.0, 10.0], landmarks: [[0.0; 2]; 5] };
        // Overlap of neighbours at distance 5: 50 / 150 = 0.33; at distance 6: 40 / 160 = 0.25.
        let kept = distinct(vec![face(0.7, 5.0), face(0.9, 0.0), face(0.8, 20.0), face(0.6, 6.0)], 0.3);
        let scores: Vec<_> = kept.iter().map(|f| f.score).collect();
        assert_eq!(scores, [0.9, 0.8, 0.6]);
    }
}
