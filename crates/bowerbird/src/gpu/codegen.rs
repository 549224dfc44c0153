//! WGSL for a dispatch: bindings, one named function an operation, and a template from `shaders/`.
//!
//! A template has holes for the prologue, the head, the epilogue and the store of a pass; a [`Generator`] prints what
//! goes into them, and the template comes behind.

mod bindings;
mod functions;
mod heads;
mod places;
mod results;
mod separable;

pub(super) use places::table_places;
pub(super) use separable::write_weights;

use super::shader::{Setting, Shader};
use crate::graph::{Graph, Node, NodeId, Op, Reduce, Window};
use crate::ir::library;
use crate::plan::{Buffer, Kernel, Part, Pass, Target};
use bowerbird_shaders::kernels;
use core::fmt::Write;
use results::result_of;
use std::collections::BTreeMap;

/// Prints the shader of one dispatch of a pass.
pub(super) fn shader(graph: &Graph, pass: &Pass, part: &Part, setting: &Setting<'_>) -> Shader {
    let (places, _) = table_places(graph);
    let (own, tapped) = pass.reads();
    let tapped = if part.begins() { tapped } else { Vec::new() };
    let mut pictures = if part.ends() { own } else { Vec::new() };
    pictures.extend(tapped.iter().copied());
    pictures.sort_unstable();
    pictures.dedup();
    let result = result_of(graph, pass, part, setting);
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
    wgsl.push_str(&library(setting.precision));
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

/// The text of a shader under way.
struct Generator<'a> {
    graph: &'a Graph,
    pass: &'a Pass,
    part: &'a Part,
    places: &'a [usize],
    out: String,
    pictures: Vec<Buffer>,
    uniforms: BTreeMap<NodeId, usize>,
    uniform_count: usize,
}

impl Generator<'_> {
    fn node(&self, node: NodeId) -> &Node {
        &self.graph.nodes[node]
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
