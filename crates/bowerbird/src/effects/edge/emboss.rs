//! Emboss.

use crate::effect::{Setup, Stencil, Taps};
use crate::lane::{At, Lane, Rgba};
use crate::param::Angle;
use bowerbird_derive::{Choice, Params, effect};

/// What the relief is laid on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Choice)]
pub enum Base {
    /// Middle gray.
    Gray,
    /// The picture.
    Color,
}

/// Shows brightness as a relief lit from one side.
#[derive(Clone, Debug, PartialEq, Params)]
#[effect(id = "emboss", label = "Emboss", family = "edge", domain = "D", switchable, pixel_scale)]
pub struct Emboss {
    /// Where the light comes from.
    #[param(default = 135.0, soft = (-180.0, 180.0), unit = "°")]
    pub angle: Angle,
    /// The height of the relief.
    #[param(default = 1.0, soft = (0.0, 4.0), hard = (-16.0, 16.0))]
    pub strength: f64,
    /// What the relief is laid on.
    pub base: Base,
}

#[effect]
impl Stencil<3> for Emboss {
    const RADIUS: usize = 1;
    type Variant = Base;
    fn variant(&self, _: &Setup) -> Base {
        self.base
    }
    fn identity(&self) -> bool {
        self.base == Base::Color && self.strength == 0.0
    }
    fn prepare(&self, _: &Setup) -> [f64; 3] {
        let [x, y] = self.angle.direction();
        [x, y, self.strength]
    }
    fn pixel<L: Lane, T: Taps<L>>(base: Base, [lx, ly, strength]: [L; 3], tap: &T, _: &At<'_, L>) -> Rgba<L> {
        let luma = |x: i32, y: i32| tap.at(x, y).luma();
        let (nw, n, ne) = (luma(-1, -1), luma(0, -1), luma(1, -1));
        let (w, e) = (luma(-1, 0), luma(1, 0));
        let (sw, s, se) = (luma(-1, 1), luma(0, 1), luma(1, 1));
        let across = (nw - ne) + (w - e) + (sw - se);
        let down = (nw - sw) + (n - s) + (ne - se);
        let relief = strength * ((lx * across + ly * down) / 6.0);
        let c = tap.at(0, 0);
        match base {
            Base::Gray => Rgba::gray(relief + 0.5, c.a),
            Base::Color => c.rgb(|v| v + relief),
        }
    }
}
