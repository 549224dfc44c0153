//! The handle: everything an interface can do, none of which waits.

use crate::intent::Intent;
use crate::report::{Notice, Report};
use crate::shown::Shown;
use crate::worker::Worker;
use crate::worker::watch::{self, Watch};
use crate::{LiveError, SessionWriter};
use bowerbird::{Engine, EngineOptions};
use bowerbird_capture::{Mailbox, Opener, Rate};
use core::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use core::time::Duration;
use std::collections::VecDeque;
use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};

/// Called after a frame was published or something happened, on the engine's thread; it must return at once.
pub type Waker = Arc<dyn Fn() + Send + Sync>;

/// Takes rendered frames away as they are published, on the engine's thread: a virtual camera, an uploader of textures.
pub type Output = Box<dyn FnMut(&Shown) -> Result<(), String> + Send>;

/// What is recorded, and where; its size is that of the first frame that is rendered. Where
/// pictures get another size and keep it, the recording goes on in a file beside it, `clip-2.mp4` beside `clip.mp4`.
#[derive(Clone, Debug)]
pub struct Recording {
    /// The file; the end of its name tells its kind, see [`Recorder::start`](bowerbird_capture::Recorder::start).
    pub path: PathBuf,
    /// Frames a second of the file.
    pub rate: Rate,
    /// From 1 to 100, as for JPEG.
    pub quality: u8,
}

/// How the loop runs.
#[derive(Clone)]
pub struct LiveOptions {
    /// How the engine is made.
    pub engine: EngineOptions,
    /// Frames a second that are aimed at when the source has no slower pace of its own.
    pub rate: f64,
    /// Called when there is something to look at.
    pub waker: Waker,
}

impl Default for LiveOptions {
    fn default() -> Self {
        Self { engine: EngineOptions::default(), rate: 60.0, waker: Arc::new(|| {}) }
    }
}

impl fmt::Debug for LiveOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LiveOptions").field("engine", &self.engine).field("rate", &self.rate).finish_non_exhaustive()
    }
}

/// What the engine's thread is told once, unlike intents.
pub(crate) enum Command {
    Source(u64, Option<Opener>),
    Engine(Box<EngineOptions>),
    Record(Option<Recording>),
    Again,
    Output(&'static str, Option<Output>),
    Session(Option<Box<SessionWriter>>),
}

/// Commands that wait; more than people can give while a frame renders.
const MOST_COMMANDS: usize = 64;

/// Notices kept for a reader that does not come; the oldest go.
const NOTICES: usize = 64;

/// What the handle and the engine's thread share.
#[derive(Default)]
pub(crate) struct Shared {
    pub(crate) intents: Mailbox<Intent>,
    pub(crate) shown: Mailbox<Arc<Shown>>,
    pub(crate) spare: Mailbox<Arc<Shown>>,
    pub(crate) commands: Mutex<VecDeque<Command>>,
    pub(crate) notices: Mutex<VecDeque<Notice>>,
    pub(crate) report: Mutex<Report>,
    pub(crate) stop: AtomicBool,
    pub(crate) watch: Watch,
    /// How many sources were asked for.
    pub(crate) sources: AtomicU64,
    /// Recordings that are being completed.
    pub(crate) finishing: AtomicUsize,
}

/// A lock that outlives a panic: what it guards is whole at all times.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Shared {
    /// An engine that gives up what is not wanted any more.
    pub(crate) fn engine(self: &Arc<Self>, options: &EngineOptions) -> Result<Engine, bowerbird::Error> {
        Engine::new(EngineOptions { cancel: watch::cancel(self), ..options.clone() })
    }

    pub(crate) fn say(&self, notice: Notice) {
        let mut notices = lock(&self.notices);
        if notices.len() == NOTICES {
            notices.pop_front();
        }
        notices.push_back(notice);
    }
}

/// A running loop; dropping it ends it.
pub struct Live {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

impl fmt::Debug for Live {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Live").finish_non_exhaustive()
    }
}

