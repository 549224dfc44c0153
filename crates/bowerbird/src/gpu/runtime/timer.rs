//! Milliseconds per pass, from timestamp queries, in pooled sets.
//!
//! Software drivers and drivers with coarse clocks give rough figures; a span that would run backward counts as zero.

use std::sync::{Arc, Mutex};

use super::GpuError;
use super::driver::{Driver, lock};

/// Passes that the smallest set can time.
const SMALLEST: u32 = 32;
/// Passes that the largest set can time: wgpu allows 4096 queries a set.
pub(super) const LARGEST: usize = 2048;

/// A set of queries with the buffers that bring its results back.
pub(super) struct Timer {
    capacity: u32,
    pub(super) queries: wgpu::QuerySet,
    resolved: wgpu::Buffer,
    pub(super) readable: wgpu::Buffer,
}

impl Timer {
    /// Records the transfer of the first `passes` results.
    pub(super) fn resolve(&self, encoder: &mut wgpu::CommandEncoder, passes: u32) {
        encoder.resolve_query_set(&self.queries, 0..2 * passes, &self.resolved, 0);
        encoder.copy_buffer_to_buffer(&self.resolved, 0, &self.readable, 0, Self::bytes(passes));
    }

    pub(super) fn bytes(passes: u32) -> u64 {
        u64::from(passes) * 16
    }

    /// `ticks` are begin and end of each pass; `period` is nanoseconds a tick.
    pub(super) fn milliseconds(ticks: &[u8], period: f32) -> Vec<f32> {
        let tick = |bytes: &[u8]| bytemuck::pod_read_unaligned::<u64>(bytes);
        let span = |pass: &[u8]| tick(&pass[8..]).saturating_sub(tick(&pass[..8]));
        #[expect(clippy::cast_precision_loss, reason = "spans are far below 2^24 microseconds' worth of digits")]
        ticks.chunks_exact(16).map(|pass| span(pass) as f32 * period * 1e-6).collect()
    }
}

pub(super) struct Timers {
    driver: Arc<Driver>,
    idle: Mutex<Vec<Timer>>,
}

impl Timers {
    pub(super) fn new(driver: Arc<Driver>) -> Self {
        Self { driver, idle: Mutex::new(Vec::new()) }
    }

    /// `None` where the device has no timestamps, or for more passes than a set holds.
    pub(super) fn take(&self, passes: usize) -> Result<Option<Timer>, GpuError> {
        let Some(passes) = u32::try_from(passes).ok().filter(|passes| *passes as usize <= LARGEST) else {
            return Ok(None);
        };
        if passes == 0 || !self.driver.report.timestamps {
            return Ok(None);
        }
        let capacity = passes.next_power_of_two().max(SMALLEST);
        let waiting = {
            let mut idle = lock(&self.idle);
            idle.iter().position(|timer| timer.capacity == capacity).map(|at| idle.swap_remove(at))
        };
        if waiting.is_some() {
            return Ok(waiting);
        }
        let timer = self.driver.scoped("timestamps", |device| {
            let buffer = |usage| {
                device.create_buffer(&wgpu::BufferDescriptor {
                    label: Some("timestamps"),
                    size: Self::size(capacity),
                    usage,
                    mapped_at_creation: false,
                })
            };
            Timer {
                capacity,
                queries: device.create_query_set(&wgpu::QuerySetDescriptor {
                    label: Some("timestamps"),
                    ty: wgpu::QueryType::Timestamp,
                    count: 2 * capacity,
                }),
                resolved: buffer(wgpu::BufferUsages::QUERY_RESOLVE | wgpu::BufferUsages::COPY_SRC),
                readable: buffer(wgpu::BufferUsages::MAP_READ | wgpu::BufferUsages::COPY_DST),
            }
        })?;
        let counters = &self.driver.counters;
        Driver::count(&counters.query_sets);
        Driver::count(&counters.buffers);
        Driver::count(&counters.buffers);
        Ok(Some(timer))
    }

    pub(super) fn give(&self, timer: Timer) {
        lock(&self.idle).push(timer);
    }

    fn size(capacity: u32) -> u64 {
        Timer::bytes(capacity)
    }
}
