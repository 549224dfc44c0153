//! The bicubic filter.

use super::cells::Cells;
use super::{BLOCK, Picture, Planes, Taps, View, codes, floats};
use crate::effect::Isa;
use crate::graph::Channels;

impl Picture<'_> {
    pub(super) fn bicubic_block(
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
            View::U16 { pixels, width } => {
                let pixels: &[[u16; 4]] = bytemuck::cast_slice(pixels);
                with_instructions!(isa, self.bicubic_whole((pixels, *width), cells, count, [wx, wy], out));
            }
            View::F32 { pixels, width } => {
                let pixels: &[[f32; 4]] = bytemuck::cast_slice(pixels);
                with_instructions!(isa, self.bicubic_whole((pixels, *width), cells, count, [wx, wy], out));
            }
            View::Words { .. } | View::Tabled { .. } | View::Empty => {}
        }
        let fast = matches!(self.view, View::Planes { .. } | View::U16 { .. } | View::F32 { .. });
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

    /// Weighs whole pixels, where all sixteen lie in the picture, and takes them apart afterwards.
    #[inline(always)]
    fn bicubic_whole<T: Copy + Into<f32>>(
        &self,
        (pixels, width): (&[[T; 4]], usize),
        cells: &Cells,
        count: usize,
        [wx, wy]: [&Taps<4>; 2],
        out: &mut Planes<'_>,
    ) {
        let mut mixed = [[0.0f32; 4]; BLOCK];
        self.each_first(cells, count, (width, [0; 2]), [1, 2], |k, first| {
            mixed[k] = floats::mix_pixels(&pixels[first..], width, k, [wx, wy]);
        });
        for (channel, plane) in out.iter_mut().enumerate() {
            plane.iter_mut().zip(&mixed).for_each(|(out, mixed)| *out = mixed[channel] * self.unit);
        }
    }

    pub(super) fn bicubic(&self, x: i64, y: i64, wx: [f32; 4], wy: [f32; 4]) -> [f32; 4] {
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

/// The weights of the four taps around fractions: the Keys kernel with a = −½.
#[inline(always)]
pub(super) fn weights(fractions: &[f32; BLOCK], out: &mut Taps<4>) {
    let near = |x: f32| (1.5 * x - 2.5) * x * x + 1.0;
    let far = |x: f32| ((-0.5 * x + 2.5) * x - 4.0) * x + 2.0;
    for k in 0..BLOCK {
        let f = fractions[k];
        (out[0][k], out[1][k], out[2][k], out[3][k]) = (far(1.0 + f), near(f), near(1.0 - f), far(2.0 - f));
    }
}
