//! The pool behind every texture and buffer: one byte budget over what is leased and what waits.
//!
//! A wanted resource is taken from the waiting ones if one fits exactly (a texture by size and format, a buffer by use
//! and rounded size), the most recently used first. Otherwise waiting ones are freed, least recently used first, until
//! the new one fits under the budget. If the driver itself is out of memory, everything that waits is freed and the
//! creation is tried once more.
//!
//! The list of waiting things is short (tens), so it is searched linearly.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use super::driver::{Driver, lock};
use super::{GpuError, TexelFormat};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TextureKey {
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) format: TexelFormat,
}

impl TextureKey {
    pub(super) fn bytes(&self) -> u64 {
        u64::from(self.width) * u64::from(self.height) * u64::from(self.format.bytes())
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct BufferKey {
    pub(super) usages: wgpu::BufferUsages,
    pub(super) size: u64,
}

impl BufferKey {
    /// Small sizes round up to powers of two, larger ones to 64 KiB, so that near misses share memory at little waste.
    pub(super) fn new(usages: wgpu::BufferUsages, size: u64, limit: u64) -> Self {
        const STEP: u64 = 1 << 16;
        let rounded = match size {
            ..=STEP => size.next_power_of_two().max(256),
            _ => size.checked_next_multiple_of(STEP).unwrap_or(size),
        };
        Self { usages, size: rounded.min(limit & !3) }
    }
}

#[derive(Clone)]
pub(super) struct RawTexture {
    pub(super) texture: wgpu::Texture,
    pub(super) view: wgpu::TextureView,
}

struct Waiting<K, T> {
    key: K,
    value: T,
    bytes: u64,
    since: u64,
}

/// Waiting resources of one type, oldest first.
struct Idle<K, T>(VecDeque<Waiting<K, T>>);

impl<K: PartialEq, T> Idle<K, T> {
    fn take(&mut self, key: &K) -> Option<T> {
        let at = self.0.iter().rposition(|waiting| waiting.key == *key)?;
        self.0.remove(at).map(|waiting| waiting.value)
    }

    fn oldest(&self) -> u64 {
        self.0.front().map_or(u64::MAX, |waiting| waiting.since)
    }
}

struct State {
    textures: Idle<TextureKey, RawTexture>,
    buffers: Idle<BufferKey, wgpu::Buffer>,
    live: u64,
    pooled: u64,
    clock: u64,
}

/// What was taken out of the pool to be freed; dropped after the lock is released.
#[derive(Default)]
struct Freed(Vec<RawTexture>, Vec<wgpu::Buffer>);

impl State {
    fn free_oldest(&mut self, freed: &mut Freed) -> bool {
        let bytes = if self.textures.oldest() < self.buffers.oldest() {
            self.textures.0.pop_front().map(|waiting| {
                freed.0.push(waiting.value);
                waiting.bytes
            })
        } else {
            self.buffers.0.pop_front().map(|waiting| {
                freed.1.push(waiting.value);
                waiting.bytes
            })
        };
        self.pooled -= bytes.unwrap_or(0);
        bytes.is_some()
    }

    fn lease(&mut self, bytes: u64) {
        self.pooled -= bytes;
        self.live += bytes;
    }

    fn give_back(&mut self, bytes: u64) -> u64 {
        self.live -= bytes;
        self.pooled += bytes;
        self.clock += 1;
        self.clock
    }
}

pub(super) struct Memory {
    pub(super) driver: Arc<Driver>,
    pub(super) budget: u64,
    state: Mutex<State>,
}

impl Memory {
    pub(super) fn new(driver: Arc<Driver>, budget: u64) -> Self {
        let (textures, buffers) = (Idle(VecDeque::new()), Idle(VecDeque::new()));
        Self { driver, budget, state: Mutex::new(State { textures, buffers, live: 0, pooled: 0, clock: 0 }) }
    }

    /// Bytes leased, bytes waiting.
    pub(super) fn bytes(&self) -> (u64, u64) {
        let state = lock(&self.state);
        (state.live, state.pooled)
    }

    pub(super) fn take_texture(&self, key: TextureKey, label: &str) -> Result<RawTexture, GpuError> {
        self.driver.check()?;
        let waiting = {
            let mut state = lock(&self.state);
            state.textures.take(&key).inspect(|_| state.lease(key.bytes()))
        };
        if let Some(raw) = waiting {
            return Ok(raw);
        }
        let raw = self.create(key.bytes(), label, |device| {
            let texture = device.create_texture(&wgpu::TextureDescriptor {
                label: Some(label),
                size: wgpu::Extent3d { width: key.width, height: key.height, depth_or_array_layers: 1 },
                mip_level_count: 1,
                sample_count: 1,
                dimension: wgpu::TextureDimension::D2,
                format: key.format.wgpu(),
                usage: wgpu::TextureUsages::TEXTURE_BINDING
                    | wgpu::TextureUsages::STORAGE_BINDING
                    | wgpu::TextureUsages::COPY_SRC
                    | wgpu::TextureUsages::COPY_DST,
                view_formats: &[],
            });
            let view = texture.create_view(&wgpu::TextureViewDescriptor::default());
            RawTexture { texture, view }
        })?;
        Driver::count(&self.driver.counters.textures);
        Ok(raw)
    }

    /// A buffer for mapped writing comes mapped; any other comes unmapped.
    pub(super) fn take_buffer(&self, key: BufferKey, label: &str) -> Result<wgpu::Buffer, GpuError> {
        self.driver.check()?;
        let waiting = {
            let mut state = lock(&self.state);
            state.buffers.take(&key).inspect(|_| state.lease(key.size))
        };
        if let Some(raw) = waiting {
            return Ok(raw);
        }
        let raw = self.create(key.size, label, |device| {
            device.create_buffer(&wgpu::BufferDescriptor {
                label: Some(label),
                size: key.size,
                usage: key.usages,
                mapped_at_creation: key.usages.contains(wgpu::BufferUsages::MAP_WRITE),
            })
        })?;
        Driver::count(&self.driver.counters.buffers);
        Ok(raw)
    }

    pub(super) fn give_texture(&self, key: TextureKey, value: RawTexture) {
        let mut state = lock(&self.state);
        let (bytes, since) = (key.bytes(), state.give_back(key.bytes()));
        state.textures.0.push_back(Waiting { key, value, bytes, since });
    }

    pub(super) fn give_buffer(&self, key: BufferKey, value: wgpu::Buffer) {
        let mut state = lock(&self.state);
        let (bytes, since) = (key.size, state.give_back(key.size));
        state.buffers.0.push_back(Waiting { key, value, bytes, since });
    }

    /// Ends a lease whose resource is not worth keeping.
    pub(super) fn forget(&self, bytes: u64) {
        lock(&self.state).live -= bytes;
    }

    pub(super) fn trim(&self, keep: u64) {
        let mut freed = Freed::default();
        let mut state = lock(&self.state);
        while state.pooled > keep && state.free_oldest(&mut freed) {}
        drop(state);
    }

    fn create<T>(&self, bytes: u64, label: &str, make: impl Fn(&wgpu::Device) -> T) -> Result<T, GpuError> {
        self.reserve(bytes, label)?;
        let mut result = self.driver.scoped(label, &make);
        if matches!(result, Err(GpuError::OutOfMemory { .. })) {
            self.trim(0);
            // wgpu frees memory when it polls.
            let polled = self.driver.poll(wgpu::PollType::Poll);
            result = polled.and_then(|_| self.driver.scoped(label, &make));
        }
        result.inspect_err(|_| self.forget(bytes))
    }

    fn reserve(&self, bytes: u64, label: &str) -> Result<(), GpuError> {
        let mut freed = Freed::default();
        let mut state = lock(&self.state);
        let live = state.live;
        if live.checked_add(bytes).is_none_or(|sum| sum > self.budget) {
            return Err(GpuError::OverBudget { label: label.to_owned(), needed: bytes, live, budget: self.budget });
        }
        while live + state.pooled + bytes > self.budget && state.free_oldest(&mut freed) {}
        state.live += bytes;
        drop(state);
        Ok(())
    }
}
