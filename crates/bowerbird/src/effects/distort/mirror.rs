//! Mirror.

use crate::effect::{Edge, Filter, Sampler, Setup, Warp};
use crate::lane::{At, Lane};
use crate::param::{Angle, Position};
use bowerbird_derive::{Params, effect};

/// Reflects one side of the picture onto the other; upright, the left side is kept.
#[derive(Clone, Debug, PartialEq, Params)]
#[effect(id = "mirror", label = "Mirror", family = "distort", domain = "L", switchable)]
pub struct Mirror {
    /// A point of the mirror.
    pub center: Position,
    /// The direction of the mirror.
    #[param(default = 90.0, soft = (-180.0, 180.0), unit = "°")]
    pub angle: Angle,
    /// How pixels between pixels are read.
    pub sampling: Filter,
    /// What lies beyond the edge.
    pub edge: Edge,
    /// The output is the mean of n × n positions within each pixel.
    #[param(default = 1, range = (1.0, 4.0), step = 1.0)]
    pub supersample: i32,
}

#[effect]
impl Warp<4> for Mirror {
    fn sampler(&self) -> Sampler {
        Sampler { filter: self.sampling, edge: self.edge, supersample: self.supersample.unsigned_abs() }
    }
    fn prepare(&self, setup: &Setup) -> [f64; 4] {
        let [x, y] = self.center.pixels(setup);
        let (sin, cos) = self.angle.0.to_radians().sin_cos();
        // A quarter turn from the direction of the mirror; y grows down.
        [x, y, -sin, -cos]
    }
    fn source<L: Lane>([cx, cy, nx, ny]: [L; 4], at: &At<'_, L>) -> [L; 2] {
        let distance = (at.x - cx) * nx + (at.y - cy) * ny;
        let back = distance.min(distance.lit(0.0)) * 2.0;
        [at.x - back * nx, at.y - back * ny]
    }
}
