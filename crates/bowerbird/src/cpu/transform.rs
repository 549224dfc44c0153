//! The domain transform: recursions along rows and columns of the whole picture (Gastal and Oliveira 2011).
//!
//! The picture is kept in a few bands of rows, each as strips of eight columns, a strip's rows one after the other. So a
//! column pass runs down a strip that stays in the second cache, and a row pass takes eight rows at a time: it turns the
//! blocks of eight by eight that it meets, and the recursion runs on eight rows at once. Bands and strips are separate
//! pieces of memory, so threads need no locks.

use super::lines::{Line, smooth_line};
use super::walk::Worker;
use super::{Context, Sink};
use crate::effect::{Isa, TILE};
use crate::graph::{Method, Op, Transform};
use crate::lane::{Lane, color};
use crate::plan::{Head, Rect};
use core::f64::consts::{LOG2_E, SQRT_2};
use rayon::prelude::*;

/// Columns of a strip, and rows of a block.
const SIDE: usize = 8;
/// Bands of rows.
const BANDS: usize = 8;
/// Columns that are loaded at a time, so that with their neighbors on the left they fit a tile.
const CHUNK: usize = TILE - SIDE;

/// Eight neighbors, in a row or down a column.
type Eight = [f32; SIDE];

/// The rows of a band.
#[derive(Debug, Default)]
struct Band {
    /// First row of the picture, and how many.
    top: usize,
    rows: usize,
    /// Premultiplied values: strip, row, channel, column.
    values: Vec<Eight>,
    /// How strongly pixels depend on their neighbors on the left: block of rows, column, row.
    across: Vec<Eight>,
    /// How strongly pixels depend on their neighbors above: strip, row, column.
    down: Vec<Eight>,
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
    loaded: Vec<[f32; TILE]>,
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
            band.values.resize(strips * padded * channels, [0.0; SIDE]);
            band.across.resize(padded * strips, [0.0; SIDE]);
            band.down.resize(padded * strips, [0.0; SIDE]);
        }
        let steps = transform.iterations;
        let sigma_of = |step: usize| {
            let halves = f64::from(1u32 << (steps - step - 1));
            sigma * 3f64.sqrt() * halves / (4f64.powi(steps as i32) - 1.0).sqrt()
        };
        // A weight is 2 to the power of this times the distance; other methods keep the distance itself.
        let falloff = (transform.method == Method::Rf).then(|| (-SQRT_2 * LOG2_E / sigma_of(0)) as f32);
        let apart = (sigma / range) as f32;
        self.machine.install(|| {
            for step in 0..steps {
                let pass = Pass { method: transform.method, squarings: step, sigma: sigma_of(step) };
                field.bands.par_iter_mut().for_each(|band| {
                    self.machine.with_worker(|worker| {
                        self.reserve(worker);
                        for block in 0..band.rows.div_ceil(SIDE) {
                            if step == 0 {
                                self.load(head, worker, band, block, channels, apart, falloff);
                            }
                            self.rows(worker, band, block, channels, &pass);
                        }
                    });
                });
                self.columns(field, &pass);
            }
        });
    }

    /// Loads eight rows, and the distances or weights from their neighbors.
    #[expect(clippy::too_many_arguments, reason = "rows, where they go, and what distances become")]
    fn load(
        &self,
        head: &Head,
        worker: &mut Worker,
        band: &mut Band,
        block: usize,
        channels: usize,
        apart: f32,
        falloff: Option<f32>,
    ) {
        let width = self.frame.width as usize;
        let (top, padded) = (band.top + SIDE * block, band.rows.next_multiple_of(SIDE));
        let rows = SIDE.min(band.rows - SIDE * block);
        let mut loaded = core::mem::take(&mut worker.transform.loaded);
        loaded.resize(4 * (SIDE + 1), [0.0; TILE]);
        for x in (0..width).step_by(CHUNK) {
            let lead = x.min(1);
            let count = CHUNK.min(width - x);
            for row in 0..=rows {
                // The row above the first stands for itself at the top of the picture; its weight is 0.
                let y = (top + row).saturating_sub(1);
                let tile = self.input_tile(&head.input, worker, x - lead, y, count + lead);
                for (c, plane) in tile.0.iter().enumerate() {
                    // The column of the chunk's first pixel is always 1.
                    loaded[4 * row + c][1 - lead..1 + count].copy_from_slice(&plane[..count + lead]);
                }
            }
            for first in (0..count).step_by(SIDE) {
                let strip = (x + first) / SIDE;
                let inside = SIDE.min(count - first);
                let mut turned = [[0.0; SIDE]; SIDE];
                for row in 0..rows {
                    let at =
                        |row: usize, c: usize, shift: usize| -> &Eight { eight(&loaded[4 * row + c][first + shift..]) };
                    let place = strip * padded + SIDE * block + row;
                    let out = &mut band.values[place * channels..(place + 1) * channels];
                    let (across, down) = (&mut turned[row], &mut band.down[place]);
                    with_instructions!(self.isa(), {
                        store(core::array::from_fn(|c| at(row + 1, c, 1)), out);
                        let here = [at(row + 1, 0, 1), at(row + 1, 1, 1), at(row + 1, 2, 1)];
                        let left = [at(row + 1, 0, 0), at(row + 1, 1, 0), at(row + 1, 2, 0)];
                        let above = [at(row, 0, 1), at(row, 1, 1), at(row, 2, 1)];
                        *across = weights(here, left, apart, falloff);
                        *down = weights(here, above, apart, falloff);
                    });
                    // Nothing lies beyond the edges.
                    across[inside..].fill(0.0);
                    if strip == 0 {
                        across[0] = 0.0;
                    }
                    if top + row == 0 {
                        down.fill(0.0);
                    }
                }
                let place = (block * width.div_ceil(SIDE) + strip) * SIDE;
                let out = &mut band.across[place..place + SIDE];
                with_instructions!(self.isa(), out.copy_from_slice(&transposed(&turned)));
            }
        }
        worker.transform.loaded = loaded;
    }

    /// One pass along eight rows.
    fn rows(&self, worker: &mut Worker, band: &mut Band, block: usize, channels: usize, pass: &Pass) {
        let strips = self.frame.width.div_ceil(SIDE as u32) as usize;
        let padded = band.rows.next_multiple_of(SIDE);
        if pass.method == Method::Rf {
            let across = &band.across[block * strips * SIDE..(block + 1) * strips * SIDE];
            let (first, step) = (SIDE * block * channels, padded * channels);
            match channels {
                3 => recursive_rows::<3>(self.isa(), &mut band.values, across, first, step, pass.squarings),
                _ => recursive_rows::<4>(self.isa(), &mut band.values, across, first, step, pass.squarings),
            }
            return;
        }
        let line = &mut worker.transform.line;
        let width = self.frame.width as usize;
        for row in 0..SIDE.min(band.rows - SIDE * block) {
            let place = |x: usize, c: usize| ((x / SIDE * padded + SIDE * block + row) * channels + c, x % SIDE);
            let apart = |x: usize| band.across[block * strips * SIDE + x][row];
            line.fill(width, channels, apart, |x, c| band.values[place(x, c).0][place(x, c).1]);
            smooth_line(line, pass.method, pass.sigma);
            line.drain(|x, c, value| band.values[place(x, c).0][place(x, c).1] = value);
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
                (Method::Rf, 3) => recursive_columns::<3>(self.isa(), values, down, pass.squarings),
                (Method::Rf, _) => recursive_columns::<4>(self.isa(), values, down, pass.squarings),
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
            for (plane, eight) in [&mut *r, &mut *g, &mut *b].into_iter().zip(eights) {
                plane[index..index + n].copy_from_slice(&eight[lane..lane + n]);
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

/// Writes pixels premultiplied; three channels are opaque.
#[inline(always)]
fn store(planes: [&Eight; 4], out: &mut [Eight]) {
    if let [r, g, b, a] = out {
        for i in 0..SIDE {
            let alpha = planes[3][i];
            (r[i], g[i], b[i], a[i]) = (planes[0][i] * alpha, planes[1][i] * alpha, planes[2][i] * alpha, alpha);
        }
    } else {
        out.iter_mut().zip(planes).for_each(|(out, plane)| *out = *plane);
    }
}

/// The distances of neighbors, 1 + `apart` times the difference of their colors; or as weights 2^(`falloff`·distance).
#[inline(always)]
fn weights(here: [&Eight; 3], there: [&Eight; 3], apart: f32, falloff: Option<f32>) -> Eight {
    /// Weights below 2 to the power of this are 0, so that no denormal number is ever met.
    const LEAST: f32 = -40.0;
    let mut out = [0.0; SIDE];
    for i in 0..SIDE {
        let difference = |c: usize| (here[c][i] - there[c][i]).abs();
        out[i] = 1.0 + apart * (difference(0) + difference(1) + difference(2));
    }
    if let Some(falloff) = falloff {
        for value in &mut out {
            let exponent = *value * falloff;
            let weight = Lane::exp2(Lane::max(exponent, LEAST));
            *value = if exponent < LEAST { 0.0 } else { weight };
        }
    }
    out
}

#[inline(always)]
fn transposed(block: &[Eight; SIDE]) -> [Eight; SIDE] {
    let mut out = [[0.0; SIDE]; SIDE];
    for i in 0..SIDE {
        for k in 0..SIDE {
            out[k][i] = block[i][k];
        }
    }
    out
}

#[inline(always)]
fn power(mut weights: Eight, squarings: usize) -> Eight {
    for _ in 0..squarings {
        for weight in &mut weights {
            *weight *= *weight;
        }
    }
    weights
}

/// `to` + w·(`from` − `to`), written to both.
#[inline(always)]
fn follow(from: &mut Eight, to: &mut Eight, weights: &Eight) {
    for i in 0..SIDE {
        let value = to[i] + weights[i] * (from[i] - to[i]);
        from[i] = value;
        to[i] = value;
    }
}

/// The recursion along eight rows. Blocks start at `first` in the strips that follow each other at `step`.
fn recursive_rows<const CHANNELS: usize>(
    isa: Isa,
    values: &mut [Eight],
    across: &[Eight],
    first: usize,
    step: usize,
    squarings: usize,
) {
    with_instructions!(isa, {
        let mut before = [[0.0; SIDE]; CHANNELS];
        for (strip, across) in across.chunks_exact(SIDE).enumerate() {
            let block = &mut values[strip * step + first..][..SIDE * CHANNELS];
            turn::<CHANNELS>(block);
            for (pixels, weights) in block.chunks_exact_mut(CHANNELS).zip(across) {
                let weights = power(*weights, squarings);
                for (from, to) in before.iter_mut().zip(pixels) {
                    follow(from, to, &weights);
                }
            }
        }
        let mut before = [[0.0; SIDE]; CHANNELS];
        let mut weights = [0.0; SIDE];
        for (strip, across) in across.chunks_exact(SIDE).enumerate().rev() {
            let block = &mut values[strip * step + first..][..SIDE * CHANNELS];
            for (pixels, next) in block.chunks_exact_mut(CHANNELS).zip(across).rev() {
                for (from, to) in before.iter_mut().zip(pixels) {
                    follow(from, to, &weights);
                }
                weights = power(*next, squarings);
            }
            turn::<CHANNELS>(block);
        }
    });
}

/// Exchanges rows and columns of a block, channel by channel.
#[inline(always)]
fn turn<const CHANNELS: usize>(block: &mut [Eight]) {
    for c in 0..CHANNELS {
        let plane = transposed(&core::array::from_fn(|row| block[row * CHANNELS + c]));
        for (row, eight) in plane.iter().enumerate() {
            block[row * CHANNELS + c] = *eight;
        }
    }
}

/// The recursion down the columns of a strip.
fn recursive_columns<const CHANNELS: usize>(
    isa: Isa,
    mut values: [&mut [Eight]; BANDS],
    down: [&[Eight]; BANDS],
    squarings: usize,
) {
    with_instructions!(isa, {
        let mut before = [[0.0; SIDE]; CHANNELS];
        for (values, down) in values.iter_mut().zip(&down) {
            for (pixels, weights) in values.chunks_exact_mut(CHANNELS).zip(*down) {
                let weights = power(*weights, squarings);
                for (from, to) in before.iter_mut().zip(pixels) {
                    follow(from, to, &weights);
                }
            }
        }
        let mut before = [[0.0; SIDE]; CHANNELS];
        let mut weights = [0.0; SIDE];
        for (values, down) in values.iter_mut().zip(&down).rev() {
            for (pixels, next) in values.chunks_exact_mut(CHANNELS).zip(*down).rev() {
                for (from, to) in before.iter_mut().zip(pixels) {
                    follow(from, to, &weights);
                }
                weights = power(*next, squarings);
            }
        }
    });
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
