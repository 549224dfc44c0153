//! Trails behind what moves.

use super::time_low_pass::{Approach, left};
use crate::effect::{Composite, Composition, Setup, Step, Val};
use crate::lane::{At, Lane, Rgba};
use bowerbird_derive::{Choice, Params, effect, part};

/// How a trail is laid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Choice)]
pub enum TrailMode {
    /// The lighter of the picture and what fades.
    Lighten,
    /// The picture mixed with what was.
    Mix,
}

/// What is bright leaves a trail that fades.
#[derive(Clone, Debug, PartialEq, Params)]
#[effect(id = "trail", label = "Trail", family = "time", domain = "L", switchable, class = "temporal")]
pub struct Trail {
    /// The time after which a trail has faded to a third.
    #[param(default = 0.4, soft = (0.0, 3.0), hard = (0.0, 60.0), unit = "s")]
    pub tau: f64,
    /// How a trail is laid.
    pub mode: TrailMode,
}

#[effect]
impl Composition for Trail {
    fn identity(&self) -> bool {
        self.tau == 0.0
    }
    fn build(&self, step: &mut Step<'_, '_>, image: Val) -> Val {
        let left = left(step, self.tau);
        step.decide(&self.mode);
        let past = step.past(image);
        let trail = match self.mode {
            TrailMode::Lighten => step.composite(&Lighter { left }, image, past),
            TrailMode::Mix => step.composite(&Approach { left }, image, past),
        };
        step.keep(trail)
    }
}

/// The greater of the picture and the faded one before, channel by channel.
struct Lighter {
    left: f64,
}

#[part]
impl Composite<1> for Lighter {
    fn prepare(&self, _: &Setup) -> [f64; 1] {
        [self.left]
    }
    fn pixel<L: Lane>([left]: [L; 1], x: Rgba<L>, y: Rgba<L>, _: &At<'_, L>) -> Rgba<L> {
        let none = left.le(left.lit(0.0));
        let lighter = |x: L, y: L| L::pick(none, x, x.max(y * left));
        Rgba { a: lighter(x.a, y.a), ..x.rgb_with(y, lighter) }
    }
}
