//! The pictures that the emulated camera shows.
//!
//! A picture depends on its number and its size alone, so that whoever receives a frame can compute what it must hold.
//! The number is also drawn into it, large enough to survive compression: a band along the top shows it in four fields,
//! black or white, the highest bit first. Below, brightness and both colors run in ramps, which show swapped channels,
//! wrong strides and stale halves.

use jpeg_encoder::{ColorType, Encoder, SamplingFactor};
use std::path::Path;
use std::{fs, io};

/// The sizes that there are pictures of.
pub const SIZES: [(u16, u16); 3] = [(320, 240), (640, 480), (1280, 720)];

/// How many different pictures there are of a size; frame number `CYCLE` shows picture 0 again.
pub const CYCLE: usize = 1 << BITS;

/// The fields of the band.
const BITS: usize = 4;
/// The band is this part of the picture's height.
const BAND: usize = 6;
/// Black and white, within the range that video uses.
const INK: [u8; 2] = [16, 235];
/// A field is read as black below the first, as white above the second, and as damaged in between.
const READABLE: [u8; 2] = [64, 192];
/// High enough for what a camera sends: a hundred kilobytes at 1280×720 at most.
const QUALITY: u8 = 80;

/// The color of a pixel: luma and the two chromas.
fn pixel(number: usize, (x, y): (usize, usize), (width, height): (usize, usize)) -> [u8; 3] {
    if y < height / BAND {
        let field = x * BITS / width;
        return [INK[(number >> (BITS - 1 - field)) & 1], 128, 128];
    }
    let ramp = |at: usize, of: usize| (32 + at * 192 / of) as u8;
    [ramp(x + y, width + height), ramp(x, width), ramp(y, height)]
}

/// A picture as packed 4:2:2 with two bytes a pixel: luma, first chroma, luma, second chroma.
pub fn yuyv(number: usize, (width, height): (u16, u16)) -> Vec<u8> {
    let size = (usize::from(width), usize::from(height));
    let mut bytes = Vec::with_capacity(size.0 * size.1 * 2);
    for y in 0..size.1 {
        for x in (0..size.0).step_by(2) {
            let [left, blue, red] = pixel(number, (x, y), size);
            let [right, ..] = pixel(number, (x + 1, y), size);
            bytes.extend([left, blue, right, red]);
        }
    }
    bytes
}

/// A picture as baseline JPEG, 4:2:2 as cameras have it, with the standard's own Huffman tables in it.
pub fn jpeg(number: usize, (width, height): (u16, u16)) -> io::Result<Vec<u8>> {
    let size = (usize::from(width), usize::from(height));
    let pixels: Vec<u8> =
        (0..size.1).flat_map(|y| (0..size.0).flat_map(move |x| pixel(number, (x, y), size))).collect();
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, QUALITY);
    encoder.set_sampling_factor(SamplingFactor::F_2_1);
    encoder.encode(&pixels, width, height, ColorType::Ycbcr).map_err(io::Error::other)?;
    Ok(bytes)
}

/// Where a picture is stored below the folder of pictures.
pub fn path(number: usize, (width, height): (u16, u16)) -> String {
    format!("{width}x{height}/{number:02}.jpg")
}

/// Stores every picture as JPEG below a folder.
pub fn write(folder: &Path) -> io::Result<()> {
    for size in SIZES {
        for number in 0..CYCLE {
            let file = folder.join(path(number, size));
            if let Some(parent) = file.parent() {
                fs::create_dir_all(parent)?;
            }
            fs::write(file, jpeg(number, size)?)?;
        }
    }
    Ok(())
}

/// The number that a picture shows, from its luma at a column and a row; nothing if a field is neither black nor white.
pub fn number((width, height): (u16, u16), luma: impl Fn(usize, usize) -> u8) -> Option<usize> {
    let (width, row) = (usize::from(width), usize::from(height) / BAND / 2);
    (0..BITS).try_fold(0, |number, field| {
        let value = luma((2 * field + 1) * width / (2 * BITS), row);
        let bit = if value < READABLE[0] {
            0
        } else if value > READABLE[1] {
            1
        } else {
            return None;
        };
        Some(number << 1 | bit)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_picture_shows_its_number() {
        for size in SIZES {
            for expected in 0..CYCLE {
                let bytes = yuyv(expected, size);
                let luma = |x: usize, y: usize| bytes[2 * (y * usize::from(size.0) + x)];
                assert_eq!(number(size, luma), Some(expected), "{size:?}");
            }
        }
    }

    #[test]
    fn a_gray_picture_shows_none() {
        assert_eq!(number(SIZES[0], |_, _| 128), None);
    }
}
