//! The binary `pass`: configuration, wiring, jobs, sub-commands.

pub mod agent;
pub mod cli;
pub mod config;
#[cfg(feature = "demo")]
pub mod demo;
pub mod installation;
pub mod jobs;
pub mod server;
mod stop;
pub mod wiring;
