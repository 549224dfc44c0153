//! Compute pipelines: described by text, cached by content, compiled elsewhere.
//!
//! Asking for a pipeline never blocks: it returns a handle at once, and one worker thread compiles in the order of the
//! requests, so that a live engine keeps showing its last plan meanwhile. The whole text is the key, hence no collisions;
//! a shader that failed is remembered with its error and not tried again. The cache keeps a bounded number of pipelines,
//! the least recently asked for go first.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Instant;

use super::driver::{Driver, lock};
use super::worker::{self, Job};
use super::{Gpu, GpuError, TexelFormat};

/// A live graph has tens of passes; a user who edits a shader makes a new one at every pause.
const KEPT: usize = 256;
/// Requests that may wait for the worker.
const QUEUE: usize = 256;

/// What a shader expects at one binding of group 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BindingKind {
    /// `var<uniform>`; a [`BufferKind::Uniform`](super::BufferKind) or `Storage` buffer fits.
    Uniform,
    /// `var<storage, read>`.
    StorageRead,
    /// `var<storage, read_write>`.
    StorageReadWrite,
    /// `texture_2d<f32>`, any format, `textureLoad` only.
    Texture,
    /// `texture_storage_2d<format, write>`.
    StorageTexture(TexelFormat),
}

/// A compute shader and what it binds.
#[derive(Clone, Debug)]
pub struct PipelineSpec<'a> {
    /// Named in errors and captures.
    pub label: &'a str,
    /// The whole module.
    pub wgsl: Cow<'a, str>,
    /// The entry point, mostly `main`.
    pub entry: &'a str,
    /// Group 0; the position is the binding index.
    pub bindings: &'a [BindingKind],
}

#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct Key {
    pub(super) wgsl: String,
    pub(super) entry: String,
    pub(super) bindings: Vec<BindingKind>,
}

/// A compiled pipeline.
pub struct Pipeline {
    pub(super) raw: wgpu::ComputePipeline,
    pub(super) layout: wgpu::BindGroupLayout,
    pub(super) bindings: Vec<BindingKind>,
    pub(super) label: String,
    pub(super) driver: Arc<Driver>,
}

impl Pipeline {
    /// What it binds.
    #[must_use]
    pub fn bindings(&self) -> &[BindingKind] {
        &self.bindings
    }

    /// The name it was first asked for by.
    #[must_use]
    pub fn label(&self) -> &str {
        &self.label
    }
}

type Outcome = Result<Arc<Pipeline>, GpuError>;

/// Where the worker leaves a result.
#[derive(Default)]
pub(super) struct Slot {
    outcome: Mutex<Option<Outcome>>,
    changed: Condvar,
}

impl Slot {
    pub(super) fn resolve(&self, outcome: Outcome) {
        lock(&self.outcome).get_or_insert(outcome);
        self.changed.notify_all();
    }

    fn get(&self) -> Option<Outcome> {
        lock(&self.outcome).clone()
    }
}

/// A pipeline that may still be compiling.
#[derive(Clone)]
pub struct PipelineHandle {
    slot: Arc<Slot>,
    pub(super) label: String,
    driver: Arc<Driver>,
}

