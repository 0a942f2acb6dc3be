//! Proof from outside: a harness that drives a running `pass` only through what a stranger would use:
//! its command line, its URLs, its pages.
//!
//! [`Demo`] runs the program, [`Browser`] fills its forms without a script engine, [`flow`] speaks OpenID Connect
//! as a relying party does, [`mynumber`] knows what must never be written down.

mod browser;
pub mod check;
pub mod collude;
mod demo;
pub mod faces;
pub mod flow;
mod heard;
mod jar;
mod line;
pub mod mynumber;
mod ports;
mod postgres;
mod repository;
pub mod status;
pub mod suite;
mod wild;

pub use browser::{Browser, Page};
pub use demo::{Demo, Options, program};
pub use jar::{Cookie, Jar};
pub use line::{ClientRow, Line, Resident, Staff, VirtualCard};
pub use postgres::Postgres;
pub use repository::root;
