//! Reading a picture between its pixels.
//!
//! Positions are taken in blocks. For each block the taps are collected by plain loads, pixel by pixel, into arrays
//! that stay in the L1 cache; the arithmetic then runs over whole registers. Pixels whose taps lie beyond an edge are
//! computed one by one afterwards, by the same formulas. Codes are interpolated as codes and scaled once.
//!
//! Lost: reading one sample of each pixel ahead, so that cache misses overlap (75 to 86 ms for a rotation, one thread).

use super::View;
use super::border::border;
use crate::effect::{Edge, Filter, Isa, Sampler, TILE, Tile};

/// Positions farther out than any picture are pulled in, so that they convert to integers.
const FAR: f32 = 4_194_303.0;

/// Added to a whole number below 2²², it leaves that number in the lowest bits: a conversion that whole registers have.
const WHOLE: f32 = 12_582_912.0;

/// Pixels of a block.
const BLOCK: usize = 64;

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
) {
    let (width, height) = (i64::from(width), i64::from(height));
    let channels = if opaque { 3 } else { 4 };
    let picture = Picture { view, width, height, edge: sampler.edge, unit: unit(view), channels };
    let mut out = [[0.0; BLOCK]; 4];
    out[3] = [1.0; BLOCK];
    for start in (0..count).step_by(BLOCK) {
        let count = BLOCK.min(count - start);
        let at = positions.each_ref().map(|axis| axis[start..].first_chunk().unwrap_or(&[0.0; BLOCK]));
        match sampler.filter {
            Filter::Nearest => picture.nearest(at, scale, count, &mut out),
            Filter::Bilinear => picture.bilinear_block(isa, at, scale, count, &mut out),
            Filter::Bicubic => picture.bicubic_block(isa, at, scale, count, &mut out),
        }
        for (plane, values) in tile.0.iter_mut().zip(&out) {
            for (slot, value) in plane[start..start + count].iter_mut().zip(values) {
                *slot = if first { *value } else { *slot + value };
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

struct Picture<'a> {
    view: &'a View<'a>,
    width: i64,
    height: i64,
    edge: Edge,
    unit: f32,
    /// How many channels are computed.
    channels: usize,
}

/// The positions of a block along both axes.
type Positions<'p> = [&'p [f32; BLOCK]; 2];

/// The whole and the fractional part of positions, less half a pixel.
struct Cells {
    x: [i32; BLOCK],
    y: [i32; BLOCK],
    fx: [f32; BLOCK],
    fy: [f32; BLOCK],
    /// Whether the taps of all positions lie in the picture.
    inside: bool,
}

impl Cells {
    const EMPTY: Self = Self { x: [0; BLOCK], y: [0; BLOCK], fx: [0.0; BLOCK], fy: [0.0; BLOCK], inside: false };

    #[inline(always)]
    fn fill(&mut self, [xs, ys]: Positions<'_>, scale: f32) {
        for (positions, cells, fractions) in [(xs, &mut self.x, &mut self.fx), (ys, &mut self.y, &mut self.fy)] {
            for k in 0..BLOCK {
                let (cell, fraction) = split(positions[k], scale);
                cells[k] = cell;
                fractions[k] = fraction;
            }
        }
    }

    /// The least and the greatest cell of the first `count`.
    #[inline(always)]
    fn range(cells: &[i32]) -> (i32, i32) {
        cells.iter().fold((i32::MAX, i32::MIN), |(low, high), cell| (low.min(*cell), high.max(*cell)))
    }
}

/// A coordinate as the pixel center before it and the distance from there.
#[inline(always)]
fn split(position: f32, scale: f32) -> (i32, f32) {
    let scaled = position * scale;
    let u = if scaled >= -FAR { if scaled < FAR { scaled } else { FAR } } else { -FAR } - 0.5;
    let whole = u.floor();
    ((whole + WHOLE).to_bits() as i32 - WHOLE.to_bits() as i32, u - whole)
}

/// Two neighbors in the upper and in the lower row of each position of a block: codes of whole pixels, or one channel.
type Pairs<T> = [[[T; 2]; BLOCK]; 2];

/// Blocks of samples: codes of whole pixels, or one channel at a time.
type Taps<T, const N: usize> = [[T; BLOCK]; N];

impl Picture<'_> {
    /// The samples of a pixel, not scaled yet; nothing is 0.
    #[inline(always)]
    fn raw(&self, x: i64, y: i64) -> [f32; 4] {
        let (Some(x), Some(y)) = (border(self.edge, x, self.width), border(self.edge, y, self.height)) else {
            return [0.0; 4];
        };
        match self.view {
            View::U8 { pixels, width, .. } => core::array::from_fn(|c| f32::from(pixels[4 * (y * width + x) + c])),
            View::U16 { pixels, width } => core::array::from_fn(|c| f32::from(pixels[4 * (y * width + x) + c])),
            view => view.pixel(x, y),
        }
    }

    fn nearest(&self, [xs, ys]: Positions<'_>, scale: f32, count: usize, out: &mut [[f32; BLOCK]; 4]) {
        let limit = |v: f32| if v >= -FAR { (v * scale).min(FAR).floor() as i64 } else { -FAR as i64 };
        for (k, (x, y)) in xs.iter().zip(ys).enumerate().take(count) {
            let pixel = match (border(self.edge, limit(*x), self.width), border(self.edge, limit(*y), self.height)) {
                (Some(x), Some(y)) => self.view.pixel(x, y),
                _ => [0.0; 4],
            };
            out.iter_mut().zip(pixel).take(self.channels).for_each(|(plane, value)| plane[k] = value);
        }
    }

    /// Whether taps from `before` pixels before a cell to `behind` pixels behind it lie in the picture.
    #[inline(always)]
    fn holds(&self, x: i32, y: i32, before: i32, behind: i32) -> bool {
        let inside = |v: i32, count: i64| v >= before && i64::from(v) + i64::from(behind) < count;
        inside(x, self.width) && inside(y, self.height)
    }

    /// The cells of a block whose taps reach from `before` pixels before to `behind` pixels behind.
    fn cells(&self, isa: Isa, at: Positions<'_>, scale: f32, count: usize, before: i32, behind: i32) -> Cells {
        let mut cells = Cells::EMPTY;
        with_instructions!(isa, {
            cells.fill(at, scale);
            let ((left, right), (top, bottom)) = (Cells::range(&cells.x[..count]), Cells::range(&cells.y[..count]));
            cells.inside = self.holds(left, top, before, behind) && self.holds(right, bottom, before, behind);
        });
        cells
    }

    fn bilinear_block(&self, isa: Isa, at: Positions<'_>, scale: f32, count: usize, out: &mut [[f32; BLOCK]; 4]) {
        let cells = self.cells(isa, at, scale, count, 0, 1);
        match self.view {
            View::U8 { pixels, width, .. } => {
                let mut pairs: Pairs<u32> = [[[0; 2]; BLOCK]; 2];
                let [upper, lower] = &mut pairs;
                let pixels: &[[u8; 4]] = bytemuck::cast_slice(pixels);
                self.each_first(&cells, count, *width, (0, 0), |k, first| {
                    upper[k] = two_codes(&pixels[first..]);
                    lower[k] = two_codes(&pixels[first + width..]);
                });
                with_instructions!(isa, bilinear_codes(&pairs, &cells, self.unit, &mut out[..self.channels]));
            }
            View::Planes { planes, layout } => {
                let mut pairs: Pairs<f32> = [[[0.0; 2]; BLOCK]; 2];
                let (stride, origin) = (layout.stride, (layout.rect.x as i32, layout.rect.y as i32));
                for (plane, out) in planes.iter().zip(out.iter_mut()).take(self.channels) {
                    let [upper, lower] = &mut pairs;
                    self.each_first(&cells, count, stride, origin, |k, first| {
                        upper[k] = two(&plane[first..]);
                        lower[k] = two(&plane[first + stride..]);
                    });
                    with_instructions!(isa, bilinear_plane(&pairs, &cells, out));
                }
            }
            View::F32 { pixels, width } => {
                let pixels: &[[f32; 4]] = bytemuck::cast_slice(pixels);
                // Whole pixels are mixed in registers of four, and taken apart afterwards.
                let mut mixed = [[0.0f32; 4]; BLOCK];
                with_instructions!(isa, {
                    self.each_first(&cells, count, *width, (0, 0), |k, first| {
                        let ([a, b], [c, d]) = (two(&pixels[first..]), two(&pixels[first + width..]));
                        let (fx, fy) = (cells.fx[k], cells.fy[k]);
                        mixed[k] = core::array::from_fn(|i| bilinear([a[i], b[i], c[i], d[i]], fx, fy));
                    });
                    for (channel, plane) in out.iter_mut().enumerate() {
                        plane.iter_mut().zip(&mixed).for_each(|(out, mixed)| *out = mixed[channel]);
                    }
                });
            }
            _ => {}
        }
        let fast = matches!(self.view, View::U8 { .. } | View::F32 { .. } | View::Planes { .. });
        if fast && cells.inside {
            return;
        }
        for k in 0..count {
            let (x, y) = (cells.x[k], cells.y[k]);
            if !fast || !self.holds(x, y, 0, 1) {
                let (x, y, fx, fy) = (x.into(), y.into(), cells.fx[k], cells.fy[k]);
                let taps = [self.raw(x, y), self.raw(x + 1, y), self.raw(x, y + 1), self.raw(x + 1, y + 1)];
                for (c, plane) in out.iter_mut().enumerate().take(self.channels) {
                    plane[k] = bilinear(taps.map(|tap| tap[c]), fx, fy) * self.unit;
                }
            }
        }
    }

    /// Where the samples of each position of a block begin whose four nearest pixels lie in the picture.
    #[inline(always)]
    fn each_first(
        &self,
        cells: &Cells,
        count: usize,
        stride: usize,
        (left, top): (i32, i32),
        mut take: impl FnMut(usize, usize),
    ) {
        let first = |k: usize| (cells.y[k] - top) as usize * stride + (cells.x[k] - left) as usize;
        if cells.inside {
            (0..count).for_each(|k| take(k, first(k)));
        } else {
            (0..count).filter(|k| self.holds(cells.x[*k], cells.y[*k], 0, 1)).for_each(|k| take(k, first(k)));
        }
    }

    fn bicubic_block(&self, isa: Isa, at: Positions<'_>, scale: f32, count: usize, out: &mut [[f32; BLOCK]; 4]) {
        let cells = self.cells(isa, at, scale, count, 1, 2);
        let (mut wx, mut wy): (Taps<f32, 4>, Taps<f32, 4>) = ([[0.0; BLOCK]; 4], [[0.0; BLOCK]; 4]);
        with_instructions!(isa, {
            weights(&cells.fx, &mut wx);
            weights(&cells.fy, &mut wy);
        });
        out[..self.channels].iter_mut().for_each(|plane| plane.fill(0.0));
        for row in 0..4 {
            match self.view {
                View::U8 { pixels, width, .. } => {
                    let mut taps: Taps<u32, 4> = [[0; BLOCK]; 4];
                    for k in 0..count {
                        let (x, y) = (cells.x[k], cells.y[k]);
                        if cells.inside || self.holds(x, y, 1, 2) {
                            let first = 4 * ((y as usize + row - 1) * width + x as usize - 1);
                            let four = &pixels[first..first + 16];
                            taps.iter_mut().enumerate().for_each(|(t, tap)| tap[k] = code(four, t));
                        }
                    }
                    with_instructions!(isa, bicubic_codes(&taps, &wx, &wy[row], &mut out[..self.channels]));
                }
                View::Planes { planes, layout } => {
                    let mut taps: Taps<f32, 4> = [[0.0; BLOCK]; 4];
                    for (plane, out) in planes.iter().zip(out.iter_mut()).take(self.channels) {
                        for k in 0..count {
                            let (x, y) = (cells.x[k], cells.y[k]);
                            if cells.inside || self.holds(x, y, 1, 2) {
                                let four = &plane[layout.at(x as usize - 1, y as usize + row - 1)..][..4];
                                taps.iter_mut().zip(four).for_each(|(tap, value)| tap[k] = *value);
                            }
                        }
                        with_instructions!(isa, bicubic_plane(&taps, &wx, &wy[row], out));
                    }
                }
                _ => {}
            }
        }
        if matches!(self.view, View::U8 { .. }) {
            out[..self.channels].iter_mut().flatten().for_each(|value| *value *= self.unit);
        }
        let fast = matches!(self.view, View::U8 { .. } | View::Planes { .. });
        if fast && cells.inside {
            return;
        }
        for k in 0..count {
            let (x, y) = (cells.x[k], cells.y[k]);
            if !fast || !self.holds(x, y, 1, 2) {
                let pixel = self.bicubic(x.into(), y.into(), wx.map(|w| w[k]), wy.map(|w| w[k]));
                let planes = out.iter_mut().zip(pixel).take(self.channels);
                planes.for_each(|(plane, value)| plane[k] = value * self.unit);
            }
        }
    }

    fn bicubic(&self, x: i64, y: i64, wx: [f32; 4], wy: [f32; 4]) -> [f32; 4] {
        let mut out = [0.0; 4];
        for (row, wy) in wy.into_iter().enumerate() {
            let mut across = [0.0; 4];
            for (column, wx) in wx.into_iter().enumerate() {
                let tap = self.raw(x + column as i64 - 1, y + row as i64 - 1);
                for c in 0..4 {
                    across[c] += wx * tap[c];
                }
            }
            for c in 0..4 {
                out[c] += wy * across[c];
            }
        }
        out
    }
}

/// The four bytes of pixel `index`, red lowest.
#[inline(always)]
fn code(pixels: &[u8], index: usize) -> u32 {
    u32::from_le_bytes([pixels[4 * index], pixels[4 * index + 1], pixels[4 * index + 2], pixels[4 * index + 3]])
}

/// Channel `c` of a code.
#[inline(always)]
fn channel(code: u32, c: usize) -> f32 {
    ((code >> (8 * c)) & 0xff) as f32
}

#[inline(always)]
fn bilinear([a, b, c, d]: [f32; 4], fx: f32, fy: f32) -> f32 {
    let mix = |a: f32, b: f32, t: f32| a * (1.0 - t) + b * t;
    mix(mix(a, b, fx), mix(c, d, fx), fy)
}

/// Two neighboring pixels as codes, red lowest.
#[inline(always)]
fn two_codes(pixels: &[[u8; 4]]) -> [u32; 2] {
    two(pixels).map(u32::from_le_bytes)
}

#[inline(always)]
fn two<T: Copy>(samples: &[T]) -> [T; 2] {
    [samples[..2][0], samples[..2][1]]
}

#[inline(always)]
fn bilinear_codes([upper, lower]: &Pairs<u32>, cells: &Cells, unit: f32, out: &mut [[f32; BLOCK]]) {
    for (c, plane) in out.iter_mut().enumerate() {
        for k in 0..BLOCK {
            let four = [upper[k][0], upper[k][1], lower[k][0], lower[k][1]].map(|tap| channel(tap, c));
            plane[k] = bilinear(four, cells.fx[k], cells.fy[k]) * unit;
        }
    }
}

#[inline(always)]
fn bilinear_plane([upper, lower]: &Pairs<f32>, cells: &Cells, out: &mut [f32; BLOCK]) {
    for k in 0..BLOCK {
        out[k] = bilinear([upper[k][0], upper[k][1], lower[k][0], lower[k][1]], cells.fx[k], cells.fy[k]);
    }
}

/// The weights of the four taps around fractions: the Keys kernel with a = −½.
#[inline(always)]
fn weights(fractions: &[f32; BLOCK], out: &mut Taps<f32, 4>) {
    let near = |x: f32| (1.5 * x - 2.5) * x * x + 1.0;
    let far = |x: f32| ((-0.5 * x + 2.5) * x - 4.0) * x + 2.0;
    for k in 0..BLOCK {
        let f = fractions[k];
        (out[0][k], out[1][k], out[2][k], out[3][k]) = (far(1.0 + f), near(f), near(1.0 - f), far(2.0 - f));
    }
}

#[inline(always)]
fn bicubic_codes(taps: &Taps<u32, 4>, wx: &Taps<f32, 4>, wy: &[f32; BLOCK], out: &mut [[f32; BLOCK]]) {
    for (c, plane) in out.iter_mut().enumerate() {
        for k in 0..BLOCK {
            let mut across = 0.0;
            for t in 0..4 {
                across += wx[t][k] * channel(taps[t][k], c);
            }
            plane[k] += wy[k] * across;
        }
    }
}

#[inline(always)]
fn bicubic_plane(taps: &Taps<f32, 4>, wx: &Taps<f32, 4>, wy: &[f32; BLOCK], out: &mut [f32; BLOCK]) {
    for k in 0..BLOCK {
        let mut across = 0.0;
        for t in 0..4 {
            across += wx[t][k] * taps[t][k];
        }
        out[k] += wy[k] * across;
    }
}
