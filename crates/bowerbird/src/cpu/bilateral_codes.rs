//! The bilateral mean of 8-bit pictures in 16-bit fixed point, sixteen pixels a register where floats are eight.
//!
//! The catalogue allows an approximation from σ = 2 pixels on. Colors have 7 bits behind the point, squares of
//! differences are whole multiples of 4 squared codes, weights have 16 bits; against the sum in floats the result is off
//! by less than a code. A range below [`LEAST_RANGE`] would need finer squares. It runs only on an opaque picture as it
//! lies in memory, in every cut of the work alike.

use super::bilateral::Falloff;
use super::border::border;
use super::codes::{apart, high};
use super::walk::{PAD, Worker};
use super::window::{Strip, strip_width};
use super::{Context, Sink};
use crate::effect::{Edge, Isa, Tile};
use crate::plan::Rect;
use fearless_simd::{Simd, dispatch, prelude::*};

/// Bits behind the point of a code.
const FRACTION: u32 = 7;

/// The least range, in codes.
const LEAST_RANGE: f32 = 12.0;

/// A sixth, as a fraction of 2¹⁶: the root of a weight is 1 − t + t²/2 − t³/6.
const SIXTH: u16 = 10923;

/// Neighbors whose weights and products are added in 16 bits before they go on in 32.
const RUN: usize = 15;

/// The scratch memory of one thread.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    fixed: Fixed,
    planes: [Vec<u16>; 3],
}

/// The weights as the registers need them. The argument t of e^(−16t) is a fraction of 2¹⁵.
#[derive(Clone, Debug, Default)]
struct Fixed {
    /// What the distance of each neighbor adds to the argument, row by row, and `alike` once more: taken from memory for
    /// each neighbor, it is multiplied by the instruction that keeps the upper half. One that does not change in the loop
    /// is widened before it, and the product takes four times as many operations (210 ms in the place of 160 at σ = 2 px,
    /// 3840×2160, two threads).
    near: Vec<[u16; 2]>,
    /// Sums of squares beyond this have no weight.
    most: u16,
    /// How many bits a sum of squares is shifted by before it is multiplied with `alike`.
    shift: u32,
    alike: u16,
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
        self.near.extend(falloff.near.iter().map(|t| [(t * 32768.0).min(32767.0) as u16, self.alike]));
    }
}

impl Context<'_> {
    /// A band of the bilateral mean of a picture of codes; `false` where it has to run on floats.
    pub(super) fn bilateral_codes(
        &self,
        rect: Rect,
        sink: &mut Sink<'_>,
        worker: &mut Worker,
        (pixels, width): (&[u8], usize),
        (reach, edge): ([usize; 2], Edge),
        falloff: [f32; 2],
    ) -> bool {
        let [sigma, range] = falloff.map(|falloff| (core::f32::consts::LOG2_E / (-2.0 * falloff)).sqrt());
        // What the planner wrote as −log₂e/2σ² comes back with an error in the last place.
        if sigma < 1.999 || range * 255.0 < LEAST_RANGE {
            return false;
        }
        let mut scratch = core::mem::take(&mut worker.bilateral);
        let mut floats = Falloff::default();
        floats.set(reach, falloff);
        scratch.fixed.set(&floats);
        let rows = rect.height as usize;
        let columns = strip_width(reach, rows, 6);
        let stride = columns + 2 * reach[0] + 2 * PAD;
        let size = stride * (rows + 2 * reach[1]) + 8 * PAD;
        scratch.planes.iter_mut().for_each(|plane| plane.resize(plane.len().max(size), 0));
        for x in (0..rect.width as usize).step_by(columns) {
            let count = columns.min(rect.width as usize - x);
            let strip = Strip { rows, samples: count, step: 1, stride, reach };
            let left = i64::from(rect.x) + x as i64 - reach[0] as i64;
            for row in 0..strip.height() {
                let y = i64::from(rect.y) + row as i64 - reach[1] as i64;
                let Some(y) = border(edge, y, i64::from(self.frame.height)) else { continue };
                let pixels = &pixels[4 * y * width..][..4 * width];
                let mut planes = scratch.planes.each_mut().map(|plane| &mut plane[row * stride..][..strip.width()]);
                apart::<FRACTION>(self.isa(), pixels, left, edge, &mut planes);
            }
            let planes = scratch.planes.each_ref().map(|plane| bytemuck::cast_slice(plane));
            for y in 0..rows {
                row(self.isa(), planes, &strip, y, &scratch.fixed, &mut worker.bank.head);
                self.finish(worker, rect.x as usize + x, rect.y as usize + y, count);
                self.put(sink, worker, x, y, count);
            }
        }
        worker.bilateral = scratch;
        true
    }
}

