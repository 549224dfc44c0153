//! Where a pass writes: planar floats between passes, interleaved codes or floats at the end.

use super::Layout;
use super::view::fetch;
use super::words::Scale;
use crate::effect::{Isa, Tile};
use crate::graph::{Channels, Colors};
use crate::lane::{Rgba, small_to_int};
use fearless_simd::{Level, Simd, dispatch, prelude::*};

/// Rows to write, which can be cut into bands for threads.
#[derive(Debug)]
pub(crate) enum Sink<'a> {
    /// Planes: that of each channel, empty where it is not stored.
    Planes { planes: [&'a mut [f32]; 4], stride: usize },
    /// 8-bit codes, RGBA. `offset` is the first column of the rectangle in the picture.
    U8 { rows: &'a mut [u8], width: usize, offset: usize },
    /// Opaque pixels in numbers of 16 bits.
    Words { rows: &'a mut [u16], width: usize, scale: Scale },
    /// 16-bit codes, RGBA.
    U16 { rows: &'a mut [u16], width: usize, offset: usize },
    /// Floats, RGBA.
    F32 { rows: &'a mut [f32], width: usize, offset: usize },
}

impl<'a> Sink<'a> {
    /// Planes of `plane` samples one after another: those of the channels in the list.
    pub(super) fn planes(slot: &'a mut [f32], stride: usize, plane: usize, list: &[usize]) -> Self {
        let mut planes: [&mut [f32]; 4] = Default::default();
        for (channel, samples) in list.iter().zip(slot.chunks_exact_mut(plane.max(1))) {
            planes[*channel] = samples;
        }
        Self::Planes { planes, stride }
    }

    /// Codes between passes.
    pub(super) fn codes(slot: &'a mut [f32], layout: Layout) -> Self {
        Self::U8 { rows: bytemuck::cast_slice_mut(&mut slot[..layout.plane()]), width: layout.stride, offset: 0 }
    }

    /// Opaque pixels between passes, in numbers of 16 bits.
    pub(super) fn words(slot: &'a mut [f32], layout: Layout, scale: Scale) -> Self {
        Self::Words { rows: bytemuck::cast_slice_mut(&mut slot[..2 * layout.plane()]), width: layout.stride, scale }
    }

    pub(super) fn reborrow(&mut self) -> Sink<'_> {
        match self {
            Self::Planes { planes: [r, g, b, a], stride } => Sink::Planes { planes: [r, g, b, a], stride: *stride },
            Self::U8 { rows, width, offset } => Sink::U8 { rows, width: *width, offset: *offset },
            Self::Words { rows, width, scale } => Sink::Words { rows, width: *width, scale: *scale },
            Self::U16 { rows, width, offset } => Sink::U16 { rows, width: *width, offset: *offset },
            Self::F32 { rows, width, offset } => Sink::F32 { rows, width: *width, offset: *offset },
        }
    }

    /// The first `count` samples of a row of a plane.
    pub(super) fn plane_row(&mut self, plane: usize, row: usize, count: usize) -> &mut [f32] {
        match self {
            Self::Planes { planes, stride } => &mut planes[plane][row * *stride..][..count],
            _ => &mut [],
        }
    }

    /// The first `rows` rows and the rest.
    pub(super) fn split(self, count: usize) -> (Self, Self) {
        match self {
            Self::Planes { planes: [r, g, b, a], stride } => {
                let halves = |plane: &'a mut [f32]| plane.split_at_mut((count * stride).min(plane.len()));
                let ((r0, r1), (g0, g1), (b0, b1), (a0, a1)) = (halves(r), halves(g), halves(b), halves(a));
                (Self::Planes { planes: [r0, g0, b0, a0], stride }, Self::Planes { planes: [r1, g1, b1, a1], stride })
            }
            Self::U8 { rows, width, offset } => {
                let (first, rest) = rows.split_at_mut(4 * width * count);
                (Self::U8 { rows: first, width, offset }, Self::U8 { rows: rest, width, offset })
            }
            Self::Words { rows, width, scale } => {
                let (first, rest) = rows.split_at_mut(4 * width * count);
                (Self::Words { rows: first, width, scale }, Self::Words { rows: rest, width, scale })
            }
            Self::U16 { rows, width, offset } => {
                let (first, rest) = rows.split_at_mut(4 * width * count);
                (Self::U16 { rows: first, width, offset }, Self::U16 { rows: rest, width, offset })
            }
            Self::F32 { rows, width, offset } => {
                let (first, rest) = rows.split_at_mut(4 * width * count);
                (Self::F32 { rows: first, width, offset }, Self::F32 { rows: rest, width, offset })
            }
        }
    }

    /// Has the machine fetch pixels of a row from column `x` of the rectangle, those there are, before they are written:
    /// strips of rows begin on another page with each row, which no machine foresees (a rotation by 17° at 3840×2160, two
    /// threads, Intel: 20.3 to 10.9 ms).
    pub(super) fn fetch(&self, x: usize, row: usize, count: usize) {
        let at = |width: usize, offset: usize| 4 * (row * width + offset + x);
        match self {
            Self::Planes { planes, stride } => {
                planes.iter().filter(|plane| !plane.is_empty()).for_each(|plane| fetch(plane, row * stride + x, count));
            }
            Self::U8 { rows, width, offset } => fetch(rows, at(*width, *offset), 4 * count),
            Self::Words { rows, width, .. } => fetch(rows, at(*width, 0), 4 * count),
            Self::U16 { rows, width, offset } => fetch(rows, at(*width, *offset), 4 * count),
            Self::F32 { rows, width, offset } => fetch(rows, at(*width, *offset), 4 * count),
        }
    }

    /// Pixels of a row from column `x` of the rectangle, to be written as codes, where codes are written.
    pub(super) fn pixels(&mut self, x: usize, row: usize, count: usize) -> Option<&mut [u8]> {
        let Self::U8 { rows, width, offset } = self else { return None };
        Some(&mut rows[4 * (row * *width + *offset + x)..][..4 * count])
    }

    /// What follows a pixel of the rectangle, and how far rows are apart, where codes are written.
    pub(super) fn codes_at(&mut self, x: usize, row: usize) -> Option<(&mut [u8], usize)> {
        let Self::U8 { rows, width, offset } = self else { return None };
        Some((&mut rows[4 * (row * *width + *offset + x)..], 4 * *width))
    }

    /// Writes `count` pixels of row `row` of the sink from column `x` of its rectangle; the channels that are known to follow
    /// from others need not be looked at.
    pub(crate) fn store(&mut self, isa: Isa, x: usize, row: usize, count: usize, tile: &Tile, channels: Channels) {
        self.fetch(x, row + 1, count);
        match self {
            Self::Planes { planes, stride } => {
                let at = row * *stride + x;
                for (plane, source) in planes.iter_mut().zip(&tile.0).filter(|(plane, _)| !plane.is_empty()) {
                    plane[at..at + count].copy_from_slice(&source[..count]);
                }
            }
            Self::U8 { rows, width, offset } => {
                let out = &mut rows[4 * (row * *width + *offset + x)..][..4 * count];
                match isa {
                    Isa::Simd(level) => dispatch!(level, simd => {
                        match channels {
                            Channels { opaque: true, colors: Colors::Gray } => quantize_gray(simd, tile, out),
                            Channels { opaque: true, .. } => quantize_opaque(simd, tile, out),
                            _ => quantize_wide(simd, tile, out),
                        }
                    }),
                    Isa::Scalar => interleave(tile, out, 0, |v| quantize(v, 255.0) as u8, |code| code),
                }
            }
            Self::Words { rows, width, scale } => {
                let out = &mut rows[4 * (row * *width + x)..][..4 * count];
                let level = if let Isa::Simd(level) = isa { level } else { Level::baseline() };
                dispatch!(level, simd => scale.store(simd, tile, out));
            }
            Self::U16 { rows, width, offset } => {
                let out = &mut rows[4 * (row * *width + *offset + x)..][..4 * count];
                let done = match isa {
                    Isa::Simd(level) => dispatch!(level, simd => words_wide(simd, tile, out)),
                    Isa::Scalar => 0,
                };
                interleave(tile, out, done, |v| quantize(v, 65535.0) as u16, |code| code);
            }
            Self::F32 { rows, width, offset } => {
                let out = &mut rows[4 * (row * *width + *offset + x)..][..4 * count];
                let done = match isa {
                    Isa::Simd(level) => dispatch!(level, simd => floats_wide(simd, tile, out)),
                    Isa::Scalar => 0,
                };
                // Sums of weights are 1 to within a rounding; alphas are no more than 1.
                interleave(tile, out, done, |v| v, |alpha| if alpha > 1.0 { 1.0 } else { alpha });
            }
        }
    }
}

/// ⌊clamp(v)·top + ½⌋; a NaN is 0.
pub(super) fn quantize(value: f32, top: f32) -> f32 {
    let limited = if value > 0.0 { if value < 1.0 { value } else { 1.0 } } else { 0.0 };
    (limited * top + 0.5).floor()
}

/// Writes pixels one by one, from pixel `first` on; where nothing shows, nothing is written.
fn interleave<T: Copy + Default + PartialEq>(
    tile: &Tile,
    out: &mut [T],
    first: usize,
    from_float: impl Fn(f32) -> T,
    limit: impl Fn(T) -> T,
) {
    let [r, g, b, a] = &tile.0;
    for (index, pixel) in out.chunks_exact_mut(4).enumerate().skip(first) {
        let alpha = limit(from_float(a[index]));
        if alpha == T::default() {
            pixel.fill(alpha);
        } else {
            pixel.copy_from_slice(&[from_float(r[index]), from_float(g[index]), from_float(b[index]), alpha]);
        }
    }
}

/// Codes of a register's worth of one plane.
#[inline(always)]
fn codes<S: Simd>(simd: S, plane: &[f32]) -> S::u32s {
    levels(simd, plane, 255.0)
}

/// Whole numbers up to `top`.
#[inline(always)]
fn levels<S: Simd>(simd: S, plane: &[f32], top: f32) -> S::u32s {
    let value = S::f32s::from_slice(simd, plane);
    let limited = value.max(S::f32s::splat(simd, 0.0)).min(S::f32s::splat(simd, 1.0));
    // Non-negative, so truncation is the floor.
    small_to_int::<S>(limited * top + 0.5)
}

/// Writes 16-bit pixels; how many: whole registers of them.
#[inline(always)]
fn words_wide<S: Simd>(simd: S, tile: &Tile, out: &mut [u16]) -> usize {
    let len = <S::f32s as SimdBase<S>>::LEN;
    let count = out.len() / 4 / len * len;
    for at in (0..count).step_by(len) {
        let [r, g, b, a] = tile.0.each_ref().map(|plane| &plane[at..at + len]);
        let alpha = levels(simd, a, 65535.0);
        let seen = alpha.simd_gt(0);
        let none = S::u32s::splat(simd, 0);
        let first: S::u32s = seen.select(levels(simd, r, 65535.0) | (levels(simd, g, 65535.0) << 16), none);
        let second: S::u32s = seen.select(levels(simd, b, 65535.0) | (alpha << 16), none);
        let (first, second) = first.interleave(second);
        let (first, second): (S::u16s, S::u16s) = (first.bitcast(), second.bitcast());
        first.store_slice(&mut out[4 * at..4 * at + 2 * len]);
        second.store_slice(&mut out[4 * at + 2 * len..4 * (at + len)]);
    }
    count
}

/// Writes pixels of floats; how many: whole registers of them.
#[inline(always)]
fn floats_wide<S: Simd>(simd: S, tile: &Tile, out: &mut [f32]) -> usize {
    let len = <S::f32s as SimdBase<S>>::LEN;
    let count = out.len() / 4 / len * len;
    for at in (0..count).step_by(len) {
        let [r, g, b, a] = tile.0.each_ref().map(|plane| &plane[at..at + len]);
        let alpha = S::f32s::from_slice(simd, a);
        let alpha: S::f32s = alpha.simd_gt(1.0).select(S::f32s::splat(simd, 1.0), alpha);
        let unseen = alpha.simd_eq(0.0);
        let color = crate::lane::inlined(
            #[inline(always)]
            |plane: &[f32]| -> S::f32s { unseen.select(alpha, S::f32s::from_slice(simd, plane)) },
        );
        let ((red_blue, more_red_blue), (green_alpha, more_green_alpha)) =
            (color(r).interleave(color(b)), color(g).interleave(alpha));
        let ((p, q), (r, s)) = (red_blue.interleave(green_alpha), more_red_blue.interleave(more_green_alpha));
        for (k, register) in [p, q, r, s].into_iter().enumerate() {
            register.store_slice(&mut out[4 * at + k * len..4 * at + (k + 1) * len]);
        }
    }
    count
}

#[inline(always)]
fn quantize_wide<S: Simd>(simd: S, tile: &Tile, out: &mut [u8]) {
    let len = <S::f32s as SimdBase<S>>::LEN;
    let [r, g, b, a] = tile.0.each_ref().map(|plane| plane.chunks_exact(len));
    let whole = out.len() / (4 * len) * len;
    let mut pixels = out.chunks_exact_mut(4 * len);
    for ((((out, r), g), b), a) in pixels.by_ref().zip(r).zip(g).zip(b).zip(a) {
        let alpha = codes(simd, a);
        let color = codes(simd, r) | (codes(simd, g) << 8) | (codes(simd, b) << 16);
        let seen = alpha.simd_gt(0);
        let color: S::u32s = seen.select(color, S::u32s::splat(simd, 0));
        let bytes: S::u8s = (color | (alpha << 24)).bitcast();
        bytes.store_slice(out);
    }
    quantize_rest(tile, whole, pixels.into_remainder());
}

#[inline(always)]
fn quantize_opaque<S: Simd>(simd: S, tile: &Tile, out: &mut [u8]) {
    let len = <S::f32s as SimdBase<S>>::LEN;
    let [r, g, b, _] = tile.0.each_ref().map(|plane| plane.chunks_exact(len));
    let whole = out.len() / (4 * len) * len;
    let mut pixels = out.chunks_exact_mut(4 * len);
    for (((out, r), g), b) in pixels.by_ref().zip(r).zip(g).zip(b) {
        let color = codes(simd, r) | (codes(simd, g) << 8) | (codes(simd, b) << 16);
        let bytes: S::u8s = (color | 0xff00_0000).bitcast();
        bytes.store_slice(out);
    }
    quantize_rest(tile, whole, pixels.into_remainder());
}

#[inline(always)]
fn quantize_gray<S: Simd>(simd: S, tile: &Tile, out: &mut [u8]) {
    let len = <S::f32s as SimdBase<S>>::LEN;
    let whole = out.len() / (4 * len) * len;
    let mut pixels = out.chunks_exact_mut(4 * len);
    for (out, gray) in pixels.by_ref().zip(tile.0[0].chunks_exact(len)) {
        let code = codes(simd, gray);
        let bytes: S::u8s = (code | (code << 8) | (code << 16) | 0xff00_0000).bitcast();
        bytes.store_slice(out);
    }
    quantize_rest(tile, whole, pixels.into_remainder());
}

/// The pixels from `whole` on, fewer than a register holds.
fn quantize_rest(tile: &Tile, whole: usize, rest: &mut [u8]) {
    for (index, pixel) in rest.chunks_exact_mut(4).enumerate() {
        pixel.copy_from_slice(&to_codes(tile.pixel(whole + index)));
    }
}

/// A pixel in codes; where nothing shows, nothing is written.
pub(super) fn to_codes(pixel: Rgba<f32>) -> [u8; 4] {
    let [r, g, b, a] = [pixel.r, pixel.g, pixel.b, pixel.a].map(|v| quantize(v, 255.0) as u8);
    if a > 0 { [r, g, b, a] } else { [0; 4] }
}
