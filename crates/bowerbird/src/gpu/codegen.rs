//! WGSL for a dispatch: bindings, one named function an operation, and a template from `shaders/`.

use super::shader::{HEADER, Result, Setting, Shader};
use crate::effect::{Edge, Filter};
use crate::effects::stylize::pixelate::{LATTICE, cell_of};
use crate::frame::Frame;
use crate::graph::{Axis, CellShape, Convolve, Extreme, Graph, Neighbors, Node, NodeId, Op, Reduce, TableId, Window};
use crate::ir::{Op as Operation, Precision, Program, Rec, Writer, library, record};
use crate::plan::{Buffer, Code, Inst, Kernel, Part, Pass, Target};
use bowerbird_shaders::{kernels, library as lib};
use core::fmt::Write;
use std::collections::BTreeMap;

/// Where each table starts in the one buffer that holds them all, and how many entries that has.
pub(super) fn table_places(graph: &Graph) -> (Vec<usize>, usize) {
    let mut next = 0;
    let places = graph
        .tables
        .iter()
        .map(|table| {
            let place = next;
            next += table.length;
            place
        })
        .collect();
    (places, next)
}

pub(super) struct Generator<'a> {
    pub(super) graph: &'a Graph,
    pub(super) pass: &'a Pass,
    pub(super) part: &'a Part,
    places: &'a [usize],
    pub(super) out: String,
    pub(super) pictures: Vec<Buffer>,
    uniforms: BTreeMap<NodeId, usize>,
    pub(super) uniform_count: usize,
}

/// Prints the shader of one dispatch of a pass.
pub(super) fn shader(graph: &Graph, pass: &Pass, part: &Part, setting: &Setting<'_>) -> Shader {
    let (places, _) = table_places(graph);
    let (own, tapped) = pass.reads();
    let tapped = if part.begins() { tapped } else { Vec::new() };
    let mut pictures = if part.ends() { own } else { Vec::new() };
    pictures.extend(tapped.iter().copied());
    pictures.sort_unstable();
    pictures.dedup();
    let precision = setting.precision;
    let between = pass.head.as_ref().filter(|_| !part.ends());
    let result = match (pass.target, precision) {
        _ if let Some(head) = between => {
            let coarse = precision == Precision::Fast && !graph.nodes[head.node].fine;
            if coarse { Result::Half } else { Result::Float }
        }
        (Target::Table(_), _) if pass.head.is_none() => Result::Counts,
        (Target::Table(_), _) => Result::Table,
        (Target::Output, _) if setting.codes => Result::Codes,
        (Target::Output, _) | (_, Precision::Precise) => Result::Float,
        (Target::Stored(node), Precision::Fast) if graph.nodes[node].fine => Result::Float,
        (Target::Stored(_), Precision::Fast) => Result::Half,
    };
    let mut generator = Generator {
        graph,
        pass,
        part,
        places: &places,
        out: String::new(),
        pictures,
        uniforms: BTreeMap::new(),
        uniform_count: 0,
    };
    generator.place_uniforms();
    let reads_tables = generator.reads_tables();
    let tapped = tapped.first().and_then(|buffer| generator.pictures.iter().position(|p| p == buffer));
    let mut wgsl = generator.bindings(result, reads_tables, tapped);
    wgsl.push_str(&library(precision));
    if let Op::Reduce(Reduce::Histogram(finish)) = &graph.nodes[pass.root].op {
        let _ = writeln!(wgsl, "const CHANNELS: i32 = {};", finish.histograms());
    }
    generator.functions(setting, result);
    wgsl.push_str(&generator.out);
    wgsl.push_str(generator.template());
    Shader {
        wgsl,
        pictures: generator.pictures.clone(),
        weights: generator.weights(),
        reads_scratch: part.from.is_some(),
        uniforms: generator.uniforms,
        uniform_count: generator.uniform_count,
        reads_tables,
        result,
    }
}

/// The shader that turns counts into an equalizing curve.
pub(super) fn equalize(table: usize) -> String {
    format!("const TABLE: u32 = {table}u;\n{}", kernels::EQUALIZE)
}

