//! Resizing opaque 8-bit pictures in 16-bit fixed point: two rows of the result from the rows they read, and then across.
//!
//! A code is less 128 and has 8 bits behind its point, a weight 15, or 14 where one is above 1; of each product the upper
//! half is kept. Half a unit, which is what products lose on average, is given back for each. Products of 0 lose nothing:
//! where there are many, codes are taken half a code higher, which rounds the result as well. Both sums together are off
//! by a few hundredths of a code. Weights sum to one, so the result is less 128 as well.
//! (Lost: rounding each product, for which the compiler does not find the instruction, and fetching the next rows ahead.)
//! Weights that do not fit, and pictures of a few pixels, are left to floats. To half by Lanczos 3, 3840×2160, two threads,
//! into memory that is there already: 6.0 ms; 6.5 in registers of 32 bytes, half a millisecond more with one row at a time
//! and codes that are widened by shuffles, 21 with floats.

use super::Taps;
use crate::fixed::{high_of_sixteen, high_signed};
use crate::image::Spare;
use core::ops::Range;
use fearless_simd::{Level, Simd, dispatch, i16x8, i16x16, prelude::*, u8x16, u32x4, u64x2};
use rayon::prelude::*;

/// Bits behind the point of a code.
const FRACTION: u32 = 8;

/// Up to as many taps 128 stays 128 however much is given back. Half a code more takes a tenth of the time.
const FEW: usize = 16;

/// The upper byte of a word.
const UPPER: i16 = !0xff;

/// Half a code.
const HALF: i16 = 1 << (FRACTION - 1);

/// Samples of a register across.
const LANES: usize = 16;

/// Samples that are summed side by side down the columns.
const ABREAST: usize = 64;

/// How many pairs of the narrowest registers hold them, those at even places and those at odd ones.
const PAIRS: usize = ABREAST / 16;

/// Rows of the result that are summed side by side.
const TOGETHER: usize = 2;

/// Pixels of a register of the result.
const PIXELS: usize = 4;

/// The most taps: each loses half a unit on average, which is given back, and at worst half a unit more or less. With 32 that is
/// an eighth of a code along each axis, so what is of one color stays of that color; with 64 white became 254 at places.
const MOST_TAPS: usize = 32;

/// The weights of an axis as whole numbers, as many for each pixel.
struct Weights {
    /// Bits behind the point of a weight.
    bits: u32,
    /// The taps of a pixel.
    count: usize,
    weights: Vec<i16>,
    /// What the products of each pixel lose together: half a unit for each weight that is not 0.
    lost: Vec<i16>,
}

impl Weights {
    /// The weights of `taps`, filled up with zeros to a multiple of `multiple`.
    fn of(taps: &[Taps], multiple: usize) -> Option<Self> {
        let largest = taps.iter().flat_map(|taps| &taps.weights).fold(0.0f32, |most, weight| most.max(weight.abs()));
        let bits = if largest <= 1.0 { 15 } else { 14 };
        let one = 1i32 << bits;
        let count = taps.iter().map(|taps| taps.weights.len()).max()?.next_multiple_of(multiple);
        let mut weights = vec![0i16; count * taps.len()];
        for (taps, out) in taps.iter().zip(weights.chunks_exact_mut(count)) {
            let most = taps.weights.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1))?.0;
            let fixed = |weight: f32| (f64::from(weight) * f64::from(one)).round() as i32;
            // What rounding took from their sum goes to the greatest.
            let lost = one - taps.weights.iter().map(|weight| fixed(*weight)).sum::<i32>();
            let mut sizes = 0;
            for (index, (weight, out)) in taps.weights.iter().zip(out).enumerate() {
                let weight = fixed(*weight) + if index == most { lost } else { 0 };
                // One whole does not fit, but the next to it.
                *out = i16::try_from(weight.min(i16::MAX.into())).ok()?;
                sizes += weight.abs();
            }
            // Sums of both signs stay in 16 bits, with what is given back.
            if 128 * sizes > 254 * one {
                return None;
            }
        }
        let lost =
            weights.chunks_exact(count).map(|weights| weights.iter().filter(|weight| **weight != 0).count() as i16 / 2);
        let lost = lost.collect();
        (largest <= 1.9 && count <= MOST_TAPS).then_some(Self { bits, count, weights, lost })
    }
}

