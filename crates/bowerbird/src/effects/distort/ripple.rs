//! Ripples on water.

use crate::effect::{Edge, Filter, Sampler, Setup, Warp};
use crate::lane::{At, Lane};
use crate::param::{Length, Position};
use bowerbird_derive::{Params, effect};

/// Circular waves about a point, as after a stone in water.
#[derive(Clone, Debug, PartialEq, Params)]
#[effect(id = "ripple", label = "Ripple", family = "distort", domain = "L", switchable)]
pub struct Ripple {
    /// Where the stone fell.
    pub center: Position,
    /// How far pixels move.
    #[param(default = 0.01, soft = (0.0, 0.05), hard = (0.0, 0.5))]
    pub amplitude: Length,
    /// From crest to crest.
    #[param(default = 0.08, soft = (0.01, 0.3), hard = (0.001, 4.0))]
    pub wavelength: Length,
    /// Where the first crest is, in cycles.
    #[param(default = 0.0, soft = (0.0, 1.0), unit = "cycles")]
    pub phase: f64,
    /// How fast the crests travel.
    #[param(default = 0.0, soft = (-2.0, 2.0), unit = "cycles/s")]
    pub speed: f64,
    /// Where the waves have faded to nothing; 0 is nowhere.
    #[param(default = 0.0, soft = (0.0, 1.0), hard = (0.0, 4.0))]
    pub radius: Length,
    /// How pixels between pixels are read.
    pub sampling: Filter,
    /// What lies beyond the edge.
    pub edge: Edge,
    /// The output is the mean of n × n positions within each pixel.
    #[param(default = 1, range = (1.0, 4.0), step = 1.0)]
    pub supersample: i32,
}

#[effect]
impl Warp<6> for Ripple {
    /// Whether the waves fade.
    type Variant = bool;
    fn variant(&self, _: &Setup) -> bool {
        !self.radius.is_zero()
    }
    fn identity(&self) -> bool {
        self.amplitude.is_zero()
    }
    fn sampler(&self) -> Sampler {
        Sampler { filter: self.sampling, edge: self.edge, supersample: self.supersample.unsigned_abs() }
    }
    fn prepare(&self, setup: &Setup) -> [f64; 6] {
        let [x, y] = self.center.pixels(setup);
        let cycles = 1.0 / self.wavelength.full(setup).max(1e-6);
        let phase = (self.phase + self.speed * setup.time).rem_euclid(1.0);
        [x, y, self.amplitude.full(setup), cycles, phase, self.radius.full(setup)]
    }
    fn source<L: Lane>(fades: bool, u: [L; 6], at: &At<'_, L>) -> [L; 2] {
        let [cx, cy, amplitude, cycles, phase, radius] = u;
        let (x, y) = (at.x - cx, at.y - cy);
        let r = (x * x + y * y).sqrt();
        let wave = ((r * cycles - phase).frac() * core::f32::consts::TAU).sin();
        let height = if fades { r.lit(1.0) - r.smoothstep(r.lit(0.0), radius) } else { r.lit(1.0) };
        let zero = r.lit(0.0);
        let outward = L::pick(r.gt(zero), amplitude * height * wave / L::pick(r.gt(zero), r, r.lit(1.0)), zero);
        [at.x + x * outward, at.y + y * outward]
    }
}
