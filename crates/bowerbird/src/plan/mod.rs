//! The plan: a graph cut into as few passes as its operations allow.
//!
//! A value is either *pending*, an expression that its consumer computes in passing, or *stored*, a buffer. [`fuse`]
//! decides which, by the rules F1 to F9 of the architecture; [`code`] turns each pass into straight-line code over a
//! few registers; [`region`] derives what part of each buffer an output rectangle needs; [`slots`] lets buffers share
//! memory; [`parts`] says what a device dispatches for a pass. A plan is immutable and can explain itself.

mod code;
mod explain;
mod fuse;
mod parts;
mod region;
mod slots;
mod steps;

pub(crate) use code::{Code, Inst};
pub use explain::{Explanation, PartExplanation, PassExplanation};
pub(crate) use explain::{PixelBytes, explain};
#[cfg(feature = "gpu")]
pub(crate) use parts::{Area, pair};
pub(crate) use parts::{Kernel, Part, Parts, parts, share};
pub(crate) use region::{Rect, Wanted, regions};
pub(crate) use slots::{Slots, assign};
pub use steps::StepTime;
pub(crate) use steps::step_times;

use crate::effect::{Filter, Sampler};
use crate::graph::{Graph, NodeId, Op, TableId, Values, Window};

/// What a backend finds cheap.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Costs {
    /// The dearest expression that a convolution may compute for each pixel it loads.
    pub(crate) convolve_prologue: u32,
    /// The same for running sums, which read a row as it enters, as it leaves, and where they start anew.
    pub(crate) box_prologue: u32,
    /// The same for a convolution down the columns.
    pub(crate) column_prologue: u32,
    /// How many operations a pixel the groups of a convolution may repeat in their margins, where rows meet columns in
    /// the memory of a group; 0 where there is none.
    pub(crate) margin: u32,
    /// The same for a stencil.
    pub(crate) stencil_prologue: u32,
    /// The dearest expression that a warp may compute for each of its taps.
    pub(crate) warp_prologue: u32,
    /// The dearest expression that is computed twice rather than stored.
    pub(crate) duplicate: u32,
    /// Whether both axes of a convolution are one pass.
    pub(crate) pairs: bool,
    /// Whether both axes of the extreme of a square are.
    pub(crate) extreme_pairs: bool,
    /// The most pictures that one pass reads.
    pub(crate) loads: usize,
    /// The most operations in one pass.
    pub(crate) operations: usize,
    /// Whether what lies between passes may be numbers of 16 bits, where the result is codes.
    pub(crate) words: bool,
}

impl Costs {
    /// On the CPU a prologue runs once a loaded pixel, into a scratch row, so neighborhoods take any; a warp reads
    /// stored pixels only. A store and a load move 32 bytes, about what 130 simple operations take; running sums compute a
    /// row some 2.7 times (a guided filter, 3840×2160, two threads: 388 to 271 ms, shadows and highlights 174 to 122).
    pub(crate) const CPU: Self = Self {
        convolve_prologue: u32::MAX,
        box_prologue: 80,
        column_prologue: 0,
        margin: 0,
        stencil_prologue: u32::MAX,
        warp_prologue: 0,
        duplicate: 160,
        pairs: true,
        extreme_pairs: true,
        loads: 64,
        operations: 4096,
        words: true,
    };

    /// On the GPU stencils and convolutions load through the memory of a workgroup and repeat what lies in its margin;
    /// warps, and long lines, would repeat a prologue for every tap. A store and a load move 16 bytes, in the time of at
    /// least 320 operations, and prices count polynomials eight times as high as the functions that the device has.
    pub(crate) const GPU: Self = Self {
        convolve_prologue: 8,
        box_prologue: 8,
        column_prologue: 8,
        margin: 2560,
        stencil_prologue: u32::MAX,
        warp_prologue: 16,
        duplicate: 160,
        pairs: true,
        extreme_pairs: false,
        loads: 12,
        operations: 256,
        words: false,
    };

    /// Every operation on its own: what *unfused* means in tests. Both axes of a convolution are one operation.
    pub(crate) const UNFUSED: Self = Self {
        convolve_prologue: 0,
        box_prologue: 0,
        column_prologue: 0,
        margin: 0,
        stencil_prologue: 0,
        warp_prologue: 0,
        duplicate: 0,
        pairs: true,
        extreme_pairs: true,
        loads: 2,
        operations: 1,
        words: false,
    };
}

/// A picture that a pass reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Buffer {
    /// A picture given from outside.
    Picture(usize),
    /// What was kept of the frame before.
    Past(usize),
    /// The stored result of a node.
    Stored(NodeId),
}

