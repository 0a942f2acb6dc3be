//! tract: a runtime in Rust, for a machine without the ONNX Runtime library. The only module that names it.
//!
//! Outputs come by position, so their names are written down before the graph is optimised away.

use std::io::Cursor;
use std::sync::Arc;

use tract_onnx::prelude::*;

use super::{Network, Outputs, Tensor};
use crate::Unavailable;

/// One model, ready to run. Keep one for each worker.
pub(crate) struct TractNetwork {
    plan: Arc<TypedRunnableModel>,
    outputs: Vec<String>,
}

impl TractNetwork {
    /// Takes bytes, not a path, so that what was hashed is what runs; the shape, because batches of any size are unknown here.
    pub(crate) fn new(model: &[u8], shape: [usize; 4]) -> Result<Self, Unavailable> {
        load(model, shape).map_err(|e| Unavailable::Model(format!("{e:#}")))
    }
}

fn load(model: &[u8], shape: [usize; 4]) -> TractResult<TractNetwork> {
    let model = tract_onnx::onnx()
        .model_for_read(&mut Cursor::new(model))?
        .with_input_fact(0, InferenceFact::dt_shape(f32::datum_type(), shape))?;
    let name = |outlet: &OutletId| match model.outlet_label(*outlet) {
        Some(label) => label.to_owned(),
        None => model.node(outlet.node).name.clone(),
    };
    let outputs = model.output_outlets()?.iter().map(name).collect();
    Ok(TractNetwork { plan: model.into_optimized()?.into_runnable()?, outputs })
}

impl Network for TractNetwork {
    fn run(&mut self, shape: [usize; 4], data: &[f32]) -> Result<Outputs, Unavailable> {
        infer(self, shape, data).map_err(|e| Unavailable::Inference(format!("{e:#}")))
    }
}

fn infer(network: &TractNetwork, shape: [usize; 4], data: &[f32]) -> TractResult<Outputs> {
    let input = tract_onnx::prelude::Tensor::from_shape(&shape, data)?;
    let values = network.plan.run(tvec!(input.into()))?;
    let mut found = Outputs::new();
    for (name, value) in network.outputs.iter().zip(values) {
        let data = value.to_plain_array_view::<f32>()?.iter().copied().collect();
        found.insert(name.clone(), Tensor { shape: value.shape().to_vec(), data });
    }
    Ok(found)
}
