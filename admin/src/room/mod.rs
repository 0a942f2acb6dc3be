//! The rooms of Manager: each handler loads, lets a pure function decide, and saves.

pub mod audit;
pub mod client_errors;
pub mod client_try;
pub mod clients;
#[cfg(feature = "demo")]
pub mod demo;
pub mod facility;
pub mod home;
pub mod invite;
pub mod keys;
pub mod lines;
pub mod people;
pub mod secret;
pub mod sign_in;
pub mod terminals;
pub mod visits;
