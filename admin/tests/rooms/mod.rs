//! One file for each room that has more than a few stories.

mod client_page;
mod explained;
mod people;
mod reception;
