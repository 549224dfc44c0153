//! A device that somebody else opened, the window's for instance, for us to compute on.
//!
//! Whatever we leave in a texture there can be drawn without a copy. Its limits were chosen by others, so they are
//! looked at before anything is built; the loss of the device is noted once, for all that was ever built on it.

use std::sync::Arc;
use std::time::Duration;

use super::adapter::{AdapterReport, Found, choose, usable};
use super::driver::Faults;
use super::gpu::limits_from;
use super::{GpuError, GpuOptions};

/// A device to share: wgpu's, and what is known of it. Clones are the same device.
///
/// It takes over the device's handlers of uncaptured errors and of its loss.
#[derive(Clone)]
pub struct SharedDevice {
    pub(super) device: wgpu::Device,
    pub(super) queue: wgpu::Queue,
    pub(super) faults: Arc<Faults>,
    pub(super) longest: Duration,
    report: AdapterReport,
    unfit: Option<String>,
}

/// Half of a window's frame at 60/s.
const LONGEST_SUBMISSION: Duration = Duration::from_millis(8);

impl SharedDevice {
    /// A device with its queue, and the adapter that it was made of. [`wanted_device`] asks an adapter for one that fits.
    #[must_use]
    pub fn new(adapter: &wgpu::Adapter, device: wgpu::Device, queue: wgpu::Queue) -> Self {
        let report = AdapterReport::of(&device.adapter_info(), &device.limits(), device.features());
        let unfit = unfit(adapter, &device.limits());
        let faults = Faults::of(&device);
        let longest = if report.software { Duration::MAX } else { LONGEST_SUBMISSION };
        Self { device, queue, faults, longest, report, unfit }
    }

    /// Opens a device to share, where there is no window that has one.
    ///
    /// # Errors
    /// As [`Gpu::open`](super::Gpu::open).
    pub fn open(options: &GpuOptions) -> Result<Self, GpuError> {
        let Found { adapter, report, .. } = choose(options)?;
        let wanted = wanted_device(&adapter, &wgpu::Limits::downlevel_defaults());
        let opened = pollster::block_on(adapter.request_device(&wanted));
        let (device, queue) =
            opened.map_err(|error| GpuError::Open { adapter: report.name, message: error.to_string() })?;
        Ok(Self::new(&adapter, device, queue))
    }

    /// How long the work of one submission may be, for the host's own to come between: 8 ms, and without end on a software
    /// rasterizer, where the host's own is what takes long.
    #[must_use]
    pub fn with_longest_submission(self, longest: Duration) -> Self {
        Self { longest, ..self }
    }

    /// What is known of the device.
    #[must_use]
    pub fn report(&self) -> &AdapterReport {
        &self.report
    }

    /// What it lacks for computing effects on it; nothing if it will do.
    #[must_use]
    pub fn unfit(&self) -> Option<&str> {
        self.unfit.as_deref()
    }
}

impl std::fmt::Debug for SharedDevice {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SharedDevice").field("report", &self.report).field("unfit", &self.unfit).finish_non_exhaustive()
    }
}

/// What a device of these limits lacks.
fn unfit(adapter: &wgpu::Adapter, limits: &wgpu::Limits) -> Option<String> {
    if !usable(adapter) {
        return Some("it has no compute shaders that store pictures".to_owned());
    }
    // What our shaders are written for; of what only rendering needs nothing is asked.
    let portable = wgpu::Limits::downlevel_defaults();
    let needed = [
        ("invocations a workgroup", portable.max_compute_invocations_per_workgroup),
        ("bytes of workgroup memory", portable.max_compute_workgroup_storage_size),
        ("workgroups a side", portable.max_compute_workgroups_per_dimension),
        ("storage buffers a shader", portable.max_storage_buffers_per_shader_stage),
        ("storage textures a shader", portable.max_storage_textures_per_shader_stage),
        ("pictures a shader", portable.max_sampled_textures_per_shader_stage),
    ];
    let has = [
        limits.max_compute_invocations_per_workgroup,
        limits.max_compute_workgroup_storage_size,
        limits.max_compute_workgroups_per_dimension,
        limits.max_storage_buffers_per_shader_stage,
        limits.max_storage_textures_per_shader_stage,
        limits.max_sampled_textures_per_shader_stage,
    ];
    let short = needed.iter().zip(has).find(|((_, needed), has)| has < needed);
    short.map(|((what, needed), has)| format!("it has {has} {what} and {needed} are needed"))
}

/// The device that a host should ask an adapter for so that it can be shared: what computing profits from, and no less
/// than the `least` that the host needs itself, within what the adapter has.
#[must_use]
pub fn wanted_device(adapter: &wgpu::Adapter, least: &wgpu::Limits) -> wgpu::DeviceDescriptor<'static> {
    let limits = adapter.limits();
    wgpu::DeviceDescriptor {
        label: Some("bowerbird"),
        required_features: adapter.features() & OPTIONAL,
        required_limits: limits_from(&limits).or_better_values_from(least).or_worse_values_from(&limits),
        ..Default::default()
    }
}

/// Features that are used where the adapter has them.
pub(super) const OPTIONAL: wgpu::Features = wgpu::Features::TIMESTAMP_QUERY.union(wgpu::Features::SHADER_F16);
