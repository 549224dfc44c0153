//! A mask by brightness.

use crate::effect::{Point, Setup};
use crate::lane::{At, Lane, Rgba};
use bowerbird_derive::{Params, effect};

/// Selects a range of brightness, as a mask that of what reaches its step.
#[derive(Clone, Debug, PartialEq, Params)]
#[effect(id = "mask_luma", label = "Luma range", family = "mask", domain = "D")]
pub struct MaskLuma {
    /// The darkest luma that is wholly selected.
    #[param(default = 0.5, soft = (0.0, 1.0), hard = (-1.0, 4.0))]
    pub low: f64,
    /// The brightest luma that is wholly selected.
    #[param(default = 1.0, soft = (0.0, 1.0), hard = (-1.0, 4.0))]
    pub high: f64,
    /// Over what distance the selection fades on both sides.
    #[param(default = 0.1, range = (0.0, 1.0))]
    pub softness: f64,
    /// Whether the rest is selected instead.
    pub invert: bool,
}

#[effect]
impl Point<3> for MaskLuma {
    type Variant = bool;
    fn variant(&self, _: &Setup) -> bool {
        self.invert
    }
    fn prepare(&self, _: &Setup) -> [f64; 3] {
        [self.low, self.high, self.softness]
    }
    fn pixel<L: Lane>(invert: bool, [low, high, softness]: [L; 3], c: Rgba<L>, _: &At<'_, L>) -> Rgba<L> {
        let luma = c.luma();
        let one = luma.lit(1.0);
        let soft = luma.smoothstep(low - softness, low) * (one - luma.smoothstep(high, high + softness));
        let hard = L::pick(luma.ge(low) & luma.le(high), one, luma.lit(0.0));
        let matte = L::pick(softness.le(luma.lit(0.0)), hard, soft);
        let matte = if invert { one - matte } else { matte };
        Rgba::gray(matte * c.a, one)
    }
}
