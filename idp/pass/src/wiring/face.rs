//! Face comparison over the package `face`: a few workers, a queue with an end, and memory given back when nobody comes.

use crate::config::FaceSection;
use face::{Engine, FaceConfig, NotEnrolled, Outcome, Pool, Probe, Ready, Template, Unavailable, Verification};
use pass_core::ports::FaceMatcher;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Weak};
use std::time::Duration;

/// Longest time in the queue: a browser shows nothing meanwhile.
const PATIENCE: Duration = Duration::from_secs(10);

/// The face engines of this process. Models load at first use.
pub struct Faces {
    pool: Arc<Pool>,
    configured: bool,
    idle: Duration,
    watched: Arc<AtomicBool>,
}

impl Faces {
    /// `allow_evaluation` is for the demo alone (architecture 7.13).
    pub fn new(section: &FaceSection, allow_evaluation: bool) -> Self {
        let config = FaceConfig {
            library: section.library.clone().unwrap_or_default(),
            models_dir: section.models.clone().unwrap_or_default(),
            allow_evaluation,
        };
        let configured = section.library.is_some() || section.models.is_some();
        let engines = (0..section.workers.max(1)).map(|_| Engine::open(&config)).collect();
        Self {
            pool: Arc::new(Pool::new(engines, section.queue, PATIENCE)),
            configured,
            idle: Duration::from_secs(section.idle_seconds.max(1)),
            watched: Arc::new(AtomicBool::new(false)),
        }
    }

    /// Loads library and models and lets every network compute once: what the first resident would meet.
    pub fn ready(&self) -> Result<Ready, Unavailable> {
        self.run(Engine::ready)?
    }

    fn run<T>(&self, work: impl FnOnce(&Engine) -> T) -> Result<T, Unavailable> {
        let done = self.pool.run(work);
        self.watch();
        done
    }

    /// One thread looks after idle workers as long as one of them is loaded, and ends with the last.
    fn watch(&self) {
        if self.watched.swap(true, Ordering::SeqCst) {
            return;
        }
        let (pool, watched, idle) = (Arc::downgrade(&self.pool), self.watched.clone(), self.idle);
        let named = std::thread::Builder::new().name("face-idle".into());
        if named.spawn(move || unload(&pool, idle, &watched)).is_err() {
            self.watched.store(false, Ordering::SeqCst);
        }
    }
}

fn unload(pool: &Weak<Pool>, idle: Duration, watched: &AtomicBool) {
    loop {
        std::thread::sleep((idle / 4).max(Duration::from_millis(250)));
        let Some(pool) = pool.upgrade() else { return };
        if pool.unload_idle(idle) == 0 {
            // Said first, then looked again: whoever loads in between starts a new thread or is seen here.
            watched.store(false, Ordering::SeqCst);
            if pool.unload_idle(idle) == 0 || watched.swap(true, Ordering::SeqCst) {
                return;
            }
        }
    }
}

impl FaceMatcher for Faces {
    /// A look at a folder that nobody named would find what is not there; the threshold is then no question.
    fn unavailable(&self) -> Option<Unavailable> {
        if !self.configured {
            return Some(Unavailable::Library("no [face] in the configuration".into()));
        }
        self.pool.any().and_then(Engine::unavailable)
    }

    fn enrol(&self, frames: &[&[u8]]) -> Result<Template, NotEnrolled> {
        self.run(|engine| engine.enrol(frames))?
    }

    fn verify(&self, template: &Template, frames: &[&[u8]]) -> Verification {
        self.run(|engine| engine.verify(template, frames)).unwrap_or_else(|busy| Verification {
            outcome: Outcome::Unavailable(busy),
            liveness: face::Liveness::Unknown,
            threshold_set: String::new(),
        })
    }

    fn probe(&self, frames: &[&[u8]]) -> Result<Probe, NotEnrolled> {
        self.run(|engine| engine.probe(frames))?
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_face_section_no_threshold_is_spoken_of() {
        let section = |models: Option<&str>| FaceSection { models: models.map(Into::into), ..FaceSection::default() };
        let why = |section: &FaceSection| Faces::new(section, false).unavailable().map(|why| why.key());
        assert_eq!(why(&section(None)), Some("face.unavailable.library"));
        assert_ne!(why(&section(Some("/nowhere"))), None);
    }

    #[test]
    fn a_section_may_name_workers_alone() {
        let section: FaceSection = toml::from_str("workers = 2").expect("reads");
        assert_eq!((section.workers, section.queue, section.idle_seconds), (2, 16, 300));
    }
}
