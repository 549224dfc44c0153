//! A small, robust compute layer on wgpu: textures, buffers, pipelines, submissions, and nothing that knows an effect.
//!
//! One decision shaped it: *a graphics driver is input*. It may be absent, slow, out of memory, wrong or gone between two
//! calls, so every wgpu call runs inside error scopes and a panic guard (`driver`), every failure becomes a [`GpuError`]
//! that carries the caller's label, and nothing waits for ever. After a loss each call returns [`GpuError::Lost`] at once
//! and the caller falls back to the CPU.
//!
//! The life of a frame:
//!
//! ```text
//! Gpu::open ─► texture / buffer      leases from a pool under one byte budget; dropped leases are reused
//!           ─► pipeline              compiled by content on one worker thread; the handle is polled or waited for
//!           ─► bind                  one group, binding index = position, kinds checked here
//!           ─► write_texture / write_buffer    into pooled upload chunks; they run at the head of the next submit
//!           ─► submit ─► Submission  dispatches, then transfers; wait, poll, read, per-pass milliseconds
//! ```
//!
//! A caller that keeps its textures, buffers, bind groups and pipelines creates nothing in steady state: uploads,
//! readbacks and timestamp queries are pooled too, and [`GpuCounters`] proves it.
//!
//! It refuses to: render, sample (textures are loaded by integer coordinates), bind more than one group, or run in a
//! browser. [`Gpu`] is a handle, `Send` and `Sync`; clone it freely.

mod adapter;
mod bind;
mod debug;
mod driver;
mod error;
mod gpu;
mod memory;
mod pipeline;
mod resource;
mod shared;
mod submission;
mod submit;
mod timer;
mod upload;
mod worker;

#[cfg(test)]
mod tests;

pub use adapter::{AdapterKind, AdapterReport, adapters};
pub use bind::{BindGroup, Binding};
pub use driver::{Fault, GpuCounters};
pub use error::GpuError;
pub use gpu::{Gpu, GpuOptions};
pub use pipeline::{BindingKind, Pipeline, PipelineHandle, PipelineSpec};
pub use resource::{Buffer, BufferKind, TexelFormat, Texture};
pub use shared::{SharedDevice, wanted_device};
pub use submission::Submission;
pub use submit::{Dispatch, Transfer};
