//! Gamma.

use crate::effect::{Point, Setup};
use crate::lane::{At, Lane, Rgba};
use bowerbird_derive::{Params, effect};

/// Bends the middle tones and leaves black and white.
#[derive(Clone, Debug, PartialEq, Params)]
#[effect(id = "gamma", label = "Gamma", family = "tone", domain = "D", switchable)]
pub struct Gamma {
    /// Above 1 brightens, below 1 darkens.
    #[param(default = 1.0, soft = (0.2, 5.0), hard = (0.01, 100.0))]
    pub gamma: f64,
}

#[effect]
impl Point<1> for Gamma {
    fn identity(&self) -> bool {
        self.gamma == 1.0
    }
    fn prepare(&self, _: &Setup) -> [f64; 1] {
        [1.0 / self.gamma]
    }
    fn pixel<L: Lane>([exponent]: [L; 1], c: Rgba<L>, _: &At<'_, L>) -> Rgba<L> {
        c.rgb(|v| v.signed_pow(exponent))
    }
}
