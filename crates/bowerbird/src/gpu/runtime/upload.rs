//! Writes from the processor, through pooled chunks of mapped memory.
//!
//! wgpu's own `write_texture` allocates a staging buffer at every call. Here a write copies the bytes into an open chunk
//! at once and notes the transfer; the next submit runs all noted transfers before its dispatches, in the order of the
//! writes, and the chunks come back when the device is done with them. So a frame's pictures and uniforms cost no
//! allocation after the first frames.

use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex};

use super::driver::{Driver, lock};
use super::memory::{BufferKey, Memory};
use super::resource::Rows;
use super::{Buffer, Gpu, GpuError, Texture};

/// Small writes share a chunk of this size.
const CHUNK: u64 = 1 << 16;
/// Where a write may start in a chunk: enough for every texture format and for whole cache lines.
const ALIGN: u64 = 256;

struct Chunk {
    key: BufferKey,
    raw: wgpu::Buffer,
    used: u64,
}

enum Target {
    Texture(Texture, Rows),
    Buffer { buffer: Buffer, offset: u64, size: u64 },
}

struct Pending {
    chunk: wgpu::Buffer,
    start: u64,
    target: Target,
}

const IN_FLIGHT: u8 = 0;
const MAPPED: u8 = 1;
const FAILED: u8 = 2;

#[derive(Default)]
pub(super) struct State {
    /// Chunks with noted writes; some have room for more.
    open: Vec<Chunk>,
    pending: Vec<Pending>,
    /// Chunks that the device reads, until their flag says that they are mapped again.
    flying: Vec<(Chunk, Arc<AtomicU8>)>,
}

pub(super) struct Uploads {
    memory: Arc<Memory>,
    state: Mutex<State>,
}

impl Uploads {
    pub(super) fn new(memory: Arc<Memory>) -> Self {
        Self { memory, state: Mutex::new(State::default()) }
    }

    /// Returns the chunks that the device is done with to the pool.
    pub(super) fn reclaim(&self) {
        self.reclaim_from(&mut lock(&self.state));
    }

    fn reclaim_from(&self, state: &mut State) {
        let done = |flag: &AtomicU8| flag.load(Ordering::Acquire);
        for (chunk, flag) in state.flying.extract_if(.., |(_, flag)| done(flag) != IN_FLIGHT) {
            match done(&flag) {
                MAPPED => self.memory.give_buffer(chunk.key, chunk.raw),
                _ => self.memory.forget(chunk.key.size),
            }
        }
    }