/// One row of a strip of planes; `row` counts from the first that is wanted.
fn row(isa: Isa, planes: [&[i16]; 3], strip: &Strip, row: usize, fixed: &Fixed, out: &mut Tile) {
    match isa.narrower() {
        Isa::Simd(level) => dispatch!(level, simd => registers(simd, planes, strip, row, fixed, out)),
        Isa::Scalar => {
            for x in 0..strip.samples {
                let found = one(planes, strip, row, x, fixed);
                out.0.iter_mut().zip(found).for_each(|(out, v)| out[x] = v);
            }
        }
    }
    out.0[3][..strip.samples].fill(1.0);
}

/// What sums of weights and of products are as a value.
#[inline(always)]
fn mean(product: u32, weight: u32) -> f32 {
    // Products have 12 bits of the weight, and so have the weights; a color of 1 has 255 of 256 parts.
    product as f32 * (256.0 / 255.0) / weight as f32
}

fn one(planes: [&[i16]; 3], strip: &Strip, row: usize, x: usize, fixed: &Fixed) -> [f32; 3] {
    let [rx, ry] = strip.reach;
    let center = (row + ry) * strip.stride + x + rx;
    let high = |a: u16, b: u16| ((u32::from(a) * u32::from(b)) >> 16) as u16;
    let (mut total, mut sums) = (0u32, [0u32; 3]);
    for (index, [near, _]) in fixed.near.iter().enumerate() {
        let at = (row + index / (2 * rx + 1)) * strip.stride + x + index % (2 * rx + 1);
        let colors = planes.map(|plane| plane[at]);
        let squares = planes.iter().zip(colors).map(|(plane, c)| {
            let d = i32::from(c) - i32::from(plane[center]);
            ((d * d) >> 16) as u16
        });
        let squares = squares.fold(0u16, u16::wrapping_add).min(fixed.most);
        let t = high(squares << fixed.shift, fixed.alike).wrapping_add(*near).min(32767) << 1;
        let square = high(t, t);
        let root = 65535 - t + (square >> 1) - high(high(square, t), SIXTH);
        let weight = (0..4).fold(root, |w, _| high(w, w)) >> 3;
        total += u32::from(weight >> 1);
        sums.iter_mut().zip(colors).for_each(|(sum, c)| *sum += u32::from(high(weight, c as u16)));
    }
    sums.map(|sum| mean(sum, total))
}

/// Two registers of pixels side by side: one alone is a long chain of operations that wait for one another, and a
/// processor does not look far enough ahead to find the next neighbor's.
type Pair<T> = [T; 2];

