//! Color profiles: from whatever a file declares to sRGB, once, at decode.
//!
//! A profile that *is* sRGB must change nothing, and there are dozens of differently written sRGB profiles, so it is
//! recognized by what it does: if no color of a coarse cube moves by more than one 8-bit step, the pixels are left
//! alone. Other profiles convert at the picture's depth; 8-bit pictures go through 16 bits, because the 8-bit tables of
//! the color engine are off by one in the shadows. A wide-gamut 8-bit picture stays 8-bit: promoting every phone photo
//! to 16 bits would double memory and file sizes for a gain that cannot be seen.
//!
//! Float pictures whose profile has straight-line curves are linear light and stay so, with values beyond 1. A profile
//! that cannot be read or does not fit the pixels is passed over with a warning.

use std::sync::{Arc, OnceLock};

use moxcms::{
    Chromaticity, CmsError, ColorPrimaries, ColorProfile, DataColorSpace, Layout, RenderingIntent, ToneReprCurve,
    TransformExecutor, TransformOptions, XyY,
};

use super::curves;
use super::sample::Sample;
use super::transfer::encode_srgb;
use super::{Metadata, Pixels, Transfer};

/// What a file says about its colors.
#[derive(Debug)]
pub(super) enum ColorTag {
    /// Nothing, or that they are sRGB.
    Srgb,
    /// An embedded ICC profile.
    Icc(Vec<u8>),
    /// A profile made from other tags (PNG's gamma and chromaticities, or video code points).
    Made(Box<ColorProfile>),
}

/// Chromaticities x, y of white, red, green and blue.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Primaries(pub(super) [[f32; 2]; 4]);

impl Primaries {
    pub(super) const SRGB: Self = Self([[0.3127, 0.329], [0.64, 0.33], [0.3, 0.6], [0.15, 0.06]]);

    /// Those of sRGB where these are nearly so, or cannot be.
    pub(super) fn or_srgb(self) -> Self {
        let pairs = self.0.iter().flatten().zip(Self::SRGB.0.iter().flatten());
        let off = pairs.map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        let is_sane = self.0.iter().all(|[x, y]| *x >= 0.0 && *y > 0.01 && x + y <= 1.01);
        if off < 0.005 || !is_sane { Self::SRGB } else { self }
    }
}

impl ColorTag {
    /// Colors of some primaries under a power.
    pub(super) fn of(Primaries([white, red, green, blue]): Primaries, gamma: f32) -> Self {
        let point = |[x, y]: [f32; 2]| Chromaticity { x, y };
        let mut profile = ColorProfile::new_srgb();
        profile.cicp = None;
        profile.update_rgb_colorimetry(
            XyY { x: f64::from(white[0]), y: f64::from(white[1]), yb: 1.0 },
            ColorPrimaries { red: point(red), green: point(green), blue: point(blue) },
        );
        let curve = || Some(ToneReprCurve::Parametric(vec![gamma]));
        (profile.red_trc, profile.green_trc, profile.blue_trc) = (curve(), curve(), curve());
        Self::Made(Box::new(profile))
    }

    pub(super) fn icc(profile: Option<Vec<u8>>) -> Self {
        profile.map_or(Self::Srgb, Self::Icc)
    }

    /// The profile, unless there is none or it cannot be read, which is worth a warning.
    pub(super) fn profile(&self, metadata: &mut Metadata) -> Option<ColorProfile> {
        match self {
            Self::Srgb => None,
            Self::Made(profile) => Some((**profile).clone()),
            Self::Icc(bytes) => match ColorProfile::new_from_slice(bytes) {
                Ok(profile) => Some(profile),
                Err(error) => {
                    ignore(metadata, &format!("it cannot be read ({error})"));
                    None
                }
            },
        }
    }
}

pub(super) type Executor<S> = Arc<dyn TransformExecutor<S> + Send + Sync>;

/// Pixels converted at a time: a few buffers that stay in the first cache levels.
const CHUNK: usize = 4096;

/// Greatest move of a color through a profile that counts as sRGB.
const SAME: f32 = 1.0 / 255.0;

/// Greatest move through a profile that counts as linear sRGB; a step of light is visible sooner than one of display.
const SAME_LIGHT: f32 = 1.0 / 1000.0;

pub(super) fn ignore(metadata: &mut Metadata, why: &str) {
    metadata.warn(format!("the color profile was ignored because {why}; colors are taken as sRGB"));
}

