//! A face as 128 small numbers, bound to the model that made them.

use std::fmt;

use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

/// One enrolled face: int8 vector, model id, threshold set id. Wiped when dropped, never printed.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct Template {
    #[zeroize(skip)]
    model: String,
    #[zeroize(skip)]
    threshold_set: String,
    vector: Vec<i8>,
}

/// Bytes that are no template.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// A version this program does not know.
    #[error("unknown template version {0}")]
    Version(u8),
    /// Lengths that do not fit.
    #[error("malformed template")]
    Malformed,
}

/// Largest component of a normalised embedding measured: 0.41. 254 never clips, and costs 0.007 of cosine at most.
const SCALE: f32 = 254.0;
const VERSION: u8 = 1;

impl Template {
    /// Quantises a normalised embedding.
    pub(crate) fn new(model: &str, threshold_set: &str, embedding: &[f32]) -> Self {
        let vector = embedding.iter().map(|x| (x * SCALE).round().clamp(-127.0, 127.0) as i8).collect();
        Self { model: model.to_owned(), threshold_set: threshold_set.to_owned(), vector }
    }

    /// The model that made it. Templates of two models are never compared.
    pub fn model(&self) -> &str {
        &self.model
    }

    /// The threshold set in force when it was made.
    pub fn threshold_set(&self) -> &str {
        &self.threshold_set
    }

    pub(crate) fn vector(&self) -> &[i8] {
        &self.vector
    }

    /// The form to be sealed: version, model, threshold set, vector, each with its length before it.
    pub fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        let mut bytes =
            Zeroizing::new(Vec::with_capacity(4 + self.model.len() + self.threshold_set.len() + self.vector.len()));
        bytes.push(VERSION);
        for text in [&self.model, &self.threshold_set] {
            bytes.push(u8::try_from(text.len()).expect("ids of the manifest are checked to be short"));
            bytes.extend_from_slice(text.as_bytes());
        }
        bytes.push(u8::try_from(self.vector.len()).expect("dimensions of the manifest are checked to be small"));
        bytes.extend(self.vector.iter().map(|x| *x as u8));
        bytes
    }

    /// Reads what [`Template::to_bytes`] wrote.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, TemplateError> {
        let (version, rest) = bytes.split_first().ok_or(TemplateError::Malformed)?;
        if *version != VERSION {
            return Err(TemplateError::Version(*version));
        }
        let (model, rest) = field(rest)?;
        let (threshold_set, rest) = field(rest)?;
        let (vector, rest) = field(rest)?;
        if !rest.is_empty() || vector.is_empty() {
            return Err(TemplateError::Malformed);
        }
        let text = |b: &[u8]| std::str::from_utf8(b).map(str::to_owned).map_err(|_| TemplateError::Malformed);
        Ok(Self {
            model: text(model)?,
            threshold_set: text(threshold_set)?,
            vector: vector.iter().map(|b| *b as i8).collect(),
        })
    }
}

fn field(bytes: &[u8]) -> Result<(&[u8], &[u8]), TemplateError> {
    let (length, rest) = bytes.split_first().ok_or(TemplateError::Malformed)?;
    rest.split_at_checked(usize::from(*length)).ok_or(TemplateError::Malformed)
}

impl fmt::Debug for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Template").field("model", &self.model).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn template() -> Template {
        Template::new("m", "t", &[0.41, -0.41, 0.0, 0.9])
    }

    #[test]
    fn bytes_go_round() {
        let again = Template::from_bytes(&template().to_bytes()).expect("reads");
        assert_eq!((again.model(), again.threshold_set()), ("m", "t"));
        assert_eq!(again.vector(), [104, -104, 0, 127]);
    }

    #[test]
    fn broken_bytes_are_refused() {
        let good = template().to_bytes();
        let longer = [good.as_slice(), &[0]].concat();
        let table: &[(&[u8], TemplateError)] = &[
            (&[], TemplateError::Malformed),
            (&[2], TemplateError::Version(2)),
            (&[1, 1, b'm', 1, b't', 0], TemplateError::Malformed),
            (&good[..good.len() - 1], TemplateError::Malformed),
            (&longer, TemplateError::Malformed),
            (&[1, 1, 0xff, 1, b't', 1, 1], TemplateError::Malformed),
        ];
        for (bytes, error) in table {
            assert_eq!(Template::from_bytes(bytes).err(), Some(*error), "{bytes:?}");
        }
    }

    #[test]
    fn debug_prints_no_number_of_the_face() {
        assert_eq!(format!("{:?}", template()), "Template { model: \"m\", .. }");
    }
}
