//! The guided filter of a plane by itself (He, Sun, Tang 2010): what smooths surfaces and keeps their edges.
//!
//! Means over boxes are weighted by alpha. The plane is taken relative to ½, which the filter does not see but the
//! difference of squares does: it keeps four more bits there.

use crate::effect::{Composite, Edge, Point, Setup, Step, Val, Weights};
use crate::lane::{At, Lane, Rgba, color};
use crate::param::Length;
use bowerbird_derive::part;

/// What planes are taken relative to.
pub(crate) const MIDDLE: f32 = 0.5;

/// Which plane of a picture is filtered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Plane {
    /// Luma of the straight colors as they are.
    Luma,
    /// Display luma of linear premultiplied colors, limited to 0..1.
    DisplayLuma,
}

impl Plane {
    /// The plane at a pixel.
    #[inline(always)]
    pub(crate) fn of<L: Lane>(self, c: Rgba<L>) -> L {
        match self {
            Self::Luma => c.luma(),
            Self::DisplayLuma => color::encode_pixel(c.unpremultiply()).luma().clamp01(),
        }
    }
}

/// The weights of boxes of a radius.
pub(crate) fn boxes(radius: Length, step: &Step<'_, '_>) -> Weights {
    let frame = step.frame();
    let most = 0.5 * f64::from(frame.short_side()) * frame.scale();
    Weights::Box { radius: radius.rendered(&frame).clamp(0.0, most) }
}

/// Adds the filter: red of the result is the mean of a, green that of b, both times the mean of alpha; see
/// [`smoothed`].
pub(crate) fn self_guided(step: &mut Step<'_, '_>, image: Val, plane: Plane, radius: Length, epsilon: f64) -> Val {
    let weights = boxes(radius, step);
    // What is left of squares is divided by as little as ε.
    step.store_finely();
    let moments = step.point(&Moments(plane), image);
    let means = step.convolve(moments, weights, weights, Edge::Clamp);
    let coefficients = step.composite(&Coefficients { epsilon }, means, image);
    step.convolve(coefficients, weights, weights, Edge::Clamp)
}

/// The filtered plane from its own value and what [`self_guided`] left; 0 where nothing is visible around.
#[inline(always)]
pub(crate) fn smoothed<L: Lane>(plane: L, means: Rgba<L>) -> L {
    let (seen, weight) = seen(means.a);
    let smooth = (means.r / weight) * (plane - MIDDLE) + means.g / weight;
    L::pick(seen, smooth + MIDDLE, plane.lit(0.0))
}

/// Whether a mean of alpha is more than nothing, and what to divide by.
#[inline(always)]
pub(crate) fn seen<L: Lane>(alpha: L) -> (L::Mask, L) {
    let seen = alpha.gt(alpha.lit(color::LEAST_ALPHA));
    (seen, L::pick(seen, alpha, alpha.lit(1.0)))
}

/// A plane and its square, weighted by alpha.
struct Moments(Plane);

#[part]
impl Point<0> for Moments {
    type Variant = Plane;
    fn variant(&self, _: &Setup) -> Plane {
        self.0
    }
    fn prepare(&self, _: &Setup) -> [f64; 0] {
        []
    }
    fn pixel<L: Lane>(plane: Plane, _: [L; 0], c: Rgba<L>, _: &At<'_, L>) -> Rgba<L> {
        let value = plane.of(c) - MIDDLE;
        Rgba { r: value * c.a, g: value * value * c.a, b: c.a.lit(0.0), a: c.a }
    }
}

/// The line a·I + b that fits the plane around a pixel best, weighted by the alpha of the pixel.
struct Coefficients {
    epsilon: f64,
}

#[part]
impl Composite<1> for Coefficients {
    fn prepare(&self, _: &Setup) -> [f64; 1] {
        [self.epsilon]
    }
    fn pixel<L: Lane>([epsilon]: [L; 1], means: Rgba<L>, c: Rgba<L>, _: &At<'_, L>) -> Rgba<L> {
        let zero = c.a.lit(0.0);
        let (seen, weight) = seen(means.a);
        let mean = L::pick(seen, means.r / weight, zero - MIDDLE);
        let square = L::pick(seen, means.g / weight, mean * mean);
        let variance = (square - mean * mean).max(zero);
        let a = variance / (variance + epsilon);
        Rgba { r: a * c.a, g: (mean - a * mean) * c.a, b: zero, a: c.a }
    }
}
