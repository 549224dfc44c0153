//! Work beside the loop: one thread, one slot for what is asked, the newest wins.
//!
//! Thumbnails, scopes, exports and lists of devices are all this: an interface asks and goes on, and fetches the answers
//! when it draws next.

use crate::LiveError;
use crate::live::{Waker, lock};
use bowerbird_capture::Mailbox;
use core::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use core::time::Duration;
use std::collections::VecDeque;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};

/// Answers kept for an asker that does not fetch them; the oldest go.
const ANSWERS: usize = 512;

/// The longest wait without a look at whether to stop; dropping wakes too.
const WAIT: Duration = Duration::from_secs(10);

struct Shared<Q, A> {
    question: Mailbox<(u64, Q)>,
    answers: Mutex<VecDeque<A>>,
    /// How many questions were asked.
    asked: Mutex<u64>,
    /// The newest question that was dealt with.
    done: AtomicU64,
    stop: AtomicBool,
    waker: Waker,
}

/// A worker that answers the newest question.
pub struct Aside<Q, A> {
    shared: Arc<Shared<Q, A>>,
    thread: Option<JoinHandle<()>>,
}

impl<Q, A> fmt::Debug for Aside<Q, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Aside").finish_non_exhaustive()
    }
}

/// What a worker has besides the question.
pub struct Desk<'a, A> {
    answer: &'a dyn Fn(A),
    leave: &'a dyn Fn() -> bool,
}

impl<A> Desk<'_, A> {
    /// Hands out an answer; a question may have several.
    pub fn answer(&self, answer: A) {
        (self.answer)(answer);
    }

    /// Whether the rest of the answer is of no use: there is a newer question, or nobody to answer.
    pub fn should_leave(&self) -> bool {
        (self.leave)()
    }

    /// Rests for a time, unless it should leave.
    pub fn rest(&self, time: Duration) {
        if !self.should_leave() {
            thread::park_timeout(time);
        }
    }
}

impl<A> fmt::Debug for Desk<'_, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Desk").finish_non_exhaustive()
    }
}

impl<Q: Send + 'static, A: Send + 'static> Aside<Q, A> {
    /// Starts the thread. `work` is made on it. One that panics loses its question and nothing else.
    ///
    /// # Errors
    /// [`LiveError::Thread`] when the system gives no thread.
    pub fn start(
        name: &str,
        waker: Waker,
        mut work: impl FnMut(Q, &Desk<'_, A>) + Send + 'static,
    ) -> Result<Self, LiveError> {
        let shared = Arc::new(Shared {
            question: Mailbox::new(),
            answers: Mutex::default(),
            asked: Mutex::default(),
            done: AtomicU64::new(0),
            stop: AtomicBool::new(false),
            waker,
        });
        let theirs = Arc::clone(&shared);
        let run = move || {
            let shared = theirs;
            let stopping = || shared.stop.load(Ordering::Acquire);
            while !stopping() {
                let Some((number, question)) = shared.question.wait(WAIT) else { continue };
                let answer = |answer| {
                    let mut answers = lock(&shared.answers);
                    if answers.len() == ANSWERS {
                        answers.pop_front();
                    }
                    answers.push_back(answer);
                    drop(answers);
                    (shared.waker)();
                };
                let leave = || stopping() || !shared.question.is_empty();
                let desk = Desk { answer: &answer, leave: &leave };
                let _ = catch_unwind(AssertUnwindSafe(|| work(question, &desk)));
                shared.done.store(number, Ordering::Release);
                (shared.waker)();
            }
        };
        let thread = thread::Builder::new().name(name.into()).spawn(run).map_err(LiveError::Thread)?;
        Ok(Self { shared, thread: Some(thread) })
    }
}

impl<Q, A> Aside<Q, A> {
    /// Asks, in place of what was asked before and is not begun.
    pub fn ask(&self, question: Q) {
        // Numbered and put under one lock, so that the question in the slot is the one with the highest number.
        let mut asked = lock(&self.shared.asked);
        *asked += 1;
        let old = self.shared.question.put((*asked, question));
        drop(asked);
        drop(old);
        if let Some(thread) = &self.thread {
            thread.thread().unpark();
        }
    }

    /// The answers since the last call, oldest first.
    pub fn answers(&self) -> Vec<A> {
        lock(&self.shared.answers).drain(..).collect()
    }

    /// Whether something asked is not answered.
    pub fn busy(&self) -> bool {
        self.shared.done.load(Ordering::Acquire) < *lock(&self.shared.asked)
    }

    /// Does not wait for the thread when this is dropped: for work that may hang, as a dialog or a device does, and that
    /// nothing is lost with.
    #[must_use]
    pub fn detached(mut self) -> Self {
        self.thread = None;
        self
    }
}

impl<Q, A> Drop for Aside<Q, A> {
    fn drop(&mut self) {
        self.shared.stop.store(true, Ordering::Release);
        self.shared.question.close();
        if let Some(thread) = self.thread.take() {
            thread.thread().unpark();
            // Its panics were caught.
            let _ = thread.join();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Waits until everything is answered.
    fn all<Q, A>(aside: &Aside<Q, A>) -> Vec<A> {
        while aside.busy() {
            thread::yield_now();
        }
        aside.answers()
    }

    #[test]
    fn questions_are_answered_beside() {
        let aside = Aside::start("double", Arc::new(|| {}), |n: u32, desk| {
            desk.answer(n);
            desk.answer(2 * n);
        })
        .unwrap();
        aside.ask(4);
        assert_eq!(all(&aside), [4, 8]);
    }

    #[test]
    fn a_panic_costs_one_question() {
        let aside = Aside::start("fails", Arc::new(|| {}), |n: u32, desk| {
            assert!(n != 1, "the question that fails");
            desk.answer(n);
        })
        .unwrap();
        aside.ask(1);
        assert!(all(&aside).is_empty());
        aside.ask(2);
        assert_eq!(all(&aside), [2]);
    }

    #[test]
    fn a_newer_question_ends_the_older() {
        let begun = Arc::new(Mailbox::<()>::new());
        let theirs = Arc::clone(&begun);
        let aside = Aside::start("long", Arc::new(|| {}), move |forever: bool, desk| {
            theirs.put(());
            while forever && !desk.should_leave() {
                desk.rest(Duration::from_secs(60));
            }
            desk.answer(forever);
        })
        .unwrap();
        aside.ask(true);
        begun.wait(Duration::from_secs(60)).unwrap();
        aside.ask(false);
        assert_eq!(all(&aside), [true, false]);
    }
}
