//! Both axes of a separable convolution in one pass.
//!
//! A small kernel runs directly: rows are convolved along x into a ring that stays in the cache, and down the columns
//! from there, so no picture lies between the axes. Where the result allows it samples are summed in fixed point
//! (`blur_codes.rs`), a wide Gaussian runs on a pyramid (`pyramid.rs`), and other boxes are running sums (`boxes.rs`).

use super::border::border;
use super::memory::at_least;
use super::walk::{PAD, Worker};
use super::{Context, Sink, convolve};
use crate::effect::{Edge, TILE};
use crate::graph::{Blur, Op};
use crate::plan::{Head, Rect};

/// Rows of a band of the final walk: tall, because each band computes a halo of its own.
pub(super) const BAND: usize = 128;

/// Columns of a strip of the direct form, so that the ring of rows stays in the second cache.
const RING_FLOATS: usize = 48 * 1024;

/// The scratch memory of one thread.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    /// Rows of the level that the way down reads, before it is reduced down the columns.
    pub(super) halved: Vec<f32>,
    /// Rows of level 1.
    pub(super) first: Vec<f32>,
    /// The same as `halved`, for level 2.
    pub(super) second: Vec<f32>,
    /// A ring of rows that the final walk reads.
    pub(super) ring: Vec<f32>,
    pub(super) offsets: Vec<Option<usize>>,
}

impl Context<'_> {
    /// The blur of a pass whose head has both axes.
    pub(super) fn blur(&self) -> Option<(&Head, Blur, Edge)> {
        let head = self.pass.head.as_ref()?;
        let across = head.across?;
        let Op::Convolve(kernel) = &self.graph.nodes[head.node].op else { return None };
        Some((head, Blur::of(&self.graph.nodes[across], &self.graph.nodes[head.node], self.values), kernel.edge))
    }

    /// A band of a blur, into the sink.
    pub(super) fn blur_band(
        &self,
        rect: Rect,
        sink: &mut Sink<'_>,
        worker: &mut Worker,
        head: &Head,
        blur: &Blur,
        edge: Edge,
    ) {
        // What becomes codes at once is rounded anyhow.
        let is_rounded = matches!(sink, Sink::U8 { .. }) && self.pass.body.is_only_head();
        match (blur.octaves, head.across, self.samples(head, blur, is_rounded)) {
            (0, Some(across), Some(samples)) => self.codes_band(rect, sink, worker, samples, head, across, edge),
            _ if blur.boxes.is_some() => self.box_band(rect, sink, worker, head, blur, edge),
            (0, Some(across), None) => self.ring_band(rect, sink, worker, head, across, edge),
            _ => self.pyramid_band(rect, sink, worker, head, blur),
        }
    }

    /// A band of the direct form: rows convolved along x in a ring, and down the columns from there.
    fn ring_band(&self, rect: Rect, sink: &mut Sink<'_>, worker: &mut Worker, head: &Head, across: usize, edge: Edge) {
        let channels = self.graph.channels(head.node);
        let list = channels.list();
        let planes = list.len();
        let (along_x, along_y) = (self.weights(across), self.weights(head.node));
        let (rx, ry) = (along_x.len() - 1, along_y.len() - 1);
        let slots = 2 * ry + 2;
        let strip = (RING_FLOATS / (planes * slots)).clamp(TILE / 4, TILE) / 16 * 16;
        let stride = strip + PAD;
        let plane = slots * stride;
        let mut ring = core::mem::take(&mut worker.blur.ring);
        let mut offsets = core::mem::take(&mut worker.blur.offsets);
        at_least(&mut ring, planes * plane + TILE);
        let length = TILE + 2 * rx + PAD;
        at_least(&mut worker.rows, 4 * length + TILE);
        let height = i64::from(self.frame.height);
        for x in (0..rect.width as usize).step_by(strip) {
            let count = strip.min(rect.width as usize - x);
            let left = i64::from(rect.x) + x as i64 - rx as i64;
            offsets.clear();
            let mut slot = 0;
            let mut before = None;
            for step in 0..rect.height as usize + 2 * ry {
                let inside = border(edge, i64::from(rect.y) + step as i64 - ry as i64, height);
                match (inside, before) {
                    (None, _) => offsets.push(None),
                    (Some(y), Some((last, at))) if y == last => offsets.push(Some(at)),
                    (Some(y), _) => {
                        let at = slot % slots * stride;
                        slot += 1;
                        self.fill_row(&head.input, worker, Some(y), left, count + 2 * rx, edge, list, length, 0);
                        for (k, c) in list.iter().enumerate() {
                            let out = &mut ring[k * plane + at..][..count];
                            convolve::across(self.isa(), along_x, &worker.rows[c * length..], out);
                        }
                        offsets.push(Some(at));
                        before = Some((y, at));
                    }
                }
                let Some(row) = (step + 1).checked_sub(2 * ry + 1) else { continue };
                for (k, c) in list.iter().enumerate() {
                    let (from, to) = (&ring[k * plane..], &mut worker.bank.head.0[*c][..count]);
                    convolve::down(self.isa(), along_y, from, &offsets[row..], 0, to);
                }
                channels.complete(&mut worker.bank.head, count);
                self.finish(worker, rect.x as usize + x, rect.y as usize + row, count);
                self.put(sink, worker, x, row, count);
            }
        }
        worker.blur.ring = ring;
        worker.blur.offsets = offsets;
    }
}
