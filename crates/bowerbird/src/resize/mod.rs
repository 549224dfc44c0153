//! Resizing by separable filters, in the definition of the catalogue (section 12, `resize`).
//!
//! Taps outside the picture are dropped and the rest renormalized; weights are computed in f64. Values are
//! premultiplied RGBA in whatever transfer the caller chose: floats, or 16-bit fixed point for opaque 8-bit pictures.

mod codes;
mod floats;

use crate::cpu::{Sink, View};
use crate::effect::Tag;
use crate::image::{Alpha, Depth, Image, ImageError, Pixels, Spare, Transfer};
use crate::image_rows::{Rows, Way, premultiplied};
use bowerbird_derive::Choice;

/// The filter of a resize.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Choice)]
pub enum ResizeFilter {
    /// The pixel under the center.
    Nearest,
    /// The mean of the covered area.
    Area,
    /// A triangle.
    Bilinear,
    /// The Catmull-Rom cubic.
    CatmullRom,
    /// The cubic of Mitchell and Netravali 1988.
    Mitchell,
    /// A two-lobed Lanczos window.
    Lanczos2,
    /// A three-lobed Lanczos window: the sharpest.
    #[default]
    Lanczos3,
}

impl ResizeFilter {
    /// Half the width of the kernel at scale 1.
    fn support(self) -> f64 {
        match self {
            Self::Nearest | Self::Area => 0.5,
            Self::Bilinear => 1.0,
            Self::CatmullRom | Self::Mitchell | Self::Lanczos2 => 2.0,
            Self::Lanczos3 => 3.0,
        }
    }

    fn kernel(self, x: f64) -> f64 {
        let x = x.abs();
        match self {
            Self::Nearest | Self::Area => 1.0,
            Self::Bilinear => (1.0 - x).max(0.0),
            Self::CatmullRom => cubic(x, 0.0, 0.5),
            Self::Mitchell => cubic(x, 1.0 / 3.0, 1.0 / 3.0),
            Self::Lanczos2 => lanczos(x, 2.0),
            Self::Lanczos3 => lanczos(x, 3.0),
        }
    }
}

fn cubic(x: f64, b: f64, c: f64) -> f64 {
    if x < 1.0 {
        ((12.0 - 9.0 * b - 6.0 * c) * x.powi(3) + (-18.0 + 12.0 * b + 6.0 * c) * x.powi(2) + 6.0 - 2.0 * b) / 6.0
    } else if x < 2.0 {
        ((-b - 6.0 * c) * x.powi(3)
            + (6.0 * b + 30.0 * c) * x.powi(2)
            + (-12.0 * b - 48.0 * c) * x
            + 8.0 * b
            + 24.0 * c)
            / 6.0
    } else {
        0.0
    }
}

fn lanczos(x: f64, lobes: f64) -> f64 {
    let sinc = |x: f64| {
        let x = x * core::f64::consts::PI;
        if x == 0.0 { 1.0 } else { x.sin() / x }
    };
    if x < lobes { sinc(x) * sinc(x / lobes) } else { 0.0 }
}

/// How the pixels of a result are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Encoding {
    pub(crate) depth: Depth,
    pub(crate) transfer: Transfer,
    pub(crate) alpha: Alpha,
}

/// The pixel of `input` that lies under pixel `index` of `output`.
pub(crate) fn nearest(index: u32, input: u32, output: u32) -> u32 {
    let center = (f64::from(index) + 0.5) * (f64::from(input) / f64::from(output));
    (center as u32).min(input - 1)
}

/// The taps of one output pixel: the first input pixel and the weights from there.
pub(crate) struct Taps {
    pub(crate) first: usize,
    pub(crate) weights: Vec<f32>,
}

