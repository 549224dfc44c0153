//! Flip.

use crate::effect::{Edge, Filter, Sampler, Setup, Warp};
use crate::lane::{At, Lane};
use bowerbird_derive::{Choice, Params, effect};

/// What changes places.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Choice)]
pub enum Axis {
    /// Left and right.
    Horizontal,
    /// Top and bottom.
    Vertical,
    /// Both.
    Both,
}

/// Mirrors the picture, pixel by pixel.
#[derive(Clone, Debug, PartialEq, Params)]
#[effect(id = "flip", label = "Flip", family = "geometry", domain = "any", class = "raster")]
pub struct Flip {
    /// What changes places.
    pub axis: Axis,
}

#[effect]
impl Warp<4> for Flip {
    /// A position is the center of a pixel, so the nearest is that pixel.
    fn sampler(&self) -> Sampler {
        Sampler { filter: Filter::Nearest, edge: Edge::Clamp, supersample: 1 }
    }
    fn prepare(&self, setup: &Setup) -> [f64; 4] {
        let (w, h) = (f64::from(setup.full_width), f64::from(setup.full_height));
        let along = |flips: bool, side: f64| if flips { [-1.0, side] } else { [1.0, 0.0] };
        let ([sx, ox], [sy, oy]) = (along(self.axis != Axis::Vertical, w), along(self.axis != Axis::Horizontal, h));
        [sx, ox, sy, oy]
    }
    fn source<L: Lane>(u: [L; 4], at: &At<'_, L>) -> [L; 2] {
        [at.x * u[0] + u[1], at.y * u[2] + u[3]]
    }
}
