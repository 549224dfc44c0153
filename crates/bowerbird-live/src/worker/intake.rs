//! The way of frames from a source to the engine: the next one is converted while one is rendered.
//!
//! A thread takes the newest frame of the source, makes it a picture, and lays it into a slot of its own, where a newer one
//! takes the place of one that nobody came for; those are counted as dropped. So two frames are in flight at most: one that
//! is rendered, and one that waits for it. Where there is nothing to convert, frames of RGBA and pictures that do not move,
//! the thread hands the frame on as it is, and the engine's takes its memory over. So it does where converting panics:
//! the engine's thread knows what to do about that.
//!
//! Memory goes around: pictures come back by [`Intake::give_back`], frames by the source's own way.

use super::held::refill;
use crate::shown::nothing;
use bowerbird::Image;
use bowerbird_capture::{Capture, CaptureError, Counters, Event, Frame, Mailbox, Opener, PixelFormat, Spares};
use core::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use core::time::Duration;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Instant;

/// The longest wait without a look at whether to stop.
const POLL: Duration = Duration::from_millis(100);

/// Pictures that wait to be filled: those of the frame that was shown before, of the one that was rendered, and of one
/// that nobody took.
const PICTURES: usize = 3;

/// A frame that came in.
pub(super) struct Arrived {
    /// As the source gave it.
    pub(super) frame: Frame,
    /// What it was converted to, if it was.
    pub(super) picture: Option<Result<Arc<Image>, CaptureError>>,
    /// How long that took.
    pub(super) took: Duration,
}

struct Shared {
    capture: Capture,
    ready: Mailbox<Arrived>,
    pictures: Spares<Arc<Image>>,
    skipped: AtomicU64,
    paused: AtomicBool,
    stop: AtomicBool,
    ended: AtomicBool,
}

/// A source that runs, and the thread that converts its frames. Dropping this closes the one and joins the other.
pub(super) struct Intake {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

impl Intake {
    /// Starts reading a source.
    ///
    /// # Errors
    /// The system gives no thread. A source that cannot be opened is an [`Event`].
    pub(super) fn start(opener: Opener) -> Result<Self, CaptureError> {
        let shared = Arc::new(Shared {
            capture: Capture::start(opener)?,
            ready: Mailbox::new(),
            pictures: Spares::new(PICTURES),
            skipped: AtomicU64::new(0),
            paused: AtomicBool::new(false),
            stop: AtomicBool::new(false),
            ended: AtomicBool::new(false),
        });
        let theirs = Arc::clone(&shared);
        let thread = thread::Builder::new().name("convert".into()).spawn(move || theirs.run());
        let thread = thread.map_err(|error| CaptureError::System {
            name: "the thread that converts".into(),
            reason: error.to_string(),
        })?;
        Ok(Self { shared, thread: Some(thread) })
    }

    /// The newest frame that was not taken yet. Never waits.
    pub(super) fn take(&self) -> Option<Arrived> {
        self.shared.ready.take()
    }

    /// Waits for a frame, `timeout` at the longest.
    pub(super) fn wait(&self, timeout: Duration) -> Option<Arrived> {
        self.shared.ready.wait(timeout)
    }

    /// Gives a frame back, so that its memory is used for the next one.
    pub(super) fn give_back(&self, frame: Frame) {
        self.shared.capture.give_back(frame);
    }

    /// Gives back a picture that nobody else holds.
    pub(super) fn give_back_picture(&self, picture: Arc<Image>) {
        self.shared.pictures.put(picture);
    }

    /// Whether frames are wanted; those that are not need not be converted.
    pub(super) fn pause(&self, paused: bool) {
        self.shared.paused.store(paused, Ordering::Relaxed);
    }

    /// What happened to the source since the last call, oldest first.
    pub(super) fn events(&self) -> Vec<Event> {
        self.shared.capture.events()
    }

    /// What has been counted since the start.
    pub(super) fn counters(&self) -> Counters {
        let mut counters = self.shared.capture.counters();
        counters.skipped += self.shared.skipped.load(Ordering::Relaxed);
        counters
    }

    /// Whether the source is through, and the last of its frames can be taken.
    pub(super) fn ended(&self) -> bool {
        self.shared.ended.load(Ordering::Acquire)
    }
}

impl Drop for Intake {
    fn drop(&mut self) {
        self.shared.stop.store(true, Ordering::Release);
        self.shared.capture.stop();
        if let Some(thread) = self.thread.take() {
            // Its panics were caught.
            let _ = thread.join();
        }
    }
}

impl Shared {
    fn run(&self) {
        while !self.stop.load(Ordering::Acquire) {
            // Asked before, so that the last frame is not left behind.
            let ended = self.capture.ended();
            match self.capture.wait(POLL) {
                Some(frame) => self.pass(frame),
                None if ended => break,
                None => {}
            }
        }
        self.ended.store(true, Ordering::Release);
    }

    fn pass(&self, frame: Frame) {
        let begin = Instant::now();
        let picture = self.convert(&frame);
        let arrived = Arrived { frame, picture, took: begin.elapsed() };
        let Some(untaken) = self.ready.put(arrived) else { return };
        self.skipped.fetch_add(1, Ordering::Relaxed);
        if let Some(Ok(picture)) = untaken.picture {
            self.pictures.put(picture);
        }
        self.capture.give_back(untaken.frame);
    }

    fn convert(&self, frame: &Frame) -> Option<Result<Arc<Image>, CaptureError>> {
        let as_it_is = frame.format == PixelFormat::Rgba || frame.still.is_some();
        if as_it_is || self.paused.load(Ordering::Relaxed) {
            return None;
        }
        let mut picture = self.pictures.take().unwrap_or_else(|| Arc::new(nothing()));
        // Only what nobody else holds is given back.
        let image = Arc::get_mut(&mut picture)?;
        match catch_unwind(AssertUnwindSafe(|| refill(image, frame))).ok()? {
            Ok(()) => Some(Ok(picture)),
            Err(error) => {
                self.pictures.put(picture);
                Some(Err(error))
            }
        }
    }
}

#[cfg(test)]
mod tests;
