//! Levels: input and output black and white, with a gamma between.

use crate::effect::{Point, Setup};
use crate::lane::{At, Lane, Rgba};
use bowerbird_derive::{Choice, Params, effect};

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
#[effect(id = "levels", label = "Levels", family = "tone", domain = "D", switchable)]
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
impl Point<5> for Levels {
    type Variant = Channel;
    fn variant(&self, _: &Setup) -> Channel {
        self.channel
    }
    fn identity(&self) -> bool {
        Self { channel: Channel::Rgb, ..self.clone() } == Self::default()
    }
    fn prepare(&self, _: &Setup) -> [f64; 5] {
        [self.in_black, self.in_white - self.in_black, self.out_black, self.out_white - self.out_black, 1.0 / self.gamma]
    }
    fn pixel<L: Lane>(channel: Channel, u: [L; 5], c: Rgba<L>, _: &At<'_, L>) -> Rgba<L> {
        let [black, width, out_black, out_width, exponent] = u;
        let flat = width.same(width.lit(0.0));
        let divisor = L::pick(flat, width.lit(1.0), width);
        let map = |v: L| {
            let step = L::pick(v.lt(black), v.lit(0.0), v.lit(1.0));
            let x = L::pick(flat, step, ((v - black) / divisor).clamp01());
            out_black + out_width * x.pow(exponent)
        };
        match channel {
            Channel::Rgb => c.rgb(map),
            Channel::R => Rgba { r: map(c.r), ..c },
            Channel::G => Rgba { g: map(c.g), ..c },
            Channel::B => Rgba { b: map(c.b), ..c },
        }
    }
}
