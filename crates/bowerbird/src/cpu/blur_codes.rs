//! Blurs of what is rounded to 8 bits in 16-bit fixed point, sixteen samples a register where floats are eight.
//!
//! For the Gaussians that are too narrow for a pyramid and wide enough for the catalogue to allow other methods, and for
//! kernels of few taps, boxes too, whose result becomes codes at once. A code has 7 bits behind its point; each of the
//! two sums is off by a hundredth of a code. Measured at σ = 2 px, 3840×2160, two threads: 40 ms with floats.
//!
//! Besides a picture as it lies in memory it runs on what operations make of one, where their numbers tell how far that may
//! reach ([`Graph::range_of`](crate::graph::Graph)) and the result of the whole chain is 8 bits: the 16 bits then stand for that
//! range. Whether they do depends on the chain and its numbers alone, so every cut of the work rounds alike.
//!
//! Lost: two rows of sums at a time, which load what they share once, and rows cut ahead of the loops (none was faster);
//! plain loops over slices. Compilers widen the weights once before the loop and so miss the instruction that
//! keeps the upper half of a product: five more operations a product.

use super::border::border;
use super::codes::{Line, apart, together};
use super::memory::at_least;
use super::view::fetch;
use super::walk::{PART, Worker};
use super::words::Scale;
use super::{Context, Layout, Sink, View};
use crate::effect::{Edge, Isa, TILE};
use crate::fixed::high;
use crate::graph::{Blur, Ranges};
use crate::image::{Depth, Transfer};
use crate::plan::{Head, Rect};
use fearless_simd::{Simd, dispatch, prelude::*};

/// Bits behind the point of a code.
const FRACTION: u32 = 7;

/// The greatest sample: the code 255. Two of them are less than 2¹⁶.
const MOST: u16 = 255 << FRACTION;

/// By how much a sum is multiplied too much, so that one halfway between two codes is always rounded up and the sums may be
/// rounded as they are: all others are farther from there than floats err.
const UPWARD: f32 = 1.0 + 2.4e-7;

/// The scale of codes.
const CODES: Scale = Scale { least: 0.0, steps: MOST as f32, unit: 1.0 / MOST as f32 * UPWARD, most: MOST as f32 };

/// What a blur in fixed point reads.
#[derive(Clone, Copy)]
pub(super) enum Samples<'a> {
    /// Codes as they lie in memory.
    Codes(&'a [u8], Layout),
    /// What operations make of pictures.
    Values(Scale),
}

/// Samples of a cache line.
const LINE: usize = 32;

/// Columns that are convolved at a time: long enough for the machine to fetch the rows of the source ahead, short enough
/// for those of the ring to stay in the second cache.
const STRIP: usize = 1024;

/// What a row is padded to: a multiple of what is summed at a time, whatever the registers.
const STEP: usize = 256;

/// The scratch memory of one thread.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    /// A row with its halo, plane after plane.
    row: Vec<u16>,
    /// Rows convolved along x.
    ring: Vec<u16>,
    sums: [Vec<u16>; 4],
    offsets: Vec<Option<usize>>,
    weights: [Vec<u16>; 2],
}

/// Weights as fractions of 2¹⁶ that add up to 1, or to the next below where that would not fit.
fn fixed(weights: &[f32], out: &mut Vec<u16>) {
    out.clear();
    out.extend(weights.iter().map(|weight| (f64::from(*weight) * 65536.0).round() as u16));
    let sides: u32 = out[1..].iter().map(|weight| u32::from(*weight)).sum();
    out[0] = 65536u32.saturating_sub(2 * sides).min(65535) as u16;
}