#[inline(always)]
fn registers<S: Simd>(simd: S, planes: [&[i16]; 3], strip: &Strip, row: usize, fixed: &Fixed, out: &mut Tile) {
    let len = <S::u16s as SimdBase<S>>::LEN;
    let [rx, ry] = strip.reach;
    let most = S::u16s::splat(simd, fixed.most);
    let (limit, whole) = (S::u16s::splat(simd, 32767), S::u16s::splat(simd, 65535));
    let (zero, sixth) = (S::u16s::splat(simd, 0), S::u16s::splat(simd, SIXTH));
    let width = 2 * len;
    for x in (0..strip.samples).step_by(width) {
        let center = (row + ry) * strip.stride + x + rx;
        let centers: [Pair<S::i16s>; 3] = planes.map(
            #[inline(always)]
            |plane| load::<S>(simd, &plane[center..center + width]),
        );
        let mut low: Pair<[S::u32s; 4]> = [[S::u32s::splat(simd, 0); 4]; 2];
        let mut top = low;
        for (dy, near) in fixed.near.chunks_exact(2 * rx + 1).enumerate() {
            let first = (row + dy) * strip.stride + x;
            let lines = planes.map(
                #[inline(always)]
                |plane| &plane[first..first + 2 * rx + width],
            );
            for (run, near) in near.chunks(RUN).enumerate() {
                let mut sums: Pair<[S::u16s; 4]> = [[zero; 4]; 2];
                for (dx, [near, alike]) in near.iter().enumerate() {
                    let at = run * RUN + dx;
                    let (near, alike) = (S::u16s::splat(simd, *near), S::u16s::splat(simd, *alike));
                    let colors = lines.map(
                        #[inline(always)]
                        |line| load::<S>(simd, &line[at..at + width]),
                    );
                    let mut t = [zero; 2];
                    for h in 0..2 {
                        let squares = square::<S>(colors[0][h] - centers[0][h])
                            + square::<S>(colors[1][h] - centers[1][h])
                            + square::<S>(colors[2][h] - centers[2][h]);
                        let squares: S::u16s = squares.bitcast();
                        t[h] = squares.min(most) << fixed.shift;
                    }
                    t = both(
                        t,
                        #[inline(always)]
                        |v| (high::<S>(v, alike) + near).min(limit) << 1,
                    );
                    let second = both(
                        t,
                        #[inline(always)]
                        |v| high::<S>(v, v),
                    );
                    let mut weight = [zero; 2];
                    for h in 0..2 {
                        let third = high::<S>(high::<S>(second[h], t[h]), sixth);
                        weight[h] = whole - t[h] + (second[h] >> 1) - third;
                    }
                    weight = both(
                        weight,
                        #[inline(always)]
                        |w| high::<S>(w, w),
                    );
                    weight = both(
                        weight,
                        #[inline(always)]
                        |w| high::<S>(w, w),
                    );
                    weight = both(
                        weight,
                        #[inline(always)]
                        |w| high::<S>(w, w),
                    );
                    weight = both(
                        weight,
                        #[inline(always)]
                        |w| high::<S>(w, w) >> 3,
                    );
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
        }
        for (quarter, sums) in [low[0], top[0], low[1], top[1]].iter().enumerate() {
            let at = x + quarter * len / 2;
            let total: S::f32s = sums[3].to_float();
            for (sum, out) in sums.iter().zip(&mut out.0).take(3) {
                // The last pixels of a row may be fewer than two registers; a tile ends behind a whole number of them.
                if at + len / 2 <= out.len() {
                    let sum: S::f32s = sum.to_float();
                    let mean = sum * (256.0 / 255.0) / total;
                    mean.store_slice(&mut out[at..at + len / 2]);
                }
            }
        }
    }
}

#[inline(always)]
fn load<S: Simd>(simd: S, from: &[i16]) -> Pair<S::i16s> {
    let (first, second) = from.split_at(from.len() / 2);
    [S::i16s::from_slice(simd, first), S::i16s::from_slice(simd, second)]
}

#[inline(always)]
fn both<T: Copy>([first, second]: Pair<T>, work: impl Fn(T) -> T) -> Pair<T> {
    [work(first), work(second)]
}

#[inline(always)]
fn square<S: Simd>(d: S::i16s) -> S::i16s {
    let (low, high) = d.widening_mul(d);
    (low >> 16).narrow(high >> 16)
}
