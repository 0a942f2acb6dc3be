//! `pass demo`: the whole of PASS on one machine, everything fake labelled as such. Only with the cargo feature `demo`.

mod announce;
mod city;
mod manifest;
mod national;
pub mod platform;
pub mod relying_party;
mod residents;
mod run;
mod settings_file;
mod smtp;
mod tls;

pub use run::{DemoArgs, run};
