//! What the steps of a chain take: the time of a pass is measured, and its steps share it by the price of their operations.

use super::{Pass, Passes};
use crate::graph::{Graph, NodeId, Op, Values, Window};
use serde::Serialize;

/// The time of a step in the last frame.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct StepTime {
    /// The place of the step in its chain.
    pub step: usize,
    /// Milliseconds: its own passes, and its share of those that it is fused into, by price.
    pub ms: f32,
    /// Whether any of it is a share.
    pub fused: bool,
}

/// What reading a picture at a computed position costs, in simple operations.
const SAMPLE: u32 = 48;
/// What an operation on four channels costs at least.
const LEAST: u32 = 4;
/// A radius beyond which convolutions cost no more, as they run on a pyramid or as running sums.
const WIDEST: u32 = 16;
/// The price of what has none: a smoothing of all lines, curves of tiles, a reduction.
const WHOLE: u32 = 256;

/// A rough price of an operation a pixel.
fn price(graph: &Graph, values: &Values, id: NodeId) -> u32 {
    let node = &graph.nodes[id];
    let radius = || values.uniforms.get(node.uniforms.0).map_or(0, |radius| *radius as u32);
    let line = |radius: u32| 4 * (2 * radius + 1);
    match &node.op {
        Op::Source(_) | Op::Past(_) => 0,
        Op::Pixel(stage) => stage.program().cost().max(LEAST),
        Op::Stencil(stage, _) => stage.program().cost().max(LEAST),
        Op::Warp(stage) => stage.program().cost() + SAMPLE,
        Op::Convolve(_) => line(radius().min(WIDEST)),
        Op::Window(Window::Line(..), _) => line(radius().min(WIDEST)),
        Op::Window(Window::Bilateral, _) => {
            4 * values.uniforms.get(node.uniforms.0 + 1).map_or(0, |neighbors| *neighbors as u32)
        }
        Op::Window(..) => line(radius().min(WIDEST)) * (2 * radius().min(WIDEST) + 1),
        Op::Curves | Op::Transform(_) | Op::Reduce(_) => WHOLE,
    }
}

/// Shares measured times of passes among the steps of the chain; what no step asked for, as the conversion of the result,
/// is shared with it.
pub(crate) fn step_times(graph: &Graph, values: &Values, passes: &Passes, times: &[f32]) -> Vec<StepTime> {
    let mut found: Vec<StepTime> = Vec::new();
    for (pass, ms) in passes.0.iter().zip(times) {
        let shares = shares(graph, values, pass);
        let whole: f32 = shares.iter().map(|(_, price)| price).sum();
        for (step, price) in &shares {
            let ms = ms * price / whole.max(f32::MIN_POSITIVE);
            let fused = shares.iter().any(|(other, _)| other != step);
            match found.iter_mut().find(|time| time.step == *step) {
                Some(time) => (time.ms, time.fused) = (time.ms + ms, time.fused | fused),
                None => found.push(StepTime { step: *step, ms, fused }),
            }
        }
    }
    found.sort_unstable_by_key(|time| time.step);
    found
}

/// The prices of a pass by step.
fn shares(graph: &Graph, values: &Values, pass: &Pass) -> Vec<(usize, f32)> {
    let mut nodes = pass.nodes();
    nodes.push(pass.root);
    nodes.sort_unstable();
    nodes.dedup();
    let of = |id: NodeId| {
        let steps = &graph.nodes[id].steps;
        let share = price(graph, values, id) as f32 / steps.len().max(1) as f32;
        steps.iter().map(move |step| (*step, share))
    };
    nodes.into_iter().flat_map(of).collect()
}
