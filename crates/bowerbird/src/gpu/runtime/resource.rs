//! Textures and buffers: leases from the pool.
//!
//! A lease is counted by reference: clones share the memory, bind groups keep a clone, and the last one to go returns it
//! to the pool. Returning while the device still works on it is safe, because the queue runs submissions in order. The
//! contents of a fresh lease are unspecified: zeros or somebody's old picture.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::memory::{BufferKey, Memory, RawTexture, TextureKey};
use super::{Gpu, GpuError};

/// The formats of our textures: all of them can be loaded, stored by a shader, and copied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TexelFormat {
    /// Four bytes, 0–255 read as 0–1.
    Rgba8Unorm,
    /// Four half floats.
    Rgba16Float,
    /// Four floats.
    Rgba32Float,
}

impl TexelFormat {
    /// Every format.
    pub const ALL: [Self; 3] = [Self::Rgba8Unorm, Self::Rgba16Float, Self::Rgba32Float];

    /// Bytes a texel.
    #[must_use]
    pub const fn bytes(self) -> u32 {
        match self {
            Self::Rgba8Unorm => 4,
            Self::Rgba16Float => 8,
            Self::Rgba32Float => 16,
        }
    }

    /// The format's name in a WGSL `texture_storage_2d<…, write>`.
    #[must_use]
    pub const fn wgsl(self) -> &'static str {
        match self {
            Self::Rgba8Unorm => "rgba8unorm",
            Self::Rgba16Float => "rgba16float",
            Self::Rgba32Float => "rgba32float",
        }
    }

    /// wgpu's name.
    #[must_use]
    pub const fn wgpu(self) -> wgpu::TextureFormat {
        match self {
            Self::Rgba8Unorm => wgpu::TextureFormat::Rgba8Unorm,
            Self::Rgba16Float => wgpu::TextureFormat::Rgba16Float,
            Self::Rgba32Float => wgpu::TextureFormat::Rgba32Float,
        }
    }
}

/// How a texture's rows lie in a buffer: wgpu wants each to start at a multiple of 256 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Rows {
    pub(super) bytes: u32,
    pub(super) stride: u32,
    pub(super) count: u32,
}

impl Rows {
    pub(super) fn of(key: &TextureKey) -> Self {
        let bytes = key.width * key.format.bytes();
        Self { bytes, stride: bytes.next_multiple_of(wgpu::COPY_BYTES_PER_ROW_ALIGNMENT), count: key.height }
    }

    pub(super) fn size(self) -> u64 {
        u64::from(self.stride) * u64::from(self.count)
    }
}

/// A two-dimensional texture of one level. It can be loaded (`texture_2d<f32>`), stored (`texture_storage_2d`), copied,
/// and shown by a host on the same device.
#[derive(Clone)]
pub struct Texture(pub(super) Arc<TextureLease>);

pub(super) struct TextureLease {
    pub(super) memory: Arc<Memory>,
    pub(super) key: TextureKey,
    pub(super) raw: RawTexture,
    pub(super) label: String,
}

impl Drop for TextureLease {
    fn drop(&mut self) {
        self.memory.give_texture(self.key, self.raw.clone());
    }
}

impl Texture {
    /// Width and height in texels.
    #[must_use]
    pub fn size(&self) -> (u32, u32) {
        (self.0.key.width, self.0.key.height)
    }

    /// The texel format.
    #[must_use]
    pub fn format(&self) -> TexelFormat {
        self.0.key.format
    }

    /// The name it was asked for by.
    #[must_use]
    pub fn label(&self) -> &str {
        &self.0.label
    }

    /// Bytes of its texels.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.0.key.bytes()
    }

    /// Bytes that a read-back buffer for it needs, row padding included.
    #[must_use]
    pub fn read_back_size(&self) -> u64 {
        Rows::of(&self.0.key).size()
    }

    /// wgpu's view, for a host that shows it. Keep the [`Texture`] as long as the view is used.
    #[must_use]
    pub fn view(&self) -> &wgpu::TextureView {
        &self.0.raw.view
    }

    pub(super) fn extent(&self) -> wgpu::Extent3d {
        wgpu::Extent3d { width: self.0.key.width, height: self.0.key.height, depth_or_array_layers: 1 }
    }

    /// Whether it is the same lease, and not another of the same memory.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

/// What a buffer is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BufferKind {
    /// Small, read by shaders through `var<uniform>`.
    Uniform,
    /// Read or written by shaders; may also be bound as a uniform, so a pass can compute another's parameters.
    Storage,
    /// The destination of transfers to the processor.
    ReadBack,
}

