//! Curves of tiles: counting them, and taking pixels through the four around each.
//!
//! Along a row the curves above and below are mixed first, once for all its pixels, so that a pixel reads two curves.

use super::Context;
use super::Sink;
use super::reduce::{Levels, luma_levels};
use super::walk::Worker;
use crate::effect::{TILE, Tile};
use crate::graph::{Between, LEVELS, Tiles};
use crate::lane::{Lane, color};
use crate::plan::{Head, Rect};
use rayon::prelude::*;

/// Copies of the counts: equal neighbors would have to wait for each other in one.
const COPIES: usize = 4;

/// The value of each level, and how far it is to the next.
type Curve = [[f32; 2]; LEVELS];

/// The scratch memory of one thread.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    /// The curve of each column of tiles, for one row of pixels.
    curves: Vec<Curve>,
    across: Vec<Between>,
    parts: Vec<f32>,
    /// For each tile of a row, the end of each run of pixels between the same two curves, and these.
    runs: Vec<Vec<(usize, [usize; 2])>>,
}

impl Context<'_> {
    fn tiles_of(&self, node: usize) -> Tiles {
        let first = self.graph.nodes[node].uniforms.0;
        Tiles::of(&self.values.uniforms[first..first + Tiles::UNIFORMS], &self.frame)
    }

    /// Adds a part of the picture to the counts of all tiles, one task each, and turns them into curves in the end.
    pub(super) fn tiles(&self, part: Rect, totals: &mut Vec<u32>, table: Option<&mut [f32]>) {
        let Some(head) = &self.pass.head else { return };
        let tiles = self.tiles_of(self.pass.root);
        let [columns, rows] = tiles.counts;
        let view = head.input.plain_load().map_or(super::View::Empty, |buffer| self.views.of(buffer));
        totals.resize(columns * rows * LEVELS, 0);
        let [from, top, to, bottom] = [part.x, part.y, part.right(), part.bottom()].map(|at| at as usize);
        totals.par_chunks_mut(LEVELS).enumerate().for_each(|(index, total)| {
            if self.machine.gives_up() {
                return;
            }
            let (column, row) = (index % columns, index / columns);
            let mut counts = [[0u32; LEVELS]; COPIES];
            let mut levels: Levels = [[0; TILE]; 3];
            self.machine.with_worker(|worker| {
                self.reserve(worker);
                let (left, right) = (tiles.edge(0, column).max(from), tiles.edge(0, column + 1).min(to));
                let rows = tiles.edge(1, row).max(top)..tiles.edge(1, row + 1).min(bottom);
                for y in if left < right { rows } else { 0..0 } {
                    if (y + 1) < self.frame.height as usize {
                        view.fetch(left..right, y + 1..y + 2);
                    }
                    for x in (left..right).step_by(TILE) {
                        let count = TILE.min(right - x);
                        let tile = self.input_tile(&head.input, worker, x, y, count);
                        luma_levels(self.isa(), tile, count, &mut levels);
                        let (fours, rest) = levels[0][..count].as_chunks::<COPIES>();
                        for four in fours {
                            for (level, counts) in four.iter().zip(&mut counts) {
                                counts[*level as usize % LEVELS] += 1;
                            }
                        }
                        rest.iter().for_each(|level| counts[0][*level as usize % LEVELS] += 1);
                    }
                }
            });
            for (level, total) in total.iter_mut().enumerate() {
                *total += counts.iter().map(|copy| copy[level]).sum::<u32>();
            }
        });
        let Some(table) = table else { return };
        for (total, curve) in totals.as_chunks_mut::<LEVELS>().0.iter_mut().zip(table.chunks_exact_mut(LEVELS)) {
            tiles.curve(total, curve);
        }
    }

    /// A band of pixels taken through the curves around them.
    pub(super) fn curves_band(&self, rect: Rect, sink: &mut Sink<'_>, worker: &mut Worker, head: &Head) {
        let tiles = self.tiles_of(head.node);
        let table = &self.values.tables[self.graph.nodes[head.node].tables[0]];
        let columns = tiles.counts[0];
        let Scratch { mut curves, mut across, mut parts, mut runs } = core::mem::take(&mut worker.local);
        curves.resize(columns, [[0.0; 2]; LEVELS]);
        across.resize(rect.width as usize, Between::default());
        tiles.along(0, rect.x as usize, &mut across);
        parts.clear();
        parts.extend(across.iter().map(|between| between.part));
        let pieces = across.chunks(TILE);
        runs.resize_with(pieces.len().max(runs.len()), Vec::new);
        for (runs, piece) in runs.iter_mut().zip(pieces) {
            runs.clear();
            for run in piece.chunk_by(|a, b| a.tiles == b.tiles) {
                let start = runs.last().map_or(0, |(end, _)| *end);
                runs.push((start + run.len(), run[0].tiles));
            }
        }
        let (mut lumas, mut places) = ([0.0f32; TILE], ([0u8; TILE], [0.0f32; TILE]));
        let mut read: Read = [[[0.0; 2]; TILE]; 2];
        for row in 0..rect.height as usize {
            let y = rect.y as usize + row;
            let mut down = [Between::default()];
            tiles.along(1, y, &mut down);
            for (column, curve) in curves.iter_mut().enumerate() {
                let [above, below] = down[0].tiles.map(|row| &table[(row * columns + column) * LEVELS..][..LEVELS]);
                with_instructions!(self.isa(), mix(above, below, down[0].part, curve));
            }
            for x in (0..rect.width as usize).step_by(TILE) {
                let count = TILE.min(rect.width as usize - x);
                self.input_head(&head.input, worker, rect.x as usize + x, y, count);
                let tile = &mut *worker.bank.head;
                with_instructions!(self.isa(), place(tile, count, &mut lumas, &mut places));
                let mut at = 0;
                for (end, columns) in &runs[x / TILE] {
                    let (end, [left, right]) = (*end, columns.map(|column| &curves[column]));
                    look_up(&places.0[at..end], left, right, read.each_mut().map(|values| &mut values[at..end]));
                    at = end;
                }
                with_instructions!(self.isa(), {
                    change(&mut lumas[..count], &read, &places.1, &parts[x..]);
                    add(tile, count, &lumas);
                });
                self.finish(worker, rect.x as usize + x, y, count);
                self.put(sink, worker, x, row, count);
            }
        }
        worker.local = Scratch { curves, across, parts, runs };
    }
}

