//! Reading a picture between its pixels.
//!
//! Positions are taken in blocks. For each block the taps are collected by plain loads, pixel by pixel, into arrays
//! that stay in the L1 cache; the arithmetic then runs over whole registers. Pixels whose taps lie beyond an edge are
//! computed one by one afterwards, by the same formulas. Codes are interpolated as codes and scaled once.
//!
//! Lost: reading one sample of each pixel ahead, so that cache misses overlap (75 to 86 ms for a rotation, one thread).

mod bicubic;
mod bilinear;
mod cells;
mod codes;
mod cubic;
mod floats;
mod nearest;
mod picture;
mod tabled;
mod words;

pub(super) use codes::sample_codes;

use super::View;
use crate::effect::{Filter, Isa, Sampler, TILE, Tile};
use cells::Cells;
use picture::Picture;

/// Pixels of a block.
const BLOCK: usize = 64;

/// The scratch memory of one thread.
#[derive(Debug)]
pub(super) struct Scratch {
    cells: Cells,
    pairs: codes::Pairs,
    /// Pairs that were looked up in a table.
    looked: [Pairs; 3],
    fours: codes::Fours,
    /// Pairs in numbers of 16 bits.
    words: words::Pairs,
    /// The weights of the four taps around each position, along both axes.
    weights: [Taps<4>; 2],
    /// The same in fixed point.
    fixed: cubic::Weights,
    /// A block that is added to what is there.
    more: [[f32; BLOCK]; 4],
}

impl Default for Scratch {
    fn default() -> Self {
        let none = [0.0; BLOCK];
        let cells = Cells { x: [0; BLOCK], y: [0; BLOCK], fx: none, fy: none, inside: false, first: [0; BLOCK] };
        Self {
            cells,
            pairs: [[[0; 2]; BLOCK]; 2],
            looked: [[[[0.0; 2]; BLOCK]; 2]; 3],
            fours: [[[0; 4]; BLOCK]; 4],
            weights: [[none; 4]; 2],
            words: [[[0; 4]; BLOCK]; 2],
            fixed: cubic::Weights::default(),
            more: [none; 4],
        }
    }
}

/// Reads `count` positions (full-size pixels, times `scale`) into a tile: sets it when `first`, else adds to it. The
/// alpha of an `opaque` result is 1 without being computed.
#[expect(clippy::too_many_arguments, reason = "a picture, positions in it, and where the result goes")]
pub(super) fn sample(
    isa: Isa,
    view: &View<'_>,
    [width, height]: [u32; 2],
    sampler: Sampler,
    positions: &[[f32; TILE]; 2],
    scale: f32,
    count: usize,
    tile: &mut Tile,
    first: bool,
    opaque: bool,
    scratch: &mut Scratch,
) {
    let (width, height) = (i64::from(width), i64::from(height));
    let channels = if opaque { 3 } else { 4 };
    let picture = Picture { view, width, height, edge: sampler.edge, unit: unit(view) };
    let Scratch { cells, pairs, looked, fours, words, weights, more, .. } = scratch;
    for start in (0..count).step_by(BLOCK) {
        let count = BLOCK.min(count - start);
        let at = positions.each_ref().map(|axis| axis[start..].first_chunk().unwrap_or(&[0.0; BLOCK]));
        // A tile ends behind a whole number of blocks.
        let mut planes = tile.0.each_mut().map(|plane| plane[start..].first_chunk_mut::<BLOCK>());
        let mut out = if first { planes.each_mut().map(Option::as_deref_mut) } else { more.each_mut().map(Some) };
        let [Some(r), Some(g), Some(b), Some(a)] = out.each_mut().map(Option::take) else { continue };
        let mut out = [r, g, b, a];
        let out = &mut out[..channels];
        match sampler.filter {
            Filter::Nearest => {
                picture.place_whole(isa, at, scale, count, cells);
                picture.nearest(isa, cells, count, pairs, out);
            }
            Filter::Bilinear => {
                picture.place(isa, at, scale, count, [0, 1], cells);
                picture.bilinear_block(isa, cells, count, (pairs, looked, words), out);
            }
            Filter::Bicubic => {
                picture.place(isa, at, scale, count, [1, 2], cells);
                picture.bicubic_block(isa, cells, count, (fours, weights), out);
            }
        }
        if !first {
            for (plane, values) in planes.iter_mut().flatten().zip(&*more).take(channels) {
                plane.iter_mut().zip(values).take(count).for_each(|(slot, value)| *slot += value);
            }
        }
    }
}

/// What a sample is multiplied with.
fn unit(view: &View<'_>) -> f32 {
    match view {
        View::U8 { .. } => 1.0 / 255.0,
        View::U16 { .. } => 1.0 / 65535.0,
        _ => 1.0,
    }
}

/// Where the channels of a block go: those that are computed.
type Planes<'p> = [&'p mut [f32; BLOCK]];

/// The positions of a block along both axes.
type Positions<'p> = [&'p [f32; BLOCK]; 2];

/// Two neighbors of one channel in the upper and in the lower row of each position of a block.
type Pairs = [[[f32; 2]; BLOCK]; 2];

/// Blocks of samples or of weights.
type Taps<const N: usize> = [[f32; BLOCK]; N];

/// Channel `c` of a code.
#[inline(always)]
fn channel(code: u32, c: usize) -> f32 {
    ((code >> (8 * c)) & 0xff) as f32
}

#[inline(always)]
fn two<T: Copy>(samples: &[T]) -> [T; 2] {
    [samples[..2][0], samples[..2][1]]
}
