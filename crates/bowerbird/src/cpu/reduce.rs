//! Reductions: counts and means over the whole picture.
//!
//! Counts are integers, so their order does not matter; means are summed row by row within each cell, in one order.

use super::{Context, View};
use crate::effect::{Isa, TILE, Tile};
use crate::effects::stylize::pixelate::{LATTICE, cell_of};
use crate::graph::{CellShape, Finish, Op, Reduce};
use crate::lane::{Lane, color::REC709};
use crate::plan::Rect;
use core::ops::Range;
use rayon::prelude::*;

/// Rows counted by one task.
const BAND: u32 = 64;

/// Copies of the counts.
const COPIES: usize = 4;

/// Counts of three histograms of 256 levels, in copies that are added in the end.
type Counts = [[u32; 768]; COPIES];

/// What the tiles of a picture have added up to, kept from frame to frame.
#[derive(Debug, Default)]
pub(super) struct Reduced {
    /// Counts of levels, histogram by histogram.
    counts: Vec<u32>,
    means: Vec<Mean>,
}

/// The sum of some pixels, and how many they are.
#[derive(Clone, Copy, Debug, Default)]
struct Mean {
    total: [f32; 4],
    count: u32,
}

impl Context<'_> {
    /// Adds a tile to the pass's reduction, and fills its table once the last is added. Tiles come in order, row by row.
    pub(super) fn reduce(&self, tile: Rect, reduced: &mut Reduced, table: &mut [f32]) {
        if (tile.x, tile.y) == (0, 0) {
            reduced.counts.clear();
            reduced.means.clear();
        }
        let is_last = (tile.right(), tile.bottom()) == (self.frame.width, self.frame.height);
        match &self.graph.nodes[self.pass.root].op {
            Op::Reduce(Reduce::Histogram(finish)) => {
                reduced.counts.resize(256 * finish.histograms(), 0);
                let counts = self.machine.install(|| self.count(tile, *finish));
                for (level, total) in reduced.counts.iter_mut().enumerate() {
                    *total += counts.iter().map(|copy| copy[level]).sum::<u32>();
                }
                if is_last {
                    finish.finish(&reduced.counts, table);
                }
            }
            Op::Reduce(Reduce::Tiles { .. }) => {
                self.machine.install(|| self.tiles(tile, &mut reduced.counts, is_last.then_some(table)));
            }
            Op::Reduce(Reduce::Cells { shape, .. }) => {
                self.machine.install(|| self.cells(*shape, tile, &mut reduced.means, is_last.then_some(table)));
            }
            _ => {}
        }
    }

    /// Counts a rectangle by halving it, so that nothing is allocated.
    fn count(&self, rect: Rect, finish: Finish) -> Counts {
        if rect.height <= BAND {
            let mut counts = [[0; 768]; COPIES];
            if self.machine.gives_up() {
                return counts;
            }
            let mut levels: Levels = [[0; TILE]; 3];
            let opaque = self.graph.nodes[self.graph.nodes[self.pass.root].inputs[0]].tag.is_opaque();
            self.machine.with_worker(|worker| {
                for y in rect.y..rect.bottom() {
                    for x in (rect.x..rect.right()).step_by(TILE) {
                        let count = TILE.min((rect.right() - x) as usize);
                        self.reduce_tile(worker, x as usize, y as usize, count, |tile| {
                            count_tile(self.isa(), tile, count, finish, opaque, &mut levels, &mut counts);
                        });
                    }
                }
            });
            return counts;
        }
        let half = rect.height / 2;
        let (mut upper, lower) = rayon::join(
            || self.count(Rect { height: half, ..rect }, finish),
            || self.count(Rect { y: rect.y + half, height: rect.height - half, ..rect }, finish),
        );
        let sums = upper.iter_mut().flatten().zip(lower.iter().flatten());
        sums.for_each(|(a, b)| *a += b);
        upper
    }

    /// Adds rows to the means of the cells, one task a row of cells, and writes them in the end.
    fn cells(&self, shape: CellShape, strip: Rect, means: &mut Vec<Mean>, table: Option<&mut [f32]>) {
        let node = &self.graph.nodes[self.pass.root];
        let mut lattice = [0.0f32; LATTICE];
        lattice.copy_from_slice(&self.values.uniforms[node.uniforms.0..node.uniforms.0 + LATTICE]);
        let columns = (lattice[1] as usize).max(1);
        let Some(head) = &self.pass.head else { return };
        let view = head.input.plain_load().map_or(View::Empty, |buffer| self.views.of(buffer));
        means.resize(columns * lattice[2] as usize, Mean::default());
        means.par_chunks_mut(columns).enumerate().for_each(|(row, cells)| {
            if self.machine.gives_up() {
                return;
            }
            // With the instructions of the machine rounding down is no call: 4 px at 3840×2160 took 147 ms, two threads.
            with_instructions!(self.isa(), self.row_of_cells(shape, &lattice, (row, cells), strip, &view));
        });
        let Some(table) = table else { return };
        for (cell, Mean { total, count }) in table.chunks_exact_mut(4).zip(means) {
            let divisor = (*count).max(1) as f32;
            cell.iter_mut().zip(total).for_each(|(c, t)| *c = *t / divisor);
        }
    }

    /// Adds a strip to the means of a row of cells.
    #[inline(always)]
    fn row_of_cells(
        &self,
        shape: CellShape,
        lattice: &[f32; LATTICE],
        (row, cells): (usize, &mut [Mean]),
        strip: Rect,
        view: &View<'_>,
    ) {
        for (column, Mean { total, count }) in cells.iter_mut().enumerate() {
            let (left, top, right, bottom) = self.bounds(shape, lattice, column, row);
            for y in top.max(strip.y)..bottom.min(strip.bottom()) {
                let py = self.frame.center(y.into());
                let is_in = crate::lane::inlined(
                    #[inline(always)]
                    |x: u32| {
                        cell_of::<f32>(shape, *lattice, self.frame.center(x.into()), py) == [column as f32, row as f32]
                    },
                );
                let mut sum = [0.0f32; 4];
                for span in self.spans(shape, lattice, row, y, left..right) {
                    // What is between two pixels of a square is in it, too.
                    let is_square = shape == CellShape::Square;
                    let Range { mut start, mut end } = span;
                    while is_square && start < end && !is_in(start) {
                        start += 1;
                    }
                    while is_square && start < end && !is_in(end - 1) {
                        end -= 1;
                    }
                    for x in start..end {
                        if is_square || is_in(x) {
                            let pixel = view.pixel(x as usize, y as usize);
                            sum.iter_mut().zip(pixel).for_each(|(s, v)| *s += v);
                            *count += 1;
                        }
                    }
                }
                total.iter_mut().zip(sum).for_each(|(t, s)| *t += s);
            }
        }
    }

    /// The columns of a row of pixels that may be in a row of cells: of a ring, only those that are as far from the center.
    fn spans(
        &self,
        shape: CellShape,
        lattice: &[f32; LATTICE],
        row: usize,
        y: u32,
        columns: Range<u32>,
    ) -> [Range<u32>; 2] {
        if shape != CellShape::Polar {
            return [columns, 0..0];
        }
        let [size, _, _, first, cx, cy, _] = lattice.map(f64::from);
        let dy = f64::from(self.frame.center(y.into())) - cy;
        let ring = first + row as f64;
        let outer = (ring + 1.0) * size;
        // Distances are computed in floats.
        let slack = outer * 1e-6;
        let half = |radius: f64| (radius * radius - dy * dy).max(0.0).sqrt();
        let [inner, outer] = [half((ring * size - slack).max(0.0)), half(outer + slack)];
        let scale = self.frame.scale();
        let within = |v: f64| (v.max(0.0) as u32).clamp(columns.start, columns.end.max(columns.start));
        let (from, to) = (|v: f64| (v * scale - 1.5).floor(), |v: f64| (v * scale + 1.5).ceil());
        let left = within(from(cx - outer))..within(to(cx - inner));
        let right = within(from(cx + inner)).max(left.end)..within(to(cx + outer));
        [left, right]
    }

    /// A rectangle of rendered pixels that holds a cell: left, top, right, bottom.
    fn bounds(&self, shape: CellShape, lattice: &[f32; LATTICE], column: usize, row: usize) -> (u32, u32, u32, u32) {
        let [x0, y0, x1, y1] = cell_bounds(shape, lattice.map(f64::from), column as f64, row as f64);
        let scale = self.frame.scale();
        let low = |v: f64| (v * scale - 1.5).max(0.0) as u32;
        let high = |v: f64, most: u32| ((v * scale + 1.5).max(0.0) as u32).min(most);
        (low(x0), low(y0), high(x1, self.frame.width), high(y1, self.frame.height))
    }
}

