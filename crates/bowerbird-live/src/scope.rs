//! Scopes: the picture's levels as a picture.
//!
//! Each plot is a small straight RGBA picture to be laid over a dark ground; axes and labels are the caller's. Values are
//! those of the display, 0..255, which is what clips.

use bowerbird::Image;
use bowerbird::analyze::Histogram;
use bowerbird::image::{ImageError, Pixels};

/// Columns and rows of the plots, but the overlay's; the parade is three times as many pixels in as many columns.
pub const SIDE: usize = 256;

/// Rows of the picture that are looked at, so that a plot of a large one is no slower.
const MOST_ROWS: usize = 360;

/// A kind of plot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// How many pixels have each level, by channel.
    Histogram,
    /// Levels of luma by column.
    Waveform,
    /// Levels of red, green and blue by column, beside each other.
    Parade,
    /// Chroma: Cb to the right, Cr upwards, ITU-R BT.709.
    Vectorscope,
    /// Where the picture is at its ends: red where a channel is 255, blue where one is 0. As large as the picture.
    Clipping,
}

impl Scope {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Histogram, Self::Waveform, Self::Parade, Self::Vectorscope, Self::Clipping];

    /// The name on the screen.
    pub fn label(self) -> &'static str {
        match self {
            Self::Histogram => "Histogram",
            Self::Waveform => "Waveform",
            Self::Parade => "RGB parade",
            Self::Vectorscope => "Vectorscope",
            Self::Clipping => "Clipping",
        }
    }
}

/// Plots a picture; one that is not in 8 bits is empty.
///
/// # Errors
/// None in practice: the plots have a size that pictures can have.
pub fn plot(scope: Scope, image: &Image) -> Result<Image, ImageError> {
    let Pixels::U8(rgba) = image.pixels() else { return Image::from_rgba8(1, 1, vec![0; 4]) };
    let width = image.width() as usize;
    match scope {
        Scope::Histogram => square(&histogram(image)),
        Scope::Waveform => square(&levels(rgba, width, 1, |[r, g, b]| [luma(r, g, b); 3])),
        Scope::Parade => square(&levels(rgba, width, 3, |rgb| rgb)),
        Scope::Vectorscope => square(&vectors(rgba, width)),
        Scope::Clipping => {
            let pixels = rgba.as_chunks::<4>().0.iter().flat_map(|pixel| clipped(*pixel)).collect();
            Image::from_rgba8(image.width(), image.height(), pixels)
        }
    }
}

fn square(pixels: &[[u8; 4]]) -> Result<Image, ImageError> {
    Image::from_rgba8(SIDE as u32, SIDE as u32, pixels.as_flattened().to_vec())
}

fn luma(r: u8, g: u8, b: u8) -> u8 {
    (0.2126 * f32::from(r) + 0.7152 * f32::from(g) + 0.0722 * f32::from(b) + 0.5) as u8
}

fn clipped([r, g, b, a]: [u8; 4]) -> [u8; 4] {
    match (a, r.max(g).max(b), r.min(g).min(b)) {
        (0, ..) => [0; 4],
        (_, 255, _) => [255, 40, 40, 255],
        (_, _, 0) => [50, 110, 255, 255],
        _ => [0; 4],
    }
}

/// The rows that are looked at.
fn rows(rgba: &[u8], width: usize) -> impl Iterator<Item = &[[u8; 4]]> {
    let count = rgba.len() / (4 * width.max(1));
    let step = count.div_ceil(MOST_ROWS).max(1);
    rgba.chunks_exact(4 * width.max(1)).step_by(step).map(|row| row.as_chunks::<4>().0)
}

/// Brightness of a place that many pixels fall on: it saturates, so that sparse traces stay visible.
fn glow(count: u32, unit: f32) -> f32 {
    (1.0 - (-f64::from(count) / f64::from(unit)).exp()) as f32
}

/// A level that is so many times as frequent as the mean reaches the top of a histogram.
const PEAK: f32 = 8.0;

/// Areas of the three channels over each other; their tops are lighter.
fn histogram(image: &Image) -> Vec<[u8; 4]> {
    let counts = Histogram::of(image);
    let channels = [&counts.r, &counts.g, &counts.b];
    // The ends hold whatever clips, and would flatten the rest; so would a plain area, which is one level.
    let inner = || channels.iter().flat_map(|channel| &channel[1..255]).copied();
    let mean = inner().map(u64::from).sum::<u64>() as f32 / (3.0 * 254.0);
    let most = (inner().max().unwrap_or(0) as f32).min(PEAK * mean).max(1.0);
    let height = |count: u32| (f64::from(count) / f64::from(most)).min(1.0).powf(0.6) as f32 * SIDE as f32;
    let mut pixels = vec![[0; 4]; SIDE * SIDE];
    for level in 0..SIDE {
        let tops = channels.map(|channel| height(channel[level]));
        for y in 0..SIDE {
            let from_base = (SIDE - 1 - y) as f32;
            let lit = tops.map(|top| from_base < top);
            if lit.contains(&true) {
                let edge = tops.map(|top| from_base < top && from_base + 2.0 >= top);
                let channel = |index: usize| {
                    if edge[index] {
                        255
                    } else if lit[index] {
                        190
                    } else {
                        30
                    }
                };
                pixels[y * SIDE + level] = [channel(0), channel(1), channel(2), 235];
            }
        }
    }
    pixels
}

