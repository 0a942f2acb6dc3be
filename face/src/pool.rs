//! Several engines and a queue with an end: faces may never take the processor from those who sign in without one.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::{Engine, Unavailable};

/// Hands each call a free engine, lets a few callers wait, and sends the others away.
pub struct Pool {
    engines: Vec<Engine>,
    state: Mutex<State>,
    turn: Condvar,
    queue: usize,
    patience: Duration,
}

struct State {
    /// The last one used is the first one taken again, so that those not needed become idle and give their memory back.
    free: Vec<usize>,
    waiting: usize,
}

impl Pool {
    /// One engine for each worker; at most `queue` callers wait, none longer than `patience`.
    pub fn new(engines: Vec<Engine>, queue: usize, patience: Duration) -> Self {
        let free = (0..engines.len()).rev().collect();
        Self { engines, state: Mutex::new(State { free, waiting: 0 }), turn: Condvar::new(), queue, patience }
    }

    /// Runs `work` with a free engine. [`Unavailable::Busy`] where none becomes free in time.
    pub fn run<T>(&self, work: impl FnOnce(&Engine) -> T) -> Result<T, Unavailable> {
        let taken = Taken { pool: self, index: self.take()? };
        Ok(work(&self.engines[taken.index]))
    }

    /// Unloads every engine that has had no work for so long. Returns how many are loaded still.
    pub fn unload_idle(&self, idle: Duration) -> usize {
        self.engines.iter().for_each(|engine| {
            engine.unload_idle(idle);
        });
        self.engines.iter().filter(|engine| engine.is_loaded()).count()
    }

    /// An engine to be asked what needs no computation.
    pub fn any(&self) -> Option<&Engine> {
        self.engines.first()
    }

    fn take(&self) -> Result<usize, Unavailable> {
        let until = Instant::now() + self.patience;
        let mut state = self.state();
        if let Some(index) = state.free.pop() {
            return Ok(index);
        }
        if state.waiting >= self.queue {
            return Err(Unavailable::Busy);
        }
        state.waiting += 1;
        loop {
            let left = until.saturating_duration_since(Instant::now());
            state = self.turn.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
            let index = state.free.pop();
            if index.is_some() || Instant::now() >= until {
                state.waiting -= 1;
                return index.ok_or(Unavailable::Busy);
            }
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Gives its engine back when it is dropped, after a panic as well.
struct Taken<'a> {
    pool: &'a Pool,
    index: usize,
}

impl Drop for Taken<'_> {
    fn drop(&mut self) {
        self.pool.state().free.push(self.index);
        self.pool.turn.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::FaceConfig;
    use std::sync::mpsc::channel;
    use std::thread;

    fn pool(workers: usize, queue: usize, patience: u64) -> Pool {
        let engines = (0..workers).map(|_| Engine::open(&FaceConfig::default())).collect();
        Pool::new(engines, queue, Duration::from_millis(patience))
    }

    #[test]
    fn the_queue_has_an_end_and_those_in_it_are_served() {
        let pool = pool(1, 1, 10_000);
        thread::scope(|scope| {
            let (started, wait_for_start) = channel();
            let (finish, wait_for_end) = channel::<()>();
            let pool = &pool;
            let first = scope.spawn(move || {
                pool.run(|_| {
                    started.send(()).expect("heard");
                    wait_for_end.recv().expect("told");
                })
            });
            wait_for_start.recv().expect("the first runs");
            let second = scope.spawn(|| pool.run(|_| 2));
            while pool.state().waiting == 0 {
                thread::yield_now();
            }
            assert_eq!(pool.run(|_| 3), Err(Unavailable::Busy), "the queue is full");
            finish.send(()).expect("heard");
            assert_eq!((first.join().expect("ends"), second.join().expect("ends")), (Ok(()), Ok(2)));
        });
        assert_eq!(pool.run(|_| 4), Ok(4));
    }

    #[test]
    fn patience_ends() {
        let pool = pool(1, 5, 20);
        let found = pool.run(|_| pool.run(|_| ()));
        assert_eq!(found, Ok(Err(Unavailable::Busy)));
        assert_eq!(pool.state().waiting, 0);
    }

    #[test]
    fn a_panic_gives_the_engine_back() {
        let pool = pool(1, 0, 20);
        let broken = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| pool.run(|_| panic!("as meant"))));
        assert!(broken.is_err());
        assert_eq!(pool.run(|_| 1), Ok(1));
    }

    #[test]
    fn no_worker_means_busy() {
        assert_eq!(pool(0, 0, 0).run(|_| ()), Err(Unavailable::Busy));
    }
}
