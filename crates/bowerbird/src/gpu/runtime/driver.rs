//! The device, and the only two ways to call it: [`Driver::scoped`] and [`Driver::poll`].
//!
//! wgpu reports errors in four ways: error scopes (thread-local), the uncaptured-error handler, the device-lost callback,
//! and panics (`Device::poll` panics when the driver says "lost", wgpu 30). `scoped` folds them into one `Result`; a lost
//! device is silent in scopes, so the lost flag is looked at before and after. A panic inside wgpu leaves its state
//! unknown and therefore counts as a loss. With `panic = "abort"` that last guard does nothing.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use super::{AdapterReport, GpuError};

/// At most this many different messages are kept; a failing device says the same few things over and over.
const FAULTS_KEPT: usize = 64;

/// Locks although a thread may have panicked inside: our sections leave consistent data at every point.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// An error that the device reported outside any call of ours, with the number of times it did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// wgpu's message.
    pub message: String,
    /// How often it was seen.
    pub count: u64,
}

/// What the device's own callbacks write; they hold this and not the device, or it would never be freed.
#[derive(Default)]
pub(super) struct Faults {
    lost: OnceLock<String>,
    seen: Mutex<Vec<Fault>>,
}

impl Faults {
    /// Takes over the two error handlers of a device.
    pub(super) fn of(device: &wgpu::Device) -> Arc<Self> {
        let faults = Arc::new(Self::default());
        let uncaptured = Arc::clone(&faults);
        device.on_uncaptured_error(Arc::new(move |error: wgpu::Error| uncaptured.record(plain(&error))));
        let lost = Arc::clone(&faults);
        device.set_device_lost_callback(move |reason, message| {
            lost.lose(if message.is_empty() { format!("{reason:?}") } else { message });
        });
        faults
    }

    pub(super) fn lose(&self, reason: String) {
        if self.lost.set(reason).is_ok() {
            tracing::warn!(reason = self.lost.get().map_or("", String::as_str), "GPU device lost");
        }
    }

    pub(super) fn lost_reason(&self) -> Option<&str> {
        self.lost.get().map(String::as_str)
    }

    fn record(&self, message: String) {
        let mut seen = lock(&self.seen);
        if let Some(fault) = seen.iter_mut().find(|fault| fault.message == message) {
            fault.count += 1;
        } else if seen.len() < FAULTS_KEPT {
            tracing::warn!(message, "GPU error outside any call");
            seen.push(Fault { message, count: 1 });
        }
    }
}

/// Live counters; a snapshot is [`GpuCounters`].
#[derive(Default)]
pub(super) struct Counters {
    pub(super) buffers: AtomicU64,
    pub(super) textures: AtomicU64,
    pub(super) bind_groups: AtomicU64,
    pub(super) pipelines: AtomicU64,
    pub(super) query_sets: AtomicU64,
    pub(super) submissions: AtomicU64,
    pub(super) read_back: AtomicU64,
}

/// Everything this runtime ever created, and what its memory holds now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct GpuCounters {
    /// Buffers created, uploads and read-backs included.
    pub buffers_created: u64,
    /// Textures created.
    pub textures_created: u64,
    /// Bind groups created.
    pub bind_groups_created: u64,
    /// Pipelines compiled.
    pub pipelines_created: u64,
    /// Timestamp query sets created.
    pub query_sets_created: u64,
    /// Bytes leased to callers or to uploads in flight.
    pub bytes_live: u64,
    /// Bytes waiting in the pool.
    pub bytes_pooled: u64,
    /// Submissions made.
    pub submissions: u64,
    /// Bytes of pictures and counts that were asked back to the processor.
    pub bytes_read_back: u64,
}

/// The device with its identity, its errors and its counters.
pub(super) struct Driver {
    pub(super) device: wgpu::Device,
    pub(super) queue: wgpu::Queue,
    pub(super) report: AdapterReport,
    pub(super) limits: wgpu::Limits,
    pub(super) faults: Arc<Faults>,
    pub(super) counters: Counters,
    pub(super) wait_limit: Duration,
    /// Where somebody else draws with the device, whom no wait of ours may hold up: how long work may be at once.
    pub(super) shared: Option<Duration>,
}