/// A rectangle of full-size pixels that holds a cell: left, top, right, bottom.
fn cell_bounds(shape: CellShape, lattice: [f64; LATTICE], column: f64, row: f64) -> [f64; 4] {
    let [size, _, _, first, cx, cy, sectors] = lattice;
    match shape {
        CellShape::Square => [column * size, row * size, (column + 1.0) * size, (row + 1.0) * size],
        CellShape::Hex => {
            let y = row * size * 0.75f64.sqrt();
            let x = (column + first + 0.5 * (row % 2.0)) * size;
            [x - size, y - size, x + size, y + size]
        }
        CellShape::Polar => {
            let (inner, outer) = ((first + row) * size, (first + row + 1.0) * size);
            let step = core::f64::consts::TAU / sectors;
            let ends = [column * step, (column + 1.0) * step];
            // The corners of the sector, grown by how far its arc stands out of its chord.
            let bulge = outer * (1.0 - (step / 2.0).cos());
            let xs = ends.map(|a| [cx + inner * a.cos(), cx + outer * a.cos()]);
            let ys = ends.map(|a| [cy - inner * a.sin(), cy - outer * a.sin()]);
            let least = |v: [[f64; 2]; 2]| v.iter().flatten().copied().fold(f64::INFINITY, f64::min) - bulge;
            let most = |v: [[f64; 2]; 2]| v.iter().flatten().copied().fold(f64::NEG_INFINITY, f64::max) + bulge;
            [least(xs), least(ys), most(xs), most(ys)]
        }
    }
}

