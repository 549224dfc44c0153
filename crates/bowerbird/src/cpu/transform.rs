//! The domain transform: recursions along rows and columns of the whole picture (Gastal and Oliveira 2011).
//!
//! The picture is kept in a few bands of rows, each as strips of eight columns, a strip's rows one after the other. So a
//! column pass runs down a strip that stays in the second cache, and a row pass takes eight rows at a time: it turns the
//! blocks of eight by eight that it meets, and the recursion runs on eight rows at once. Bands and strips are separate
//! pieces of memory, so threads need no locks.

use super::apart::{Apart, Row};
use super::lines::{Line, smooth_line};
use super::recursion::{self, Eight, SIDE};
use super::view::fetch;
use super::walk::{PAD, Worker};
use super::{Context, Planes, Sink};
use crate::effect::TILE;
use crate::graph::{Method, Op, Transform};
use crate::lane::color;
use crate::plan::{Head, Rect};
use core::f64::consts::{LOG2_E, SQRT_2};
use core::ops::Range;
use rayon::prelude::*;

/// Bands of rows.
const BANDS: usize = 8;
/// Columns that are loaded at a time, so that with their neighbors on the left they fit a tile.
const CHUNK: usize = TILE - SIDE;

/// The rows of a band.
#[derive(Debug, Default)]
struct Band {
    /// First row of the picture, and how many.
    top: usize,
    rows: usize,
    /// Premultiplied values: strip, row, channel, column.
    values: Planes<Eight>,
    /// How strongly pixels depend on their neighbors on the left: block of rows, column, row.
    across: Planes<Eight>,
    /// How strongly pixels depend on their neighbors above: strip, row, column.
    down: Planes<Eight>,
}

/// The picture in the making, kept from frame to frame.
#[derive(Debug, Default)]
pub(super) struct Field {
    bands: [Band; BANDS],
    channels: usize,
}

/// The scratch memory of one thread.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    /// Nine rows of a chunk, four planes each.
    loaded: Vec<Row>,
    /// Distances or weights of eight rows.
    across: Vec<Row>,
    down: Vec<Row>,
    line: Line,
}

/// What a pass along lines needs to know.
#[derive(Clone, Copy, Debug)]
struct Pass {
    method: Method,
    /// How many times weights are squared: each iteration halves σ.
    squarings: usize,
    /// The σ of the iteration.
    sigma: f64,
}

