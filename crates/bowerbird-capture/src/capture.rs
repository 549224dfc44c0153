//! The capture thread: it reads a source, hands on the newest frame, and opens a lost source again.
//!
//! Every fault becomes one [`Event`] with a message, within two seconds of its happening, and the thread can always be
//! joined: nothing here waits longer than [`POLL`] without looking whether it should stop.

use crate::mailbox::Mailbox;
use crate::reader::panicked;
use crate::{CaptureError, Event, Frame, Read, Source, Spares};
use core::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use core::time::Duration;
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Instant;

/// The longest wait without a look at whether to stop.
const POLL: Duration = Duration::from_millis(100);

/// A device that has been silent for so long has stalled: less than two seconds, and longer than the longest exposure
/// of common cameras.
const STALL: Duration = Duration::from_millis(1500);

/// A stalled device is opened again after so long, and then every so long.
const REOPEN_STALLED: Duration = Duration::from_secs(4);

/// Time between attempts to open a source that is gone or in use.
const RETRY: Duration = Duration::from_millis(400);

/// Frames whose memory waits to be used again: as many as can come back before the next one is read.
const SPARES: usize = 3;

/// Events kept for a reader that does not come; the oldest go.
const EVENTS: usize = 64;

/// Opens a source; called again when it was lost.
pub type Opener = Box<dyn FnMut() -> Result<Box<dyn Source>, CaptureError> + Send>;

/// What has been counted since the start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    /// Frames that arrived whole.
    pub frames: u64,
    /// Frames that the source lost, by its own numbers.
    pub lost: u64,
    /// Frames that were replaced by newer ones before anyone took them.
    pub skipped: u64,
    /// Frames that arrived damaged.
    pub damaged: u64,
}

#[derive(Debug)]
struct Shared {
    newest: Mailbox<Frame>,
    spares: Spares<Frame>,
    events: Mutex<VecDeque<Event>>,
    stop: AtomicBool,
    ended: AtomicBool,
    frames: AtomicU64,
    lost: AtomicU64,
    skipped: AtomicU64,
    damaged: AtomicU64,
}

impl Default for Shared {
    fn default() -> Self {
        Self {
            newest: Mailbox::new(),
            spares: Spares::new(SPARES),
            events: Mutex::default(),
            stop: AtomicBool::new(false),
            ended: AtomicBool::new(false),
            frames: AtomicU64::new(0),
            lost: AtomicU64::new(0),
            skipped: AtomicU64::new(0),
            damaged: AtomicU64::new(0),
        }
    }
}

impl Shared {
    fn say(&self, event: Event) {
        let mut events = self.events.lock().unwrap_or_else(PoisonError::into_inner);
        if events.len() == EVENTS {
            events.pop_front();
        }
        events.push_back(event);
    }

    fn stopping(&self) -> bool {
        self.stop.load(Ordering::Acquire)
    }

    fn count(counter: &AtomicU64, by: u64) {
        counter.fetch_add(by, Ordering::Relaxed);
    }
}

/// A source that runs on a thread of its own until this is dropped.
#[derive(Debug)]
pub struct Capture {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

impl Capture {
    /// Starts a thread that opens the source and reads it.
    ///
    /// # Errors
    ///
    /// [`CaptureError::System`] when the system gives no thread. A source that cannot be opened is an [`Event`].
    pub fn start(opener: Opener) -> Result<Self, CaptureError> {
        let shared = Arc::new(Shared::default());
        let theirs = Arc::clone(&shared);
        let run = move || {
            // A driver library that panics must not take the program with it.
            let mut opener = opener;
            if let Err(payload) = catch_unwind(AssertUnwindSafe(|| run(&theirs, &mut opener))) {
                theirs.say(Event::Failed(panicked("the source", &*payload)));
            }
            theirs.ended.store(true, Ordering::Release);
            theirs.newest.close();
        };
        let thread = thread::Builder::new()
            .name("capture".into())
            .spawn(run)
            .map_err(|error| CaptureError::System { name: "the capture thread".into(), reason: error.to_string() })?;
        Ok(Self { shared, thread: Some(thread) })
    }

    /// The newest frame that was not taken yet. Never waits.
    pub fn take(&self) -> Option<Frame> {
        self.shared.newest.take()
    }

    /// Waits for a frame, `timeout` at the longest.
    pub fn wait(&self, timeout: Duration) -> Option<Frame> {
        self.shared.newest.wait(timeout)
    }

    /// Gives a frame back, so that its memory is used for the next one.
    pub fn give_back(&self, frame: Frame) {
        self.shared.spares.put(frame);
    }

    /// What happened since the last call, oldest first.
    pub fn events(&self) -> Vec<Event> {
        self.shared.events.lock().unwrap_or_else(PoisonError::into_inner).drain(..).collect()
    }

    /// What has been counted since the start.
    pub fn counters(&self) -> Counters {
        let get = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let shared = &self.shared;
        Counters {
            frames: get(&shared.frames),
            lost: get(&shared.lost),
            skipped: get(&shared.skipped),
            damaged: get(&shared.damaged),
        }
    }

    /// Asks the thread to close the source and to end, and does not wait for that.
    pub fn stop(&self) {
        self.shared.stop.store(true, Ordering::Release);
        if let Some(thread) = &self.thread {
            thread.thread().unpark();
        }
    }