    /// Copies `size` bytes into a chunk by `fill` and notes the transfer.
    fn write(
        &self,
        label: &str,
        size: u64,
        target: Target,
        fill: impl FnOnce(wgpu::WriteOnly<'_, [u8]>),
    ) -> Result<(), GpuError> {
        let mut state = lock(&self.state);
        self.reclaim_from(&mut state);
        let fits = |chunk: &Chunk| chunk.key.size - chunk.used >= size;
        if !state.open.iter().any(fits) {
            let usages = wgpu::BufferUsages::MAP_WRITE | wgpu::BufferUsages::COPY_SRC;
            let key = BufferKey::new(usages, size.max(CHUNK), self.memory.driver.limits.max_buffer_size);
            let raw = self.memory.take_buffer(key, "upload")?;
            state.open.push(Chunk { key, raw, used: 0 });
        }
        let Some(chunk) = state.open.iter_mut().find(|chunk| fits(chunk)) else {
            return Err(GpuError::usage(label, format!("a write of {size} bytes is over the largest buffer")));
        };
        let start = chunk.used;
        let driver = &self.memory.driver;
        let mut mapped = driver.mapped(label, || chunk.raw.get_mapped_range_mut(start..start + size))?;
        fill(mapped.slice(..));
        drop(mapped);
        chunk.used = (start + size).next_multiple_of(ALIGN).min(chunk.key.size);
        let chunk = chunk.raw.clone();
        state.pending.push(Pending { chunk, start, target });
        Ok(())
    }

    /// Submits the noted transfers and then `work`, in one go. No other submission comes between, and `after` runs
    /// before any other does.
    pub(super) fn submit<T>(
        &self,
        driver: &Driver,
        work: wgpu::CommandBuffer,
        after: impl FnOnce(wgpu::SubmissionIndex) -> T,
    ) -> Result<T, GpuError> {
        let mut state = lock(&self.state);
        self.reclaim_from(&mut state);
        let State { open, pending, flying } = &mut *state;
        let (pending, open) = (std::mem::take(pending), std::mem::take(open));
        let flags: Vec<_> = open.iter().map(|_| Arc::new(AtomicU8::new(IN_FLIGHT))).collect();
        let result = driver.scoped("submit", |device| {
            let uploads = (!pending.is_empty()).then(|| encode(device, &pending));
            for chunk in &open {
                chunk.raw.unmap();
            }
            let index = driver.queue.submit(uploads.into_iter().chain([work]));
            for (chunk, flag) in open.iter().zip(&flags) {
                let flag = Arc::clone(flag);
                chunk.raw.map_async(wgpu::MapMode::Write, .., move |mapped| {
                    flag.store(if mapped.is_ok() { MAPPED } else { FAILED }, Ordering::Release);
                });
            }
            after(index)
        });
        flying.extend(open.into_iter().zip(flags));
        result
    }
}

fn encode(device: &wgpu::Device, pending: &[Pending]) -> wgpu::CommandBuffer {
    let mut encoder = device.create_command_encoder(&wgpu::CommandEncoderDescriptor { label: Some("uploads") });
    for write in pending {
        match &write.target {
            Target::Texture(texture, rows) => encoder.copy_buffer_to_texture(
                wgpu::TexelCopyBufferInfo {
                    buffer: &write.chunk,
                    layout: wgpu::TexelCopyBufferLayout {
                        offset: write.start,
                        bytes_per_row: Some(rows.stride),
                        rows_per_image: None,
                    },
                },
                texture.0.raw.texture.as_image_copy(),
                texture.extent(),
            ),
            Target::Buffer { buffer, offset, size } => {
                encoder.copy_buffer_to_buffer(&write.chunk, write.start, &buffer.0.raw, *offset, *size);
            }
        }
    }
    encoder.finish()
}

impl Gpu {
    /// Replaces a whole texture by rows of texels that start `bytes_per_row` apart. The bytes are copied now; the
    /// texture changes at the head of the next submit, from whichever thread.
    ///
    /// # Errors
    /// [`GpuError::Usage`] when `bytes` is too short or the rows overlap, and what [`Gpu::buffer`] may say.
    pub fn write_texture(&self, texture: &Texture, bytes: &[u8], bytes_per_row: usize) -> Result<(), GpuError> {
        let label = texture.label();
        self.owns(&texture.0.memory, label)?;
        let rows = Rows::of(&texture.0.key);
        let (row, stride, count) = (rows.bytes as usize, rows.stride as usize, rows.count as usize);
        let needed = bytes_per_row.checked_mul(count - 1).and_then(|lead| lead.checked_add(row));
        if bytes_per_row < row || needed.is_none_or(|needed| needed > bytes.len()) {
            let have = bytes.len();
            let message = format!("{count} rows of {row} bytes, {bytes_per_row} apart, do not fit into {have} bytes");
            return Err(GpuError::usage(label, message));
        }
        let target = Target::Texture(texture.clone(), rows);
        self.shared.uploads.write(label, rows.size(), target, |mut mapped| {
            for (at, source) in bytes.chunks(bytes_per_row).take(count).enumerate() {
                mapped.slice(at * stride..at * stride + row).copy_from_slice(&source[..row]);
            }
        })
    }

    /// Replaces bytes of a buffer from `offset` on; ordered as [`Gpu::write_texture`].
    ///
    /// # Errors
    /// [`GpuError::Usage`] outside the buffer, for a read-back buffer, or unless offset and length are multiples of 4
    /// (a write up to the buffer's end may have any length).
    pub fn write_buffer(&self, buffer: &Buffer, offset: u64, bytes: &[u8]) -> Result<(), GpuError> {
        let label = buffer.label();
        self.owns(&buffer.0.memory, label)?;
        let length = bytes.len() as u64;
        let end = offset.checked_add(length).filter(|end| *end <= buffer.size());
        let Some(end) = end else {
            let message = format!("{length} bytes at {offset} do not fit into {}", buffer.size());
            return Err(GpuError::usage(label, message));
        };
        if buffer.kind() == super::BufferKind::ReadBack {
            return Err(GpuError::usage(label, "a read-back buffer cannot be written"));
        }
        if !offset.is_multiple_of(4) || (!length.is_multiple_of(4) && end != buffer.size()) {
            return Err(GpuError::usage(label, "offset and length must be multiples of 4"));
        }
        if bytes.is_empty() {
            return Ok(());
        }
        // Capacities are multiples of 4, so the padding of an odd tail stays inside.
        let size = length.next_multiple_of(4);
        let target = Target::Buffer { buffer: buffer.clone(), offset, size };
        self.shared.uploads.write(label, size, target, |mut mapped| {
            mapped.slice(..bytes.len()).copy_from_slice(bytes);
            mapped.slice(bytes.len()..).fill(0);
        })
    }

    pub(super) fn owns(&self, memory: &Arc<Memory>, label: &str) -> Result<(), GpuError> {
        if Arc::ptr_eq(memory, &self.shared.memory) {
            Ok(())
        } else {
            Err(GpuError::usage(label, "it belongs to another device"))
        }
    }
}
