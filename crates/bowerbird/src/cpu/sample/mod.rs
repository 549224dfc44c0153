//! Reading a picture between its pixels.
//!
//! Positions are taken in blocks. For each block the taps are collected by plain loads, pixel by pixel, into arrays
//! that stay in the L1 cache; the arithmetic then runs over whole registers. Pixels whose taps lie beyond an edge are
//! computed one by one afterwards, by the same formulas. Codes are interpolated as codes and scaled once.
//!
//! Lost: reading one sample of each pixel ahead, so that cache misses overlap (75 to 86 ms for a rotation, one thread).

mod cells;
mod codes;
mod floats;
mod tabled;

pub(super) use codes::sample_codes;

use super::View;
use super::border::border;
use crate::effect::{Edge, Filter, Isa, Sampler, TILE, Tile};
use crate::graph::Channels;
use crate::lane::Rgba;
use cells::Cells;

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
    /// The weights of the four taps around each position, along both axes.
    weights: [Taps<4>; 2],
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
    let Scratch { cells, pairs, looked, fours, weights, more } = scratch;
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
                picture.bilinear_block(isa, cells, count, (pairs, looked), out);
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

struct Picture<'a> {
    view: &'a View<'a>,
    width: i64,
    height: i64,
    edge: Edge,
    unit: f32,
}

/// Where the channels of a block go: those that are computed.
type Planes<'p> = [&'p mut [f32; BLOCK]];

/// The positions of a block along both axes.
type Positions<'p> = [&'p [f32; BLOCK]; 2];

/// Two neighbors of one channel in the upper and in the lower row of each position of a block.
type Pairs = [[[f32; 2]; BLOCK]; 2];

/// Blocks of samples or of weights.
type Taps<const N: usize> = [[f32; BLOCK]; N];

