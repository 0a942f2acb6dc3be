//! Error rates and costs of the face match, as a laboratory would find them: `face-eval` and `face-search`.

mod attacks;
mod evaluation;
mod plot;
mod searching;

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use face::{Backend, FaceConfig};

use crate::repository::root;

pub use searching::{SearchArgs, search};

/// What `face-eval` can be told.
#[derive(Args)]
pub struct EvalArgs {
    /// CSV file with the header a,b,same or a,b,same,group: paths below the folder of images, 1 for one person, 0 for two.
    #[arg(long, value_name = "PAIRS.csv", required_unless_present = "liveness", conflicts_with = "liveness")]
    pairs: Option<PathBuf>,
    /// Folder of the images.
    #[arg(long, value_name = "FOLDER")]
    images: PathBuf,
    /// Folder of the models; else PASS_FACE_MODELS.
    #[arg(long, value_name = "FOLDER", env = "PASS_FACE_MODELS")]
    models: Option<PathBuf>,
    /// Measures presentation attack detection: the folder of images has the folders live and spoof.
    #[arg(long)]
    liveness: bool,
    /// Which runtime computes.
    #[arg(long, value_enum, default_value = "ort")]
    backend: Runtime,
    /// Writes the numbers here.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Draws the trade-off of both error rates here, as SVG.
    #[arg(long, value_name = "FILE.svg", conflicts_with = "liveness")]
    plot: Option<PathBuf>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Runtime {
    /// ONNX Runtime, a library.
    Ort,
    /// tract, in Rust; a program built with the feature face-tract has it.
    Tract,
}

/// Runs `face-eval`. Everything that can be wrong is looked for before the first image is opened.
pub fn evaluate(args: &EvalArgs) -> Result<(), String> {
    let backend = match args.backend {
        Runtime::Ort => Backend::Ort,
        Runtime::Tract => Backend::Tract,
    };
    if let Some(absent) = backend.absent() {
        return Err(format!("--backend tract: {absent}; build with --features face-tract"));
    }
    if !args.images.is_dir() {
        return Err(format!("--images {}: no such folder", args.images.display()));
    }
    let models = args.models.clone().ok_or("--models FOLDER is missing (or PASS_FACE_MODELS)")?;
    if !models.is_dir() {
        return Err(format!("--models {}: no such folder", models.display()));
    }
    let config = FaceConfig { library: library(backend)?, models_dir: models, allow_evaluation: true };
    match &args.pairs {
        Some(pairs) => evaluation::evaluate(&config, backend, pairs, args),
        None => attacks::evaluate(&config, backend, args),
    }
}

/// Where the environment or the Makefile put the ONNX Runtime.
fn library(backend: Backend) -> Result<PathBuf, String> {
    let named = ["PASS_FACE_LIBRARY", "ORT_DYLIB_PATH"].iter().find_map(std::env::var_os).map(PathBuf::from);
    let path = named.unwrap_or_else(|| root().join("target/onnxruntime/libonnxruntime.so"));
    if backend == Backend::Ort && !path.is_file() {
        return Err(format!(
            "the ONNX Runtime library is not at {}: run face/install-runtime.sh, or name it in PASS_FACE_LIBRARY",
            path.display()
        ));
    }
    Ok(path)
}

fn write(path: &std::path::Path, text: &str) -> Result<(), String> {
    std::fs::write(path, text).map_err(|why| format!("{}: {why}", path.display()))
}

#[expect(clippy::print_stdout, reason = "the report of a command")]
fn say(text: &str) {
    println!("{text}");
}
