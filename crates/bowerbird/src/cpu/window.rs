//! Operations on windows whose size is a number: extremes, the median, the bilateral mean.
//!
//! Extremes and medians only choose among the values that are there, so an 8-bit picture is worked on as it lies in
//! memory, 32 samples a register, and the chosen codes become floats afterwards: the same bits as choosing among floats.
//! Everything else runs on planes of floats. Either way a band is cut into strips whose window rows stay in the cache.

use super::border::border;
use super::codes::Line;
use super::extremes::{discs, lines};
use super::tabled::Table;
use super::walk::{PAD, Worker};
use super::{Context, Layout, Sink, View, bilateral, median, rectangles};
use crate::effect::{Edge, TILE};
use crate::graph::{Channels, Neighbors, Node, Op, Window};
use crate::plan::{Head, Rect};
use core::ops::Range;

/// Rows of a band: tall, because each band reads a halo of its own.
pub(super) const BAND: usize = 128;

/// Rows of a band of floats for each row that the window reaches: a halo of half as many rows again.
const LOW_BAND: usize = 4;

/// Rows of a band of floats at least. Dilation by 3 px at 3840×2160, two threads: 41 ms in bands of 128 rows.
const LEAST_BAND: usize = 32;

/// Bytes of a strip with its halo, so that it stays in the second cache.
const STRIP_BYTES: usize = 192 * 1024;

/// Columns of a strip at least.
const LEAST_STRIP: usize = 64;

/// The scratch memory of one thread.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    /// Rows of codes with their halo, RGBA.
    pub(super) codes: Vec<u8>,
    pub(super) median: median::Scratch,
    pub(super) falloff: bilateral::Falloff,
    /// Rows of a disc: for each, the extremes of runs of 1, 2, 4 … samples.
    runs: Runs,
    pub(super) rectangles: rectangles::Scratch,
}

#[derive(Debug, Default)]
struct Runs {
    codes: Vec<u8>,
    floats: Vec<f32>,
}

/// What a strip of a band is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Strip {
    /// Rows that are wanted.
    pub(super) rows: usize,
    /// Samples of a row that are wanted.
    pub(super) samples: usize,
    /// From a pixel to the next, in samples.
    pub(super) step: usize,
    /// From a row to the next, in samples.
    pub(super) stride: usize,
    /// How far the window reaches, in pixels.
    pub(super) reach: [usize; 2],
}

impl Strip {
    /// Rows with those of the halo.
    pub(super) fn height(&self) -> usize {
        self.rows + 2 * self.reach[1]
    }

    /// Samples of a row with those of the halo.
    pub(super) fn width(&self) -> usize {
        self.samples + 2 * self.reach[0] * self.step
    }
}

