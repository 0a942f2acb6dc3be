//! The pages of Manager: a Rust file with the context as a plain value, and a template of the same name in
//! `templates/manager/`. Every page behind the sign-in stands in the same frame, the desk.

mod audit;
mod client;
mod client_errors;
mod client_try;
mod clients;
#[cfg(feature = "demo")]
mod demo_staff;
mod desk;
mod events;
mod facility;
mod home;
mod invite;
mod keys;
mod people;
mod refused;
mod sample;
mod secret;
mod sign_in;
mod terminals;
mod visits;

pub use audit::{Audit, Chain, Pages};
pub use client::{ClientPage, FlagLine, Flags, JwkLine, KeySource, KeysView, minimums};
pub use client_errors::{ClientErrors, ErrorLine};
pub use client_try::{ClientTry, RuleLine, RuleState, WalkEnd, Walked, Why, WhyLine, reason};
pub use clients::{ClientLine, Clients};
#[cfg(feature = "demo")]
pub use demo_staff::{DemoStaff, StaffButton};
pub use desk::{Choice, Desk, Room};
pub use events::EventLine;
pub use facility::{Ask, ClaimLine, FacilityPage, GroupBlock, State, change_words};
pub use home::{Figure, Home, figures};
pub use invite::{Invite, InviteState};
pub use keys::{KeyLine, KeysPage, Rotation};
pub use people::{Found, Looked, People, ProofingLine, Reason};
pub use refused::{Refusal, Refused};
pub use sample::gallery;
pub use secret::{SecretPage, SecretState};
pub use sign_in::{StaffFault, StaffSignIn};
pub use terminals::{NewCode, TerminalLine, Terminals};
pub use visits::{CallLine, Count, VisitLine, Visits, counts};

pub use pass_web::page::Page;
