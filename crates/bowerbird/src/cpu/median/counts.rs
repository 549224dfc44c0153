//! Medians of large squares of codes, by counting.
//!
//! A code t is at most the median of a square where more than half of it reaches t. Those counts are sums of boxes over
//! bytes, 32 of them a register. The codes between which medians of a block may still lie are halved, depth first; each
//! code that is tried is counted only in the rectangle of the pixels whose median lies between the two around it, so
//! smooth places cost little. Measured at radius 10, 3840×2160, two threads: 728 ms for whole blocks with 16-bit counts,
//! see `benches/peers` for now.

use super::Block;
use crate::cpu::window::Strip;
use crate::effect::Isa;
use crate::graph::Window;
use fearless_simd::{Simd, dispatch, prelude::*};

/// Pixels of a block across and down. Smaller ones hold fewer different medians, but more of their halo is counted.
pub(super) const SIDES: [usize; 2] = [128, 64];

/// What samples a register is wider than.
const MOST: usize = 64;

/// From a row of a plane to the next: a block with its halo, and room for a register.
const STRIDE: usize = (SIDES[0] + 2 * Window::MOST_MEDIAN).next_multiple_of(MOST) + MOST;

/// Rows that are counted together. What one of them stores is read again, at other places, by the next sum; with a few
/// rows in between the processor has not to wait for it.
const GROUP: usize = 8;

/// Up to this radius more than half of the square fits a byte, and counts may stick at 255.
const MOST_BYTES: usize = 10;

type Rows = [[u8; STRIDE]; GROUP];

/// The scratch memory of one thread.
#[derive(Debug)]
pub(in crate::cpu) struct Scratch {
    /// The channels of a block with its halo.
    planes: [Vec<u8>; 4],
    /// The medians of each channel, as far as they are known.
    results: [Vec<u8>; 4],
    /// How many samples of a column of the window reach the code that is tried.
    columns: [u8; STRIDE],
    /// Sums of 1, 2, 4 and 8 columns.
    sums: Box<[Rows; 4]>,
}

impl Default for Scratch {
    fn default() -> Self {
        let row = [0; STRIDE];
        Self {
            planes: Default::default(),
            results: Default::default(),
            columns: row,
            sums: Box::new([[row; GROUP]; 4]),
        }
    }
}

/// Pixels of a block: columns in whole registers, and rows.
#[derive(Clone, Copy, Debug)]
struct Bounds {
    left: usize,
    right: usize,
    top: usize,
    bottom: usize,
}

impl Bounds {
    const NONE: Self = Self { left: usize::MAX, right: 0, top: usize::MAX, bottom: 0 };

    fn is_empty(&self) -> bool {
        self.left >= self.right
    }
}

/// Codes between which medians lie, at least `low` and below `high`, and where those are.
#[derive(Clone, Copy, Debug)]
struct Between {
    low: u32,
    high: u32,
    bounds: Bounds,
}

impl Scratch {
    /// Finds the medians of a block of interleaved codes, in place.
    pub(super) fn medians(&mut self, isa: Isa, samples: &mut [u8], strip: &Strip, block: &Block) {
        // Rectangles are as wide as whole registers, so narrower ones hold less that need not be counted (118 against 133 ms
        // with AVX-512 on Zen 4).
        match isa.narrower() {
            Isa::Simd(level) => dispatch!(level, simd => self.block(simd, samples, strip, block)),
            Isa::Scalar => self.one_by_one(samples, strip, block),
        }
    }

    #[inline(always)]
    fn block<S: Simd>(&mut self, simd: S, samples: &mut [u8], strip: &Strip, block: &Block) {
        self.take(samples, strip, block);
        for channel in 0..4 {
            self.count(simd, channel, block);
        }
        let [r, g, b, a] = &self.results;
        for y in 0..block.height {
            let out = &mut samples[(block.y + y) * strip.stride + 4 * block.x..][..4 * block.width];
            let out: &mut [[u8; 4]] = bytemuck::cast_slice_mut(out);
            let [r, g, b, a] = [r, g, b, a].map(|result| &result[y * SIDES[0]..][..block.width]);
            for (x, out) in out.iter_mut().enumerate() {
                *out = [r[x], g[x], b[x], a[x]];
            }
        }
    }

    /// Takes the channels apart. Columns beyond the block repeat the last, so that whole registers count.
    #[inline(always)]
    fn take(&mut self, samples: &[u8], strip: &Strip, block: &Block) {
        let (width, height) = (block.width + 2 * block.radius, block.height + 2 * block.radius);
        for (c, plane) in self.planes.iter_mut().enumerate() {
            plane.resize(plane.len().max(height * STRIDE), 0);
            for (y, row) in plane.chunks_exact_mut(STRIDE).take(height).enumerate() {
                let from = &samples[(block.y + y) * strip.stride + 4 * block.x..][..4 * width];
                let from: &[[u8; 4]] = bytemuck::cast_slice(from);
                // Whole pixels and a shift: bytes that lie four apart are inserted into registers one by one.
                for (to, from) in row.iter_mut().zip(from) {
                    *to = (u32::from_le_bytes(*from) >> (8 * c)) as u8;
                }
                let last = row[width - 1];
                row[width..].fill(last);
            }
        }
    }