impl BufferKind {
    fn usages(self) -> wgpu::BufferUsages {
        use wgpu::BufferUsages as U;
        match self {
            Self::Uniform => U::UNIFORM | U::COPY_DST | U::COPY_SRC,
            Self::Storage => U::STORAGE | U::UNIFORM | U::COPY_DST | U::COPY_SRC,
            Self::ReadBack => U::MAP_READ | U::COPY_DST,
        }
    }
}

/// A buffer of bytes.
#[derive(Clone)]
pub struct Buffer(pub(super) Arc<BufferLease>);

pub(super) struct BufferLease {
    pub(super) memory: Arc<Memory>,
    pub(super) key: BufferKey,
    pub(super) raw: wgpu::Buffer,
    pub(super) kind: BufferKind,
    pub(super) size: u64,
    pub(super) label: String,
    /// A read-back buffer belongs to one submission from the submit until that submission is dropped.
    pub(super) reading: AtomicBool,
}

impl Drop for BufferLease {
    fn drop(&mut self) {
        self.memory.give_buffer(self.key, self.raw.clone());
    }
}

impl Buffer {
    /// The size that was asked for, in bytes.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.0.size
    }

    /// What it is for.
    #[must_use]
    pub fn kind(&self) -> BufferKind {
        self.0.kind
    }

    /// The name it was asked for by.
    #[must_use]
    pub fn label(&self) -> &str {
        &self.0.label
    }

    /// Whether a submission that is still alive owns this read-back buffer.
    #[must_use]
    pub fn is_reading(&self) -> bool {
        self.0.reading.load(Ordering::Acquire)
    }

    pub(super) fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Gpu {
    /// Leases a texture of `width` × `height` texels; its contents are unspecified.
    ///
    /// # Errors
    /// [`GpuError::TooLarge`], [`GpuError::OverBudget`], [`GpuError::OutOfMemory`], [`GpuError::Lost`], or
    /// [`GpuError::Usage`] for an empty size.
    pub fn texture(&self, width: u32, height: u32, format: TexelFormat, label: &str) -> Result<Texture, GpuError> {
        if width == 0 || height == 0 {
            return Err(GpuError::usage(label, format!("a texture of {width}×{height} is empty")));
        }
        let limit = self.limits().max_texture_dimension_2d;
        within(label, "texture side", u64::from(width.max(height)), u64::from(limit))?;
        let memory = &self.shared.memory;
        let key = TextureKey { width, height, format };
        let raw = memory.take_texture(key, label)?;
        let lease = TextureLease { memory: Arc::clone(memory), key, raw, label: label.to_owned() };
        Ok(Texture(Arc::new(lease)))
    }

    /// Leases a buffer of at least `size` bytes; its contents are unspecified.
    ///
    /// # Errors
    /// [`GpuError::TooLarge`], [`GpuError::OverBudget`], [`GpuError::OutOfMemory`], [`GpuError::Lost`], or
    /// [`GpuError::Usage`] for an empty size.
    pub fn buffer(&self, size: u64, kind: BufferKind, label: &str) -> Result<Buffer, GpuError> {
        if size == 0 {
            return Err(GpuError::usage(label, "a buffer of no bytes"));
        }
        let limits = self.limits();
        match kind {
            BufferKind::Uniform => within(label, "uniform buffer", size, limits.max_uniform_buffer_binding_size)?,
            BufferKind::Storage => within(label, "storage buffer", size, limits.max_storage_buffer_binding_size)?,
            BufferKind::ReadBack => {}
        }
        let memory = &self.shared.memory;
        let key = BufferKey::new(kind.usages(), size, limits.max_buffer_size);
        within(label, "buffer", size, key.size)?;
        let raw = memory.take_buffer(key, label)?;
        let (memory, label) = (Arc::clone(memory), label.to_owned());
        Ok(Buffer(Arc::new(BufferLease { memory, key, raw, kind, size, label, reading: AtomicBool::new(false) })))
    }

    /// Leases a read-back buffer that fits a texture.
    ///
    /// # Errors
    /// As [`Gpu::buffer`].
    pub fn read_back_for(&self, texture: &Texture, label: &str) -> Result<Buffer, GpuError> {
        self.buffer(texture.read_back_size(), BufferKind::ReadBack, label)
    }
}

fn within(label: &str, what: &'static str, needed: u64, limit: u64) -> Result<(), GpuError> {
    if needed <= limit { Ok(()) } else { Err(GpuError::TooLarge { label: label.to_owned(), what, needed, limit }) }
}
