//! Guided smoothing.

use crate::effect::{Composite, Composition, Edge, Point, Setup, Step, Val};
use crate::effects::guided_filter::{MIDDLE, boxes, seen};
use crate::image_fit::Fit;
use crate::lane::{At, Lane, Rgba, color};
use crate::param::Length;
use bowerbird_derive::{Choice, Params, effect, part};

/// What decides where the edges are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Choice)]
pub enum Guide {
    /// The picture's luma.
    Luma,
    /// Each channel on its own.
    Channel,
    /// The luma of another picture.
    Input,
}

/// Smooths surfaces and keeps the edges of a guide (He, Sun, Tang 2010).
#[derive(Clone, Debug, PartialEq, Params)]
#[effect(
    id = "guided",
    label = "Guided smoothing",
    family = "denoise",
    domain = "D",
    switchable,
    class = "kernel",
    inputs("guide")
)]
pub struct Guided {
    /// Half the side of the square that is smoothed over; fractions of a pixel count.
    #[param(default = 0.01, soft = (0.001, 0.05), hard = (0.0, 0.5))]
    pub radius: Length,
    /// The variance from which an edge is kept.
    #[param(default = 0.01, soft = (0.0001, 0.2), hard = (0.00001, 4.0))]
    pub epsilon: f64,
    /// What decides where the edges are.
    pub guide: Guide,
    /// How a guide that is another picture is brought to the size of this one.
    pub fit: Fit,
}

#[effect]
impl Composition for Guided {
    fn identity(&self) -> bool {
        self.radius.is_zero()
    }
    fn build(&self, step: &mut Step<'_, '_>, image: Val) -> Val {
        step.decide(&self.guide);
        let guide = if self.guide == Guide::Input { step.input("guide", self.fit) } else { image };
        let weights = boxes(self.radius, step);
        // What is left of products is divided by as little as ε.
        step.store_finely();
        let mean = |step: &mut Step<'_, '_>, value: Val, order: Order| {
            let sums = step.convolve(value, weights, weights, Edge::Clamp);
            step.point(&Normalize(order), sums)
        };
        let by_channel = self.guide == Guide::Channel;
        let values = step.composite(&Term::Value, image, guide);
        let values = mean(step, values, Order::First);
        let products = step.composite(&if by_channel { Term::Square } else { Term::Product }, image, guide);
        let products = mean(step, products, Order::Second);
        let spread = Spread { epsilon: self.epsilon };
        // a = covariance / (variance of the guide + ε), b = mean − a · mean of the guide.
        let (a, b) = if by_channel {
            let a = step.composite(&spread, products, values);
            let means = step.composite(&Term::Times, a, values);
            (a, step.composite(&Term::Less, values, means))
        } else {
            let moments = step.composite(&Term::Moments, image, guide);
            let sums = step.convolve(moments, weights, weights, Edge::Clamp);
            let guides = step.point(&GuideOf { epsilon: self.epsilon }, sums);
            let joint = step.composite(&Term::TimesMean, values, guides);
            let covariance = step.composite(&Term::Less, products, joint);
            let a = step.composite(&Term::TimesSpread, covariance, guides);
            let means = step.composite(&Term::TimesMean, a, guides);
            (a, step.composite(&Term::Less, values, means))
        };
        let a = step.composite(&Term::Weighted, a, image);
        let a = mean(step, a, Order::Slope);
        let b = step.composite(&Term::Weighted, b, image);
        let b = mean(step, b, Order::First);
        let line = step.composite(&if by_channel { Term::TimesValue } else { Term::TimesGuide }, a, guide);
        let line = step.composite(&Term::Sum, line, b);
        step.switched_composite(&Term::Result, image, line)
    }
}

/// What a mean is of, which says what it is where nothing is visible.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Order {
    /// Values, relative to the middle.
    First,
    /// Products of two such values.
    Second,
    /// Slopes of a line.
    Slope,
}

/// A mean of weighted values divided by the mean of the weights.
struct Normalize(Order);

#[part]
impl Point<0> for Normalize {
    type Variant = Order;
    fn variant(&self, _: &Setup) -> Order {
        self.0
    }
    fn prepare(&self, _: &Setup) -> [f64; 0] {
        []
    }
    fn pixel<L: Lane>(order: Order, _: [L; 0], c: Rgba<L>, _: &At<'_, L>) -> Rgba<L> {
        let (seen, weight) = seen(c.a);
        let nothing = match order {
            Order::First => -MIDDLE,
            Order::Second => MIDDLE * MIDDLE,
            Order::Slope => 0.0,
        };
        c.rgb(|v| L::pick(seen, v / weight, v.lit(nothing)))
    }
}