impl Live {
    /// Starts the engine's thread, without a source.
    ///
    /// # Errors
    /// The engine cannot be made; the system gives no thread.
    pub fn start(options: LiveOptions) -> Result<Self, LiveError> {
        let shared = Arc::new(Shared::default());
        let engine = shared.engine(&options.engine)?;
        // That `auto` found no graphics card is no news; the report names what renders.
        if !engine.uses_gpu() {
            engine.take_messages();
        }
        let worker = Worker::new(Arc::clone(&shared), engine, options);
        let thread =
            thread::Builder::new().name("engine".into()).spawn(move || worker.run()).map_err(LiveError::Thread)?;
        Ok(Self { shared, thread: Some(thread) })
    }

    /// Says what is wanted from now on.
    pub fn send(&self, intent: Intent) {
        drop(self.shared.intents.put(intent));
        self.shared.watch.ask();
        self.wake();
    }

    /// Takes frames from another source, and returns its number: frames that come from it have that as
    /// [`Shown::origin`], and until the first of them does, the picture of the one before stays. That one is closed on
    /// the engine's thread.
    pub fn set_source(&self, opener: Opener) -> u64 {
        let origin = self.shared.sources.fetch_add(1, Ordering::Relaxed) + 1;
        self.command(Command::Source(origin, Some(opener)));
        origin
    }

    /// Closes the source; its last picture stays.
    pub fn close_source(&self) {
        self.command(Command::Source(0, None));
    }

    /// Renders with another engine, once it is made; if it cannot be made, the one before goes on and a notice says so.
    pub fn set_engine(&self, options: EngineOptions) {
        self.command(Command::Engine(Box::new(options)));
    }

    /// Records what is rendered, from the next frame on; `None` finishes, and a notice says what was written.
    pub fn record(&self, recording: Option<Recording>) {
        self.command(Command::Record(recording));
    }

    /// Renders a picture that does not move once more, as when an output needs what it did not need before; one that moves
    /// comes by itself.
    pub fn refresh(&self) {
        self.command(Command::Again);
    }

    /// Hands every rendered frame to an output of a name, in place of the one that had it; `None` removes it. An output
    /// that fails is removed, and a notice says why.
    pub fn set_output(&self, name: &'static str, output: Option<Output>) {
        self.command(Command::Output(name, output));
    }

    /// Records intents and frames as they come, to be rendered again; `None` finishes.
    pub fn record_session(&self, session: Option<SessionWriter>) {
        self.command(Command::Session(session.map(Box::new)));
    }

    fn command(&self, command: Command) {
        let mut commands = lock(&self.shared.commands);
        // The oldest of so many is stale.
        if commands.len() == MOST_COMMANDS {
            commands.pop_front();
        }
        commands.push_back(command);
        drop(commands);
        self.shared.watch.ask();
        self.wake();
    }

    fn wake(&self) {
        if let Some(thread) = &self.thread {
            thread.thread().unpark();
        }
    }

    /// The newest frame that was not taken yet. Never waits.
    pub fn take(&self) -> Option<Arc<Shown>> {
        self.shared.shown.take()
    }

    /// Waits for a frame, `timeout` at the longest; for programs without a window.
    pub fn wait(&self, timeout: Duration) -> Option<Arc<Shown>> {
        self.shared.shown.wait(timeout)
    }

    /// Gives a frame back, so that its memory is used for the next one.
    pub fn give_back(&self, shown: Arc<Shown>) {
        drop(self.shared.spare.put(shown));
    }

    /// What happened since the last call, oldest first.
    pub fn notices(&self) -> Vec<Notice> {
        lock(&self.shared.notices).drain(..).collect()
    }

    /// The figures of the moment.
    pub fn report(&self) -> Report {
        // In this order: a recording that ends in between is one of the two at least.
        let report = lock(&self.shared.report).clone();
        Report { finishing: self.shared.finishing.load(Ordering::Acquire) > 0, ..report }
    }
}

impl Drop for Live {
    /// Ends the loop; a frame that is being rendered is given up, recordings are completed.
    fn drop(&mut self) {
        self.shared.stop.store(true, Ordering::Release);
        self.wake();
        if let Some(thread) = self.thread.take() {
            // Its panics were caught.
            let _ = thread.join();
        }
    }
}

#[cfg(test)]
mod tests;