pub(super) fn srgb() -> &'static ColorProfile {
    static PROFILE: OnceLock<ColorProfile> = OnceLock::new();
    PROFILE.get_or_init(ColorProfile::new_srgb)
}

/// Where a profile's header has the date it was made (ICC.1:2022, table 17).
const DATE: core::ops::Range<usize> = 24..36;

/// 1 January 1998, in the numbers of such a header.
const LONG_AGO: [u8; 12] = [0x07, 0xCE, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0];

/// The ICC profile that written files carry; `None` only if the color engine fails to write it.
pub(super) fn srgb_icc() -> Option<&'static [u8]> {
    static BYTES: OnceLock<Option<Vec<u8>>> = OnceLock::new();
    let encode = || {
        let mut bytes = srgb().encode().ok()?;
        // The color engine writes the time of day, on which the bytes of every written file would depend.
        bytes.get_mut(DATE)?.copy_from_slice(&LONG_AGO);
        Some(bytes)
    };
    BYTES.get_or_init(encode).as_deref()
}

fn linear_srgb() -> ColorProfile {
    straight(srgb())
}

/// A profile of curves with lines in their place.
fn straight(profile: &ColorProfile) -> ColorProfile {
    let mut profile = profile.clone();
    let line = || Some(ToneReprCurve::Lut(Vec::new()));
    if profile.color_space == DataColorSpace::Gray {
        profile.gray_trc = line();
    } else {
        (profile.red_trc, profile.green_trc, profile.blue_trc) = (line(), line(), line());
    }
    profile.cicp = None;
    profile
}

/// The intent that every printing profile has a table for; matrix profiles do not distinguish.
pub(super) fn options(is_extended: bool) -> TransformOptions {
    TransformOptions {
        rendering_intent: RenderingIntent::Perceptual,
        prefer_fixed_point: false,
        allow_extended_range_rgb_xyz: is_extended,
        ..TransformOptions::default()
    }
}

/// Converts straight RGBA pixels to sRGB in place, and says on which scale they are then.
///
/// `is_gray`: the file held gray, so a gray profile applies.
pub(super) fn to_srgb(
    pixels: &mut Pixels,
    tag: &ColorTag,
    is_gray: bool,
    transfer: Transfer,
    metadata: &mut Metadata,
) -> Transfer {
    let Some(profile) = tag.profile(metadata) else { return transfer };
    let layout = match profile.color_space {
        DataColorSpace::Rgb => Layout::Rgba,
        DataColorSpace::Gray if is_gray => Layout::Gray,
        _ => {
            ignore(metadata, "it is for another kind of pixels");
            return transfer;
        }
    };
    match convert(pixels, &profile, layout) {
        Ok(transfer) => transfer,
        Err(error) => {
            ignore(metadata, &format!("it cannot be applied ({error})"));
            transfer
        }
    }
}

fn convert(pixels: &mut Pixels, profile: &ColorProfile, layout: Layout) -> Result<Transfer, CmsError> {
    let target = srgb();
    // Within 0..1: a color just outside another gamut is a little below 0, and display values of that are far below.
    let within = profile.create_transform_f32(layout, target, Layout::Rgba, options(false))?;
    if farthest_move(&within, layout)? <= SAME {
        return Ok(Transfer::Display);
    }
    match (pixels, is_made_of_curves(profile).then(|| curves::of(profile)).flatten()) {
        (Pixels::F32(samples), Some(curves)) => {
            let to_light =
                straight(profile).create_transform_f32(layout, &linear_srgb(), Layout::Rgba, options(true))?;
            let is_light = has_straight_curves(profile);
            if is_light && farthest_move(&to_light, layout)? <= SAME_LIGHT {
                return Ok(Transfer::Linear);
            }
            if !is_light {
                for pixel in samples.as_chunks_mut::<4>().0 {
                    pixel.iter_mut().zip(&curves).for_each(|(value, curve)| *value = curve.light(*value));
                }
            }
            run(samples, &to_light, layout, |v| v, |v| v)?;
            if is_light {
                return Ok(Transfer::Linear);
            }
            // Not left to the color engine, which continues the curve below zero as a line instead of mirroring it.
            for pixel in samples.as_chunks_mut::<4>().0 {
                let [r, g, b, a] = *pixel;
                *pixel = [encode_srgb(r), encode_srgb(g), encode_srgb(b), a];
            }
        }
        (Pixels::F32(samples), None) => {
            let to_display = profile.create_transform_f32(layout, target, Layout::Rgba, options(true))?;
            run(samples, &to_display, layout, |v| v, |v| v)?;
        }
        (Pixels::U16(samples), _) => {
            let executor = profile.create_transform_16bit(layout, target, Layout::Rgba, options(false))?;
            run(samples, &executor, layout, |v| v, |v| v)?;
        }
        (Pixels::U8(samples), _) => {
            let executor = profile.create_transform_16bit(layout, target, Layout::Rgba, options(false))?;
            run(samples, &executor, layout, |v| u16::from(v) * 257, to_8bit)?;
        }
    }
    Ok(Transfer::Display)
}

