//! What every page is made of: words in three languages, the shell around a page, its security headers, its assets.

pub mod assets;
mod choose;
pub mod date;
mod icon;
mod part;
pub mod respond;
mod ruby;
pub mod shell;
mod steps;
pub mod words;

pub use icon::Icon;
pub use part::Part;
pub use respond::{PageHeaders, html, show};
pub use ruby::Words;
pub use shell::{Asker, Shell, Way, WayKind};
pub use steps::{Journey, Steps};
pub use words::Lang;