/// The taps of every pixel along an axis.
pub(crate) fn taps(filter: ResizeFilter, input: u32, output: u32) -> Vec<Taps> {
    let (input, output) = (input as usize, output as usize);
    let ratio = input as f64 / output as f64;
    let widen = ratio.max(1.0);
    let one = |index: usize| -> Taps {
        let center = (index as f64 + 0.5) * ratio;
        if filter == ResizeFilter::Nearest {
            let first = nearest(index as u32, input as u32, output as u32) as usize;
            return Taps { first, weights: vec![1.0] };
        }
        if filter == ResizeFilter::Area {
            let (low, high) = (index as f64 * ratio, (index + 1) as f64 * ratio);
            let first = low as usize;
            let last = (high.ceil() as usize).clamp(first + 1, input);
            let overlap = |k: usize| ((k + 1) as f64).min(high) - (k as f64).max(low);
            return normalized(first, (first..last).map(overlap).collect());
        }
        let support = widen * filter.support();
        let first = (center - support + 0.5).floor().max(0.0) as usize;
        let last = ((center + support + 0.5).floor() as usize).clamp(first + 1, input);
        let weight = |k: usize| filter.kernel((k as f64 + 0.5 - center) / widen);
        normalized(first.min(input - 1), (first.min(input - 1)..last).map(weight).collect())
    };
    (0..output).map(one).collect()
}

fn normalized(first: usize, weights: Vec<f64>) -> Taps {
    let sum: f64 = weights.iter().sum();
    let sum = if sum == 0.0 { 1.0 } else { sum };
    Taps { first, weights: weights.into_iter().map(|w| (w / sum) as f32).collect() }
}

/// A picture at another size, resampled in a space: premultiplied floats, or codes where opaque 8-bit codes are in that
/// space already. It keeps its metadata.
///
/// # Errors
/// [`ImageError`], for a size without pixels.
pub fn resized(image: &Image, size: [u32; 2], filter: ResizeFilter, space: Transfer) -> Result<Image, ImageError> {
    let is_codes = image.depth() == Depth::U8 && image.is_opaque() && image.transfer() == space;
    let (depth, alpha) = if is_codes { (Depth::U8, Alpha::Opaque) } else { (Depth::F32, Alpha::Premultiplied) };
    resized_as(image, size, filter, space, &Encoding { depth, transfer: space, alpha }, &mut Spare::default())
}

/// The same, in an encoding, and in the memory of `spare` if that fits. An opaque picture stays so.
pub(crate) fn resized_as(
    image: &Image,
    [width, height]: [u32; 2],
    filter: ResizeFilter,
    space: Transfer,
    to: &Encoding,
    spare: &mut Spare,
) -> Result<Image, ImageError> {
    if width == 0 || height == 0 {
        return Image::new(width, height, Pixels::U8(Vec::new()), to.transfer, to.alpha);
    }
    let size = [image.width(), image.height()];
    let taps = [taps(filter, size[0], width), taps(filter, size[1], height)];
    let taps = taps.each_ref().map(Vec::as_slice);
    let to = if image.is_opaque() { Encoding { alpha: Alpha::Opaque, ..*to } } else { *to };
    let codes = match image.pixels() {
        Pixels::U8(pixels) if to.depth == Depth::U8 && image.is_opaque() && image.transfer() == space => {
            let size = size.map(|side| side as usize);
            (to.transfer == space).then(|| codes::resample(pixels, size, taps, spare)).flatten()
        }
        _ => None,
    };
    if let Some(codes) = codes {
        return image.rearranged(width, height, Pixels::U8(codes));
    }
    let made = Image::new(width, height, floats_as(image, taps, space, &to, spare), to.transfer, to.alpha)?;
    Ok(made.with_metadata(image.metadata().clone()))
}

/// The same in premultiplied floats.
pub(crate) fn resized_floats(image: &Image, size: [u32; 2], filter: ResizeFilter, space: Transfer) -> Vec<f32> {
    if size == [image.width(), image.height()] {
        return premultiplied(image, space);
    }
    let taps = [taps(filter, image.width(), size[0]), taps(filter, image.height(), size[1])];
    let out = vec![0.0; 4 * size[0] as usize * size[1] as usize];
    resample(image, taps.each_ref().map(Vec::as_slice), space, out, &|row, out: &mut [f32]| out.copy_from_slice(row))
}