    /// Finds the medians of a channel.
    #[inline(always)]
    fn count<S: Simd>(&mut self, simd: S, channel: usize, block: &Block) {
        let len = <S::u8s as SimdBase<S>>::LEN;
        let plane = &self.planes[channel][..(block.height + 2 * block.radius) * STRIDE];
        let (mut least, mut most) = (u8::MAX, 0);
        plane.iter().for_each(|v| (least, most) = (least.min(*v), most.max(*v)));
        let result = &mut self.results[channel];
        result.clear();
        result.resize(SIDES[0] * SIDES[1], least);
        let bounds = Bounds { left: 0, right: block.width.next_multiple_of(len), top: 0, bottom: block.height };
        let mut open = [Between { low: 0, high: 0, bounds: Bounds::NONE }; 16];
        open[0] = Between { low: least.into(), high: u32::from(most) + 1, bounds };
        let mut depth = 1;
        while depth > 0 {
            depth -= 1;
            let Between { low, high, bounds } = open[depth];
            if high - low <= 1 || bounds.is_empty() {
                continue;
            }
            let middle = low.midpoint(high);
            let codes = [low, middle].map(|code| code as u8);
            let [below, above] = self.reaching(simd, channel, codes, bounds, block.radius);
            // At most one interval more than halvings of 256 codes is open at a time.
            open[depth] = Between { low, high: middle, bounds: below };
            open[depth + 1] = Between { low: middle, high, bounds: above };
            depth += 2;
        }
    }

    /// Raises the medians that are `low` so far and reach `code` to it. Tells where those are that did not, and those
    /// that did.
    #[inline(always)]
    fn reaching<S: Simd>(
        &mut self,
        simd: S,
        channel: usize,
        [low, code]: [u8; 2],
        bounds: Bounds,
        radius: usize,
    ) -> [Bounds; 2] {
        let len = <S::u8s as SimdBase<S>>::LEN;
        let side = 2 * radius + 1;
        let count = bounds.right - bounds.left;
        let width = (count + 2 * radius).next_multiple_of(len);
        let splat = crate::lane::inlined(
            #[inline(always)]
            |v: u8| S::u8s::splat(simd, v),
        );
        let load = crate::lane::inlined(
            #[inline(always)]
            |from: &[u8], at: usize| S::u8s::from_slice(simd, &from[at..at + len]),
        );
        let (low, code, one, zero) = (splat(low), splat(code), splat(1), splat(0));
        let plane = &self.planes[channel][bounds.left..];
        let ones = crate::lane::inlined(
            #[inline(always)]
            |y: usize, at: usize| -> S::u8s { load(plane, y * STRIDE + at).simd_ge(code).select(one, zero) },
        );
        for at in (0..width).step_by(len) {
            let mut sum = zero;
            for y in bounds.top..bounds.top + side - 1 {
                sum += ones(y, at);
            }
            sum.store_slice(&mut self.columns[at..at + len]);
        }
        let parts = Parts::of(side);
        let [sums, twos, fours, eights] = &mut *self.sums;
        let mut seen = [[zero; 2]; SIDES[0] / 16];
        let mut found = [Bounds::NONE; 2];
        for first in (bounds.top..bounds.bottom).step_by(GROUP) {
            let rows = GROUP.min(bounds.bottom - first);
            for at in (0..width).step_by(len) {
                let mut sum = load(&self.columns, at);
                for (y, out) in (first..).zip(&mut *sums).take(rows) {
                    sum += ones(y + side - 1, at);
                    sum.store_slice(&mut out[at..at + len]);
                    sum -= ones(y, at);
                }
                sum.store_slice(&mut self.columns[at..at + len]);
            }
            double(simd, sums, twos, 1, rows, width);
            double(simd, twos, fours, 2, rows, width);
            double(simd, fours, eights, 4, rows, width);
            for (k, y) in (first..first + rows).enumerate() {
                let line = &mut self.results[channel][y * SIDES[0] + bounds.left..][..count];
                let runs = [&sums[k], &twos[k], &fours[k], &eights[k]];
                let mut any = [zero; 2];
                for (at, seen) in (0..count).step_by(len).zip(&mut seen) {
                    let now = load(line, at);
                    let is_open: S::u8s = now.simd_eq(low).select(one, zero);
                    let reaches = exceeds(simd, runs, &parts, at, side);
                    let (up, down) = (is_open & reaches, is_open & (reaches ^ one));
                    let next: S::u8s = up.simd_eq(one).select(code, now);
                    next.store_slice(&mut line[at..at + len]);
                    *seen = [seen[0] | down, seen[1] | up];
                    any = [any[0] | down, any[1] | up];
                }
                for (any, found) in any.iter().zip(&mut found) {
                    if any.simd_gt(zero).any_true() {
                        (found.top, found.bottom) = (found.top.min(y), y + 1);
                    }
                }
            }
        }
        for (left, seen) in (bounds.left..bounds.right).step_by(len).zip(&seen) {
            for (seen, found) in seen.iter().zip(&mut found) {
                if seen.simd_gt(zero).any_true() {
                    (found.left, found.right) = (found.left.min(left), left + len);
                }
            }
        }
        found
    }

