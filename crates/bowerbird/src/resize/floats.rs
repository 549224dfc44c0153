//! Resizing in floats: rows are brought to the width of the result as they are needed, as many are kept as the weights
//! down reach over, and each row of the result is summed from those.
//!
//! To half by Lanczos 3, 3840×2160 opaque 8-bit pixels in linear light, two threads: 24 ms to codes
//! (one tap and one pixel after another: 610).

use super::Taps;
use fearless_simd::{Level, Simd, dispatch, f32x16, prelude::*};
use rayon::prelude::*;

/// Samples of a register: four pixels.
const LANES: usize = 16;

/// Registers of samples that are summed side by side.
const ABREAST: usize = 4;

/// The most rows of the result that one thread makes at a time. Rows that two bands read are made twice.
const TALLEST: usize = 64;

/// Bands in all, where rows are few.
const BANDS: usize = 16;

/// The weights of an axis for registers of four pixels, as many for each pixel of the result.
struct Weights {
    firsts: Vec<usize>,
    /// Taps of a pixel: a multiple of four.
    count: usize,
    /// Each four times, for the four channels.
    wide: Vec<f32>,
}

impl Weights {
    fn of(taps: &[Taps]) -> Self {
        let count = taps.iter().map(|taps| taps.weights.len()).max().unwrap_or(0).next_multiple_of(LANES / 4);
        let mut wide = vec![0.0; 4 * count * taps.len()];
        for (taps, out) in taps.iter().zip(wide.chunks_exact_mut(4 * count)) {
            taps.weights.iter().zip(out.as_chunks_mut::<4>().0).for_each(|(weight, out)| *out = [*weight; 4]);
        }
        Self { firsts: taps.iter().map(|taps| taps.first).collect(), count, wide }
    }
}

/// Fills `out` with RGBA pixels from rows of `width` RGBA pixels, which `fill` writes; `put` turns a row of the result into
/// what is wanted.
/// Alphas are limited to 0..=1 unless all are 1.
pub(super) fn resample<T: Copy + Default + Send>(
    fill: &(impl Fn(usize, &mut [f32]) + Sync),
    width: usize,
    [across, down]: [&[Taps]; 2],
    opaque: bool,
    mut out: Vec<T>,
    put: &(impl Fn(&[f32], &mut [T]) + Sync),
) -> Vec<T> {
    let weights = Weights::of(across);
    let length = 4 * across.len();
    // Registers are loaded and stored whole.
    let stride = length.next_multiple_of(LANES * ABREAST);
    let held = down.iter().map(|taps| taps.weights.len()).max().unwrap_or(0);
    let band = down.len().div_ceil(BANDS).clamp(1, TALLEST);
    let level = Level::new();
    out.par_chunks_mut(length * band).zip(down.par_chunks(band)).for_each(|(out, down)| {
        let mut source = vec![0.0; 4 * (width + weights.count)];
        let mut kept = vec![0.0; stride * held];
        let mut sums = vec![0.0; stride];
        let mut next = 0;
        for (out, taps) in out.chunks_exact_mut(length).zip(down) {
            let rows = taps.first..taps.first + taps.weights.len();
            for y in rows.start.max(next)..rows.end {
                fill(y, &mut source[..4 * width]);
                let row = &mut kept[y % held * stride..][..length];
                dispatch!(level, simd => sum_across(simd, &source, &weights, row));
            }
            next = next.max(rows.end);
            dispatch!(level, simd => sum_down(simd, &kept, taps, &mut sums));
            if !opaque {
                // Negative lobes overshoot; alpha may not.
                sums.iter_mut().skip(3).step_by(4).for_each(|alpha| *alpha = alpha.clamp(0.0, 1.0));
            }
            put(&sums[..length], out);
        }
    });
    out
}

/// Sums the taps of each pixel, four a register.
#[inline(always)]
fn sum_across<S: Simd>(simd: S, row: &[f32], weights: &Weights, out: &mut [f32]) {
    let Weights { firsts, count, wide } = weights;
    for ((out, first), weights) in out.as_chunks_mut::<4>().0.iter_mut().zip(firsts).zip(wide.chunks_exact(4 * count)) {
        let mut sum = f32x16::splat(simd, 0.0);
        for (taps, weights) in row[4 * first..][..4 * count].chunks_exact(LANES).zip(weights.chunks_exact(LANES)) {
            sum += f32x16::from_slice(simd, taps) * f32x16::from_slice(simd, weights);
        }
        let (first, second) = sum.split();
        let (first, second) = (first + second).split();
        (first + second).store_slice(out);
    }
}

/// Sums rows, of which row `y` is at `y` modulo their number.
#[inline(always)]
fn sum_down<S: Simd>(simd: S, rows: &[f32], taps: &Taps, out: &mut [f32]) {
    let stride = out.len();
    let held = rows.len() / stride;
    for (index, out) in out.chunks_exact_mut(LANES * ABREAST).enumerate() {
        let mut sums = [f32x16::splat(simd, 0.0); ABREAST];
        let mut row = taps.first % held;
        for weight in &taps.weights {
            let weight = f32x16::splat(simd, *weight);
            let values = &rows[row * stride + index * LANES * ABREAST..][..LANES * ABREAST];
            for (sum, values) in sums.iter_mut().zip(values.chunks_exact(LANES)) {
                *sum += f32x16::from_slice(simd, values) * weight;
            }
            row = if row + 1 == held { 0 } else { row + 1 };
        }
        for (sum, out) in sums.iter().zip(out.chunks_exact_mut(LANES)) {
            sum.store_slice(out);
        }
    }
}
