//! How far apart neighbors are to the domain transform: by a pixel, and by their difference of color.

use super::walk::PAD;
use crate::effect::{Isa, TILE};
use crate::lane::{Lane, Wide};
use fearless_simd::{Simd, dispatch};

/// A row of a chunk; a register may be loaded past its end.
pub(super) type Row = [f32; TILE + PAD];

/// What distances from neighbors become.
#[derive(Clone, Copy, Debug)]
pub(super) struct Apart {
    /// How many pixels a difference of colors by 1 stands for.
    pub(super) color: f32,
    /// A weight is 2 to the power of this times the distance; without it the distance itself is kept.
    pub(super) falloff: Option<f32>,
}

impl Apart {
    /// A row of distances or weights between two rows of colors.
    pub(super) fn row(self, isa: Isa, here: [&[f32]; 3], there: [&[f32]; 3], count: usize, out: &mut Row) {
        match isa {
            Isa::Scalar => {
                for (i, out) in out.iter_mut().enumerate().take(count) {
                    *out = self.of(here.map(|row| row[i]), there.map(|row| row[i]));
                }
            }
            Isa::Simd(level) => dispatch!(level, simd => self.wide(simd, here, there, count, out)),
        }
    }

    #[inline(always)]
    fn wide<S: Simd>(self, simd: S, here: [&[f32]; 3], there: [&[f32]; 3], count: usize, out: &mut Row) {
        for i in (0..count).step_by(Wide::<S>::LEN) {
            let [a, b, c] = here;
            let here = [Wide::load(simd, &a[i..]), Wide::load(simd, &b[i..]), Wide::load(simd, &c[i..])];
            let [a, b, c] = there;
            let there = [Wide::load(simd, &a[i..]), Wide::load(simd, &b[i..]), Wide::load(simd, &c[i..])];
            self.of(here, there).store(&mut out[i..]);
        }
    }

    /// 1 + the sum of the differences, or the weight that stands for it.
    #[inline(always)]
    fn of<L: Lane>(self, [r, g, b]: [L; 3], [r0, g0, b0]: [L; 3]) -> L {
        /// Weights below 2 to the power of this are 0, so that no denormal number is ever met.
        const LEAST: f32 = -40.0;
        let distance = ((r - r0).abs() + (g - g0).abs() + (b - b0).abs()) * self.color + 1.0;
        let Some(falloff) = self.falloff else { return distance };
        let exponent = distance * falloff;
        let least = r.lit(LEAST);
        L::pick(exponent.lt(least), r.lit(0.0), exponent.max(least).exp2())
    }
}
