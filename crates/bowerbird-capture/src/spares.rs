//! Buffers that wait to be used again, between threads.
//!
//! A mailbox hands the newest thing over; this is the way back, where the order is of no interest and nothing may be
//! lost: two that come back before one is taken are two that need not be allocated anew.

use core::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A few buffers that wait to be used again; more than it holds are freed.
pub struct Spares<T> {
    kept: Mutex<Vec<T>>,
    most: usize,
}

impl<T> Spares<T> {
    /// Holds up to `most`, and allocates nothing for the list of them later.
    pub fn new(most: usize) -> Self {
        Self { kept: Mutex::new(Vec::with_capacity(most)), most }
    }

    /// A thread that panicked while it held the list left it whole.
    fn kept(&self) -> MutexGuard<'_, Vec<T>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps a buffer, or frees it where there are enough.
    pub fn put(&self, spare: T) {
        let mut kept = self.kept();
        if kept.len() < self.most {
            kept.push(spare);
        } else {
            // Freeing memory takes time that nobody should wait for.
            drop(kept);
            drop(spare);
        }
    }

    /// The one that was put last, whose memory is the warmest.
    pub fn take(&self) -> Option<T> {
        self.kept().pop()
    }
}

impl<T> fmt::Debug for Spares<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Spares").field("kept", &self.kept().len()).field("most", &self.most).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_as_fit_come_back() {
        let spares = Spares::new(2);
        (1..4).for_each(|spare| spares.put(spare));
        assert_eq!([spares.take(), spares.take(), spares.take()], [Some(2), Some(1), None]);
    }
}
