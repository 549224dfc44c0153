//! A submission: wait for it, poll it, read what it brought back.
//!
//! Read-back buffers are mapped right after the submit, so a later poll finds the bytes without another round trip. They
//! belong to the submission until it is dropped, which unmaps them; then they can be used again. Dropping a submission
//! early is fine: the work still runs, only its results are not looked at.

use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::driver::{Driver, lock};
use super::resource::Rows;
use super::submit::{claim, release};
use super::timer::{Timer, Timers};
use super::{Buffer, GpuError};

/// wgpu holds its device lock while it waits, so one long wait would stall other threads that free resources.
const SLICE: Duration = Duration::from_millis(10);

/// Counts callbacks that are still to come: the end of the work, and one for each mapping.
pub(super) struct Signal {
    left: Mutex<Left>,
    changed: Condvar,
}

struct Left {
    count: usize,
    failed: bool,
}

impl Signal {
    fn new() -> Self {
        Self { left: Mutex::new(Left { count: 1, failed: false }), changed: Condvar::new() }
    }

    fn expect_one_more(&self) {
        lock(&self.left).count += 1;
    }

    pub(super) fn arrive(&self, fine: bool) {
        let mut left = lock(&self.left);
        left.count = left.count.saturating_sub(1);
        left.failed |= !fine;
        self.changed.notify_all();
    }

    /// `None` while callbacks are to come; then whether all of them went well.
    fn finished(&self) -> Option<bool> {
        let left = lock(&self.left);
        (left.count == 0).then_some(!left.failed)
    }

    /// Another thread's poll may be running our callbacks this moment.
    fn pause(&self) {
        let left = lock(&self.left);
        if left.count > 0 {
            let waited = self.changed.wait_timeout(left, Duration::from_millis(1));
            drop(waited.unwrap_or_else(PoisonError::into_inner));
        }
    }
}

/// A read-back buffer with the layout of what lies in it.
pub(super) struct Read {
    pub(super) buffer: Buffer,
    pub(super) rows: Option<Rows>,
}

/// Work given to the device.
pub struct Submission {
    driver: Arc<Driver>,
    signal: Arc<Signal>,
    index: Option<wgpu::SubmissionIndex>,
    reads: Vec<Read>,
    timers: Arc<Timers>,
    timer: Option<Timer>,
    pub(super) passes: u32,
}

impl Submission {
    pub(super) fn new(driver: Arc<Driver>, timers: Arc<Timers>, timer: Option<Timer>, passes: u32) -> Self {
        let signal = Arc::new(Signal::new());
        Self { driver, signal, index: None, reads: Vec::new(), timers, timer, passes }
    }

    pub(super) fn timer(&self) -> Option<&Timer> {
        self.timer.as_ref()
    }

    pub(super) fn signal(&self) -> &Arc<Signal> {
        &self.signal
    }

    /// Claims a read-back buffer. Two transfers into one buffer are one claim.
    pub(super) fn own(&mut self, read: Option<Read>) -> Result<(), GpuError> {
        let Some(read) = read else { return Ok(()) };
        if let Some(known) = self.reads.iter_mut().find(|known| known.buffer.is_same(&read.buffer)) {
            known.rows = read.rows;
            return Ok(());
        }
        if !claim(&read.buffer) {
            let message = "an earlier submission that reads it is still alive".to_owned();
            return Err(GpuError::Busy { label: read.buffer.label().to_owned(), message });
        }
        self.reads.push(read);
        Ok(())
    }

    /// Called right after the submit: asks for the mappings.
    pub(super) fn start(&mut self, index: wgpu::SubmissionIndex) {
        self.index = Some(index);
        for read in &self.reads {
            self.map(&read.buffer.0.raw, read.buffer.size().next_multiple_of(4));
        }
        if let Some(timer) = &self.timer {
            self.map(&timer.readable, Timer::bytes(self.passes));
        }
    }

    fn map(&self, buffer: &wgpu::Buffer, size: u64) {
        self.signal.expect_one_more();
        let signal = Arc::clone(&self.signal);
        buffer.map_async(wgpu::MapMode::Read, ..size, move |mapped| signal.arrive(mapped.is_ok()));
    }

    /// Whether [`wait`](Self::wait) would return at once. Never blocks; lets wgpu make progress.
    ///
    /// # Errors
    /// [`GpuError::Lost`].
    pub fn is_done(&self) -> Result<bool, GpuError> {
        self.driver.poll(wgpu::PollType::Poll)?;
        self.signal.finished().map_or(Ok(false), |fine| self.verdict(fine).map(|()| true))
    }