/// Rows that were summed, in an encoding.
fn floats_as(image: &Image, taps: [&[Taps]; 2], space: Transfer, to: &Encoding, spare: &mut Spare) -> Pixels {
    let alpha = if image.is_opaque() { Alpha::Opaque } else { Alpha::Premultiplied };
    let way = Way::new(Tag { transfer: Some(space), alpha }, Tag { transfer: Some(to.transfer), alpha: to.alpha });
    let (width, count) = (taps[0].len(), 4 * taps[0].len() * taps[1].len());
    let put = |row: &[f32], sink: Sink<'_>| {
        let view = View::F32 { pixels: row, width };
        way.convert(&view, 0, width, sink, image.is_opaque());
    };
    match to.depth {
        Depth::U8 => Pixels::U8(resample(image, taps, space, spare.take(count), &|row: &[f32], rows: &mut [u8]| {
            put(row, Sink::U8 { rows, width, offset: 0 });
        })),
        Depth::U16 => Pixels::U16(resample(image, taps, space, spare.take(count), &|row: &[f32], rows: &mut [u16]| {
            put(row, Sink::U16 { rows, width, offset: 0 });
        })),
        Depth::F32 => Pixels::F32(resample(image, taps, space, spare.take(count), &|row: &[f32], rows: &mut [f32]| {
            put(row, Sink::F32 { rows, width, offset: 0 });
        })),
    }
}

fn resample<T: Copy + Default + Send>(
    image: &Image,
    taps: [&[Taps]; 2],
    space: Transfer,
    out: Vec<T>,
    put: &(impl Fn(&[f32], &mut [T]) + Sync),
) -> Vec<T> {
    let rows = Rows::new(image, space);
    let fill = |y: usize, out: &mut [f32]| rows.fill(y, out);
    floats::resample(&fill, image.width() as usize, taps, image.is_opaque(), out, put)
}

/// Resizes `width`×`height` RGBA pixels, premultiplied in whatever transfer, to `to_width`×`to_height`. All sizes are at
/// least 1.
pub fn resize(
    pixels: &[f32],
    width: usize,
    height: usize,
    to_width: usize,
    to_height: usize,
    filter: ResizeFilter,
) -> Vec<f32> {
    let [across, down] =
        [(width, to_width), (height, to_height)].map(|(from, to)| taps(filter, from as u32, to as u32));
    let fill = |y: usize, out: &mut [f32]| out.copy_from_slice(&pixels[4 * width * y..][..4 * width]);
    let put = |row: &[f32], out: &mut [f32]| out.copy_from_slice(row);
    floats::resample(&fill, width, [&across, &down], false, vec![0.0; 4 * to_width * to_height], &put)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_match_the_catalogue() {
        let lanczos = &taps(ResizeFilter::Lanczos3, 8, 3)[0];
        let expected = [0.334399, 0.399111, 0.276913, 0.077310, -0.045584, -0.048980, -0.005695, 0.012526];
        assert_eq!(lanczos.first, 0);
        assert!(lanczos.weights.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-6), "{:?}", lanczos.weights);
        let cubic = &taps(ResizeFilter::CatmullRom, 3, 6)[1];
        assert!(cubic.weights.iter().zip([0.810219, 0.211679, -0.021898]).all(|(a, b)| (a - b).abs() < 1e-6));
    }

    #[test]
    fn a_size_without_pixels_is_an_error() {
        let image = Image::from_rgba8(2, 2, vec![255; 16]).expect("valid");
        for (size, space) in [([0, 2], Transfer::Linear), ([2, 0], Transfer::Display)] {
            assert!(resized(&image, size, ResizeFilter::Lanczos3, space).is_err(), "{size:?}");
        }
    }

    #[test]
    fn a_flat_picture_stays_flat_at_any_size() {
        for filter in ResizeFilter::ALL {
            for (w, h) in [(1, 1), (7, 3), (2, 19)] {
                let out = resize(&vec![0.25; 5 * 4 * 4], 5, 4, w, h, *filter);
                assert!(out.iter().all(|v| (v - 0.25).abs() < 1e-6), "{filter:?} to {w}×{h}");
            }
        }
    }

    #[test]
    fn codes_of_one_color_stay_so_however_many_taps_there_are() {
        // Both ways of summing, and floats behind them.
        for size in [[301, 97], [150, 49], [75, 20], [40, 11], [20, 4], [5, 2]] {
            for filter in ResizeFilter::ALL {
                for code in (0..=255u8).step_by(3) {
                    let pixels = [code, 255 - code, code / 2, 255].repeat(300 * 97);
                    let image = Image::from_rgba8(300, 97, pixels).expect("valid");
                    let found = resized(&image, size, *filter, Transfer::Display).expect("resizes").to_rgba8();
                    let first: [u8; 4] = [code, 255 - code, code / 2, 255];
                    assert!(
                        found.as_chunks::<4>().0.iter().all(|pixel| *pixel == first),
                        "{filter:?}, {size:?}: {code}"
                    );
                }
            }
        }
    }
    use crate::param::Choice as _;
}
