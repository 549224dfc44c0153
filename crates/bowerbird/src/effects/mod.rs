//! The catalogue: one file an effect, one word in the list below.
//!
//! From that word follow the recipe name, the builder method, the command line's listing, the schema and every test
//! that an effect gets.

pub mod combine;
pub mod element;
pub(crate) mod guided_filter;

use crate::chain::Chain;
use crate::effect::Effect;
use crate::param::Params;

macro_rules! catalogue {
    ($($family:ident { $($module:ident :: $effect:ident),* $(,)? })*) => {
        $(
            #[doc = concat!("The `", stringify!($family), "` effects.")]
            pub mod $family {
                $(pub mod $module;)*
            }
            $(pub use $family::$module::$effect;)*
        )*

        const MAKERS: &[fn() -> Box<dyn Effect>] = &[$($(|| Box::new(<$effect>::default())),*),*];

        impl Chain {
            $($(
                #[doc = concat!(
                    "Adds `", stringify!($module), "` with its first parameter; see [`", stringify!($effect), "`]."
                )]
                #[must_use]
                pub fn $module(self, first: impl Into<<$effect as Params>::Main>) -> Self {
                    self.then($effect::from_main(first.into()))
                }
            )*)*
        }
    };
}

catalogue! {
    tone {
        exposure::Exposure,
        brightness::Brightness,
        contrast::Contrast,
        gamma::Gamma,
        levels::Levels,
        curves::Curves,
        equalize::Equalize,
        highlights_shadows::HighlightsShadows,
        clahe::Clahe,
    }
    color {
        saturation::Saturation,
        vibrance::Vibrance,
        hue_rotate::HueRotate,
        temperature::Temperature,
        channel_mixer::ChannelMixer,
        grayscale::Grayscale,
        invert::Invert,
        sepia::Sepia,
        threshold::Threshold,
        posterize::Posterize,
    }
    lut { lut3d::Lut3d, gradient_map::GradientMap }
    blur { gaussian_blur::GaussianBlur, box_blur::BoxBlur }
    sharpen { sharpen::Sharpen, unsharp_mask::UnsharpMask, clarity::Clarity }
    denoise { median::Median, bilateral::Bilateral, guided::Guided, domain_transform::DomainTransform }
    edge { sobel::Sobel, emboss::Emboss }
    morphology { dilate::Dilate, erode::Erode, open::Open, close::Close }
    distort {
        swirl::Swirl,
        bulge::Bulge,
        pinch::Pinch,
        ripple::Ripple,
        wave::Wave,
        kaleidoscope::Kaleidoscope,
        mirror::Mirror,
    }
    geometry { affine::Affine, resize::Resize, crop::Crop, flip::Flip, rotate90::Rotate90 }
    stylize { pixelate::Pixelate, pencil_sketch::PencilSketch, toon::Toon }
    light { vignette::Vignette, bloom::Bloom }
    noise { grain::Grain }
    composite { blend::Blend }
    decorate { sticker::Sticker }
    time {
        time_low_pass::TimeLowPass,
        time_high_pass::TimeHighPass,
        trail::Trail,
        freeze::Freeze,
        strobe::Strobe,
        motion_detect::MotionDetect,
    }
    mask { mask_luma::MaskLuma, mask_image::MaskImage, mask_shape::MaskShape }
}

/// Every effect of the catalogue with its default parameters, in the order of the list.
pub fn all() -> impl Iterator<Item = Box<dyn Effect>> {
    MAKERS.iter().map(|make| make())
}

/// The effect of an id, with its default parameters. British spellings are read.
pub fn find(id: &str) -> Option<Box<dyn Effect>> {
    let id = crate::param::american(id);
    all().find(|effect| effect.info().id == id)
}
