//! Numbers that were measured with another program: whoever swaps channels, strides or a model file hears of it here.

use crate::backend::Network;
use crate::backend::onnx::{OnnxNetwork, Runtime};
use crate::loaded::Loaded;
use crate::model::{self, Contract, Manifest};
use crate::picture::Picture;
use crate::{FaceConfig, drawn};

/// Output name, first values, sum.
type Golden = (&'static str, &'static [f32], Option<f32>);

const GOLDEN: [(&str, &[Golden]); 5] = [
    (
        "yunet-n-320",
        &[
            ("cls_32", &[0.558631, 0.591096, 0.611800, 0.619370, 0.625375], Some(61.1059)),
            ("bbox_32", &[0.994259, 0.822079, 0.661236, 0.951797, 0.967203], Some(428.140)),
            ("kps_32", &[-0.155462, -0.165243, 0.805058, -0.217872, 0.095188], Some(1205.235)),
        ],
    ),
    (
        "yunet-s-2023mar",
        &[
            ("cls_32", &[0.601294, 0.640395, 0.660750, 0.660105, 0.656322], Some(264.859)),
            ("bbox_32", &[1.197279, 1.806544, 1.096003, 1.406379, 1.246152], Some(2226.59)),
            ("kps_32", &[-0.142461, 0.020877, 1.251663, -0.052106, 0.319099], Some(3276.92)),
        ],
    ),
    ("minifasnet-v2-2.7", &[("prob", &[0.863171, 0.002457, 0.134372], Some(1.0))]),
    ("minifasnet-v1se-4.0", &[("prob", &[0.017919, 0.964173, 0.017908], Some(1.0))]),
    ("mobilefacenet-y1", &[("embedding", &[-0.081493, -0.174126, -0.145088, 0.224552, -0.713092], Some(4.2804))]),
];

#[test]
fn every_model_gives_its_golden_numbers() {
    let Some(config) = drawn::find::installation("every_model_gives_its_golden_numbers") else {
        return;
    };
    let runtime = Runtime::load(&config.library).expect("the library");
    let manifest = Manifest::embedded().with_evaluation();
    for (id, outputs) in GOLDEN {
        let entry = manifest.models.iter().find(|e| e.id == id).expect("an entry");
        let side = match &entry.contract {
            Contract::Detector { side, .. } | Contract::Liveness { side, .. } | Contract::Embedder { side, .. } => {
                *side
            }
        };
        let bytes = model::read(entry, &config.models_dir).expect("the pinned file");
        let input: Vec<f32> = (0..3 * side * side).map(|i| ((37 * i) % 256) as f32).collect();
        let mut network = OnnxNetwork::new(&runtime, &bytes).expect("loads");
        let found = network.run([1, 3, side, side], &input).expect("runs");
        for (name, first, sum) in outputs {
            let data = &found[*name].data;
            for (value, expected) in data.iter().zip(*first) {
                assert!((value - expected).abs() < 1e-4, "{id} {name}: {value} is not {expected}");
            }
            let (total, expected) = (data.iter().sum::<f32>(), sum.expect("a sum"));
            assert!((total - expected).abs() < 1e-4 * expected.abs().max(10.0), "{id} {name}: sum {total}");
        }
    }
}

fn loaded(test: &str) -> Option<Loaded> {
    let config: FaceConfig = drawn::find::installation(test)?;
    Some(Loaded::load(&config).expect("loads"))
}

fn picture(image: &drawn::RgbImage) -> Picture {
    Picture::from_rgb(image.width() as usize, image.height() as usize, image.as_raw().clone())
}

#[test]
fn the_drawn_face_is_found_where_it_was_drawn() {
    let Some(mut loaded) = loaded("the_drawn_face_is_found_where_it_was_drawn") else {
        return;
    };
    let faces = loaded.detector.find(&picture(&drawn::face())).expect("runs");
    let [face] = faces.as_slice() else { panic!("one face, not {}", faces.len()) };
    assert!((face.score - 0.933).abs() < 0.01, "{}", face.score);
    let found = [face.corner[0], face.corner[1], face.size[0], face.size[1]];
    let expected = [92.0, 86.0, 138.0, 183.0];
    assert!(found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 2.5), "{found:?}");
    let landmarks = [130.0, 155.0, 193.0, 154.0, 163.0, 190.0, 135.0, 220.0, 190.0, 219.0];
    assert!(face.landmarks.as_flattened().iter().zip(landmarks).all(|(a, b)| (a - b).abs() < 2.5), "{face:?}");
}

#[test]
fn two_drawings_are_two_faces_and_a_blank_picture_is_none() {
    let Some(mut loaded) = loaded("two_drawings_are_two_faces_and_a_blank_picture_is_none") else {
        return;
    };
    let mut count = |image| loaded.detector.find(&picture(&image)).expect("runs").len();
    assert_eq!((count(drawn::two()), count(drawn::blank())), (2, 0));
}

#[test]
fn a_turned_drawing_is_still_the_same_face() {
    let Some(mut loaded) = loaded("a_turned_drawing_is_still_the_same_face") else {
        return;
    };
    let mut vector = |image: &drawn::RgbImage| {
        let picture = picture(image);
        let face = loaded.detector.find(&picture).expect("runs").remove(0);
        let crop = crate::align::crop(&picture, &face.landmarks, &loaded.embedder.template, 112).expect("fits");
        loaded.embedder.embed(&crop).expect("runs")
    };
    let upright = vector(&drawn::face());
    for (degrees, expected) in [(5.0, 0.994), (10.0, 0.988), (15.0, 0.954), (25.0, 0.927)] {
        let turned = vector(&drawn::turned(degrees));
        let cosine: f32 = upright.iter().zip(turned.iter()).map(|(a, b)| a * b).sum();
        assert!(cosine > expected - 0.01, "{degrees} degrees: {cosine}");
    }
}

#[test]
fn liveness_of_the_drawing_is_as_measured() {
    let Some(mut loaded) = loaded("liveness_of_the_drawing_is_as_measured") else {
        return;
    };
    let picture = picture(&drawn::face());
    let face = loaded.detector.find(&picture).expect("runs").remove(0);
    let scores: Vec<f32> = loaded.pads.iter_mut().map(|pad| pad.live(&picture, &face).expect("runs")).collect();
    // A separate Python program on this drawing as JPEG: 0.832 and 0.781. A cartoon is called live.
    assert!((scores[0] - 0.832).abs() < 0.05 && (scores[1] - 0.781).abs() < 0.05, "{scores:?}");
}