impl Generator<'_> {
    pub(super) fn node(&self, node: NodeId) -> &Node {
        &self.graph.nodes[node]
    }

    /// The operations whose uniforms the pass reads: those it runs, and the reduction it is.
    fn operations(&self) -> Vec<NodeId> {
        let mut nodes = match self.part.kernel {
            Some(kernel) => self.part_operations(kernel),
            None => [self.pass.nodes(), vec![self.pass.root]].concat(),
        };
        nodes.sort_unstable();
        nodes.dedup();
        nodes
    }

    fn place_uniforms(&mut self) {
        for id in self.operations() {
            let node = self.node(id);
            // The switch, where there is one, stands before the rest.
            let count = node.uniforms.1 + usize::from(node.switch.is_some());
            self.uniforms.insert(id, self.uniform_count);
            self.uniform_count += count;
        }
    }

    fn reads_tables(&self) -> bool {
        let reads = |id: &NodeId| !self.node(*id).tables.is_empty() && !matches!(self.node(*id).op, Op::Reduce(_));
        self.operations().iter().any(reads)
    }

    fn uniform(&self, id: NodeId, slot: usize) -> String {
        let switch = usize::from(self.node(id).switch.is_some());
        let flat = self.uniforms.get(&id).copied().unwrap_or(0) + switch + slot;
        self.uniform_at(flat)
    }

    fn uniform_at(&self, flat: usize) -> String {
        format!("u[{}].{}", self.header() + flat / 4, ["x", "y", "z", "w"][flat % 4])
    }

    /// Vectors of the uniform buffer before those of the operations.
    pub(super) fn header(&self) -> usize {
        HEADER + self.pictures.len() + usize::from(self.part.from.is_some())
    }

    /// The condition under which an operation runs, if it has a switch.
    fn switch(&self, id: NodeId) -> Option<String> {
        self.node(id).switch?;
        Some(format!("{} != 0.0", self.uniform_at(self.uniforms.get(&id).copied().unwrap_or(0))))
    }

    fn bindings(&self, result: Result, reads_tables: bool, tapped: Option<usize>) -> String {
        let mut out = String::new();
        let vectors = self.header() + self.uniform_count.div_ceil(4) + self.weights();
        let mut binding = 0;
        let mut bind = |text: String| {
            let _ = writeln!(out, "@group(0) @binding({binding}) {text}");
            binding += 1;
        };
        bind(format!("var<uniform> u: array<vec4f, {vectors}>;"));
        if reads_tables {
            bind("var<storage, read> tables: array<f32>;".into());
        }
        for index in 0..self.pictures.len() {
            bind(format!("var picture_{index}: texture_2d<f32>;"));
        }
        if self.part.from.is_some() {
            bind("var scratch: texture_2d<f32>;".into());
        }
        bind(match result {
            Result::Counts => "var<storage, read_write> counts: array<atomic<u32>>;".into(),
            Result::Table => "var<storage, read_write> tables: array<f32>;".into(),
            texture => format!("var target_texture: texture_storage_2d<{}, write>;", texture.texel()),
        });
        if reads_tables {
            out.push_str(
                "fn table(first: u32, last: u32, index: u32) -> f32 {\n    return tables[first + min(index, last)];\n}\n",
            );
        }
        out.push_str("fn region_origin() -> vec2i {\n    return vec2i(u[0].xy);\n}\n");
        out.push_str("fn region_size() -> vec2u {\n    return vec2u(u[0].zw);\n}\n");
        out.push_str("fn frame_size() -> vec2i {\n    return vec2i(u[1].xy);\n}\n");
        out.push_str("fn scale() -> f32 {\n    return u[1].z / u[1].w;\n}\n");
        if let Some(index) = tapped {
            let _ = writeln!(out, "fn input_origin() -> vec2i {{\n    return vec2i(u[{}].xy);\n}}", HEADER + index);
            let _ = writeln!(out, "fn input_size() -> vec2i {{\n    return vec2i(u[{}].zw);\n}}", HEADER + index);
        }
        for index in 0..self.pictures.len() {
            let _ = writeln!(
                out,
                "fn load_{index}(p: vec2i) -> vec4f {{\n    return textureLoad(picture_{index}, p - vec2i(u[{}].xy), 0);\n}}",
                HEADER + index
            );
        }
        out
    }

    /// Coordinates, the operations, and the code of the pass.
    fn functions(&mut self, setting: &Setting<'_>, result: Result) {
        let frame = setting.frame;
        if frame.ratio.0 == frame.ratio.1 {
            self.out.push_str("fn position(p: vec2i) -> vec2f {\n    return vec2f(p) + 0.5;\n}\n");
            self.out.push_str("fn cell_of_pixel(p: vec2i) -> vec2u {\n    return bitcast<vec2u>(p);\n}\n");
        } else {
            let (num, den) = frame.ratio;
            self.out.push_str("fn position(p: vec2i) -> vec2f {\n    return (vec2f(p) + 0.5) * u[1].w / u[1].z;\n}\n");
            let _ = writeln!(
                self.out,
                "fn cell_of_pixel(p: vec2i) -> vec2u {{\n    return (2u * bitcast<vec2u>(p) + 1u) * {den}u / {}u;\n}}",
                2 * num
            );
        }
        let (pass, part) = (self.pass, self.part);
        for id in self.operations() {
            if let Op::Pixel(stage) = &self.node(id).op {
                let stage = stage.clone();
                self.pixel_function(id, stage.program());
            }
        }
        if let Some(head) = &pass.head {
            if part.begins() {
                self.code("prologue", "p: vec2i", &head.input);
            }
            match part.kernel {
                Some(kernel) => self.part_of_convolution(head, kernel, setting.memory),
                None => self.head(head.node, frame),
            }
        }
        if !part.ends() {
            self.out.push_str("fn epilogue(head: vec4f, p: vec2i) -> vec4f {\n    return head;\n}\n");
        } else if !matches!(pass.target, Target::Table(_)) || pass.head.is_none() {
            self.code("epilogue", "head: vec4f, p: vec2i", &pass.body);
        }
        self.store(result);
    }

    fn writer<'w>(&self, table: &'w dyn Fn(u8, &str) -> String, uniform: &'w dyn Fn(u16) -> String) -> Writer<'w> {
        Writer {
            input: &|argument, channel| format!("c{argument}.{}", ["x", "y", "z", "w"][channel as usize]),
            tap: &|dx, dy, channel| format!("tap({dx}, {dy}).{}", ["x", "y", "z", "w"][channel as usize]),
            uniform,
            table,
        }
    }

    /// The body of a recorded operation and the names of its results.
    fn recorded(&self, id: NodeId, program: &Program) -> (String, Vec<String>) {
        let tables: Vec<TableId> = self.node(id).tables.clone();
        let table = |table: u8, index: &str| {
            let id = tables.get(table as usize).copied().unwrap_or(0);
            self.table_entry(id, index)
        };
        let uniform = |slot: u16| self.uniform(id, slot as usize);
        let mut writer = self.writer(&table, &uniform);
        let mut body = String::new();
        writer.body(program, &mut body);
        let results = program.outputs.iter().map(|value| writer.name(program, *value)).collect();
        (body, results)
    }

    /// An entry of a table; beyond its end, the last one.
    fn table_entry(&self, id: TableId, index: &str) -> String {
        let (first, length) = (self.places[id], self.graph.tables[id].length);
        format!("table({first}u, {}u, {index})", length.max(1) - 1)
    }

    fn function_name(&self, id: NodeId) -> String {
        format!("{}_{id}", self.node(id).name)
    }

    fn pixel_function(&mut self, id: NodeId, program: &Program) {
        let (body, results) = self.recorded(id, program);
        let name = self.function_name(id);
        let _ = writeln!(self.out, "fn {name}(c0: vec4f, c1: vec4f, c2: vec4f, at: vec2f, cell: vec2u) -> vec4f {{");
        self.out.push_str(&body);
        let _ = writeln!(self.out, "    return vec4f({});\n}}", results.join(", "));
    }

    /// Straight-line code as a function of a pixel.
    fn code(&mut self, name: &str, arguments: &str, code: &Code) {
        let _ = writeln!(self.out, "fn {name}({arguments}) -> vec4f {{");
        self.out.push_str("    let at = position(p);\n    let cell = cell_of_pixel(p);\n");
        for register in 0..code.registers {
            let _ = writeln!(self.out, "    var r{register} = vec4f(0.0);");
        }
        for inst in &code.insts {
            let line = match inst {
                Inst::Load { from, to } => {
                    let index = self.pictures.iter().position(|p| p == from).unwrap_or(0);
                    format!("r{to} = load_{index}(p);")
                }
                Inst::Head { to } => format!("r{to} = head;"),
                Inst::Copy { from, to } => format!("r{to} = r{from};"),
                Inst::Run { node, to, others } => {
                    let call = format!(
                        "r{to} = {}(r{to}, r{}, r{}, at, cell);",
                        self.function_name(*node),
                        others[0],
                        others[1]
                    );
                    match self.switch(*node) {
                        Some(condition) => format!("if ({condition}) {{ {call} }}"),
                        None => call,
                    }
                }
            };
            let _ = writeln!(self.out, "    {line}");
        }
        let _ = writeln!(self.out, "    return r{};\n}}", code.result);
    }

    /// What the template of the head needs.
    fn head(&mut self, id: NodeId, frame: &Frame) {
        let node = self.node(id).clone();
        let condition = self.switch(id).unwrap_or_else(|| "true".into());
        match &node.op {
            Op::Stencil(stage, edge) => {
                let (body, results) = self.recorded(id, stage.program());
                let _ = writeln!(self.out, "const RADIUS: i32 = {};", stage.radius());
                self.out.push_str(lib::BORDER);
                self.border(*edge);
                self.out.push_str("fn stencil(p: vec2i) -> vec4f {\n");
                let _ = writeln!(self.out, "    if (!({condition})) {{\n        return tap(0, 0);\n    }}");
                self.out.push_str("    let at = position(p);\n    let cell = cell_of_pixel(p);\n");
                self.out.push_str(&body);
                let _ = writeln!(self.out, "    return vec4f({});\n}}", results.join(", "));
            }
            Op::Convolve(kernel) => self.axis(id, *kernel),
            Op::Window(window, edge) => {
                self.out.push_str(lib::BORDER);
                self.border(*edge);
                let _ = writeln!(self.out, "fn radius() -> i32 {{\n    return i32({});\n}}", self.uniform(id, 0));
                match window {
                    Window::Line(extreme, axis) => {
                        let (dx, dy) = if *axis == Axis::X { (1, 0) } else { (0, 1) };
                        let _ = writeln!(self.out, "const DIRECTION = vec2i({dx}, {dy});");
                        self.pick(*extreme);
                    }
                    Window::Disc(extreme) => self.pick(*extreme),
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
                        let _ = writeln!(
                            self.out,
                            "fn offset_and_weight(k: u32) -> vec3f {{\n    return vec3f({entries});\n}}"
                        );
                    }
                }
                self.out.push_str(lib::NEIGHBOR);
            }
            Op::Warp(stage) => {
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
            Op::Curves | Op::Reduce(Reduce::Tiles { .. }) => self.tiles(id, &node),
            Op::Reduce(Reduce::Cells { shape, .. }) => self.cells(id, &node, *shape),
            _ => {}
        }
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

    /// How the result is written; codes are rounded here, half up, whatever the device would do.
    fn store(&mut self, result: Result) {
        let value = match result {
            Result::Codes => "floor(clamp(c, vec4f(0.0), vec4f(1.0)) * 255.0 + 0.5) / 255.0",
            // A device may cut half floats off rather than round them, and over the levels of a pyramid that adds up to
            // half a code; they are rounded to the nearest here, and the store changes nothing. They end at 65504.
            Result::Half if !self.part.ends() => {
                self.out.push_str(
                    "fn to_half(c: vec4f) -> vec4f {\n    \
                     let bits = bitcast<vec4u>(clamp(c, vec4f(-65504.0), vec4f(65504.0)));\n    \
                     return bitcast<vec4f>((bits + 0xfffu + ((bits >> vec4u(13u)) & vec4u(1u))) & vec4u(0xffffe000u));\n}\n",
                );
                "to_half(c)"
            }
            Result::Half => "clamp(c, vec4f(-65504.0), vec4f(65504.0))",
            Result::Float => "c",
            Result::Counts | Result::Table => return,
        };
        self.out.push_str("fn store(p: vec2i, c: vec4f) {\n");
        let _ = writeln!(self.out, "    let value = {value};");
        let shown = match self.pass.target {
            Target::Output if self.part.ends() => "select(vec4f(0.0), value, value.a != 0.0)",
            _ => "value",
        };
        let _ = writeln!(self.out, "    textureStore(target_texture, p - region_origin(), {shown});\n}}");
    }

    fn template(&self) -> &'static str {
        match self.part.kernel {
            None => {}
            Some(Kernel::Both(_) | Kernel::Halve) => return kernels::PAIR,
            Some(Kernel::Grow) => return kernels::GROW,
            Some(Kernel::Line(_)) => return kernels::CONVOLVE,
        }
        match self.pass.head.as_ref().map(|head| &self.node(head.node).op) {
            Some(Op::Stencil(..)) => kernels::STENCIL,
            Some(Op::Convolve(_)) => kernels::CONVOLVE,
            Some(Op::Window(Window::Line(..), _)) => kernels::LINE,
            Some(Op::Window(Window::Disc(_), _)) => kernels::DISC,
            Some(Op::Window(Window::Median, _)) => kernels::MEDIAN,
            Some(Op::Window(Window::Bilateral, _)) => kernels::BILATERAL,
            Some(Op::Warp(_)) => kernels::WARP,
            Some(Op::Curves) => kernels::CURVES,
            Some(Op::Reduce(Reduce::Tiles { .. })) => kernels::TILE_CURVES,
            Some(_) => kernels::CELLS,
            None if matches!(self.pass.target, Target::Table(_)) => kernels::HISTOGRAM,
            None => kernels::POINTS,
        }
    }
}
