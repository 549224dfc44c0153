//! Film grain.

use crate::effect::{Point, Setup};
use crate::lane::noise::{gauss, join_key, key, pcg3d, split_key};
use crate::lane::{At, Lane, Rgba, Word};
use crate::param::{Length, Seed};
use bowerbird_derive::{Params, effect};

/// Adds the grain of film: strongest in the middle tones, the same for the same seed.
#[derive(Clone, Debug, PartialEq, Params)]
#[effect(id = "grain", label = "Film grain", family = "noise", domain = "D")]
pub struct Grain {
    /// How strong the grain is.
    #[param(default = 0.15, soft = (0.0, 1.0), hard = (0.0, 4.0))]
    pub amount: f64,
    /// The size of a grain, at least one pixel.
    #[param(default = 0.001, soft = (0.0005, 0.005), hard = (0.0, 0.1))]
    pub size: Length,
    /// How much the shadows and the lights are spared.
    #[param(default = 0.5, range = (0.0, 1.0))]
    pub midtones: f64,
    /// Whether all channels get the same grain.
    #[param(default = true)]
    pub monochrome: bool,
    /// Whether each frame of a film gets its own grain.
    #[param(default = true)]
    pub animate: bool,
    /// Another seed is another grain.
    #[param(default = 7)]
    pub seed: Seed,
}

/// The streams of red, green and blue.
const SALTS: [u32; 3] = [0x6772, 0x6773, 0x6774];

#[effect]
impl Point<9> for Grain {
    /// Whether all channels get the same grain.
    type Variant = bool;
    fn variant(&self, _: &Setup) -> bool {
        self.monochrome
    }
    fn identity(&self) -> bool {
        self.amount == 0.0
    }
    fn prepare(&self, setup: &Setup) -> [f64; 9] {
        let frame = if self.animate { setup.index } else { 0 };
        let [r, g, b] = SALTS.map(|salt| split_key(key(self.seed.0, frame, salt)));
        let size = self.size.full(setup).max(1.0);
        [0.25 * self.amount, self.midtones, size, r[0], r[1], g[0], g[1], b[0], b[1]]
    }
    fn pixel<L: Lane>(monochrome: bool, u: [L; 9], c: Rgba<L>, at: &At<'_, L>) -> Rgba<L> {
        let luma = c.luma().clamp01();
        let middle = luma * (luma.lit(1.0) - luma) * 4.0;
        let weight = u[0] * luma.lit(1.0).lerp(middle, u[1]);
        let noise = |stream: usize| {
            let key: L::Word = join_key(u[3 + 2 * stream], u[4 + 2 * stream]);
            grain(at, u[2], key)
        };
        let red = noise(0);
        let (green, blue) = if monochrome { (red, red) } else { (noise(1), noise(2)) };
        Rgba { r: c.r + weight * red, g: c.g + weight * green, b: c.b + weight * blue, a: c.a }
    }
}

/// Normal noise on a lattice of the given cell size, of the same variance everywhere.
#[inline(always)]
fn grain<L: Lane>(at: &At<'_, L>, size: L, key: L::Word) -> L {
    if size.known(1.0) {
        return gauss(pcg3d(at.column, at.row, key));
    }
    let (x, y) = (at.column.to_float_signed() / size, at.row.to_float_signed() / size);
    let (left, top) = (x.floor(), y.floor());
    let (fx, fy) = (x - left, y - top);
    let (i, j) = (left.to_int(), top.to_int());
    let one = x.lit(1.0);
    let corner = crate::lane::inlined(#[inline(always)] |a: u32, b: u32| gauss(pcg3d(i.add(i.lit(a)), j.add(j.lit(b)), key)));
    let weights = [(one - fx) * (one - fy), fx * (one - fy), (one - fx) * fy, fx * fy];
    let sum = weights[0] * corner(0, 0) + weights[1] * corner(1, 0) + weights[2] * corner(0, 1) + weights[3] * corner(1, 1);
    let [a, b, c, d] = weights;
    sum / (a * a + b * b + c * c + d * d).sqrt()
}
