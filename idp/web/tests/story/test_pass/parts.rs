//! The ports as tests have them: real parts where they can run, and nothing beyond this process.

use super::Reply;
use actix_web::test::TestRequest;
use face::{Engine, FaceConfig, NotEnrolled, Probe, Template, Unavailable, Verification};
use futures_util::future::LocalBoxFuture;
use jpki::RevocationData;
use pass_core::ports::{Answer, FaceMatcher, HttpRequest, HttpResponse, Outgoing, Revocation};
use pass_core::{Clock, Fault, Time};
use pass_store::testing::Seeded;
use pass_web::demo::counterpart::Counterpart;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::atomic::{AtomicI64, Ordering::SeqCst};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Calls the service.
pub(crate) type Call = Rc<dyn Fn(TestRequest) -> LocalBoxFuture<'static, Reply>>;

/// A clock that stands until it is moved.
pub(super) struct FixedClock(AtomicI64);

impl FixedClock {
    pub(super) const fn new(at: Time) -> Self {
        Self(AtomicI64::new(at.0))
    }

    pub(super) fn forward(&self, by: Duration) {
        self.0.fetch_add(i64::try_from(by.as_millis()).unwrap(), SeqCst);
    }
}

impl Clock for FixedClock {
    /// Each reading is a millisecond later, so that what happens one after another is so ordered.
    fn now(&self) -> Time {
        Time(self.0.fetch_add(1, SeqCst))
    }
}

pub(super) struct Lists(pub(super) RevocationData);

impl Revocation for Lists {
    fn of_sign_certificates(&self) -> RevocationData {
        self.0.clone()
    }

    fn of_login_certificates(&self) -> RevocationData {
        RevocationData::none("no list in these tests")
    }
}

/// The rest of the world: documents that tests put somewhere, and how often they were fetched.
pub(crate) struct Elsewhere {
    documents: Mutex<BTreeMap<String, (String, usize)>>,
    clock: Arc<FixedClock>,
    /// The stand-in for the national service.
    pub(crate) national: Counterpart,
    /// The addresses that were asked of it.
    pub(crate) asked: Mutex<Vec<String>>,
}

impl Elsewhere {
    pub(super) fn new(clock: Arc<FixedClock>, national: Counterpart) -> Self {
        Self { documents: Mutex::default(), clock, national, asked: Mutex::default() }
    }

    /// Puts a document at an address.
    pub(crate) fn put(&self, url: &str, text: String) {
        let mut all = self.documents.lock().unwrap();
        let fetched = all.get(url).map_or(0, |(_, fetched)| *fetched);
        all.insert(url.into(), (text, fetched));
    }

    /// How often it was fetched.
    pub(crate) fn fetched(&self, url: &str) -> usize {
        self.documents.lock().unwrap().get(url).map_or(0, |(_, fetched)| *fetched)
    }

    fn take(&self, url: &str) -> Result<String, Fault> {
        let mut all = self.documents.lock().unwrap();
        let (text, fetched) = all.get_mut(url).ok_or_else(|| Fault::new("nothing is there"))?;
        *fetched += 1;
        Ok(text.clone())
    }
}

impl Outgoing for Elsewhere {
    fn exchange(&self, request: HttpRequest) -> Answer<'_, Result<HttpResponse, Fault>> {
        self.asked.lock().unwrap().push(request.uri().path().to_owned());
        let answered =
            self.national.answer(&request, self.clock.now(), &Seeded::new(self.clock.now().0.unsigned_abs()));
        Box::pin(async { answered })
    }

    fn get_json<'a>(&'a self, url: &'a str) -> Answer<'a, Result<Value, Fault>> {
        let taken = self.take(url);
        Box::pin(async { serde_json::from_str(&taken?).map_err(|error| Fault::because("read a document", error)) })
    }

    fn get_text<'a>(&'a self, url: &'a str) -> Answer<'a, Result<String, Fault>> {
        let taken = self.take(url);
        Box::pin(async { taken })
    }

    fn post_form<'a>(&'a self, _: &'a str, _: &'a [(&'a str, &'a str)]) -> Answer<'a, Result<u16, Fault>> {
        Box::pin(async { Err(Fault::new("tests post nothing")) })
    }
}

/// The face engine, with or without models.
pub(super) struct Matcher(Engine);

impl Matcher {
    /// No library and no model: what a fresh machine has.
    pub(super) fn missing() -> Self {
        Self(Engine::open(&FaceConfig::default()))
    }

    /// What the Makefile installed.
    pub(super) fn real() -> Self {
        Self(Engine::open(&FaceConfig {
            library: place("PASS_FACE_LIBRARY", "target/onnxruntime/libonnxruntime.so"),
            models_dir: place("PASS_FACE_MODELS", "../shared/face-models"),
            allow_evaluation: true,
        }))
    }
}

/// A folder named by the environment, or where it lies beside the repository.
pub(crate) fn place(name: &str, otherwise: &str) -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    std::env::var_os(name).map_or_else(|| root.join(otherwise), |path| root.join(path))
}

impl FaceMatcher for Matcher {
    fn unavailable(&self) -> Option<Unavailable> {
        self.0.unavailable()
    }

    fn enrol(&self, frames: &[&[u8]]) -> Result<Template, NotEnrolled> {
        self.0.enrol(frames)
    }

    fn verify(&self, template: &Template, frames: &[&[u8]]) -> Verification {
        self.0.verify(template, frames)
    }

    fn probe(&self, frames: &[&[u8]]) -> Result<Probe, NotEnrolled> {
        self.0.probe(frames)
    }
}
