//! A mailbox: one slot between two threads, in which the newest wins.
//!
//! Nothing in the program queues without bound, and a reader that is late wants the newest frame, not the oldest. Putting
//! gives back what nobody took, so that its buffer is used again.

use core::time::Duration;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// One slot between threads.
#[derive(Debug)]
pub struct Mailbox<T> {
    slot: Mutex<Slot<T>>,
    filled: Condvar,
}

#[derive(Debug)]
struct Slot<T> {
    value: Option<T>,
    closed: bool,
}

impl<T> Default for Mailbox<T> {
    fn default() -> Self {
        Self { slot: Mutex::new(Slot { value: None, closed: false }), filled: Condvar::new() }
    }
}

impl<T> Mailbox<T> {
    /// An empty mailbox.
    pub fn new() -> Self {
        Self::default()
    }

    /// The slot. A thread that panicked while it held it left it whole: every change is one assignment.
    fn slot(&self) -> MutexGuard<'_, Slot<T>> {
        self.slot.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts a value in, and returns the one that nobody took. Never waits for the reader.
    pub fn put(&self, value: T) -> Option<T> {
        let before = self.slot().value.replace(value);
        self.filled.notify_one();
        before
    }

    /// The value, if there is one. Never waits for the writer.
    pub fn take(&self) -> Option<T> {
        self.slot().value.take()
    }

    /// Whether there is nothing to take.
    pub fn is_empty(&self) -> bool {
        self.slot().value.is_none()
    }

    /// Looks at the value without taking it.
    pub fn peek<R>(&self, look: impl FnOnce(Option<&T>) -> R) -> R {
        look(self.slot().value.as_ref())
    }

    /// Waits for a value, `timeout` at the longest. `None` when none came, or the mailbox was closed.
    pub fn wait(&self, timeout: Duration) -> Option<T> {
        let slot = self.slot();
        let (mut slot, _) = self
            .filled
            .wait_timeout_while(slot, timeout, |slot| slot.value.is_none() && !slot.closed)
            .unwrap_or_else(PoisonError::into_inner);
        slot.value.take()
    }

    /// Wakes whoever waits, now and in future.
    pub fn close(&self) {
        self.slot().closed = true;
        self.filled.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_wins_and_the_other_comes_back() {
        let mailbox = Mailbox::new();
        assert_eq!(mailbox.put(1), None);
        assert_eq!(mailbox.put(2), Some(1));
        assert_eq!(mailbox.take(), Some(2));
        assert_eq!(mailbox.take(), None);
    }

    #[test]
    fn closing_wakes_the_reader() {
        let mailbox = Mailbox::<u8>::new();
        std::thread::scope(|scope| {
            let reader = scope.spawn(|| mailbox.wait(Duration::from_secs(60)));
            mailbox.close();
            assert_eq!(reader.join().unwrap(), None);
        });
    }

    #[test]
    fn a_reader_gets_what_is_put_later() {
        let mailbox = Mailbox::new();
        std::thread::scope(|scope| {
            let reader = scope.spawn(|| mailbox.wait(Duration::from_secs(60)));
            mailbox.put(7);
            assert_eq!(reader.join().unwrap(), Some(7));
        });
    }
}
