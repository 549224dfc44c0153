//! The rules by which operations share a pass.
//!
//! Nodes are visited from the last to the first, so that all consumers of a node have been placed before it. The
//! *contexts* of a node are the places that would compute it if it stayed pending: the body of a pass, or the
//! prologue of a pass's head.

use super::code::compile;
use super::parts::{Kernel, capacities};
use super::{Buffer, Costs, Head, Pass, Passes, Target, is_head};
use crate::effect::{Edge, Filter, Sampler};
use crate::graph::{Axis, Channels, Colors, Convolve, Graph, NodeId, Op, Reduce, Window};
use crate::image::Transfer;
use std::collections::BTreeSet;

/// Where a pending value would be computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Context {
    Body(NodeId),
    Prologue(NodeId),
}

struct Fuser<'g> {
    graph: &'g Graph,
    costs: &'g Costs,
    /// Why a node is stored, if it is.
    stored: Vec<Option<String>>,
    /// The pass whose head a node is, if it is one.
    heads: Vec<Option<NodeId>>,
    /// The head of each pass.
    head_of: Vec<Option<NodeId>>,
    /// The convolution along x that runs in a pass.
    across_of: Vec<Option<NodeId>>,
    contexts: Vec<BTreeSet<Context>>,
    /// The price of computing a node from stored values only.
    price: Vec<u32>,
    consumers: Vec<Vec<NodeId>>,
}

pub(super) fn passes(graph: &Graph, costs: &Costs) -> Passes {
    let mut forced = BTreeSet::new();
    loop {
        let mut fuser = Fuser::new(graph, costs);
        fuser.place(&forced);
        let passes = fuser.build();
        match over_limit(&passes, costs, &forced) {
            Some(node) => forced.insert(node),
            None => return Passes(passes),
        };
    }
}

/// Rule F9: a pass over the limits is cut in its middle.
fn over_limit(passes: &[Pass], costs: &Costs, forced: &BTreeSet<NodeId>) -> Option<NodeId> {
    passes.iter().find_map(|pass| {
        let (own, tapped) = pass.reads();
        let nodes: Vec<NodeId> = pass.body.nodes().collect();
        let over = own.len() + tapped.len() > costs.loads || nodes.len() > costs.operations;
        let candidates: Vec<NodeId> = nodes.into_iter().filter(|n| *n != pass.root && !forced.contains(n)).collect();
        (over && !candidates.is_empty()).then(|| candidates[candidates.len() / 2])
    })
}

impl<'g> Fuser<'g> {
    fn new(graph: &'g Graph, costs: &'g Costs) -> Self {
        let count = graph.nodes.len();
        let mut consumers = vec![Vec::new(); count];
        let mut price = vec![0u32; count];
        for (index, node) in graph.nodes.iter().enumerate() {
            for input in &node.inputs {
                consumers[*input].push(index);
            }
            for table in &node.tables {
                if let Some(reduction) = graph.tables[*table].filled_by
                    && reduction != index
                {
                    consumers[reduction].push(index);
                }
            }
            if let Op::Pixel(stage) = &node.op {
                let inputs = node.inputs.iter().map(|input| price[*input]).fold(0u32, u32::saturating_add);
                price[index] = inputs.saturating_add(stage.program().cost());
            }
        }
        Self {
            graph,
            costs,
            stored: vec![None; count],
            heads: vec![None; count],
            head_of: vec![None; count],
            across_of: vec![None; count],
            contexts: vec![BTreeSet::new(); count],
            price,
            consumers,
        }
    }

    fn op(&self, node: NodeId) -> &Op {
        &self.graph.nodes[node].op
    }

    fn name(&self, node: NodeId) -> &str {
        &self.graph.nodes[node].name
    }

