//! Running a network. One small trait, so that everything around it is arithmetic on slices and another runtime can
//! take this room.

pub(crate) mod onnx;

use std::collections::BTreeMap;

use crate::Unavailable;

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