    /// Slides a histogram along each row.
    fn one_by_one(&mut self, samples: &mut [u8], strip: &Strip, block: &Block) {
        self.take(samples, strip, block);
        let side = 2 * block.radius + 1;
        for (c, plane) in self.planes.iter().enumerate() {
            for y in 0..block.height {
                let mut counts = [0u16; 256];
                let code = |x: usize, dy: usize| usize::from(plane[(y + dy) * STRIDE + x]);
                (0..side - 1).for_each(|x| (0..side).for_each(|dy| counts[code(x, dy)] += 1));
                for x in 0..block.width {
                    (0..side).for_each(|dy| counts[code(x + side - 1, dy)] += 1);
                    let mut left = side * side / 2;
                    let middle = counts.iter().position(|count| {
                        let within = left < usize::from(*count);
                        left = left.saturating_sub(usize::from(*count));
                        within
                    });
                    samples[(block.y + y) * strip.stride + 4 * (block.x + x) + c] = middle.unwrap_or(0) as u8;
                    (0..side).for_each(|dy| counts[code(x, dy)] -= 1);
                }
            }
        }
    }
}

/// Sums of twice as many columns.
#[inline(always)]
fn double<S: Simd>(simd: S, from: &Rows, to: &mut Rows, by: usize, rows: usize, width: usize) {
    let len = <S::u8s as SimdBase<S>>::LEN;
    for (from, to) in from.iter().zip(to).take(rows) {
        // Behind the last register are no columns that anything reads.
        for at in (0..width - len / 2).step_by(len) {
            let (first, second) = (&from[at..at + len], &from[at + by..at + by + len]);
            let sum = S::u8s::from_slice(simd, first) + S::u8s::from_slice(simd, second);
            sum.store_slice(&mut to[at..at + len]);
        }
    }
}

/// The sums that a row of a window is made of: of how many columns, as a power of two, and from which column on. Found
/// once and not for each register (a tenth of the time).
#[derive(Debug)]
struct Parts {
    parts: [(usize, usize); 8],
    count: usize,
}

impl Parts {
    fn of(side: usize) -> Self {
        let (mut parts, mut count, mut done) = ([(0, 0); 8], 0, 0);
        while done < side {
            let run = if side - done >= 8 { 3 } else { (side - done).ilog2() as usize };
            parts[count] = (run, done);
            (count, done) = (count + 1, done + (1 << run));
        }
        Self { parts, count }
    }
}

/// 1 where more than half of the square from column `at` on reaches the code, else 0. `runs` are the sums of 1, 2, 4 and
/// 8 columns; there are at most 31 rows, so each fits a byte.
#[inline(always)]
fn exceeds<S: Simd>(simd: S, runs: [&[u8; STRIDE]; 4], parts: &Parts, at: usize, side: usize) -> S::u8s {
    let len = <S::u8s as SimdBase<S>>::LEN;
    let half = side * side / 2;
    let load = crate::lane::inlined(
        #[inline(always)]
        |(run, first): (usize, usize)| S::u8s::from_slice(simd, &runs[run & 3][at + first..at + first + len]),
    );
    let parts = &parts.parts[..parts.count.min(8)];
    let one = S::u8s::splat(simd, 1);
    if side <= 2 * MOST_BYTES + 1 {
        let mut sum = S::u8s::splat(simd, 0);
        for part in parts {
            sum = sum.saturating_add(load(*part));
        }
        return sum.simd_gt(S::u8s::splat(simd, half as u8)).select(one, S::u8s::splat(simd, 0));
    }
    // Bytes of even and of odd places by themselves.
    let (mut even, mut odd) = (S::u16s::splat(simd, 0), S::u16s::splat(simd, 0));
    for part in parts {
        let words: S::u16s = load(*part).bitcast();
        (even, odd) = (even + (words & 0xff), odd + (words >> 8));
    }
    let (half, zero) = (S::u16s::splat(simd, half as u16), S::u16s::splat(simd, 0));
    let low: S::u16s = even.simd_gt(half).select(S::u16s::splat(simd, 1), zero);
    let high: S::u16s = odd.simd_gt(half).select(S::u16s::splat(simd, 0x100), zero);
    (low | high).bitcast()
}
