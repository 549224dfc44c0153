//! A generated shader, and what it is printed for.

use crate::frame::Frame;
use crate::graph::NodeId;
use crate::ir::Precision;
use crate::plan::Buffer;
use std::collections::BTreeMap;

/// Vectors of the uniform buffer before those of the operations: the region, the frame, then one a picture.
pub(super) const HEADER: usize = 2;

/// What a pass writes on the GPU.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Result {
    /// A texture of 8-bit codes.
    Codes,
    /// A texture of half floats.
    Half,
    /// A texture of floats.
    Float,
    /// Counts in a buffer.
    Counts,
    /// Entries of the table buffer.
    Table,
}

impl Result {
    pub(super) fn texel(self) -> &'static str {
        match self {
            Self::Codes => "rgba8unorm",
            Self::Half => "rgba16float",
            _ => "rgba32float",
        }
    }
}

/// The shader of a dispatch and what it binds.
#[derive(Clone, Debug)]
pub(super) struct Shader {
    pub(super) wgsl: String,
    /// The pictures it reads, in the order of their bindings.
    pub(super) pictures: Vec<Buffer>,
    /// Where the uniforms of each operation start, in floats behind the header.
    pub(super) uniforms: BTreeMap<NodeId, usize>,
    /// Floats of uniforms behind the header.
    pub(super) uniform_count: usize,
    /// Vectors of weights behind the uniforms: of offset 0, 1, … along x and y.
    pub(super) weights: usize,
    pub(super) reads_tables: bool,
    /// Whether it reads scratch of the pass, bound behind the pictures.
    pub(super) reads_scratch: bool,
    pub(super) result: Result,
}

impl Shader {
    /// Vectors of the uniform buffer.
    pub(super) fn vectors(&self) -> usize {
        HEADER + self.pictures.len() + usize::from(self.reads_scratch) + self.uniform_count.div_ceil(4) + self.weights
    }
}

/// What shaders are printed for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Setting<'a> {
    pub(super) frame: &'a Frame,
    pub(super) precision: Precision,
    /// Whether the result is 8-bit codes.
    pub(super) codes: bool,
    /// Bytes of memory that a workgroup may share.
    pub(super) memory: u32,
}

impl Setting<'_> {
    /// The memory that every device has, by the limits that wgpu calls downlevel.
    pub(super) const LEAST_MEMORY: u32 = 16_352;
}
