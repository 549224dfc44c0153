//! The bilateral mean of colors from codes in 16-bit fixed point, sixteen pixels a register where floats are eight.
//!
//! The catalogue allows an approximation from σ = 2 pixels on. Colors have 7 bits behind the point of an 8-bit code,
//! squares of differences are whole multiples of 4 squared codes, weights have 13 bits; against the sum in floats the
//! result is off by less than a code. A range below [`LEAST_RANGE`] would need finer squares. It runs on opaque pictures
//! of integers as they lie in memory and on what windows make of them, in every cut of the work alike.

use super::{Falloff, pairs};
use crate::cpu::border::border;
use crate::cpu::codes::{Line, apart};
use crate::cpu::walk::{PAD, Worker};
use crate::cpu::window::{Strip, strip_width};
use crate::cpu::{Context, Sink, View};
use crate::effect::{Edge, Isa, TILE, Tile};
use crate::fixed::{high, high_signed};
use crate::graph::{Neighbors, NodeId, Op};
use crate::plan::{Buffer, Code, Head, Rect};
use fearless_simd::{Simd, dispatch, prelude::*};

/// Bits behind the point of a code.
const FRACTION: u32 = 7;

/// The least range, in codes.
const LEAST_RANGE: f32 = 12.0;

/// Neighbors whose weights and products are added in 16 bits before they go on in 32.
pub(super) const RUN: usize = 15;

/// The scratch memory of one thread.
#[derive(Debug, Default)]
pub(in crate::cpu) struct Scratch {
    fixed: Fixed,
    planes: [Vec<u16>; 3],
    pairs: pairs::Scratch,
}

/// The weights as the registers need them. The argument t of e^(−16t) is a fraction of 2¹⁵.
#[derive(Clone, Debug, Default)]
pub(super) struct Fixed {
    /// Where each neighbor lies, what its distance adds to the argument, and `alike` once more: taken from memory for each
    /// neighbor, it is multiplied by the instruction that keeps the upper half. One that does not change in the loop is
    /// widened before it, and the product takes four times as many operations (210 ms in the place of 160 at σ = 2 px,
    /// 3840×2160, two threads, all of the square).
    pub(super) near: Vec<(usize, [u16; 2])>,
    /// Sums of squares beyond this have no weight.
    most: u16,
    /// How many bits a sum of squares is shifted by before it is multiplied with `alike`.
    shift: u32,
    alike: u16,
    /// 0, which the compiler does not know. Added to a weight before it is squared, it keeps one square apart from the next:
    /// they would be one chain of 32-bit products otherwise, of half as many lanes (σ = 2 px: 51.7 to 44.5 ms with AVX-512).
    nothing: u16,
}

impl Fixed {
    /// From the falloff of the floats.
    fn set(&mut self, falloff: &Falloff) {
        // A unit of the sums is 4 squared codes.
        let factor = falloff.alike * 4.0 / (255.0 * 255.0) * 32768.0;
        let most = (32767.0 / factor).min(65535.0);
        self.most = most as u16;
        self.shift = self.most.leading_zeros();
        self.alike = (factor * 65536.0 / (1u32 << self.shift) as f32).round().min(65535.0) as u16;
        self.near.clear();
        let argument = |t: f32| (t * 32768.0).min(32767.0) as u16;
        self.near.extend(falloff.near.iter().map(|(place, t)| (*place, [argument(*t), self.alike])));
    }
}

