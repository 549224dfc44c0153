//! A mask from a picture.

use crate::effect::{Composition, Point, Setup, Step, Val};
use crate::image::Alpha;
use crate::image_fit::Fit;
use crate::lane::{At, Lane, Rgba};
use crate::param::Asset;
use bowerbird_derive::{Choice, Params, effect, part};

/// What of the picture is the mask.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Choice)]
pub enum Channel {
    /// Luma, weighed by alpha.
    Luma,
    /// Alpha.
    Alpha,
    /// Red.
    R,
    /// Green.
    G,
    /// Blue.
    B,
}

/// Takes a picture for the mask.
#[derive(Clone, Debug, PartialEq, Params)]
#[effect(id = "mask_image", label = "Image mask", family = "mask", domain = "data", class = "raster")]
pub struct MaskImage {
    /// The picture.
    pub image: Asset,
    /// What of it is the mask.
    pub channel: Channel,
    /// How it is brought to the size of the frame.
    #[param(default = Fit::Stretch)]
    pub fit: Fit,
    /// Whether light and dark change places.
    pub invert: bool,
}

#[effect]
impl Composition for MaskImage {
    fn build(&self, step: &mut Step<'_, '_>, _: Val) -> Val {
        let image = step.asset_data(&self.image.0, self.fit);
        let premultiplied = step.with_association(image, Alpha::Premultiplied);
        step.point(&Matte { channel: self.channel, invert: self.invert }, premultiplied)
    }
}

/// The chosen channel of the picture as a mask plane.
struct Matte {
    channel: Channel,
    invert: bool,
}

#[part]
impl Point<0> for Matte {
    type Variant = (Channel, bool);
    fn variant(&self, _: &Setup) -> Self::Variant {
        (self.channel, self.invert)
    }
    fn prepare(&self, _: &Setup) -> [f64; 0] {
        []
    }
    fn pixel<L: Lane>((channel, invert): Self::Variant, _: [L; 0], c: Rgba<L>, _: &At<'_, L>) -> Rgba<L> {
        let value = match channel {
            // Of premultiplied values, so that color which nothing shows selects nothing.
            Channel::Luma => c.luma(),
            Channel::Alpha => c.a,
            Channel::R => c.unpremultiply().r,
            Channel::G => c.unpremultiply().g,
            Channel::B => c.unpremultiply().b,
        };
        let value = value.clamp01();
        let one = value.lit(1.0);
        Rgba::gray(if invert { one - value } else { value }, one)
    }
}
