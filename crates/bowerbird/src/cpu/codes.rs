//! Pictures of 8-bit codes in lanes of 16 bits: taken apart into planes, and put together again.

use super::Layout;
use super::border::border;
use crate::effect::{Edge, Isa};
use core::ops::Range;
use fearless_simd::{Simd, dispatch, prelude::*};

/// Writes opaque pixels of sums with `BITS` bits behind the point.
pub(super) fn together<const BITS: u32>(isa: Isa, planes: [&[u16]; 3], out: &mut [u8]) {
    let done = match isa {
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

/// A row of a picture, of which what is needed is there.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line<'a> {
    pixels: &'a [[u8; 4]],
    /// The column of the first pixel that is there.
    left: i64,
    /// Columns of the picture.
    width: i64,
}

impl<'a> Line<'a> {
    /// Row `y` of a rectangle of a picture that is `width` pixels wide.
    pub(super) fn of(pixels: &'a [u8], layout: Layout, y: usize, width: u32) -> Self {
        let row = &pixels[4 * layout.at(layout.rect.x as usize, y)..][..4 * layout.rect.width as usize];
        Self { pixels: row.as_chunks().0, left: layout.rect.x.into(), width: width.into() }
    }

    /// `count` pixels from column `from` on, where all of them lie in the picture.
    pub(super) fn inside(self, from: i64, count: usize) -> Option<&'a [u8]> {
        let first = usize::try_from(from - self.left).ok()?;
        Some(self.pixels.get(first..first + count)?.as_flattened())
    }

    /// The pixels from column `from` on, which may lie beyond the edges.
    pub(super) fn fill(self, from: i64, edge: Edge, out: &mut [u8]) {
        let out = out.as_chunks_mut().0;
        let (inner, at) = self.split(from, edge, out.len(), |places, pixel| out[places].fill(pixel));
        out[at..at + inner.len()].copy_from_slice(inner);
    }

    /// Hands pixels beyond the edges to `beyond`, with the places where each is among `count` from column `from` on;
    /// returns those within and the place of their first.
    fn split(
        self,
        from: i64,
        edge: Edge,
        count: usize,
        mut beyond: impl FnMut(Range<usize>, [u8; 4]),
    ) -> (&'a [[u8; 4]], usize) {
        let end = from + count as i64;
        let (first, last) = (from.clamp(0, self.width), end.clamp(0, self.width));
        for side in [from..first.min(end), last.max(from)..end] {
            // Beyond a clamped edge, and around a transparent one, all pixels are the same.
            let alike = if matches!(edge, Edge::Clamp | Edge::Transparent) { side.end - side.start } else { 1 };
            for x in side.clone().step_by(alike.max(1) as usize) {
                let column = border(edge, x, self.width);
                let place = (x - from) as usize;
                let pixel = column.map_or([0; 4], |x| self.pixels[x - self.left as usize]);
                beyond(place..place + alike as usize, pixel);
            }
        }
        if last <= first {
            return (&[], 0);
        }
        (&self.pixels[(first - self.left) as usize..(last - self.left) as usize], (first - from) as usize)
    }
}

/// The channels of a row from column `from` on, which may lie beyond the edges, with `BITS` bits behind the point: as
/// many as there are planes, which are of one length.
pub(super) fn apart<const BITS: u32>(isa: Isa, row: Line<'_>, from: i64, edge: Edge, planes: &mut [&mut [u16]]) {
    let count = planes.first().map_or(0, |plane| plane.len());
    let (inner, start) = row.split(from, edge, count, |places, pixel| {
        let planes = planes.iter_mut().zip(pixel);
        planes.for_each(|(plane, code)| plane[places.clone()].fill(u16::from(code) << BITS));
    });
    let done = match isa {
        Isa::Simd(level) => dispatch!(level, simd => apart_wide::<_, BITS>(simd, inner.as_flattened(), start, planes)),
        Isa::Scalar => 0,
    };
    for (k, pixel) in inner.iter().enumerate().skip(done) {
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
            |from: usize| -> S::u16s { S::u8s::from_slice(simd, &row[from..from + 2 * len]).bitcast() },
        );
        // Red and green are one word, blue and alpha the next.
        let (red_green, blue_alpha) = words(4 * at).deinterleave(words(4 * at + 2 * len));
        for (c, plane) in planes.iter_mut().enumerate() {
            let pair = if c < 2 { red_green } else { blue_alpha };
            let code = if c % 2 == 0 { pair & 0xff } else { pair >> 8 };
            (code << BITS).store_slice(&mut plane[start + at..start + at + len]);
        }
    }
    count
}
