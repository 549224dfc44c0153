//! PNG, with its four ways of stating color.
//!
//! In order of precedence: code points (cICP), an ICC profile, the sRGB chunk, gamma with chromaticities. Gamma 1/2.2
//! without other primaries is how old programs spelled sRGB, and is read so.

use std::io::{Cursor, ErrorKind};

use moxcms::{CicpColorPrimaries, CicpProfile, ColorProfile, MatrixCoefficients, TransferCharacteristics};
use png::{BitDepth, ColorType, Decoder, DecodingError, Info, Limits, ScaledFloat, Transformations, Unit};

use crate::image::profile::{ColorTag, Primaries, ignore};
use crate::image::raw::{Layout, Raw};
use crate::image::{Depth, FileFormat, ImageError, Metadata, Pixels, ReadOptions};

const METERS_PER_INCH: f32 = 0.0254;

/// Bytes that an XMP block may have when it is inflated; a larger one is left out. Deflate makes a thousand of one.
const MOST_XMP: usize = 16 << 20;

/// Bytes that metadata may take together, an inflated color profile among them; the samples are none of them.
const MOST_METADATA: usize = 64 << 20;

pub(super) fn decode(bytes: &[u8], options: &ReadOptions) -> Result<Raw, ImageError> {
    let failed = |error| read_error(error, options);
    let limits = Limits { bytes: options.memory().min(MOST_METADATA) };
    let mut decoder = Decoder::new_with_limits(Cursor::new(bytes), limits);
    decoder.set_transformations(Transformations::EXPAND);
    let header = decoder.read_header_info().map_err(failed)?;
    let (width, height) = header.size();
    let depth = if header.bit_depth == BitDepth::Sixteen { Depth::U16 } else { Depth::U8 };
    options.admit(width, height, depth)?;

    let mut reader = decoder.read_info().map_err(failed)?;
    let length = reader.output_buffer_size().ok_or(ImageError::BadDimensions { width, height })?;
    let mut buffer = vec![0; length];
    reader.next_frame(&mut buffer).map_err(failed)?;
    let (color, _) = reader.output_color_type();
    let layout = match color {
        ColorType::Grayscale => Layout::Gray,
        ColorType::GrayscaleAlpha => Layout::GrayAlpha,
        ColorType::Rgb | ColorType::Indexed => Layout::Rgb,
        ColorType::Rgba => Layout::Rgba,
    };
    let samples = match depth {
        Depth::U16 => Pixels::U16(buffer.as_chunks().0.iter().map(|pair| u16::from_be_bytes(*pair)).collect()),
        _ => Pixels::U8(buffer),
    };

    let mut raw = Raw::new((width, height), samples, layout);
    // What follows the pixels is metadata or further frames: worth reading, not worth failing for, unless the file was
    // cut short, which is never what its maker meant.
    match reader.finish() {
        Err(DecodingError::IoError(error)) if error.kind() == ErrorKind::UnexpectedEof => {
            return Err(ImageError::corrupt(FileFormat::Png, "the file ends before its end mark"));
        }
        Err(error) => raw.metadata.warn(format!("the end of the PNG file is damaged ({error})")),
        Ok(()) => {}
    }
    let info = reader.info();
    raw.metadata.only_first(info.animation_control.is_some_and(|animation| animation.num_frames > 1));
    raw.take_exif(info.exif_metadata.as_ref().map(|block| block.to_vec()));
    let xmp = info.utf8_text.iter().find(|text| text.keyword == "XML:com.adobe.xmp");
    if let Some(mut text) = xmp.cloned() {
        match text.decompress_text_with_limit(MOST_XMP).and_then(|()| text.get_text()) {
            Ok(text) => raw.take_xmp(Some(text.into_bytes())),
            Err(error) => raw.metadata.warn(format!("the XMP block is damaged or too large and is left out ({error})")),
        }
    }
    if let Some(dims) = info.pixel_dims.filter(|dims| dims.unit == Unit::Meter) {
        raw.metadata.set_dpi([dims.xppu, dims.yppu].map(|per_meter| per_meter as f32 * METERS_PER_INCH));
    }
    raw.color = color_tag(info, &mut raw.metadata);
    if info.icc_profile.is_none() && info.coding_independent_code_points.is_none() && has_profile(bytes) {
        ignore(&mut raw.metadata, "it is damaged or too large");
    }
    Ok(raw)
}

/// Whether there is a color profile ahead of the samples, read or not.
fn has_profile(bytes: &[u8]) -> bool {
    let mut rest = bytes.get(8..).unwrap_or_default();
    // A length, a name, so many bytes, and their check sum.
    while let Some((&[a, b, c, d, ref name @ ..], _)) = rest.split_first_chunk::<8>() {
        if name == b"iCCP" {
            return true;
        }
        let length = u32::from_be_bytes([a, b, c, d]) as usize;
        rest = rest.get(length.saturating_add(12)..).filter(|_| name != b"IDAT").unwrap_or_default();
    }
    false
}

fn color_tag(info: &Info<'_>, metadata: &mut Metadata) -> ColorTag {
    if let Some(points) = info.coding_independent_code_points {
        return match from_code_points(points.color_primaries, points.transfer_function) {
            Some(tag) => tag,
            None => {
                ignore(metadata, "its code points (cICP) are unknown");
                ColorTag::Srgb
            }
        };
    }
    if let Some(profile) = &info.icc_profile {
        return ColorTag::Icc(profile.to_vec());
    }
    match info.gama_chunk {
        Some(gamma) if info.srgb.is_none() => from_gamma(gamma, info),
        _ => ColorTag::Srgb,
    }
}

fn from_code_points(primaries: u8, transfer: u8) -> Option<ColorTag> {
    let color_primaries = CicpColorPrimaries::try_from(primaries).ok()?;
    let transfer_characteristics = TransferCharacteristics::try_from(transfer).ok()?;
    let matrix_coefficients = MatrixCoefficients::Identity;
    let points = CicpProfile { color_primaries, transfer_characteristics, matrix_coefficients, full_range: true };
    let profile = ColorProfile::new_from_cicp(points);
    profile.is_matrix_shaper().then(|| ColorTag::Made(Box::new(profile)))
}

fn from_gamma(gamma: ScaledFloat, info: &Info<'_>) -> ColorTag {
    let value = |scaled: ScaledFloat| scaled.into_scaled() as f32 / 100_000.0;
    let exponent = value(gamma);
    if !(0.05..=5.0).contains(&exponent) {
        return ColorTag::Srgb;
    }
    let primaries = info.chrm_chunk.map_or(Primaries::SRGB, |c| {
        Primaries([c.white, c.red, c.green, c.blue].map(|(x, y)| [value(x), value(y)])).or_srgb()
    });
    if primaries == Primaries::SRGB && (exponent * 2.2 - 1.0).abs() < 0.02 {
        return ColorTag::Srgb;
    }
    ColorTag::of(primaries, 1.0 / exponent)
}

fn read_error(error: DecodingError, options: &ReadOptions) -> ImageError {
    match error {
        DecodingError::IoError(error) if error.kind() == ErrorKind::UnexpectedEof => {
            ImageError::corrupt(FileFormat::Png, "the file ends too early")
        }
        DecodingError::LimitsExceeded if options.memory() > MOST_METADATA => {
            ImageError::unsupported(format!("a PNG file with more than {} MiB of metadata", MOST_METADATA >> 20))
        }
        DecodingError::LimitsExceeded => ImageError::memory(options),
        error => ImageError::corrupt(FileFormat::Png, error),
    }
}
