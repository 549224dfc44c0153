//! The two ends of a pyramid in lanes of 16 bits: the first octave of a picture of codes, which is exact in them, and the
//! last interpolation, where the result becomes codes at once.
//!
//! Floats are half as many in a register, and a picture of codes is read into them and written from them at full size.

use super::{Blur, Grid, Pyramid, RING, TAPS};
use crate::cpu::border::border;
use crate::cpu::codes::{Line, apart, together};
use crate::cpu::memory::at_least;
use crate::cpu::walk::Worker;
use crate::cpu::{Context, Layout, Sink};
use crate::effect::{Edge, Isa};
use crate::plan::{Head, Rect};

/// Bits behind the point of a code on the way up. Three roundings of the interpolation are a hundredth of a code.
const FRACTION: u32 = 7;

/// What a value is multiplied with to be a code with its fraction.
const ONE: f32 = (255 << FRACTION) as f32;

/// What a sum of 16 by 16 codes is multiplied with to be a value.
const UNIT: f32 = 1.0 / (255 * 256) as f32;

/// Columns of a strip of the way up.
const STRIP: usize = 1024;

/// The scratch memory of one thread.
#[derive(Debug, Default)]
pub(in crate::cpu) struct Scratch {
    /// Planes of rows of codes, or of level 1 of the result.
    ring: Vec<u16>,
    /// A row between the axes: two columns an element on the way down.
    pairs: Vec<u32>,
    /// Rows of the result.
    rows: [Vec<u16>; 3],
}

/// Sixteen times the mean of rows of codes.
#[inline(always)]
fn reduce_rows(rows: [&[u16]; TAPS], out: &mut [u16]) {
    let count = out.len();
    let [a, b, c, d, e] = rows.map(|row| &row[..count]);
    for i in 0..count {
        out[i] = (a[i] + e[i]) + ((b[i] + d[i] + c[i]) << 2) + (c[i] << 1);
    }
}

/// The same along a row, whose columns lie two to an element: output i is centered at column 2i + 2.
#[inline(always)]
fn reduce_row(pairs: &[u32], out: &mut [f32]) {
    let count = out.len();
    let pairs = &pairs[..count + 2];
    for i in 0..count {
        let [first, second, third] = [pairs[i], pairs[i + 1], pairs[i + 2]];
        let (a, b, c, d, e) = (first & 0xffff, first >> 16, second & 0xffff, second >> 16, third & 0xffff);
        let sum = (a + e) + ((b + d + c) << 2) + (c << 1);
        out[i] = sum as i32 as f32 * UNIT;
    }
}

/// Interpolates between rows: at an even row from three, at an odd one between the two last.
#[inline(always)]
fn interpolate_rows([a, b, c]: [&[u16]; RING], odd: bool, out: &mut [u16]) {
    let count = out.len();
    let (a, b, c) = (&a[..count], &b[..count], &c[..count]);
    if odd {
        for i in 0..count {
            out[i] = between(b[i], c[i]);
        }
    } else {
        for i in 0..count {
            out[i] = beside(a[i], b[i], c[i]);
        }
    }
}

/// The same along a row: outputs 2i and 2i + 1 lie at and behind `row[i + 1]`.
#[inline(always)]
fn interpolate_row(row: &[u16], out: &mut [u16]) {
    let pairs = out.len() / 2;
    let row = &row[..pairs + 2];
    for (i, pair) in out.chunks_exact_mut(2).enumerate() {
        pair[0] = beside(row[i], row[i + 1], row[i + 2]);
        pair[1] = between(row[i + 1], row[i + 2]);
    }
}

/// (a + 6b + c)/8 of numbers of 15 bits: the mean of b and of its mean with that of its neighbors.
#[inline(always)]
fn beside(a: u16, b: u16, c: u16) -> u16 {
    (b + ((b + ((a + c) >> 1)) >> 1) + 1) >> 1
}

/// (b + c)/2.
#[inline(always)]
fn between(b: u16, c: u16) -> u16 {
    (b + c + 1) >> 1
}

/// Means of codes, which lie between 0 and 1 but for roundings.
#[inline(always)]
fn to_fixed(values: &[f32], out: &mut [u16]) {
    for (out, value) in out.iter_mut().zip(values) {
        // Whole numbers are the lowest bits of what is as large as this: a conversion that saturates is not vectorized.
        const WHOLE: f32 = (1 << 23) as f32;
        *out = (value * ONE + WHOLE).to_bits() as u16;
    }
}

