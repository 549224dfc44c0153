//! Levels: input and output black and white, with a gamma between.

use crate::effect::{Composition, Point, Setup, Step, Val};
use crate::lane::{At, Lane, Rgba};
use bowerbird_derive::{Choice, Params, effect, part};

/// Which channels levels change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Choice)]
pub enum Channel {
    /// All three.
    Rgb,
    /// Red.
    R,
    /// Green.
    G,
    /// Blue.
    B,
}

/// Maps an input range to an output range, with a gamma between; an inverted input range inverts.
#[derive(Clone, Debug, PartialEq, Params)]
#[effect(id = "levels", label = "Levels", family = "tone", domain = "D", switchable, class = "point")]
pub struct Levels {
    /// The input that becomes output black.
    #[param(default = 0.0, soft = (0.0, 1.0), hard = (-1.0, 2.0))]
    pub in_black: f64,
    /// The input that becomes output white.
    #[param(default = 1.0, soft = (0.0, 1.0), hard = (-1.0, 2.0))]
    pub in_white: f64,
    /// The darkest output.
    #[param(default = 0.0, soft = (0.0, 1.0), hard = (-1.0, 2.0))]
    pub out_black: f64,
    /// The brightest output.
    #[param(default = 1.0, soft = (0.0, 1.0), hard = (-1.0, 2.0))]
    pub out_white: f64,
    /// Above 1 brightens the middle tones.
    #[param(default = 1.0, soft = (0.1, 10.0), hard = (0.01, 100.0))]
    pub gamma: f64,
    /// The channels that change.
    pub channel: Channel,
}

#[effect]
impl Composition for Levels {
    fn identity(&self) -> bool {
        Self { channel: Channel::Rgb, ..self.clone() } == Self::default()
    }
    /// Two straight lines around the limits and the gamma. Each line is a matrix, which others multiply with.
    fn build(&self, step: &mut Step<'_, '_>, image: Val) -> Val {
        let width = self.in_white - self.in_black;
        let scale = if width == 0.0 { 1.0 } else { 1.0 / width };
        let input = Line { channel: self.channel, scale, offset: -self.in_black * scale };
        let limit = Limit { channel: self.channel, flat: width == 0.0 };
        let bend = Bend { channel: self.channel, exponent: 1.0 / self.gamma };
        let output = Line { channel: self.channel, scale: self.out_white - self.out_black, offset: self.out_black };
        let on = !self.identity();
        let value = step.point_if(on && !input.is_identity(), &input, image);
        let value = step.point_if(on, &limit, value);
        let value = step.point_if(on && self.gamma != 1.0, &bend, value);
        step.point_if(on && !output.is_identity(), &output, value)
    }
}

/// A straight line on some channels.
struct Line {
    channel: Channel,
    scale: f64,
    offset: f64,
}

impl Line {
    fn is_identity(&self) -> bool {
        (self.scale, self.offset) == (1.0, 0.0)
    }
}

#[part]
impl Point<2> for Line {
    type Variant = Channel;
    fn variant(&self, _: &Setup) -> Channel {
        self.channel
    }
    fn prepare(&self, _: &Setup) -> [f64; 2] {
        [self.scale, self.offset]
    }
    fn pixel<L: Lane>(channel: Channel, [scale, offset]: [L; 2], c: Rgba<L>, _: &At<'_, L>) -> Rgba<L> {
        channel.map(c, |v| v * scale + offset)
    }
}

/// The input range, limited to 0..1.
pub(super) struct Limit {
    pub(super) channel: Channel,
    /// The input range is one point: a step at 0.
    pub(super) flat: bool,
}

#[part]
impl Point<0> for Limit {
    type Variant = (Channel, bool);
    fn variant(&self, _: &Setup) -> Self::Variant {
        (self.channel, self.flat)
    }
    fn prepare(&self, _: &Setup) -> [f64; 0] {
        []
    }
    fn pixel<L: Lane>((channel, flat): Self::Variant, _: [L; 0], c: Rgba<L>, _: &At<'_, L>) -> Rgba<L> {
        channel.map(c, |v| if flat { L::pick(v.lt(v.lit(0.0)), v.lit(0.0), v.lit(1.0)) } else { v.clamp01() })
    }
}

/// The gamma between the limits.
struct Bend {
    channel: Channel,
    exponent: f64,
}

#[part]
impl Point<1> for Bend {
    type Variant = Channel;
    fn variant(&self, _: &Setup) -> Channel {
        self.channel
    }
    fn prepare(&self, _: &Setup) -> [f64; 1] {
        [self.exponent]
    }
    fn pixel<L: Lane>(channel: Channel, [exponent]: [L; 1], c: Rgba<L>, _: &At<'_, L>) -> Rgba<L> {
        channel.map(c, |v| v.pow(exponent))
    }
}

impl Channel {
    /// Applies `f` to the colors that are meant.
    #[inline(always)]
    pub(super) fn map<L: Lane>(self, c: Rgba<L>, f: impl Fn(L) -> L) -> Rgba<L> {
        match self {
            Self::Rgb => c.rgb(f),
            Self::R => Rgba { r: f(c.r), ..c },
            Self::G => Rgba { g: f(c.g), ..c },
            Self::B => Rgba { b: f(c.b), ..c },
        }
    }
}
