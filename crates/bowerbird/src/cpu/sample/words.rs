//! The bilinear filter between opaque pixels in numbers of 16 bits.

use super::super::words::Scale;
use super::cells::Cells;
use super::floats::taps;
use super::{BLOCK, Picture, Planes, two};
use crate::effect::Isa;
use crate::lane::small_to_float;
use fearless_simd::{Level, Simd, dispatch, prelude::*};

/// Two neighbors in the upper and in the lower row of each position of a block: red and green in a word, and blue in the next.
pub(super) type Pairs = [[[u32; 4]; BLOCK]; 2];

/// The four pixels around each position of a block.
pub(super) fn gather(picture: &Picture<'_>, pixels: &[[u32; 2]], cells: &Cells, count: usize, pairs: &mut Pairs) {
    let (stride, _) = picture.layout();
    let [upper, lower] = pairs;
    let four = |[[a, b], [c, d]]: [[u32; 2]; 2]| [a, b, c, d];
    if cells.inside {
        let below = &pixels[stride..];
        for ((upper, lower), first) in upper.iter_mut().zip(lower).zip(&cells.first[..count]) {
            let first = *first as usize;
            (*upper, *lower) = (four(two(&pixels[first..first + 2])), four(two(&below[first..first + 2])));
        }
    } else {
        for k in 0..count {
            // What lies beyond a transparent edge is not stored like this.
            let window = picture.window(cells.x[k], cells.y[k], |at| at.map_or([0; 2], |at| pixels[at]));
            (upper[k], lower[k]) = (four(window[0]), four(window[1]));
        }
    }
}

/// Mixes the four pixels of each position.
pub(super) fn mix(isa: Isa, pairs: &Pairs, [fx, fy]: [&[f32; BLOCK]; 2], scale: Scale, out: &mut Planes<'_>) {
    let level = if let Isa::Simd(level) = isa { level } else { Level::baseline() };
    if let [r, g, b, ..] = out {
        dispatch!(level, simd => mix_wide(simd, pairs, [fx, fy], scale, [r, g, b]));
    }
}

#[inline(always)]
fn mix_wide<S: Simd>(
    simd: S,
    pairs: &Pairs,
    [fx, fy]: [&[f32; BLOCK]; 2],
    scale: Scale,
    [red, green, blue]: [&mut [f32; BLOCK]; 3],
) {
    let len = <S::u32s as SimdBase<S>>::LEN;
    let [upper, lower] = pairs.each_ref().map(|row| row.as_flattened());
    for k in (0..BLOCK).step_by(len) {
        let [a, a_blue, b, b_blue] = taps::<S, S::u32s>(simd, upper, k);
        let [c, c_blue, d, d_blue] = taps::<S, S::u32s>(simd, lower, k);
        let (right, down) = (S::f32s::from_slice(simd, &fx[k..k + len]), S::f32s::from_slice(simd, &fy[k..k + len]));
        let (left, up) = (S::f32s::splat(simd, 1.0) - right, S::f32s::splat(simd, 1.0) - down);
        let mix = crate::lane::inlined(
            #[inline(always)]
            |a: S::u32s, b: S::u32s, c: S::u32s, d: S::u32s| {
                let upper = small_to_float::<S>(a) * left + small_to_float::<S>(b) * right;
                let lower = small_to_float::<S>(c) * left + small_to_float::<S>(d) * right;
                (upper * up + lower * down) * scale.unit + scale.least
            },
        );
        mix(a & 0xffff, b & 0xffff, c & 0xffff, d & 0xffff).store_slice(&mut red[k..k + len]);
        mix(a >> 16, b >> 16, c >> 16, d >> 16).store_slice(&mut green[k..k + len]);
        mix(a_blue, b_blue, c_blue, d_blue).store_slice(&mut blue[k..k + len]);
    }
}