impl Context<'_> {
    /// A band of a Gaussian in fixed point.
    #[expect(clippy::too_many_arguments, reason = "a band, and what it reads")]
    pub(super) fn codes_band(
        &self,
        rect: Rect,
        sink: &mut Sink<'_>,
        worker: &mut Worker,
        samples: Samples<'_>,
        head: &Head,
        across: usize,
        edge: Edge,
    ) {
        let channels = self.graph.channels(head.node);
        let list = channels.list();
        let planes = list.len();
        let scale = if let Samples::Values(scale) = samples { scale } else { CODES };
        let mut scratch = core::mem::take(&mut worker.codes);
        let Scratch { row, ring, sums, offsets, weights: [along_x, along_y] } = &mut scratch;
        fixed(self.weights(across), along_x);
        fixed(self.weights(head.node), along_y);
        let (rx, ry) = (along_x.len() - 1, along_y.len() - 1);
        let slots = 2 * ry + 2;
        let (stride, length) = (STRIP + LINE, STRIP + 2 * rx + STEP);
        let plane = slots * stride;
        for (memory, size) in [(&mut *ring, planes * plane + STRIP + LINE), (&mut *row, planes * length)] {
            memory.resize(memory.len().max(size), 0);
        }
        // Rows begin with a cache line, so that no register is loaded from two.
        let skip = ring.as_ptr().align_offset(2 * LINE).min(LINE);
        let ring = &mut ring[skip..];
        sums.iter_mut().for_each(|sums| sums.resize(STRIP, 0));
        if matches!(samples, Samples::Values(_)) {
            at_least(&mut worker.rows, 4 * length + TILE);
        }
        let is_plain = self.pass.body.is_only_head() && planes == 3 && matches!(samples, Samples::Codes(..));
        for x in (0..rect.width as usize).step_by(STRIP) {
            let count = STRIP.min(rect.width as usize - x);
            let left = i64::from(rect.x) + x as i64 - rx as i64;
            offsets.clear();
            let mut slot = 0;
            let mut before = None;
            for step in 0..rect.height as usize + 2 * ry {
                let inside = border(edge, i64::from(rect.y) + step as i64 - ry as i64, i64::from(self.frame.height));
                match (inside, before) {
                    (None, _) => offsets.push(None),
                    (Some(y), Some((last, at))) if y == last => offsets.push(Some(at)),
                    (Some(y), _) => {
                        let at = slot % slots * stride;
                        slot += 1;
                        match samples {
                            Samples::Codes(pixels, layout) => {
                                let line = Line::of(pixels, layout, y, self.frame.width);
                                let mut rows = row.chunks_exact_mut(length).map(|row| &mut row[..count + 2 * rx]);
                                let mut rows: [&mut [u16]; 4] =
                                    core::array::from_fn(|_| rows.next().unwrap_or_default());
                                apart::<FRACTION>(self.isa(), line, left, edge, &mut rows[..planes]);
                            }
                            Samples::Values(scale) => {
                                self.fill_row(
                                    &head.input,
                                    worker,
                                    Some(y),
                                    left,
                                    count + 2 * rx,
                                    edge,
                                    list,
                                    length,
                                    0,
                                );
                                for (c, row) in list.iter().zip(row.chunks_exact_mut(length)) {
                                    let from = &worker.rows[c * length..][..count + 2 * rx];
                                    let to = &mut row[..count + 2 * rx];
                                    with_instructions!(self.isa(), scale.numbers(from, to));
                                }
                            }
                        }
                        for (c, row) in row.chunks_exact(length).enumerate().take(planes) {
                            let out = &mut ring[c * plane + at..][..count.next_multiple_of(STEP)];
                            symmetric(self.isa(), along_x, |k| &row[rx.wrapping_add_signed(k)..], out);
                        }
                        offsets.push(Some(at));
                        before = Some((y, at));
                    }
                }
                let Some(y) = (step + 1).checked_sub(2 * ry + 1) else { continue };
                let below = border(edge, i64::from(rect.y) + step as i64 + 1 - ry as i64, i64::from(self.frame.height));
                for (c, sums) in sums.iter_mut().enumerate().take(planes) {
                    // Between the planes a share of what is read and written next, so that it comes meanwhile.
                    let share = count * c / planes..count * (c + 1) / planes;
                    if is_plain {
                        // What stores tiles does so itself; twice took 4 %.
                        sink.fetch(x + share.start, y + 1, share.len());
                    }
                    // What wraps around may read rows above those that are there.
                    if let Samples::Codes(pixels, layout) = samples
                        && let Some(below) = below.filter(|below| *below >= layout.rect.y as usize)
                    {
                        let column = (left.max(0) as usize).max(layout.rect.x as usize);
                        fetch(pixels, 4 * (layout.at(column, below) + share.start), 4 * share.len());
                    }
                    let ring = &ring[c * plane..];
                    let rows = &offsets[y..];
                    let tap = |k: isize| rows[ry.wrapping_add_signed(k)].map_or(&NOTHING[..], |at| &ring[at..]);
                    symmetric(self.isa(), along_y, tap, &mut sums[..count.next_multiple_of(STEP)]);
                }
                if is_plain && let Some(out) = sink.pixels(x, y, count) {
                    let [r, g, b, _] = sums.each_ref().map(|sums| &sums[..count]);
                    together::<FRACTION>(self.isa(), [r, g, b], out);
                    continue;
                }
                for first in (0..count).step_by(PART) {
                    let part = PART.min(count - first);
                    for (sums, c) in sums.iter().zip(list) {
                        let out = &mut worker.bank.head.0[*c][..part];
                        with_instructions!(self.isa(), scale.values(&sums[first..first + part], out));
                    }
                    channels.complete(&mut worker.bank.head, part);
                    let column = x + first;
                    self.finish(worker, rect.x as usize + column, rect.y as usize + y, part);
                    self.put(sink, worker, column, y, part);
                }
            }
        }
        worker.codes = scratch;
    }

    /// What a blur reads in fixed point, if it does. `is_rounded` says that the result of the pass becomes codes at once.
    pub(super) fn samples(&self, head: &Head, blur: &Blur, is_rounded: bool) -> Option<Samples<'_>> {
        if !blur.is_narrow() {
            return None;
        }
        if let Some((pixels, layout)) = self.codes_of(head) {
            return (is_rounded || blur.may_approximate()).then_some(Samples::Codes(pixels, layout));
        }
        self.scale.map(Samples::Values)
    }

    /// The picture of codes that a blur reads as it is, if it does.
    pub(super) fn codes_of(&self, head: &Head) -> Option<(&[u8], Layout)> {
        match self.views.of(head.input.plain_load()?) {
            View::U8 { pixels, layout, .. } => Some((pixels, layout)),
            _ => None,
        }
    }

    /// What the input of a narrow Gaussian may be in fixed point, if it may.
    pub(super) fn scale_of_input(&self, ranges: &mut Ranges) -> Option<Scale> {
        let (head, blur, edge) = self.blur()?;
        let (across, channels) = (&self.graph.nodes[head.across?], self.graph.channels(head.node));
        let fits = self.depth == Depth::U8 && blur.octaves == 0 && blur.is_narrow() && blur.may_approximate();
        // In linear light a unit is a fifth of a code near black.
        let is_display = self.graph.nodes[head.node].tag.transfer == Some(Transfer::Display);
        if !fits || !is_display || self.graph.counts_levels() || !channels.opaque || edge == Edge::Transparent {
            return None;
        }
        let scale = Scale::holding(self.ranges_of(*across.inputs.first()?, ranges), MOST)?;
        Some(Scale { unit: scale.unit * UPWARD, ..scale })
    }
}

