//! [`Gpu`]: opening a device, and what can be asked about it.
//!
//! The device gets the adapter's limits where they matter to compute and the portable ones elsewhere, because some
//! limits cost memory as such (DirectX sizes its descriptor heaps by them).

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use super::adapter::{Found, choose};
use super::driver::{Driver, Fault, Faults, GpuCounters};
use super::memory::Memory;
use super::pipeline::Pipelines;
use super::shared::{OPTIONAL, SharedDevice};
use super::timer::Timers;
use super::upload::Uploads;
use super::{AdapterReport, GpuError};

/// How to open a GPU.
#[derive(Clone, Debug)]
pub struct GpuOptions {
    /// Part of the name, driver or backend of the wanted adapter, in any case. Naming one allows software.
    pub adapter: Option<String>,
    /// Whether a software rasterizer will do when there is no hardware.
    pub allow_software: bool,
    /// Bytes of textures and buffers, leased and pooled together.
    pub memory_budget: u64,
    /// The longest wait for any one thing.
    pub wait_limit: Duration,
}

impl Default for GpuOptions {
    fn default() -> Self {
        Self { adapter: None, allow_software: false, memory_budget: 1 << 30, wait_limit: Duration::from_secs(60) }
    }
}

pub(super) struct Shared {
    pub(super) driver: Arc<Driver>,
    pub(super) memory: Arc<Memory>,
    pub(super) uploads: Uploads,
    pub(super) pipelines: Pipelines,
    pub(super) timers: Arc<Timers>,
}

/// An open device. A cheap handle: clones share everything, from any thread.
#[derive(Clone)]
pub struct Gpu {
    pub(super) shared: Arc<Shared>,
}

impl Gpu {
    /// Opens the best adapter that the options allow.
    ///
    /// # Errors
    /// [`GpuError::NoAdapter`] or [`GpuError::Open`].
    pub fn open(options: &GpuOptions) -> Result<Self, GpuError> {
        let Found { adapter, report, .. } = choose(options)?;
        let wanted = wgpu::DeviceDescriptor {
            label: Some("bowerbird"),
            required_features: adapter.features() & OPTIONAL,
            required_limits: limits_from(&adapter.limits()),
            // The pool makes few, large allocations; big blocks kept in reserve would only be waste.
            memory_hints: wgpu::MemoryHints::MemoryUsage,
            ..Default::default()
        };
        let opened = pollster::block_on(adapter.request_device(&wanted));
        let (device, queue) =
            opened.map_err(|error| GpuError::Open { adapter: report.name, message: error.to_string() })?;
        let faults = Faults::of(&device);
        Self::assemble(Driver::new(device, queue, faults, options.wait_limit, None), options.memory_budget)
    }

    /// Builds on a device that somebody else opened (the window's); errors of the other user's calls appear in
    /// [`Gpu::faults`].
    ///
    /// # Errors
    /// [`GpuError::Open`] for a device that will not do, and when the compile thread cannot be started;
    /// [`GpuError::Lost`].
    pub fn share(shared: &SharedDevice, options: &GpuOptions) -> Result<Self, GpuError> {
        if let Some(lack) = shared.unfit() {
            return Err(GpuError::Open { adapter: shared.report().name.clone(), message: lack.to_owned() });
        }
        let SharedDevice { device, queue, faults, longest, .. } = shared.clone();
        let driver = Driver::new(device, queue, faults, options.wait_limit, Some(longest));
        driver.check()?;
        Self::assemble(driver, options.memory_budget)
    }

    fn assemble(driver: Driver, budget: u64) -> Result<Self, GpuError> {
        let driver = Arc::new(driver);
        let pipelines = Pipelines::start(&driver)?;
        let memory = Arc::new(Memory::new(Arc::clone(&driver), budget));
        let uploads = Uploads::new(Arc::clone(&memory));
        let timers = Arc::new(Timers::new(Arc::clone(&driver)));
        Ok(Self { shared: Arc::new(Shared { driver, memory, uploads, pipelines, timers }) })
    }

    pub(super) fn driver(&self) -> &Arc<Driver> {
        &self.shared.driver
    }

    /// The adapter, with the limits and features that the device really has.
    #[must_use]
    pub fn report(&self) -> &AdapterReport {
        &self.driver().report
    }

    /// Whether somebody else uses the device too.
    #[must_use]
    pub fn is_shared(&self) -> bool {
        self.driver().shared.is_some()
    }

    /// How long the work of a submission may be on a device that somebody else uses too.
    #[must_use]
    pub fn longest_submission(&self) -> Option<Duration> {
        self.driver().shared
    }

