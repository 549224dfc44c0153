//! WebP, lossless: the encoder knows no other kind.

use image_webp::{ColorType, WebPEncoder};

use crate::image::prepare::Prepared;
use crate::image::{FileFormat, ImageError, Metadata, profile};

pub(super) fn encode(picture: &Prepared, metadata: &Metadata) -> Result<Vec<u8>, ImageError> {
    let mut out = Vec::new();
    let mut encoder = WebPEncoder::new(&mut out);
    if let Some(icc) = profile::srgb_icc() {
        encoder.set_icc_profile(icc.to_vec());
    }
    if let Some(exif) = &metadata.exif {
        encoder.set_exif_metadata(exif.clone());
    }
    if let Some(xmp) = &metadata.xmp {
        encoder.set_xmp_metadata(xmp.clone());
    }
    let color = if picture.has_alpha() { ColorType::Rgba8 } else { ColorType::Rgb8 };
    encoder
        .encode(picture.samples.as_bytes(), picture.width, picture.height, color)
        .map_err(|error| ImageError::encode(FileFormat::WebP, error))?;
    Ok(out)
}