/// What a transparent row reads.
static NOTHING: [u16; STRIP] = [0; STRIP];

/// Convolves: `tap(k)` is the input shifted by k, as long as `out`, whose length is a multiple of [`STEP`]; `weights`
/// are those of offsets 0, 1, …
fn symmetric<'a>(isa: Isa, weights: &[u16], tap: impl Fn(isize) -> &'a [u16], out: &mut [u16]) {
    match isa {
        Isa::Simd(level) => dispatch!(level, simd => registers(simd, weights, &tap, out)),
        Isa::Scalar => {
            let high = |value: u16, weight: u16| ((u32::from(value) * u32::from(weight)) >> 16) as u16;
            for (i, out) in out.iter_mut().enumerate() {
                let start = high(tap(0)[i], weights[0]).wrapping_add(lost(weights));
                *out = weights.iter().zip(0..).skip(1).fold(start, |sum, (weight, k)| {
                    sum.wrapping_add(high(tap(-k)[i].wrapping_add(tap(k)[i]), *weight))
                });
            }
        }
    }
}

/// What the products lose together: half a unit each, on average.
fn lost(weights: &[u16]) -> u16 {
    weights.len().div_ceil(2) as u16
}

/// Registers that are summed at a time: as many as there are for what is looked up once for all of them. With half of them
/// 14.6 ms in the place of 13.5; as an iterator's sums they were kept in memory, 9 ms more.
const SUMS: usize = 8;

#[inline(always)]
#[expect(clippy::needless_range_loop, reason = "loops that count are unrolled, and the sums stay in registers")]
fn registers<'a, S: Simd>(simd: S, weights: &[u16], tap: &impl Fn(isize) -> &'a [u16], out: &mut [u16]) {
    let len = <S::u16s as SimdBase<S>>::LEN;
    let start = S::u16s::splat(simd, lost(weights));
    let Some((middle, sides)) = weights.split_first() else { return };
    for (step, out) in out.chunks_exact_mut(SUMS * len).enumerate() {
        let at = step * SUMS * len;
        let row = crate::lane::inlined(
            #[inline(always)]
            |k: isize| &tap(k)[at..at + SUMS * len],
        );
        let weight = S::u16s::splat(simd, *middle);
        let center = row(0);
        let mut sums = [start; SUMS];
        for i in 0..SUMS {
            sums[i] += high::<S>(S::u16s::from_slice(simd, &center[i * len..(i + 1) * len]), weight);
        }
        for (weight, k) in sides.iter().zip(1..) {
            let weight = S::u16s::splat(simd, *weight);
            let (before, behind) = (row(-k), row(k));
            for i in 0..SUMS {
                let (from, to) = (i * len, (i + 1) * len);
                let pair = S::u16s::from_slice(simd, &before[from..to]) + S::u16s::from_slice(simd, &behind[from..to]);
                sums[i] += high::<S>(pair, weight);
            }
        }
        for i in 0..SUMS {
            sums[i].store_slice(&mut out[i * len..(i + 1) * len]);
        }
    }
}
