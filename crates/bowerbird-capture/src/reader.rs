//! A thread that reads a camera, and that nobody waits for without an end.
//!
//! It hands over the newest picture through one slot, so a slow reader never keeps the camera waiting. A library that
//! panics is an error like any other, also where it opens and closes the camera. One that never comes back costs a
//! thread: that is left behind under its name and ends by itself, camera closed, if the library does come back. What it
//! reads is made on the thread and never leaves it, for not every library lets its cameras travel.

use crate::{CaptureError, Frame, Mailbox, Read, Source};
use core::any::Any;
use core::sync::atomic::{AtomicBool, Ordering};
use core::time::Duration;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread::{self, JoinHandle};

/// The longest wait in a source that heeds a timeout, without a look at whether to stop.
const POLL: Duration = Duration::from_millis(100);

/// How long a thread may take to end before it is left behind: longer than [`POLL`], and than a frame takes at 2/s.
const LEAVE: Duration = Duration::from_millis(600);

/// Where the thread gets its frames.
pub(crate) trait Feed {
    /// Waits for the next frame; it may wait for ever.
    fn next(&mut self, frame: &mut Frame) -> Result<Read, CaptureError>;
}

impl Feed for Box<dyn Source> {
    fn next(&mut self, frame: &mut Frame) -> Result<Read, CaptureError> {
        self.read(frame, POLL)
    }
}

/// What the thread hands over.
pub(crate) enum Arrival {
    Frame(Frame),
    Damaged(CaptureError),
    /// The feed is through; it says so, or why.
    Last(Result<Read, CaptureError>),
}

#[derive(Default)]
struct Shared {
    newest: Mailbox<Arrival>,
    spare: Mailbox<Frame>,
    stop: AtomicBool,
    ended: Mailbox<()>,
}

/// The thread. Dropping this stops it, and joins it unless it hangs.
pub(crate) struct Reader {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

/// The error of a library that panicked with `payload`.
pub(crate) fn panicked(name: &str, payload: &(dyn Any + Send)) -> CaptureError {
    let text = payload.downcast_ref::<String>().map(String::as_str).or_else(|| payload.downcast_ref().copied());
    let reason = format!("its driver failed in an unforeseen way ({})", text.unwrap_or("it does not say how"));
    CaptureError::System { name: name.into(), reason }
}

impl Reader {
    /// Starts a thread that opens a feed and reads it until it is through; `name` is the camera's, for errors.
    ///
    /// # Errors
    ///
    /// [`CaptureError::System`] when the system gives no thread.
    pub(crate) fn start<F: Feed>(
        thread: &str,
        name: &str,
        open: impl FnOnce() -> Result<F, CaptureError> + Send + 'static,
    ) -> Result<Self, CaptureError> {
        let shared = Arc::new(Shared::default());
        let (theirs, name) = (Arc::clone(&shared), name.to_owned());
        let run = move || {
            // Outside of what is caught, so that closing the camera is never part of unwinding: two panics would abort.
            let mut feed = None;
            let last = catch_unwind(AssertUnwindSafe(|| read_all(feed.insert(open()?), &theirs)));
            let last = last.unwrap_or_else(|payload| Err(panicked(&name, &*payload)));
            drop(theirs.newest.put(Arrival::Last(last)));
            // What closing fails with is of no interest any more.
            let _ = catch_unwind(AssertUnwindSafe(|| drop(feed)));
            theirs.ended.put(());
        };
        let thread = thread::Builder::new()
            .name(thread.into())
            .spawn(run)
            .map_err(|error| CaptureError::System { name: "the camera thread".into(), reason: error.to_string() })?;
        Ok(Self { shared, thread: Some(thread) })
    }

    /// Waits for what comes next, `timeout` at the longest.
    pub(crate) fn wait(&self, timeout: Duration) -> Option<Arrival> {
        self.shared.newest.wait(timeout)
    }

