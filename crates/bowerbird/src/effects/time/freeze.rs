//! A frame that stays.

use crate::effect::{Composite, Composition, Setup, Step, Val};
use crate::lane::{At, Lane, Rgba};
use bowerbird_derive::{Params, effect, part};

/// Keeps the last frame for as long as you like.
#[derive(Clone, Debug, PartialEq, Params)]
#[effect(id = "freeze", label = "Freeze frame", family = "time", domain = "L", switchable, class = "temporal")]
pub struct Freeze {
    /// Whether the last frame is kept.
    pub hold: bool,
    /// The time from which on it is kept; less than 0 is never.
    #[param(default = -1.0, soft = (-1.0, 60.0), unit = "s")]
    pub at: f64,
}

#[effect]
impl Composition for Freeze {
    fn identity(&self) -> bool {
        !self.hold && self.at < 0.0
    }
    fn build(&self, step: &mut Step<'_, '_>, image: Val) -> Val {
        let holds = self.hold || (self.at >= 0.0 && step.frame().time >= self.at);
        kept_or_new(step, image, !holds)
    }
}

/// The picture where a new one is taken, and in the first frame; else the one before.
pub(super) fn kept_or_new(step: &mut Step<'_, '_>, image: Val, new: bool) -> Val {
    let new = new || step.moment().first;
    let past = step.past(image);
    let shown = step.composite(&Choose { new }, image, past);
    step.keep(shown)
}

/// One of two pictures.
struct Choose {
    new: bool,
}

#[part]
impl Composite<1> for Choose {
    fn prepare(&self, _: &Setup) -> [f64; 1] {
        [if self.new { 1.0 } else { 0.0 }]
    }
    fn pixel<L: Lane>([new]: [L; 1], x: Rgba<L>, y: Rgba<L>, _: &At<'_, L>) -> Rgba<L> {
        let is_new = new.gt(new.lit(0.0));
        let choose = |x: L, y: L| L::pick(is_new, x, y);
        Rgba { a: choose(x.a, y.a), ..x.rgb_with(y, choose) }
    }
}
