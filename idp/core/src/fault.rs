//! What went wrong inside, for operators: logged once where it is handled, never shown.

use std::error::Error;
use std::fmt;

/// A failure of the machine, not of the person or the program that asked: database gone, a row that contradicts
/// another, a key that does not open. It carries what was being done and the chain of causes, and no personal value.
#[derive(Debug)]
pub struct Fault {
    doing: String,
    cause: Option<Box<dyn Error + Send + Sync>>,
}

/// A result whose only error is a fault.
pub type Outcome<T> = Result<T, Fault>;

impl Fault {
    /// A fault without a deeper cause.
    pub fn new(doing: impl Into<String>) -> Self {
        Self { doing: doing.into(), cause: None }
    }

    /// A fault that wraps the error which caused it.
    pub fn because(doing: impl Into<String>, cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { doing: doing.into(), cause: Some(cause.into()) }
    }

    /// What caused it, for who must tell one cause from another (the store runs a serialisation failure again).
    pub fn cause(&self) -> Option<&(dyn Error + Send + Sync + 'static)> {
        self.cause.as_deref()
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.doing)?;
        let mut next = self.cause.as_deref().map(|cause| cause as &dyn Error);
        while let Some(cause) = next {
            write!(f, ": {cause}")?;
            next = cause.source();
        }
        Ok(())
    }
}

impl Error for Fault {}
