//! Numbers that were measured with another program: whoever swaps channels, strides or a model file hears of it here.

#[cfg(feature = "face-tract")]
use crate::backend::Runtime;
use crate::loaded::Loaded;
use crate::model::{self, Entry, Manifest};
use crate::picture::Picture;
use crate::plan::Purpose;
use crate::{Backend, FaceConfig, Unavailable, drawn};

/// One after the other: `ort` has one environment in a process, and a second library would be refused.
#[test]
fn every_model_gives_its_golden_numbers() {
    let Some(config) = drawn::find::installation("every_model_gives_its_golden_numbers") else {
        return;
    };
    let manifest = Manifest::embedded().with_evaluation();
    let backends = [Backend::Ort, Backend::Tract].into_iter().filter(|b| b.absent().is_none());
    let installed = |e: &&Entry| config.models_dir.join(&e.file).is_file();
    for (backend, entry) in backends.flat_map(|b| manifest.models.iter().filter(installed).map(move |e| (b, e))) {
        assert!(!entry.golden.is_empty(), "{} has no golden numbers", entry.id);
        let off = model::golden(entry, &config.models_dir, &config.library, backend).expect("runs");
        assert!(off < 1e-4, "{} with {backend:?} is off by {off}", entry.id);
    }
}

// Every output of every network, not the few numbers that were written down.
#[cfg(feature = "face-tract")]
#[test]
fn both_runtimes_agree_to_a_thousandth() {
    let Some(config) = drawn::find::installation("both_runtimes_agree_to_a_thousandth") else { return };
    let manifest = Manifest::embedded().with_evaluation();
    let runtimes = [Backend::Ort, Backend::Tract].map(|b| Runtime::load(b, &config.library).expect("a runtime"));
    let mut worst = 0.0_f32;
    for entry in manifest.models.iter().filter(|e| config.models_dir.join(&e.file).is_file()) {
        let (bytes, side) = (model::read(entry, &config.models_dir).expect("the pinned file"), entry.contract.side());
        let [a, b] = [0, 1].map(|i| {
            let mut network = runtimes[i].network(&bytes, crate::tensor::shape(side)).expect("loads");
            network.run(crate::tensor::shape(side), &model::pattern(side)).expect("runs")
        });
        assert_eq!(a.keys().collect::<Vec<_>>(), b.keys().collect::<Vec<_>>(), "{}", entry.id);
        for (x, y) in a.values().zip(b.values()) {
            assert_eq!(x.shape, y.shape, "{}", entry.id);
            worst = x.data.iter().zip(&y.data).map(|(x, y)| (x - y).abs()).fold(worst, f32::max);
        }
    }
    assert!(worst < 1e-3, "{worst}");
    std::io::Write::write_all(&mut std::io::stderr(), format!("largest difference: {worst:e}\n").as_bytes())
        .expect("stderr");
}

#[test]
fn a_wrong_golden_number_is_noticed() {
    let Some(config) = drawn::find::installation("a_wrong_golden_number_is_noticed") else { return };
    let mut entry = Manifest::embedded().models.remove(0);
    entry.golden[0].first[1] += 0.01;
    let found = model::golden(&entry, &config.models_dir, &config.library, Backend::Ort);
    assert!(matches!(found, Err(Unavailable::Inference(_))), "{found:?}");
}

fn loaded(test: &str) -> Option<Loaded> {
    let config: FaceConfig = drawn::find::installation(test)?;
    Some(Loaded::load(&config, Backend::Ort, Purpose::Deciding).expect("loads"))
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