impl Driver {
    pub(super) fn new(
        device: wgpu::Device,
        queue: wgpu::Queue,
        faults: Arc<Faults>,
        wait_limit: Duration,
        shared: Option<Duration>,
    ) -> Self {
        let report = AdapterReport::of(&device.adapter_info(), &device.limits(), device.features());
        let limits = device.limits();
        Self { device, queue, report, limits, faults, counters: Counters::default(), wait_limit, shared }
    }

    pub(super) fn check(&self) -> Result<(), GpuError> {
        match self.faults.lost_reason() {
            Some(reason) => Err(GpuError::Lost { reason: reason.to_owned() }),
            None => Ok(()),
        }
    }

    pub(super) fn faults_seen(&self) -> Vec<Fault> {
        lock(&self.faults.seen).clone()
    }

    /// Runs wgpu calls; any error they cause on this thread comes back with `label`.
    pub(super) fn scoped<T>(&self, label: &str, work: impl FnOnce(&wgpu::Device) -> T) -> Result<T, GpuError> {
        self.check()?;
        let memory = self.device.push_error_scope(wgpu::ErrorFilter::OutOfMemory);
        let internal = self.device.push_error_scope(wgpu::ErrorFilter::Internal);
        let validation = self.device.push_error_scope(wgpu::ErrorFilter::Validation);
        let outcome = catch_unwind(AssertUnwindSafe(|| work(&self.device)));
        // The futures are ready on every native backend; popping happens in the call itself, innermost first.
        let validation = pollster::block_on(validation.pop());
        let internal = pollster::block_on(internal.pop());
        let memory = pollster::block_on(memory.pop());
        let value = match outcome {
            Ok(value) => value,
            Err(payload) => return Err(self.panicked(payload.as_ref())),
        };
        self.check()?;
        match memory.or(internal).or(validation) {
            None => Ok(value),
            Some(wgpu::Error::OutOfMemory { .. }) => Err(GpuError::OutOfMemory { label: label.to_owned() }),
            Some(error) => Err(self.fault(label, plain(&error))),
        }
    }

    /// Bytes of a buffer that is mapped, by `map`; a refusal is an error like any other.
    pub(super) fn mapped<T>(
        &self,
        label: &str,
        map: impl FnOnce() -> Result<T, wgpu::MapRangeError>,
    ) -> Result<T, GpuError> {
        self.scoped(label, |_| map())?.map_err(|error| self.fault(label, error.to_string()))
    }

    /// An error as it is told. A device that died says so only when it is polled; until then calls find that what they use
    /// is destroyed, which nothing but the end of a device does.
    fn fault(&self, label: &str, message: String) -> GpuError {
        if message.contains("has been destroyed") {
            return self.lost("destroyed".to_owned());
        }
        GpuError::Device { label: label.to_owned(), message }
    }

    /// Notes that the device is gone; the first reason is the one that is told.
    pub(super) fn lost(&self, reason: String) -> GpuError {
        self.faults.lose(reason);
        GpuError::Lost { reason: self.faults.lost_reason().unwrap_or_default().to_owned() }
    }

    /// Lets wgpu notice finished work and run its callbacks. True unless a wait ran out of time.
    pub(super) fn poll(&self, kind: wgpu::PollType) -> Result<bool, GpuError> {
        self.check()?;
        let polled = catch_unwind(AssertUnwindSafe(|| self.device.poll(kind)))
            .map_err(|payload| self.panicked(payload.as_ref()))?;
        self.check()?;
        match polled {
            Ok(_) => Ok(true),
            Err(wgpu::PollError::Timeout) => Ok(false),
            // The submission never reached the driver: the device died and has not said so yet.
            Err(wgpu::PollError::WrongSubmissionIndex(..)) => Err(self.lost("destroyed".to_owned())),
        }
    }

    fn panicked(&self, payload: &(dyn std::any::Any + Send)) -> GpuError {
        let text = payload.downcast_ref::<String>().map(String::as_str);
        let text = text.or_else(|| payload.downcast_ref::<&str>().copied()).unwrap_or("no message");
        self.lost(format!("wgpu panicked: {text}"))
    }

    pub(super) fn count(counter: &AtomicU64) {
        counter.fetch_add(1, Ordering::Relaxed);
    }
}

/// wgpu's description without its frame ("Validation Error … Caused by:") and blank lines.
pub(super) fn plain(error: &wgpu::Error) -> String {
    let text = error.to_string();
    let text = text.trim_start_matches("Validation Error").trim_start().trim_start_matches("Caused by:").trim();
    let lines = text.lines().map(str::trim_end).filter(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join("\n")
}
