//! Interpolating 8-bit codes, taken apart in registers.
//!
//! Taps are gathered as they lie, whole pixels at a time; what belongs to one tap is brought together in registers, once
//! for all channels. Arrays of one tap each, and channels one after another, took 44 ms for a rotation and 96 with the
//! bicubic filter (3840×2160, two threads).

use super::super::sink::to_codes;
use super::bilinear::bilinear;
use super::cells::Cells;
use super::floats::taps;
use super::{BLOCK, Picture, Scratch, View, bicubic, channel, cubic, two, unit};
use crate::effect::{Edge, Filter, Isa, TILE};
use crate::fixed::high;
use crate::lane::{Rgba, small_to_float, small_to_int};
use fearless_simd::{Simd, dispatch, prelude::*};

/// Two neighbors in the upper and in the lower row of each position of a block, red in the lowest byte.
pub(super) type Pairs = [[[u32; 2]; BLOCK]; 2];

/// Four neighbors in each of four rows for each position of a block.
pub(super) type Fours = [[[u32; 4]; BLOCK]; 4];

/// Weights along an axis.
type Weights<'w> = &'w [[f32; BLOCK]; 4];

/// Mixes the four pixels of each position, and multiplies with `unit`.
pub(super) fn mix_pairs(
    isa: Isa,
    pairs: &Pairs,
    [fx, fy]: [&[f32; BLOCK]; 2],
    unit: f32,
    out: &mut [&mut [f32; BLOCK]],
) {
    match isa {
        Isa::Simd(level) => dispatch!(level, simd => match out {
            [r, g, b] => mix_pairs_wide(simd, pairs, [fx, fy], unit, [r, g, b]),
            [r, g, b, a] => mix_pairs_wide(simd, pairs, [fx, fy], unit, [r, g, b, a]),
            _ => {}
        }),
        Isa::Scalar => {
            let [upper, lower] = pairs;
            for (c, plane) in out.iter_mut().enumerate() {
                for k in 0..BLOCK {
                    let four = [upper[k][0], upper[k][1], lower[k][0], lower[k][1]].map(|tap| channel(tap, c));
                    plane[k] = bilinear(four, fx[k], fy[k]) * unit;
                }
            }
        }
    }
}

#[inline(always)]
#[expect(clippy::needless_range_loop, reason = "loops that count are unrolled")]
fn mix_pairs_wide<S: Simd, const CHANNELS: usize>(
    simd: S,
    pairs: &Pairs,
    [fx, fy]: [&[f32; BLOCK]; 2],
    unit: f32,
    out: [&mut [f32; BLOCK]; CHANNELS],
) {
    let len = <S::u32s as SimdBase<S>>::LEN;
    let [upper, lower] = pairs.each_ref().map(|row| row.as_flattened());
    for k in (0..BLOCK).step_by(len) {
        let apart = crate::lane::inlined(
            #[inline(always)]
            |row: &[u32]| {
                let first = S::u32s::from_slice(simd, &row[2 * k..2 * k + len]);
                let second = S::u32s::from_slice(simd, &row[2 * k + len..2 * k + 2 * len]);
                (first.unzip_low(second), first.unzip_high(second))
            },
        );
        let ((a, b), (c, d)) = (apart(upper), apart(lower));
        let (right, down) = (S::f32s::from_slice(simd, &fx[k..k + len]), S::f32s::from_slice(simd, &fy[k..k + len]));
        let (left, up) = (S::f32s::splat(simd, 1.0) - right, S::f32s::splat(simd, 1.0) - down);
        for index in 0..CHANNELS {
            let shift = 8 * index as u32;
            let (a, b) = (float::<S>(a, shift), float::<S>(b, shift));
            let (c, d) = (float::<S>(c, shift), float::<S>(d, shift));
            let mixed = (a * left + b * right) * up + (c * left + d * right) * down;
            (mixed * unit).store_slice(&mut out[index][k..k + len]);
        }
    }
}