impl Context<'_> {
    /// The transform of the pass, with σ in pixels and the range.
    fn transform(&self) -> Option<(&Head, Transform, [f64; 2])> {
        let head = self.pass.head.as_ref()?;
        let node = &self.graph.nodes[head.node];
        let Op::Transform(transform) = node.op else { return None };
        let numbers = [0, 1].map(|slot| f64::from(self.values.uniforms[node.uniforms.0 + slot]));
        Some((head, transform, numbers))
    }

    /// Computes what the walk of a transform reads.
    pub(super) fn build_field(&self, field: &mut Field) {
        let Some((head, transform, [sigma, range])) = self.transform() else { return };
        if sigma == 0.0 {
            return;
        }
        let (width, height) = (self.frame.width as usize, self.frame.height as usize);
        let opaque = self.graph.nodes[head.node].tag.is_opaque();
        field.channels = if opaque { 3 } else { 4 };
        let (channels, strips) = (field.channels, width.div_ceil(SIDE));
        let most = height.div_ceil(BANDS).next_multiple_of(SIDE);
        for (index, band) in field.bands.iter_mut().enumerate() {
            band.top = index * most;
            band.rows = height.saturating_sub(band.top).min(most);
            let padded = band.rows.next_multiple_of(SIDE);
            band.values.at_least(strips * padded * channels);
            band.across.at_least(padded * strips);
            band.down.at_least(padded * strips);
        }
        let steps = transform.iterations;
        let sigma_of = |step: usize| {
            let halves = f64::from(1u32 << (steps - step - 1));
            sigma * 3f64.sqrt() * halves / (4f64.powi(steps as i32) - 1.0).sqrt()
        };
        let apart = Apart {
            color: (sigma / range) as f32,
            falloff: (transform.method == Method::Rf).then(|| (-SQRT_2 * LOG2_E / sigma_of(0)) as f32),
        };
        self.machine.install(|| {
            for step in 0..steps {
                let pass = Pass { method: transform.method, squarings: step, sigma: sigma_of(step) };
                field.bands.par_iter_mut().for_each(|band| {
                    self.machine.with_worker(|worker| {
                        self.reserve(worker);
                        let blocks = band.rows.div_ceil(SIDE);
                        for block in (0..blocks).step_by(2) {
                            if self.machine.gives_up() {
                                return;
                            }
                            let end = blocks.min(block + 2);
                            if step == 0 {
                                (block..end).for_each(|block| self.load(head, worker, band, block, channels, apart));
                            }
                            self.rows(worker, band, block..end, channels, &pass);
                        }
                    });
                });
                self.columns(field, &pass);
            }
        });
    }

    /// Loads eight rows, and the distances or weights from their neighbors.
    fn load(&self, head: &Head, worker: &mut Worker, band: &mut Band, block: usize, channels: usize, apart: Apart) {
        let (width, isa) = (self.frame.width as usize, self.isa());
        let (top, padded) = (band.top + SIDE * block, band.rows.next_multiple_of(SIDE));
        let rows = SIDE.min(band.rows - SIDE * block);
        let Scratch { mut loaded, mut across, mut down, line } = core::mem::take(&mut worker.transform);
        loaded.resize(4 * (SIDE + 1), [0.0; TILE + PAD]);
        across.resize(SIDE, [0.0; TILE + PAD]);
        down.resize(SIDE, [0.0; TILE + PAD]);
        for x in (0..width).step_by(CHUNK) {
            let lead = x.min(1);
            let count = CHUNK.min(width - x);
            for row in 0..=rows {
                // The row above the first stands for itself at the top of the picture; its weight is 0.
                let y = (top + row).saturating_sub(1);
                let tile = self.input_tile(&head.input, worker, x - lead, y, count + lead);
                for (out, plane) in loaded[4 * row..].iter_mut().zip(&tile.0).take(channels) {
                    // The column of the chunk's first pixel is always 1.
                    out[1 - lead..1 + count].copy_from_slice(&plane[..count + lead]);
                }
            }
            for row in 0..rows {
                let colors = |row: usize, from: usize| [0, 1, 2].map(|c| &loaded[4 * row + c][from..]);
                apart.row(isa, colors(row + 1, 1), colors(row + 1, 0), count, &mut across[row]);
                apart.row(isa, colors(row + 1, 1), colors(row, 1), count, &mut down[row]);
                // Nothing lies beyond the edges.
                across[row][count..count + SIDE].fill(0.0);
                if x == 0 {
                    across[row][0] = 0.0;
                }
                if top + row == 0 {
                    down[row].fill(0.0);
                }
            }
            // Only now, for each row is the one above another.
            for row in 0..if channels == 4 { rows } else { 0 } {
                let (color, alpha) = loaded[4 * row + 4..4 * row + 8].split_at_mut(3);
                with_instructions!(isa, color.iter_mut().for_each(|color| premultiply(color, &alpha[0])));
            }
            for first in (0..count).step_by(SIDE) {
                let strip = (x + first) / SIDE;
                let place = strip * padded + SIDE * block;
                for (row, out) in band.values[place * channels..].chunks_exact_mut(channels).enumerate().take(rows) {
                    for (out, plane) in out.iter_mut().zip(&loaded[4 * row + 4..]) {
                        *out = *eight(&plane[1 + first..]);
                    }
                }
                for (out, row) in band.down[place..].iter_mut().zip(&down).take(rows) {
                    *out = *eight(&row[first..]);
                }
                let place = (block * width.div_ceil(SIDE) + strip) * SIDE;
                let rows = core::array::from_fn(|row| eight(&across[row][first..]));
                recursion::turn(isa, rows, &mut band.across[place..place + SIDE]);
            }
        }
        worker.transform = Scratch { loaded, across, down, line };
    }

    /// One pass along the rows of one or two blocks.
    fn rows(&self, worker: &mut Worker, band: &mut Band, blocks: Range<usize>, channels: usize, pass: &Pass) {
        let strips = self.frame.width.div_ceil(SIDE as u32) as usize;
        let padded = band.rows.next_multiple_of(SIDE);
        let Band { values, across, .. } = band;
        if pass.method == Method::Rf {
            let of = |block: usize| &across[block * strips * SIDE..(block + 1) * strips * SIDE];
            let (isa, place, squarings) =
                (self.isa(), (SIDE * blocks.start * channels, padded * channels), pass.squarings);
            let first = of(blocks.start);
            match (channels, blocks.len()) {
                (3, 2) => recursion::rows::<3, 2>(isa, values, [first, of(blocks.start + 1)], place, squarings),
                (3, _) => recursion::rows::<3, 1>(isa, values, [first], place, squarings),
                (_, 2) => recursion::rows::<4, 2>(isa, values, [first, of(blocks.start + 1)], place, squarings),
                _ => recursion::rows::<4, 1>(isa, values, [first], place, squarings),
            }
            return;
        }
        let line = &mut worker.transform.line;
        let width = self.frame.width as usize;
        for row in SIDE * blocks.start..band.rows.min(SIDE * blocks.end) {
            let place = |x: usize, c: usize| ((x / SIDE * padded + row) * channels + c, x % SIDE);
            let apart = |x: usize| across[row / SIDE * strips * SIDE + x][row % SIDE];
            line.fill(width, channels, apart, |x, c| values[place(x, c).0][place(x, c).1]);
            smooth_line(line, pass.method, pass.sigma);
            line.drain(|x, c, value| values[place(x, c).0][place(x, c).1] = value);
        }
    }

    /// One pass down all columns.
    fn columns(&self, field: &mut Field, pass: &Pass) {
        let mut columns = Columns { rows: [0; BANDS], values: Default::default(), down: Default::default() };
        for (index, band) in field.bands.iter_mut().enumerate() {
            columns.rows[index] = band.rows;
            columns.values[index] = &mut band.values;
            columns.down[index] = &band.down;
        }
        let strips = self.frame.width.div_ceil(SIDE as u32) as usize;
        self.halve_columns(columns, strips, field.channels, pass);
    }

    /// Cuts columns in half until a few strips are left, and hands one half to another thread.
    fn halve_columns(&self, columns: Columns<'_>, strips: usize, channels: usize, pass: &Pass) {
        /// Strips of a task.
        const FEW: usize = 4;
        if strips > FEW {
            let (left, right) = columns.split(strips / 2, channels);
            rayon::join(
                || self.halve_columns(left, strips / 2, channels, pass),
                || self.halve_columns(right, strips - strips / 2, channels, pass),
            );
            return;
        }
        if self.machine.gives_up() {
            return;
        }
        let Columns { rows, mut values, down } = columns;
        for strip in 0..strips {
            let starts = rows.map(|rows| strip * rows.next_multiple_of(SIDE));
            let values: [&mut [Eight]; BANDS] = {
                let mut index = 0;
                values.each_mut().map(|values| {
                    let (start, rows) = (starts[index], rows[index]);
                    index += 1;
                    &mut values[start * channels..(start + rows) * channels]
                })
            };
            let down = core::array::from_fn(|index| &down[index][starts[index]..starts[index] + rows[index]]);
            match (pass.method, channels) {
                (Method::Rf, 3) => recursion::columns::<3, BANDS>(self.isa(), values, down, pass.squarings),
                (Method::Rf, _) => recursion::columns::<4, BANDS>(self.isa(), values, down, pass.squarings),
                _ => self.machine.with_worker(|worker| {
                    window_columns(&mut worker.transform.line, values, down, &rows, channels, pass);
                }),
            }
        }
    }

    /// A band of the walk that hands on what [`Self::build_field`] left.
    pub(super) fn field_band(&self, rect: Rect, sink: &mut Sink<'_>, worker: &mut Worker) {
        let Some((head, _, [sigma, _])) = self.transform() else { return };
        let Some(field) = self.field else { return };
        for row in 0..rect.height as usize {
            let y = rect.y as usize + row;
            for x in (0..rect.width as usize).step_by(TILE) {
                let (column, count) = (rect.x as usize + x, TILE.min(rect.width as usize - x));
                if sigma == 0.0 || field.channels == 4 {
                    self.input_head(&head.input, worker, column, y, count);
                }
                if sigma > 0.0 {
                    field.read(column, y, count, &mut worker.bank.head);
                }
                self.finish(worker, column, y, count);
                self.put(sink, worker, x, row, count);
            }
        }
    }
}

