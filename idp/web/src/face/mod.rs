//! Faces beyond one page: masters and their copies, and the galleries in memory that a reception looks into.
//!
//! `copies` makes, remakes and ends what stands in the database; `gallery` answers who stands before a reception's camera; `term`
//! says how long a face is kept, and `ending` tells the person before it ends.

pub mod capture;
pub mod copies;
pub mod ending;
pub mod gallery;
pub mod term;

pub use gallery::{Galleries, Identified, identify};
