//! Reading ahead: a blocking reader on a thread, a few frames in hand, and the clock of the file.

use crate::{CaptureError, Frame, Read, Source};
use core::sync::atomic::{AtomicBool, Ordering};
use core::time::Duration;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread::{self, JoinHandle};
use std::time::Instant;

/// Frames in hand.
const AHEAD: usize = 2;

/// A file that is so late goes on from where it is, rather than chase its clock.
const LATEST: Duration = Duration::from_secs(1);

/// Reads frames one after another, and may block.
pub(super) trait Reader: Send {
    /// What it reads, in words for people.
    fn describe(&self) -> String;

    /// Fills `frame` with the next one; false at the end. [`CaptureError::Damaged`] costs one frame.
    fn next(&mut self, frame: &mut Frame) -> Result<bool, CaptureError>;

    /// What ends a `next` that blocks, if it may.
    fn stop(&self) -> Stop {
        Stop::Soon
    }
}

/// How a blocked reader comes to its end.
pub(super) enum Stop {
    /// It never blocks for long.
    Soon,
    /// By calling this.
    By(Box<dyn FnOnce() + Send>),
    /// Not at all: it is left behind, and ends when its pipe does.
    Never,
}

/// A source that reads ahead and hands out frames when they are due.
pub(super) struct Ahead {
    name: String,
    frames: Option<Receiver<Result<Frame, CaptureError>>>,
    spare: SyncSender<Frame>,
    thread: Option<JoinHandle<()>>,
    stopping: Arc<AtomicBool>,
    stop: Option<Stop>,
    paced: bool,
    /// When time 0 of the file was.
    start: Option<Instant>,
    held: Option<Frame>,
}

impl Ahead {
    pub(super) fn new(mut reader: Box<dyn Reader>, paced: bool) -> Result<Self, CaptureError> {
        let (name, stop) = (reader.describe(), reader.stop());
        let (frames_in, frames) = sync_channel(AHEAD);
        let (spare, spares) = sync_channel::<Frame>(AHEAD);
        let stopping = Arc::new(AtomicBool::new(false));
        let theirs = Arc::clone(&stopping);
        let run = move || {
            while !theirs.load(Ordering::Acquire) {
                let mut frame = spares.try_recv().unwrap_or_default();
                let (arrival, last) = match reader.next(&mut frame) {
                    Ok(true) => (Ok(frame), false),
                    Ok(false) => return,
                    Err(error) => {
                        let last = !matches!(error, CaptureError::Damaged { .. });
                        (Err(error), last)
                    }
                };
                if frames_in.send(arrival).is_err() || last {
                    return;
                }
            }
        };
        let thread = thread::Builder::new()
            .name("video".into())
            .spawn(run)
            .map_err(|error| CaptureError::System { name: "the video thread".into(), reason: error.to_string() })?;
        let (frames, thread, stop) = (Some(frames), Some(thread), Some(stop));
        Ok(Self { name, frames, spare, thread, stopping, stop, paced, start: None, held: None })
    }

    /// Waits until a frame of this time is due; false when `deadline` comes first.
    fn due(&mut self, time: Duration, deadline: Instant) -> bool {
        if !self.paced {
            return true;
        }
        loop {
            let now = Instant::now();
            let late = now.checked_sub(time).unwrap_or(now);
            let start = *self.start.get_or_insert(late);
            let wait = (start + time).saturating_duration_since(now);
            if wait.is_zero() {
                if now.saturating_duration_since(start + time) > LATEST {
                    self.start = Some(late);
                }
                return true;
            }
            let left = deadline.saturating_duration_since(now);
            if left.is_zero() {
                return false;
            }
            thread::park_timeout(wait.min(left));
        }
    }
}

impl Source for Ahead {
    fn describe(&self) -> String {
        self.name.clone()
    }

    fn read(&mut self, frame: &mut Frame, timeout: Duration) -> Result<Read, CaptureError> {
        let deadline = Instant::now() + timeout;
        if self.held.is_none() {
            let Some(frames) = &self.frames else { return Ok(Read::End) };
            match frames.recv_timeout(timeout) {
                Ok(arrival) => self.held = Some(arrival?),
                Err(RecvTimeoutError::Timeout) => return Ok(Read::Nothing),
                Err(RecvTimeoutError::Disconnected) => {
                    // The thread is through; what made it panic was no end.
                    let panicked = self.thread.take().is_some_and(|thread| thread.join().is_err());
                    let reason = || "its decoder failed in an unforeseen way".into();
                    return if panicked {
                        Err(CaptureError::File { path: (&self.name).into(), reason: reason() })
                    } else {
                        Ok(Read::End)
                    };
                }
            }
        }
        let Some(time) = self.held.as_ref().map(|held| held.time) else { return Ok(Read::Nothing) };
        if !self.due(time, deadline) {
            return Ok(Read::Nothing);
        }
        if let Some(held) = self.held.take() {
            let before = core::mem::replace(frame, held);
            frame.arrived = Instant::now();
            // A full return way means that there is memory enough.
            let _ = self.spare.try_send(before);
        }
        Ok(Read::Frame)
    }
}

impl Drop for Ahead {
    fn drop(&mut self) {
        self.stopping.store(true, Ordering::Release);
        self.frames = None;
        match self.stop.take() {
            Some(Stop::Never) => return,
            Some(Stop::By(stop)) => stop(),
            Some(Stop::Soon) | None => {}
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
