//! The wiring: what core asks for through its ports, made of the real world.

mod clock;
mod entropy;
mod face;
mod key_provider;
mod mailer;
mod outgoing;
mod revocation;

pub use clock::SystemClock;
pub use entropy::SystemEntropy;
pub use face::Faces;
pub use key_provider::{credential_path, load_wrapping_secret, make_wrapping_secret};
pub use mailer::SmtpMailer;
pub use outgoing::{GuardedHttp, OpenHost, OutgoingRules};
pub use revocation::{CrlFolder, revocation};
