//! What values the results of operations may have, by the numbers of the moment: what fixed point has to hold.

use super::{Graph, Node, NodeId, Op, Values};
use crate::effect::{Edge, Filter};
use crate::ir::range::{Known, Range, Sources};

/// The ranges of the channels of nodes, and memory to find them.
#[derive(Debug, Default)]
pub(crate) struct Ranges {
    nodes: Vec<[Range; 4]>,
    scratch: Vec<Known>,
}

/// The largest table that is looked through: in less time than a row of pixels takes.
const MOST_ENTRIES: usize = 4096;

/// How far the cubic of [`Filter::Bicubic`] leaves its sixteen pixels on either side, as a part of their range: along an
/// axis the sizes of its weights add up to at most 1¼.
const OVERSHOOT: f64 = (1.25 * 1.25 - 1.0) / 2.0;

impl Graph {
    /// The ranges of the channels of a node, once the tables that it reads are filled. `picture` tells the range of a
    /// picture from outside.
    pub(crate) fn range_of(
        &self,
        node: NodeId,
        values: &Values,
        picture: impl Fn(usize) -> Range,
        ranges: &mut Ranges,
    ) -> [Range; 4] {
        let Ranges { nodes, scratch } = ranges;
        nodes.clear();
        for node in &self.nodes[..=node] {
            let of = |place: usize| node.inputs.get(place).map_or([Range::ANY; 4], |input| nodes[*input]);
            let found = if values.is_on(node) { through(node, values, &picture, of, scratch) } else { of(0) };
            nodes.push(if node.tag.is_opaque() { [found[0], found[1], found[2], ONE] } else { found });
        }
        nodes[node]
    }
}

/// The alpha of what is opaque.
const ONE: Range = Range { low: 1.0, high: 1.0 };

