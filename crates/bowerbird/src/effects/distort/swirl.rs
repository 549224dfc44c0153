//! Swirl.

use crate::effect::{Edge, Filter, Sampler, Setup, Warp};
use crate::lane::{At, Lane};
use crate::param::{Angle, Length, Position};
use bowerbird_derive::{Choice, Params, effect};

/// How the turn fades with the distance from the center.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Choice)]
pub enum Falloff {
    /// To nothing at the radius.
    Quadratic,
    /// Exponentially, past the radius.
    Exponential,
}

/// Turns the picture about a point, most at the middle.
#[derive(Clone, Debug, PartialEq, Params)]
#[effect(id = "swirl", label = "Swirl", family = "distort", domain = "L", switchable)]
pub struct Swirl {
    /// The middle of the swirl.
    pub center: Position,
    /// Where the swirl ends.
    #[param(default = 0.4, soft = (0.05, 0.7), hard = (0.0, 4.0))]
    pub radius: Length,
    /// The turn at the middle, counter-clockwise.
    #[param(default = 120.0, soft = (-360.0, 360.0), hard = (-3600.0, 3600.0), unit = "°")]
    pub angle: Angle,
    /// How the turn fades with the distance from the center.
    pub falloff: Falloff,
    /// How pixels between pixels are read.
    pub sampling: Filter,
    /// What lies beyond the edge.
    pub edge: Edge,
    /// The output is the mean of n × n positions within each pixel.
    #[param(default = 1, range = (1.0, 4.0), step = 1.0)]
    pub supersample: i32,
}

#[effect]
impl Warp<4> for Swirl {
    type Variant = Falloff;
    fn variant(&self, _: &Setup) -> Falloff {
        self.falloff
    }
    fn identity(&self) -> bool {
        self.angle.0 == 0.0 || self.radius.is_zero()
    }
    fn sampler(&self) -> Sampler {
        Sampler { filter: self.sampling, edge: self.edge, supersample: self.supersample.unsigned_abs() }
    }
    fn prepare(&self, setup: &Setup) -> [f64; 4] {
        let [x, y] = self.center.pixels(setup);
        let reach = match self.falloff {
            Falloff::Quadratic => 1.0 / self.radius.full(setup),
            // e^(−5r/(R·ln 2)) as a power of two
            Falloff::Exponential => -5.0 / (self.radius.full(setup) * core::f64::consts::LN_2.powi(2)),
        };
        let reach = if reach.is_finite() { reach } else { 0.0 };
        [x, y, reach, self.angle.0.to_radians()]
    }
    fn source<L: Lane>(falloff: Falloff, [cx, cy, reach, angle]: [L; 4], at: &At<'_, L>) -> [L; 2] {
        let (x, y) = (at.x - cx, at.y - cy);
        let r = (x * x + y * y).sqrt();
        let fade = match falloff {
            Falloff::Quadratic => {
                let rest = (r.lit(1.0) - r * reach).max(r.lit(0.0));
                rest * rest
            }
            Falloff::Exponential => (r * reach).exp2(),
        };
        let turn = -(angle * fade);
        let (sin, cos) = (turn.sin(), turn.cos());
        [cx + (x * cos + y * sin), cy + (y * cos - x * sin)]
    }
}
