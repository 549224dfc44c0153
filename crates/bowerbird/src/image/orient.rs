//! The eight orientations of EXIF, applied once at decode.
//!
//! Each is a flip, a number of quarter turns, or both; as a gather it is one formula a case. Rows and columns are
//! walked in square tiles, so that the turned cases read a cache line more than once before it is gone.

use super::Pixels;
use super::sample::{Sample, each_depth};

const TILE: u32 = 32;

/// Where the pixel at `(x, y)` of the upright picture stands in a stored picture of `w` by `h`.
fn source(orientation: u16, (w, h): (u32, u32), (x, y): (u32, u32)) -> (u32, u32) {
    match orientation {
        2 => (w - 1 - x, y),
        3 => (w - 1 - x, h - 1 - y),
        4 => (x, h - 1 - y),
        5 => (y, x),
        6 => (y, h - 1 - x),
        7 => (w - 1 - y, h - 1 - x),
        8 => (w - 1 - y, x),
        _ => (x, y),
    }
}

/// Whether width and height change places.
pub(super) const fn is_turned(orientation: u16) -> bool {
    matches!(orientation, 5..=8)
}

/// The RGBA pixels upright, with their size.
pub(super) fn upright(pixels: Pixels, size: (u32, u32), orientation: u16) -> (Pixels, (u32, u32)) {
    if !matches!(orientation, 2..=8) {
        return (pixels, size);
    }
    let upright = if is_turned(orientation) { (size.1, size.0) } else { size };
    (each_depth!(pixels, samples => gather(&samples, size, upright, orientation)), upright)
}

fn gather<S: Sample>(stored: &[S], size: (u32, u32), (w, h): (u32, u32), orientation: u16) -> Pixels {
    let (stored, _) = stored.as_chunks::<4>();
    let mut out = vec![S::default(); stored.len() * 4];
    let (pixels, _) = out.as_chunks_mut::<4>();
    for top in (0..h).step_by(TILE as usize) {
        for left in (0..w).step_by(TILE as usize) {
            for y in top..h.min(top + TILE) {
                for x in left..w.min(left + TILE) {
                    let (sx, sy) = source(orientation, size, (x, y));
                    pixels[y as usize * w as usize + x as usize] = stored[sy as usize * size.0 as usize + sx as usize];
                }
            }
        }
    }
    S::wrap(out)
}
