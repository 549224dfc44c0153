//! Resizing by separable filters, in the definition of the catalogue (section 12, `resize`).
//!
//! Taps outside the picture are dropped and the rest renormalized; weights are computed in f64. Values are
//! premultiplied RGBA in whatever transfer the caller chose.

use bowerbird_derive::Choice;
use fearless_simd::{Level, dispatch};
use rayon::prelude::*;

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
pub(crate) fn taps(filter: ResizeFilter, input: usize, output: usize) -> Vec<Taps> {
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

/// Resizes `width`×`height` RGBA pixels to `to_width`×`to_height`, across and then down. All sizes are at least 1.
pub fn resize(
    pixels: &[f32],
    width: usize,
    height: usize,
    to_width: usize,
    to_height: usize,
    filter: ResizeFilter,
) -> Vec<f32> {
    let across = taps(filter, width, to_width);
    let mut middle = vec![0.0f32; to_width * height * 4];
    middle.par_chunks_mut(to_width * 4).zip(pixels.par_chunks(width * 4)).for_each(|(out, row)| {
        for (pixel, taps) in out.chunks_exact_mut(4).zip(&across) {
            let mut sum = [0.0f32; 4];
            for (weight, source) in taps.weights.iter().zip(row[taps.first * 4..].chunks_exact(4)) {
                for channel in 0..4 {
                    sum[channel] += weight * source[channel];
                }
            }
            pixel.copy_from_slice(&sum);
        }
    });
    let down = taps(filter, height, to_height);
    let mut out = vec![0.0f32; to_width * to_height * 4];
    out.par_chunks_mut(to_width * 4).zip(down.par_iter()).for_each(|(out, taps)| {
        for (weight, row) in taps.weights.iter().zip(middle[taps.first * to_width * 4..].chunks_exact(to_width * 4)) {
            for (sum, value) in out.iter_mut().zip(row) {
                *sum += weight * value;
            }
        }
        // Negative lobes overshoot; alpha may not.
        out.iter_mut().skip(3).step_by(4).for_each(|alpha| *alpha = alpha.clamp(0.0, 1.0));
    });
    out
}

/// Resizes opaque 8-bit RGBA pixels: each row of the result from the rows it reads, and then across; in floats where fixed
/// point does not fit.
pub(crate) fn resize_codes(
    codes: &[u8],
    [width, height]: [usize; 2],
    [to_width, to_height]: [usize; 2],
    filter: ResizeFilter,
) -> Vec<u8> {
    let (across, down) = (taps(filter, width, to_width), taps(filter, height, to_height));
    if let Some(out) = crate::resize_codes::resize(codes, [width, height], [&across, &down]) {
        return out;
    }
    let mut out = vec![0u8; to_width * to_height * 4];
    let level = Level::new();
    let rows = out.par_chunks_mut(to_width * 4).zip(down.par_iter());
    rows.for_each_init(
        || vec![0.0f32; width * 4],
        |sums, (out, taps)| dispatch!(level, _simd => row_of_codes(codes, width, taps, &across, sums, out)),
    );
    out
}

#[inline(always)]
fn row_of_codes(codes: &[u8], width: usize, taps: &Taps, across: &[Taps], sums: &mut [f32], out: &mut [u8]) {
    sums.fill(0.0);
    let rows = codes[taps.first * width * 4..].chunks_exact(width * 4);
    for (weight, row) in taps.weights.iter().zip(rows) {
        for (sum, code) in sums.iter_mut().zip(row) {
            *sum += weight * f32::from(*code);
        }
    }
    let sums: &[[f32; 4]] = bytemuck::cast_slice(sums);
    for (pixel, taps) in out.chunks_exact_mut(4).zip(across) {
        let mut sum = [0.5f32; 4];
        for (weight, source) in taps.weights.iter().zip(&sums[taps.first..]) {
            for (sum, source) in sum.iter_mut().zip(source) {
                *sum += weight * source;
            }
        }
        // A conversion limits to 0..=255 by itself.
        let [r, g, b, _] = sum.map(|v| v as u8);
        pixel.copy_from_slice(&[r, g, b, 255]);
    }
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
    fn a_flat_picture_stays_flat_at_any_size() {
        for filter in ResizeFilter::ALL {
            for (w, h) in [(1, 1), (7, 3), (2, 19)] {
                let out = resize(&vec![0.25; 5 * 4 * 4], 5, 4, w, h, *filter);
                assert!(out.iter().all(|v| (v - 0.25).abs() < 1e-6), "{filter:?} to {w}×{h}");
            }
        }
    }
    use crate::param::Choice as _;
}
