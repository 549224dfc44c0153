//! Separable symmetric convolution of one plane.
//!
//! Taps are added from the center outwards, both sides at once, on every instruction set: w₀·c, then w₁·(l₁ + r₁) and
//! so on. Four registers are summed side by side, which hides the latency of the additions.

use crate::effect::{Isa, TILE};
use fearless_simd::{Simd, dispatch, prelude::*};

/// Registers summed side by side.
const UNROLL: usize = 4;

/// Along a row: output `i` is centered at `row[i + radius]`.
pub(super) fn across(isa: Isa, weights: &[f32], row: &[f32], out: &mut [f32; TILE], count: usize) {
    match isa {
        Isa::Simd(level) => dispatch!(level, simd => across_wide(simd, weights, row, out, count)),
        Isa::Scalar => {
            let radius = weights.len() - 1;
            for (index, slot) in out.iter_mut().enumerate().take(count) {
                let center = index + radius;
                let mut sum = weights[0] * row[center];
                for (k, weight) in weights.iter().enumerate().skip(1) {
                    sum += weight * (row[center - k] + row[center + k]);
                }
                *slot = sum;
            }
        }
    }
}

#[inline(always)]
fn across_wide<S: Simd>(simd: S, weights: &[f32], row: &[f32], out: &mut [f32; TILE], count: usize) {
    let len = <S::f32s as SimdBase<S>>::LEN;
    let radius = weights.len() - 1;
    let load = crate::lane::inlined(
        #[inline(always)]
        |at: usize| S::f32s::from_slice(simd, &row[at..at + len]),
    );
    let mut start = 0;
    while start + UNROLL * len <= count {
        let center = start + radius;
        let mut sums = [S::f32s::splat(simd, 0.0); UNROLL];
        for (lane, sum) in sums.iter_mut().enumerate() {
            *sum = load(center + lane * len) * weights[0];
        }
        for (k, weight) in weights.iter().enumerate().skip(1) {
            for (lane, sum) in sums.iter_mut().enumerate() {
                let at = center + lane * len;
                *sum += (load(at - k) + load(at + k)) * *weight;
            }
        }
        for (lane, sum) in sums.iter().enumerate() {
            sum.store_slice(&mut out[start + lane * len..start + (lane + 1) * len]);
        }
        start += UNROLL * len;
    }
    while start < count {
        let center = start + radius;
        let mut sum = load(center) * weights[0];
        for (k, weight) in weights.iter().enumerate().skip(1) {
            sum += (load(center - k) + load(center + k)) * *weight;
        }
        sum.store_slice(&mut out[start..start + len]);
        start += len;
    }
}

/// Down a column: `rows` are the starts of the rows from −radius to +radius in `plane`, nothing where transparent.
pub(super) fn down(
    isa: Isa,
    weights: &[f32],
    plane: &[f32],
    rows: &[Option<usize>],
    column: usize,
    out: &mut [f32; TILE],
    count: usize,
) {
    match isa {
        Isa::Simd(level) => dispatch!(level, simd => down_wide(simd, weights, plane, rows, column, out, count)),
        Isa::Scalar => {
            let radius = weights.len() - 1;
            for (index, slot) in out.iter_mut().enumerate().take(count) {
                let value = |row: Option<usize>| row.map_or(0.0, |row| plane[row + column + index]);
                let mut sum = weights[0] * value(rows[radius]);
                for (k, weight) in weights.iter().enumerate().skip(1) {
                    sum += weight * (value(rows[radius - k]) + value(rows[radius + k]));
                }
                *slot = sum;
            }
        }
    }
}

#[inline(always)]
fn down_wide<S: Simd>(
    simd: S,
    weights: &[f32],
    plane: &[f32],
    rows: &[Option<usize>],
    column: usize,
    out: &mut [f32; TILE],
    count: usize,
) {
    let len = <S::f32s as SimdBase<S>>::LEN;
    let radius = weights.len() - 1;
    let zero = S::f32s::splat(simd, 0.0);
    let load = crate::lane::inlined(
        #[inline(always)]
        |row: Option<usize>, at: usize| match row {
            Some(row) => S::f32s::from_slice(simd, &plane[row + column + at..row + column + at + len]),
            None => zero,
        },
    );
    let mut start = 0;
    while start + UNROLL * len <= count {
        let mut sums = [zero; UNROLL];
        for (lane, sum) in sums.iter_mut().enumerate() {
            *sum = load(rows[radius], start + lane * len) * weights[0];
        }
        for (k, weight) in weights.iter().enumerate().skip(1) {
            let (above, below) = (rows[radius - k], rows[radius + k]);
            for (lane, sum) in sums.iter_mut().enumerate() {
                let at = start + lane * len;
                *sum += (load(above, at) + load(below, at)) * *weight;
            }
        }
        for (lane, sum) in sums.iter().enumerate() {
            sum.store_slice(&mut out[start + lane * len..start + (lane + 1) * len]);
        }
        start += UNROLL * len;
    }
    while start < count {
        let mut sum = load(rows[radius], start) * weights[0];
        for (k, weight) in weights.iter().enumerate().skip(1) {
            sum += (load(rows[radius - k], start) + load(rows[radius + k], start)) * *weight;
        }
        sum.store_slice(&mut out[start..start + len]);
        start += len;
    }
}
