//! Which graphics devices this machine offers, best first.
//!
//! One device often appears several times: under Vulkan and OpenGL, or twice under Vulkan when two manifests name one
//! driver. [`adapters`] lists each once, under its best interface; a wanted name is looked up in the full list, so that
//! `gl` or `dx12` can still be asked for. Adapters without compute shaders or without our three storage formats are
//! left out: nothing here could use them.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, OnceLock};

use serde::Serialize;

use super::driver::lock;
use super::resource::TexelFormat;
use super::{GpuError, GpuOptions};

/// What kind of device an adapter is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum AdapterKind {
    /// A graphics card with its own memory.
    Discrete,
    /// A GPU that shares the processor's memory.
    Integrated,
    /// A GPU passed through to a virtual machine.
    Virtual,
    /// The driver did not say.
    Other,
    /// A rasterizer on the processor; our CPU backend is faster.
    Software,
}

/// One adapter, for people and for recipes' reports.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AdapterReport {
    /// The device's name.
    pub name: String,
    /// The driver and its version.
    pub driver: String,
    /// `vulkan`, `metal`, `dx12` or `gl`.
    pub backend: String,
    /// What kind of device it is.
    pub kind: AdapterKind,
    /// Whether it computes on the processor.
    pub software: bool,
    /// Largest width and height of a texture, in texels.
    pub max_texture: u32,
    /// Largest storage buffer that can be bound, in bytes.
    pub max_storage_binding: u64,
    /// Largest number of invocations in a workgroup.
    pub max_invocations: u32,
    /// Whether passes can be timed.
    pub timestamps: bool,
    /// Whether shaders can compute in 16-bit floats.
    pub f16: bool,
}

impl AdapterReport {
    pub(super) fn of(info: &wgpu::AdapterInfo, limits: &wgpu::Limits, features: wgpu::Features) -> Self {
        let kind = kind_of(info);
        Self {
            name: info.name.clone(),
            driver: format!("{} {}", info.driver, info.driver_info).trim().to_owned(),
            backend: info.backend.to_str().to_owned(),
            kind,
            software: kind == AdapterKind::Software,
            max_texture: limits.max_texture_dimension_2d,
            max_storage_binding: limits.max_storage_buffer_binding_size,
            max_invocations: limits.max_compute_invocations_per_workgroup,
            timestamps: features.contains(wgpu::Features::TIMESTAMP_QUERY),
            f16: features.contains(wgpu::Features::SHADER_F16),
        }
    }

    fn matches(&self, wanted: &str) -> bool {
        format!("{} {} {}", self.name, self.driver, self.backend).to_lowercase().contains(&wanted.to_lowercase())
    }
}

/// Some drivers call their rasterizer "other" or "virtual", so names count too.
fn kind_of(info: &wgpu::AdapterInfo) -> AdapterKind {
    let name = info.name.to_lowercase();
    let known = ["llvmpipe", "lavapipe", "softpipe", "swiftshader", "basic render"];
    if known.iter().any(|software| name.contains(software)) {
        return AdapterKind::Software;
    }
    match info.device_type {
        wgpu::DeviceType::DiscreteGpu => AdapterKind::Discrete,
        wgpu::DeviceType::IntegratedGpu => AdapterKind::Integrated,
        wgpu::DeviceType::VirtualGpu => AdapterKind::Virtual,
        wgpu::DeviceType::Cpu => AdapterKind::Software,
        wgpu::DeviceType::Other => AdapterKind::Other,
    }
}

/// The adapters that this runtime can use, each device once, best first. Empty when there is no driver.
#[must_use]
pub fn adapters() -> Vec<AdapterReport> {
    let found = discover();
    let kept = (0..found.len()).filter(|&at| !found[..at].iter().any(|better| better.same_device(&found[at])));
    kept.map(|at| found[at].report.clone()).collect()
}

pub(super) struct Found {
    pub(super) adapter: wgpu::Adapter,
    pub(super) report: AdapterReport,
    bus: String,
}

impl Found {
    fn same_device(&self, other: &Self) -> bool {
        let same_backend = self.report.backend == other.report.backend;
        if same_backend && !self.bus.is_empty() && !other.bus.is_empty() {
            return self.bus == other.bus;
        }
        // OpenGL decorates names ("Mesa …", "…/PCIe/SSE2") and knows no bus; backends write the bus differently.
        let (a, b) = (self.report.name.to_lowercase(), other.report.name.to_lowercase());
        a == b || (!same_backend && (a.contains(&b) || b.contains(&a)))
    }
}