impl Weights {
    /// The weights of rows of the result in every row that one of them reads, and the first of these. Where there is one
    /// row alone, it has all of them.
    fn together(&self, rows: Range<usize>, taps: &[Taps], out: &mut Vec<[i16; TOGETHER]>) -> usize {
        let first = rows.clone().map(|row| taps[row].first).min().unwrap_or(0);
        out.clear();
        for place in 0..TOGETHER {
            let row = (rows.start + place).min(rows.end - 1);
            let Taps { first: start, weights } = &taps[row];
            let end = start - first + weights.len();
            out.resize(out.len().max(end), [0; TOGETHER]);
            for (out, weight) in out[start - first..].iter_mut().zip(&self.weights[row * self.count..][..weights.len()])
            {
                out[place] = *weight;
            }
        }
        first
    }
}

/// Resizes RGBA pixels of which all alphas are 255, or not where the weights do not fit.
pub(super) fn resample(
    codes: &[u8],
    [width, height]: [usize; 2],
    [across, down]: [&[Taps]; 2],
    spare: &mut Spare,
) -> Option<Vec<u8>> {
    let (x, y) = (Weights::of(across, LANES / 4)?, Weights::of(down, 1)?);
    if 4 * width < ABREAST || across.len() < PIXELS || codes.len() < 4 * width * height {
        return None;
    }
    let shift = FRACTION + 15 + x.bits - 32;
    let firsts: Vec<usize> = across.iter().map(|taps| taps.first).collect();
    // Each for the four channels.
    let wide: Vec<i16> = x.weights.iter().flat_map(|weight| [*weight; 4]).collect();
    let mut out = spare.take(4 * across.len() * down.len());
    let level = Level::new();
    let is_lifted = x.count.max(y.count) > FEW;
    let half = if is_lifted { 0 } else { 1 << (shift - 1) };
    let lost: Vec<i16> = x.lost.iter().flat_map(|lost| [lost + half; 4]).collect();
    let stride = 4 * across.len();
    out.par_chunks_mut(TOGETHER * stride).enumerate().for_each_init(
        || (vec![0i16; TOGETHER * 4 * (width + x.count)], Vec::new()),
        |(sums, weights), (pair, out)| {
            let rows = pair * TOGETHER..(pair * TOGETHER + TOGETHER).min(down.len());
            let first = y.together(rows.clone(), down, weights);
            // The last row may have no other beside it; it is summed twice then.
            let lost_down: [i16; TOGETHER] = core::array::from_fn(|row| y.lost[(rows.start + row).min(rows.end - 1)]);
            let codes = &codes[4 * first * width..];
            let (row_a, row_b) = sums.split_at_mut(4 * (width + x.count));
            dispatch!(level, simd => {
                let down = (&weights[..], lost_down, 15 - y.bits);
                let sums = [&mut row_a[..4 * width], &mut row_b[..4 * width]];
                if is_lifted {
                    sum_down::<_, true>(simd, codes, down, sums);
                } else {
                    sum_down::<_, false>(simd, codes, down, sums);
                }
                for (sums, out) in [&*row_a, &*row_b].into_iter().zip(out.chunks_exact_mut(stride)) {
                    sum_across(simd, sums, (&firsts, &wide, &lost), shift, out);
                }
            });
        },
    );
    Some(out)
}

