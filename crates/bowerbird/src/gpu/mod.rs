//! The GPU backend: generated compute shaders over textures.
//!
//! `codegen` prints one shader a pass; `Renderer` keeps everything that a plan needs on the device (pipelines,
//! textures, bind groups) as a `Resident`, so that a warm frame uploads the source and a few uniforms, submits once
//! and reads back. Nothing here knows an effect, and nothing in [`runtime`] knows a plan.
//!
//! Whatever goes wrong is an error that the engine turns into a rendering on the CPU and a message.

mod codegen;
mod render;
mod resident;
pub mod runtime;

pub(crate) use render::Renderer;
pub(crate) use resident::Resident;
pub use runtime::{AdapterKind, AdapterReport, adapters};

use crate::graph::{Graph, Request};
use crate::ir::Precision;
use crate::plan::Passes;

/// The shaders of all passes, for people and for tests.
pub(crate) fn shaders(graph: &Graph, passes: &Passes, request: &Request, precision: Precision) -> Vec<String> {
    if passes.only_on_cpu(graph).is_some() {
        return Vec::new();
    }
    let codes = precision == Precision::Fast;
    passes.0.iter().map(|pass| codegen::shader(graph, pass, &request.frame, precision, codes).wgsl).collect()
}

impl From<runtime::GpuError> for crate::Error {
    fn from(error: runtime::GpuError) -> Self {
        Self::Gpu(error.to_string())
    }
}
