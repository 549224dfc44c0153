//! Kaleidoscope.

use crate::effect::{Edge, Filter, Sampler, Setup, Warp};
use crate::lane::{At, Lane};
use crate::param::{Angle, Position};
use bowerbird_derive::{Params, effect};

/// Repeats one sector of the picture around a point, every other one mirrored.
#[derive(Clone, Debug, PartialEq, Params)]
#[effect(id = "kaleidoscope", label = "Kaleidoscope", family = "distort", domain = "L", switchable)]
pub struct Kaleidoscope {
    /// The middle.
    pub center: Position,
    /// Into how many sectors the picture is divided.
    #[param(default = 6, soft = (2.0, 16.0), hard = (1.0, 64.0), step = 1.0)]
    pub segments: i32,
    /// The turn of the sectors.
    #[param(default = 0.0, soft = (-180.0, 180.0), unit = "°")]
    pub angle: Angle,
    /// The direction that the repeated sector is taken from.
    #[param(default = 0.0, soft = (-180.0, 180.0), unit = "°")]
    pub source_angle: Angle,
    /// How pixels between pixels are read.
    pub sampling: Filter,
    /// What lies beyond the edge.
    #[param(default = Edge::Reflect)]
    pub edge: Edge,
    /// The output is the mean of n × n positions within each pixel.
    #[param(default = 1, range = (1.0, 4.0), step = 1.0)]
    pub supersample: i32,
}

#[effect]
impl Warp<5> for Kaleidoscope {
    fn sampler(&self) -> Sampler {
        Sampler { filter: self.sampling, edge: self.edge, supersample: self.supersample.unsigned_abs() }
    }
    fn prepare(&self, setup: &Setup) -> [f64; 5] {
        let [x, y] = self.center.pixels(setup);
        let turn = |angle: Angle| (angle.0 / 360.0).rem_euclid(1.0);
        [x, y, f64::from(self.segments.max(1)), turn(self.angle), turn(self.source_angle)]
    }
    fn source<L: Lane>([cx, cy, segments, angle, from]: [L; 5], at: &At<'_, L>) -> [L; 2] {
        let (x, y) = (at.x - cx, at.y - cy);
        let r = (x * x + y * y).sqrt();
        // In turns, and then in sectors: 0 and 1 are the borders of a sector.
        let direction = (-y).atan2(x) * (0.5 / core::f32::consts::PI);
        let part = ((direction - angle) * segments).frac();
        let folded = part.min(part.lit(1.0) - part) / segments;
        let turned = (folded + from) * core::f32::consts::TAU;
        [cx + r * turned.cos(), cy - r * turned.sin()]
    }
}
