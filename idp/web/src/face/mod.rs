//! Faces beyond one page: masters and their copies, and the galleries in memory that a reception looks into.
//!
//! `copies` makes, remakes and ends what stands in the database; `gallery` answers who stands before a reception's camera.

pub mod copies;
pub mod gallery;

pub use gallery::{Galleries, Identified, identify};
