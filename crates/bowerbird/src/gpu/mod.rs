//! The GPU backend: generated compute shaders over textures.
//!
//! `codegen` prints one shader a pass; `Renderer` keeps everything that a plan needs on the device (pipelines,
//! textures, bind groups) as a `Resident`, so that a warm frame uploads the source and a few uniforms, submits once
//! and reads back, or leaves a [`Picture`] where it is. Nothing here knows an effect, and nothing in [`runtime`] knows a plan.
//!
//! Whatever goes wrong is an error that the engine turns into a rendering on the CPU and a message.

mod build;
mod codegen;
mod motion;
mod picture;
mod render;
mod reshape;
mod resident;
pub mod runtime;
mod shader;

pub use picture::Picture;
pub(crate) use render::Renderer;
pub(crate) use reshape::{Before, Given, Stored};
pub(crate) use resident::Residence;
pub use runtime::{AdapterKind, AdapterReport, SharedDevice, adapters, wanted_device};

use crate::graph::{Graph, Request, Values};
use crate::ir::Precision;
use crate::plan::{Passes, Rect, parts};
use shader::Setting;

/// The shaders of all dispatches, for people and for tests.
pub(crate) fn shaders(
    graph: &Graph,
    values: &Values,
    passes: &Passes,
    request: &Request,
    precision: Precision,
) -> Vec<String> {
    if passes.only_on_cpu(graph).is_some() {
        return Vec::new();
    }
    let frame = &request.frame;
    let codes = precision == Precision::Fast;
    let setting = Setting { frame, precision, codes, memory: Setting::LEAST_MEMORY };
    let whole = Rect::whole(frame.width, frame.height);
    let of = |pass| {
        let parts = parts(graph, values, pass, whole, frame).parts;
        parts.into_iter().map(move |part| codegen::shader(graph, pass, &part, &setting).wgsl)
    };
    let mut texts: Vec<String> = passes.0.iter().flat_map(of).collect();
    texts.dedup();
    texts
}

impl From<runtime::GpuError> for crate::Error {
    fn from(error: runtime::GpuError) -> Self {
        Self::Gpu(error.to_string())
    }
}
