//! Smoothing over time.

use crate::effect::{Composite, Composition, Setup, Step, Val};
use crate::lane::{At, Lane, Rgba};
use bowerbird_derive::{Params, effect, part};

/// Smooths over time: noise of a camera goes, and what moves leaves a soft trace.
#[derive(Clone, Debug, PartialEq, Params)]
#[effect(
    id = "time_low_pass",
    label = "Time smoothing",
    family = "time",
    domain = "L",
    switchable,
    class = "temporal"
)]
pub struct TimeLowPass {
    /// The time after which a change is two thirds through.
    #[param(default = 0.1, soft = (0.0, 2.0), hard = (0.0, 60.0), unit = "s")]
    pub tau: f64,
}

#[effect]
impl Composition for TimeLowPass {
    fn identity(&self) -> bool {
        self.tau == 0.0
    }
    fn build(&self, step: &mut Step<'_, '_>, image: Val) -> Val {
        low_pass(step, image, self.tau)
    }
}

/// What of the frame before is left: e^(−Δt/τ), 0 in the first frame and where τ is 0.
pub(super) fn left(step: &Step<'_, '_>, tau: f64) -> f64 {
    let moment = step.moment();
    if moment.first || tau <= 0.0 { 0.0 } else { (-moment.elapsed / tau).exp() }
}

/// The mean of a value over time, with exponentially falling weights; it is kept for the next frame.
pub(super) fn low_pass(step: &mut Step<'_, '_>, value: Val, tau: f64) -> Val {
    let left = left(step, tau);
    let past = step.past(value);
    let mean = step.composite(&Approach { left }, value, past);
    step.keep(mean)
}

/// The picture, less a part of its difference from the one before.
pub(super) struct Approach {
    pub(super) left: f64,
}

#[part]
impl Composite<1> for Approach {
    fn prepare(&self, _: &Setup) -> [f64; 1] {
        [self.left]
    }
    fn pixel<L: Lane>([left]: [L; 1], x: Rgba<L>, y: Rgba<L>, _: &At<'_, L>) -> Rgba<L> {
        // Of the first frame there is no other, whatever memory holds.
        let none = left.le(left.lit(0.0));
        let mix = |x: L, y: L| L::pick(none, x, x + left * (y - x));
        Rgba { a: mix(x.a, y.a), ..x.rgb_with(y, mix) }
    }
}