impl Context<'_> {
    /// The window of a pass: what it does, how far it reaches, and its border policy.
    pub(super) fn window(&self) -> Option<(Window, [usize; 2], Edge)> {
        let head = self.pass.head.as_ref()?;
        let node = &self.graph.nodes[head.node];
        let Op::Window(window, edge) = node.op else { return None };
        let radius = |node: &Node| self.values.uniforms[node.uniforms.0] as usize;
        let mut reach = window.reach(radius(node));
        if let Some(across) = head.across {
            reach[0] = radius(&self.graph.nodes[across]);
        }
        Some((window, reach, edge))
    }

    /// The neighbors of a bilateral mean, what the square of the difference is multiplied by, and σ in pixels.
    fn neighbors(&self, head: &Head) -> (&[f32], f32, f32) {
        let node = &self.graph.nodes[head.node];
        let [count, falloff, sigma] = [1, 2, 3].map(|slot| self.values.uniforms[node.uniforms.0 + slot]);
        (&self.values.tables[node.tables[0]][..count as usize * Neighbors::ENTRIES], falloff, sigma)
    }

    /// A band of a window operation.
    pub(super) fn window_band(
        &self,
        rect: Rect,
        sink: &mut Sink<'_>,
        worker: &mut Worker,
        head: &Head,
        (window, reach, edge): (Window, [usize; 2], Edge),
    ) {
        // Beyond a transparent edge there is nothing, and not what a table makes of it.
        let chooses =
            |table: &Option<&Table>| window != Window::Bilateral && (table.is_none() || edge != Edge::Transparent);
        match self.chosen_from(&head.input).filter(|(_, _, table)| chooses(table)) {
            Some(codes) => match window {
                Window::Line(extreme, _) => self.rectangles(rect, sink, worker, codes, (extreme, reach, edge)),
                _ => self.code_strips(rect, sink, worker, codes, (window, reach, edge)),
            },
            _ if window == Window::Bilateral
                && self.bilateral_codes(rect, sink, worker, head, (reach, edge), self.neighbors(head)) => {}
            _ => {
                // Small windows are worked on in low bands, whose strips are wide for that.
                let low = (LOW_BAND * reach[1]).clamp(LEAST_BAND, BAND);
                for first in (0..rect.height as usize).step_by(low) {
                    let rows = first..(first + low).min(rect.height as usize);
                    self.float_strips(rect, rows, sink, worker, head, (window, reach, edge));
                }
            }
        }
    }

    fn code_strips(
        &self,
        rect: Rect,
        sink: &mut Sink<'_>,
        worker: &mut Worker,
        (pixels, layout, table): (&[u8], Layout, Option<&Table>),
        (window, reach, edge): (Window, [usize; 2], Edge),
    ) {
        let columns = strip_width(reach, rect.height as usize, 4);
        let stride = 4 * (columns + 2 * reach[0]) + 4 * PAD;
        let rows = rect.height as usize;
        let size = stride * (rows + 2 * reach[1]) + 4 * PAD;
        let mut codes = core::mem::take(&mut worker.window.codes);
        codes.resize(codes.len().max(size), 0);
        // Codes that nothing else happens to are written as they are.
        let is_copied = self.pass.body.is_only_head() && self.opaque() && table.is_none();
        for x in (0..rect.width as usize).step_by(columns) {
            let count = columns.min(rect.width as usize - x);
            let strip = Strip { rows, samples: 4 * count, step: 4, stride, reach };
            for row in 0..strip.height() {
                let y = i64::from(rect.y) + row as i64 - reach[1] as i64;
                let from = i64::from(rect.x) + x as i64 - reach[0] as i64;
                let out = &mut codes[row * stride..][..strip.width()];
                match border(edge, y, i64::from(self.frame.height)) {
                    Some(y) => Line::of(pixels, layout, y, self.frame.width).fill(from, edge, out),
                    None => out.fill(0),
                }
            }
            match window {
                Window::Disc(extreme) => {
                    discs(self.isa(), extreme, &mut codes, &mut worker.window.runs.codes, &strip);
                }
                _ => median::codes(self.isa(), &mut codes, &strip, &mut worker.window.median),
            }
            for row in 0..rows {
                let found = &codes[row * stride..][..4 * count];
                if is_copied && let Some(out) = sink.pixels(x, row, count) {
                    out.copy_from_slice(found);
                    continue;
                }
                self.finish_codes(sink, worker, (found, table), (rect.x as usize, x), (rect.y as usize, row));
            }
        }
        worker.window.codes = codes;
    }

    /// Hands codes, or what a table makes of them, to the rest of the pass as the result of its head: a row of the band from
    /// column `x` on.
    pub(super) fn finish_codes(
        &self,
        sink: &mut Sink<'_>,
        worker: &mut Worker,
        (codes, table): (&[u8], Option<&Table>),
        (left, x): (usize, usize),
        (top, row): (usize, usize),
    ) {
        for (tile, codes) in codes.chunks(4 * TILE).enumerate() {
            let (x, count) = (x + tile * TILE, codes.len() / 4);
            let view = View::U8 { pixels: codes, layout: Layout::packed(count as u32, 1), opaque: table.is_some() };
            let tile = &mut worker.bank.head;
            if !table.is_some_and(|table| view.load_through(table, 0, 0, count, tile)) {
                view.load(self.isa(), 0, 0, count, tile);
            }
            self.finish(worker, left + x, top + row, count);
            self.put(sink, worker, x, row, count);
        }
    }

    /// Some rows of a band.
    fn float_strips(
        &self,
        rect: Rect,
        band: Range<usize>,
        sink: &mut Sink<'_>,
        worker: &mut Worker,
        head: &Head,
        (window, reach, edge): (Window, [usize; 2], Edge),
    ) {
        let rows = band.len();
        let columns = strip_width(reach, rows, 16);
        let stride = columns + 2 * reach[0] + PAD;
        let strip = Strip { rows, samples: columns, step: 1, stride, reach };
        let plane = stride * strip.height();
        if window == Window::Bilateral {
            let (neighbors, falloff, _) = self.neighbors(head);
            worker.window.falloff.set((neighbors, falloff), &strip);
        }
        if worker.rows.len() < 4 * plane + TILE {
            worker.rows.resize(4 * plane + TILE, 0.0);
        }
        // The weights of a bilateral mean are of all colors.
        let known = self.graph.channels(head.node);
        let channels =
            if window == Window::Bilateral { Channels { opaque: known.opaque, ..Channels::ALL } } else { known };
        for x in (0..rect.width as usize).step_by(columns) {
            let count = columns.min(rect.width as usize - x);
            let strip = Strip { samples: count, ..strip };
            for row in 0..strip.height() {
                let y = i64::from(rect.y) + (band.start + row) as i64 - reach[1] as i64;
                let y = border(edge, y, i64::from(self.frame.height));
                let left = i64::from(rect.x) + x as i64 - reach[0] as i64;
                self.fill_row(&head.input, worker, y, left, strip.width(), edge, channels.list(), plane, row * stride);
            }
            if window != Window::Bilateral {
                let mut samples = core::mem::take(&mut worker.rows);
                for c in channels.list() {
                    let plane = &mut samples[c * plane..(c + 1) * plane];
                    match window {
                        Window::Line(extreme, _) => lines(self.isa(), extreme, plane, &strip),
                        Window::Disc(extreme) => {
                            let runs = &mut worker.window.runs.floats;
                            discs(self.isa(), extreme, plane, runs, &strip);
                        }
                        _ => median::floats(self.isa(), plane, &strip, &mut worker.window.median),
                    }
                }
                worker.rows = samples;
            }
            for row in 0..rows {
                if window == Window::Bilateral {
                    let planes = core::array::from_fn(|c| &worker.rows[c * plane..(c + 1) * plane]);
                    let falloff = &worker.window.falloff;
                    bilateral::row(self.isa(), planes, &strip, row, falloff, channels.opaque, &mut worker.bank.head);
                } else {
                    for c in channels.list() {
                        let found = &worker.rows[c * plane + row * stride..][..count];
                        worker.bank.head.0[*c][..count].copy_from_slice(found);
                    }
                    channels.complete(&mut worker.bank.head, count);
                }
                let row = band.start + row;
                self.finish(worker, rect.x as usize + x, rect.y as usize + row, count);
                self.put(sink, worker, x, row, count);
            }
        }
    }
}

/// Columns of a strip whose window rows stay in the second cache.
pub(super) fn strip_width(reach: [usize; 2], rows: usize, pixel_bytes: usize) -> usize {
    let wanted = STRIP_BYTES / (pixel_bytes * (rows + 2 * reach[1]));
    wanted.saturating_sub(2 * reach[0]).clamp(LEAST_STRIP, TILE) / 16 * 16
}