/// 16-bit code → nearest 8-bit code.
pub(super) fn to_8bit(code: u16) -> u8 {
    ((u32::from(code) + 128) / 257) as u8
}

/// Runs the pixels through a transform from `layout` to RGBA, in its sample type; alpha stays.
fn run<S: Sample, T: Sample>(
    samples: &mut [S],
    executor: &Executor<T>,
    layout: Layout,
    widen: impl Fn(S) -> T,
    narrow: impl Fn(T) -> S,
) -> Result<(), CmsError> {
    let mut source = Vec::with_capacity(CHUNK * 4);
    let mut target = Vec::new();
    target.resize(CHUNK * 4, T::default());
    for chunk in samples.chunks_mut(CHUNK * 4) {
        source.clear();
        if layout == Layout::Gray {
            source.extend(chunk.as_chunks::<4>().0.iter().map(|pixel| widen(pixel[0])));
        } else {
            source.extend(chunk.iter().map(|sample| widen(*sample)));
        }
        let target = &mut target[..chunk.len()];
        executor.transform(&source, target)?;
        for (pixel, [r, g, b, _]) in chunk.as_chunks_mut::<4>().0.iter_mut().zip(target.as_chunks::<4>().0) {
            [pixel[0], pixel[1], pixel[2]] = [narrow(*r), narrow(*g), narrow(*b)];
        }
    }
    Ok(())
}

/// How far a transform moves the color that it moves most, of a cube of 6 steps a side and a gray ramp.
fn farthest_move(executor: &Executor<f32>, layout: Layout) -> Result<f32, CmsError> {
    let step = |index: usize| index as f32 / 5.0;
    let cube = (0..216).map(|i| [step(i % 6), step(i / 6 % 6), step(i / 36), 1.0]);
    let ramp = (0..=64).map(|i| i as f32 / 64.0).map(|v| [v, v, v, 1.0]);
    let before: Vec<f32> = match layout {
        Layout::Gray => ramp.flatten().collect(),
        _ => cube.chain(ramp).flatten().collect(),
    };
    let mut after = before.clone();
    run(&mut after, executor, layout, |v| v, |v| v)?;
    Ok(before.iter().zip(&after).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max))
}

/// Whether the profile is curves and a matrix, without tables that would blur linear light.
fn is_made_of_curves(profile: &ColorProfile) -> bool {
    let tables = [&profile.lut_a_to_b_perceptual, &profile.lut_a_to_b_colorimetric, &profile.lut_a_to_b_saturation];
    let is_curves = profile.is_matrix_shaper() || profile.gray_trc.is_some();
    is_curves && tables.into_iter().all(Option::is_none)
}

fn has_straight_curves(profile: &ColorProfile) -> bool {
    let curves = match profile.color_space {
        DataColorSpace::Gray => vec![&profile.gray_trc],
        _ => vec![&profile.red_trc, &profile.green_trc, &profile.blue_trc],
    };
    curves.into_iter().all(|curve| match curve {
        // One entry is a gamma in 8.8 fixed point; more are a table.
        Some(ToneReprCurve::Lut(table)) => match table[..] {
            [] | [256] => true,
            [_] => false,
            _ => is_line(table),
        },
        Some(ToneReprCurve::Parametric(parameters)) => match parameters[..] {
            [gamma] => gamma == 1.0,
            [gamma, a, b, ..] => gamma == 1.0 && a == 1.0 && b == 0.0,
            _ => false,
        },
        None => false,
    })
}

fn is_line(table: &[u16]) -> bool {
    let last = (table.len() - 1) as f32;
    table
        .iter()
        .enumerate()
        .all(|(index, value)| (f32::from(*value) / 65535.0 - index as f32 / last).abs() <= SAME_LIGHT)
}