impl Picture<'_> {
    /// The samples of a pixel, not scaled yet; nothing is 0.
    #[inline(always)]
    fn raw(&self, x: i64, y: i64) -> [f32; 4] {
        let (Some(x), Some(y)) = (border(self.edge, x, self.width), border(self.edge, y, self.height)) else {
            return [0.0; 4];
        };
        match self.view {
            View::U8 { pixels, layout, .. } => core::array::from_fn(|c| f32::from(pixels[4 * layout.at(x, y) + c])),
            View::U16 { pixels, width } => core::array::from_fn(|c| f32::from(pixels[4 * (y * width + x) + c])),
            view => view.pixel(x, y),
        }
    }

    fn nearest(&self, isa: Isa, cells: &Cells, count: usize, pairs: &mut codes::Pairs, out: &mut Planes<'_>) {
        match self.view {
            View::U8 { pixels, .. } => {
                let [taken, _] = pairs;
                self.gather_nearest(bytemuck::cast_slice(pixels), cells, &mut taken.as_flattened_mut()[..count]);
                let taken = &taken.as_flattened()[..count];
                with_instructions!(isa, {
                    for (c, plane) in out.iter_mut().enumerate() {
                        plane.iter_mut().zip(taken).for_each(|(out, code)| *out = channel(*code, c) / 255.0);
                    }
                });
            }
            View::Tabled { pixels, table, .. } if cells.inside || self.edge != Edge::Transparent => {
                self.nearest_tabled(
                    (pixels, table),
                    cells,
                    &mut pairs.as_flattened_mut().as_flattened_mut()[..count],
                    out,
                );
            }
            View::Planes { planes, .. } if cells.inside => {
                for ((plane, out), constant) in planes.iter().zip(out.iter_mut()).zip(Channels::CONSTANT) {
                    if plane.is_empty() {
                        out.fill(constant);
                        continue;
                    }
                    out.iter_mut().zip(&cells.first[..count]).for_each(|(out, first)| *out = plane[*first as usize]);
                }
            }
            view => {
                for (k, (x, y)) in cells.x.iter().zip(&cells.y).enumerate().take(count) {
                    let place =
                        border(self.edge, (*x).into(), self.width).zip(border(self.edge, (*y).into(), self.height));
                    let pixel = place.map_or([0.0; 4], |(x, y)| view.pixel(x, y));
                    out.iter_mut().zip(pixel).for_each(|(plane, value)| plane[k] = value);
                }
            }
        }
    }

    /// The pixel at each position of a block; nothing is 0.
    fn gather_nearest(&self, pixels: &[[u8; 4]], cells: &Cells, out: &mut [u32]) {
        if cells.inside {
            let taken = out.iter_mut().zip(&cells.first);
            return taken.for_each(|(out, first)| *out = u32::from_le_bytes(pixels[*first as usize]));
        }
        let at = self.places();
        for (out, (x, y)) in out.iter_mut().zip(cells.x.iter().zip(&cells.y)) {
            let place = border(self.edge, (*x).into(), self.width).zip(border(self.edge, (*y).into(), self.height));
            *out = place.map_or(0, |(x, y)| u32::from_le_bytes(pixels[at(x, y)]));
        }
    }

    /// The pixels that the positions of a block lie in.
    fn place_whole(&self, isa: Isa, at: Positions<'_>, scale: f32, count: usize, cells: &mut Cells) {
        with_instructions!(isa, {
            cells.fill_whole(at, scale);
            self.find_inside(count, [0, 0], cells);
        });
    }

    /// Whether taps from `before` pixels before a cell to `behind` pixels behind it lie in the picture.
    #[inline(always)]
    fn holds(&self, x: i32, y: i32, before: i32, behind: i32) -> bool {
        let inside = |v: i32, count: i64| v >= before && i64::from(v) + i64::from(behind) < count;
        inside(x, self.width) && inside(y, self.height)
    }

    /// How far rows are apart in memory, and the pixel that lies there first.
    fn layout(&self) -> (usize, [i32; 2]) {
        match self.view {
            View::U8 { layout, .. } | View::Tabled { layout, .. } | View::Planes { layout, .. } => {
                (layout.stride, [layout.rect.x as i32, layout.rect.y as i32])
            }
            _ => (self.width as usize, [0; 2]),
        }
    }

    /// Where a pixel lies in memory.
    #[inline(always)]
    fn places(&self) -> impl Fn(usize, usize) -> usize + use<> {
        let (stride, [left, top]) = self.layout();
        move |x, y| (y - top as usize) * stride + x - left as usize
    }

    /// The cells of a block whose taps reach from `before` pixels before to `behind` pixels behind.
    fn place(
        &self,
        isa: Isa,
        at: Positions<'_>,
        scale: f32,
        count: usize,
        [before, behind]: [i32; 2],
        cells: &mut Cells,
    ) {
        with_instructions!(isa, {
            cells.fill(at, scale);
            self.find_inside(count, [before, behind], cells);
        });
    }

    /// Whether all taps of a block lie in the picture, and where the first of each is then.
    #[inline(always)]
    fn find_inside(&self, count: usize, [before, behind]: [i32; 2], cells: &mut Cells) {
        let (stride, origin) = self.layout();
        let fits = stride as u64 * self.height as u64 <= u64::from(u32::MAX);
        let ((left, right), (top, bottom)) = (Cells::range(&cells.x[..count]), Cells::range(&cells.y[..count]));
        cells.inside = fits && self.holds(left, top, before, behind) && self.holds(right, bottom, before, behind);
        if cells.inside {
            cells.locate(stride as u32, origin, before);
        }
    }

    fn bilinear_block(
        &self,
        isa: Isa,
        cells: &Cells,
        count: usize,
        (pairs, looked): (&mut codes::Pairs, &mut [Pairs; 3]),
        out: &mut Planes<'_>,
    ) {
        match self.view {
            View::U8 { pixels, .. } => {
                self.gather_pairs(bytemuck::cast_slice(pixels), cells, count, pairs);
                return codes::mix_pairs(isa, pairs, [&cells.fx, &cells.fy], self.unit, out);
            }
            View::Tabled { pixels, table, .. } => {
                self.bilinear_tabled(isa, (pixels, table), cells, count, looked, out);
            }
            View::Planes { planes, .. } => {
                let mut pairs: Pairs = [[[0.0; 2]; BLOCK]; 2];
                let (stride, origin) = self.layout();
                for ((plane, out), constant) in planes.iter().zip(out.iter_mut()).zip(Channels::CONSTANT) {
                    if plane.is_empty() {
                        out.fill(constant);
                        continue;
                    }
                    let [upper, lower] = &mut pairs;
                    self.each_first(cells, count, (stride, origin), [0, 1], |k, first| {
                        upper[k] = two(&plane[first..]);
                        lower[k] = two(&plane[first + stride..]);
                    });
                    with_instructions!(isa, bilinear_plane(&pairs, cells, out));
                }
            }
            View::F32 { pixels, width } => {
                let pixels: &[[f32; 4]] = bytemuck::cast_slice(pixels);
                if self.misses(cells, count) {
                    return out.iter_mut().for_each(|plane| plane.fill(0.0));
                }
                // Whole pixels are mixed in registers of four, and taken apart afterwards.
                let mut mixed = [[0.0f32; 4]; BLOCK];
                with_instructions!(isa, {
                    for (k, mixed) in mixed.iter_mut().enumerate().take(count) {
                        let [[a, b], [c, d]] = if cells.inside {
                            let first = cells.first[k] as usize;
                            [two(&pixels[first..first + 2]), two(&pixels[first + width..first + width + 2])]
                        } else {
                            self.window(cells.x[k], cells.y[k], |at| at.map_or([0.0; 4], |at| pixels[at]))
                        };
                        let (fx, fy) = (cells.fx[k], cells.fy[k]);
                        *mixed = core::array::from_fn(|i| bilinear([a[i], b[i], c[i], d[i]], fx, fy));
                    }
                    for (channel, plane) in out.iter_mut().enumerate() {
                        plane.iter_mut().zip(&mixed).for_each(|(out, mixed)| *out = mixed[channel]);
                    }
                });
                return;
            }
            _ => {}
        }
        // Codes have been brought from beyond the other edges, too.
        let is_tabled = matches!(self.view, View::Tabled { .. });
        let fast = is_tabled || matches!(self.view, View::Planes { .. });
        if fast && (cells.inside || (is_tabled && self.edge != Edge::Transparent)) {
            return;
        }
        for k in 0..count {
            let (x, y) = (cells.x[k], cells.y[k]);
            if !fast || !self.holds(x, y, 0, 1) {
                let pixel = self.bilinear(x.into(), y.into(), [cells.fx[k], cells.fy[k]]);
                let planes = out.iter_mut().zip([pixel.r, pixel.g, pixel.b, pixel.a]);
                planes.for_each(|(plane, value)| plane[k] = value);
            }
        }
    }

    /// The pixel between four.
    fn bilinear(&self, x: i64, y: i64, [fx, fy]: [f32; 2]) -> Rgba<f32> {
        let taps = [self.raw(x, y), self.raw(x + 1, y), self.raw(x, y + 1), self.raw(x + 1, y + 1)];
        let channel = |c: usize| bilinear(taps.map(|tap| tap[c]), fx, fy) * self.unit;
        Rgba::new(channel(0), channel(1), channel(2), channel(3))
    }

    /// Whether no tap of the first `count` positions can lie in the picture, and what does not is nothing.
    fn misses(&self, cells: &Cells, count: usize) -> bool {
        let beyond = |cells: &[i32], size: i64| {
            let (low, high) = Cells::range(cells);
            i64::from(high) < -2 || i64::from(low) > size
        };
        self.edge == Edge::Transparent
            && (beyond(&cells.x[..count], self.width) || beyond(&cells.y[..count], self.height))
    }

    /// The two pixels from a cell on, and the two below them, by `read` of their places in memory.
    #[inline(always)]
    fn window<T: Copy>(&self, x: i32, y: i32, read: impl Fn(Option<usize>) -> T) -> [[T; 2]; 2] {
        let place = self.places();
        if self.holds(x, y, 0, 1) {
            let (at, below) = (place(x as usize, y as usize), place(x as usize, y as usize + 1));
            return [[read(Some(at)), read(Some(at + 1))], [read(Some(below)), read(Some(below + 1))]];
        }
        let column = |x: i32| border(self.edge, x.into(), self.width);
        let row = |y: i32| border(self.edge, y.into(), self.height);
        let (left, right, upper, lower) = (column(x), column(x + 1), row(y), row(y + 1));
        let at = |y: Option<usize>, x: Option<usize>| read(y.zip(x).map(|(y, x)| place(x, y)));
        [[at(upper, left), at(upper, right)], [at(lower, left), at(lower, right)]]
    }

    /// The four pixels of row `y` around a cell, by `read` of their places in memory.
    #[inline(always)]
    fn line<T: Copy>(&self, x: i32, y: i32, read: impl Fn(Option<usize>) -> T) -> [T; 4] {
        let (place, row) = (self.places(), border(self.edge, y.into(), self.height));
        [x - 1, x, x + 1, x + 2]
            .map(|x| read(row.zip(border(self.edge, x.into(), self.width)).map(|(y, x)| place(x, y))))
    }

    /// Where the samples of each position of a block begin whose taps, from `before` pixels before to `behind` pixels
    /// behind, lie in the picture.
    #[inline(always)]
    fn each_first(
        &self,
        cells: &Cells,
        count: usize,
        (stride, [left, top]): (usize, [i32; 2]),
        [before, behind]: [i32; 2],
        mut take: impl FnMut(usize, usize),
    ) {
        if cells.inside {
            return cells.first[..count].iter().enumerate().for_each(|(k, first)| take(k, *first as usize));
        }
        for k in (0..count).filter(|k| self.holds(cells.x[*k], cells.y[*k], before, behind)) {
            let (x, y) = (cells.x[k] - before - left, cells.y[k] - before - top);
            take(k, y as usize * stride + x as usize);
        }
    }

    fn bicubic_block(
        &self,
        isa: Isa,
        cells: &Cells,
        count: usize,
        (fours, taps): (&mut codes::Fours, &mut [Taps<4>; 2]),
        out: &mut Planes<'_>,
    ) {
        let [wx, wy] = taps;
        with_instructions!(isa, {
            weights(&cells.fx, wx);
            weights(&cells.fy, wy);
        });
        match self.view {
            View::U8 { pixels, .. } => {
                self.gather_fours(bytemuck::cast_slice(pixels), cells, count, fours);
                return codes::mix_fours(isa, fours, [wx, wy], self.unit, out);
            }
            View::Planes { planes, .. } => {
                let mut fours = [[[0.0; 4]; BLOCK]; 4];
                let (stride, origin) = self.layout();
                for ((plane, out), constant) in planes.iter().zip(out.iter_mut()).zip(Channels::CONSTANT) {
                    if plane.is_empty() {
                        out.fill(constant);
                        continue;
                    }
                    self.each_first(cells, count, (stride, origin), [1, 2], |k, first| {
                        for (row, fours) in fours.iter_mut().enumerate() {
                            fours[k].copy_from_slice(&plane[first + row * stride..][..4]);
                        }
                    });
                    floats::mix_fours(isa, &fours, [wx, wy], out);
                }
            }
            View::F32 { pixels, width } => {
                let pixels: &[[f32; 4]] = bytemuck::cast_slice(pixels);
                let mut mixed = [[0.0f32; 4]; BLOCK];
                with_instructions!(isa, {
                    self.each_first(cells, count, (*width, [0; 2]), [1, 2], |k, first| {
                        mixed[k] = floats::mix_pixels(&pixels[first..], *width, k, [wx, wy]);
                    });
                    for (channel, plane) in out.iter_mut().enumerate() {
                        plane.iter_mut().zip(&mixed).for_each(|(out, mixed)| *out = mixed[channel]);
                    }
                });
            }
            _ => {}
        }
        let fast = matches!(self.view, View::Planes { .. } | View::F32 { .. });
        if fast && cells.inside {
            return;
        }
        for k in 0..count {
            let (x, y) = (cells.x[k], cells.y[k]);
            if !fast || !self.holds(x, y, 1, 2) {
                let pixel = self.bicubic(x.into(), y.into(), wx.map(|w| w[k]), wy.map(|w| w[k]));
                let planes = out.iter_mut().zip(pixel);
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

#[inline(always)]
fn two<T: Copy>(samples: &[T]) -> [T; 2] {
    [samples[..2][0], samples[..2][1]]
}

#[inline(always)]
fn bilinear_plane([upper, lower]: &Pairs, cells: &Cells, out: &mut [f32; BLOCK]) {
    for k in 0..BLOCK {
        out[k] = bilinear([upper[k][0], upper[k][1], lower[k][0], lower[k][1]], cells.fx[k], cells.fy[k]);
    }
}

/// The weights of the four taps around fractions: the Keys kernel with a = −½.
#[inline(always)]
fn weights(fractions: &[f32; BLOCK], out: &mut Taps<4>) {
    let near = |x: f32| (1.5 * x - 2.5) * x * x + 1.0;
    let far = |x: f32| ((-0.5 * x + 2.5) * x - 4.0) * x + 2.0;
    for k in 0..BLOCK {
        let f = fractions[k];
        (out[0][k], out[1][k], out[2][k], out[3][k]) = (far(1.0 + f), near(f), near(1.0 - f), far(2.0 - f));
    }
}
