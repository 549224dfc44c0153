//! The one thread that compiles: WGSL to a checked module, layout, pipeline.
//!
//! Every answer is an answer: a rejected shader, a dead device and a panicking compiler all resolve the slot, so nobody
//! waits for a job that is gone.

use std::collections::HashMap;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Receiver;
use std::thread::{Builder, JoinHandle};
use std::time::Instant;

use super::driver::Driver;
use super::pipeline::{Key, Pipeline, Slot};
use super::{BindingKind, GpuError};

/// naga's parser recurses on the text, and a user's text may nest deeply.
const STACK: usize = 16 << 20;

pub(super) struct Job {
    pub(super) slot: Arc<Slot>,
    pub(super) label: String,
    pub(super) key: Key,
}

pub(super) fn closed() -> GpuError {
    GpuError::Lost { reason: "the device was closed".to_owned() }
}

pub(super) fn start(driver: Arc<Driver>, jobs: Receiver<Job>, closing: Arc<AtomicBool>) -> io::Result<JoinHandle<()>> {
    let run = move || {
        let mut layouts = Layouts::new();
        for Job { slot, label, key } in jobs {
            let outcome = if closing.load(Ordering::Acquire) {
                Err(closed())
            } else {
                compile(&driver, &mut layouts, label, key)
            };
            slot.resolve(outcome.map(Arc::new));
        }
    };
    Builder::new().name("gpu-compile".to_owned()).stack_size(STACK).spawn(run)
}

type Layouts = HashMap<Vec<BindingKind>, (wgpu::BindGroupLayout, wgpu::PipelineLayout)>;

fn compile(driver: &Arc<Driver>, layouts: &mut Layouts, label: String, key: Key) -> Result<Pipeline, GpuError> {
    let start = Instant::now();
    let source = wgpu::ShaderSource::Wgsl(key.wgsl.into());
    let module = driver.scoped(&label, |device| {
        device.create_shader_module(wgpu::ShaderModuleDescriptor { label: Some(&label), source })
    });
    let module = module.map_err(rejected)?;
    let (group, whole) = if let Some(known) = layouts.get(&key.bindings) {
        known.clone()
    } else {
        let made = driver.scoped(&label, |device| layout(device, &key.bindings)).map_err(rejected)?;
        layouts.entry(key.bindings.clone()).or_insert(made).clone()
    };
    let raw = driver.scoped(&label, |device| {
        device.create_compute_pipeline(&wgpu::ComputePipelineDescriptor {
            label: Some(&label),
            layout: Some(&whole),
            module: &module,
            entry_point: Some(&key.entry),
            compilation_options: wgpu::PipelineCompilationOptions::default(),
            cache: None,
        })
    });
    let raw = raw.map_err(rejected)?;
    Driver::count(&driver.counters.pipelines);
    tracing::debug!(label, milliseconds = start.elapsed().as_secs_f64() * 1e3, "compiled a pipeline");
    Ok(Pipeline { raw, layout: group, bindings: key.bindings, label, driver: Arc::clone(driver) })
}

fn rejected(error: GpuError) -> GpuError {
    match error {
        GpuError::Device { label, message } => GpuError::Shader { label, message },
        other => other,
    }
}

fn layout(device: &wgpu::Device, bindings: &[BindingKind]) -> (wgpu::BindGroupLayout, wgpu::PipelineLayout) {
    let entries: Vec<_> = (0..).zip(bindings).map(|(binding, kind)| entry(binding, *kind)).collect();
    let group = device.create_bind_group_layout(&wgpu::BindGroupLayoutDescriptor { label: None, entries: &entries });
    let whole = device.create_pipeline_layout(&wgpu::PipelineLayoutDescriptor {
        label: None,
        bind_group_layouts: &[Some(&group)],
        immediate_size: 0,
    });
    (group, whole)
}

fn entry(binding: u32, kind: BindingKind) -> wgpu::BindGroupLayoutEntry {
    let buffer = |ty| wgpu::BindingType::Buffer { ty, has_dynamic_offset: false, min_binding_size: None };
    let ty = match kind {
        BindingKind::Uniform => buffer(wgpu::BufferBindingType::Uniform),
        BindingKind::StorageRead => buffer(wgpu::BufferBindingType::Storage { read_only: true }),
        BindingKind::StorageReadWrite => buffer(wgpu::BufferBindingType::Storage { read_only: false }),
        BindingKind::Texture => wgpu::BindingType::Texture {
            sample_type: wgpu::TextureSampleType::Float { filterable: false },
            view_dimension: wgpu::TextureViewDimension::D2,
            multisampled: false,
        },
        BindingKind::StorageTexture(format) => wgpu::BindingType::StorageTexture {
            access: wgpu::StorageTextureAccess::WriteOnly,
            format: format.wgpu(),
            view_dimension: wgpu::TextureViewDimension::D2,
        },
    };
    wgpu::BindGroupLayoutEntry { binding, visibility: wgpu::ShaderStages::COMPUTE, ty, count: None }
}
