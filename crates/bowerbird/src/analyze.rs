//! Measures of a picture.

use crate::cpu::{View, fill_levels, luma_levels, luma_levels_of_codes};
use crate::effect::{Isa, TILE, Tile};
use crate::image::{Alpha, Image, Pixels, Transfer};
use crate::lane::{Rgba, color};
use core::ops::Range;
use fearless_simd::Level;

/// Copies of the counts: equal neighbors would have to wait for each other in one.
///
/// Counting pairs of channels in tables of 65536 takes half as many additions, but is not faster: 3.9 against 4.4 ms for
/// half a photograph, 7.5 against 4.4 for noise (Sapphire Rapids).
const COPIES: usize = 4;

/// Rows counted by one task.
const BAND: usize = 128;

/// How many pixels have each of the 256 levels.
///
/// Levels are those of straight display values, rounded half up; luma is taken from the values before rounding. Pixels
/// with alpha 0 do not count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Histogram {
    /// Pixels by red.
    pub r: [u32; 256],
    /// Pixels by green.
    pub g: [u32; 256],
    /// Pixels by blue.
    pub b: [u32; 256],
    /// Pixels by Rec.709 luma.
    pub luma: [u32; 256],
}

/// Counts of red, green, blue and luma.
type Counts = [[u32; 256]; 4];

impl Histogram {
    /// Counts a picture, on the threads of the rayon pool that it is called in.
    ///
    /// ```
    /// # use bowerbird::{Image, analyze::Histogram};
    /// let red = Image::from_rgba8(2, 1, vec![255, 0, 0, 255, 255, 0, 0, 0])?;
    /// let histogram = Histogram::of(&red);
    /// assert_eq!((histogram.r[255], histogram.g[0], histogram.luma[54]), (1, 1, 1));
    /// # Ok::<(), bowerbird::ImageError>(())
    /// ```
    pub fn of(image: &Image) -> Self {
        let [r, g, b, luma] = count(image, 0..image.height() as usize);
        Self { r, g, b, luma }
    }
}

/// Counts rows by halving them.
fn count(image: &Image, rows: Range<usize>) -> Counts {
    if rows.len() > BAND {
        let middle = rows.start + rows.len() / 2;
        let (mut upper, lower) = rayon::join(|| count(image, rows.start..middle), || count(image, middle..rows.end));
        upper.iter_mut().flatten().zip(lower.iter().flatten()).for_each(|(a, b)| *a += b);
        return upper;
    }
    let mut copies = [[[0; 256]; 4]; COPIES];
    let width = image.width() as usize;
    let (mut tile, mut levels) = (Tile::new(), Levels { colors: [[0; TILE]; 3], luma: [[0; TILE]; 3] });
    for y in rows {
        for x in (0..width).step_by(TILE) {
            let pixels = TILE.min(width - x);
            count_tile(image, (x, y, pixels), &mut tile, &mut levels, &mut copies);
        }
    }
    let mut total = copies[0];
    for copy in &copies[1..] {
        total.iter_mut().flatten().zip(copy.iter().flatten()).for_each(|(a, b)| *a += b);
    }
    total
}

/// Levels of the pixels of a tile.
struct Levels {
    colors: [[u32; TILE]; 3],
    luma: [[u32; TILE]; 3],
}

fn count_tile(
    image: &Image,
    (x, y, count): (usize, usize, usize),
    tile: &mut Tile,
    levels: &mut Levels,
    copies: &mut [Counts; COPIES],
) {
    let isa = Isa::Simd(Level::new());
    let is_plain = image.transfer() == Transfer::Display && image.alpha() != Alpha::Premultiplied;
    if let (Pixels::U8(codes), true) = (image.pixels(), is_plain) {
        let first = 4 * (y * image.width() as usize + x);
        let pixels = codes[first..first + 4 * count].as_chunks::<4>().0;
        let luma = &mut levels.luma[0][..count];
        luma_levels_of_codes(isa, pixels, luma);
        // The codes are the levels of the colors already.
        let ((fours, rest), (lumas, last)) = (pixels.as_chunks::<COPIES>(), luma.as_chunks::<COPIES>());
        let opaque = image.is_opaque();
        for (pixels, luma) in fours.iter().zip(lumas) {
            for ((pixel, luma), counts) in pixels.iter().zip(luma).zip(&mut *copies) {
                count_pixel(*pixel, *luma, opaque, counts);
            }
        }
        rest.iter().zip(last).for_each(|(pixel, luma)| count_pixel(*pixel, *luma, opaque, &mut copies[0]));
        return;
    }
    View::of(image).load(isa, x, y, count, tile);
    if !is_plain {
        for index in 0..count {
            let [r, g, b, a] = tile.0.each_ref().map(|plane| plane[index]);
            let mut pixel = Rgba::new(r, g, b, a);
            if image.alpha() == Alpha::Premultiplied {
                pixel = pixel.unpremultiply();
            }
            if image.transfer() == Transfer::Linear {
                pixel = color::encode_pixel(pixel);
            }
            (tile.0[0][index], tile.0[1][index], tile.0[2][index]) = (pixel.r, pixel.g, pixel.b);
        }
    }
    luma_levels(isa, tile, count, &mut levels.luma);
    fill_levels(tile, count, 3, &mut levels.colors);
    for (index, alpha) in tile.0[3][..count].iter().enumerate() {
        if *alpha > 0.0 {
            let copy = &mut copies[index % COPIES];
            for (counts, levels) in copy.iter_mut().zip(levels.colors.iter().chain([&levels.luma[0]])) {
                counts[levels[index] as usize & 255] += 1;
            }
        }
    }
}