/// Levels by column: one plot of all columns, or `parts` plots beside each other, of a channel each.
fn levels(rgba: &[u8], width: usize, parts: usize, value: impl Fn([u8; 3]) -> [u8; 3]) -> Vec<[u8; 4]> {
    let mut counts = vec![0_u32; SIDE * SIDE];
    let columns = SIDE / parts;
    let mut looked_at = 0;
    for row in rows(rgba, width) {
        looked_at += 1;
        for (x, [r, g, b, a]) in row.iter().enumerate() {
            if *a == 0 {
                continue;
            }
            let levels = value([*r, *g, *b]);
            for (part, level) in levels.iter().take(parts).enumerate() {
                let column = part * columns + x * columns / width;
                counts[(SIDE - 1 - usize::from(*level)) * SIDE + column] += 1;
            }
        }
    }
    // What would fall on a place if a column had 24 levels, evenly.
    let unit = ((looked_at * width.div_ceil(columns)) as f32 / 24.0).max(1.0);
    let tint = |column: usize| match (parts, column / columns) {
        (1, _) => [190, 235, 200],
        (_, 0) => [255, 90, 80],
        (_, 1) => [90, 230, 110],
        _ => [100, 150, 255],
    };
    let place = |(index, count): (usize, &u32)| {
        let [r, g, b] = tint(index % SIDE);
        [r, g, b, (glow(*count, unit) * 255.0) as u8]
    };
    counts.iter().enumerate().map(place).collect()
}

fn vectors(rgba: &[u8], width: usize) -> Vec<[u8; 4]> {
    let mut counts = vec![0_u32; SIDE * SIDE];
    let mut total = 0_u32;
    for [r, g, b, a] in rows(rgba, width).flatten() {
        if *a == 0 {
            continue;
        }
        let [r, g, b] = [*r, *g, *b].map(f32::from);
        let y = 0.2126 * r + 0.7152 * g + 0.0722 * b;
        let (cb, cr) = ((b - y) / 1.8556, (r - y) / 1.5748);
        let x = (127.5 + cb).round().clamp(0.0, 255.0) as usize;
        let row = (127.5 - cr).round().clamp(0.0, 255.0) as usize;
        counts[row * SIDE + x] += 1;
        total += 1;
    }
    let unit = (total as f32 / 4000.0).max(1.0);
    let place = |(index, count): (usize, &u32)| {
        let (cb, cr) = ((index % SIDE) as f32 - 127.5, 127.5 - (index / SIDE) as f32);
        // The color of the place itself, at a luma that can be seen.
        let y = 150.0;
        let r = y + 1.5748 * cr;
        let b = y + 1.8556 * cb;
        let g = (y - 0.2126 * r - 0.0722 * b) / 0.7152;
        let [r, g, b] = [r, g, b].map(|v| v.clamp(60.0, 255.0) as u8);
        [r, g, b, (glow(*count, unit) * 255.0) as u8]
    };
    counts.iter().enumerate().map(place).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Places of a plot that are not empty, as (column, row).
    fn lit(scope: Scope, pixels: &[[u8; 4]]) -> Vec<(usize, usize)> {
        let image = Image::from_rgba8(pixels.len() as u32, 1, pixels.as_flattened().to_vec()).unwrap();
        let plot = plot(scope, &image).unwrap();
        let width = plot.width() as usize;
        let rgba = plot.to_rgba8();
        let found = rgba.as_chunks::<4>().0.iter().enumerate().filter(|(_, pixel)| pixel[3] > 0);
        found.map(|(index, _)| (index % width, index / width)).collect()
    }

    #[test]
    fn a_waveform_has_a_level_where_the_picture_has_it() {
        assert_eq!(lit(Scope::Waveform, &[[0, 0, 0, 255], [255, 255, 255, 255]]), [(128, 0), (0, 255)]);
        assert_eq!(lit(Scope::Waveform, &[[100, 100, 100, 255], [9, 9, 9, 0]]), [(0, 155)], "transparent is no level");
    }

    #[test]
    fn a_parade_has_the_channels_beside_each_other() {
        assert_eq!(lit(Scope::Parade, &[[10, 20, 30, 255]]), [(170, 225), (85, 235), (0, 245)]);
    }

    #[test]
    fn gray_is_in_the_middle_of_a_vectorscope_and_red_above_it() {
        assert_eq!(lit(Scope::Vectorscope, &[[90, 90, 90, 255]]), [(128, 128)]);
        // Cb = -0.2126 · 255 / 1.8556, Cr = 0.7874 · 255 / 1.5748.
        assert_eq!(lit(Scope::Vectorscope, &[[255, 0, 0, 255]]), [(98, 0)]);
    }

    #[test]
    fn a_histogram_stands_where_the_levels_are() {
        let columns: Vec<_> = lit(Scope::Histogram, &[[40, 80, 120, 255]]).iter().map(|(x, _)| *x).collect();
        let mut columns: Vec<_> = columns.into_iter().collect();
        columns.sort_unstable();
        columns.dedup();
        assert_eq!(columns, [40, 80, 120]);
    }

    #[test]
    fn clipping_marks_both_ends() {
        let image = Image::from_rgba8(4, 1, [[255, 9, 9, 255], [9, 0, 9, 255], [9; 4], [0; 4]].concat()).unwrap();
        let marks = plot(Scope::Clipping, &image).unwrap().to_rgba8();
        let marks = marks.as_chunks::<4>().0;
        assert!(marks[0][0] > marks[0][2] && marks[1][2] > marks[1][0]);
        assert_eq!(marks[2..], [[0; 4], [0; 4]]);
    }
}
