//! Exposure, in photographic stops.

use crate::effect::{Point, Setup};
use crate::lane::{At, Lane, Rgba};
use bowerbird_derive::{Params, effect};

/// Brightens or darkens as a camera's exposure would.
#[derive(Clone, Debug, PartialEq, Params)]
#[effect(id = "exposure", label = "Exposure", family = "tone", domain = "L")]
pub struct Exposure {
    /// Change of light; one stop doubles it.
    #[param(default = 0.0, soft = (-5.0, 5.0), hard = (-16.0, 16.0), unit = "stops", label = "Exposure")]
    pub ev: f64,
}

#[effect]
impl Point<1> for Exposure {
    fn identity(&self) -> bool {
        self.ev == 0.0
    }
    fn prepare(&self, _: &Setup) -> [f64; 1] {
        [self.ev.exp2()]
    }
    fn pixel<L: Lane>([gain]: [L; 1], c: Rgba<L>, _: &At<'_, L>) -> Rgba<L> {
        c.rgb(|v| v * gain)
    }
}
