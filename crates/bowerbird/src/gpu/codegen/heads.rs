//! The holes of the templates that heads run through: stencils, windows, warps, tiles and cells. Those of convolutions
//! are in `separable`.

use super::Generator;
use crate::effect::{Edge, Filter, StencilStage, WarpStage};
use crate::effects::stylize::pixelate::{LATTICE, cell_of};
use crate::frame::Frame;
use crate::graph::{Axis, CellShape, Extreme, Neighbors, Node, NodeId, Op, Reduce, Window};
use crate::ir::{Op as Operation, Rec, record};
use crate::plan::Buffer;
use bowerbird_shaders::library as lib;
use core::fmt::Write;

impl Generator<'_> {
    /// What the template of the head needs.
    pub(super) fn head(&mut self, id: NodeId, frame: &Frame) {
        let node = self.node(id).clone();
        match &node.op {
            Op::Stencil(stage, edge) => self.stencil(id, &**stage, *edge),
            Op::Convolve(convolve) => self.axis(id, *convolve),
            Op::Window(window, edge) => self.window(id, &node, *window, *edge),
            Op::Warp(stage) => self.warp(id, &**stage, frame),
            Op::Curves | Op::Reduce(Reduce::Tiles { .. }) => self.tiles(id, &node),
            Op::Reduce(Reduce::Cells { shape, .. }) => self.cells(id, &node, *shape),
            _ => {}
        }
    }

    /// The condition under which an operation runs.
    fn condition(&self, id: NodeId) -> String {
        self.switch(id).unwrap_or_else(|| "true".into())
    }

    fn stencil(&mut self, id: NodeId, stage: &dyn StencilStage, edge: Edge) {
        let condition = self.condition(id);
        let (body, results) = self.recorded(id, stage.program());
        let _ = writeln!(self.out, "const RADIUS: i32 = {};", stage.radius());
        self.out.push_str(lib::BORDER);
        self.border(edge);
        self.out.push_str("fn stencil(p: vec2i) -> vec4f {\n");
        let _ = writeln!(self.out, "    if (!({condition})) {{\n        return tap(0, 0);\n    }}");
        self.out.push_str("    let at = position(p);\n    let cell = cell_of_pixel(p);\n");
        self.out.push_str(&body);
        let _ = writeln!(self.out, "    return vec4f({});\n}}", results.join(", "));
    }

    fn window(&mut self, id: NodeId, node: &Node, window: Window, edge: Edge) {
        self.out.push_str(lib::BORDER);
        self.border(edge);
        let _ = writeln!(self.out, "fn radius() -> i32 {{\n    return i32({});\n}}", self.uniform(id, 0));
        match window {
            Window::Line(extreme, axis) => {
                let (dx, dy) = if axis == Axis::X { (1, 0) } else { (0, 1) };
                let _ = writeln!(self.out, "const DIRECTION = vec2i({dx}, {dy});");
                self.pick(extreme);
            }
            Window::Disc(extreme) => self.pick(extreme),
            Window::Median => {}
            Window::Bilateral => {
                let (count, falloff) = (self.uniform(id, 1), self.uniform(id, 2));
                let _ = writeln!(self.out, "fn neighbors() -> u32 {{\n    return u32({count});\n}}");
                let _ = writeln!(self.out, "fn falloff() -> f32 {{\n    return {falloff};\n}}");
                let entry = |entry: usize| {
                    let index = format!("{}u * k + {entry}u", Neighbors::ENTRIES);
                    self.table_entry(node.tables[0], &index)
                };
                let entries = [0, 1, 2].map(entry).join(", ");
                let _ =
                    writeln!(self.out, "fn offset_and_weight(k: u32) -> vec3f {{\n    return vec3f({entries});\n}}");
            }
        }
        self.out.push_str(lib::NEIGHBOR);
    }

    fn warp(&mut self, id: NodeId, stage: &dyn WarpStage, frame: &Frame) {
        let condition = self.condition(id);
        let (body, results) = self.recorded(id, stage.program());
        let sampler = stage.sampler();
        self.out.push_str(lib::BORDER);
        self.border(sampler.edge);
        let placed = self.pass.head.as_ref().and_then(|head| match head.input.plain_load()? {
            Buffer::Picture(index) => self.graph.own_size(index, [frame.width, frame.height]),
            Buffer::Stored(_) | Buffer::Past(_) => None,
        });
        let size = placed.map_or_else(|| "frame_size()".to_owned(), |[w, h]| format!("vec2i({w}, {h})"));
        let _ = writeln!(self.out, "fn picture_size() -> vec2i {{\n    return {size};\n}}");
        let _ = writeln!(self.out, "const GRID: i32 = {};", sampler.supersample.max(1));
        let _ = writeln!(self.out, "fn is_on() -> bool {{\n    return {condition};\n}}");
        self.out.push_str("fn source_position(at: vec2f, cell: vec2u) -> vec2f {\n");
        self.out.push_str(&body);
        let _ = writeln!(self.out, "    return vec2f({});\n}}", results.join(", "));
        let filter = match sampler.filter {
            Filter::Nearest => "sample_nearest",
            Filter::Bilinear => "sample_bilinear",
            Filter::Bicubic => "sample_bicubic",
        };
        let _ = writeln!(self.out, "fn SAMPLE(at: vec2f) -> vec4f {{\n    return {filter}(at);\n}}");
    }

    fn cells(&mut self, id: NodeId, node: &Node, shape: CellShape) {
        let program = record(|| {
            let lattice: [Rec; LATTICE] = core::array::from_fn(|k| Rec::leaf(Operation::Uniform(k as u16)));
            cell_of(shape, lattice, Rec::leaf(Operation::X), Rec::leaf(Operation::Y)).to_vec()
        });
        let (body, results) = self.recorded(id, &program);
        let number = match shape {
            CellShape::Square => 0,
            CellShape::Hex => 1,
            CellShape::Polar => 2,
        };
        let _ =
            writeln!(self.out, "const SHAPE: i32 = {number};\nconst TABLE: u32 = {}u;", self.places[node.tables[0]]);
        self.out.push_str("fn cell_at(x: f32, y: f32) -> vec2f {\n    let at = vec2f(x, y);\n");
        self.out.push_str(&body);
        let _ = writeln!(self.out, "    return vec2f({});\n}}", results.join(", "));
        self.out.push_str("fn lattice(k: i32) -> f32 {\n    switch k {\n");
        for k in 0..LATTICE {
            let _ = writeln!(self.out, "        case {k}: {{ return {}; }}", self.uniform(id, k));
        }
        self.out.push_str("        default: { return 0.0; }\n    }\n}\n");
    }

    fn tiles(&mut self, id: NodeId, node: &Node) {
        let place = self.places[node.tables[0]];
        let _ = writeln!(self.out, "const TABLE: u32 = {place}u;");
        let [counts, full] = [0, 3].map(|first| [self.uniform(id, first), self.uniform(id, first + 1)].join(", "));
        let _ = writeln!(self.out, "fn tile_counts() -> vec2u {{\n    return vec2u(vec2f({counts}));\n}}");
        let _ = writeln!(self.out, "fn full_size() -> vec2u {{\n    return vec2u(vec2f({full}));\n}}");
        let _ = writeln!(self.out, "fn limit() -> f32 {{\n    return {};\n}}", self.uniform(id, 2));
        self.out.push_str(lib::TILES);
    }

    fn pick(&mut self, extreme: Extreme) {
        let function = if extreme == Extreme::Least { "min" } else { "max" };
        let _ = writeln!(self.out, "fn pick(a: vec4f, b: vec4f) -> vec4f {{\n    return {function}(a, b);\n}}");
    }

    pub(super) fn border(&mut self, edge: Edge) {
        let policy = match edge {
            Edge::Clamp => "clamp",
            Edge::Reflect => "reflect",
            Edge::Wrap => "wrap",
            Edge::Transparent => "transparent",
        };
        let _ = writeln!(self.out, "fn border(i: i32, n: i32) -> i32 {{\n    return border_{policy}(i, n);\n}}");
    }
}
