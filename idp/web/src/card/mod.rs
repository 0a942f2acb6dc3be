//! The card's way: a ticket joins browser, account and statement; the agent on the resident's machine signs and posts;
//! the proof counts only when the browser that left comes back (architecture 7.11).
//!
//! No PIN, no password and no card command ever comes here.

pub mod endpoints;
pub mod keep;
mod overtaken;
pub mod settle;
pub mod ticket;
