//! Posterize.

use crate::effect::{Point, Setup};
use crate::lane::{At, Lane, Rgba, color::GUARD};
use bowerbird_derive::{Params, effect};

/// Leaves only a few levels of each channel; source: SVG `feComponentTransfer`, discrete.
#[derive(Clone, Debug, PartialEq, Params)]
#[effect(id = "posterize", label = "Posterize", family = "color", domain = "D", switchable)]
pub struct Posterize {
    /// How many levels remain.
    #[param(default = 4, soft = (2.0, 16.0), hard = (2.0, 256.0), step = 1.0)]
    pub levels: i32,
}

#[effect]
impl Point<1> for Posterize {
    fn prepare(&self, _: &Setup) -> [f64; 1] {
        [f64::from(self.levels)]
    }
    fn pixel<L: Lane>([levels]: [L; 1], c: Rgba<L>, _: &At<'_, L>) -> Rgba<L> {
        let top = levels - 1.0;
        c.rgb(|v| (v.clamp01() * levels + GUARD).floor().min(top) / top)
    }
}
