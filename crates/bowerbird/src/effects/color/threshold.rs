//! Threshold, fixed or found by Otsu's method.

use crate::effect::{Composition, Point, ReduceRequest, Setup, Step, Val};
use crate::graph::Finish;
use crate::lane::{At, Lane, Rgba, color::GUARD};
use bowerbird_derive::{Choice, Params, effect, part};

/// How the threshold is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Choice)]
pub enum Method {
    /// It is given.
    Fixed,
    /// It separates dark from bright best (Otsu 1979).
    Otsu,
}

/// Leaves black and white.
#[derive(Clone, Debug, PartialEq, Params)]
#[effect(id = "threshold", label = "Threshold", family = "color", domain = "D", switchable, class = "point")]
pub struct Threshold {
    /// How the threshold is found.
    pub method: Method,
    /// The luma from which a pixel is white.
    #[param(default = 0.5, range = (0.0, 1.0), shown_if = "method=fixed")]
    pub level: f64,
    /// The width of the gray between black and white.
    #[param(default = 0.0, range = (0.0, 1.0), shown_if = "method=fixed")]
    pub softness: f64,
}

#[effect]
impl Composition for Threshold {
    fn build(&self, step: &mut Step<'_, '_>, image: Val) -> Val {
        match self.method {
            Method::Fixed => step.point(&ThresholdAt { level: self.level, softness: self.softness }, image),
            Method::Otsu => {
                let table = step.reduce(ReduceRequest::Histogram(Finish::Otsu), image);
                step.bind(table);
                step.point(&ThresholdAbove, image)
            }
        }
    }
}

/// White from a given luma on.
struct ThresholdAt {
    level: f64,
    softness: f64,
}

#[part]
impl Point<3> for ThresholdAt {
    fn prepare(&self, _: &Setup) -> [f64; 3] {
        [self.level - self.softness / 2.0, self.level + self.softness / 2.0, self.softness]
    }
    fn pixel<L: Lane>([low, high, softness]: [L; 3], c: Rgba<L>, _: &At<'_, L>) -> Rgba<L> {
        let luma = c.luma();
        let hard = L::pick(luma.ge(low - GUARD), luma.lit(1.0), luma.lit(0.0));
        let soft = luma.smoothstep(low, high);
        Rgba::gray(L::pick(softness.le(luma.lit(0.0)), hard, soft), c.a)
    }
}

/// White above the level that a reduction found.
struct ThresholdAbove;

#[part]
impl Point<0> for ThresholdAbove {
    fn prepare(&self, _: &Setup) -> [f64; 0] {
        []
    }
    fn pixel<L: Lane>(_: [L; 0], c: Rgba<L>, at: &At<'_, L>) -> Rgba<L> {
        use crate::lane::Word;
        let level = (c.luma().clamp01() * 255.0 + 0.5).floor();
        let threshold = at.table(0, at.row.lit(0));
        Rgba::gray(L::pick(level.gt(threshold), c.a.lit(1.0), c.a.lit(0.0)), c.a)
    }
}