impl Context<'_> {
    /// Whether a node holds opaque colors that come from integer codes, none beyond 0..1.
    fn is_of_codes(&self, id: NodeId) -> bool {
        let node = &self.graph.nodes[id];
        let is_of_codes = match node.op {
            Op::Source(index) => {
                matches!(self.views.of(Buffer::Picture(index)), View::U8 { opaque: true, .. } | View::U16 { .. })
            }
            Op::Window(..) => self.is_of_codes(node.inputs[0]),
            _ => false,
        };
        is_of_codes && node.tag.is_opaque()
    }

    /// A band of the bilateral mean of colors that come from codes; `false` where it has to run on floats.
    pub(in crate::cpu) fn bilateral_codes(
        &self,
        rect: Rect,
        sink: &mut Sink<'_>,
        worker: &mut Worker,
        head: &Head,
        (radius, edge): ([usize; 2], Edge),
        (neighbors, falloff, sigma): (&[f32], f32, f32),
    ) -> bool {
        let range = (core::f32::consts::LOG2_E / (-2.0 * falloff)).sqrt();
        let input = self.graph.nodes[head.node].inputs[0];
        let is_plain = head.input.plain_load().is_some() && self.is_of_codes(input);
        if !is_plain || sigma < Neighbors::LEAST_SIGMA as f32 || range * 255.0 < LEAST_RANGE {
            return false;
        }
        let mut scratch = core::mem::take(&mut worker.bilateral);
        let rows = rect.height as usize;
        let is_paired = pairs::is_worth_it(radius, neighbors.len() / Neighbors::ENTRIES);
        // Weights are also computed for the pixels that have the strip's as neighbors; what lies beyond the reach of
        // those is never used.
        let spare = if is_paired { radius[0] } else { 0 };
        let reach = [radius[0] + spare, radius[1]];
        let columns = strip_width(reach, rows, 6);
        let stride = columns + 2 * reach[0] + 2 * PAD;
        let size = stride * (rows + 2 * reach[1]) + 8 * PAD;
        let strip = Strip { rows, samples: columns, step: 1, stride, reach };
        worker.window.falloff.set((neighbors, falloff), &strip);
        scratch.fixed.set(&worker.window.falloff);
        scratch.planes.iter_mut().for_each(|plane| plane.resize(plane.len().max(size), 0));
        for x in (0..rect.width as usize).step_by(columns) {
            let count = columns.min(rect.width as usize - x);
            let strip = Strip { samples: count, ..strip };
            let left = i64::from(rect.x) + x as i64 - radius[0] as i64;
            for row in 0..strip.height() {
                let y = border(edge, i64::from(rect.y) + row as i64 - reach[1] as i64, i64::from(self.frame.height));
                let planes = scratch.planes.each_mut();
                let planes = planes.map(|plane| &mut plane[row * stride + spare..][..count + 2 * radius[0]]);
                self.fill_fixed(&head.input, worker, y, left, edge, planes);
            }
            let planes = scratch.planes.each_ref().map(|plane| bytemuck::cast_slice(plane));
            if is_paired {
                scratch.pairs.start(&strip, &scratch.fixed);
            }
            for y in 0..rows {
                let out = &mut worker.bank.head;
                match self.isa() {
                    Isa::Simd(level) if is_paired => {
                        let (fixed, pairs) = (&scratch.fixed, &mut scratch.pairs);
                        dispatch!(level, simd => pairs::row(simd, planes, &strip, y, fixed, pairs, out));
                    }
                    isa => row(isa, planes, &strip, y, &scratch.fixed, out),
                }
                out.0[3][..count].fill(1.0);
                self.finish(worker, rect.x as usize + x, rect.y as usize + y, count);
                self.put(sink, worker, x, y, count);
            }
        }
        worker.bilateral = scratch;
        true
    }

    /// A row of colors in fixed point, from column `from` on.
    fn fill_fixed(
        &self,
        code: &Code,
        worker: &mut Worker,
        y: Option<usize>,
        from: i64,
        edge: Edge,
        mut planes: [&mut [u16]; 3],
    ) {
        let source = code.plain_load().map(|buffer| self.views.of(buffer));
        if let (Some(View::U8 { pixels, layout, .. }), Some(y)) = (source, y) {
            let line = Line::of(pixels, layout, y, self.frame.width);
            return apart::<FRACTION>(self.isa(), line, from, edge, &mut planes);
        }
        let count = planes[0].len();
        let plane = count + TILE;
        worker.rows.resize(worker.rows.len().max(4 * plane), 0.0);
        self.fill_row(code, worker, y, from, count, edge, &[0, 1, 2], plane, 0);
        for (fixed, floats) in planes.into_iter().zip(worker.rows.chunks(plane)) {
            fixed.iter_mut().zip(floats).for_each(|(fixed, v)| *fixed = (v * (255 << FRACTION) as f32 + 0.5) as u16);
        }
    }
}

