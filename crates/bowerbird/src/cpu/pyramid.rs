//! Wide Gaussians on a pyramid: octaves of the binomial filter 1 4 6 4 1 go down, a sampled Gaussian of the variance that is
//! still missing runs on the coarsest level, and the same filter interpolates back up.
//!
//! Samples of every level have absolute places, so strips and threads change no bit. The border policy extends the
//! picture at full size, before it is reduced. The binomial filter has a fourfold zero at the frequency that folds onto 0,
//! and the Gaussian left for the coarsest level suppresses what is left of it: see `LEAST_SIGMA` of
//! [`crate::graph::Blur`], and the oracles.
//!
//! Next to the picture, samples are 16-bit numbers where they come from codes or become codes (`pyramid/codes.rs`).

pub(super) mod codes;
mod level;

use super::blur::Scratch;
use super::border::border;
use super::memory::at_least;
use super::walk::{PAD, Worker};
use super::{Context, Sink, convolve};
use crate::effect::{Edge, Isa, TILE};
use crate::graph::{Blur, Channels, Colors};
use crate::plan::{Head, Rect};
use level::{Grid, Level};

/// Rows that a step of an octave reads.
const TAPS: usize = 5;

/// Rows of level 1 that a row of the result reads.
const RING: usize = 3;

/// Rows of a band of the way down.
const COARSE_BAND: usize = 32;

/// The memory of a pyramid, kept from frame to frame.
#[derive(Debug, Default)]
pub(super) struct Pyramid {
    /// What the final walk reads: the level convolved along x for one octave, else level 2 of the result.
    base: Level,
    /// Levels on their way down and up again.
    levels: Vec<Level>,
    across: Level,
    weights: [Vec<f32>; 2],
}

/// Bytes that the pyramid of a blur over a rectangle takes.
pub(crate) fn pyramid_bytes(blur: &Blur, rect: Rect, planes: usize) -> u64 {
    let grid = Grid::of(rect);
    let level = match blur.octaves {
        0 => return 0,
        1 => grid.coarser(),
        _ => grid.coarser().coarser(),
    };
    let [dx, dy] = blur.coarse_radii();
    // From level 2 on there are the level on its way down, the same on its way up, and a third of both.
    let copies = if blur.octaves == 1 { 3 } else { 8 };
    (4 * planes * level.grown(dx, dy).plane()) as u64 * copies / 3
}

/// (a + e)/16 + (b + d)/4 + 6c/16, element by element.
#[inline(always)]
fn reduce_rows(rows: [&[f32]; TAPS], out: &mut [f32]) {
    let count = out.len();
    let [a, b, c, d, e] = rows.map(|row| &row[..count]);
    for i in 0..count {
        out[i] = (a[i] + e[i]) * 0.0625 + (b[i] + d[i]) * 0.25 + c[i] * 0.375;
    }
}

/// The same along a row: output i is centered at `row[2i + 2]`.
#[inline(always)]
fn reduce_row(row: &[f32], out: &mut [f32]) {
    let count = out.len();
    let row = &row[..2 * count + 3];
    for i in 0..count {
        let (a, b, c, d, e) = (row[2 * i], row[2 * i + 1], row[2 * i + 2], row[2 * i + 3], row[2 * i + 4]);
        out[i] = (a + e) * 0.0625 + (b + d) * 0.25 + c * 0.375;
    }
}

/// Interpolates between rows: at an even row from three, at an odd one between the two last.
#[inline(always)]
fn interpolate_rows([a, b, c]: [&[f32]; 3], odd: bool, out: &mut [f32]) {
    let count = out.len();
    let (a, b, c) = (&a[..count], &b[..count], &c[..count]);
    if odd {
        for i in 0..count {
            out[i] = (b[i] + c[i]) * 0.5;
        }
    } else {
        for i in 0..count {
            out[i] = (a[i] + c[i]) * 0.125 + b[i] * 0.75;
        }
    }
}

