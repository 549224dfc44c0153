//! The formats that the `image` crate decodes as we want them: GIF, BMP, QOI, EXR, HDR, PNM.

use std::io::{Cursor, ErrorKind};

use ::image::codecs::{bmp, gif, hdr, openexr, pnm, qoi};
use ::image::error::{ImageError as CodecError, LimitErrorKind};
use ::image::{ColorType, ImageDecoder, Limits};

use crate::image::profile::{ColorTag, Primaries};
use crate::image::raw::{Layout, Raw};
use crate::image::{Depth, FileFormat, ImageError, Pixels, ReadOptions, Transfer};

pub(super) fn decode(bytes: &[u8], format: FileFormat, options: &ReadOptions) -> Result<Raw, ImageError> {
    let source = Cursor::new(bytes);
    let failed = |error| read_error(error, format, options);
    if let Some((width, height)) = declared_size(bytes, format) {
        options.admit(width, height, Depth::U8)?;
    }
    match format {
        FileFormat::Gif => {
            let mut raw = read(gif::GifDecoder::new(source).map_err(failed)?, format, options)?;
            raw.metadata.only_first(has_second_frame(bytes).unwrap_or(false));
            Ok(raw)
        }
        FileFormat::Bmp => read(bmp::BmpDecoder::new(source).map_err(failed)?, format, options),
        FileFormat::Qoi => read(qoi::QoiDecoder::new(source).map_err(failed)?, format, options),
        FileFormat::Exr => read(openexr::OpenExrDecoder::new(source).map_err(failed)?, format, options)
            .map(|raw| raw.in_light(exr_primaries(bytes))),
        // Not strict: the first line may name another program than RADIANCE.
        FileFormat::Hdr => read(hdr::HdrDecoder::new_nonstrict(source).map_err(failed)?, format, options)
            .map(|raw| raw.in_light(hdr_primaries(bytes))),
        FileFormat::Pnm => read(pnm::PnmDecoder::new(source).map_err(failed)?, format, options),
        FileFormat::Png | FileFormat::Jpeg | FileFormat::Tiff | FileFormat::WebP => Err(ImageError::UnknownFormat),
    }
}

fn read(mut decoder: impl ImageDecoder, format: FileFormat, options: &ReadOptions) -> Result<Raw, ImageError> {
    let failed = |error| read_error(error, format, options);
    let (width, height) = decoder.dimensions();
    let (layout, depth) = match decoder.color_type() {
        ColorType::L8 => (Layout::Gray, Depth::U8),
        ColorType::La8 => (Layout::GrayAlpha, Depth::U8),
        ColorType::Rgb8 => (Layout::Rgb, Depth::U8),
        ColorType::Rgba8 => (Layout::Rgba, Depth::U8),
        ColorType::L16 => (Layout::Gray, Depth::U16),
        ColorType::La16 => (Layout::GrayAlpha, Depth::U16),
        ColorType::Rgb16 => (Layout::Rgb, Depth::U16),
        ColorType::Rgba16 => (Layout::Rgba, Depth::U16),
        ColorType::Rgb32F => (Layout::Rgb, Depth::F32),
        ColorType::Rgba32F => (Layout::Rgba, Depth::F32),
        other => return Err(ImageError::unsupported(format!("a {format} file of {other:?} pixels"))),
    };
    options.admit(width, height, depth)?;
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(options.max_bytes);
    decoder.set_limits(limits).map_err(failed)?;

    let length = width as usize * height as usize * layout.channels();
    let samples = match depth {
        Depth::U8 => {
            let mut samples = vec![0; length];
            decoder.read_image(&mut samples).map_err(failed)?;
            Pixels::U8(samples)
        }
        Depth::U16 => {
            let mut samples = vec![0_u16; length];
            decoder.read_image(bytemuck::cast_slice_mut(&mut samples)).map_err(failed)?;
            Pixels::U16(samples)
        }
        Depth::F32 => {
            let mut samples = vec![0_f32; length];
            decoder.read_image(bytemuck::cast_slice_mut(&mut samples)).map_err(failed)?;
            Pixels::F32(samples)
        }
    };
    Ok(Raw::new((width, height), samples, layout))
}

impl Raw {
    /// Linear light under premultiplied alpha, in the primaries that the file names.
    fn in_light(self, primaries: Option<Primaries>) -> Self {
        let color = match primaries.map(Primaries::or_srgb) {
            Some(primaries) if primaries != Primaries::SRGB => ColorTag::of(primaries, 1.0),
            _ => ColorTag::Srgb,
        };
        Self { transfer: Transfer::Linear, premultiplied: true, color, ..self }
    }
}