#[inline(always)]
fn count_pixel(pixel: [u8; 4], luma: u32, opaque: bool, [r, g, b, l]: &mut Counts) {
    if opaque || pixel[3] > 0 {
        r[usize::from(pixel[0])] += 1;
        g[usize::from(pixel[1])] += 1;
        b[usize::from(pixel[2])] += 1;
        l[usize::from(luma as u8)] += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Luma in floats.
    fn luma_of(pixel: Rgba<f32>) -> usize {
        (pixel.luma().clamp(0.0, 1.0) * 255.0 + 0.5).floor() as usize
    }

    /// The same of codes, in whole numbers.
    fn exact_luma_of(pixel: Rgba<f32>) -> usize {
        let [r, g, b] = [pixel.r, pixel.g, pixel.b].map(|value| (value * 255.0).round() as usize);
        (2126 * r + 7152 * g + 722 * b + 5000) / 10_000
    }

    /// The definition, pixel by pixel.
    fn expected(image: &Image, luma_of: impl Fn(Rgba<f32>) -> usize) -> Histogram {
        let mut counts = [[0; 256]; 4];
        for pixel in image.to_rgba_f32().chunks_exact(4).filter(|pixel| pixel[3] > 0.0) {
            let pixel = Rgba::new(pixel[0], pixel[1], pixel[2], pixel[3]);
            let pixel = if image.alpha() == Alpha::Premultiplied { pixel.unpremultiply() } else { pixel };
            let pixel = if image.transfer() == Transfer::Linear { color::encode_pixel(pixel) } else { pixel };
            for (counts, value) in counts.iter_mut().zip([pixel.r, pixel.g, pixel.b]) {
                counts[(value.clamp(0.0, 1.0) * 255.0 + 0.5).floor() as usize] += 1;
            }
            counts[3][luma_of(pixel)] += 1;
        }
        let [r, g, b, luma] = counts;
        Histogram { r, g, b, luma }
    }

    fn codes(width: u32, height: u32, is_opaque: bool) -> Vec<u8> {
        let code = |i: u32| if i % 4 == 3 && is_opaque { 255 } else { (i.wrapping_mul(2_654_435_761) >> 24) as u8 };
        let mut codes: Vec<u8> = (0..4 * width * height).map(code).collect();
        if !is_opaque {
            codes.chunks_exact_mut(4).step_by(3).for_each(|pixel| pixel[3] = 0);
        }
        codes
    }

    #[test]
    fn codes_are_counted_as_they_are() {
        for (width, height, is_opaque) in [(1, 1, true), (700, 300, true), (513, 41, false)] {
            let image = Image::from_rgba8(width, height, codes(width, height, is_opaque)).expect("valid");
            assert_eq!(Histogram::of(&image), expected(&image, exact_luma_of), "{width}×{height}");
        }
    }

    #[test]
    fn other_encodings_are_counted_as_they_are_shown() {
        let values: Vec<f32> = codes(130, 61, false).iter().map(|code| f32::from(*code) / 200.0 - 0.1).collect();
        for alpha in [Alpha::Straight, Alpha::Premultiplied] {
            for transfer in [Transfer::Display, Transfer::Linear] {
                let limited = values.iter().enumerate().map(|(i, v)| if i % 4 == 3 { v.clamp(0.0, 1.0) } else { *v });
                let image = Image::from_rgba_f32(130, 61, limited.collect(), transfer, alpha).expect("valid");
                assert_eq!(Histogram::of(&image), expected(&image, luma_of), "{alpha:?} {transfer:?}");
            }
        }
    }
}
