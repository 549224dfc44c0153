//! TIFF: the tags.
//!
//! The `tiff` crate reads samples of nearly any shape; which samples mean what is decided here. It refuses palettes,
//! so a palette file is shown to it as a gray one, whose values are then looked up in the color map.

use std::io::{Cursor, ErrorKind};

use tiff::decoder::ifd::Value;
use tiff::decoder::{Decoder, DecodingResult, Limits};
use tiff::tags::Tag;
use tiff::{ColorType, TiffError};

use super::tiff_samples;
use crate::image::exif::Directory;
use crate::image::profile::ColorTag;
use crate::image::raw::{Layout, Raw};
use crate::image::{Depth, FileFormat, ImageError, Pixels, ReadOptions};

const XMP: Tag = Tag::Unknown(700);
const IPTC: Tag = Tag::Unknown(33723);
const ASSOCIATED_ALPHA: u16 = 1;

/// Most bytes of a single tag: a color profile, or the strip offsets of a very large picture.
const MAX_TAG: usize = 64 << 20;

type Reader<'a> = Decoder<Cursor<&'a [u8]>>;

pub(super) fn decode(bytes: &[u8], options: &ReadOptions) -> Result<Raw, ImageError> {
    let failed = |error| read_error(error, options);
    let as_gray = palette_as_gray(bytes);
    let mut limits = Limits::default();
    limits.decoding_buffer_size = options.memory();
    limits.intermediate_buffer_size = options.memory();
    limits.ifd_value_size = options.memory().min(MAX_TAG);
    let source = as_gray.as_deref().unwrap_or(bytes);
    let mut decoder = Decoder::new(Cursor::new(source)).map_err(failed)?.with_limits(limits);

    let (width, height) = decoder.dimensions().map_err(failed)?;
    let color = decoder.colortype().map_err(failed)?;
    let depth = match color.bit_depth() {
        0..=8 => Depth::U8,
        9..=16 => Depth::U16,
        _ => Depth::F32,
    };
    options.admit(width, height, depth)?;
    let (layout, is_ycc) = match color {
        ColorType::Gray(_) => (Layout::Gray, false),
        ColorType::GrayA(_) | ColorType::Multiband { num_samples: 2, .. } => (Layout::GrayAlpha, false),
        ColorType::RGB(_) => (Layout::Rgb, false),
        ColorType::RGBA(_) => (Layout::Rgba, false),
        ColorType::CMYK(_) => (Layout::Cmyk, false),
        ColorType::YCbCr(8) => (Layout::Rgb, true),
        other => return Err(ImageError::unsupported(format!("a TIFF file of {other:?} pixels"))),
    };

    let mut buffer = DecodingResult::U8(Vec::new());
    let found = decoder.read_image_to_buffer(&mut buffer).map_err(failed)?;
    if buffer.as_buffer(0).byte_len() < found.complete_len {
        return Err(ImageError::memory(options));
    }
    let stride = found.row_stride.map_or(0, std::num::NonZero::get);
    let samples = if color.bit_depth() < 8 {
        tiff_samples::unpack(&buffer, color.bit_depth(), (width, height), layout, stride, as_gray.is_none())
    } else {
        tiff_samples::to_pixels(buffer)
    };
    let mut samples = samples.ok_or_else(|| ImageError::unsupported(format!("a TIFF file of {color:?} samples")))?;
    if found.planes > 1 {
        samples = tiff_samples::interleave(samples, found.planes);
    }
    if is_ycc {
        tiff_samples::ycc_to_rgb(&mut samples);
    }
    let mut raw = if as_gray.is_some() {
        let map = decoder.get_tag_u16_vec(Tag::ColorMap).map_err(failed)?;
        Raw::new((width, height), Pixels::U8(tiff_samples::look_up(&samples, &map)), Layout::Rgb)
    } else {
        Raw::new((width, height), samples, layout)
    };
    read_tags(&mut decoder, &mut raw);
    raw.metadata.only_first(decoder.more_images());
    Ok(raw)
}

/// The tags beside the pixels. One that cannot be read is as good as none.
fn read_tags(decoder: &mut Reader<'_>, raw: &mut Raw) {
    let mut block = |tag| decoder.find_tag(tag).ok().flatten().and_then(|value| value.into_u8_vec().ok());
    raw.color = ColorTag::icc(block(Tag::IccProfile));
    raw.take_xmp(block(XMP));
    raw.metadata.iptc = block(IPTC);
    if decoder.find_tag(Tag::ExifDirectory).is_ok_and(|found| found.is_some()) {
        raw.metadata.warn("EXIF metadata is not read from TIFF files");
    }
    let orientation = decoder.find_tag_unsigned::<u16>(Tag::Orientation);
    raw.orientation = orientation.ok().flatten().unwrap_or(1);
    let extra = decoder.find_tag_unsigned_vec::<u16>(Tag::ExtraSamples).ok().flatten();
    raw.premultiplied = extra.is_some_and(|kinds| kinds.first() == Some(&ASSOCIATED_ALPHA));

    let per_inch = match decoder.find_tag_unsigned::<u16>(Tag::ResolutionUnit) {
        Ok(Some(2) | None) => 1.0,
        Ok(Some(3)) => 2.54,
        _ => return,
    };
    let mut resolution = |tag| match decoder.find_tag(tag) {
        Ok(Some(Value::Rational(n, d))) if d != 0 => Some((f64::from(n) / f64::from(d) * per_inch) as f32),
        _ => None,
    };
    if let Some((x, y)) = resolution(Tag::XResolution).zip(resolution(Tag::YResolution)) {
        raw.metadata.set_dpi([x, y]);
    }
}

/// A copy of a palette file whose interpretation says gray; `None` for any other file.
fn palette_as_gray(bytes: &[u8]) -> Option<Vec<u8>> {
    const INTERPRETATION: u16 = 262;
    const PALETTE: u16 = 3;
    const GRAY: u16 = 1;
    let directory = Directory::new(bytes)?;
    let (fields, _) = directory.fields(directory.first()?)?;
    let at = fields.iter().find(|field| field.tag == INTERPRETATION)?.value_at;
    if directory.u16(at)? != PALETTE {
        return None;
    }
    let gray = directory.short(GRAY);
    let mut copy = bytes.to_vec();
    copy.get_mut(at..at + 2)?.copy_from_slice(&gray);
    Some(copy)
}

fn read_error(error: TiffError, options: &ReadOptions) -> ImageError {
    match error {
        TiffError::UnsupportedError(error) => {
            let kind = error.to_string();
            let kind = kind.strip_suffix(" is unsupported").unwrap_or(&kind);
            ImageError::unsupported(format!("this kind of TIFF file ({kind})"))
        }
        TiffError::LimitsExceeded => ImageError::memory(options),
        TiffError::IoError(error) if error.kind() == ErrorKind::UnexpectedEof => {
            ImageError::corrupt(FileFormat::Tiff, "the file ends too early")
        }
        error => ImageError::corrupt(FileFormat::Tiff, error),
    }
}