    /// Gives a frame back, so that its memory is used for the next one.
    pub(crate) fn give_back(&self, frame: Frame) {
        drop(self.shared.spare.put(frame));
    }

    /// Whether the thread is through and everything it said was taken.
    pub(crate) fn is_through(&self) -> bool {
        self.thread.as_ref().is_none_or(JoinHandle::is_finished) && self.shared.newest.is_empty()
    }
}

/// Hands over what the feed delivers until it is through or is to stop.
fn read_all(feed: &mut dyn Feed, shared: &Shared) -> Result<Read, CaptureError> {
    let mut frame = Frame::default();
    while !shared.stop.load(Ordering::Acquire) {
        let arrival = match feed.next(&mut frame) {
            Ok(Read::Nothing) => continue,
            Ok(Read::Frame) => Arrival::Frame(core::mem::take(&mut frame)),
            Err(error @ CaptureError::Damaged { .. }) => Arrival::Damaged(error),
            last => return last,
        };
        if let Some(Arrival::Frame(untaken)) = shared.newest.put(arrival) {
            frame = untaken;
        } else if let Some(spare) = shared.spare.take() {
            frame = spare;
        }
    }
    Ok(Read::End)
}

impl Drop for Reader {
    fn drop(&mut self) {
        self.shared.stop.store(true, Ordering::Release);
        let Some(thread) = self.thread.take() else { return };
        thread.thread().unpark();
        if self.shared.ended.wait(LEAVE).is_some() {
            // Its panics were caught.
            let _ = thread.join();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Longer than anything here takes; reached only when a test fails.
    const LONG: Duration = Duration::from_secs(60);

    /// Waits in `next` until it is let go, and says when it is closed.
    struct Hanging {
        go: Arc<Mailbox<()>>,
        closed: Arc<Mailbox<()>>,
    }

    impl Feed for Hanging {
        fn next(&mut self, _: &mut Frame) -> Result<Read, CaptureError> {
            self.go.wait(LONG);
            Ok(Read::Nothing)
        }
    }

    impl Drop for Hanging {
        fn drop(&mut self) {
            self.closed.put(());
        }
    }

    #[test]
    fn a_thread_that_hangs_is_left_behind_and_closes_the_camera_when_it_comes_back() {
        let (go, closed) = (Arc::new(Mailbox::new()), Arc::new(Mailbox::new()));
        let feed = Hanging { go: Arc::clone(&go), closed: Arc::clone(&closed) };
        let reader = Reader::start("hanging", "a camera", move || Ok(feed)).unwrap();
        assert!(reader.wait(POLL).is_none());
        drop(reader);
        assert!(closed.is_empty(), "it was waited for");
        go.put(());
        assert!(closed.wait(LONG).is_some());
    }

    /// Panics at its `next` when it is to, and always when it is closed.
    struct Panicking(bool);

    impl Feed for Panicking {
        fn next(&mut self, _: &mut Frame) -> Result<Read, CaptureError> {
            assert!(!self.0, "broken data");
            Ok(Read::End)
        }
    }

    impl Drop for Panicking {
        fn drop(&mut self) {
            panic!("it cannot be closed");
        }
    }

    #[test]
    fn panics_are_errors_wherever_they_happen() {
        let last = |reader: Reader| match reader.wait(LONG) {
            Some(Arrival::Last(last)) => last.map_err(|error| error.to_string()),
            _ => unreachable!("nothing else is sent"),
        };
        let reading = Reader::start("panicking", "a camera", || Ok(Panicking(true))).unwrap();
        assert!(last(reading).unwrap_err().contains("broken data"));
        let closing = Reader::start("panicking", "a camera", || Ok(Panicking(false))).unwrap();
        assert_eq!(last(closing), Ok(Read::End));
        let opening =
            Reader::start("panicking", "a camera", || -> Result<Panicking, _> { panic!("no {}", 7) }).unwrap();
        assert!(last(opening).unwrap_err().contains("no 7"));
    }
}