/// Reads positions of an opaque picture of codes into codes. What becomes of a pixel does not depend on those around it.
/// Colors partly beyond a transparent edge are `straight` or premultiplied.
#[expect(clippy::too_many_arguments, reason = "a picture, positions in it, and where the result goes")]
pub(in crate::cpu) fn sample_codes(
    isa: Isa,
    view: &View<'_>,
    [width, height]: [u32; 2],
    (filter, edge): (Filter, Edge),
    positions: &[[f32; TILE]; 2],
    scale: f32,
    out: &mut [u8],
    straight: bool,
    scratch: &mut Scratch,
) {
    let View::U8 { pixels, .. } = view else { return };
    let picture = Picture { view, width: width.into(), height: height.into(), edge, unit: unit(view) };
    let Scratch { cells, pairs, fours, weights, fixed, .. } = scratch;
    let pixels = bytemuck::cast_slice(pixels);
    for (index, out) in out.chunks_mut(4 * BLOCK).enumerate() {
        let count = out.len() / 4;
        let at = positions.each_ref().map(|axis| axis[index * BLOCK..].first_chunk().unwrap_or(&[0.0; BLOCK]));
        // How many pixels before a cell and behind it the filter taps.
        let [before, behind] = match filter {
            Filter::Nearest => {
                picture.place_whole(isa, at, scale, count, cells);
                let [taken, _] = &mut *pairs;
                let taken = &mut taken.as_flattened_mut()[..count];
                picture.gather_nearest(pixels, cells, taken);
                let out = out.as_chunks_mut::<4>().0.iter_mut();
                out.zip(taken).for_each(|(out, code)| *out = code.to_le_bytes());
                continue;
            }
            Filter::Bilinear => {
                picture.place(isa, at, scale, count, [0, 1], cells);
                picture.gather_pairs(pixels, cells, count, pairs);
                in_block(out, |out| mix_block(isa, pairs, [&cells.fx, &cells.fy], out));
                [0, 1]
            }
            Filter::Bicubic => {
                picture.place(isa, at, scale, count, [1, 2], cells);
                picture.gather_fours(pixels, cells, count, fours);
                let [wx, wy] = &mut *weights;
                with_instructions!(isa, {
                    bicubic::weights(&cells.fx, wx);
                    bicubic::weights(&cells.fy, wy);
                });
                in_block(out, |out| cubic::mix_block(isa, fours, [wx, wy], fixed, out));
                [1, 2]
            }
        };
        if cells.inside || edge != Edge::Transparent {
            continue;
        }
        for (k, out) in out.as_chunks_mut::<4>().0.iter_mut().enumerate() {
            let (x, y) = (cells.x[k], cells.y[k]);
            // What no tap is in has become nothing already.
            if picture.holds(x, y, before, behind) || !picture.holds(x, y, -behind, -before) {
                continue;
            }
            let (column, row) = (x.into(), y.into());
            let pixel = if filter == Filter::Bilinear {
                picture.bilinear(column, row, [cells.fx[k], cells.fy[k]])
            } else {
                let [wx, wy] = weights.each_ref().map(|taps| taps.map(|taps| taps[k]));
                let [r, g, b, a] = picture.bicubic(column, row, wx, wy).map(|value| value * picture.unit);
                Rgba::new(r, g, b, a.clamp(0.0, 1.0))
            };
            *out = to_codes(if straight { pixel.unpremultiply() } else { pixel });
        }
    }
}

/// Fills pixels by way of a whole block where they are none.
fn in_block(out: &mut [u8], fill: impl FnOnce(&mut [u8; 4 * BLOCK])) {
    match out.first_chunk_mut() {
        Some(out) => fill(out),
        None => {
            let mut block = [0; 4 * BLOCK];
            fill(&mut block);
            out.copy_from_slice(&block[..out.len()]);
        }
    }
}

