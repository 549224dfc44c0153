//! Clarity.

use crate::effect::{Composite, Composition, Setup, Step, Val};
use crate::effects::guided_filter::{Plane, self_guided, smoothed};
use crate::lane::{At, Lane, Rgba};
use crate::param::Length;
use bowerbird_derive::{Params, effect, part};

/// Brings out the relief of midtones: what differs from the smoothed luma, without halos at edges.
#[derive(Clone, Debug, PartialEq, Params)]
#[effect(id = "clarity", label = "Clarity", family = "sharpen", domain = "D", class = "composition")]
pub struct Clarity {
    /// How much of it is added; below 0 it softens.
    #[param(default = 0.0, soft = (-1.0, 1.0), hard = (-2.0, 4.0))]
    pub amount: f64,
    /// The size of the relief: half the side of the square that is smoothed over.
    #[param(default = 0.03, soft = (0.005, 0.1), hard = (0.0, 0.5))]
    pub radius: Length,
}

/// The variance of luma from which an edge is kept.
const EPSILON: f64 = 0.01;

#[effect]
impl Composition for Clarity {
    fn identity(&self) -> bool {
        self.amount == 0.0
    }
    fn build(&self, step: &mut Step<'_, '_>, image: Val) -> Val {
        let means = self_guided(step, image, Plane::Luma, self.radius, EPSILON);
        step.switched_composite(&Relief { amount: self.amount }, image, means)
    }
}

/// The picture plus the relief of its luma, most where luma is in the middle.
struct Relief {
    amount: f64,
}

#[part]
impl Composite<1> for Relief {
    fn prepare(&self, _: &Setup) -> [f64; 1] {
        [self.amount]
    }
    fn pixel<L: Lane>([amount]: [L; 1], c: Rgba<L>, means: Rgba<L>, _: &At<'_, L>) -> Rgba<L> {
        let luma = c.luma();
        let middle = luma.clamp01();
        let change = amount * (middle * (middle.lit(1.0) - middle) * 4.0) * (luma - smoothed(luma, means));
        c.rgb(|v| v + change)
    }
}
