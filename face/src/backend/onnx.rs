//! ONNX Runtime through `ort`: the only module that names it.
//!
//! The library is opened with `ort::init_from`, whose error can be handled. Any other first use of `ort` loads a library
//! by itself and panics where there is none, so a session asks for [`Runtime`], the proof that loading went well.

use std::path::{Path, PathBuf};
use std::sync::Mutex;

use ort::environment::Environment;
use ort::session::Session;
use ort::value::TensorRef;

use super::{Network, Outputs, Tensor};
use crate::Unavailable;

/// Proof that the library is loaded. `ort` allows one environment in a process.
#[derive(Clone)]
pub(crate) struct Runtime(Environment);

static LOADED: Mutex<Option<(PathBuf, Runtime)>> = Mutex::new(None);

impl Runtime {
    /// Loads the library, or finds it loaded. A failure is not remembered: an operator may mend it while PASS serves.
    pub(crate) fn load(library: &Path) -> Result<Self, Unavailable> {
        // A relative path would be looked for beside the executable first.
        let path = library.canonicalize().map_err(|e| Unavailable::Library(format!("{}: {e}", library.display())))?;
        let mut loaded = LOADED.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        match &*loaded {
            Some((first, runtime)) if *first == path => return Ok(runtime.clone()),
            Some((first, _)) => {
                let text = format!("this process runs with {}, not with {}", first.display(), path.display());
                return Err(Unavailable::Library(text));
            }
            None => {}
        }
        let runtime = initialise(&path).map_err(Unavailable::Library)?;
        *loaded = Some((path, runtime.clone()));
        Ok(runtime)
    }
}

fn initialise(path: &Path) -> Result<Runtime, String> {
    let environment = ort::init_from(path)
        .map_err(|e| e.to_string())?
        .with_name("pass-face")
        .with_telemetry(false)
        .build()
        .map_err(|e| e.to_string())?;
    Ok(Runtime(environment))
}

/// One model, ready to run. Keep one for each worker.
pub(crate) struct OnnxNetwork {
    session: Session,
    input: String,
}

impl OnnxNetwork {
    /// Takes bytes, not a path, so that what was hashed is what runs.
    pub(crate) fn new(runtime: &Runtime, model: &[u8], shape: [usize; 4]) -> Result<Self, Unavailable> {
        let session = session(runtime, model).map_err(Unavailable::Model)?;
        let [input] = session.inputs() else {
            return Err(Unavailable::Model("a network with one input was expected".into()));
        };
        // A dimension of -1 takes any size.
        let wanted = input.dtype().tensor_shape().map(|s| s.iter().copied().collect::<Vec<i64>>());
        let fits = |s: &[i64]| s.len() == 4 && s.iter().zip(shape).all(|(d, n)| *d < 0 || *d == n as i64);
        if !wanted.as_deref().is_some_and(fits) {
            return Err(Unavailable::Model(format!("takes {wanted:?}, not {shape:?}")));
        }
        let input = input.name().to_owned();
        Ok(Self { session, input })
    }
}

/// One thread, no spinning: two threads double the CPU and gain nothing.
fn session(runtime: &Runtime, model: &[u8]) -> Result<Session, String> {
    Session::builder(&runtime.0)
        .map_err(|e| e.to_string())?
        .with_intra_threads(1)
        .map_err(|e| e.to_string())?
        .with_intra_op_spinning(false)
        .map_err(|e| e.to_string())?
        .commit_from_memory(model)
        .map_err(|e| e.to_string())
}

impl Network for OnnxNetwork {
    fn run(&mut self, shape: [usize; 4], data: &[f32]) -> Result<Outputs, Unavailable> {
        infer(&mut self.session, &self.input, shape, data).map_err(Unavailable::Inference)
    }
}

fn infer(session: &mut Session, input: &str, shape: [usize; 4], data: &[f32]) -> Result<Outputs, String> {
    let tensor = TensorRef::from_array_view((shape, data)).map_err(|e| e.to_string())?;
    let outputs = session.run(ort::inputs![input => tensor]).map_err(|e| e.to_string())?;
    let mut found = Outputs::new();
    for (name, value) in &outputs {
        let (shape, data) = value.try_extract_tensor::<f32>().map_err(|e| e.to_string())?;
        let shape = shape.iter().map(|n| usize::try_from(*n).unwrap_or(0)).collect();
        found.insert(name.to_owned(), Tensor { shape, data: data.to_vec() });
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_library_is_unavailable() {
        let error = Runtime::load(Path::new("/nowhere/libonnxruntime.so")).err();
        assert!(matches!(error, Some(Unavailable::Library(_))), "{error:?}");
    }

    #[test]
    fn a_file_that_is_no_library_is_unavailable() {
        let file = tempfile::NamedTempFile::new().expect("a file");
        std::fs::write(file.path(), b"not a library").expect("written");
        let error = Runtime::load(file.path()).err();
        assert!(matches!(error, Some(Unavailable::Library(_))), "{error:?}");
    }
}
