//! Bloom.

use crate::effect::{Composite, Composition, Edge, Point, Setup, Step, Val};
use crate::effects::blur::gaussian_blur::gaussian;
use crate::lane::{At, Lane, Rgba};
use crate::param::Length;
use bowerbird_derive::{Choice, Params, effect, part};

/// How the glow is laid over the picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Choice)]
pub enum Mode {
    /// Added, as light does.
    Add,
    /// Screened, which never exceeds white.
    Screen,
}

/// Lets bright places glow into their surroundings.
#[derive(Clone, Debug, PartialEq, Params)]
#[effect(id = "bloom", label = "Bloom", family = "light", domain = "L")]
pub struct Bloom {
    /// The luminance from which places glow.
    #[param(default = 0.6, soft = (0.0, 2.0), hard = (0.0, 100.0))]
    pub threshold: f64,
    /// How softly that begins.
    #[param(default = 0.2, soft = (0.0, 1.0), hard = (0.0, 10.0))]
    pub knee: f64,
    /// How far the glow reaches, as a standard deviation.
    #[param(default = 0.02, soft = (0.002, 0.08), hard = (0.0, 0.5))]
    pub sigma: Length,
    /// How strong the glow is.
    #[param(default = 0.6, soft = (0.0, 2.0), hard = (0.0, 16.0))]
    pub amount: f64,
    /// How the glow is laid over the picture.
    pub mode: Mode,
}

#[effect]
impl Composition for Bloom {
    fn identity(&self) -> bool {
        self.amount == 0.0
    }
    fn build(&self, step: &mut Step<'_, '_>, image: Val) -> Val {
        let bright = step.point(&Bright { low: self.threshold - self.knee, high: self.threshold + self.knee }, image);
        let weights = gaussian(self.sigma, &step.frame());
        let glow = step.convolve(bright, weights, weights, Edge::Clamp);
        step.switched_composite(&Glow { amount: self.amount, mode: self.mode }, image, glow)
    }
}

/// The bright places, premultiplied; the rest is transparent.
struct Bright {
    low: f64,
    high: f64,
}

#[part]
impl Point<2> for Bright {
    fn keeps_opaque(&self) -> bool {
        false
    }
    fn prepare(&self, _: &Setup) -> [f64; 2] {
        [self.low, self.high]
    }
    fn pixel<L: Lane>([low, high]: [L; 2], c: Rgba<L>, _: &At<'_, L>) -> Rgba<L> {
        let weight = c.unpremultiply().luma().smoothstep(low, high);
        Rgba { r: c.r * weight, g: c.g * weight, b: c.b * weight, a: c.a * weight }
    }
}

/// The glow laid over the picture.
struct Glow {
    amount: f64,
    mode: Mode,
}

#[part]
impl Composite<1> for Glow {
    type Variant = Mode;
    fn variant(&self, _: &Setup) -> Mode {
        self.mode
    }
    fn prepare(&self, _: &Setup) -> [f64; 1] {
        [self.amount]
    }
    fn pixel<L: Lane>(mode: Mode, [amount]: [L; 1], c: Rgba<L>, glow: Rgba<L>, _: &At<'_, L>) -> Rgba<L> {
        let lit = c.rgb_with(glow, |c, g| match mode {
            Mode::Add => c + g * amount,
            Mode::Screen => {
                let one = c.lit(1.0);
                one - (one - c.clamp01()) * (one - (g * amount).clamp01())
            }
        });
        Rgba { a: (c.a + glow.a * amount).min(c.a.lit(1.0)), ..lit }
    }
}
