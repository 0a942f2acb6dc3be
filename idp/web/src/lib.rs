//! Every URL and page of the resident and the OIDC endpoints of PASS.
//!
//! `routes` is the table of URLs; `oidc` the protocol, `step` the pages of an interaction, `me` the resident's own pages,
//! `card` what the card agent calls; `flow` goes from one to the next; `kit` and `page` draw.

pub mod account;
pub mod app;
pub mod card;
mod client_errors;
mod client_keys;
#[cfg(feature = "demo")]
pub mod demo;
pub mod directory;
pub mod explain;
pub mod face;
pub mod flow;
pub mod form;
pub mod kiosk;
pub mod kit;
pub mod limits;
pub mod mail;
pub mod me;
pub mod notices;
pub mod oidc;
pub mod page;
pub mod people;
pub mod pictures;
pub mod problem;
mod request_objects;
pub mod routes;
pub mod signing_keys;
pub mod step;
pub mod too_large;
pub mod transport;
pub mod upstream;
pub mod visit;

pub use app::{App, Keys, Settings};
pub use client_errors::note;
pub use client_keys::{ClientKeys, Seen};
pub use request_objects::RequestObjects;
pub use routes::routes;