    fn place(&mut self, forced: &BTreeSet<NodeId>) {
        for node in (0..self.graph.nodes.len()).rev() {
            let is_output = node == self.graph.output;
            let is_kept = self.graph.kept.contains(&node);
            if !is_output && !is_kept && self.consumers[node].iter().all(|c| !self.is_live(*c)) {
                continue;
            }
            self.contexts[node] = self.contexts_of(node);
            let reason = match self.op(node).clone() {
                Op::Source(_) | Op::Past(_) => is_output.then(|| "the result".to_owned()),
                Op::Reduce(_) => Some("a reduction sees the whole picture".into()),
                _ if is_output => Some("the result".into()),
                _ if is_kept => Some("the next frame reads it".into()),
                _ if forced.contains(&node) => Some("F9: the pass would exceed the limits of the device".into()),
                Op::Pixel(_) => self.keep_pixel(node),
                _ if self.joins(node) => None,
                _ => self.keep_head(node),
            };
            if reason.is_some() && (is_head(self.op(node)) || matches!(self.op(node), Op::Reduce(_))) {
                self.head_of[node] = Some(node);
                self.heads[node] = Some(node);
            }
            self.stored[node] = reason;
        }
    }

    fn is_live(&self, node: NodeId) -> bool {
        node == self.graph.output || self.stored[node].is_some() || !self.contexts[node].is_empty()
    }

    /// Where the consumers of a node would compute it.
    fn contexts_of(&self, node: NodeId) -> BTreeSet<Context> {
        let mut out = BTreeSet::new();
        for consumer in self.consumers[node].iter().filter(|c| self.is_live(**c)) {
            if matches!(self.op(node), Op::Reduce(_)) {
                // A table is always stored; who reads it does not matter.
                out.insert(Context::Body(*consumer));
            } else if is_head(self.op(*consumer)) {
                out.insert(Context::Prologue(self.heads[*consumer].unwrap_or(*consumer)));
            } else if self.stored[*consumer].is_some() {
                out.insert(Context::Body(*consumer));
            } else {
                out.extend(self.contexts[*consumer].iter().copied());
            }
        }
        out
    }

    /// Rules F1, F3, F4 and F8 for a pixel-wise node: why it must be stored, or nothing.
    fn keep_pixel(&self, node: NodeId) -> Option<String> {
        let price = self.price[node];
        for context in &self.contexts[node] {
            let Context::Prologue(pass) = context else { continue };
            let head = self.head_of[*pass].unwrap_or(*pass);
            let (limit, rule) = match self.op(head) {
                Op::Stencil(..) => (self.costs.stencil_prologue, "F3"),
                Op::Window(..) => (self.costs.convolve_prologue, "F3"),
                Op::Convolve(Convolve { is_box: true, .. }) if self.costs.margin == 0 && self.ends_a_pass(node) => {
                    (0, "F3")
                }
                Op::Convolve(_) if self.across_of[*pass].is_some() => (self.pair_prologue(*pass, head), "F3"),
                Op::Convolve(Convolve { axis: Axis::X, .. }) => (self.costs.convolve_prologue, "F3"),
                Op::Convolve(_) => (self.costs.column_prologue, "F3"),
                Op::Warp(_) => (self.costs.warp_prologue, "F4"),
                Op::Reduce(Reduce::Cells { .. }) => (0, "F7"),
                _ => (u32::MAX, ""),
            };
            if price > limit {
                return Some(format!(
                    "{rule}: {} reads many pixels of it, and computing each anew costs more than storing them",
                    self.name(head)
                ));
            }
        }
        if self.contexts[node].len() > 1 && price > self.costs.duplicate {
            return Some("F8: several passes need it, and computing it twice costs more than storing it".into());
        }
        if self.costs.operations == 1 {
            return Some("every operation is stored, as asked".into());
        }
        None
    }

    /// Whether a pixel-wise node reads one head, which nothing else reads: one of both is stored for a neighborhood anyway, and
    /// behind the head the node is computed once, where running sums would compute it some 2.7 times.
    fn ends_a_pass(&self, node: NodeId) -> bool {
        let mut heads = BTreeSet::new();
        let mut open = vec![node];
        while let Some(node) = open.pop() {
            for input in &self.graph.nodes[node].inputs {
                match self.op(*input) {
                    Op::Pixel(_) => open.push(*input),
                    op if is_head(op) => {
                        heads.insert(*input);
                    }
                    _ => {}
                }
            }
        }
        heads.len() == 1 && heads.iter().all(|head| self.consumers[*head].len() == 1)
    }

