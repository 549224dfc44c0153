//! Exact medians of squares.
//!
//! Radius 1 and 2: networks of minima and maxima on whole registers; columns are sorted once for all squares that share
//! them. Larger squares of codes are counted, larger ones of floats are ranked; each form is a module.

mod counts;
mod networks;
mod ranks;

use super::window::Strip;
use crate::effect::Isa;
use fearless_simd::dispatch;
use networks::{network_codes, network_floats, network_scalar};

/// The scratch memory of one thread.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    /// The sorted columns of a row.
    sorted_codes: [Vec<u8>; 5],
    sorted_floats: [Vec<f32>; 5],
    counts: counts::Scratch,
    ranks: ranks::Scratch,
}

/// Medians of a strip of interleaved codes, in place: row `i` of the result is row `i` of the strip.
pub(super) fn codes(isa: Isa, samples: &mut [u8], strip: &Strip, scratch: &mut Scratch) {
    match (strip.reach[1], isa) {
        (0, _) => {}
        (1 | 2, Isa::Simd(level)) => {
            dispatch!(level, simd => network_codes(simd, samples, strip, &mut scratch.sorted_codes));
        }
        (1 | 2, Isa::Scalar) => network_scalar(samples, strip),
        _ => blocks(strip, counts::SIDES, |block| scratch.counts.medians(isa, samples, strip, &block)),
    }
}

/// The same for one plane of floats.
pub(super) fn floats(isa: Isa, samples: &mut [f32], strip: &Strip, scratch: &mut Scratch) {
    match (strip.reach[1], isa) {
        (0, _) => {}
        (1 | 2, Isa::Simd(level)) => {
            dispatch!(level, simd => network_floats(simd, samples, strip, &mut scratch.sorted_floats));
        }
        (1 | 2, Isa::Scalar) => network_scalar(samples, strip),
        _ => blocks(strip, [ranks::SIDE; 2], |block| scratch.ranks.rank(samples, strip, &block)),
    }
}

/// A part of a strip, and how far its windows reach.
#[derive(Clone, Copy, Debug)]
struct Block {
    x: usize,
    y: usize,
    width: usize,
    height: usize,
    radius: usize,
}

/// Cuts a strip into blocks, rows first: what is written in place is not read by a later block.
fn blocks(strip: &Strip, [across, down]: [usize; 2], mut work: impl FnMut(Block)) {
    let columns = strip.samples / strip.step;
    for y in (0..strip.rows).step_by(down) {
        for x in (0..columns).step_by(across) {
            let (width, height) = (across.min(columns - x), down.min(strip.rows - y));
            work(Block { x, y, width, height, radius: strip.reach[1] });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use fearless_simd::Level;

    /// Numbers without an order, the same everywhere.
    pub(super) fn noise(count: usize) -> Vec<u8> {
        (0..count as u32)
            .map(|i| (i.wrapping_mul(0x9e37_79b9).rotate_left(11).wrapping_mul(0x85eb_ca6b) >> 24) as u8)
            .collect()
    }

    #[test]
    fn all_forms_agree_with_sorting() {
        let mut scratch = Scratch::default();
        for radius in [1, 2, 3, 10, 15] {
            let (columns, rows) = (140, 131);
            let (width, height) = (columns + 2 * radius, rows + 2 * radius);
            // A padded row, as the strips have it; one smooth side, so that blocks differ.
            let stride = width + 64;
            let mut codes = noise(stride * height + 64);
            codes
                .iter_mut()
                .enumerate()
                .for_each(|(i, v)| *v = if i % stride > 70 { *v } else { (i / stride + 60) as u8 });
            let floats: Vec<f32> = codes.iter().map(|v| f32::from(*v) - 100.0).collect();
            let strip = Strip { rows, samples: columns, step: 1, stride, reach: [radius; 2] };
            let expected = |x: usize, y: usize| {
                let mut window: Vec<u8> = (0..2 * radius + 1)
                    .flat_map(|dy| codes[(y + dy) * stride + x..][..2 * radius + 1].to_vec())
                    .collect();
                window.sort_unstable();
                window[window.len() / 2]
            };
            // Four channels, each with the same values.
            let pixels: Vec<u8> = codes.iter().flat_map(|v| [*v; 4]).collect();
            let wide = Strip { samples: 4 * columns, step: 4, stride: 4 * stride, ..strip };
            for isa in [Isa::Scalar, Isa::Simd(Level::new())] {
                let (mut found, mut found_floats) = (pixels.clone(), floats.clone());
                super::codes(isa, &mut found, &wide, &mut scratch);
                super::floats(isa, &mut found_floats, &strip, &mut scratch);
                for (x, y) in (0..rows).step_by(7).flat_map(|y| (0..columns).map(move |x| (x, y))) {
                    let (at, expected) = (y * stride + x, expected(x, y));
                    assert_eq!(found[4 * at..4 * at + 4], [expected; 4], "radius {radius} at {x}, {y}");
                    assert_eq!(found_floats[at], f32::from(expected) - 100.0, "radius {radius} at {x}, {y}");
                }
            }
        }
    }
}