/// The mean of the guide in red and 1/(variance + ε) in green, from the means of its moments.
struct GuideOf {
    epsilon: f64,
}

#[part]
impl Point<1> for GuideOf {
    fn prepare(&self, _: &Setup) -> [f64; 1] {
        [self.epsilon]
    }
    fn pixel<L: Lane>([epsilon]: [L; 1], c: Rgba<L>, _: &At<'_, L>) -> Rgba<L> {
        let (seen, weight) = seen(c.a);
        let mean = L::pick(seen, c.r / weight, c.r.lit(-MIDDLE));
        let square = L::pick(seen, c.g / weight, mean * mean);
        let variance = (square - mean * mean).max(c.r.lit(0.0));
        Rgba { r: mean, g: c.r.lit(1.0) / (variance + epsilon), b: c.r.lit(0.0), a: c.a }
    }
}

/// Variance / (variance + ε) of each channel, from the means of its square and of itself.
struct Spread {
    epsilon: f64,
}

#[part]
impl Composite<1> for Spread {
    fn prepare(&self, _: &Setup) -> [f64; 1] {
        [self.epsilon]
    }
    fn pixel<L: Lane>([epsilon]: [L; 1], squares: Rgba<L>, means: Rgba<L>, _: &At<'_, L>) -> Rgba<L> {
        squares.rgb_with(means, |square, mean| {
            let variance = (square - mean * mean).max(mean.lit(0.0));
            variance / (variance + epsilon)
        })
    }
}

/// A step of the arithmetic on a picture and another, both relative to the middle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Term {
    /// The values of the picture, weighted.
    Value,
    /// Their squares, weighted.
    Square,
    /// Their products with the luma of the other, weighted.
    Product,
    /// The luma of the other and its square, weighted.
    Moments,
    /// Times the other.
    Times,
    /// Times the mean of a guide; see [`GuideOf`].
    TimesMean,
    /// Times its 1/(variance + ε).
    TimesSpread,
    /// Times the luma of the other.
    TimesGuide,
    /// Times the values of the other.
    TimesValue,
    /// Less the other.
    Less,
    /// With the other added.
    Sum,
    /// Times the alpha of the other.
    Weighted,
    /// The other with the alpha of the first.
    Result,
}

#[part]
impl Composite<0> for Term {
    type Variant = Self;
    fn variant(&self, _: &Setup) -> Self {
        *self
    }
    fn prepare(&self, _: &Setup) -> [f64; 0] {
        []
    }
    fn pixel<L: Lane>(term: Self, _: [L; 0], c: Rgba<L>, other: Rgba<L>, _: &At<'_, L>) -> Rgba<L> {
        let alpha = c.a;
        match term {
            Self::Value => c.rgb(|v| (v - MIDDLE) * alpha),
            Self::Square => c.rgb(|v| (v - MIDDLE) * (v - MIDDLE) * alpha),
            Self::Product => {
                let guide = other.luma() - MIDDLE;
                c.rgb(|v| (v - MIDDLE) * guide * alpha)
            }
            Self::Moments => {
                let guide = other.luma() - MIDDLE;
                Rgba { r: guide * alpha, g: guide * guide * alpha, b: alpha.lit(0.0), a: alpha }
            }
            Self::Times => c.rgb_with(other, |v, o| v * o),
            Self::TimesMean => c.rgb(|v| v * other.r),
            Self::TimesSpread => c.rgb(|v| v * other.g),
            Self::TimesGuide => {
                let guide = other.luma() - MIDDLE;
                c.rgb(|v| v * guide)
            }
            Self::TimesValue => c.rgb_with(other, |v, o| v * (o - MIDDLE)),
            Self::Less => c.rgb_with(other, |v, o| v - o),
            Self::Sum => c.rgb_with(other, |v, o| v + o),
            Self::Weighted => Rgba { a: other.a, ..c.rgb(|v| v * other.a) },
            Self::Result => {
                let shown = alpha.gt(alpha.lit(color::LEAST_ALPHA));
                c.rgb_with(other, |_, o| L::pick(shown, o + MIDDLE, o.lit(0.0)))
            }
        }
    }
}