/// The curve between two.
#[inline(always)]
fn mix(above: &[f32], below: &[f32], part: f32, out: &mut Curve) {
    // One more, so that the last has one behind it.
    let mut values = [0.0; LEVELS + 1];
    for ((value, above), below) in values.iter_mut().zip(above).zip(below) {
        *value = above + (below - above) * part;
    }
    values[LEVELS] = values[LEVELS - 1];
    for (level, out) in out.iter_mut().enumerate() {
        *out = [values[level], values[level + 1] - values[level]];
    }
}

/// The luma of each pixel, its level, and how far it is on the way to the next.
#[inline(always)]
fn place(tile: &Tile, count: usize, lumas: &mut [f32; TILE], (levels, parts): &mut ([u8; TILE], [f32; TILE])) {
    let [r, g, b, _] = tile.0.each_ref().map(|plane| &plane[..count]);
    for index in 0..count {
        let luma = r[index] * color::REC709[0] + g[index] * color::REC709[1] + b[index] * color::REC709[2];
        let position = Lane::clamp01(luma) * 255.0;
        let level = position.floor();
        lumas[index] = luma;
        // The integer is in the low bits of a float of this size. A cast saturates, sample by sample.
        levels[index] = (level + 8_388_608.0).to_bits() as u8;
        parts[index] = position - level;
    }
}

/// What was read of the left and of the right curve for each pixel of a tile.
type Read = [[[f32; 2]; TILE]; 2];

/// Reads two curves at each level: plain loads and stores of pairs, apart from the sums (with an array for each number all
/// of CLAHE took 19.2 ms in the place of 16.7).
fn look_up(levels: &[u8], left: &Curve, right: &Curve, [l, r]: [&mut [[f32; 2]]; 2]) {
    for ((level, l), r) in levels.iter().zip(l).zip(r) {
        (*l, *r) = (left[usize::from(*level)], right[usize::from(*level)]);
    }
}

/// What the curves add to each luma, in its place; `within` is how far a luma is on the way to the next level, `parts`
/// how far its pixel is on the way to the right curve.
#[inline(always)]
fn change(lumas: &mut [f32], [left, right]: &Read, within: &[f32; TILE], parts: &[f32]) {
    for (k, (luma, part)) in lumas.iter_mut().zip(parts).enumerate().take(TILE) {
        let ([l, dl], [r, dr]) = (left[k], right[k]);
        let (left, right) = (l + dl * within[k], r + dr * within[k]);
        *luma = left + (right - left) * part - *luma;
    }
}

/// Adds a change to the colors of visible pixels.
#[inline(always)]
fn add(tile: &mut Tile, count: usize, changes: &[f32; TILE]) {
    let [r, g, b, a] = &mut tile.0;
    for plane in [r, g, b] {
        for ((value, change), alpha) in plane[..count].iter_mut().zip(changes).zip(&*a) {
            *value = if *alpha > color::LEAST_ALPHA { *value + change } else { 0.0 };
        }
    }
}