/// The operation of a pass that is not pixel-wise.
#[derive(Clone, Debug)]
pub(crate) struct Head {
    pub(crate) node: NodeId,
    /// The convolution along x that runs in the pass of the one down the columns.
    pub(crate) across: Option<NodeId>,
    /// How its input is computed, for each pixel it loads.
    pub(crate) input: Code,
}

/// Where a pass writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    /// A buffer, for later passes.
    Stored(NodeId),
    /// The result.
    Output,
    /// A table.
    Table(TableId),
}

/// One walk over the pixels.
#[derive(Clone, Debug)]
pub(crate) struct Pass {
    pub(crate) root: NodeId,
    pub(crate) head: Option<Head>,
    pub(crate) body: Code,
    pub(crate) target: Target,
    /// Why the result is stored rather than computed in passing.
    pub(crate) why: String,
    /// Whether the result is read pixel by pixel only, where codes and a table can stand for it.
    pub(crate) is_taken: bool,
    /// Whether whoever reads the result can do so where it is opaque display values in numbers of 16 bits.
    pub(crate) is_for_words: bool,
}

impl Pass {
    /// The buffers that the pass reads at its own pixel, and those it reads elsewhere.
    pub(crate) fn reads(&self) -> (Vec<Buffer>, Vec<Buffer>) {
        let own = self.body.buffers();
        let tapped = self.head.as_ref().map_or_else(Vec::new, |head| head.input.buffers());
        (own, tapped)
    }

    /// Whether what the pass stores are opaque codes where `is_coded` says so of what it reads: extremes, medians and warps
    /// that take the nearest pixel only choose among them. What the next frame reads stays in floats, whatever that frame is in.
    pub(crate) fn stores_codes(&self, graph: &Graph, is_coded: impl Fn(Buffer) -> bool) -> bool {
        let (Target::Stored(node), Some(head)) = (self.target, &self.head) else { return false };
        let chooses = match &graph.nodes[head.node].op {
            Op::Window(window, _) => *window != Window::Bilateral,
            Op::Warp(stage) => matches!(stage.sampler(), Sampler { filter: Filter::Nearest, supersample: 0..=1, .. }),
            _ => false,
        };
        chooses
            && self.body.is_only_head()
            && graph.channels(node).opaque
            && !graph.kept.contains(&node)
            && head.input.plain_load().is_some_and(is_coded)
    }

    /// The picture whose codes, each looked up in a table of what becomes of it, stand for what the pass would store, where
    /// `is_coded` says that they are opaque codes.
    pub(crate) fn stands_for(
        &self,
        graph: &Graph,
        values: &Values,
        scratch: &mut Vec<u8>,
        is_coded: impl Fn(Buffer) -> bool,
    ) -> Option<Buffer> {
        let [Inst::Load { from: from @ Buffer::Picture(0), to }, rest @ ..] = self.body.insts.as_slice() else {
            return None;
        };
        let fits = self.is_taken && *to == self.body.result && is_coded(*from) && graph.channels(self.root).opaque;
        (fits && self.body.separable(graph, values, scratch).0 == rest.len()).then_some(*from)
    }

    /// The nodes that the pass computes, in order.
    pub(crate) fn nodes(&self) -> Vec<NodeId> {
        let mut nodes: Vec<NodeId> =
            self.head.iter().flat_map(|h| h.input.nodes().chain(h.across).chain([h.node])).collect();
        nodes.extend(self.body.nodes());
        nodes
    }
}

/// A graph as passes.
#[derive(Clone, Debug)]
pub(crate) struct Passes(pub(crate) Vec<Pass>);

impl Passes {
    /// Cuts a graph into passes.
    pub(crate) fn new(graph: &Graph, costs: &Costs) -> Self {
        fuse::passes(graph, costs)
    }

    /// The name of an operation that only the CPU has, if there is one.
    #[cfg(feature = "gpu")]
    pub(crate) fn only_on_cpu<'g>(&self, graph: &'g Graph) -> Option<&'g str> {
        let heads = self.0.iter().filter_map(|pass| pass.head.as_ref()).map(|head| &graph.nodes[head.node]);
        heads.into_iter().find(|node| matches!(node.op, Op::Transform(_))).map(|node| node.name.as_str())
    }

    /// The passes that read their input as a whole, into tables, by their places.
    pub(crate) fn reductions(&self) -> impl Iterator<Item = usize> + '_ {
        self.0.iter().enumerate().filter(|(_, pass)| matches!(pass.target, Target::Table(_))).map(|(index, _)| index)
    }

    /// Whether there are any.
    #[cfg(feature = "gpu")]
    pub(crate) fn has_reductions(&self) -> bool {
        self.0.iter().any(|pass| matches!(pass.target, Target::Table(_)))
    }
}

/// Whether a node starts a pass of its own or heads one.
pub(crate) fn is_head(op: &Op) -> bool {
    op.taps()
}
