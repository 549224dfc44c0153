//! Where something moves.

use crate::effect::{Composite, Composition, Point, Setup, Step, Val};
use crate::lane::{At, Lane, Rgba};
use crate::param::Color;
use bowerbird_derive::{Choice, Params, effect, part};

/// What is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Choice)]
pub enum Show {
    /// The picture, with what moves in a color.
    Overlay,
    /// What moves, white on black.
    Mask,
    /// The picture as it is.
    None,
}

/// Marks what moves.
#[derive(Clone, Debug, PartialEq, Params)]
#[effect(id = "motion_detect", label = "Motion detector", family = "time", domain = "D", class = "temporal")]
pub struct MotionDetect {
    /// The time after which what stays is taken for the background.
    #[param(default = 0.5, soft = (0.0, 5.0), hard = (0.0, 60.0), unit = "s")]
    pub tau: f64,
    /// Changes of luma up to this are taken for noise.
    #[param(default = 0.05, soft = (0.0, 0.5), hard = (0.0, 1.0))]
    pub threshold: f64,
    /// Over how much of a further change the mark becomes full.
    #[param(default = 0.05, soft = (0.0, 0.5), hard = (0.0, 1.0))]
    pub softness: f64,
    /// What is shown.
    pub show: Show,
    /// The color of what moves.
    #[param(default = Color([255, 45, 85, 255]))]
    pub color: Color,
}

#[effect]
impl Composition for MotionDetect {
    fn identity(&self) -> bool {
        self.show == Show::None
    }
    fn build(&self, step: &mut Step<'_, '_>, image: Val) -> Val {
        step.decide(&self.show);
        let luma = step.point(&Luma, image);
        let first = step.moment().first;
        let left = super::time_low_pass::left(step, self.tau);
        // What is compared is the background before this frame becomes part of it.
        let past = step.past(luma);
        let background = step.composite(&super::time_low_pass::Approach { left }, luma, past);
        step.keep(background);
        let mark = Mark { threshold: self.threshold, softness: self.softness, color: self.color, first, show: self.show };
        match self.show {
            Show::None => step.hand_on(image),
            _ => step.composite(&mark, image, past),
        }
    }
}

/// Luma, opaque.
struct Luma;

#[part]
impl Point<0> for Luma {
    fn prepare(&self, _: &Setup) -> [f64; 0] {
        []
    }
    fn pixel<L: Lane>(_: [L; 0], c: Rgba<L>, _: &At<'_, L>) -> Rgba<L> {
        Rgba::gray(c.luma(), c.a)
    }
}

/// The picture or black, with a color or white where its luma is not that of another.
struct Mark {
    threshold: f64,
    softness: f64,
    color: Color,
    first: bool,
    show: Show,
}

#[part]
impl Composite<7> for Mark {
    type Variant = Show;
    fn variant(&self, _: &Setup) -> Show {
        self.show
    }
    fn prepare(&self, _: &Setup) -> [f64; 7] {
        let [r, g, b, a] = self.color.display();
        let first = if self.first { 1.0 } else { 0.0 };
        [self.threshold, self.softness, first, r, g, b, a]
    }
    fn pixel<L: Lane>(
        show: Show,
        [threshold, softness, first, r, g, b, strength]: [L; 7],
        c: Rgba<L>,
        background: Rgba<L>,
        _: &At<'_, L>,
    ) -> Rgba<L> {
        let (zero, one) = (c.a.lit(0.0), c.a.lit(1.0));
        let change = (c.luma() - background.r).abs();
        let soft = change.smoothstep(threshold, threshold + softness);
        let hard = L::pick(change.gt(threshold), one, zero);
        let moves = L::pick(softness.le(zero), hard, soft);
        let moves = L::pick(first.gt(zero), zero, moves);
        if show == Show::Mask {
            return Rgba::gray(moves, c.a);
        }
        let color = Rgba { r, g, b, a: c.a };
        let moves = moves * strength;
        c.rgb_with(color, |c, color| c + moves * (color - c))
    }
}