impl PipelineHandle {
    /// Whether [`wait`](Self::wait) returns at once, with a pipeline or with an error.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        lock(&self.slot.outcome).is_some()
    }

    /// The result if there is one yet.
    #[must_use]
    pub fn get(&self) -> Option<Result<Arc<Pipeline>, GpuError>> {
        self.slot.get().map(|outcome| self.own(outcome))
    }

    /// The pipeline, once it is compiled.
    ///
    /// # Errors
    /// [`GpuError::Shader`] with naga's message, [`GpuError::Lost`], [`GpuError::Busy`] when too many wait to be
    /// compiled, [`GpuError::TimedOut`].
    pub fn wait(&self) -> Result<Arc<Pipeline>, GpuError> {
        let (start, limit) = (Instant::now(), self.driver.wait_limit);
        let mut outcome = lock(&self.slot.outcome);
        loop {
            if let Some(outcome) = &*outcome {
                return self.own(outcome.clone());
            }
            let Some(left) = limit.checked_sub(start.elapsed()) else {
                return Err(GpuError::TimedOut { label: self.label.clone(), after: limit });
            };
            let waited = self.slot.changed.wait_timeout(outcome, left);
            outcome = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// One text may be asked for under several names; an error carries the asker's.
    fn own(&self, outcome: Outcome) -> Outcome {
        self.driver.check()?;
        outcome.map_err(|error| match error {
            GpuError::Shader { message, .. } => GpuError::Shader { label: self.label.clone(), message },
            other => other,
        })
    }
}

struct Entry {
    slot: Arc<Slot>,
    asked: u64,
}

#[derive(Default)]
struct Cache {
    entries: HashMap<Key, Entry>,
    clock: u64,
}

impl Cache {
    fn make_room(&mut self) {
        while self.entries.len() >= KEPT {
            let done = self.entries.iter().filter(|(_, entry)| lock(&entry.slot.outcome).is_some());
            let Some(oldest) = done.min_by_key(|(_, entry)| entry.asked).map(|(key, _)| key.clone()) else {
                return;
            };
            self.entries.remove(&oldest);
        }
    }
}

pub(super) struct Pipelines {
    cache: Mutex<Cache>,
    sender: Option<SyncSender<Job>>,
    worker: Option<JoinHandle<()>>,
    closing: Arc<AtomicBool>,
}

impl Pipelines {
    pub(super) fn start(driver: &Arc<Driver>) -> Result<Self, GpuError> {
        let (sender, jobs) = sync_channel(QUEUE);
        let closing = Arc::new(AtomicBool::new(false));
        let worker = worker::start(Arc::clone(driver), jobs, Arc::clone(&closing)).map_err(|error| {
            let message = format!("no thread to compile shaders: {error}");
            GpuError::Open { adapter: driver.report.name.clone(), message }
        })?;
        let cache = Mutex::new(Cache::default());
        Ok(Self { cache, sender: Some(sender), worker: Some(worker), closing })
    }

    fn request(&self, spec: &PipelineSpec<'_>) -> Arc<Slot> {
        let key = Key { wgsl: spec.wgsl.to_string(), entry: spec.entry.to_owned(), bindings: spec.bindings.to_vec() };
        let mut cache = lock(&self.cache);
        cache.clock += 1;
        let asked = cache.clock;
        if let Some(entry) = cache.entries.get_mut(&key) {
            entry.asked = asked;
            // An error that has nothing to do with the text may be gone next time.
            if !matches!(entry.slot.get(), Some(Err(error)) if !matches!(error, GpuError::Shader { .. })) {
                return Arc::clone(&entry.slot);
            }
        }
        cache.make_room();
        let slot = Arc::new(Slot::default());
        let job = Job { slot: Arc::clone(&slot), label: spec.label.to_owned(), key: key.clone() };
        let sent = self.sender.as_ref().map(|sender| sender.try_send(job));
        match sent {
            Some(Ok(())) => {}
            Some(Err(TrySendError::Full(_))) => slot.resolve(Err(GpuError::Busy {
                label: spec.label.to_owned(),
                message: format!("{QUEUE} pipelines wait to be compiled"),
            })),
            Some(Err(TrySendError::Disconnected(_))) | None => slot.resolve(Err(worker::closed())),
        }
        cache.entries.insert(key, Entry { slot: Arc::clone(&slot), asked });
        slot
    }
}

impl Drop for Pipelines {
    /// Waits for the compilation that is running, and gives up the others: a thread inside a driver while the process
    /// ends is a known way to crash.
    fn drop(&mut self) {
        self.closing.store(true, Ordering::Release);
        drop(self.sender.take());
        if let Some(worker) = self.worker.take() {
            let _ = worker.join();
        }
    }
}

impl Gpu {
    /// Asks for a pipeline; returns at once. The same text, entry and bindings are compiled only once.
    #[must_use]
    pub fn pipeline(&self, spec: &PipelineSpec<'_>) -> PipelineHandle {
        let driver = Arc::clone(self.driver());
        PipelineHandle { slot: self.shared.pipelines.request(spec), label: spec.label.to_owned(), driver }
    }
}
