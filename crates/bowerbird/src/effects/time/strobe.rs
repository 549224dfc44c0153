//! A picture that comes in beats.

use super::freeze::kept_or_new;
use crate::effect::{Composition, Point, Setup, Step, Val};
use crate::lane::{At, Lane, Rgba};
use bowerbird_derive::{Choice, Params, effect, part};

/// What is between two beats.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Choice)]
pub enum StrobeMode {
    /// The picture of the last beat stays.
    Hold,
    /// Every other beat is black.
    Black,
}

/// Shows a new picture at every beat only.
#[derive(Clone, Debug, PartialEq, Params)]
#[effect(id = "strobe", label = "Strobe", family = "time", domain = "L", switchable, class = "temporal")]
pub struct Strobe {
    /// Beats a second.
    #[param(default = 8.0, soft = (1.0, 30.0), hard = (0.01, 240.0), unit = "Hz")]
    pub rate: f64,
    /// What is between two beats.
    pub mode: StrobeMode,
}

#[effect]
impl Composition for Strobe {
    fn build(&self, step: &mut Step<'_, '_>, image: Val) -> Val {
        let time = step.frame().time;
        let beat = |time: f64| (time * self.rate).floor();
        step.decide(&self.mode);
        match self.mode {
            StrobeMode::Hold => {
                let before = step.moment().before;
                kept_or_new(step, image, beat(time) != beat(before))
            }
            StrobeMode::Black => step.point(&Lit { on: beat(time).rem_euclid(2.0) == 0.0 }, image),
        }
    }
}

/// The picture, or black in its place.
struct Lit {
    on: bool,
}

#[part]
impl Point<1> for Lit {
    fn prepare(&self, _: &Setup) -> [f64; 1] {
        [if self.on { 1.0 } else { 0.0 }]
    }
    fn pixel<L: Lane>([on]: [L; 1], c: Rgba<L>, _: &At<'_, L>) -> Rgba<L> {
        let lit = on.gt(on.lit(0.0));
        c.rgb(#[inline(always)] |c| L::pick(lit, c, c.lit(0.0)))
    }
}