/// Sums rows of codes for two rows of the result, which read most of them both. Those at even places are summed apart from
/// those at odd ones, because they become words without a shuffle. The last group of registers overlaps the one before.
#[inline(always)]
fn sum_down<S: Simd, const LIFTED: bool>(
    simd: S,
    rows: &[u8],
    (weights, lost, shift): (&[[i16; TOGETHER]], [i16; TOGETHER], u32),
    out: [&mut [i16]; TOGETHER],
) {
    let len = <S::i16s as SimdBase<S>>::LEN;
    let pairs = ABREAST / (2 * len);
    let start = lost.map(|lost| [S::i16s::splat(simd, lost); 2]);
    let [out_a, out_b] = out;
    let (stride, last) = (out_a.len(), out_a.len() - ABREAST);
    let lifted = |code: S::i16s| if LIFTED { code | HALF } else { code };
    for at in (0..stride).step_by(ABREAST).map(|at| at.min(last)) {
        let mut sums = [start; PAIRS];
        let sums = &mut sums[..pairs];
        for (k, weights) in weights.iter().enumerate() {
            let weights = weights.map(|weight| S::i16s::splat(simd, weight));
            let row = &rows[k * stride + at..][..ABREAST];
            for (sums, codes) in sums.iter_mut().zip(row.chunks_exact(2 * len)) {
                let codes: S::i16s = (S::u8s::from_slice(simd, codes) ^ 128).bitcast();
                let codes = [lifted(codes << FRACTION), lifted(codes & UPPER)];
                for (sums, weight) in sums.iter_mut().zip(weights) {
                    for (sum, codes) in sums.iter_mut().zip(codes) {
                        *sum += high_signed::<S>(codes, weight);
                    }
                }
            }
        }
        for (k, sums) in sums.iter().enumerate() {
            for ([even, odd], out) in sums.iter().zip([&mut *out_a, &mut *out_b]) {
                let (even, odd) = (*even << shift, *odd << shift);
                let out = &mut out[at + 2 * len * k..][..2 * len];
                even.zip_low(odd).store_slice(&mut out[..len]);
                even.zip_high(odd).store_slice(&mut out[len..]);
            }
        }
    }
}

/// Sums pixels of a row, four taps a register. The last pixels overlap those before. (Lost: two rows at once, which share
/// the weights: 7.6 ms in the place of 6.7.)
#[inline(always)]
fn sum_across<S: Simd>(
    simd: S,
    row: &[i16],
    (firsts, weights, lost): (&[usize], &[i16], &[i16]),
    shift: u32,
    out: &mut [u8],
) {
    let count = weights.len() / firsts.len();
    let last = firsts.len() - PIXELS;
    for x in (0..firsts.len()).step_by(PIXELS).map(|x| x.min(last)) {
        let (firsts, weights) = (&firsts[x..x + PIXELS], &weights[x * count..][..PIXELS * count]);
        let lost = &lost[4 * x..4 * (x + PIXELS)];
        let mut pairs = [i16x8::from_slice(simd, &lost[..8]), i16x8::from_slice(simd, &lost[8..])];
        for (k, pair) in pairs.iter_mut().enumerate() {
            let weights = &weights[2 * k * count..];
            let a: u64x2<S> = pixel(simd, &row[4 * firsts[2 * k]..], &weights[..count]).bitcast();
            let b: u64x2<S> = pixel(simd, &row[4 * firsts[2 * k + 1]..], &weights[count..2 * count]).bitcast();
            let (low, upper): (i16x8<S>, i16x8<S>) = (a.zip_low(b).bitcast(), a.zip_high(b).bitcast());
            let sum = (low + upper + *pair) >> shift;
            *pair = sum.max(i16x8::splat(simd, -128)).min(i16x8::splat(simd, 127));
        }
        let bytes: u8x16<S> = pairs[0].narrow(pairs[1]).bitcast();
        let words: u32x4<S> = bytes.bitcast();
        let bytes: u8x16<S> = ((words ^ 0x0080_8080) | 0xff00_0000).bitcast();
        bytes.store_slice(&mut out[4 * x..4 * (x + PIXELS)]);
    }
}

/// The sum of the taps of a pixel, in two halves.
#[inline(always)]
fn pixel<S: Simd>(simd: S, row: &[i16], weights: &[i16]) -> i16x8<S> {
    let mut sum = i16x16::splat(simd, 0);
    for (taps, weights) in row[..weights.len()].chunks_exact(LANES).zip(weights.chunks_exact(LANES)) {
        sum += high_of_sixteen(i16x16::from_slice(simd, taps), i16x16::from_slice(simd, weights));
    }
    let (first, second) = sum.split();
    first + second
}
