//! Where tests find what the repository must not hold: models, photographs, the ONNX Runtime library. What is missing is
//! said aloud, never silently green: on stderr past the capture of the test harness, and in the file named by
//! `PASS_SKIPS`, which the runner of all tests collects.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::{Path, PathBuf};

use crate::FaceConfig;

/// The installation of this machine, with the evaluation models; `test` names who asks.
pub fn installation(test: &str) -> Option<FaceConfig> {
    let library = ["PASS_FACE_LIBRARY", "ORT_DYLIB_PATH"].iter().find_map(std::env::var_os);
    let library = library.map_or_else(|| root().join("target/onnxruntime/libonnxruntime.so"), PathBuf::from);
    let models_dir = folder("PASS_FACE_MODELS", "../shared/face-models");
    let library = present(test, library, "ONNX Runtime (face/install-runtime.sh, PASS_FACE_LIBRARY)")?;
    let models_dir = present(test, models_dir, "face models (PASS_FACE_MODELS)")?;
    Some(FaceConfig { library, models_dir, allow_evaluation: true })
}

/// The folder of sample photographs.
pub fn samples(test: &str) -> Option<PathBuf> {
    present(test, folder("PASS_FACE_SAMPLES", "../shared/face-samples"), "sample photographs (PASS_FACE_SAMPLES)")
}

fn folder(variable: &str, default: &str) -> PathBuf {
    root().join(std::env::var_os(variable).map_or_else(|| PathBuf::from(default), PathBuf::from))
}

/// The root of the repository.
fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the package lies in the repository")
}

fn present(test: &str, path: PathBuf, what: &str) -> Option<PathBuf> {
    if path.exists() {
        return Some(path);
    }
    let line = format!("SKIPPED: {test}: no {what} at {}\n", path.display());
    std::io::stderr().write_all(line.as_bytes()).expect("stderr is open");
    if let Some(skips) = std::env::var_os("PASS_SKIPS") {
        let file = OpenOptions::new().create(true).append(true).open(skips);
        file.and_then(|mut f| f.write_all(line.as_bytes())).expect("the file of skips can be written");
    }
    None
}
