//! The graph: typed operations and the values between them, before any decision on passes.
//!
//! A chain lowers itself into a [`Graph`] through [`Lowering`]. Every value carries its tag (transfer and alpha), so
//! conversions between domains are inserted here, cancelled here, and are ordinary point operations afterwards.
//! Lowering runs in two modes with one code: building makes nodes; refilling only rewrites their uniforms and
//! tables, and touches nothing else.

mod algebra;
mod channels;
mod kernel;
mod lowering;
mod neighbors;
mod ranges;
mod tiles;

pub(crate) use channels::{Channels, Colors};
pub(crate) use kernel::{Axis, Blur, CellShape, Convolve, Extreme, Finish, Method, Reduce, Transform, Window};
pub(crate) use lowering::{Lowering, Memory, Numbers, Request, is_mixing};
pub(crate) use neighbors::Neighbors;
pub(crate) use ranges::Ranges;
pub(crate) use tiles::{Between, LEVELS, Tiles};

use crate::effect::{PixelStage, StencilStage, Tag, WarpStage};
use crate::image::Image;
use std::sync::Arc;

/// The index of a node.
pub(crate) type NodeId = usize;

/// The index of a table.
pub(crate) type TableId = usize;

/// What a node does.
#[derive(Clone, Debug)]
pub(crate) enum Op {
    /// A picture given from outside: 0 is the source, the rest are layers.
    Source(usize),
    /// What was kept of the frame before, by its number in [`Graph::kept`].
    Past(usize),
    /// A function of the same pixel of its inputs.
    Pixel(Arc<dyn PixelStage>),
    /// A function of a small neighborhood.
    Stencil(Arc<dyn StencilStage>, crate::effect::Edge),
    /// A picture read at computed positions.
    Warp(Arc<dyn WarpStage>),
    /// One axis of a separable convolution.
    Convolve(Convolve),
    /// A function of the window around each pixel.
    Window(Window, crate::effect::Edge),
    /// The pixel's luma through the curves of the tiles around it; table 0 holds them.
    Curves,
    /// A smoothing along the lines of the whole picture.
    Transform(Transform),
    /// A count or a mean over the whole picture, into a table.
    Reduce(Reduce),
}

impl Op {
    /// Whether it reads its first input elsewhere than at its own pixel.
    pub(crate) fn taps(&self) -> bool {
        matches!(
            self,
            Self::Stencil(..)
                | Self::Warp(_)
                | Self::Convolve(_)
                | Self::Window(..)
                | Self::Curves
                | Self::Transform(_)
        ) || matches!(self, Self::Reduce(reduce) if reduce.gathers())
    }
}

/// One operation of the graph.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub(crate) op: Op,
    /// The values it reads.
    pub(crate) inputs: Vec<NodeId>,
    /// How its result is encoded.
    pub(crate) tag: Tag,
    /// What is known of its colors.
    pub(crate) colors: Colors,
    /// The name in plans and shaders.
    pub(crate) name: String,
    /// The places of the steps it is of, one for each matrix of a product; none for what is around the steps.
    pub(crate) steps: Vec<usize>,
    /// Where its uniforms start, and how many there are.
    pub(crate) uniforms: (usize, usize),
    /// Where the switch that an identity setting clears is, if it has one.
    pub(crate) switch: Option<usize>,
    /// The tables it reads, in order.
    pub(crate) tables: Vec<TableId>,
    /// Whether 16-bit floats are too coarse to store its result in.
    pub(crate) fine: bool,
}

/// A table that operations read.
#[derive(Clone, Debug)]
pub(crate) struct TableSlot {
    /// How many entries it has.
    pub(crate) length: usize,
    /// The reduction that fills it, or nothing when the effect did.
    pub(crate) filled_by: Option<NodeId>,
}

/// A chain as operations, together with the numbers they run with.
#[derive(Debug, Default)]
pub(crate) struct Graph {
    pub(crate) nodes: Vec<Node>,
    pub(crate) output: NodeId,
    pub(crate) tables: Vec<TableSlot>,
    /// The pictures besides the source.
    pub(crate) layers: Vec<Arc<Image>>,
    /// The nodes whose results the next frame reads.
    pub(crate) kept: Vec<NodeId>,
    /// The steps that tell what moves, each with the number of what it keeps.
    pub(crate) motion: Vec<(usize, usize)>,
    /// What is stored of each node, should it be.
    stored: Vec<Channels>,
    /// The nodes that stand for chains of matrices.
    products: Vec<algebra::Product>,
    /// Steps and what became of them, for people.
    pub(crate) notes: Vec<String>,
}

/// When a frame is, beside the one before.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Moment {
    /// Seconds since the frame before.
    pub(crate) elapsed: f64,
    /// The time of the frame before.
    pub(crate) before: f64,
    /// Whether there is none: nothing was kept.
    pub(crate) first: bool,
}

impl Moment {
    /// A frame without one before.
    pub(crate) const FIRST: Self = Self { elapsed: 0.0, before: 0.0, first: true };

    /// A frame after one that was at `last`. The first of a clip, and one that is earlier, begin anew.
    pub(crate) fn after(last: f64, frame: &crate::frame::Frame) -> Self {
        if frame.index == 0 || frame.time < last {
            return Self::FIRST;
        }
        Self { elapsed: frame.time - last, before: last, first: false }
    }
}

impl Graph {
    /// Whether pixels are counted by their levels: what lies at the bound of a level, as whole areas may, must not be rounded to
    /// the other side, for all tones would move with them.
    pub(crate) fn counts_levels(&self) -> bool {
        let counts = |node: &Node| matches!(node.op, Op::Reduce(Reduce::Histogram(_) | Reduce::Tiles { .. }));
        self.nodes.iter().any(counts)
    }

    /// The size of a picture from outside that is not that of the frame.
    pub(crate) fn own_size(&self, picture: usize, frame: [u32; 2]) -> Option<[u32; 2]> {
        let layer = self.layers.get(picture.checked_sub(1)?)?;
        let size = [layer.width(), layer.height()];
        (size != frame).then_some(size)
    }
}

/// The numbers that a graph runs with: all that changes when a slider moves.
#[derive(Clone, Debug, Default)]
pub(crate) struct Values {
    pub(crate) uniforms: Vec<f32>,
    pub(crate) tables: Vec<Vec<f32>>,
    /// Counts the refills of each table, so that an upload can be skipped.
    pub(crate) table_versions: Vec<u64>,
    /// Memory for finding the matrix of an operation, kept so that a refill allocates nothing.
    terms: Vec<crate::ir::affine::Term>,
}

impl Values {
    /// Whether the switch of an operation, if it has one, is on.
    pub(crate) fn is_on(&self, node: &Node) -> bool {
        node.switch.is_none_or(|slot| self.uniforms[slot] != 0.0)
    }

    /// The uniforms of an operation.
    pub(crate) fn uniforms_of(&self, node: &Node) -> &[f32] {
        &self.uniforms[node.uniforms.0..node.uniforms.0 + node.uniforms.1]
    }
}