impl Context<'_> {
    /// The picture of codes that a blur reads as it is, if the channels that it needs are the first ones.
    pub(super) fn prefix_of_codes(&self, head: &Head, list: &[usize]) -> Option<(&[u8], Layout)> {
        self.codes_of(head).filter(|_| list.iter().enumerate().all(|(at, channel)| at == *channel))
    }

    /// [`Self::first_level`] of a picture of codes, of which the first `planes` channels are wanted.
    #[expect(clippy::too_many_arguments, reason = "rows of a level, and what makes them")]
    pub(super) fn first_level_of_codes(
        &self,
        rows: Grid,
        grid: Grid,
        (pixels, layout): (&[u8], Layout),
        edge: Edge,
        planes: usize,
        worker: &mut Worker,
        mut take: impl FnMut(Isa, &[f32], usize, usize),
    ) {
        let source = grid.finer();
        let stride = grid.stride();
        let slot = source.width.next_multiple_of(2);
        let Scratch { ring, pairs, .. } = &mut worker.pyramid;
        ring.resize(ring.len().max(planes * TAPS * slot), 0);
        pairs.resize(pairs.len().max(slot / 2 + 1), 0);
        let first = &mut worker.blur.first;
        at_least(first, planes * stride);
        let mut next = 2 * rows.y - 2;
        let mut before = None;
        for row in 0..rows.height {
            let y = 2 * (rows.y + row as i64);
            while next <= y + 2 {
                let place = |y: i64| y.rem_euclid(TAPS as i64) as usize;
                let mut slots = ring.chunks_exact_mut(slot).skip(place(next)).step_by(TAPS);
                let mut channels: [&mut [u16]; 4] = core::array::from_fn(|_| slots.next().unwrap_or_default());
                let inside = border(edge, next, i64::from(self.frame.height));
                match inside {
                    _ if before == Some(inside) => {
                        for c in 0..planes {
                            let [from, to] = [next - 1, next].map(|y| (c * TAPS + place(y)) * slot);
                            ring.copy_within(from..from + slot, to);
                        }
                    }
                    Some(y) => {
                        let line = Line::of(pixels, layout, y, self.frame.width);
                        apart::<0>(self.isa(), line, source.x, edge, &mut channels[..planes]);
                    }
                    None => channels[..planes].iter_mut().for_each(|row| row.fill(0)),
                }
                before = Some(inside);
                next += 1;
            }
            for c in 0..planes {
                let at = |dy: i64| (c * TAPS + (y + dy).rem_euclid(TAPS as i64) as usize) * slot;
                let five = [-2, -1, 0, 1, 2].map(|dy| &ring[at(dy)..]);
                let out = &mut first[c * stride..c * stride + grid.width];
                with_instructions!(self.isa(), {
                    reduce_rows(five, &mut bytemuck::cast_slice_mut(pairs)[..slot]);
                    reduce_row(pairs, out);
                });
            }
            take(self.isa(), first, row, stride);
        }
    }

    /// [`Self::pyramid_band`] of an opaque picture that becomes codes at once.
    pub(super) fn pyramid_codes_band(
        &self,
        rect: Rect,
        sink: &mut Sink<'_>,
        worker: &mut Worker,
        pyramid: &Pyramid,
        blur: &Blur,
    ) {
        /// Samples of level 1 that a strip reads, and one for a strip that begins with an odd column.
        const STRIDE: usize = STRIP / 2 + 4;
        let Worker { pyramid: Scratch { ring, pairs, rows }, blur: scratch, rows: floats, .. } = worker;
        ring.resize(ring.len().max(3 * RING * STRIDE), 0);
        pairs.resize(pairs.len().max(STRIDE), 0);
        at_least(floats, STRIDE);
        rows.iter_mut().for_each(|row| row.resize(2 * STRIDE, 0));
        for x in (0..rect.width as usize).step_by(STRIP) {
            let count = STRIP.min(rect.width as usize - x);
            let left = i64::from(rect.x) + x as i64;
            let first = left.div_euclid(2) - 1;
            let samples = ((left + count as i64 - 1).div_euclid(2) + 1 - first + 1) as usize;
            let odd = left.rem_euclid(2) as usize;
            let mut next = i64::from(rect.y).div_euclid(2) - 1;
            for row in 0..rect.height as usize {
                let y = i64::from(rect.y) + row as i64;
                let below = y.div_euclid(2);
                while next <= below + 1 {
                    for c in 0..3 {
                        let at = (c * RING + next.rem_euclid(RING as i64) as usize) * STRIDE;
                        let floats = &mut floats[..samples];
                        self.row_of_result(pyramid, blur, c, next, first, scratch, floats);
                        with_instructions!(self.isa(), to_fixed(floats, &mut ring[at..at + samples]));
                    }
                    next += 1;
                }
                for (c, out) in rows.iter_mut().enumerate() {
                    let share = count * c / 3..count * (c + 1) / 3;
                    sink.fetch(x + share.start, row + 1, share.len());
                    let three = [-1, 0, 1]
                        .map(|dy| &ring[(c * RING + (below + dy).rem_euclid(RING as i64) as usize) * STRIDE..]);
                    let line = &mut bytemuck::cast_slice_mut(pairs)[..samples];
                    with_instructions!(self.isa(), {
                        interpolate_rows(three, y.rem_euclid(2) == 1, line);
                        interpolate_row(line, &mut out[..2 * (samples - 2)]);
                    });
                }
                let Some(out) = sink.pixels(x, row, count) else { return };
                let planes = rows.each_ref().map(|row| &row[odd..odd + count]);
                together::<FRACTION>(self.isa(), planes, out);
            }
        }
    }
}
