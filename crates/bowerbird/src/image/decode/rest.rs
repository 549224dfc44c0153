//! The formats that the `image` crate decodes as we want them: GIF, BMP, QOI, EXR, HDR, PNM.

use std::io::{Cursor, ErrorKind};

use ::image::codecs::{bmp, gif, hdr, openexr, pnm, qoi};
use ::image::error::{ImageError as CodecError, LimitErrorKind};
use ::image::{ColorType, ImageDecoder, Limits};

use crate::image::raw::{Layout, Raw};
use crate::image::{Depth, FileFormat, ImageError, Pixels, ReadOptions, Transfer};

pub(super) fn decode(bytes: &[u8], format: FileFormat, options: &ReadOptions) -> Result<Raw, ImageError> {
    let source = Cursor::new(bytes);
    let failed = |error| read_error(error, format, options);
    if let Some((width, height)) = declared_size(bytes, format) {
        options.admit(width, height, Depth::U8)?;
    }
    match format {
        FileFormat::Gif => read(gif::GifDecoder::new(source).map_err(failed)?, format, options),
        FileFormat::Bmp => read(bmp::BmpDecoder::new(source).map_err(failed)?, format, options),
        FileFormat::Qoi => read(qoi::QoiDecoder::new(source).map_err(failed)?, format, options),
        FileFormat::Exr => read(openexr::OpenExrDecoder::new(source).map_err(failed)?, format, options),
        FileFormat::Hdr => read(hdr::HdrDecoder::new(source).map_err(failed)?, format, options),
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
    let mut raw = Raw::new((width, height), samples, layout);
    if matches!(format, FileFormat::Exr | FileFormat::Hdr) {
        raw.transfer = Transfer::Linear;
        raw.premultiplied = true;
    }
    Ok(raw)
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
        error => ImageError::corrupt(format, error),
    }
}