/// One row of a strip of planes; `row` counts from the first that is wanted.
fn row(isa: Isa, planes: [&[i16]; 3], strip: &Strip, row: usize, fixed: &Fixed, out: &mut Tile) {
    match isa {
        Isa::Simd(level) => dispatch!(level, simd => registers(simd, planes, strip, row, fixed, out)),
        Isa::Scalar => {
            for x in 0..strip.samples {
                let found = one(planes, strip, row, x, fixed);
                out.0.iter_mut().zip(found).for_each(|(out, v)| out[x] = v);
            }
        }
    }
}

/// What sums of weights and of products are as a value.
#[inline(always)]
fn mean(product: u32, weight: u32) -> f32 {
    // Products have 12 bits of the weight, and so have the weights; a color of 1 has 255 of 256 parts.
    product as f32 * (256.0 / 255.0) / weight as f32
}

/// The weight of a neighbor, with 13 bits: the sixteenth power of 1 − t + t²/2, from the sum of the squares of the
/// differences and from what its distance adds to t.
pub(super) fn weight(squares: u16, near: u16, fixed: &Fixed) -> u16 {
    let t = upper(squares << fixed.shift, fixed.alike).wrapping_add(near).min(32767) << 1;
    (0..4).fold(65535 - t + (upper(t, t) >> 1), |w, _| upper(w, w)) >> 3
}

fn upper(a: u16, b: u16) -> u16 {
    ((u32::from(a) * u32::from(b)) >> 16) as u16
}

fn one(planes: [&[i16]; 3], strip: &Strip, row: usize, x: usize, fixed: &Fixed) -> [f32; 3] {
    let [rx, ry] = strip.reach;
    let center = (row + ry) * strip.stride + x + rx;
    let (mut total, mut sums) = (0u32, [0u32; 3]);
    for (place, [near, _]) in &fixed.near {
        let colors = planes.map(|plane| plane[row * strip.stride + x + place]);
        let squares = planes.iter().zip(colors).map(|(plane, c)| {
            let d = i32::from(c) - i32::from(plane[center]);
            ((d * d) >> 16) as u16
        });
        let squares = squares.fold(0u16, u16::wrapping_add).min(fixed.most);
        let weight = weight(squares, *near, fixed);
        total += u32::from(weight >> 1);
        sums.iter_mut().zip(colors).for_each(|(sum, c)| *sum += u32::from(upper(weight, c as u16)));
    }
    sums.map(|sum| mean(sum, total))
}

/// Two registers of pixels side by side: one alone is a long chain of operations that wait for one another, and a
/// processor does not look far enough ahead to find the next neighbor's.
pub(super) type Pair<T> = [T; 2];

#[inline(always)]
fn registers<S: Simd>(simd: S, planes: [&[i16]; 3], strip: &Strip, row: usize, fixed: &Fixed, out: &mut Tile) {
    let len = <S::u16s as SimdBase<S>>::LEN;
    let [rx, ry] = strip.reach;
    let zero = S::u16s::splat(simd, 0);
    let width = 2 * len;
    for x in (0..strip.samples).step_by(width) {
        let center = (row + ry) * strip.stride + x + rx;
        let centers: [Pair<S::i16s>; 3] = three::<S>(simd, planes, center);
        let first = row * strip.stride + x;
        let mut low: Pair<[S::u32s; 4]> = [[S::u32s::splat(simd, 0); 4]; 2];
        let mut top = low;
        for near in fixed.near.chunks(RUN) {
            let mut sums: Pair<[S::u16s; 4]> = [[zero; 4]; 2];
            for (place, near) in near {
                let at = first + place;
                let colors = three::<S>(simd, planes, at);
                let weight = weights::<S>(simd, centers, colors, *near, fixed);
                for h in 0..2 {
                    for c in 0..3 {
                        sums[h][c] += high::<S>(weight[h], colors[c][h].bitcast());
                    }
                    sums[h][3] += weight[h] >> 1;
                }
            }
            for h in 0..2 {
                for c in 0..4 {
                    let (first, second) = sums[h][c].widen();
                    low[h][c] += first;
                    top[h][c] += second;
                }
            }
        }
        for h in 0..2 {
            store::<S>([low[h], top[h]], out, x + h * len);
        }
    }
}

