//! Fine sharpening from the four neighbors.

use crate::effect::{Setup, Stencil, Taps};
use crate::lane::{At, Lane, Rgba, color::LEAST_ALPHA};
use bowerbird_derive::{Params, effect};

/// Sharpens the finest detail; negative amounts soften it.
#[derive(Clone, Debug, PartialEq, Params)]
#[effect(id = "sharpen", label = "Sharpen (fine)", family = "sharpen", domain = "D", switchable, pixel_scale)]
pub struct Sharpen {
    /// How much of the difference from the neighbors is added.
    #[param(default = 0.5, soft = (0.0, 2.0), hard = (-1.0, 8.0))]
    pub amount: f64,
}

#[effect]
impl Stencil<1> for Sharpen {
    const RADIUS: usize = 1;
    fn identity(&self) -> bool {
        self.amount == 0.0
    }
    fn prepare(&self, _: &Setup) -> [f64; 1] {
        [self.amount]
    }
    fn pixel<L: Lane, T: Taps<L>>([amount]: [L; 1], tap: &T, _: &At<'_, L>) -> Rgba<L> {
        let c = tap.at(0, 0);
        let (left, right, up, down) = (tap.at(-1, 0), tap.at(1, 0), tap.at(0, -1), tap.at(0, 1));
        let weight = left.a + right.a + up.a + down.a;
        let seen = weight.gt(weight.lit(LEAST_ALPHA));
        let divisor = L::pick(seen, weight, weight.lit(1.0));
        let sharpen = |c: L, l: L, r: L, u: L, d: L| {
            let mean = (l * left.a + r * right.a + u * up.a + d * down.a) / divisor;
            c + amount * (c - L::pick(seen, mean, c))
        };
        Rgba {
            r: sharpen(c.r, left.r, right.r, up.r, down.r),
            g: sharpen(c.g, left.g, right.g, up.g, down.g),
            b: sharpen(c.b, left.b, right.b, up.b, down.b),
            a: c.a,
        }
    }
}
