//! Vibrance.

use crate::effect::{Point, Setup};
use crate::lane::{At, Lane, Rgba};
use bowerbird_derive::{Params, effect};

/// Saturates the pale colors and spares the strong ones.
#[derive(Clone, Debug, PartialEq, Params)]
#[effect(id = "vibrance", label = "Vibrance", family = "color", domain = "D", switchable)]
pub struct Vibrance {
    /// 0 changes nothing; negative values fade the pale colors.
    #[param(default = 0.0, soft = (-1.0, 1.0), hard = (-2.0, 4.0))]
    pub amount: f64,
}

#[effect]
impl Point<1> for Vibrance {
    fn identity(&self) -> bool {
        self.amount == 0.0
    }
    fn prepare(&self, _: &Setup) -> [f64; 1] {
        [self.amount]
    }
    fn pixel<L: Lane>([amount]: [L; 1], c: Rgba<L>, _: &At<'_, L>) -> Rgba<L> {
        let luma = c.luma();
        let spread = (c.max_rgb() - c.min_rgb()).clamp01();
        let factor = amount * (amount.lit(1.0) - spread) + 1.0;
        c.rgb(|v| luma.lerp(v, factor))
    }
}
