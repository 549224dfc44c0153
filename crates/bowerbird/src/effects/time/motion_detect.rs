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
        let limits = Limits { threshold: self.threshold, softness: self.softness, first };
        // What is compared is the background before this frame becomes part of it.
        let past = step.past(luma);
        let watched = step.composite(&Watch { left, limits }, luma, past);
        step.keep(watched);
        step.report_motion();
        let mark = Mark { limits, color: self.color, show: self.show };
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

/// What counts as motion.
#[derive(Clone, Copy)]
struct Limits {
    threshold: f64,
    softness: f64,
    /// In the first frame nothing does.
    first: bool,
}

impl Limits {
    fn numbers(self) -> [f64; 3] {
        [self.threshold, self.softness, if self.first { 1.0 } else { 0.0 }]
    }
}

/// How much a luma that is not that of the background counts as motion, 0..1.
#[inline(always)]
fn moves<L: Lane>([threshold, softness, first]: [L; 3], luma: L, background: L) -> L {
    let (zero, one) = (luma.lit(0.0), luma.lit(1.0));
    let change = (luma - background).abs();
    let soft = change.smoothstep(threshold, threshold + softness);
    let hard = L::pick(change.gt(threshold), one, zero);
    L::pick(first.gt(zero), zero, L::pick(softness.le(zero), hard, soft))
}

/// What is kept: the background in red, and what moved in green, for the report.
struct Watch {
    left: f64,
    limits: Limits,
}

#[part]
impl Composite<4> for Watch {
    fn prepare(&self, _: &Setup) -> [f64; 4] {
        let [threshold, softness, first] = self.limits.numbers();
        [self.left, threshold, softness, first]
    }
    fn pixel<L: Lane>(
        [left, threshold, softness, first]: [L; 4],
        luma: Rgba<L>,
        past: Rgba<L>,
        _: &At<'_, L>,
    ) -> Rgba<L> {
        let none = left.le(left.lit(0.0));
        let background = L::pick(none, luma.r, luma.r + left * (past.r - luma.r));
        let moved = moves([threshold, softness, first], luma.r, past.r);
        Rgba { r: background, g: moved, b: left.lit(0.0), a: luma.a }
    }
}

/// The picture or black, with a color or white where its luma is not that of another.
struct Mark {
    limits: Limits,
    color: Color,
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
        let [threshold, softness, first] = self.limits.numbers();
        [threshold, softness, first, r, g, b, a]
    }
    fn pixel<L: Lane>(
        show: Show,
        [threshold, softness, first, r, g, b, strength]: [L; 7],
        c: Rgba<L>,
        background: Rgba<L>,
        _: &At<'_, L>,
    ) -> Rgba<L> {
        let moves = moves([threshold, softness, first], c.luma(), background.r);
        if show == Show::Mask {
            return Rgba::gray(moves, c.a);
        }
        let color = Rgba { r, g, b, a: c.a };
        let moves = moves * strength;
        c.rgb_with(color, |c, color| c + moves * (color - c))
    }
}
