//! Stencils: small neighborhoods, read from a few rows in scratch memory.

use super::border::border;
use super::walk::{PAD, Worker};
use super::{Context, Mode, Sink, interpret};
use crate::effect::{Edge, Scratch, StencilStage, TILE};
use crate::graph::{Channels, Node};
use crate::plan::{Head, Rect};

/// Rows of scratch memory besides the halo, so that it stays in the second cache.
const CHUNK: usize = 16;

impl Context<'_> {
    pub(super) fn stencil_band(
        &self,
        rect: Rect,
        sink: &mut Sink<'_>,
        worker: &mut Worker,
        head: &Head,
        node: &Node,
        (stage, edge): (&dyn StencilStage, Edge),
    ) {
        let radius = stage.radius();
        let height = i64::from(self.frame.height);
        let known = self.graph.channels(self.graph.nodes[head.node].inputs[0]);
        // Nothing lies beyond a transparent edge, not even alpha.
        let channels = Channels { opaque: known.opaque && edge != Edge::Transparent, ..known };
        let stride = TILE + 2 * radius + PAD;
        let plane = stride * (CHUNK + 2 * radius);
        if worker.rows.len() < 4 * plane {
            worker.rows.resize(4 * plane, 0.0);
        }
        for (c, place) in channels.places().iter().enumerate() {
            if place.is_none() {
                worker.rows[c * plane..(c + 1) * plane].fill(Channels::CONSTANT[c]);
            }
        }
        for x in (0..rect.width as usize).step_by(TILE) {
            let count = TILE.min(rect.width as usize - x);
            let column = rect.x as usize + x;
            let left = column as i64 - radius as i64;
            // Rows that the chunk before has left at the start.
            let mut kept = 0;
            for first in (0..rect.height as usize).step_by(CHUNK) {
                let rows = CHUNK.min(rect.height as usize - first);
                for row in kept..rows + 2 * radius {
                    let y = border(edge, i64::from(rect.y) + (first + row) as i64 - radius as i64, height);
                    self.fill_row(
                        &head.input,
                        worker,
                        y,
                        left,
                        count + 2 * radius,
                        edge,
                        channels.list(),
                        plane,
                        row * stride,
                    );
                }
                for row in 0..rows {
                    let y = rect.y as usize + first + row;
                    self.stencil_tile(worker, node, stage, (column, y), count, (plane, stride), row + radius, channels);
                    self.finish(worker, column, y, count);
                    self.put(sink, worker, x, first + row, count);
                }
                kept = 2 * radius;
                for c in channels.list() {
                    let from = c * plane + rows * stride;
                    worker.rows.copy_within(from..from + kept * stride, c * plane);
                }
            }
        }
    }

    /// Runs a stencil on a tile whose rows are in `worker.rows`, centered at row `center` there.
    #[expect(clippy::too_many_arguments, reason = "a tile, and where its rows are")]
    fn stencil_tile(
        &self,
        worker: &mut Worker,
        node: &Node,
        stage: &dyn StencilStage,
        (x, y): (usize, usize),
        count: usize,
        (plane, stride): (usize, usize),
        center: usize,
        channels: Channels,
    ) {
        let span = self.coordinates.span(&self.frame, x, y, count);
        let list = channels.list();
        let places = channels.places();
        let planes = core::array::from_fn(|c| {
            let c = places[c].map_or(c, |place| list[place]);
            &worker.rows[c * plane..(c + 1) * plane]
        });
        let scratch = Scratch { planes, stride, origin: center * stride + stage.radius() };
        let head = &mut worker.bank.head;
        if !self.is_on(node) {
            (0..count).for_each(|index| head.set_pixel(index, scratch.pixel(index, 0, 0)));
        } else if let Mode::Compiled(isa) = self.machine.mode {
            stage.run(isa, &span, self.uniforms(node), &scratch, head);
        } else {
            interpret::stencil(stage, &span, self.uniforms(node), &scratch, head);
        }
    }
}
