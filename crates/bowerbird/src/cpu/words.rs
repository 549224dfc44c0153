//! Values as numbers of 16 bits, of which the range is known: samples of blurs in fixed point, and what lies between passes.

use super::Context;
use crate::effect::Tile;
use crate::graph::{NodeId, Ranges};
use crate::image::Depth;
use crate::ir::range::Range;
use crate::lane::{small_to_float, small_to_int};
use crate::plan::{Buffer, Target};
use fearless_simd::{Simd, prelude::*};

/// The widest range of values that numbers may stand for: with 15 bits their unit is 1/32 of a code then.
const MOST_WIDTH: f64 = 4.0;

/// What numbers of 16 bits stand for: 0 for the least value, and the greatest number for the greatest value.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scale {
    pub(super) least: f32,
    /// Numbers in a value of one.
    pub(super) steps: f32,
    pub(super) unit: f32,
    /// The greatest number.
    pub(super) most: f32,
}

/// Whether values of some ranges lie between passes in numbers of 16 bits.
pub(crate) fn fits_words(ranges: impl IntoIterator<Item = Range>) -> bool {
    Scale::holding(ranges, u16::MAX).is_some()
}

impl Scale {
    /// One that holds some ranges in numbers up to `most`, if they are narrow enough. The bounds are those of a grid, so that
    /// they are no matter of roundings.
    pub(super) fn holding(ranges: impl IntoIterator<Item = Range>, most: u16) -> Option<Self> {
        const GRID: f64 = 64.0;
        let range = ranges.into_iter().reduce(Range::or)?;
        let least = (range.low * GRID).floor() / GRID;
        let width = (range.high * GRID).ceil() / GRID - least;
        // Also where there are no bounds.
        if !(width > 0.0 && width <= MOST_WIDTH) {
            return None;
        }
        let most = f64::from(most);
        Some(Self { least: least as f32, steps: (most / width) as f32, unit: (width / most) as f32, most: most as f32 })
    }

    /// The value of a number.
    #[inline(always)]
    pub(super) fn value(self, number: u16) -> f32 {
        f32::from(number) * self.unit + self.least
    }

    /// The number of a value, to be rounded down; what is none is 0.
    #[inline(always)]
    fn number(self, value: f32) -> f32 {
        let steps = (value - self.least) * self.steps;
        let steps = if steps > 0.0 { steps } else { 0.0 };
        (if steps < self.most { steps } else { self.most }) + 0.5
    }

    /// Numbers of values.
    #[inline(always)]
    pub(super) fn numbers(self, values: &[f32], out: &mut [u16]) {
        for (out, value) in out.iter_mut().zip(values) {
            // The integer is in the low bits of a float of this size.
            *out = (self.number(*value).floor() + 8_388_608.0).to_bits() as u16;
        }
    }

    /// Values of numbers.
    #[inline(always)]
    pub(super) fn values(self, numbers: &[u16], out: &mut [f32]) {
        for (out, number) in out.iter_mut().zip(numbers) {
            *out = self.value(*number);
        }
    }

    /// Writes opaque pixels, four numbers each.
    #[inline(always)]
    pub(super) fn store<S: Simd>(self, simd: S, tile: &Tile, out: &mut [u16]) {
        let len = <S::f32s as SimdBase<S>>::LEN;
        let whole = out.len() / 4 / len * len;
        let [r, g, b, _] = &tile.0;
        let number = crate::lane::inlined(
            #[inline(always)]
            |plane: &[f32]| -> S::u32s {
                let steps = (S::f32s::from_slice(simd, plane) - self.least) * self.steps;
                let steps = steps.max(S::f32s::splat(simd, 0.0)).min(S::f32s::splat(simd, self.most));
                small_to_int::<S>(steps + 0.5)
            },
        );
        for at in (0..whole).step_by(len) {
            let first = number(&r[at..at + len]) | (number(&g[at..at + len]) << 16);
            let (first, second) = first.interleave(number(&b[at..at + len]));
            let (first, second): (S::u16s, S::u16s) = (first.bitcast(), second.bitcast());
            first.store_slice(&mut out[4 * at..4 * at + 2 * len]);
            second.store_slice(&mut out[4 * at + 2 * len..4 * (at + len)]);
        }
        for (k, out) in out.as_chunks_mut::<4>().0.iter_mut().enumerate().skip(whole) {
            let [r, g, b] = [r[k], g[k], b[k]].map(|value| self.number(value) as u16);
            *out = [r, g, b, 0];
        }
    }

    /// Reads opaque pixels, four numbers each.
    #[inline(always)]
    pub(super) fn load<S: Simd>(self, simd: S, row: &[u16], tile: &mut Tile) {
        let len = <S::f32s as SimdBase<S>>::LEN;
        let count = row.len() / 4;
        let whole = count / len * len;
        let [r, g, b, a] = &mut tile.0;
        a[..count].fill(1.0);
        for at in (0..whole).step_by(len) {
            let load = crate::lane::inlined(
                #[inline(always)]
                |from: usize| -> S::u32s { S::u16s::from_slice(simd, &row[from..from + 2 * len]).bitcast() },
            );
            // Red and green are one word, blue the next.
            let (first, second) = load(4 * at).deinterleave(load(4 * at + 2 * len));
            for (plane, number) in [&mut *r, &mut *g, &mut *b].into_iter().zip([first & 0xffff, first >> 16, second]) {
                (small_to_float::<S>(number) * self.unit + self.least).store_slice(&mut plane[at..at + len]);
            }
        }
        for (k, pixel) in row.as_chunks::<4>().0.iter().enumerate().skip(whole) {
            (r[k], g[k], b[k]) = (self.value(pixel[0]), self.value(pixel[1]), self.value(pixel[2]));
        }
    }
}

impl Context<'_> {
    /// The scale of the numbers that the pass stores in the place of floats, if it does.
    pub(super) fn stored_words(&self, ranges: &mut Ranges) -> Option<Scale> {
        let Target::Stored(node) = self.pass.target else { return None };
        if self.depth != Depth::U8 || !self.pass.is_for_words {
            return None;
        }
        Scale::holding(self.ranges_of(node, ranges), u16::MAX)
    }

    /// Whether what a blur reads is known to be within 0 and 1.
    pub(super) fn reads_within_codes(&self, ranges: &mut Ranges) -> bool {
        let across = self.blur().and_then(|(head, ..)| head.across);
        let input = across.and_then(|across| self.graph.nodes[across].inputs.first());
        input.is_some_and(|input| self.ranges_of(*input, ranges).all(|range| range.low >= 0.0 && range.high <= 1.0))
    }

    /// The ranges of the channels of a node that is stored or read.
    pub(super) fn ranges_of(&self, node: NodeId, ranges: &mut Ranges) -> impl Iterator<Item = Range> + use<> {
        let is_bounded = |index: usize| self.views.of(Buffer::Picture(index)).is_of_codes();
        let picture = |index: usize| if is_bounded(index) { Range::UNIT } else { Range::ANY };
        let found = self.graph.range_of(node, self.values, picture, ranges);
        self.graph.channels(node).list().iter().map(move |c| found[*c])
    }
}