    /// The device's limits.
    #[must_use]
    pub fn limits(&self) -> &wgpu::Limits {
        &self.driver().limits
    }

    /// The byte budget of textures and buffers.
    #[must_use]
    pub fn memory_budget(&self) -> u64 {
        self.shared.memory.budget
    }

    /// wgpu's device, for a host that shares it.
    #[must_use]
    pub fn device(&self) -> &wgpu::Device {
        &self.driver().device
    }

    /// wgpu's queue, for a host that shares it.
    #[must_use]
    pub fn queue(&self) -> &wgpu::Queue {
        &self.driver().queue
    }

    /// Whether the device is gone.
    #[must_use]
    pub fn is_lost(&self) -> bool {
        self.driver().faults.lost_reason().is_some()
    }

    /// Why the device is gone.
    #[must_use]
    pub fn lost_reason(&self) -> Option<String> {
        self.driver().faults.lost_reason().map(str::to_owned)
    }

    /// Errors that the device reported outside any call of ours, each message once.
    #[must_use]
    pub fn faults(&self) -> Vec<Fault> {
        self.driver().faults_seen()
    }

    /// What was created so far and what the memory holds.
    #[must_use]
    pub fn counters(&self) -> GpuCounters {
        let counters = &self.driver().counters;
        let (bytes_live, bytes_pooled) = self.shared.memory.bytes();
        GpuCounters {
            buffers_created: counters.buffers.load(Ordering::Relaxed),
            textures_created: counters.textures.load(Ordering::Relaxed),
            bind_groups_created: counters.bind_groups.load(Ordering::Relaxed),
            pipelines_created: counters.pipelines.load(Ordering::Relaxed),
            query_sets_created: counters.query_sets.load(Ordering::Relaxed),
            bytes_live,
            bytes_pooled,
            submissions: counters.submissions.load(Ordering::Relaxed),
            bytes_read_back: counters.read_back.load(Ordering::Relaxed),
        }
    }

    /// Frees pooled memory, oldest first, until at most `keep` bytes wait in the pool. Useful after a change of size.
    pub fn trim(&self, keep: u64) {
        self.shared.uploads.reclaim();
        self.shared.memory.trim(keep);
    }

    /// Destroys the device, as an unplugged card would; every later call returns [`GpuError::Lost`]. For tests.
    pub fn simulate_loss(&self) {
        self.driver().device.destroy();
        // wgpu calls back only from a later poll, and only when the queue is empty.
        let _ = self.driver().poll(wgpu::PollType::Poll);
        self.driver().faults.lose("destroyed".to_owned());
    }
}

impl std::fmt::Debug for Gpu {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Gpu").field("report", self.report()).field("lost", &self.lost_reason()).finish_non_exhaustive()
    }
}

/// Portable limits, raised to the adapter's where compute profits.
pub(super) fn limits_from(adapter: &wgpu::Limits) -> wgpu::Limits {
    let portable = wgpu::Limits::downlevel_defaults().or_worse_values_from(adapter);
    wgpu::Limits {
        max_texture_dimension_2d: adapter.max_texture_dimension_2d.min(32_768),
        max_bindings_per_bind_group: adapter.max_bindings_per_bind_group.min(1_000),
        max_sampled_textures_per_shader_stage: adapter.max_sampled_textures_per_shader_stage.min(64),
        max_storage_buffers_per_shader_stage: adapter.max_storage_buffers_per_shader_stage.min(32),
        max_storage_textures_per_shader_stage: adapter.max_storage_textures_per_shader_stage.min(32),
        max_uniform_buffers_per_shader_stage: adapter.max_uniform_buffers_per_shader_stage.min(32),
        max_uniform_buffer_binding_size: adapter.max_uniform_buffer_binding_size.min(1 << 16),
        max_storage_buffer_binding_size: adapter.max_storage_buffer_binding_size.min((1 << 31) - 4),
        max_buffer_size: adapter.max_buffer_size.min(1 << 32),
        max_compute_workgroup_storage_size: adapter.max_compute_workgroup_storage_size.min(1 << 16),
        max_compute_invocations_per_workgroup: adapter.max_compute_invocations_per_workgroup.min(1_024),
        max_compute_workgroup_size_x: adapter.max_compute_workgroup_size_x.min(1_024),
        max_compute_workgroup_size_y: adapter.max_compute_workgroup_size_y.min(1_024),
        max_compute_workgroup_size_z: adapter.max_compute_workgroup_size_z.min(64),
        max_compute_workgroups_per_dimension: adapter.max_compute_workgroups_per_dimension.min(65_535),
        ..portable
    }
}
