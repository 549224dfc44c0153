//! The holes of the templates that convolutions run through: see [`crate::plan::Parts`].

use super::Generator;
use crate::graph::{Axis, Blur, Convolve, Graph, NodeId, Op, Values};
use crate::plan::{Head, Kernel, Part, Pass, pair};
use bowerbird_shaders::library as lib;
use core::fmt::Write;

/// Results along an axis of a workgroup.
const GROUP: usize = 16;

/// The last offset of the binomial filter.
const BINOMIAL: usize = 2;

impl Generator<'_> {
    /// The operations whose uniforms a part reads.
    pub(super) fn part_operations(&self, kernel: Kernel) -> Vec<NodeId> {
        let mut nodes = Vec::new();
        if let Some(head) = &self.pass.head {
            if self.part.begins() {
                nodes.extend(head.input.nodes());
            }
            match kernel {
                Kernel::Line(Axis::X) => nodes.extend(head.across),
                Kernel::Line(Axis::Y) => nodes.push(head.node),
                Kernel::Both(_) | Kernel::Halve | Kernel::Grow => {}
            }
        }
        if self.part.ends() {
            nodes.extend(self.pass.body.nodes());
        }
        nodes
    }

    /// Vectors of weights behind the uniforms. They are not in the table of the plan, for what is left to the coarsest
    /// level of a pyramid has weights of its own.
    pub(super) fn weights(&self) -> usize {
        if let Some(Kernel::Both(reach)) = self.part.kernel { reach + 1 } else { 0 }
    }

    /// What the template of a part needs. `memory` is what a workgroup may share.
    pub(super) fn part_of_convolution(&mut self, head: &Head, kernel: Kernel, memory: u32) {
        if !self.part.begins() {
            self.scratch();
        }
        let id = if kernel == Kernel::Line(Axis::X) { head.across.unwrap_or(head.node) } else { head.node };
        let Op::Convolve(convolve) = self.node(id).op else { return };
        match kernel {
            Kernel::Line(_) => return self.axis(id, convolve),
            Kernel::Both(reach) => {
                let first = self.header() + self.uniform_count.div_ceil(4);
                let _ = writeln!(self.out, "fn weight(k: i32) -> vec2f {{\n    return u[{first} + k].xy;\n}}");
                let _ = writeln!(self.out, "fn radii() -> vec2i {{\n    return vec2i(u[{first}].zw);\n}}");
                self.sizes(1, reach, memory);
            }
            Kernel::Halve => {
                self.out
                    .push_str("fn weight(k: i32) -> vec2f {\n    return vec2f(vec3f(0.375, 0.25, 0.0625)[k]);\n}\n");
                let _ = writeln!(self.out, "fn radii() -> vec2i {{\n    return vec2i({BINOMIAL});\n}}");
                self.sizes(2, BINOMIAL, memory);
            }
            Kernel::Grow => {}
        }
        let settled = if self.node(head.node).tag.is_opaque() { "vec4f(c.rgb, 1.0)" } else { "c" };
        let _ = writeln!(self.out, "fn settle(c: vec4f) -> vec4f {{\n    return {settled};\n}}");
        if !self.part.begins() {
            self.out.push_str("fn input_at(p: vec2i) -> vec4f {\n    return prologue(p);\n}\n");
            return;
        }
        self.out.push_str(lib::BORDER);
        self.border(convolve.edge);
        // Margins of the last groups lie beyond what any pixel of the region needs, and beyond what was loaded.
        self.out.push_str(
            "fn input_at(p: vec2i) -> vec4f {\n    \
             let q = vec2i(border(p.x, frame_size().x), border(p.y, frame_size().y));\n    \
             let inside = clamp(q, input_origin(), input_origin() + input_size() - 1);\n    \
             return select(prologue(inside), vec4f(0.0), q.x < 0 || q.y < 0);\n}\n",
        );
    }

    /// What the template of one axis of a convolution needs.
    pub(super) fn axis(&mut self, id: NodeId, convolve: Convolve) {
        let table = self.node(id).tables[0];
        let _ = writeln!(self.out, "const AXIS: i32 = {};", if convolve.axis == Axis::X { 0 } else { 1 });
        self.out.push_str(lib::BORDER);
        self.border(convolve.edge);
        let entry = self.table_entry(table, "u32(k)");
        let _ = writeln!(self.out, "fn weight(k: i32) -> f32 {{\n    return {entry};\n}}");
        let _ = writeln!(self.out, "fn radius() -> i32 {{\n    return i32({});\n}}", self.uniform(id, 0));
    }

    /// What the part before left, as the input of this one.
    fn scratch(&mut self) {
        let at = self.header() - 1;
        let _ = writeln!(
            self.out,
            "fn prologue(p: vec2i) -> vec4f {{\n    \
             let q = clamp(p - vec2i(u[{at}].xy), vec2i(0), vec2i(u[{at}].zw) - 1);\n    \
             return textureLoad(scratch, q, 0);\n}}"
        );
    }

    /// How far apart results are, their reach, and as many rows at a time as the memory takes: few enough that a group
    /// on the smallest device holds them, up to as many as keep all of its invocations busy.
    fn sizes(&mut self, step: usize, reach: usize, memory: u32) {
        let side = (GROUP - 1) * step + 1 + 2 * reach;
        let bytes = |rows: usize| 16 * (side * rows + GROUP * side);
        let rows = [GROUP, GROUP / 2].into_iter().find(|rows| bytes(*rows) <= memory as usize).unwrap_or(GROUP / 4);
        let _ = writeln!(self.out, "const STEP: i32 = {step};\nconst REACH: i32 = {reach};\nconst ROWS: i32 = {rows};");
    }
}

/// Appends the weights and radii of a part that runs both axes. `coarse` is memory for those of a coarsest level, which
/// are computed here; at full size they are in the tables of the plan.
pub(in crate::gpu) fn write_weights(
    graph: &Graph,
    pass: &Pass,
    part: &Part,
    values: &Values,
    coarse: &mut [Vec<f32>; 2],
    uniforms: &mut Vec<f32>,
) {
    let (Some(Kernel::Both(reach)), Some((across, down, _))) = (part.kernel, pair(graph, pass)) else { return };
    let blur = Blur::of(across, down, values);
    let (radii, [x, y]) = if part.begins() {
        (blur.radii(), [across, down].map(|node| values.tables[node.tables[0]].as_slice()))
    } else {
        blur.fill_coarse(coarse);
        (blur.coarse_radii(), [coarse[0].as_slice(), coarse[1].as_slice()])
    };
    let weight = |weights: &[f32], k: usize| weights.get(k).copied().unwrap_or(0.0);
    let [rx, ry] = radii.map(|radius| radius as f32);
    uniforms.extend((0..=reach).flat_map(|k| [weight(x, k), weight(y, k), rx, ry]));
}
