//! One axis of a separable convolution, where the other is not in the same pass.

use super::border::border;
use super::walk::{PAD, Worker};
use super::{Context, Sink, View, convolve};
use crate::effect::TILE;
use crate::graph::Convolve;
use crate::plan::{Head, Rect};

impl Context<'_> {
    pub(super) fn convolve_across(
        &self,
        rect: Rect,
        sink: &mut Sink<'_>,
        worker: &mut Worker,
        head: &Head,
        kernel: Convolve,
    ) {
        let weights = self.weights(head.node);
        let radius = weights.len() - 1;
        let length = rect.width as usize + 2 * radius;
        let plane = length + PAD + TILE;
        let channels = self.graph.channels(head.node);
        if worker.rows.len() < 4 * plane {
            worker.rows.resize(4 * plane, 0.0);
        }
        for row in 0..rect.height as usize {
            let y = rect.y as usize + row;
            let from = i64::from(rect.x) - radius as i64;
            self.fill_row(&head.input, worker, Some(y), from, length, kernel.edge, channels.list(), plane, 0);
            for x in (0..rect.width as usize).step_by(TILE) {
                let count = TILE.min(rect.width as usize - x);
                for c in channels.list() {
                    let row = &worker.rows[c * plane + x..(c + 1) * plane];
                    convolve::across(self.isa(), weights, row, &mut worker.bank.head.0[*c][..count]);
                }
                channels.complete(&mut worker.bank.head, count);
                self.finish(worker, rect.x as usize + x, y, count);
                self.put(sink, worker, x, row, count);
            }
        }
    }

    pub(super) fn convolve_down(
        &self,
        rect: Rect,
        sink: &mut Sink<'_>,
        worker: &mut Worker,
        head: &Head,
        kernel: Convolve,
    ) {
        let weights = self.weights(head.node);
        let radius = weights.len() - 1;
        let view = head.input.plain_load().map_or(View::Empty, |buffer| self.views.of(buffer));
        let View::Planes { planes, layout, .. } = view else { return };
        let channels = self.graph.channels(head.node);
        let height = i64::from(self.frame.height);
        let rows = rect.height as usize + 2 * radius;
        let mut index = core::mem::take(&mut worker.row_index);
        index.clear();
        index.extend((0..rows).map(|row| {
            let y = border(kernel.edge, i64::from(rect.y) + row as i64 - radius as i64, height);
            y.map(|y| (y - layout.rect.y as usize) * layout.stride)
        }));
        for x in (0..rect.width as usize).step_by(TILE) {
            let count = TILE.min(rect.width as usize - x);
            let column = rect.x as usize + x - layout.rect.x as usize;
            for row in 0..rect.height as usize {
                let rows = &index[row..row + 2 * radius + 1];
                for c in channels.list() {
                    let out = &mut worker.bank.head.0[*c][..count];
                    convolve::down(self.isa(), weights, planes[*c], rows, column, out);
                }
                channels.complete(&mut worker.bank.head, count);
                self.finish(worker, rect.x as usize + x, rect.y as usize + row, count);
                self.put(sink, worker, x, row, count);
            }
        }
        worker.row_index = index;
    }
}
