//! Bulge.

use crate::effect::{Edge, Filter, Sampler, Setup, Warp};
use crate::lane::{At, Lane};
use crate::param::{Length, Position};
use bowerbird_derive::{Params, effect};

/// Swells the picture about a point; one-to-one over the whole range of its amount.
#[derive(Clone, Debug, PartialEq, Params)]
#[effect(id = "bulge", label = "Bulge", family = "distort", domain = "L", switchable)]
pub struct Bulge {
    /// The middle of the bulge.
    pub center: Position,
    /// Where the bulge ends.
    #[param(default = 0.35, soft = (0.05, 0.7), hard = (0.0, 4.0))]
    pub radius: Length,
    /// How strong it is at the middle.
    #[param(default = 0.5, soft = (0.0, 0.9), hard = (0.0, 0.95))]
    pub amount: f64,
    /// How pixels between pixels are read.
    pub sampling: Filter,
    /// What lies beyond the edge.
    pub edge: Edge,
    /// The output is the mean of n × n positions within each pixel.
    #[param(default = 1, range = (1.0, 4.0), step = 1.0)]
    pub supersample: i32,
}

#[effect]
impl Warp<5> for Bulge {
    fn identity(&self) -> bool {
        self.amount == 0.0
    }
    fn sampler(&self) -> Sampler {
        Sampler { filter: self.sampling, edge: self.edge, supersample: self.supersample.unsigned_abs() }
    }
    fn prepare(&self, setup: &Setup) -> [f64; 5] {
        let [x, y] = self.center.pixels(setup);
        let radius = self.radius.full(setup);
        let inverse = if radius > 0.0 { 1.0 / radius } else { 0.0 };
        [x, y, radius, inverse, -self.amount]
    }
    fn source<L: Lane>([cx, cy, radius, inverse, amount]: [L; 5], at: &At<'_, L>) -> [L; 2] {
        let (x, y) = (at.x - cx, at.y - cy);
        let r = (x * x + y * y).sqrt();
        let part = r * inverse;
        let rest = part.lit(1.0) - part * part;
        let fade = L::pick(r.lt(radius), rest * rest, rest.lit(0.0));
        let factor = fade * amount + 1.0;
        [cx + x * factor, cy + y * factor]
    }
}