/// A range of strips in every band.
struct Columns<'a> {
    rows: [usize; BANDS],
    values: [&'a mut [Eight]; BANDS],
    down: [&'a [Eight]; BANDS],
}

impl<'a> Columns<'a> {
    /// The first strips and the rest.
    fn split(self, strips: usize, channels: usize) -> (Self, Self) {
        let rows = self.rows;
        let mut left = Self { rows, values: Default::default(), down: Default::default() };
        let mut right = Self { rows, values: Default::default(), down: Default::default() };
        for (index, (values, down)) in self.values.into_iter().zip(self.down).enumerate() {
            let at = strips * rows[index].next_multiple_of(SIDE);
            (left.values[index], right.values[index]) = values.split_at_mut(at * channels);
            (left.down[index], right.down[index]) = down.split_at(at);
        }
        (left, right)
    }
}

impl Field {
    /// Colors of `count` pixels of row `y` from column `x`, straight. The tile holds the alpha that the result has; where
    /// there are three channels it is set to 1.
    fn read(&self, x: usize, y: usize, count: usize, tile: &mut crate::effect::Tile) {
        let most = self.bands[0].rows.next_multiple_of(SIDE).max(1);
        let band = &self.bands[(y / most).min(BANDS - 1)];
        let padded = band.rows.next_multiple_of(SIDE);
        let [r, g, b, a] = &mut tile.0;
        let mut index = 0;
        while index < count {
            let column = x + index;
            let (strip, lane) = (column / SIDE, column % SIDE);
            let n = (SIDE - lane).min(count - index);
            let at = (strip * padded + y - band.top) * self.channels;
            let eights = &band.values[at..at + self.channels];
            // Each strip is on another page.
            fetch(&band.values, at + self.channels, self.channels);
            for (plane, eight) in [&mut *r, &mut *g, &mut *b].into_iter().zip(eights) {
                match plane[index..].first_chunk_mut::<SIDE>() {
                    // Of a size that is known, which is no call.
                    Some(out) if n == SIDE => *out = *eight,
                    _ => plane[index..index + n].copy_from_slice(&eight[lane..lane + n]),
                }
            }
            if let Some(alpha) = eights.get(3) {
                for (k, alpha) in alpha[lane..lane + n].iter().enumerate() {
                    let shown = *alpha > color::LEAST_ALPHA && a[index + k] > color::LEAST_ALPHA;
                    for plane in [&mut *r, &mut *g, &mut *b] {
                        plane[index + k] = if shown { plane[index + k] / alpha } else { 0.0 };
                    }
                }
            } else {
                a[index..index + n].fill(1.0);
            }
            index += n;
        }
    }
}

/// The first eight of a row.
#[inline(always)]
fn eight(row: &[f32]) -> &Eight {
    row.first_chunk().unwrap_or(&[0.0; SIDE])
}

#[inline(always)]
fn premultiply(color: &mut Row, alpha: &Row) {
    color.iter_mut().zip(alpha).for_each(|(color, alpha)| *color *= alpha);
}

/// Windows down the columns of a strip.
fn window_columns(
    line: &mut Line,
    mut values: [&mut [Eight]; BANDS],
    down: [&[Eight]; BANDS],
    rows: &[usize; BANDS],
    channels: usize,
    pass: &Pass,
) {
    let most = rows[0].next_multiple_of(SIDE).max(1);
    let (height, place) = (rows.iter().sum(), |y: usize| (y / most, y % most));
    for lane in 0..SIDE {
        let apart = |y: usize| down[place(y).0][place(y).1][lane];
        line.fill(height, channels, apart, |y, c| values[place(y).0][place(y).1 * channels + c][lane]);
        smooth_line(line, pass.method, pass.sigma);
        line.drain(|y, c, value| values[place(y).0][place(y).1 * channels + c][lane] = value);
    }
}
