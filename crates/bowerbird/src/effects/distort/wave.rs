//! A plane wave.

use crate::effect::{Edge, Filter, Sampler, Setup, Warp};
use crate::lane::{At, Lane};
use crate::param::{Angle, Length};
use bowerbird_derive::{Params, effect};

/// Waves that travel straight across the picture and move it to their side.
#[derive(Clone, Debug, PartialEq, Params)]
#[effect(id = "wave", label = "Wave", family = "distort", domain = "L", switchable)]
pub struct Wave {
    /// Where the waves travel to.
    #[param(default = 0.0, soft = (-180.0, 180.0), unit = "°")]
    pub angle: Angle,
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
    /// How pixels between pixels are read.
    pub sampling: Filter,
    /// What lies beyond the edge.
    pub edge: Edge,
    /// The output is the mean of n × n positions within each pixel.
    #[param(default = 1, range = (1.0, 4.0), step = 1.0)]
    pub supersample: i32,
}

#[effect]
impl Warp<5> for Wave {
    fn identity(&self) -> bool {
        self.amplitude.is_zero()
    }
    fn sampler(&self) -> Sampler {
        Sampler { filter: self.sampling, edge: self.edge, supersample: self.supersample.unsigned_abs() }
    }
    fn prepare(&self, setup: &Setup) -> [f64; 5] {
        let (sin, cos) = self.angle.0.to_radians().sin_cos();
        let cycles = 1.0 / self.wavelength.full(setup).max(1e-6);
        // y grows down: the direction is (cos, −sin), and a quarter turn from it (−sin, −cos).
        let (along_x, along_y) = (cos * cycles, -sin * cycles);
        let (w, h) = (f64::from(setup.full_width), f64::from(setup.full_height));
        let phase = self.phase + self.speed * setup.time + 0.5 * (w * along_x + h * along_y);
        let amplitude = self.amplitude.full(setup);
        [along_x, along_y, phase, -sin * amplitude, -cos * amplitude]
    }
    fn source<L: Lane>([along_x, along_y, phase, dx, dy]: [L; 5], at: &At<'_, L>) -> [L; 2] {
        let cycles = at.x * along_x + at.y * along_y - phase;
        let wave = (cycles.frac() * core::f32::consts::TAU).sin();
        [at.x + dx * wave, at.y + dy * wave]
    }
}
