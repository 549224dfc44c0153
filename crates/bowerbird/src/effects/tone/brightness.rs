//! Brightness as a slope and an offset.

use crate::effect::{Point, Setup};
use crate::lane::{At, Lane, Rgba};
use bowerbird_derive::{Params, effect};

/// Multiplies and shifts the values; source: Filter Effects 1, `brightness()`.
#[derive(Clone, Debug, PartialEq, Params)]
#[effect(id = "brightness", label = "Brightness", family = "tone", domain = "D", switchable)]
pub struct Brightness {
    /// The factor; 1 changes nothing.
    #[param(default = 1.0, soft = (0.0, 2.0), hard = (0.0, 16.0))]
    pub scale: f64,
    /// What is added afterwards.
    #[param(default = 0.0, soft = (-0.5, 0.5), hard = (-1.0, 1.0))]
    pub offset: f64,
}

#[effect]
impl Point<2> for Brightness {
    fn identity(&self) -> bool {
        self.scale == 1.0 && self.offset == 0.0
    }
    fn prepare(&self, _: &Setup) -> [f64; 2] {
        [self.scale, self.offset]
    }
    fn pixel<L: Lane>([scale, offset]: [L; 2], c: Rgba<L>, _: &At<'_, L>) -> Rgba<L> {
        c.rgb(|v| v * scale + offset)
    }
}
