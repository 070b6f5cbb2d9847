//! A number that moves on while a session is only looked at. It may be looked at from tasks on several threads: hence atomic.
use std::sync::atomic::{AtomicU64, Ordering};

#[derive(Debug, Default)]
pub(super) struct Tally(AtomicU64);

impl Tally {
    pub fn new(number: u64) -> Self {
        Self(AtomicU64::new(number))
    }

    pub fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }

    pub fn set(&self, number: u64) {
        self.0.store(number, Ordering::Relaxed);
    }
}

impl Clone for Tally {
    fn clone(&self) -> Self {
        Self::new(self.get())
    }
}
