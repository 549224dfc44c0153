//! Pictures of 8-bit codes in lanes of 16 bits: taken apart into planes, put together again, and multiplied.

use super::border::border;
use crate::effect::{Edge, Isa};
use fearless_simd::{Simd, dispatch, prelude::*};

/// The upper halves of products.
#[inline(always)]
pub(super) fn high<S: Simd>(a: S::u16s, b: S::u16s) -> S::u16s {
    let (low, high) = a.widening_mul(b);
    (low >> 16).narrow(high >> 16)
}

/// Writes opaque pixels of sums with `BITS` bits behind the point.
pub(super) fn together<const BITS: u32>(isa: Isa, planes: [&[u16]; 3], out: &mut [u8]) {
    let done = match isa.narrower() {
        Isa::Simd(level) => dispatch!(level, simd => together_wide::<_, BITS>(simd, planes, out)),
        Isa::Scalar => 0,
    };
    let code = |sum: u16| (u32::from(sum) + ((1 << BITS) >> 1)) >> BITS;
    let [r, g, b] = planes;
    for (((out, r), g), b) in out.chunks_exact_mut(4).zip(r).zip(g).zip(b).skip(done) {
        out.copy_from_slice(&(code(*r) | code(*g) << 8 | code(*b) << 16 | 0xff00_0000).to_le_bytes());
    }
}

/// How many pixels were written: whole registers of them.
#[inline(always)]
fn together_wide<S: Simd, const BITS: u32>(simd: S, [r, g, b]: [&[u16]; 3], out: &mut [u8]) -> usize {
    let len = <S::u16s as SimdBase<S>>::LEN;
    let half = S::u16s::splat(simd, (1 << BITS) >> 1);
    let count = out.len() / 4 / len * len;
    for at in (0..count).step_by(len) {
        let code = crate::lane::inlined(
            #[inline(always)]
            |plane: &[u16]| (S::u16s::from_slice(simd, &plane[at..at + len]) + half) >> BITS,
        );
        let (first, second) = (code(r) | (code(g) << 8)).interleave(code(b) | 0xff00);
        let (first, second): (S::u8s, S::u8s) = (first.bitcast(), second.bitcast());
        first.store_slice(&mut out[4 * at..4 * at + 2 * len]);
        second.store_slice(&mut out[4 * at + 2 * len..4 * (at + len)]);
    }
    count
}

/// The channels of a row from column `from` on, which may lie beyond the edges, with `BITS` bits behind the point: as
/// many as there are planes, which are of one length.
pub(super) fn apart<const BITS: u32>(isa: Isa, row: &[u8], from: i64, edge: Edge, planes: &mut [&mut [u16]]) {
    let pixels = row.as_chunks::<4>().0;
    let width = pixels.len() as i64;
    let count = planes.first().map_or(0, |plane| plane.len()) as i64;
    let (first, last) = (from.clamp(0, width), (from + count).clamp(0, width));
    for x in (from..first.min(from + count)).chain(last.max(from)..from + count) {
        let pixel = border(edge, x, width).map_or([0; 4], |column| pixels[column]);
        planes.iter_mut().zip(pixel).for_each(|(plane, code)| plane[(x - from) as usize] = u16::from(code) << BITS);
    }
    if last <= first {
        return;
    }
    let start = (first - from) as usize;
    let inner = &row[4 * first as usize..4 * last as usize];
    let done = match isa {
        Isa::Simd(level) => dispatch!(level, simd => apart_wide::<_, BITS>(simd, inner, start, planes)),
        Isa::Scalar => 0,
    };
    for (k, pixel) in inner.as_chunks::<4>().0.iter().enumerate().skip(done) {
        planes.iter_mut().zip(pixel).for_each(|(plane, code)| plane[start + k] = u16::from(*code) << BITS);
    }
}

/// How many pixels were taken: whole registers of them.
#[inline(always)]
fn apart_wide<S: Simd, const BITS: u32>(simd: S, row: &[u8], start: usize, planes: &mut [&mut [u16]]) -> usize {
    let len = <S::u16s as SimdBase<S>>::LEN;
    let count = row.len() / 4 / len * len;
    for at in (0..count).step_by(len) {
        let words = crate::lane::inlined(
            #[inline(always)]
            |from: usize| -> S::u32s { S::u8s::from_slice(simd, &row[from..from + 2 * len]).bitcast() },
        );
        let (first, second) = (words(4 * at), words(4 * at + 2 * len));
        let channel = crate::lane::inlined(
            #[inline(always)]
            |shift: u32| ((first >> shift) & 0xff).narrow((second >> shift) & 0xff) << BITS,
        );
        for (c, plane) in planes.iter_mut().enumerate() {
            channel(8 * c as u32).store_slice(&mut plane[start + at..start + at + len]);
        }
    }
    count
}
