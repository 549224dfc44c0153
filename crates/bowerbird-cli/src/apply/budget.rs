//! A bound on the bytes of pictures that are held at once.
//!
//! How large a picture is shows only when its header has been read, so the rule is: while the bytes in hand are over
//! the budget, nobody starts another picture. At worst the budget is exceeded by one picture a worker.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// The budget of a batch.
#[derive(Debug)]
pub(super) struct Budget {
    allowed: u64,
    held: Mutex<u64>,
    freed: Condvar,
}

/// Bytes that are held until this is dropped.
#[derive(Debug)]
pub(super) struct Held<'a> {
    budget: &'a Budget,
    bytes: u64,
}

impl Budget {
    /// A budget of so many bytes.
    pub(super) fn new(allowed: u64) -> Self {
        Self { allowed, held: Mutex::new(0), freed: Condvar::new() }
    }

    /// Waits until there is room for another picture.
    pub(super) fn wait(&self) {
        let mut held = self.lock();
        while *held > self.allowed {
            held = self.freed.wait(held).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Counts the bytes of a picture that has been read.
    pub(super) fn hold(&self, bytes: u64) -> Held<'_> {
        let mut held = self.lock();
        *held = held.saturating_add(bytes);
        Held { budget: self, bytes }
    }

    fn lock(&self) -> MutexGuard<'_, u64> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        let mut held = self.budget.lock();
        *held = held.saturating_sub(self.bytes);
        self.budget.freed.notify_all();
    }
}
