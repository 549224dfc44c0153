//! Grayscale.

use crate::effect::{Point, Setup};
use crate::image::Transfer;
use crate::lane::{At, Lane, Rgba, color};
use bowerbird_derive::{Choice, Params, effect};

/// What counts as the brightness of a color.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Choice)]
pub enum Mode {
    /// Rec.709 luma of the display values.
    Luma,
    /// Rec.709 luminance of the light.
    Luminance,
    /// Rec.601 luma, as old video.
    Luma601,
    /// The mean of the channels.
    Average,
    /// The middle of the largest and the smallest channel (HSL).
    Lightness,
    /// The largest channel (HSV).
    Value,
}

/// Takes the color away; source: Filter Effects 1, `grayscale()`.
#[derive(Clone, Debug, PartialEq, Params)]
#[effect(id = "grayscale", label = "Grayscale", family = "color", domain = "D", switchable)]
pub struct Grayscale {
    /// 0 changes nothing, 1 is gray.
    #[param(default = 1.0, range = (0.0, 1.0))]
    pub amount: f64,
    /// What counts as the brightness of a color.
    pub mode: Mode,
}

#[effect]
impl Point<1> for Grayscale {
    /// The mode, and whether the values are linear already.
    type Variant = (Mode, bool);
    fn variant(&self, setup: &Setup) -> Self::Variant {
        (self.mode, setup.transfer == Some(Transfer::Linear))
    }
    fn identity(&self) -> bool {
        self.amount == 0.0
    }
    fn prepare(&self, _: &Setup) -> [f64; 1] {
        [self.amount]
    }
    fn pixel<L: Lane>((mode, linear): (Mode, bool), [amount]: [L; 1], c: Rgba<L>, _: &At<'_, L>) -> Rgba<L> {
        let gray = match mode {
            Mode::Luma => c.luma(),
            Mode::Luminance if linear => c.luma(),
            Mode::Luminance => color::encode(color::decode_pixel(c).luma()),
            Mode::Luma601 => c.dot(color::REC601),
            Mode::Average => (c.r + c.g + c.b) / 3.0,
            Mode::Lightness => (c.max_rgb() + c.min_rgb()) * 0.5,
            Mode::Value => c.max_rgb(),
        };
        c.rgb(|v| v.lerp(gray, amount))
    }
}
