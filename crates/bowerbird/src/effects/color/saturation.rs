//! Saturation.

use crate::effect::{Point, Setup};
use crate::lane::{At, Lane, Rgba};
use bowerbird_derive::{Params, effect};

/// Moves colors away from or towards gray; source: Filter Effects 1, `saturate()`.
#[derive(Clone, Debug, PartialEq, Params)]
#[effect(id = "saturation", label = "Saturation", family = "color", domain = "D", switchable)]
pub struct Saturation {
    /// 0 is gray, 1 changes nothing.
    #[param(default = 1.0, soft = (0.0, 2.0), hard = (0.0, 16.0))]
    pub amount: f64,
}

#[effect]
impl Point<1> for Saturation {
    fn identity(&self) -> bool {
        self.amount == 1.0
    }
    fn prepare(&self, _: &Setup) -> [f64; 1] {
        [self.amount]
    }
    fn pixel<L: Lane>([amount]: [L; 1], c: Rgba<L>, _: &At<'_, L>) -> Rgba<L> {
        let luma = c.luma();
        c.rgb(|v| luma.lerp(v, amount))
    }
}