fn through(
    node: &Node,
    values: &Values,
    picture: impl Fn(usize) -> Range,
    of: impl Fn(usize) -> [Range; 4],
    scratch: &mut Vec<Known>,
) -> [Range; 4] {
    // What lies beyond a transparent edge is 0.
    let within = |edge: Edge| of(0).map(|range| if edge == Edge::Transparent { range.or(Range::ZERO) } else { range });
    let table = |place: usize| {
        let entries = node.tables.get(place).map_or(&[][..], |table| &values.tables[*table]);
        if entries.len() > MOST_ENTRIES {
            return Range::ANY;
        }
        Range::of(entries.iter().map(|entry| f64::from(*entry)))
    };
    let run = |program: &crate::ir::Program, inputs: &[[Range; 4]], scratch: &mut Vec<Known>| {
        program.ranges(&Sources { inputs, uniforms: values.uniforms_of(node), table: &table }, scratch)
    };
    match &node.op {
        Op::Source(index) => [picture(*index); 4],
        Op::Pixel(stage) => run(stage.program(), &[of(0), of(1), of(2)], scratch),
        Op::Stencil(stage, edge) => run(stage.program(), &[within(*edge)], scratch),
        Op::Warp(stage) => {
            let sampler = stage.sampler();
            let overshoot = if sampler.filter == Filter::Bicubic { OVERSHOOT } else { 0.0 };
            within(sampler.edge).map(|range| range.grown(overshoot))
        }
        // Means, and choices.
        Op::Convolve(kernel) => within(kernel.edge),
        Op::Window(_, edge) => within(*edge),
        Op::Past(_) | Op::Curves | Op::Transform(_) | Op::Reduce(_) => [Range::ANY; 4],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::effect::Tag;
    use crate::frame::Frame;
    use crate::graph::{Lowering, Moment, Request};
    use crate::image::{Alpha, Transfer};
    use crate::ir::{Inputs, Machine};
    use crate::lane::Tables;
    use crate::{Chain, chain::ChainStep};

    const OPAQUE: Tag = Tag { transfer: Some(Transfer::Display), alpha: Alpha::Opaque };

    fn graph_of(chain: &Chain, literal: bool) -> Option<(Graph, Values)> {
        let request = Request {
            frame: Frame::still(64, 48),
            source: OPAQUE,
            output: OPAQUE,
            drop_identity: false,
            moment: Moment::FIRST,
            literal,
        };
        Lowering::build(chain, &request).ok().map(|(graph, values, _)| (graph, values))
    }

    /// Pixels of all corners of the cube of colors, and some within it.
    fn pixels() -> [Vec<f32>; 4] {
        let random = |seed: u32| (seed.wrapping_mul(2_654_435_761).rotate_left(7).wrapping_mul(40_503) >> 8) as f32;
        let color = |c: u32| {
            let corners = (0..8u32).map(move |corner| ((corner >> c) & 1) as f32);
            corners.chain((0..56).map(move |k| random(3 * k + c + 1) / 16_777_216.0)).collect()
        };
        [color(0), color(1), color(2), vec![1.0; 64]]
    }

    #[test]
    fn every_pixel_function_stays_in_its_range() {
        let planes = pixels();
        let pixels: Vec<&[f32]> = (0..3).flat_map(|_| planes.iter().map(Vec::as_slice)).collect();
        let of_picture = [Range::UNIT, Range::UNIT, Range::UNIT, ONE];
        let x: Vec<f32> = (0..64).map(|column| column as f32 + 0.5).collect();
        let columns: Vec<u32> = (0..64).collect();
        let (mut checked, mut bounded) = (0, 0);
        for effect in crate::effects::all() {
            let id = effect.info().id;
            let Some((graph, values)) = graph_of(&core::iter::once(ChainStep::from(effect)).collect(), true) else {
                continue;
            };
            for node in &graph.nodes {
                let Op::Pixel(stage) = &node.op else { continue };
                let mut tables = Tables::default();
                node.tables.iter().enumerate().for_each(|(at, table)| tables.bind(at, &values.tables[*table]));
                let inputs = Inputs {
                    pixels: &pixels,
                    uniforms: values.uniforms_of(node),
                    tables,
                    x: &x,
                    y: &[7.5; 64],
                    column: &columns,
                    row: &[7; 64],
                    tap: &|_, _, _, _| 0.0,
                };
                let found = Machine::new(stage.program(), 64).run(&inputs, 64);
                let ranges = through(node, &values, |_| Range::UNIT, |_| of_picture, &mut Vec::new());
                for (channel, (values, range)) in found.iter().zip(ranges).enumerate() {
                    // Rounding may leave the bounds of exact arithmetic.
                    let slack = 1e-5 * range.low.abs().max(range.high.abs()).max(1.0);
                    let is_within = |v: &f32| f64::from(*v) >= range.low - slack && f64::from(*v) <= range.high + slack;
                    assert!(values.iter().all(is_within), "{id}, {}: {channel}, {range:?}: {values:?}", node.name);
                    checked += 1;
                    bounded += usize::from(range.width() < 100.0);
                }
            }
        }
        assert!(checked > 200 && bounded * 4 > checked * 3, "{bounded} of {checked}");
    }

    #[test]
    fn ranges_follow_the_numbers_of_a_chain() {
        let range = |chain: Chain| {
            let (graph, values) = graph_of(&chain.with_space(Transfer::Display), false).expect("a graph");
            graph.range_of(graph.output, &values, |_| Range::UNIT, &mut Ranges::default())[0]
        };
        let near = |range: Range, low: f64, high: f64| {
            assert!((range.low - low).abs() < 1e-6 && (range.high - high).abs() < 1e-6, "{range:?}");
        };
        near(range(Chain::new()), 0.0, 1.0);
        near(range(Chain::new().brightness(1.5)), 0.0, 1.5);
        near(range(Chain::new().brightness(1.5).contrast(2.0)), -0.5, 2.5);
        near(range(Chain::new().brightness(1.5).invert(1.0)), -0.5, 1.0);
    }
}
