//! One decoder a format, each in two steps: header, then, if [`ReadOptions`] admit the size, pixels.

mod jpeg;
mod jpeg_scan;
mod png;
mod rest;
mod tiff;
mod tiff_samples;
mod webp;

use super::{FileFormat, Image, ImageError, ReadOptions};

/// Decodes a file of a known format.
pub(super) fn decode(bytes: &[u8], format: FileFormat, options: &ReadOptions) -> Result<Image, ImageError> {
    let raw = match format {
        FileFormat::Png => png::decode(bytes, options)?,
        FileFormat::Jpeg => jpeg::decode(bytes, options)?,
        FileFormat::Tiff => tiff::decode(bytes, options)?,
        FileFormat::WebP => webp::decode(bytes, options)?,
        _ => rest::decode(bytes, format, options)?,
    };
    raw.finish(format)
}
