//! From an aligned crop to a unit vector.

use zeroize::Zeroizing;

use crate::Unavailable;
use crate::backend::Network;
use crate::detect::Point;
use crate::model::Channels;
use crate::picture::Picture;
use crate::tensor;

/// The embedder with the numbers of its manifest entry.
pub(crate) struct Embedder {
    pub(crate) network: Box<dyn Network>,
    pub(crate) side: usize,
    pub(crate) channels: Channels,
    pub(crate) template: [Point; 5],
    pub(crate) dimension: usize,
}

impl Embedder {
    /// The network's only output, whatever its name, at length one.
    pub(crate) fn embed(&mut self, crop: &Picture) -> Result<Zeroizing<Vec<f32>>, Unavailable> {
        let planes = tensor::planes(crop, self.side, self.channels);
        let outputs = self.network.run(tensor::shape(self.side), &planes)?;
        let mut values = outputs.into_values();
        match (values.next(), values.next()) {
            (Some(tensor), None) if tensor.data.len() == self.dimension => normalised(tensor.data),
            _ => Err(Unavailable::Inference(format!("one output of {} numbers was expected", self.dimension))),
        }
    }
}

/// Refuses what has no direction: a comparison with it would mean nothing.
fn normalised(values: Vec<f32>) -> Result<Zeroizing<Vec<f32>>, Unavailable> {
    let mut values = Zeroizing::new(values);
    let norm = values.iter().map(|v| v * v).sum::<f32>().sqrt();
    if !(norm.is_finite() && norm > 1e-3) {
        return Err(Unavailable::Inference("the embedding has no direction".into()));
    }
    values.iter_mut().for_each(|v| *v /= norm);
    Ok(values)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backend::{Outputs, Tensor};

    /// A network that always answers the same.
    struct Fixed(Vec<f32>);

    impl Network for Fixed {
        fn run(&mut self, _: [usize; 4], _: &[f32]) -> Result<Outputs, Unavailable> {
            Ok([("any".to_owned(), Tensor { shape: vec![1, self.0.len()], data: self.0.clone() })].into())
        }
    }

    fn embed(answer: &[f32]) -> Result<Vec<f32>, Unavailable> {
        let network = Box::new(Fixed(answer.to_vec()));
        let mut embedder =
            Embedder { network, side: 1, channels: Channels::Rgb, template: [[0.0; 2]; 5], dimension: 2 };
        embedder.embed(&Picture::from_rgb(1, 1, vec![0; 3])).map(|v| v.to_vec())
    }

    #[test]
    fn an_embedding_has_length_one_or_is_none() {
        assert_eq!(embed(&[3.0, 4.0]), Ok(vec![0.6, 0.8]));
        for bad in [&[0.0, 0.0][..], &[f32::NAN, 1.0], &[f32::INFINITY, 1.0], &[1.0], &[1.0, 1.0, 1.0]] {
            assert!(matches!(embed(bad), Err(Unavailable::Inference(_))), "{bad:?}");
        }
    }
}
