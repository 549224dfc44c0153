//! Pictures as they are read: interleaved codes or floats from outside, planar floats between passes.

use super::Layout;
use super::tabled::Table;
use super::words::Scale;
use crate::effect::{Isa, TILE, Tile};
use crate::graph::Channels;
use crate::image::{Image, Pixels as Samples};
use crate::lane::small_to_float;
use core::ops::Range;
use fearless_simd::{Level, Simd, dispatch, prelude::*};

/// A picture that a pass reads.
#[derive(Clone, Copy, Debug)]
pub(crate) enum View<'a> {
    /// Nothing: reads as transparent.
    Empty,
    /// 8-bit codes of a rectangle, RGBA.
    U8 { pixels: &'a [u8], layout: Layout, opaque: bool },
    /// Opaque 8-bit codes, each looked up in a table.
    Tabled { pixels: &'a [u8], layout: Layout, table: &'a Table },
    /// 16-bit codes, RGBA.
    U16 { pixels: &'a [u16], width: usize },
    /// Floats, RGBA.
    F32 { pixels: &'a [f32], width: usize },
    /// Opaque pixels of a rectangle, in numbers of 16 bits.
    Words { pixels: &'a [u16], layout: Layout, scale: Scale },
    /// Planes of a rectangle: that of each channel, empty where the channel is constant.
    Planes { planes: [&'a [f32]; 4], layout: Layout, channels: Channels },
}

impl<'a> View<'a> {
    /// A picture from outside.
    pub(crate) fn of(image: &'a Image) -> Self {
        let width = image.width() as usize;
        match image.pixels() {
            Samples::U8(pixels) => {
                let layout = Layout::packed(image.width(), image.height());
                Self::U8 { pixels, layout, opaque: image.is_opaque() }
            }
            Samples::U16(pixels) => Self::U16 { pixels, width },
            Samples::F32(pixels) => Self::F32 { pixels, width },
        }
    }

    pub(super) fn planes(slot: &'a [f32], layout: Layout, channels: Channels) -> Self {
        let size = layout.plane();
        if slot.len() < channels.count() * size {
            return Self::Empty;
        }
        let plane = |place: Option<usize>| place.map_or(&[][..], |place| &slot[place * size..(place + 1) * size]);
        Self::Planes { planes: channels.places().map(plane), layout, channels }
    }

    /// Opaque codes between passes.
    pub(super) fn codes(slot: &'a [f32], layout: Layout) -> Self {
        let codes = slot.get(..layout.plane()).map(bytemuck::cast_slice);
        codes.map_or(Self::Empty, |pixels| Self::U8 { pixels, layout, opaque: true })
    }

    /// Opaque pixels between passes, in numbers of 16 bits.
    pub(super) fn words(slot: &'a [f32], layout: Layout, scale: Scale) -> Self {
        let words = slot.get(..2 * layout.plane()).map(bytemuck::cast_slice);
        words.map_or(Self::Empty, |pixels| Self::Words { pixels, layout, scale })
    }

    /// Whether its values are from 0 to 1.
    pub(super) fn is_of_codes(&self) -> bool {
        matches!(self, Self::U8 { .. } | Self::U16 { .. })
    }

    /// Opaque codes through a table.
    pub(super) fn through(self, table: &'a Table) -> Self {
        match self {
            Self::U8 { pixels, layout, .. } => Self::Tabled { pixels, layout, table },
            _ => Self::Empty,
        }
    }

    /// One pixel.
    #[inline(always)]
    pub(super) fn pixel(&self, x: usize, y: usize) -> [f32; 4] {
        match self {
            Self::Empty => [0.0; 4],
            Self::U8 { pixels, layout, .. } => {
                let at = 4 * layout.at(x, y);
                core::array::from_fn(|c| f32::from(pixels[at + c]) / 255.0)
            }
            Self::Tabled { pixels, layout, table } => {
                let at = 4 * layout.at(x, y);
                core::array::from_fn(|c| table.values.get(c).map_or(1.0, |values| values[usize::from(pixels[at + c])]))
            }
            Self::U16 { pixels, width } => {
                let at = 4 * (y * width + x);
                core::array::from_fn(|c| f32::from(pixels[at + c]) / 65535.0)
            }
            Self::F32 { pixels, width } => {
                let at = 4 * (y * width + x);
                core::array::from_fn(|c| pixels[at + c])
            }
            Self::Words { pixels, layout, scale } => {
                let at = 4 * layout.at(x, y);
                [scale.value(pixels[at]), scale.value(pixels[at + 1]), scale.value(pixels[at + 2]), 1.0]
            }
            Self::Planes { planes, layout, .. } => {
                let at = layout.at(x, y);
                core::array::from_fn(|c| if planes[c].is_empty() { Channels::CONSTANT[c] } else { planes[c][at] })
            }
        }
    }

    /// Has the machine fetch a rectangle of pixels into its caches.
    pub(super) fn fetch(&self, columns: Range<usize>, rows: Range<usize>) {
        let (columns, rows) = match self {
            Self::U8 { layout: Layout { rect, .. }, .. }
            | Self::Tabled { layout: Layout { rect, .. }, .. }
            | Self::Words { layout: Layout { rect, .. }, .. }
            | Self::Planes { layout: Layout { rect, .. }, .. } => {
                let clip = |range: Range<usize>, from: u32, size: u32| {
                    range.start.max(from as usize)..range.end.min((from + size) as usize)
                };
                (clip(columns, rect.x, rect.width), clip(rows, rect.y, rect.height))
            }
            _ => (columns, rows),
        };
        for y in if columns.is_empty() { 0..0 } else { rows } {
            match self {
                Self::U8 { pixels, layout, .. } | Self::Tabled { pixels, layout, .. } => {
                    fetch(pixels, 4 * layout.at(columns.start, y), 4 * columns.len());
                }
                Self::Words { pixels, layout, .. } => {
                    fetch(pixels, 4 * layout.at(columns.start, y), 4 * columns.len());
                }
                Self::F32 { pixels, width } => {
                    fetch(pixels, 4 * (y * width + columns.start), 4 * columns.len());
                }
                Self::Planes { planes, layout, channels } => {
                    for c in channels.list() {
                        fetch(planes[*c], layout.at(columns.start, y), columns.len());
                    }
                }
                Self::U16 { pixels, width } => {
                    fetch(pixels, 4 * (y * width + columns.start), 4 * columns.len());
                }
                Self::Empty => {}
            }
        }
    }

    /// `count` neighboring pixels of a row. Those below them are fetched, which are next in a strip, and not far ahead in a
    /// row (eight point operations at 3840×2160, two threads, Intel: 11.2 to 10.0 ms).
    pub(crate) fn load(&self, isa: Isa, x: usize, y: usize, count: usize, tile: &mut Tile) {
        self.fetch(x..x + count, y + 1..y + 2);
        match self {
            Self::Empty => tile.0.iter_mut().for_each(|plane| plane[..count].fill(0.0)),
            Self::U8 { pixels, layout, opaque } => {
                let row = &pixels[4 * layout.at(x, y)..][..4 * count];
                match isa {
                    Isa::Simd(level) => dispatch!(level, simd => codes_wide(simd, row, *opaque, tile)),
                    Isa::Scalar => interleaved(row, tile, 0, |v| f32::from(v) / 255.0),
                }
            }
            Self::Tabled { pixels, layout, table } => {
                table.load(pixels[4 * layout.at(x, y)..][..4 * count].as_chunks().0, tile);
            }
            Self::U16 { pixels, width } => {
                let row = &pixels[4 * (y * width + x)..][..4 * count];
                let done = match isa {
                    Isa::Simd(level) => dispatch!(level, simd => words_wide(simd, row, tile)),
                    Isa::Scalar => 0,
                };
                interleaved(row, tile, done, |v| f32::from(v) / 65535.0);
            }
            Self::F32 { pixels, width } => {
                let row = &pixels[4 * (y * width + x)..][..4 * count];
                let done = match isa {
                    Isa::Simd(level) => dispatch!(level, simd => floats_wide(simd, row, tile)),
                    Isa::Scalar => 0,
                };
                interleaved(row, tile, done, |v| v);
            }
            Self::Words { pixels, layout, scale } => {
                let row = &pixels[4 * layout.at(x, y)..][..4 * count];
                let level = if let Isa::Simd(level) = isa { level } else { Level::baseline() };
                dispatch!(level, simd => scale.load(simd, row, tile));
            }
            Self::Planes { planes, layout, channels } => {
                let at = layout.at(x, y);
                for c in channels.list() {
                    tile.0[*c][..count].copy_from_slice(&planes[*c][at..at + count]);
                }
                channels.complete(tile, count);
            }
        }
    }

    /// The same through a table, where the codes are there that it is of; whether they were.
    pub(super) fn load_through(&self, table: &Table, x: usize, y: usize, count: usize, tile: &mut Tile) -> bool {
        let Self::U8 { pixels, layout, opaque: true } = self else { return false };
        self.fetch(x..x + count, y + 1..y + 2);
        table.load(pixels[4 * layout.at(x, y)..][..4 * count].as_chunks().0, tile);
        true
    }

    /// Pixels of a row in any order.
    pub(super) fn gather(&self, columns: &[usize], y: usize, tile: &mut Tile) {
        for (index, x) in columns.iter().enumerate() {
            let pixel = self.pixel(*x, y);
            for (plane, value) in tile.0.iter_mut().zip(pixel) {
                plane[index] = value;
            }
        }
    }
}

/// Has the machine fetch samples into its caches, those there are.
pub(super) fn fetch<T>(samples: &[T], from: usize, count: usize) {
    let line = 64 / size_of::<T>();
    // From the line of the first to the line of the last.
    for at in (from..from + count + line - 1).step_by(line) {
        prefetch_index::prefetch_index(samples, at);
    }
}

/// Takes pixels apart one by one, from pixel `first` on.
fn interleaved<T: Copy>(row: &[T], tile: &mut Tile, first: usize, to_float: impl Fn(T) -> f32) {
    let [r, g, b, a] = &mut tile.0;
    for (index, pixel) in row.chunks_exact(4).enumerate().take(TILE).skip(first) {
        (r[index], g[index], b[index], a[index]) =
            (to_float(pixel[0]), to_float(pixel[1]), to_float(pixel[2]), to_float(pixel[3]));
    }
}

/// 16-bit RGBA to planes; how many pixels were taken: whole registers of them.
#[inline(always)]
fn words_wide<S: Simd>(simd: S, row: &[u16], tile: &mut Tile) -> usize {
    let len = <S::f32s as SimdBase<S>>::LEN;
    let count = row.len() / 4 / len * len;
    let [r, g, b, a] = &mut tile.0;
    for at in (0..count).step_by(len) {
        let load = crate::lane::inlined(
            #[inline(always)]
            |from: usize| -> S::u32s { S::u16s::from_slice(simd, &row[from..from + 2 * len]).bitcast() },
        );
        // Red and green are one word, blue and alpha the next.
        let (first, second) = load(4 * at).deinterleave(load(4 * at + 2 * len));
        let samples = [first & 0xffff, first >> 16, second & 0xffff, second >> 16];
        for (plane, sample) in [&mut *r, &mut *g, &mut *b, &mut *a].into_iter().zip(samples) {
            (small_to_float::<S>(sample) / 65535.0).store_slice(&mut plane[at..at + len]);
        }
    }
    count
}

/// RGBA floats to planes; how many pixels were taken: whole registers of them.
#[inline(always)]
fn floats_wide<S: Simd>(simd: S, row: &[f32], tile: &mut Tile) -> usize {
    let len = <S::f32s as SimdBase<S>>::LEN;
    let count = row.len() / 4 / len * len;
    let [r, g, b, a] = &mut tile.0;
    for at in (0..count).step_by(len) {
        let load = crate::lane::inlined(
            #[inline(always)]
            |k: usize| S::f32s::from_slice(simd, &row[4 * at + k * len..4 * at + (k + 1) * len]),
        );
        let ((red_blue, green_alpha), (more_red_blue, more_green_alpha)) =
            (load(0).deinterleave(load(1)), load(2).deinterleave(load(3)));
        let (red, blue) = red_blue.deinterleave(more_red_blue);
        let (green, alpha) = green_alpha.deinterleave(more_green_alpha);
        for (plane, sample) in [&mut *r, &mut *g, &mut *b, &mut *a].into_iter().zip([red, green, blue, alpha]) {
            sample.store_slice(&mut plane[at..at + len]);
        }
    }
    count
}

/// 1/255 in two parts: the first has few enough bits for its product with a code to be exact, so that the sum is
/// rounded once, fused or not, and equals the quotient for all 256 codes. Two quick operations, or three, in the place of
/// a slow division.
const PART_OF_255: [f32; 2] = [f32::from_bits(0x3b80_8000), 5.983_839e-8];

/// 8-bit RGBA to planes: one load a register's worth of pixels, then shifts. The alpha of an opaque picture is 1.
#[inline(always)]
fn codes_wide<S: Simd>(simd: S, row: &[u8], opaque: bool, tile: &mut Tile) {
    let len = <S::f32s as SimdBase<S>>::LEN;
    let whole = row.len() / (4 * len) * (4 * len);
    let [r, g, b, a] = &mut tile.0;
    if opaque {
        a[..row.len() / 4].fill(1.0);
    }
    let mut at = 0;
    while at < whole {
        let bytes = S::u8s::from_slice(simd, &row[at..at + 4 * len]);
        let words: S::u32s = bytes.bitcast();
        let start = at / 4;
        let mut shift = 0;
        for plane in [&mut *r, &mut *g, &mut *b, &mut *a] {
            if shift < 24 || !opaque {
                let code: S::u32s = (words >> shift) & 0xff;
                let code = small_to_float::<S>(code);
                let value = code.mul_add(PART_OF_255[0], code * PART_OF_255[1]);
                value.store_slice(&mut plane[start..start + len]);
            }
            shift += 8;
        }
        at += 4 * len;
    }
    for (index, pixel) in row.chunks_exact(4).enumerate().skip(whole / 4) {
        let value = |c: usize| f32::from(pixel[c]) / 255.0;
        (r[index], g[index], b[index], a[index]) = (value(0), value(1), value(2), value(3));
    }
}

#[cfg(test)]
mod tests {
    use super::PART_OF_255;

    #[test]
    fn two_products_are_the_quotient() {
        for code in 0..=255u8 {
            let code = f32::from(code);
            assert_eq!(code * PART_OF_255[0] + code * PART_OF_255[1], code / 255.0, "{code}");
        }
    }
}
