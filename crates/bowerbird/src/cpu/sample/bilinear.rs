//! The bilinear filter.

use super::cells::Cells;
use super::{BLOCK, Pairs, Picture, Planes, View, codes, two, words};
use crate::effect::{Edge, Isa};
use crate::graph::Channels;
use crate::lane::Rgba;

impl Picture<'_> {
    pub(super) fn bilinear_block(
        &self,
        isa: Isa,
        cells: &Cells,
        count: usize,
        (pairs, looked, words): (&mut codes::Pairs, &mut [Pairs; 3], &mut words::Pairs),
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
            View::U16 { pixels, width } => {
                let pixels: &[[u16; 4]] = bytemuck::cast_slice(pixels);
                return with_instructions!(isa, self.bilinear_whole((pixels, *width), cells, count, out));
            }
            View::F32 { pixels, width } => {
                let pixels: &[[f32; 4]] = bytemuck::cast_slice(pixels);
                return with_instructions!(isa, self.bilinear_whole((pixels, *width), cells, count, out));
            }
            View::Words { pixels, scale, .. } => {
                words::gather(self, bytemuck::cast_slice(pixels), cells, count, words);
                return words::mix(isa, words, [&cells.fx, &cells.fy], *scale, out);
            }
            View::Empty => {}
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

    /// Mixes whole pixels in registers of four, and takes them apart afterwards.
    #[inline(always)]
    fn bilinear_whole<T: Copy + Default + Into<f32>>(
        &self,
        (pixels, width): (&[[T; 4]], usize),
        cells: &Cells,
        count: usize,
        out: &mut Planes<'_>,
    ) {
        if self.misses(cells, count) {
            return out.iter_mut().for_each(|plane| plane.fill(0.0));
        }
        let mut mixed = [[0.0f32; 4]; BLOCK];
        for (k, mixed) in mixed.iter_mut().enumerate().take(count) {
            let [[a, b], [c, d]] = if cells.inside {
                let first = cells.first[k] as usize;
                [two(&pixels[first..first + 2]), two(&pixels[first + width..first + width + 2])]
            } else {
                self.window(cells.x[k], cells.y[k], |at| at.map_or([T::default(); 4], |at| pixels[at]))
            };
            let (fx, fy) = (cells.fx[k], cells.fy[k]);
            for i in 0..4 {
                mixed[i] = bilinear([a[i].into(), b[i].into(), c[i].into(), d[i].into()], fx, fy);
            }
        }
        for (channel, plane) in out.iter_mut().enumerate() {
            plane.iter_mut().zip(&mixed).for_each(|(out, mixed)| *out = mixed[channel] * self.unit);
        }
    }

    /// The pixel between four.
    pub(super) fn bilinear(&self, x: i64, y: i64, [fx, fy]: [f32; 2]) -> Rgba<f32> {
        let taps = [self.raw(x, y), self.raw(x + 1, y), self.raw(x, y + 1), self.raw(x + 1, y + 1)];
        let channel = |c: usize| bilinear(taps.map(|tap| tap[c]), fx, fy) * self.unit;
        Rgba::new(channel(0), channel(1), channel(2), channel(3))
    }
}

#[inline(always)]
pub(super) fn bilinear([a, b, c, d]: [f32; 4], fx: f32, fy: f32) -> f32 {
    let mix = |a: f32, b: f32, t: f32| a * (1.0 - t) + b * t;
    mix(mix(a, b, fx), mix(c, d, fx), fy)
}

#[inline(always)]
pub(super) fn bilinear_plane([upper, lower]: &Pairs, cells: &Cells, out: &mut [f32; BLOCK]) {
    for k in 0..BLOCK {
        out[k] = bilinear([upper[k][0], upper[k][1], lower[k][0], lower[k][1]], cells.fx[k], cells.fy[k]);
    }
}