/// The chromaticities of an OpenEXR header: an attribute of eight floats, those of white last.
fn exr_primaries(bytes: &[u8]) -> Option<Primaries> {
    /// Where headers end that are not made to be searched for long.
    const LONGEST: usize = 1 << 16;
    const NAME: &[u8] = b"\0chromaticities\0chromaticities\0\x20\0\0\0";
    let header = &bytes[..bytes.len().min(LONGEST)];
    let at = header.windows(NAME.len()).position(|window| window == NAME)? + NAME.len();
    let numbers = header.get(at..at + 32)?.as_chunks::<4>().0;
    primaries(|index| numbers.get(index).map(|number| f32::from_le_bytes(*number)))
}

/// The primaries of a Radiance header, which ends with an empty line.
fn hdr_primaries(bytes: &[u8]) -> Option<Primaries> {
    let lines = bytes.split(|byte| *byte == b'\n').take_while(|line| !line.is_empty()).take(256);
    let line =
        lines.filter_map(|line| core::str::from_utf8(line).ok()).find_map(|line| line.strip_prefix("PRIMARIES="))?;
    let numbers: Vec<f32> = line.split_ascii_whitespace().filter_map(|word| word.parse().ok()).collect();
    primaries(|index| numbers.get(index).copied())
}

/// Red, green, blue and white, as both formats list them.
fn primaries(number: impl Fn(usize) -> Option<f32>) -> Option<Primaries> {
    let point = |index: usize| Some([number(2 * index)?, number(2 * index + 1)?]);
    let [red, green, blue, white] = [point(0)?, point(1)?, point(2)?, point(3)?];
    Some(Primaries([white, red, green, blue]))
}

/// Whether a GIF goes on behind its first frame; `None` if it ends too early to say. The decoder would have to decode the
/// next one.
fn has_second_frame(bytes: &[u8]) -> Option<bool> {
    const EXTENSION: u8 = 0x21;
    const FRAME: u8 = 0x2c;
    let colors = |flags: u8| if flags & 0x80 == 0 { 0 } else { 6 << (flags & 7) };
    let mut at = 13 + colors(*bytes.get(10)?);
    let mut frames = 0;
    loop {
        match *bytes.get(at)? {
            EXTENSION => at += 2,
            FRAME if frames == 1 => return Some(true),
            FRAME => {
                frames += 1;
                at += 11 + colors(*bytes.get(at + 9)?);
            }
            _ => return Some(false),
        }
        // Blocks of at most 255 bytes, of which the last is empty.
        loop {
            let length = usize::from(*bytes.get(at)?);
            at += 1 + length;
            if length == 0 {
                break;
            }
        }
    }
}

/// The size that the first bytes declare. These decoders read further before they tell it, or have limits of their own
/// and call what is above them damaged.
fn declared_size(bytes: &[u8], format: FileFormat) -> Option<(u32, u32)> {
    let field = |at: usize| bytes.get(at..)?.first_chunk::<4>().copied();
    match format {
        FileFormat::Gif => {
            let [w0, w1, h0, h1] = field(6)?;
            Some((u16::from_le_bytes([w0, w1]).into(), u16::from_le_bytes([h0, h1]).into()))
        }
        FileFormat::Qoi => Some((u32::from_be_bytes(field(4)?), u32::from_be_bytes(field(8)?))),
        FileFormat::Bmp if u32::from_le_bytes(field(14)?) >= 40 => {
            let side = |at| Some(i32::from_le_bytes(field(at)?).unsigned_abs());
            Some((side(18)?, side(22)?))
        }
        _ => None,
    }
}

fn read_error(error: CodecError, format: FileFormat, options: &ReadOptions) -> ImageError {
    match error {
        CodecError::Unsupported(error) => ImageError::unsupported(format!("this kind of {format} file ({error})")),
        CodecError::Limits(error) if error.kind() == LimitErrorKind::InsufficientMemory => ImageError::memory(options),
        CodecError::IoError(error) if error.kind() == ErrorKind::UnexpectedEof => {
            ImageError::corrupt(format, "the file ends too early")
        }
        // The decoder's words for a file without all of R, G and B, which says nothing of damage.
        CodecError::Decoding(error) if format == FileFormat::Exr && error.to_string().contains("rgb channels") => {
            ImageError::unsupported("an EXR file without the channels R, G and B")
        }
        error => ImageError::corrupt(format, error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chromaticities_are_found_in_a_header() {
        let numbers: Vec<u8> =
            [0.68f32, 0.32, 0.265, 0.69, 0.15, 0.06, 0.3127, 0.329].iter().flat_map(|v| v.to_le_bytes()).collect();
        let header = [&b"v/1\x01\x02\0\0\0\0chromaticities\0chromaticities\0\x20\0\0\0"[..], &numbers].concat();
        let expected = Primaries([[0.3127, 0.329], [0.68, 0.32], [0.265, 0.69], [0.15, 0.06]]);
        assert_eq!(exr_primaries(&header), Some(expected));
        assert_eq!(exr_primaries(&header[..40]), None);
        assert_eq!(hdr_primaries(b"#?RADIANCE\nPRIMARIES=0.6 0.3\n\n"), None);
    }
}
