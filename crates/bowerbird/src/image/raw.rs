//! What a decoder hands over, and how it becomes an [`Image`].
//!
//! Decoders differ in everything but this: samples of one depth in one of five layouts, a color tag, an orientation.
//! The order of the steps matters: straight color before the profile (profiles know nothing of alpha), the profile
//! before the cleaning of floats, the orientation last because it only moves pixels.

use super::profile::{self, ColorTag};
use super::sample::{Sample, each_depth};
use super::transfer::straighten;
use super::{Alpha, FileFormat, Image, ImageError, Metadata, Pixels, Transfer};
use super::{cmyk, exif, orient};
use rayon::prelude::*;

/// Stand-in for an infinite value: the greatest half float.
const INFINITE: f32 = 65504.0;

/// The samples of a pixel, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Layout {
    Gray,
    GrayAlpha,
    Rgb,
    Rgba,
    /// Ink, 1 for full.
    Cmyk,
}

impl Layout {
    pub(super) const fn channels(self) -> usize {
        match self {
            Self::Gray => 1,
            Self::GrayAlpha => 2,
            Self::Rgb => 3,
            Self::Rgba | Self::Cmyk => 4,
        }
    }

    const fn is_gray(self) -> bool {
        matches!(self, Self::Gray | Self::GrayAlpha)
    }

    const fn has_alpha(self) -> bool {
        matches!(self, Self::GrayAlpha | Self::Rgba)
    }
}

/// A decoded file.
#[derive(Debug)]
pub(super) struct Raw {
    pub(super) size: (u32, u32),
    pub(super) samples: Pixels,
    pub(super) layout: Layout,
    pub(super) transfer: Transfer,
    /// Whether color is multiplied by alpha in the file.
    pub(super) premultiplied: bool,
    pub(super) color: ColorTag,
    /// EXIF orientation, 1 to 8; anything else is taken as 1.
    pub(super) orientation: u16,
    pub(super) metadata: Metadata,
}

impl Raw {
    /// Display-encoded straight samples without a tag.
    pub(super) fn new(size: (u32, u32), samples: Pixels, layout: Layout) -> Self {
        Self {
            size,
            samples,
            layout,
            transfer: Transfer::Display,
            premultiplied: false,
            color: ColorTag::Srgb,
            orientation: 1,
            metadata: Metadata::default(),
        }
    }

    /// Takes an EXIF block: its orientation counts, then it is corrected for an upright picture.
    pub(super) fn take_exif(&mut self, block: Option<Vec<u8>>) {
        if let Some(mut block) = block {
            if let Some(orientation) = exif::settle(&mut block) {
                self.orientation = orientation;
            }
            self.metadata.exif = Some(block);
        }
    }

    /// Takes an XMP packet, corrected for an upright picture.
    pub(super) fn take_xmp(&mut self, packet: Option<Vec<u8>>) {
        self.metadata.xmp = packet.map(exif::settle_xmp);
    }

    /// The upright sRGB picture.
    pub(super) fn finish(self, format: FileFormat) -> Result<Image, ImageError> {
        let Self { size, samples, layout, mut transfer, premultiplied, color, orientation, mut metadata } = self;
        let mut pixels = match layout {
            Layout::Cmyk => cmyk::to_rgba(samples, &color, &mut metadata)?,
            _ => each_depth!(samples, samples => expand(samples, layout)),
        };
        if let Pixels::F32(samples) = &mut pixels {
            clean(samples);
        }
        // Premultiplied floats in linear light stay so; everything else becomes straight.
        let stays_premultiplied = premultiplied && transfer == Transfer::Linear;
        if premultiplied && !stays_premultiplied {
            each_depth!(&mut pixels, samples => straighten_all(samples));
        }
        if layout != Layout::Cmyk {
            transfer = profile::to_srgb(&mut pixels, &color, layout.is_gray(), transfer, &mut metadata);
        }
        if let Pixels::F32(samples) = &mut pixels {
            clean(samples);
        }
        let alpha = match () {
            () if !layout.has_alpha() || each_depth!(&pixels, samples => all_opaque(samples)) => Alpha::Opaque,
            () if stays_premultiplied => Alpha::Premultiplied,
            () => Alpha::Straight,
        };
        let (pixels, upright) = orient::upright(pixels, size, orientation);
        if orient::is_turned(orientation) {
            metadata.dpi = metadata.dpi.map(|[x, y]| [y, x]);
        }
        match Image::new(upright.0, upright.1, pixels, transfer, alpha) {
            Ok(image) => Ok(image.with_metadata(metadata)),
            Err(ImageError::BadLength { .. }) => Err(ImageError::corrupt(format, "pixels are missing")),
            Err(error) => Err(error),
        }
    }
}

pub(super) fn all_opaque<S: Sample>(samples: &[S]) -> bool {
    /// Samples that are looked at by one task: a live frame of 1080p takes 1.2 ms on one thread.
    const TASK: usize = 1 << 18;
    // Without a branch a pixel, so that the compiler takes many at once.
    let run = |samples: &[S]| samples.as_chunks::<4>().0.iter().fold(true, |all, pixel| all & (pixel[3] == S::ONE));
    let opaque = |samples: &[S]| samples.chunks(1 << 10).all(run);
    if samples.len() <= TASK {
        return opaque(samples);
    }
    samples.par_chunks(TASK).all(opaque)
}

fn expand<S: Sample>(samples: Vec<S>, layout: Layout) -> Pixels {
    S::wrap(match layout {
        Layout::Rgba | Layout::Cmyk => samples,
        Layout::Gray => each_pixel(&samples, |[g]| [g, g, g, S::ONE]),
        Layout::GrayAlpha => each_pixel(&samples, |[g, a]| [g, g, g, a]),
        Layout::Rgb => each_pixel(&samples, |[r, g, b]| [r, g, b, S::ONE]),
    })
}

fn each_pixel<S: Sample, const N: usize>(samples: &[S], rgba: impl Fn([S; N]) -> [S; 4] + Sync) -> Vec<S> {
    /// Pixels of a task.
    const TASK: usize = 1 << 16;
    let pixels = samples.as_chunks::<N>().0;
    let mut out = vec![S::default(); 4 * pixels.len()];
    out.par_chunks_mut(4 * TASK).zip(pixels.par_chunks(TASK)).for_each(|(out, pixels)| {
        for (out, pixel) in out.as_chunks_mut::<4>().0.iter_mut().zip(pixels) {
            *out = rgba(*pixel);
        }
    });
    out
}

fn straighten_all<S: Sample>(samples: &mut [S]) {
    for pixel in samples.as_chunks_mut::<4>().0 {
        *pixel = straighten(pixel.map(Sample::unit)).map(S::quantize);
    }
}

/// Makes every float a finite number, and alpha a fraction.
fn clean(samples: &mut [f32]) {
    for pixel in samples.as_chunks_mut::<4>().0 {
        for value in pixel.iter_mut() {
            if value.is_nan() {
                *value = 0.0;
            } else if value.is_infinite() {
                *value = INFINITE.copysign(*value);
            }
        }
        pixel[3] = pixel[3].clamp(0.0, 1.0);
    }
}
