//! The negative.

use crate::effect::{Point, Setup};
use crate::lane::{At, Lane, Rgba};
use bowerbird_derive::{Params, effect};

/// Turns the picture into its negative; source: Filter Effects 1, `invert()`.
#[derive(Clone, Debug, PartialEq, Params)]
#[effect(id = "invert", label = "Invert", family = "color", domain = "D", switchable)]
pub struct Invert {
    /// 0 changes nothing, 1 is the negative.
    #[param(default = 1.0, range = (0.0, 1.0))]
    pub amount: f64,
}

#[effect]
impl Point<1> for Invert {
    fn identity(&self) -> bool {
        self.amount == 0.0
    }
    fn prepare(&self, _: &Setup) -> [f64; 1] {
        [self.amount]
    }
    fn pixel<L: Lane>([amount]: [L; 1], c: Rgba<L>, _: &At<'_, L>) -> Rgba<L> {
        c.rgb(|v| v + amount * (v.lit(1.0) - v * 2.0))
    }
}
