//! Contrast about a pivot.

use crate::effect::{Point, Setup};
use crate::lane::{At, Lane, Rgba};
use bowerbird_derive::{Params, effect};

/// Spreads the values about a pivot; source: Filter Effects 1, `contrast()`.
#[derive(Clone, Debug, PartialEq, Params)]
#[effect(id = "contrast", label = "Contrast", family = "tone", domain = "D", switchable)]
pub struct Contrast {
    /// The factor; 1 changes nothing.
    #[param(default = 1.0, soft = (0.0, 2.0), hard = (0.0, 16.0))]
    pub amount: f64,
    /// The value that stays.
    #[param(default = 0.5, range = (0.0, 1.0))]
    pub pivot: f64,
}

#[effect]
impl Point<2> for Contrast {
    fn identity(&self) -> bool {
        self.amount == 1.0
    }
    fn prepare(&self, _: &Setup) -> [f64; 2] {
        [self.amount, self.pivot]
    }
    fn pixel<L: Lane>([amount, pivot]: [L; 2], c: Rgba<L>, _: &At<'_, L>) -> Rgba<L> {
        c.rgb(|v| (v - pivot) * amount + pivot)
    }
}
