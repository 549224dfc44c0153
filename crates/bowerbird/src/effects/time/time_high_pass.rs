//! What changes over time.

use super::time_low_pass::low_pass;
use crate::effect::{Composite, Composition, Domain, Setup, Step, Val};
use crate::lane::{At, Lane, Rgba};
use bowerbird_derive::{Params, effect, part};

/// Shows what changes over time on gray.
#[derive(Clone, Debug, PartialEq, Params)]
#[effect(
    id = "time_high_pass",
    label = "Time high pass",
    family = "time",
    domain = "D",
    switchable,
    class = "temporal"
)]
pub struct TimeHighPass {
    /// The time after which what stays is gray.
    #[param(default = 0.1, soft = (0.0, 2.0), hard = (0.0, 60.0), unit = "s")]
    pub tau: f64,
    /// How strongly changes are shown.
    #[param(default = 1.0, soft = (0.0, 4.0), hard = (0.0, 16.0))]
    pub gain: f64,
}

#[effect]
impl Composition for TimeHighPass {
    fn build(&self, step: &mut Step<'_, '_>, image: Val) -> Val {
        let light = step.in_domain(image, Domain::LinearPremultiplied);
        let mean = low_pass(step, light, self.tau);
        let mean = step.with_tag_of(mean, image);
        step.composite(&Change { gain: self.gain }, image, mean)
    }
}

/// The difference of two pictures around gray.
struct Change {
    gain: f64,
}

#[part]
impl Composite<1> for Change {
    fn prepare(&self, _: &Setup) -> [f64; 1] {
        [self.gain]
    }
    fn pixel<L: Lane>([gain]: [L; 1], x: Rgba<L>, y: Rgba<L>, _: &At<'_, L>) -> Rgba<L> {
        x.rgb_with(y, |x, y| x.lit(0.5) + gain * (x - y))
    }
}