    /// Whether the thread is through: the source ended, or failed for good.
    pub fn ended(&self) -> bool {
        self.shared.ended.load(Ordering::Acquire)
    }
}

impl Drop for Capture {
    /// Stops the source and joins its thread.
    fn drop(&mut self) {
        self.stop();
        if let Some(thread) = self.thread.take() {
            // Its panics were caught.
            let _ = thread.join();
        }
    }
}

/// How a source was left.
enum Left {
    /// The program asked for it, or the source ended.
    Done,
    /// It was lost.
    Lost(CaptureError),
}

/// Opens and reads until the source ends or this is stopped.
fn run(shared: &Shared, opener: &mut Opener) {
    let (mut worked, mut said, mut denied) = (false, None, false);
    while !shared.stopping() {
        let error = match opener() {
            Ok(mut source) => {
                let start = if worked { Event::Resumed } else { Event::Started };
                match read_all(shared, source.as_mut(), start, &mut worked, &mut said) {
                    Left::Done => return,
                    Left::Lost(error) => error,
                }
            }
            Err(error) => error,
        };
        // A camera that worked and is not found has been unplugged, and may come back. When it does, its file is there for a
        // moment before the system has given it to its users.
        let gone = worked && matches!(error, CaptureError::NotFound { .. });
        let denied_before = core::mem::replace(&mut denied, matches!(error, CaptureError::Denied { .. }));
        let (refused, early) = (worked && denied, worked && denied && !denied_before);
        if !(gone || refused || error.may_pass()) {
            shared.say(Event::Failed(error));
            return;
        }
        if !gone && !early && said.as_ref() != Some(&error) {
            shared.say(Event::Trouble(error.clone()));
            said = Some(error);
        }
        if !shared.stopping() {
            thread::park_timeout(RETRY);
        }
    }
}

/// Reads an open source to its end, or until it is lost.
fn read_all(
    shared: &Shared,
    source: &mut dyn Source,
    start: fn(String) -> Event,
    worked: &mut bool,
    said: &mut Option<CaptureError>,
) -> Left {
    let (name, called) = (source.describe(), source.name());
    let mut frame = Frame::default();
    let (mut started, mut stalled, mut damaged) = (false, false, false);
    let (mut expected, mut size) = (None, source.size());
    let (mut heard, mut used) = (Instant::now(), Instant::now());
    while !shared.stopping() {
        match source.read(&mut frame, POLL) {
            Ok(Read::Frame) => {
                (heard, used) = (Instant::now(), Instant::now());
                if !started || stalled {
                    shared.say(if started { Event::Resumed(name.clone()) } else { start(name.clone()) });
                    (started, stalled, *worked, *said) = (true, false, true, None);
                }
                damaged = false;
                let (width, height) = (frame.width, frame.height);
                let before = size.replace((width, height));
                if source.is_device() && before.is_some_and(|before| before != (width, height)) {
                    shared.say(Event::Resized(format!("{called} sends pictures of {width}×{height}")));
                }
                Shared::count(&shared.frames, 1);
                Shared::count(&shared.lost, expected.map_or(0, |next| frame.sequence.saturating_sub(next)));
                expected = Some(frame.sequence + 1);
                let untaken = shared.newest.put(core::mem::take(&mut frame));
                Shared::count(&shared.skipped, u64::from(untaken.is_some()));
                frame = untaken.or_else(|| shared.spares.take()).unwrap_or_default();
            }
            Ok(Read::Nothing) if !source.is_device() => {}
            Ok(Read::Nothing) => {
                let silent = heard.elapsed();
                if silent >= STALL && !stalled {
                    stalled = true;
                    let error =
                        CaptureError::Stalled { name: called.clone(), seconds: silent.as_secs_f64().ceil() as u64 };
                    shared.say(Event::Trouble(error.clone()));
                    *said = Some(error);
                }
                if silent >= REOPEN_STALLED {
                    return Left::Lost(
                        said.clone().unwrap_or(CaptureError::Stalled { name: called, seconds: silent.as_secs() }),
                    );
                }
            }
            Ok(Read::End) => {
                shared.say(Event::Ended);
                return Left::Done;
            }
            Err(error @ CaptureError::Damaged { .. }) => {
                heard = Instant::now();
                Shared::count(&shared.damaged, 1);
                // It may send something else than was agreed on; opening it again asks what that is.
                if source.is_device() && used.elapsed() >= STALL {
                    return Left::Lost(unusable(called, &error));
                }
                // What was said of it before it was opened again still holds.
                if !damaged && said.is_none() {
                    shared.say(Event::Damaged(error));
                }
                damaged = true;
            }
            Err(error) => return Left::Lost(error),
        }
    }
    Left::Done
}

/// The error of a device that sends, and nothing that can be used.
fn unusable(name: String, last: &CaptureError) -> CaptureError {
    let reason = match last {
        CaptureError::Damaged { reason, .. } => reason.clone(),
        other => other.to_string(),
    };
    CaptureError::System { name, reason: format!("no frame of it can be used ({reason}): it is opened again") }
}

#[cfg(test)]
mod tests;