/// Stores the means of a register of pixels from their sums of products and of weights.
#[inline(always)]
pub(super) fn store<S: Simd>(halves: [[S::u32s; 4]; 2], out: &mut Tile, x: usize) {
    let len = <S::f32s as SimdBase<S>>::LEN;
    for (half, sums) in halves.iter().enumerate() {
        let at = x + half * len;
        let total: S::f32s = sums[3].to_float();
        for (sum, out) in sums.iter().zip(&mut out.0).take(3) {
            // The last pixels of a row may be fewer than the registers; a tile ends behind a whole number of them.
            if at + len <= out.len() {
                let sum: S::f32s = sum.to_float();
                let mean = sum * (256.0 / 255.0) / total;
                mean.store_slice(&mut out[at..at + len]);
            }
        }
    }
}

/// The weights of one neighbor of two registers of pixels; see [`weight`].
#[inline(always)]
pub(super) fn weights<S: Simd>(
    simd: S,
    centers: [Pair<S::i16s>; 3],
    colors: [Pair<S::i16s>; 3],
    [near, alike]: [u16; 2],
    fixed: &Fixed,
) -> Pair<S::u16s> {
    let (most, shift) = (S::u16s::splat(simd, fixed.most), fixed.shift);
    let (limit, whole) = (S::u16s::splat(simd, 32767), S::u16s::splat(simd, 65535));
    let (near, alike) = (S::u16s::splat(simd, near), S::u16s::splat(simd, alike));
    let nothing = S::u16s::splat(simd, fixed.nothing);
    let mut t = [near; 2];
    for h in 0..2 {
        let (r, g, b) = (colors[0][h] - centers[0][h], colors[1][h] - centers[1][h], colors[2][h] - centers[2][h]);
        let squares = high_signed::<S>(r, r) + high_signed::<S>(g, g) + high_signed::<S>(b, b);
        let squares: S::u16s = squares.bitcast();
        t[h] = squares.min(most) << shift;
    }
    let mut weight = both(
        t,
        #[inline(always)]
        |v| {
            let t = (high::<S>(v, alike) + near).min(limit) << 1;
            whole - t + (high::<S>(t, t) >> 1)
        },
    );
    for _ in 0..4 {
        weight = both(
            weight,
            #[inline(always)]
            |w| high::<S>(w + nothing, w + nothing),
        );
    }
    both(
        weight,
        #[inline(always)]
        |w| w >> 3,
    )
}

#[inline(always)]
fn load<S: Simd>(simd: S, plane: &[i16], at: usize) -> Pair<S::i16s> {
    let len = <S::i16s as SimdBase<S>>::LEN;
    let (first, second) = plane[at..at + 2 * len].split_at(len);
    [S::i16s::from_slice(simd, first), S::i16s::from_slice(simd, second)]
}

/// The colors of two registers of pixels.
#[inline(always)]
pub(super) fn three<S: Simd>(simd: S, [r, g, b]: [&[i16]; 3], at: usize) -> [Pair<S::i16s>; 3] {
    [load::<S>(simd, r, at), load::<S>(simd, g, at), load::<S>(simd, b, at)]
}

#[inline(always)]
fn both<T: Copy>([first, second]: Pair<T>, work: impl Fn(T) -> T) -> Pair<T> {
    [work(first), work(second)]
}