    /// Waits until the work and its read-backs are finished.
    ///
    /// # Errors
    /// [`GpuError::Lost`], or [`GpuError::TimedOut`] after the options' wait limit.
    pub fn wait(&self) -> Result<(), GpuError> {
        let (start, limit) = (Instant::now(), self.driver.wait_limit);
        loop {
            if let Some(fine) = self.signal.finished() {
                self.driver.check()?;
                return self.verdict(fine);
            }
            if start.elapsed() > limit {
                return Err(GpuError::TimedOut { label: "submission".to_owned(), after: limit });
            }
            if self.driver.shared.is_some() {
                // A wait inside wgpu would hold the lock that the other user's submits need.
                self.driver.poll(wgpu::PollType::Poll)?;
                self.signal.pause();
                continue;
            }
            let wait = wgpu::PollType::Wait { submission_index: self.index.clone(), timeout: Some(SLICE) };
            if self.driver.poll(wait)? {
                self.signal.pause();
            }
        }
    }

    /// What is wrong with a mapping is found when it is asked for; one that fails later has lost its device.
    fn verdict(&self, fine: bool) -> Result<(), GpuError> {
        if fine { Ok(()) } else { Err(self.driver.lost("its memory could not be mapped".to_owned())) }
    }

    /// Waits, then shows the bytes of a read-back buffer.
    ///
    /// # Errors
    /// As [`wait`](Self::wait); [`GpuError::Usage`] for a buffer that this submission did not fill.
    pub fn read<T>(&self, buffer: &Buffer, look: impl FnOnce(&[u8]) -> T) -> Result<T, GpuError> {
        self.wait()?;
        self.find(buffer)?;
        let (label, size) = (buffer.label(), buffer.size());
        let view = self.driver.mapped(label, || buffer.0.raw.get_mapped_range(..size.next_multiple_of(4)))?;
        let used = usize::try_from(size).unwrap_or(usize::MAX).min(view.len());
        Ok(look(&view[..used]))
    }

    /// Waits, then copies a texture's rows out of a read-back buffer without their padding.
    ///
    /// # Errors
    /// As [`read`](Self::read); [`GpuError::Usage`] unless `out` is width × height × bytes a texel long and the buffer
    /// was filled from a texture.
    pub fn read_texture_into(&self, buffer: &Buffer, out: &mut [u8]) -> Result<(), GpuError> {
        let label = buffer.label();
        let Some(rows) = self.find(buffer)?.rows else {
            return Err(GpuError::usage(label, "it was not filled from a texture"));
        };
        let (row, stride, count) = (rows.bytes as usize, rows.stride as usize, rows.count as usize);
        if out.len() != row * count {
            let message = format!("the texture has {} bytes and the destination {}", row * count, out.len());
            return Err(GpuError::usage(label, message));
        }
        self.read(buffer, |bytes| {
            for (to, from) in out.chunks_exact_mut(row).zip(bytes.chunks(stride)) {
                to.copy_from_slice(&from[..row]);
            }
        })
    }

    fn find(&self, buffer: &Buffer) -> Result<&Read, GpuError> {
        let found = self.reads.iter().find(|read| read.buffer.is_same(buffer));
        found.ok_or_else(|| GpuError::usage(buffer.label(), "this submission does not read into it"))
    }

    /// Milliseconds of each dispatch, in order, waiting if need be. `None` when timing was not asked for, the device
    /// cannot, or the work failed.
    #[must_use]
    pub fn timings(&self) -> Option<Vec<f32>> {
        let timer = self.timer.as_ref()?;
        self.wait().ok()?;
        let size = Timer::bytes(self.passes);
        let view = self.driver.mapped("timestamps", || timer.readable.get_mapped_range(..size)).ok()?;
        Some(Timer::milliseconds(&view, self.driver.queue.get_timestamp_period()))
    }
}

impl Drop for Submission {
    fn drop(&mut self) {
        // Unmapping also cancels a mapping that is still to come. On a lost device there is nothing to unmap.
        let _ = self.driver.scoped("read-back", |_| {
            if self.index.is_some() {
                self.reads.iter().for_each(|read| read.buffer.0.raw.unmap());
                self.timer.iter().for_each(|timer| timer.readable.unmap());
            }
        });
        self.reads.iter().for_each(|read| release(&read.buffer));
        if let Some(timer) = self.timer.take() {
            self.timers.give(timer);
        }
    }
}