    /// The dearest prologue of a convolution whose axes share a pass. In the memory of a group it is computed once a
    /// loaded pixel, and what lies in the margin of a group is loaded by its neighbors too; a lone axis of a wide box, or
    /// of a Gaussian much wider along the other, would repeat it for every tap.
    fn pair_prologue(&self, pass: NodeId, down: NodeId) -> u32 {
        /// The results of a group along an axis, and how many pixels it halves to them.
        const GROUP: u32 = 16;
        const HALVED: u32 = 2 * GROUP + 3;
        let Some(across) = self.across_of[pass] else { return self.costs.convolve_prologue };
        let Op::Convolve(convolve) = self.op(down) else { return self.costs.convolve_prologue };
        if self.costs.margin == 0 {
            return if convolve.is_box { self.costs.box_prologue } else { self.costs.convolve_prologue };
        }
        let budget = |own: u32, side: u32| self.costs.margin * own * own / (side * side - own * own);
        match capacities(&self.graph.nodes[across], &self.graph.nodes[down]) {
            [x, y] if x.max(y) <= Kernel::MOST => budget(GROUP, GROUP + 2 * x.max(y) as u32),
            [x, y] if x == y && !convolve.is_box => budget(2 * GROUP, HALVED),
            _ => self.costs.convolve_prologue,
        }
    }

    /// Rule F7 has one exception: the axis along x of a separable operation joins the pass of the one down the columns
    /// that alone reads it.
    fn joins(&mut self, node: NodeId) -> bool {
        let [down] = self.consumers[node].as_slice() else { return false };
        let joins = match (self.op(node), self.op(*down)) {
            (Op::Convolve(Convolve { axis: Axis::X, .. }), Op::Convolve(Convolve { axis: Axis::Y, .. })) => {
                self.costs.pairs
            }
            (Op::Window(Window::Line(across, Axis::X), _), Op::Window(Window::Line(along, Axis::Y), _)) => {
                self.costs.extreme_pairs && across == along
            }
            _ => false,
        };
        match self.heads[*down] {
            Some(pass) if joins => {
                self.heads[node] = Some(pass);
                self.across_of[pass] = Some(node);
                true
            }
            _ => false,
        }
    }

    /// Rules F2 and F5 to F7 for a node that reads other pixels than its own.
    fn keep_head(&mut self, node: NodeId) -> Option<String> {
        if self.costs.operations == 1 {
            return Some("every operation is stored, as asked".into());
        }
        let contexts: Vec<Context> = self.contexts[node].iter().copied().collect();
        match contexts.as_slice() {
            [Context::Body(pass)] if self.head_of[*pass].is_none() => {
                self.head_of[*pass] = Some(node);
                self.heads[node] = Some(*pass);
                None
            }
            [Context::Body(pass)] => {
                let other = self.head_of[*pass].map_or("another operation", |head| self.name(head)).to_owned();
                Some(format!("F7: its consumer's pass already belongs to {other}"))
            }
            [Context::Prologue(pass)] => {
                let head = self.head_of[*pass].unwrap_or(*pass);
                let rule = match (self.op(node), self.op(head)) {
                    (Op::Warp(_), Op::Warp(_)) => "F5: two resamplings are not one",
                    (Op::Stencil(..), Op::Stencil(..)) => "F6: neighborhoods of neighborhoods are stored",
                    _ => "F7: its neighbors are needed",
                };
                Some(format!("{rule}, by {}", self.name(head)))
            }
            _ => Some("F8: several passes need it".into()),
        }
    }

