//! One encoder a format. Each gets samples that it can write as they are, and says that they are sRGB where the format
//! has a word for it.

mod jpeg;
mod png;
mod pnm;
mod rest;
mod tiff;
mod webp;

pub(super) use jpeg::MOST_BLOCK as MOST_JPEG_BLOCK;

use super::{FileFormat, Image, ImageError, KeepMetadata, Metadata, WriteOptions, prepare};

/// Encodes a picture; [`WriteOptions::format`] is not looked at.
pub(super) fn encode(image: &Image, format: FileFormat, options: &WriteOptions) -> Result<Vec<u8>, ImageError> {
    if !(1..=100).contains(&options.quality) {
        return Err(ImageError::BadQuality { quality: options.quality });
    }
    format.check_size(image.width(), image.height())?;
    let depth = format.choose_depth(options.depth, image.depth())?;
    let prepared = || prepare::prepare(image, format, depth);
    let none = Metadata::default();
    let metadata = match options.metadata {
        KeepMetadata::Keep => image.metadata(),
        KeepMetadata::Strip => &none,
    };
    match format {
        FileFormat::Png => png::encode(&prepared(), metadata),
        FileFormat::Jpeg => jpeg::encode(image, metadata, options),
        FileFormat::Tiff => tiff::encode(&prepared(), metadata),
        FileFormat::WebP => webp::encode(&prepared(), metadata),
        FileFormat::Pnm => Ok(pnm::encode(&prepared())),
        _ => rest::encode(&prepared(), format),
    }
}