/// The same along a row: samples 2i and 2i + 1 lie at and behind `row[i + 1]`. The outputs begin with sample 0, or with
/// sample 1 where that is said to be so.
#[inline(always)]
fn interpolate_row(row: &[f32], odd: bool, out: &mut [f32]) {
    let beside = |[a, b, c]: [f32; 3]| (a + c) * 0.125 + b * 0.75;
    let between = |[_, b, c]: [f32; 3]| (b + c) * 0.5;
    let (first, rest) = out.split_at_mut(usize::from(odd));
    first.fill(between([row[0], row[1], row[2]]));
    let row = &row[usize::from(odd)..];
    let (pairs, last) = rest.as_chunks_mut::<2>();
    let count = pairs.len();
    if let [last] = last {
        *last = beside([row[count], row[count + 1], row[count + 2]]);
    }
    let row = &row[..count + 2];
    for (i, pair) in pairs.iter_mut().enumerate() {
        let three = [row[i], row[i + 1], row[i + 2]];
        *pair = [beside(three), between(three)];
    }
}

impl Context<'_> {
    /// Computes everything that the final walk over a rectangle reads.
    pub(super) fn build_pyramid(&self, rect: Rect, pyramid: &mut Pyramid) {
        let Some((head, blur, edge)) = self.blur() else { return };
        let octaves = blur.octaves;
        if octaves == 0 {
            return;
        }
        let list = self.graph.channels(head.node).list();
        let planes = list.len();
        blur.fill_coarse(&mut pyramid.weights);
        let Pyramid { base, levels, across, weights } = pyramid;
        let [along_x, along_y] = [&weights[0], &weights[1]];
        let (rx, ry) = (along_x.len() - 1, along_y.len() - 1);
        // Level n of the result, for n = 1..=octaves.
        let wanted = |level: usize| Grid::of(rect).level(level);
        let coarsest = wanted(octaves);
        if octaves == 1 {
            base.reset(Grid { y: coarsest.y - ry as i64, height: coarsest.height + 2 * ry, ..coarsest }, planes);
            let grid = base.grid;
            self.spread(grid, base.sink(), |rows, mut sink, worker| {
                self.first_level(rows, grid.grown(rx, 0), head, edge, list, worker, |isa, scratch, row, stride| {
                    for c in 0..planes {
                        convolve::across(isa, along_x, &scratch[c * stride..], sink.plane_row(c, row, grid.width));
                    }
                });
            });
            return;
        }
        levels.resize_with(octaves.max(levels.len()) + 1, Level::default);
        let input = |level: usize| coarsest.grown(rx, ry).of_level(octaves, level);
        // The way down: level 2 from the picture, the rest from one another.
        levels[2].reset(input(2), planes);
        let grid = levels[2].grid;
        self.spread(grid, levels[2].sink(), |rows, sink, worker| {
            self.second_level(rows, grid, head, edge, list, worker, sink);
        });
        for level in 3..=octaves {
            let (before, after) = levels.split_at_mut(level);
            let (from, to) = (&before[level - 1], &mut after[0]);
            to.reset(input(level), planes);
            let grid = to.grid;
            self.spread(grid, to.sink(), |rows, mut sink, worker| {
                at_least(&mut worker.blur.halved, from.grid.stride() + PAD);
                for row in 0..rows.height {
                    let y = 2 * (rows.y + row as i64);
                    for c in 0..planes {
                        let five = [-2, -1, 0, 1, 2].map(|dy| from.row(c, y + dy));
                        let (halved, out) = (&mut worker.blur.halved, sink.plane_row(c, row, grid.width));
                        with_instructions!(self.isa(), {
                            reduce_rows(five, &mut halved[..from.grid.width]);
                            reduce_row(halved, out);
                        });
                    }
                }
            });
        }
        // The Gaussian on the coarsest level.
        let from = &levels[octaves];
        across.reset(Grid { x: coarsest.x, width: coarsest.width, ..from.grid }, planes);
        let grid = across.grid;
        self.spread(grid, across.sink(), |rows, mut sink, _| {
            for row in 0..rows.height {
                for c in 0..planes {
                    let out = sink.plane_row(c, row, grid.width);
                    convolve::across(self.isa(), along_x, from.row(c, rows.y + row as i64), out);
                }
            }
        });
        let to = if octaves == 2 { &mut *base } else { &mut levels[octaves] };
        to.reset(coarsest, planes);
        self.spread(coarsest, to.sink(), |rows, mut sink, worker| {
            let offsets = &mut worker.blur.offsets;
            for row in 0..rows.height {
                let first = (rows.y + row as i64 - ry as i64 - grid.y) as usize;
                offsets.clear();
                offsets.extend((first..first + 2 * ry + 1).map(|y| Some(y * grid.stride())));
                for c in 0..planes {
                    let plane = &across.samples[c * grid.plane()..];
                    let out = sink.plane_row(c, row, coarsest.width);
                    convolve::down(self.isa(), along_y, plane, offsets, 0, out);
                }
            }
        });
        // The way up, to level 2.
        for level in (2..octaves).rev() {
            let (before, after) = levels.split_at_mut(level + 1);
            let from = &after[0];
            let to = if level == 2 { &mut *base } else { &mut before[level] };
            to.reset(wanted(level), planes);
            let grid = to.grid;
            self.spread(grid, to.sink(), |rows, mut sink, worker| {
                for row in 0..rows.height {
                    for c in 0..planes {
                        let out = sink.plane_row(c, row, grid.width);
                        self.finer_row(from, c, rows.y + row as i64, grid.x, &mut worker.blur, out);
                    }
                }
            });
        }
    }

    /// Row `y` from column `x` of the level before `from`, interpolated.
    fn finer_row(&self, from: &Level, c: usize, y: i64, x: i64, scratch: &mut Scratch, out: &mut [f32]) {
        let (below, left) = (y.div_euclid(2), x.div_euclid(2) - 1);
        let count = (out.len() + 1).div_ceil(2) + 2;
        let column = (left - from.grid.x) as usize;
        let three =
            [-1, 0, 1].map(|dy| &from.row(c, (below + dy).min(from.grid.y + from.grid.height as i64 - 1))[column..]);
        at_least(&mut scratch.halved, count + PAD);
        let row = &mut scratch.halved[..count];
        with_instructions!(self.isa(), {
            interpolate_rows(three, y.rem_euclid(2) == 1, row);
            interpolate_row(row, x.rem_euclid(2) == 1, out);
        });
    }

    /// Cuts the rows of a level into bands for the threads.
    fn spread(&self, grid: Grid, sink: Sink<'_>, work: impl Fn(Grid, Sink<'_>, &mut Worker) + Sync) {
        self.machine.install(|| self.spread_half(grid, sink, &work));
    }

    fn spread_half(&self, grid: Grid, sink: Sink<'_>, work: &(impl Fn(Grid, Sink<'_>, &mut Worker) + Sync)) {
        if self.machine.gives_up() {
            return;
        }
        if grid.height <= COARSE_BAND {
            self.machine.with_worker(|worker| {
                self.reserve(worker);
                work(grid, sink, worker);
            });
            return;
        }
        let first = grid.height / 2;
        let (upper, lower) = sink.split(first);
        let above = Grid { height: first, ..grid };
        let below = Grid { y: grid.y + first as i64, height: grid.height - first, ..grid };
        rayon::join(|| self.spread_half(above, upper, work), || self.spread_half(below, lower, work));
    }

    /// Rows of level 1 in order, straight from the picture; `take` gets the planes of each (one every `stride`).
    #[expect(clippy::too_many_arguments, reason = "rows of a level, and what makes them")]
    fn first_level(
        &self,
        rows: Grid,
        grid: Grid,
        head: &Head,
        edge: Edge,
        list: &[usize],
        worker: &mut Worker,
        mut take: impl FnMut(Isa, &[f32], usize, usize),
    ) {
        if let Some(codes) = self.prefix_of_codes(head, list) {
            self.first_level_of_codes(rows, grid, codes, edge, list.len(), worker, take);
            return;
        }
        let source = grid.finer();
        let (width, stride) = (source.width, grid.stride());
        let slot = width.next_multiple_of(16) + PAD;
        at_least(&mut worker.rows, 4 * TAPS * slot + TILE);
        let mut first = core::mem::take(&mut worker.blur.first);
        at_least(&mut first, list.len() * stride + TILE);
        at_least(&mut worker.blur.halved, slot);
        let mut next = 2 * rows.y - 2;
        for row in 0..rows.height {
            let y = 2 * (rows.y + row as i64);
            while next <= y + 2 {
                let fresh = next > 2 * rows.y - 2;
                self.source_row(head, edge, next, source.x, width, slot, list, fresh, worker);
                next += 1;
            }
            for (k, c) in list.iter().enumerate() {
                let at = |dy: i64| (c * TAPS + (y + dy).rem_euclid(TAPS as i64) as usize) * slot;
                let five = [-2, -1, 0, 1, 2].map(|dy| &worker.rows[at(dy)..]);
                let (halved, out) = (&mut worker.blur.halved[..width], &mut first[k * stride..k * stride + grid.width]);
                with_instructions!(self.isa(), {
                    reduce_rows(five, halved);
                    reduce_row(halved, out);
                });
            }
            take(self.isa(), &first, row, stride);
        }
        worker.blur.first = first;
    }

    /// Row `y` of the extended picture into its slot of the ring in `worker.rows`; `fresh` when the row before is there.
    #[expect(clippy::too_many_arguments, reason = "a row, and where it goes")]
    fn source_row(
        &self,
        head: &Head,
        edge: Edge,
        y: i64,
        x: i64,
        width: usize,
        slot: usize,
        list: &[usize],
        fresh: bool,
        worker: &mut Worker,
    ) {
        let height = i64::from(self.frame.height);
        let place = |y: i64| y.rem_euclid(TAPS as i64) as usize * slot;
        let inside = border(edge, y, height);
        // Beyond a clamped edge all rows are the same: the row before, if this walk has it, is copied.
        if edge == Edge::Clamp && y > height && fresh {
            for c in list {
                let from = c * TAPS * slot + place(y - 1);
                worker.rows.copy_within(from..from + width, c * TAPS * slot + place(y));
            }
            return;
        }
        self.fill_row(&head.input, worker, inside, x, width, edge, list, TAPS * slot, place(y));
    }

    /// Rows of level 2 from the picture, through a ring of rows of level 1.
    #[expect(clippy::too_many_arguments, reason = "rows of a level, and what makes them")]
    fn second_level(
        &self,
        rows: Grid,
        grid: Grid,
        head: &Head,
        edge: Edge,
        list: &[usize],
        worker: &mut Worker,
        mut sink: Sink<'_>,
    ) {
        let planes = list.len();
        let finer = Grid { y: rows.y, height: rows.height, ..grid }.finer();
        let slot = finer.stride();
        let mut ring = core::mem::take(&mut worker.blur.ring);
        let mut halved = core::mem::take(&mut worker.blur.second);
        at_least(&mut halved, slot);
        at_least(&mut ring, planes * TAPS * slot);
        let isa = self.isa();
        self.first_level(finer, Grid { x: finer.x, width: finer.width, ..finer }, head, edge, list, worker, {
            let (ring, halved, sink) = (&mut ring, &mut halved, &mut sink);
            move |_, first, row, stride| {
                for c in 0..planes {
                    let at = (c * TAPS + row % TAPS) * slot;
                    ring[at..at + finer.width].copy_from_slice(&first[c * stride..c * stride + finer.width]);
                }
                // Rows 2n to 2n + 4 of this band make its row n.
                if row >= 4 && row % 2 == 0 {
                    let out_row = (row - 4) / 2;
                    for c in 0..planes {
                        let five = [4, 3, 2, 1, 0].map(|back| &ring[(c * TAPS + (row - back) % TAPS) * slot..]);
                        let out = sink.plane_row(c, out_row, grid.width);
                        with_instructions!(isa, {
                            reduce_rows(five, &mut halved[..finer.width]);
                            reduce_row(halved, out);
                        });
                    }
                }
            }
        });
        worker.blur.ring = ring;
        worker.blur.second = halved;
    }

    /// Row `y` of level 1 of the result, from column `x` on.
    #[expect(clippy::too_many_arguments, reason = "a row, and what makes it")]
    fn row_of_result(
        &self,
        pyramid: &Pyramid,
        blur: &Blur,
        c: usize,
        y: i64,
        x: i64,
        scratch: &mut Scratch,
        out: &mut [f32],
    ) {
        let base = &pyramid.base;
        if blur.octaves > 1 {
            self.finer_row(base, c, y, x, scratch, out);
            return;
        }
        let weights = &pyramid.weights[1];
        let reach = weights.len() - 1;
        let top = (y - reach as i64 - base.grid.y) as usize;
        scratch.offsets.clear();
        scratch.offsets.extend((top..top + 2 * reach + 1).map(|y| Some(y * base.grid.stride())));
        let plane = &base.samples[c * base.grid.plane() + (x - base.grid.x) as usize..];
        convolve::down(self.isa(), weights, plane, &scratch.offsets, 0, out);
    }

    /// The final walk of a band: interpolates to full size from what [`Self::build_pyramid`] left.
    pub(super) fn pyramid_band(&self, rect: Rect, sink: &mut Sink<'_>, worker: &mut Worker, head: &Head, blur: &Blur) {
        const STRIDE: usize = TILE / 2 + 4 + PAD;
        let Some(pyramid) = self.pyramid else { return };
        let channels = self.graph.channels(head.node);
        let list = channels.list();
        let is_of_codes = channels == Channels { colors: Colors::Any, opaque: true } && self.is_within_codes;
        if is_of_codes && self.pass.body.is_only_head() && matches!(sink, Sink::U8 { .. }) {
            self.pyramid_codes_band(rect, sink, worker, pyramid, blur);
            return;
        }
        let mut ring = core::mem::take(&mut worker.blur.ring);
        at_least(&mut ring, 4 * RING * STRIDE);
        let mut line = [0.0f32; STRIDE];
        for x in (0..rect.width as usize).step_by(TILE) {
            let count = TILE.min(rect.width as usize - x);
            let left = i64::from(rect.x) + x as i64;
            let first = left.div_euclid(2) - 1;
            let samples = ((left + count as i64 - 1).div_euclid(2) + 1 - first + 1) as usize;
            let mut next = i64::from(rect.y).div_euclid(2) - 1;
            for row in 0..rect.height as usize {
                let y = i64::from(rect.y) + row as i64;
                while next <= y.div_euclid(2) + 1 {
                    for c in 0..list.len() {
                        let at = (c * RING + next.rem_euclid(RING as i64) as usize) * STRIDE;
                        let out = &mut ring[at..at + samples];
                        self.row_of_result(pyramid, blur, c, next, first, &mut worker.blur, out);
                    }
                    next += 1;
                }
                for (k, c) in list.iter().enumerate() {
                    let below = y.div_euclid(2);
                    let three = [-1, 0, 1]
                        .map(|dy| &ring[(k * RING + (below + dy).rem_euclid(RING as i64) as usize) * STRIDE..]);
                    let out = &mut worker.bank.head.0[*c][..count];
                    with_instructions!(self.isa(), {
                        interpolate_rows(three, y.rem_euclid(2) == 1, &mut line[..samples]);
                        interpolate_row(&line[..samples], left.rem_euclid(2) == 1, out);
                    });
                }
                channels.complete(&mut worker.bank.head, count);
                self.finish(worker, rect.x as usize + x, y as usize, count);
                self.put(sink, worker, x, row, count);
            }
        }
        worker.blur.ring = ring;
    }
}