impl Picture<'_> {
    /// The four pixels around each position of a block.
    pub(super) fn gather_pairs(&self, pixels: &[[u8; 4]], cells: &Cells, count: usize, pairs: &mut Pairs) {
        let (stride, _) = self.layout();
        let [upper, lower] = &mut *pairs;
        if cells.inside {
            let below = &pixels[stride..];
            for ((upper, lower), first) in upper.iter_mut().zip(lower).zip(&cells.first[..count]) {
                let first = *first as usize;
                *upper = two(&pixels[first..first + 2]).map(u32::from_le_bytes);
                *lower = two(&below[first..first + 2]).map(u32::from_le_bytes);
            }
        } else if self.misses(cells, count) {
            pairs.iter_mut().for_each(|row| row.fill([0; 2]));
        } else {
            for k in 0..count {
                [upper[k], lower[k]] =
                    self.window(cells.x[k], cells.y[k], |at| at.map_or(0, |at| u32::from_le_bytes(pixels[at])));
            }
        }
    }

    /// The sixteen pixels around each position of a block.
    pub(super) fn gather_fours(&self, pixels: &[[u8; 4]], cells: &Cells, count: usize, fours: &mut Fours) {
        let (stride, _) = self.layout();
        for (row, fours) in fours.iter_mut().enumerate() {
            if cells.inside {
                let pixels = &pixels[row * stride..];
                for (four, first) in fours.iter_mut().zip(&cells.first[..count]) {
                    let taps = &pixels[*first as usize..*first as usize + 4];
                    *four = [taps[0], taps[1], taps[2], taps[3]].map(u32::from_le_bytes);
                }
            } else if self.misses(cells, count) {
                fours.fill([0; 4]);
            } else {
                for (k, four) in fours.iter_mut().enumerate().take(count) {
                    *four = self.line(cells.x[k], cells.y[k] + row as i32 - 1, |at| {
                        at.map_or(0, |at| u32::from_le_bytes(pixels[at]))
                    });
                }
            }
        }
    }
}

/// Mixes the four pixels of each position into codes. In 16-bit fixed point, off by a few 256ths of a code; it takes half
/// the time of floats that become codes afterwards (a rotation, 3840×2160, two threads: 22 to 13 ms).
fn mix_block(isa: Isa, pairs: &Pairs, [fx, fy]: [&[f32; BLOCK]; 2], out: &mut [u8; 4 * BLOCK]) {
    match isa {
        Isa::Simd(level) => dispatch!(level, simd => mix_block_wide(simd, pairs, [fx, fy], out)),
        Isa::Scalar => {
            let [upper, lower] = pairs;
            for (k, mixed) in out.as_chunks_mut::<4>().0.iter_mut().enumerate() {
                let (right, down) = (part(fx[k]), part(fy[k]));
                *mixed = core::array::from_fn(|c| {
                    let code = |tap: u32| ((tap >> (8 * c)) & 0xff) << 8;
                    let line = |a: u32, b: u32, part: u32| ((a * (WHOLE - part)) >> 16) + ((b * part) >> 16);
                    let across = |[a, b]: [u32; 2]| line(code(a), code(b), right);
                    ((line(across(upper[k]), across(lower[k]), down) + HALF) >> 8) as u8
                });
            }
        }
    }
}

/// The whole of a weight.
const WHOLE: u32 = 65_535;

/// Half a code, and what two roundings down take from it.
const HALF: u32 = 130;

/// A fraction as a weight.
fn part(fraction: f32) -> u32 {
    ((fraction * 65_536.0) as u32).min(WHOLE)
}

