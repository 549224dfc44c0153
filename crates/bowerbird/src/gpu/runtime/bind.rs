//! Bind groups: which resources a dispatch works on.
//!
//! Count, kinds, formats and aliasing are checked here, against what the pipeline declared, because wgpu would complain
//! only at the submit and in words of its own. A group keeps its resources leased.

use std::num::NonZeroU64;
use std::sync::Arc;

use super::driver::Driver;
use super::{BindingKind, Buffer, BufferKind, Gpu, GpuError, Pipeline, Texture};

/// A resource for one binding.
#[derive(Clone, Copy)]
pub enum Binding<'a> {
    /// For `Uniform`, `StorageRead` and `StorageReadWrite`.
    Buffer(&'a Buffer),
    /// For `Texture` and `StorageTexture`.
    Texture(&'a Texture),
}

impl Binding<'_> {
    fn fits(&self, kind: BindingKind, limits: &wgpu::Limits) -> Result<(), String> {
        match (self, kind) {
            (Self::Texture(_), BindingKind::Texture) => Ok(()),
            (Self::Texture(texture), BindingKind::StorageTexture(format)) if texture.format() == format => Ok(()),
            (Self::Buffer(buffer), BindingKind::Uniform) if buffer.kind() != BufferKind::ReadBack => {
                let limit = limits.max_uniform_buffer_binding_size;
                if buffer.size() <= limit { Ok(()) } else { Err(format!("a uniform is at most {limit} bytes")) }
            }
            (Self::Buffer(buffer), BindingKind::StorageRead | BindingKind::StorageReadWrite)
                if buffer.kind() == BufferKind::Storage =>
            {
                Ok(())
            }
            (Self::Buffer(buffer), _) => Err(format!("it wants {kind:?} and got a {:?} buffer", buffer.kind())),
            (Self::Texture(texture), _) => Err(format!("it wants {kind:?} and got a {:?} texture", texture.format())),
        }
    }

    fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Buffer(a), Self::Buffer(b)) => a.is_same(b),
            (Self::Texture(a), Self::Texture(b)) => a.is_same(b),
            _ => false,
        }
    }

    fn label(&self) -> &str {
        match self {
            Self::Buffer(buffer) => buffer.label(),
            Self::Texture(texture) => texture.label(),
        }
    }
}

fn writes(kind: BindingKind) -> bool {
    matches!(kind, BindingKind::StorageReadWrite | BindingKind::StorageTexture(_))
}

/// Resources bound for pipelines with one list of bindings. Keep it and reuse it.
pub struct BindGroup {
    pub(super) raw: wgpu::BindGroup,
    pub(super) bindings: Vec<BindingKind>,
    pub(super) label: String,
    pub(super) driver: Arc<Driver>,
    _textures: Vec<Texture>,
    _buffers: Vec<Buffer>,
}

impl Gpu {
    /// Binds resources, in the order of the pipeline's bindings. The group also fits other pipelines whose list of
    /// bindings is the same.
    ///
    /// # Errors
    /// [`GpuError::Binding`] names the first binding that does not fit; [`GpuError::Lost`].
    pub fn bind(&self, pipeline: &Pipeline, bindings: &[Binding<'_>], label: &str) -> Result<BindGroup, GpuError> {
        let driver = self.driver();
        driver.check()?;
        if !Arc::ptr_eq(&pipeline.driver, driver) {
            return Err(GpuError::usage(label, "the pipeline belongs to another device"));
        }
        let (wanted, given) = (pipeline.bindings.len(), bindings.len());
        if wanted != given {
            let message = format!("pipeline `{}` has {wanted} bindings and got {given}", pipeline.label);
            return Err(GpuError::binding(label, message));
        }
        for (at, (kind, binding)) in pipeline.bindings.iter().zip(bindings).enumerate() {
            let of = format!("binding {at} (`{}`) of pipeline `{}`", binding.label(), pipeline.label);
            match binding {
                Binding::Buffer(buffer) => self.owns(&buffer.0.memory, label)?,
                Binding::Texture(texture) => self.owns(&texture.0.memory, label)?,
            }
            let fit = binding.fits(*kind, self.limits());
            fit.map_err(|message| GpuError::binding(label, format!("{of}: {message}")))?;
            let earlier = pipeline.bindings.iter().zip(bindings).take(at);
            let clash = |(other, earlier): (&BindingKind, &Binding<'_>)| {
                binding.is_same(earlier) && (writes(*kind) || writes(*other))
            };
            if earlier.into_iter().any(clash) {
                return Err(GpuError::binding(label, format!("{of} is bound twice, once for writing")));
            }
        }
        let entries: Vec<_> = (0..).zip(bindings).map(|(binding, given)| entry(binding, given)).collect();
        let raw = driver.scoped(label, |device| {
            let layout = &pipeline.layout;
            device.create_bind_group(&wgpu::BindGroupDescriptor { label: Some(label), layout, entries: &entries })
        })?;
        Driver::count(&driver.counters.bind_groups);
        let (mut textures, mut buffers) = (Vec::new(), Vec::new());
        for binding in bindings {
            match *binding {
                Binding::Buffer(buffer) => buffers.push(buffer.clone()),
                Binding::Texture(texture) => textures.push(texture.clone()),
            }
        }
        Ok(BindGroup {
            raw,
            bindings: pipeline.bindings.clone(),
            label: label.to_owned(),
            driver: Arc::clone(driver),
            _textures: textures,
            _buffers: buffers,
        })
    }
}

fn entry<'a>(binding: u32, given: &Binding<'a>) -> wgpu::BindGroupEntry<'a> {
    let resource = match *given {
        Binding::Texture(texture) => wgpu::BindingResource::TextureView(&texture.0.raw.view),
        // Not the whole capacity: `arrayLength` must see what was asked for. 16 is the unit of uniform layouts.
        Binding::Buffer(buffer) => wgpu::BindingResource::Buffer(wgpu::BufferBinding {
            buffer: &buffer.0.raw,
            offset: 0,
            size: NonZeroU64::new(match buffer.kind() {
                BufferKind::Uniform => buffer.size().next_multiple_of(16),
                _ => buffer.size().next_multiple_of(4),
            }),
        }),
    };
    wgpu::BindGroupEntry { binding, resource }
}
