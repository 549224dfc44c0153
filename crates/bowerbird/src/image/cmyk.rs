//! Ink to light.
//!
//! With a printing profile the color engine converts; without one the textbook product (1 − ink)(1 − black) stands in,
//! which is what viewers do, and a warning says so. Samples come as ink, 1 for full: decoders undo Adobe's inversion.

use moxcms::{ColorProfile, DataColorSpace, Layout};

use super::profile::{ColorTag, ignore, options, srgb, to_8bit};
use super::sample::{Sample, each_depth};
use super::{ImageError, Metadata, Pixels};

/// CMYK samples as RGBA, in the same depth.
pub(super) fn to_rgba(inks: Pixels, tag: &ColorTag, metadata: &mut Metadata) -> Result<Pixels, ImageError> {
    let profile = tag.profile(metadata);
    let profile = match profile {
        Some(profile) if profile.color_space != DataColorSpace::Cmyk => {
            ignore(metadata, "it is for another kind of pixels");
            None
        }
        other => other,
    };
    if let Some(profile) = &profile {
        if let Some(pixels) = through(&inks, profile) {
            return Ok(pixels);
        }
        ignore(metadata, "it cannot be applied");
    }
    metadata.warn("CMYK colors were converted without a profile and may look too strong");
    Ok(each_depth!(&inks, samples => plain(samples)))
}

fn through(inks: &Pixels, profile: &ColorProfile) -> Option<Pixels> {
    let executor = profile.create_transform_16bit(Layout::Rgba, srgb(), Layout::Rgb, options(false)).ok()?;
    let mut out = match inks {
        Pixels::U8(samples) => Pixels::U8(Vec::with_capacity(samples.len())),
        _ => Pixels::U16(Vec::with_capacity(inks.len())),
    };
    let chunks = 0..inks.len().div_ceil(4 * CHUNK);
    for range in chunks.map(|index| index * 4 * CHUNK..((index + 1) * 4 * CHUNK).min(inks.len())) {
        let source: Vec<u16> = match inks {
            Pixels::U8(samples) => samples[range].iter().map(|v| u16::from(*v) * 257).collect(),
            Pixels::U16(samples) => samples[range].to_vec(),
            Pixels::F32(samples) => samples[range].iter().map(|v| u16::quantize(*v)).collect(),
        };
        let mut target = vec![0; source.len() / 4 * 3];
        executor.transform(&source, &mut target).ok()?;
        let pixels = target.as_chunks::<3>().0.iter();
        match &mut out {
            Pixels::U8(out) => out.extend(pixels.flat_map(|[r, g, b]| [to_8bit(*r), to_8bit(*g), to_8bit(*b), 255])),
            Pixels::U16(out) => out.extend(pixels.flat_map(|[r, g, b]| [*r, *g, *b, u16::MAX])),
            Pixels::F32(_) => return None,
        }
    }
    Some(out)
}

/// Pixels converted at a time.
const CHUNK: usize = 4096;

fn plain<S: Sample>(inks: &[S]) -> Pixels {
    let pixels = inks.as_chunks::<4>().0.iter().flat_map(|inks| {
        let [c, m, y, k] = inks.map(|ink| 1.0 - ink.unit());
        [S::quantize(c * k), S::quantize(m * k), S::quantize(y * k), S::ONE]
    });
    S::wrap(pixels.collect())
}
