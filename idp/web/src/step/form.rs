//! The fields of a posted form.

use crate::problem::{PageError, Stop};

/// Largest form without pictures.
pub const LIMIT: usize = 64 * 1024;

/// A posted form: names may repeat.
pub struct Form(Vec<(String, String)>);

impl Form {
    /// Reads `application/x-www-form-urlencoded`.
    pub fn parse(body: &str) -> Result<Self, Stop> {
        if body.len() > LIMIT {
            return Err(PageError::form().into());
        }
        Ok(Self(url::form_urlencoded::parse(body.as_bytes()).into_owned().collect()))
    }

    /// From fields that were read otherwise.
    pub const fn of(fields: Vec<(String, String)>) -> Self {
        Self(fields)
    }

    /// The first value of a field.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The value of a field, trimmed, or nothing.
    pub fn text(&self, name: &str) -> &str {
        self.get(name).unwrap_or_default().trim()
    }

    /// All values of a field.
    pub fn all(&self, name: &str) -> Vec<String> {
        self.0.iter().filter(|(known, _)| known == name).map(|(_, value)| value.clone()).collect()
    }
}
