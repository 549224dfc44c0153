//! Sepia.

use crate::effect::{Point, Setup};
use crate::lane::{At, Lane, Rgba};
use bowerbird_derive::{Params, effect};

/// Tones the picture brown, as an old print; source: Filter Effects 1, `sepia()`.
#[derive(Clone, Debug, PartialEq, Params)]
#[effect(id = "sepia", label = "Sepia", family = "color", domain = "D", switchable)]
pub struct Sepia {
    /// 0 changes nothing, 1 is all sepia.
    #[param(default = 1.0, range = (0.0, 1.0))]
    pub amount: f64,
}

#[effect]
impl Point<1> for Sepia {
    fn identity(&self) -> bool {
        self.amount == 0.0
    }
    fn prepare(&self, _: &Setup) -> [f64; 1] {
        [self.amount]
    }
    fn pixel<L: Lane>([amount]: [L; 1], c: Rgba<L>, _: &At<'_, L>) -> Rgba<L> {
        let toned = Rgba {
            r: c.dot([0.393, 0.769, 0.189]),
            g: c.dot([0.349, 0.686, 0.168]),
            b: c.dot([0.272, 0.534, 0.131]),
            a: c.a,
        };
        c.rgb_with(toned, |v, t| v.lerp(t, amount))
    }
}
