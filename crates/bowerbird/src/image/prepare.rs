//! From a picture to the samples that an encoder writes.
//!
//! Formats want one of two things: display-encoded straight color in their depth, or (EXR, HDR) linear premultiplied
//! floats. Alpha goes three ways: written, left out because the picture is opaque, or, where the format has none,
//! laid on white, which is what a page or a viewer would show.

use std::ops::Range;

use super::sample::{Sample, each_depth};
use super::transfer::{Pixel, to_display_straight, to_linear_premultiplied};
use super::{Alpha, Depth, FileFormat, Image, Pixels, Transfer};

/// Which channels come out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Channels {
    /// Red, green, blue, alpha.
    Rgba,
    /// Red, green, blue; what shows through is white.
    RgbOnWhite,
}

impl Channels {
    pub(super) fn of(image: &Image, format: FileFormat) -> Self {
        if format.holds_alpha() && !image.is_opaque() { Self::Rgba } else { Self::RgbOnWhite }
    }
}

/// Samples ready to be written.
#[derive(Debug)]
pub(super) struct Prepared {
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) channels: Channels,
    pub(super) samples: Pixels,
}

impl Prepared {
    pub(super) fn has_alpha(&self) -> bool {
        self.channels == Channels::Rgba
    }
}

/// What `format` writes at `depth`.
pub(super) fn prepare(image: &Image, format: FileFormat, depth: Depth) -> Prepared {
    let channels = Channels::of(image, format);
    let samples = match (format, depth) {
        (FileFormat::Exr | FileFormat::Hdr, _) => Pixels::F32(linear(image, channels)),
        (_, Depth::U8) => Pixels::U8(display(image, channels)),
        (_, Depth::U16) => Pixels::U16(display(image, channels)),
        (_, Depth::F32) => Pixels::F32(display(image, channels)),
    };
    Prepared { width: image.width(), height: image.height(), channels, samples }
}

/// Display-encoded straight samples of any depth.
pub(super) fn display<D: Sample>(image: &Image, channels: Channels) -> Vec<D> {
    display_rows(image, 0..image.height(), channels)
}

/// The samples of some rows, if 8-bit display-encoded opaque pixels are what the picture holds.
pub(super) fn opaque_rows(image: &Image, rows: Range<u32>) -> Option<&[u8]> {
    match image.pixels() {
        Pixels::U8(samples) if image.is_opaque() && image.transfer() == Transfer::Display => {
            Some(&samples[samples_of(image, rows)])
        }
        _ => None,
    }
}

/// Where the samples of some rows are.
fn samples_of(image: &Image, rows: Range<u32>) -> Range<usize> {
    let [from, to] = [rows.start, rows.end].map(|row| row as usize * image.width() as usize * 4);
    from..to
}

/// The same of some rows, which the picture has.
pub(super) fn display_rows<D: Sample>(image: &Image, rows: Range<u32>, channels: Channels) -> Vec<D> {
    let (transfer, alpha) = (image.transfer(), image.alpha());
    let is_plain = transfer == Transfer::Display && alpha != Alpha::Premultiplied;
    let part = samples_of(image, rows);
    each_depth!(image.pixels(), samples => {
        let samples = &samples[part];
        if is_plain
            && (channels == Channels::Rgba || alpha == Alpha::Opaque)
            && let Some(same) = same_depth::<_, D>(samples)
        {
            return copy(same, channels);
        }
        convert(samples, channels, |pixel| to_display_straight(pixel, transfer, alpha), |pixel| {
            let a = pixel[3];
            pixel.map(|c| c * a + (1.0 - a))
        })
    })
}

fn linear(image: &Image, channels: Channels) -> Vec<f32> {
    let (transfer, alpha) = (image.transfer(), image.alpha());
    each_depth!(image.pixels(), samples => {
        convert(samples, channels, |pixel| to_linear_premultiplied(pixel, transfer, alpha), |pixel| {
            let a = pixel[3];
            pixel.map(|c| c + (1.0 - a))
        })
    })
}

/// The samples, if source and destination type are one.
fn same_depth<S: Sample, D: Sample>(samples: &[S]) -> Option<&[D]> {
    let same = std::any::TypeId::of::<S>() == std::any::TypeId::of::<D>();
    same.then(|| bytemuck::cast_slice(samples))
}

fn copy<S: Sample>(samples: &[S], channels: Channels) -> Vec<S> {
    let (pixels, _) = samples.as_chunks::<4>();
    if channels == Channels::RgbOnWhite {
        return pixels.iter().flat_map(|[r, g, b, _]| [*r, *g, *b]).collect();
    }
    let mut out = samples.to_vec();
    for pixel in out.as_chunks_mut::<4>().0 {
        erase_if_clear(pixel);
    }
    out
}

fn convert<S: Sample, D: Sample>(
    samples: &[S],
    channels: Channels,
    to_target: impl Fn(Pixel) -> Pixel,
    on_white: impl Fn(Pixel) -> Pixel,
) -> Vec<D> {
    let (pixels, _) = samples.as_chunks::<4>();
    let target = pixels.iter().map(|pixel| to_target(pixel.map(Sample::unit)));
    match channels {
        Channels::Rgba => target
            .flat_map(|pixel| {
                let mut pixel = pixel.map(D::quantize);
                erase_if_clear(&mut pixel);
                pixel
            })
            .collect(),
        Channels::RgbOnWhite => target
            .flat_map(|pixel| {
                let [r, g, b, _] = on_white(pixel).map(D::quantize);
                [r, g, b]
            })
            .collect(),
    }
}

/// Alpha 0 writes (0, 0, 0, 0): what cannot be seen is not passed on.
fn erase_if_clear<S: Sample>(pixel: &mut [S; 4]) {
    if pixel[3] == S::default() {
        *pixel = [S::default(); 4];
    }
}