/// Adds the levels of a tile to the counts. Neighboring pixels are counted in different copies, for equal ones would
/// have to wait for each other.
fn count_tile(
    isa: Isa,
    tile: &Tile,
    count: usize,
    finish: Finish,
    opaque: bool,
    levels: &mut Levels,
    counts: &mut Counts,
) {
    let histograms = finish.histograms();
    with_instructions!(isa, fill_levels(tile, count, histograms, levels));
    let alpha = &tile.0[3][..count];
    for (histogram, levels) in levels.iter().enumerate().take(histograms) {
        let (fours, rest) = levels[..count].as_chunks::<COPIES>();
        let (alphas, last) = alpha.as_chunks::<COPIES>();
        let place = |level: u32| 256 * histogram + (level & 255) as usize;
        if opaque {
            for four in fours {
                four.iter().zip(&mut *counts).for_each(|(level, counts)| counts[place(*level)] += 1);
            }
        } else {
            for (four, alphas) in fours.iter().zip(alphas) {
                for ((level, alpha), counts) in four.iter().zip(alphas).zip(&mut *counts) {
                    counts[place(*level)] += u32::from(*alpha >= 0.5);
                }
            }
        }
        for (level, alpha) in rest.iter().zip(last) {
            counts[0][place(*level)] += u32::from(opaque || *alpha >= 0.5);
        }
    }
}

/// The 8-bit levels of a tile: of its colors, or of its luma in the first plane.
pub(crate) type Levels = [[u32; TILE]; 3];

/// The 8-bit levels of the luma of a tile.
pub(crate) fn luma_levels(isa: Isa, tile: &Tile, count: usize, levels: &mut Levels) {
    with_instructions!(isa, fill_levels(tile, count, 1, levels));
}

/// The weights of luma in 2⁻²³, rounded up: all three together add less than a ten-thousandth of a code, of which luma is a
/// whole multiple, so what lies halfway between two levels is rounded up and nothing else.
const LUMA: [u32; 3] = [1_783_419, 5_999_533, 605_658];

/// The 8-bit levels of the luma of codes.
pub(crate) fn luma_levels_of_codes(isa: Isa, pixels: &[[u8; 4]], out: &mut [u32]) {
    with_instructions!(isa, luma_of_codes(pixels, out));
}

#[inline(always)]
fn luma_of_codes(pixels: &[[u8; 4]], out: &mut [u32]) {
    for (out, pixel) in out.iter_mut().zip(pixels) {
        let word = u32::from_le_bytes(*pixel);
        let [r, g, b] = [word & 255, (word >> 8) & 255, (word >> 16) & 255];
        *out = (r * LUMA[0] + g * LUMA[1] + b * LUMA[2] + (1 << 22)) >> 23;
    }
}

/// The 8-bit levels of a tile: of luma, or of each color.
#[inline(always)]
pub(crate) fn fill_levels(tile: &Tile, count: usize, histograms: usize, levels: &mut Levels) {
    // The integer is in the low bits of a float of this size. A cast saturates, sample by sample.
    let level = crate::lane::inlined(
        #[inline(always)]
        |v: f32| ((Lane::clamp01(v) * 255.0 + 0.5).floor() + 8_388_608.0).to_bits() & 255,
    );
    let [r, g, b, _] = tile.0.each_ref().map(|plane| &plane[..count]);
    if histograms == 3 {
        for (plane, levels) in [r, g, b].into_iter().zip(levels) {
            levels.iter_mut().zip(plane).for_each(|(slot, value)| *slot = level(*value));
        }
    } else {
        for (index, slot) in levels[0].iter_mut().enumerate().take(count) {
            *slot = level(r[index] * REC709[0] + g[index] * REC709[1] + b[index] * REC709[2]);
        }
    }
}
