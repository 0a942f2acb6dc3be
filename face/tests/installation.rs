//! Installations that are not as they should be, and what each says.

use std::fs;
use std::path::Path;
use std::time::Duration;

use face::drawn::{self, find};
use face::{Backend, Engine, FaceConfig, Unavailable};

/// A field of a protobuf message: number, and bytes with their length.
fn field(number: u8, body: &[u8]) -> Vec<u8> {
    let (mut length, mut bytes) = (body.len(), vec![number << 3 | 2]);
    while length >= 0x80 {
        bytes.push((length & 0x7f) as u8 | 0x80);
        length >>= 7;
    }
    bytes.push(length as u8);
    [&bytes, body].concat()
}

fn number(field: u8, value: u8) -> Vec<u8> {
    vec![field << 3, value]
}

/// ValueInfoProto of a float tensor.
fn value(name: &str, shape: &[u8]) -> Vec<u8> {
    let dimensions: Vec<u8> = shape.iter().flat_map(|d| field(1, &number(1, *d))).collect();
    let tensor = [number(1, 1), field(2, &dimensions)].concat();
    [field(1, name.as_bytes()), field(2, &field(1, &tensor))].concat()
}

/// An ONNX model that gives back what it gets (onnx.proto: ModelProto, GraphProto, NodeProto).
fn identity(shape: &[u8]) -> Vec<u8> {
    let node = [field(1, b"input"), field(2, b"embedding"), field(4, b"Identity")].concat();
    let graph =
        [field(1, &node), field(2, b"g"), field(11, &value("input", shape)), field(12, &value("embedding", shape))]
            .concat();
    let opset = number(2, 13);
    [number(1, 8), field(7, &graph), field(8, &opset)].concat()
}

/// A folder with the real detector and this embedder, pinned by its own hash.
fn folder(installed: &FaceConfig, embedder: &[u8]) -> tempfile::TempDir {
    let dir = tempfile::tempdir().expect("a folder");
    let detector = "face_det_yunet_n_320.onnx";
    std::os::unix::fs::symlink(installed.models_dir.join(detector), dir.path().join(detector)).expect("linked");
    fs::write(dir.path().join("tiny.onnx"), embedder).expect("written");
    let built_in = include_str!("../src/model/models.json");
    let mut manifest: serde_json::Value = serde_json::from_str(built_in).expect("JSON");
    let models = manifest["models"].as_array_mut().expect("a list");
    models.retain(|m| m["contract"].get("liveness").is_none());
    let entry = models.last_mut().expect("the embedder");
    entry["file"] = "tiny.onnx".into();
    entry["sha256"] = sha256(&dir.path().join("tiny.onnx")).into();
    fs::write(dir.path().join("models.json"), manifest.to_string()).expect("written");
    dir
}

fn sha256(path: &Path) -> String {
    let out = std::process::Command::new("sha256sum").arg(path).output().expect("sha256sum");
    String::from_utf8_lossy(&out.stdout).split(' ').next().unwrap_or_default().to_owned()
}

#[test]
fn cap_53_a_model_of_the_wrong_shape_is_named_before_anybody_is_compared() {
    let test = "cap_53_a_model_of_the_wrong_shape_is_named_before_anybody_is_compared";
    let Some(installed) = find::installation(test) else { return };
    let table: [(&str, Vec<u8>, &str); 3] = [
        ("gives back a picture", identity(&[1, 3, 112, 112]), "one output of 128 numbers was expected"),
        ("takes another picture", identity(&[1, 3, 80, 80]), "not [1, 3, 112, 112]"),
        ("no model", b"not a model".to_vec(), "does not fit its manifest"),
    ];
    for (what, model, expected) in table {
        let dir = folder(&installed, &model);
        let engine = Engine::open(&FaceConfig { models_dir: dir.path().to_owned(), ..installed.clone() });
        let Err(Unavailable::Model(text)) = engine.ready() else { panic!("{what} loaded") };
        assert!(text.contains("sface-2021dec") && text.contains(expected), "{what}: {text}");
        let frame = drawn::jpeg(&drawn::face());
        assert!(engine.enrol(&[&frame]).is_err() && !engine.is_loaded(), "{what}");
    }
}

#[test]
fn networks_are_unloaded_when_idle_and_come_back() {
    let Some(config) = find::installation("networks_are_unloaded_when_idle_and_come_back") else { return };
    let (engine, frame) = (Engine::open(&config), drawn::jpeg(&drawn::face()));
    assert!(!engine.is_loaded() && !engine.unload_idle(Duration::ZERO), "nothing is loaded before the first face");
    engine.enrol(&[&frame]).expect("enrols");
    assert!(engine.is_loaded() && !engine.unload_idle(Duration::from_secs(60)), "not idle yet");
    assert!(engine.unload_idle(Duration::ZERO) && !engine.is_loaded());
    engine.enrol(&[&frame]).expect("loads again");
}

#[test]
fn a_runtime_that_is_not_built_in_says_so() {
    let engine = Engine::with_backend(&FaceConfig::default(), Backend::Tract);
    match Backend::Tract.absent() {
        Some(absent) => {
            assert!(absent.to_string().contains("face-tract"));
            assert_eq!(engine.ready(), Err(absent));
        }
        // Without a manifest's embedder or with one, never for want of a library.
        None => assert!(!matches!(engine.ready(), Err(Unavailable::Library(_)))),
    }
}