/// The adapter that the options ask for. An adapter that is asked for by name may be software.
pub(super) fn choose(options: &GpuOptions) -> Result<Found, GpuError> {
    let fits = |Found { report, .. }: &Found| match &options.adapter {
        Some(wanted) => report.matches(wanted),
        None => options.allow_software || !report.software,
    };
    // OpenGL is opened only when nothing better will do.
    let good_enough = |found: &Found| fits(found) && (options.adapter.is_some() || !found.report.software);
    if let Some(found) = native().into_iter().find(good_enough) {
        return Ok(found);
    }
    let all = discover();
    let names: Vec<String> = all.iter().map(|f| format!("{} ({})", f.report.name, f.report.backend)).collect();
    let there = if names.is_empty() { "none found".to_owned() } else { format!("found {}", names.join(", ")) };
    let wish = match &options.adapter {
        Some(wanted) => format!("none matches `{wanted}`"),
        None if options.allow_software => "nothing that computes".to_owned(),
        None => "no hardware, and software is not allowed".to_owned(),
    };
    all.into_iter().find(fits).ok_or_else(|| GpuError::NoAdapter { reason: format!("{wish}, {there}") })
}

/// Every usable adapter under every interface, best first.
fn discover() -> Vec<Found> {
    let mut found = native();
    found.extend(portable());
    found.sort_by_key(|found| (found.report.kind, rank(&found.report.backend)));
    found
}

/// The adapters under Vulkan, Metal and DirectX, best first.
fn native() -> Vec<Found> {
    // One instance for the process: loading drivers costs tens of milliseconds, and unloading them at exit is where
    // drivers crash.
    static INSTANCE: OnceLock<Option<wgpu::Instance>> = OnceLock::new();
    let backends = wgpu::Backends::all() - wgpu::Backends::GL;
    let mut found = INSTANCE.get_or_init(|| open_instance(backends)).as_ref().map(list).unwrap_or_default();
    found.sort_by_key(|found| (found.report.kind, rank(&found.report.backend)));
    found
}

/// The adapters under OpenGL, from an instance of their own: all devices of one instance share an EGL context, and wgpu
/// 30 panics when two threads use it at once.
///
/// On Linux only in a session: without a runtime folder there is no display either, and EGL complains about it on
/// standard error with every adapter it looks at.
fn portable() -> Vec<Found> {
    let in_session = std::env::var_os("XDG_RUNTIME_DIR").is_some_and(|folder| std::path::Path::new(&folder).is_dir());
    if cfg!(target_os = "linux") && !in_session {
        return Vec::new();
    }
    open_instance(wgpu::Backends::GL).as_ref().map(list).unwrap_or_default()
}

fn list(instance: &wgpu::Instance) -> Vec<Found> {
    static ENUMERATING: Mutex<()> = Mutex::new(());
    let _one_at_a_time = lock(&ENUMERATING);
    let all = catch_unwind(AssertUnwindSafe(|| {
        let found = pollster::block_on(instance.enumerate_adapters(wgpu::Backends::all()));
        found.into_iter().filter(usable).map(describe).collect()
    }));
    all.unwrap_or_else(|_| {
        tracing::warn!("listing the GPU adapters failed inside the driver layer");
        Vec::new()
    })
}

fn open_instance(backends: wgpu::Backends) -> Option<wgpu::Instance> {
    let mut wanted = wgpu::InstanceDescriptor::new_without_display_handle();
    wanted.backends = backends;
    // No driver-side validation layers, in debug builds neither: they are rarely installed, and wgpu validates itself.
    wanted.flags = wgpu::InstanceFlags::empty();
    catch_unwind(AssertUnwindSafe(|| wgpu::Instance::new(wanted))).ok()
}

pub(super) fn usable(adapter: &wgpu::Adapter) -> bool {
    let compute = adapter.get_downlevel_capabilities().flags.contains(wgpu::DownlevelFlags::COMPUTE_SHADERS);
    compute
        && TexelFormat::ALL.iter().all(|format| {
            let allowed = adapter.get_texture_format_features(format.wgpu()).allowed_usages;
            allowed.contains(wgpu::TextureUsages::STORAGE_BINDING | wgpu::TextureUsages::TEXTURE_BINDING)
        })
}

fn describe(adapter: wgpu::Adapter) -> Found {
    let info = adapter.get_info();
    let report = AdapterReport::of(&info, &adapter.limits(), adapter.features());
    Found { adapter, report, bus: info.device_pci_bus_id }
}

fn rank(backend: &str) -> usize {
    ["metal", "vulkan", "dx12"].iter().position(|known| *known == backend).unwrap_or(3)
}
