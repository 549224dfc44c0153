//! What all sources have in common.

use crate::{CaptureError, Frame};
use core::time::Duration;
use std::time::Instant;

/// What came of reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Read {
    /// The frame was filled.
    Frame,
    /// Nothing arrived in time; read again.
    Nothing,
    /// The source has no more frames.
    End,
}

/// Where frames come from.
///
/// A source paces itself: `read` returns when the next frame is due, as a camera does.
pub trait Source: Send {
    /// What it is, in words for people: `FaceTime HD, 1280×720 MJPEG at 30/s`.
    fn describe(&self) -> String;

    /// What it is called in messages: `FaceTime HD`.
    fn name(&self) -> String {
        self.describe()
    }

    /// Whether it is a device, of which silence means that something is wrong. A pipe and a slow film may be silent.
    fn is_device(&self) -> bool {
        false
    }

    /// Columns and rows of the pictures that were agreed on with it, if any were; what it sends may be others.
    fn size(&self) -> Option<(u32, u32)> {
        None
    }

    /// Waits for the next frame, `timeout` at the longest, and fills `frame` with it.
    ///
    /// # Errors
    ///
    /// [`CaptureError::Damaged`] costs one frame, and the source may be read on. After any other the source is of no
    /// more use; [`CaptureError::may_pass`] tells whether opening it again may help.
    fn read(&mut self, frame: &mut Frame, timeout: Duration) -> Result<Read, CaptureError>;
}

/// What happened to a source.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event {
    /// It delivers: what it is, in words.
    Started(String),
    /// Something is wrong; it goes on, or is tried again.
    Trouble(CaptureError),
    /// It delivers again after trouble.
    Resumed(String),
    /// A frame could not be used. Said once for a run of them; [`Counters`](crate::Counters) has the number.
    Damaged(CaptureError),
    /// A device sends pictures of another size than was agreed on, or than before: which, in words. They are handed on.
    Resized(String),
    /// It has no more frames.
    Ended,
    /// It failed, and trying again is of no use.
    Failed(CaptureError),
}

/// Keeps the pace of a source that has none of its own: frame `n` is due `n` periods after the first.
#[derive(Debug)]
pub(crate) struct Pacer {
    rate: f64,
    start: Option<Instant>,
}

/// The rate that timestamps follow when nothing is waited for.
const FREE_RATE: f64 = 60.0;

impl Pacer {
    /// `rate` frames a second; 0, or what is no rate, waits for nothing.
    pub(crate) fn new(rate: f64) -> Self {
        Self { rate: if rate.is_finite() { rate.max(0.0) } else { 0.0 }, start: None }
    }

    fn time(&self, number: u64) -> Duration {
        let rate = if self.rate > 0.0 { self.rate } else { FREE_RATE };
        Duration::try_from_secs_f64(number as f64 / rate).unwrap_or(Duration::MAX)
    }

    /// Waits until frame `number` is due, `timeout` at the longest; whether it is. A late reader skips to the newest
    /// frame that is due, as a camera would make it.
    pub(crate) fn due(&mut self, number: &mut u64, timeout: Duration) -> bool {
        if self.rate == 0.0 {
            return true;
        }
        let start = *self.start.get_or_insert_with(Instant::now);
        let deadline = Instant::now() + timeout;
        loop {
            let elapsed = start.elapsed();
            let wait = self.time(*number).saturating_sub(elapsed);
            if wait.is_zero() {
                *number = (*number).max((elapsed.as_secs_f64() * self.rate) as u64);
                return true;
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return false;
            }
            std::thread::park_timeout(wait.min(left));
        }
    }

    /// Gives a frame its number and time.
    pub(crate) fn stamp(&self, frame: &mut Frame, number: u64) {
        frame.sequence = number;
        frame.time = self.time(number);
        frame.arrived = Instant::now();
    }
}

impl core::fmt::Display for Pacer {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        if self.rate > 0.0 { write!(f, "{}/s", self.rate) } else { f.write_str("any rate") }
    }
}
