//! JPEG, with an sRGB profile, and EXIF, XMP and IPTC where they fit.
//!
//! From quality 90 up chroma is kept in full; below, it is halved both ways, as cameras do. A segment holds 64 KiB, and
//! a metadata block above that is left out.

use jpeg_encoder::{ColorType, Encoder, EncodingError, PixelDensity, PixelDensityUnit};

use crate::image::prepare::Prepared;
use crate::image::{FileFormat, ImageError, Metadata, profile};

/// Most bytes of a segment, less its length field.
const SEGMENT: usize = 65_533;

pub(super) fn encode(picture: &Prepared, metadata: &Metadata, quality: u8) -> Result<Vec<u8>, ImageError> {
    let mut out = Vec::new();
    match write(&mut out, picture, metadata, quality) {
        Ok(()) => Ok(out),
        Err(error) => Err(ImageError::encode(FileFormat::Jpeg, error)),
    }
}

fn write(out: &mut Vec<u8>, picture: &Prepared, metadata: &Metadata, quality: u8) -> Result<(), EncodingError> {
    let mut encoder = Encoder::new(out, quality);
    if let Some(dpi) = metadata.sane_dpi() {
        let [x, y] = dpi.map(|per_inch| (per_inch + 0.5) as u16);
        encoder.set_density(PixelDensity { density: (x, y), unit: PixelDensityUnit::Inches });
    }
    // EXIF readers look for the block right after the header.
    let exif = metadata.exif.as_deref().map(|block| [&b"Exif\0\0"[..], block].concat());
    let xmp = metadata.xmp.as_deref().map(|packet| [&b"http://ns.adobe.com/xap/1.0/\0"[..], packet].concat());
    let iptc = metadata.iptc.as_deref().map(iptc_segment);
    for (number, segment) in [(1, exif), (1, xmp), (13, iptc)] {
        if let Some(segment) = segment.filter(|segment| segment.len() <= SEGMENT) {
            encoder.add_app_segment(number, segment)?;
        }
    }
    if let Some(icc) = profile::srgb_icc() {
        encoder.add_icc_profile(icc)?;
    }
    // The sides were checked against the format's limit.
    let side = |length: u32| u16::try_from(length).unwrap_or(u16::MAX);
    encoder.encode(picture.samples.as_bytes(), side(picture.width), side(picture.height), ColorType::Rgb)
}

/// IPTC records as one of Photoshop's resource blocks: signature, id, empty name, length, padded data.
fn iptc_segment(records: &[u8]) -> Vec<u8> {
    let mut segment = b"Photoshop 3.0\08BIM\x04\x04\0\0".to_vec();
    let length = u32::try_from(records.len()).unwrap_or(u32::MAX);
    segment.extend(length.to_be_bytes());
    segment.extend(records);
    if records.len() % 2 == 1 {
        segment.push(0);
    }
    segment
}
