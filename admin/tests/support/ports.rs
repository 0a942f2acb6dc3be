//! Clock and chance of the tests, and the ports that Manager never calls.

use face::{NotEnrolled, Probe, Template, Unavailable, Verification};
use pass_core::ports::{Answer, FaceMatcher, HttpRequest, HttpResponse, Outgoing, Revocation};
use pass_core::{Clock, Entropy, Fault, Time};
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

/// A clock that tests move.
pub(crate) struct Moving(AtomicI64);

impl Moving {
    pub(crate) fn at(time: Time) -> Self {
        Self(AtomicI64::new(time.0))
    }

    pub(crate) fn forward(&self, by: Duration) {
        self.0.fetch_add(i64::try_from(by.as_millis()).unwrap(), Ordering::SeqCst);
    }
}

impl Clock for Moving {
    fn now(&self) -> Time {
        Time(self.0.load(Ordering::SeqCst))
    }
}

/// Different bytes at each call, the same in each run.
#[derive(Default)]
pub(crate) struct Chance(AtomicU64);

impl Entropy for Chance {
    fn fill(&self, bytes: &mut [u8]) {
        let call = self.0.fetch_add(1, Ordering::SeqCst);
        for (at, chunk) in bytes.chunks_mut(32).enumerate() {
            let hash = pass_core::secret::Hash::of(&format!("{call} {at}"));
            chunk.copy_from_slice(&hash.0[..chunk.len()]);
        }
    }
}

/// What no page of Manager asks for.
pub(crate) struct Nothing;

impl FaceMatcher for Nothing {
    fn unavailable(&self) -> Option<Unavailable> {
        unreachable!("Manager compares no faces")
    }

    fn enrol(&self, _: &[&[u8]]) -> Result<Template, NotEnrolled> {
        unreachable!("Manager compares no faces")
    }

    fn verify(&self, _: &Template, _: &[&[u8]]) -> Verification {
        unreachable!("Manager compares no faces")
    }

    fn probe(&self, _: &[&[u8]]) -> Result<Probe, NotEnrolled> {
        unreachable!("Manager compares no faces")
    }
}

impl Revocation for Nothing {
    fn of_sign_certificates(&self) -> jpki::RevocationData {
        unreachable!("Manager checks no cards")
    }

    fn of_login_certificates(&self) -> jpki::RevocationData {
        unreachable!("Manager checks no cards")
    }
}

impl Outgoing for Nothing {
    fn exchange(&self, _: HttpRequest) -> Answer<'_, Result<HttpResponse, Fault>> {
        unreachable!("Manager asks nobody")
    }

    fn get_json<'a>(&'a self, _: &'a str) -> Answer<'a, Result<serde_json::Value, Fault>> {
        unreachable!("Manager fetches nothing")
    }

    fn get_text<'a>(&'a self, _: &'a str) -> Answer<'a, Result<String, Fault>> {
        unreachable!("Manager fetches nothing")
    }

    fn post_form<'a>(&'a self, _: &'a str, _: &'a [(&'a str, &'a str)]) -> Answer<'a, Result<u16, Fault>> {
        unreachable!("Manager posts nothing")
    }
}