#[inline(always)]
fn mix_block_wide<S: Simd>(simd: S, pairs: &Pairs, [fx, fy]: [&[f32; BLOCK]; 2], out: &mut [u8; 4 * BLOCK]) {
    let len = <S::u32s as SimdBase<S>>::LEN;
    let [upper, lower] = pairs.each_ref().map(|row| row.as_flattened());
    let whole = S::u16s::splat(simd, WHOLE as u16);
    for k in (0..BLOCK).step_by(len) {
        let apart = crate::lane::inlined(
            #[inline(always)]
            |row: &[u32]| {
                let first = S::u32s::from_slice(simd, &row[2 * k..2 * k + len]);
                let second = S::u32s::from_slice(simd, &row[2 * k + len..2 * k + 2 * len]);
                (first.unzip_low(second), first.unzip_high(second))
            },
        );
        // A weight for both channels of a lane of 32 bits.
        let weight = crate::lane::inlined(
            #[inline(always)]
            |fractions: &[f32; BLOCK]| -> (S::u16s, S::u16s) {
                let part = small_to_int::<S>(S::f32s::from_slice(simd, &fractions[k..k + len]) * 65_536.0);
                let part = part.min(S::u32s::splat(simd, WHOLE));
                let part: S::u16s = (part | (part << 16)).bitcast();
                (whole - part, part)
            },
        );
        let ((left, right), (up, down)) = (weight(fx), weight(fy));
        let ((a, b), (c, d)) = (apart(upper), apart(lower));
        // Codes in the upper halves of lanes of 16 bits: red and blue, green and alpha.
        let mixed = crate::lane::inlined(
            #[inline(always)]
            |shift: u32| -> S::u32s {
                let codes = crate::lane::inlined(
                    #[inline(always)]
                    |taps: S::u32s| -> S::u16s { ((taps << shift) & 0xff00_ff00).bitcast() },
                );
                let upper = high::<S>(codes(a), left) + high::<S>(codes(b), right);
                let lower = high::<S>(codes(c), left) + high::<S>(codes(d), right);
                (high::<S>(upper, up) + high::<S>(lower, down) + HALF as u16).bitcast()
            },
        );
        let codes: S::u8s = (((mixed(8) >> 8) & 0x00ff_00ff) | (mixed(0) & 0xff00_ff00)).bitcast();
        codes.store_slice(&mut out[4 * k..4 * (k + len)]);
    }
}

/// Weighs the sixteen pixels of each position, and multiplies with `unit`. (Lost: 16-bit fixed point, as above; most of the
/// time goes into gathering and bringing taps together.)
pub(super) fn mix_fours(isa: Isa, fours: &Fours, [wx, wy]: [Weights<'_>; 2], unit: f32, out: &mut [&mut [f32; BLOCK]]) {
    match isa {
        Isa::Simd(level) => dispatch!(level, simd => match out {
            [r, g, b] => mix_fours_wide(simd, fours, [wx, wy], unit, [r, g, b]),
            [r, g, b, a] => mix_fours_wide(simd, fours, [wx, wy], unit, [r, g, b, a]),
            _ => {}
        }),
        Isa::Scalar => {
            for (c, plane) in out.iter_mut().enumerate() {
                for k in 0..BLOCK {
                    let sum = fours.iter().zip(wy).fold(0.0, |sum, (four, wy)| {
                        sum + wy[k] * (0..4).fold(0.0, |sum, t| sum + wx[t][k] * channel(four[k][t], c))
                    });
                    plane[k] = sum * unit;
                }
            }
        }
    }
}

#[inline(always)]
#[expect(clippy::needless_range_loop, reason = "loops that count are unrolled")]
fn mix_fours_wide<S: Simd, const CHANNELS: usize>(
    simd: S,
    fours: &Fours,
    [wx, wy]: [Weights<'_>; 2],
    unit: f32,
    out: [&mut [f32; BLOCK]; CHANNELS],
) {
    let len = <S::u32s as SimdBase<S>>::LEN;
    for k in (0..BLOCK).step_by(len) {
        let load = crate::lane::inlined(
            #[inline(always)]
            |weights: &[f32; BLOCK]| S::f32s::from_slice(simd, &weights[k..k + len]),
        );
        let right = [load(&wx[0]), load(&wx[1]), load(&wx[2]), load(&wx[3])];
        let mut sums = [S::f32s::splat(simd, 0.0); CHANNELS];
        for row in 0..4 {
            let taps = taps::<S, S::u32s>(simd, fours[row].as_flattened(), k);
            let down = load(&wy[row]);
            for c in 0..CHANNELS {
                let mut across = S::f32s::splat(simd, 0.0);
                for t in 0..4 {
                    across += right[t] * float::<S>(taps[t], 8 * c as u32);
                }
                sums[c] += down * across;
            }
        }
        for c in 0..CHANNELS {
            (sums[c] * unit).store_slice(&mut out[c][k..k + len]);
        }
    }
}

/// A channel of codes.
#[inline(always)]
fn float<S: Simd>(codes: S::u32s, shift: u32) -> S::f32s {
    small_to_float::<S>((codes >> shift) & 0xff)
}