    fn build(&self) -> Vec<Pass> {
        let mut passes = Vec::new();
        for root in 0..self.graph.nodes.len() {
            let Some(why) = &self.stored[root] else { continue };
            let target = match self.op(root) {
                Op::Reduce(_) => Target::Table(self.graph.nodes[root].tables[0]),
                _ if root == self.graph.output => Target::Output,
                _ => Target::Stored(root),
            };
            let head = self.head_of[root];
            let is_stored =
                |node: NodeId| self.stored[node].is_some() || matches!(self.op(node), Op::Source(_) | Op::Past(_));
            let histogram = matches!(self.op(root), Op::Reduce(reduce) if !reduce.gathers());
            let input_code = |node: NodeId| compile(self.graph, self.graph.nodes[node].inputs[0], None, &is_stored);
            let (head, body) = if histogram {
                // Its input is computed pixel by pixel, as the body.
                (None, input_code(root))
            } else {
                let head = head.map(|node| {
                    let across = self.across_of[root];
                    Head { node, across, input: input_code(across.unwrap_or(node)) }
                });
                let body = match &head {
                    Some(head) if head.node == root => super::code::only_head(),
                    Some(head) => compile(self.graph, root, Some(head.node), &is_stored_but(root, &is_stored)),
                    None => compile(self.graph, root, None, &is_stored_but(root, &is_stored)),
                };
                (head, body)
            };
            passes.push(Pass { root, head, body, target, why: why.clone(), is_taken: false, is_for_words: false });
        }
        self.mark_taken(&mut passes);
        self.mark_for_words(&mut passes);
        passes
    }

    /// Finds the passes whose results may lie in numbers of 16 bits: opaque display values that are read by bodies, bilinear
    /// warps within the picture, Gaussians, stencils and windows.
    fn mark_for_words(&self, passes: &mut [Pass]) {
        let takes = |head: &Head| match self.op(head.node) {
            Op::Warp(stage) => {
                let Sampler { filter, edge, .. } = stage.sampler();
                filter == Filter::Bilinear && edge != Edge::Transparent
            }
            Op::Convolve(kernel) => !kernel.is_box && head.across.is_some(),
            Op::Stencil(..) | Op::Window(..) => true,
            _ => false,
        };
        let others = passes.iter().filter_map(|pass| pass.head.as_ref()).filter(|head| !takes(head));
        let others: BTreeSet<Buffer> = others.flat_map(|head| head.input.buffers()).collect();
        let words = self.costs.words && !self.graph.counts_levels();
        for pass in passes {
            let Target::Stored(node) = pass.target else { continue };
            let is_kept = self.graph.kept.contains(&node);
            let is_display = self.graph.nodes[node].tag.transfer == Some(Transfer::Display);
            let all = Channels { colors: Colors::Any, opaque: true };
            let has_all = self.graph.channels(node) == all && self.graph.stored_channels(node) == all;
            pass.is_for_words = words && is_display && has_all && !is_kept && !others.contains(&Buffer::Stored(node));
        }
    }

    /// Finds the passes whose results are read pixel by pixel: by bodies, by warps of few taps and by the means of cells.
    fn mark_taken(&self, passes: &mut [Pass]) {
        let takes = |head: &Head| match self.op(head.node) {
            Op::Warp(stage) => stage.sampler().filter != Filter::Bicubic && stage.sampler().supersample <= 1,
            Op::Reduce(reduce) => matches!(reduce, Reduce::Cells { .. }),
            _ => false,
        };
        let heads = passes.iter().filter_map(|pass| pass.head.as_ref());
        let others = heads.filter(|head| head.input.plain_load().is_none() || !takes(head));
        let others: BTreeSet<Buffer> = others.flat_map(|head| head.input.buffers()).collect();
        for pass in passes {
            let Target::Stored(node) = pass.target else { continue };
            let is_kept = self.graph.kept.contains(&node);
            pass.is_taken = pass.head.is_none() && !is_kept && !others.contains(&Buffer::Stored(node));
        }
    }
}

/// The root of a pass is computed in it, though it is stored for others.
fn is_stored_but<'a>(root: NodeId, is_stored: &'a dyn Fn(NodeId) -> bool) -> impl Fn(NodeId) -> bool + 'a {
    move |node| node != root && is_stored(node)
}
