//! Running a network. One small trait, so that everything around it is arithmetic on slices, with two runtimes behind it
//! that agree to a thousandth.

pub(crate) mod onnx;
#[cfg(feature = "face-tract")]
pub(crate) mod tract;

use std::collections::BTreeMap;
use std::path::Path;

use crate::Unavailable;

/// Which runtime computes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Backend {
    /// The ONNX Runtime library, loaded when the first face comes.
    #[default]
    Ort,
    /// tract, in Rust: three times slower and without a library to install. Behind the feature `face-tract`.
    Tract,
}

impl Backend {
    /// Why this program cannot use it, whatever the machine has.
    pub fn absent(self) -> Option<Unavailable> {
        match self {
            Self::Tract if !cfg!(feature = "face-tract") => {
                Some(Unavailable::Library("this program was built without the feature face-tract".into()))
            }
            _ => None,
        }
    }
}

/// A runtime that is there: proof that networks can be loaded.
pub(crate) enum Runtime {
    Ort(onnx::Runtime),
    #[cfg(feature = "face-tract")]
    Tract,
}

impl Runtime {
    pub(crate) fn load(backend: Backend, library: &Path) -> Result<Self, Unavailable> {
        match backend {
            Backend::Ort => onnx::Runtime::load(library).map(Self::Ort),
            #[cfg(feature = "face-tract")]
            Backend::Tract => Ok(Self::Tract),
            #[cfg(not(feature = "face-tract"))]
            Backend::Tract => Err(Unavailable::Library("built without the feature face-tract".into())),
        }
    }

    /// A network for inputs of this shape.
    pub(crate) fn network(&self, model: &[u8], shape: [usize; 4]) -> Result<Box<dyn Network>, Unavailable> {
        match self {
            Self::Ort(runtime) => Ok(Box::new(onnx::OnnxNetwork::new(runtime, model, shape)?)),
            #[cfg(feature = "face-tract")]
            Self::Tract => Ok(Box::new(tract::TractNetwork::new(model, shape)?)),
        }
    }
}

/// A dense array of numbers.
pub(crate) struct Tensor {
    pub(crate) shape: Vec<usize>,
    pub(crate) data: Vec<f32>,
}

/// What a network answered, by output name.
pub(crate) type Outputs = BTreeMap<String, Tensor>;

/// A loaded network with one input.
pub(crate) trait Network: Send {
    /// Every failure is `Unavailable`, never a panic.
    fn run(&mut self, shape: [usize; 4], data: &[f32]) -> Result<Outputs, Unavailable>;
}

/// The output of that name, if it holds `length` numbers.
pub(crate) fn output<'a>(outputs: &'a Outputs, name: &str, length: usize) -> Result<&'a [f32], Unavailable> {
    let tensor = outputs.get(name).ok_or_else(|| Unavailable::Inference(format!("no output {name}")))?;
    if tensor.data.len() != length {
        return Err(Unavailable::Inference(format!("output {name} has shape {:?}", tensor.shape)));
    }
    Ok(&tensor.data)
}
