//! The sixteen taps of the bicubic filter in pictures of floats.

use super::BLOCK;
use crate::effect::Isa;
use fearless_simd::{Simd, dispatch, prelude::*};

/// Weights along both axes of the four taps around each position.
type Weights<'w> = [&'w [[f32; BLOCK]; 4]; 2];

/// Four neighbors in each of four rows for each position of a block, of one channel.
pub(super) type Fours = [[[f32; 4]; BLOCK]; 4];

/// Weighs the sixteen samples of each position.
pub(super) fn mix_fours(isa: Isa, fours: &Fours, weights: Weights<'_>, out: &mut [f32; BLOCK]) {
    match isa {
        Isa::Simd(level) => dispatch!(level, simd => mix_fours_wide(simd, fours, weights, out)),
        Isa::Scalar => {
            let [wx, wy] = weights;
            for (k, out) in out.iter_mut().enumerate() {
                *out = (0..4).fold(0.0, |sum, row| {
                    sum + wy[row][k] * (0..4).fold(0.0, |sum, t| sum + wx[t][k] * fours[row][k][t])
                });
            }
        }
    }
}

#[inline(always)]
fn mix_fours_wide<S: Simd>(simd: S, fours: &Fours, [wx, wy]: Weights<'_>, out: &mut [f32; BLOCK]) {
    let len = <S::f32s as SimdBase<S>>::LEN;
    for k in (0..BLOCK).step_by(len) {
        let load = crate::lane::inlined(
            #[inline(always)]
            |weights: &[f32; BLOCK]| S::f32s::from_slice(simd, &weights[k..k + len]),
        );
        let right = [load(&wx[0]), load(&wx[1]), load(&wx[2]), load(&wx[3])];
        let mut sum = S::f32s::splat(simd, 0.0);
        for row in 0..4 {
            let taps = taps::<S, S::f32s>(simd, fours[row].as_flattened(), k);
            let mut across = S::f32s::splat(simd, 0.0);
            for t in 0..4 {
                across += right[t] * taps[t];
            }
            sum += load(&wy[row]) * across;
        }
        sum.store_slice(&mut out[k..k + len]);
    }
}

/// The first, second, third and fourth of each four from position `k` on, a register's worth.
#[inline(always)]
pub(super) fn taps<S: Simd, V: SimdBase<S>>(simd: S, fours: &[V::Element], k: usize) -> [V; 4] {
    let quarter = crate::lane::inlined(
        #[inline(always)]
        |index: usize| V::from_slice(simd, &fours[4 * k + index * V::LEN..4 * k + (index + 1) * V::LEN]),
    );
    let (p, q, r, s) = (quarter(0), quarter(1), quarter(2), quarter(3));
    let (even, odd) = ([p.unzip_low(q), r.unzip_low(s)], [p.unzip_high(q), r.unzip_high(s)]);
    [even[0].unzip_low(even[1]), odd[0].unzip_low(odd[1]), even[0].unzip_high(even[1]), odd[0].unzip_high(odd[1])]
}

/// Weighs the sixteen pixels of position `k`, of which the first is the first of `pixels`.
#[inline(always)]
pub(super) fn mix_pixels<T: Copy + Into<f32>>(
    pixels: &[[T; 4]],
    width: usize,
    k: usize,
    [wx, wy]: Weights<'_>,
) -> [f32; 4] {
    let mut sum = [0.0; 4];
    for row in 0..4 {
        let mut across = [0.0; 4];
        for (pixel, wx) in pixels[row * width..][..4].iter().zip(wx) {
            for c in 0..4 {
                across[c] += wx[k] * pixel[c].into();
            }
        }
        for c in 0..4 {
            sum[c] += wy[row][k] * across[c];
        }
    }
    sum
}
