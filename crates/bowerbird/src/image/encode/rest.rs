//! The formats that the `image` crate writes as we want them: GIF, BMP, QOI, EXR, HDR. None has a place for the metadata
//! that we carry.

use std::io::Cursor;

use ::image::codecs::{bmp, gif, hdr, openexr, qoi};
use ::image::{ExtendedColorType, ImageEncoder, ImageResult};

use crate::image::prepare::Prepared;
use crate::image::{FileFormat, ImageError, Pixels};

/// Speed of the search for 256 colors, 1 (best) to 30; the encoder's authors call 10 a good compromise.
const GIF_SPEED: i32 = 10;

pub(super) fn encode(picture: &Prepared, format: FileFormat) -> Result<Vec<u8>, ImageError> {
    let mut out = Vec::new();
    match write(&mut out, picture, format) {
        Ok(()) => Ok(out),
        Err(error) => Err(ImageError::encode(format, error)),
    }
}

fn write(out: &mut Vec<u8>, picture: &Prepared, format: FileFormat) -> ImageResult<()> {
    let (width, height) = (picture.width, picture.height);
    let data = picture.samples.as_bytes();
    let color = match (&picture.samples, picture.has_alpha()) {
        (Pixels::U8(_), false) => ExtendedColorType::Rgb8,
        (Pixels::U8(_), true) => ExtendedColorType::Rgba8,
        (Pixels::U16(_), false) => ExtendedColorType::Rgb16,
        (Pixels::U16(_), true) => ExtendedColorType::Rgba16,
        (Pixels::F32(_), false) => ExtendedColorType::Rgb32F,
        (Pixels::F32(_), true) => ExtendedColorType::Rgba32F,
    };
    match format {
        FileFormat::Gif => gif::GifEncoder::new_with_speed(out, GIF_SPEED).encode(
            &one_bit_alpha(data, picture.has_alpha()),
            width,
            height,
            color,
        ),
        FileFormat::Bmp => bmp::BmpEncoder::new(out).write_image(data, width, height, color),
        FileFormat::Qoi => qoi::QoiEncoder::new(out).write_image(data, width, height, color),
        FileFormat::Exr => openexr::OpenExrEncoder::new(Cursor::new(out)).write_image(data, width, height, color),
        _ => hdr::HdrEncoder::new(out).write_image(data, width, height, color),
    }
}

/// GIF pixels are there or not: alpha from one half up is there.
fn one_bit_alpha(data: &[u8], has_alpha: bool) -> Vec<u8> {
    let mut data = data.to_vec();
    if has_alpha {
        for pixel in data.as_chunks_mut::<4>().0 {
            *pixel = match *pixel {
                [.., 0..128] => [0; 4],
                [r, g, b, _] => [r, g, b, 255],
            };
        }
    }
    data
}
