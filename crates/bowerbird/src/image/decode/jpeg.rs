//! JPEG, baseline and progressive, gray, YCbCr, RGB, CMYK and YCCK.
//!
//! Headers are read leniently, since cameras pad them in creative ways, and pixels strictly: damaged scan data is an
//! error. Four-component pictures come out of the decoder as stored, and become ink here.

use zune_jpeg::JpegDecoder;
use zune_jpeg::errors::DecodeErrors;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

use super::jpeg_scan;
use crate::image::profile::ColorTag;
use crate::image::raw::{Layout, Raw};
use crate::image::{Depth, FileFormat, ImageError, Pixels, ReadOptions};

pub(super) fn decode(bytes: &[u8], options: &ReadOptions) -> Result<Raw, ImageError> {
    let scan = jpeg_scan::scan(bytes);
    if let Some(kind) = scan.unsupported() {
        return Err(ImageError::unsupported(kind));
    }
    let lenient = DecoderOptions::default().set_strict_mode(false).set_max_width(usize::MAX).set_max_height(usize::MAX);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), lenient);
    decoder.decode_headers().map_err(read_error)?;
    let (Some(info), Some(stored)) = (decoder.info(), decoder.input_colorspace()) else {
        return Err(ImageError::corrupt(FileFormat::Jpeg, "there is no picture header"));
    };
    let (width, height) = (u32::from(info.width), u32::from(info.height));
    options.admit(width, height, Depth::U8)?;
    if !scan.is_complete {
        return Err(ImageError::corrupt(FileFormat::Jpeg, "the file ends before its end mark"));
    }

    if !scan.is_plausible() {
        return Err(ImageError::corrupt(FileFormat::Jpeg, "there is not enough data for a picture of its size"));
    }

    let (wanted, layout) = match stored {
        ColorSpace::Luma => (ColorSpace::Luma, Layout::Gray),
        // The decoder's own RGBA mixes up pixels where it uses AVX2 (zune-jpeg 0.5.15).
        ColorSpace::YCbCr | ColorSpace::RGB => (ColorSpace::RGB, Layout::Rgb),
        ColorSpace::CMYK | ColorSpace::YCCK => (stored, Layout::Cmyk),
        other => return Err(ImageError::unsupported(format!("a JPEG file with {other:?} components"))),
    };
    decoder.set_options(lenient.set_strict_mode(true).jpeg_set_out_colorspace(wanted));
    let mut samples = vec![0; width as usize * height as usize * layout.channels()];
    decoder.decode_into(&mut samples).map_err(read_error)?;
    if layout == Layout::Cmyk {
        to_ink(&mut samples, stored == ColorSpace::YCCK, scan.has_adobe_marker);
    }

    let mut raw = Raw::new((width, height), Pixels::U8(samples), layout);
    raw.color = ColorTag::icc(decoder.icc_profile());
    raw.take_exif(decoder.exif().cloned());
    raw.take_xmp(decoder.xmp().cloned());
    raw.metadata.iptc = decoder.iptc().and_then(|blocks| iptc_records(blocks));
    if let Some(dpi) = scan.dpi {
        raw.metadata.set_dpi(dpi);
    }
    Ok(raw)
}

/// Stored four-component samples as ink. Adobe writes 255 for no ink; YCCK codes the complements of C, M and Y like
/// red, green and blue.
fn to_ink(samples: &mut [u8], is_ycck: bool, is_inverted: bool) {
    for pixel in samples.as_chunks_mut::<4>().0 {
        if is_ycck {
            let [y, cb, cr, k] = *pixel;
            let (y, cb, cr) = (f32::from(y), f32::from(cb) - 128.0, f32::from(cr) - 128.0);
            let rgb = [y + 1.402 * cr, y - 0.344_136 * cb - 0.714_136 * cr, y + 1.772 * cb];
            let [c, m, y] = rgb.map(|light| 255 - (light.clamp(0.0, 255.0) + 0.5) as u8);
            *pixel = [c, m, y, k];
        }
        if is_inverted {
            *pixel = pixel.map(|ink| 255 - ink);
        }
    }
}

/// The IPTC records among Photoshop's resource blocks: each is `8BIM`, an id, a padded name, a length, padded data.
fn iptc_records(mut blocks: &[u8]) -> Option<Vec<u8>> {
    const IPTC: u16 = 0x0404;
    while let Some(rest) = blocks.strip_prefix(b"8BIM") {
        let id = u16::from_be_bytes(*rest.first_chunk()?);
        let name = usize::from(*rest.get(2)?) + 1;
        let rest = rest.get(2 + name.next_multiple_of(2)..)?;
        let length = usize::try_from(u32::from_be_bytes(*rest.first_chunk()?)).ok()?;
        let data = rest.get(4..4usize.checked_add(length)?)?;
        if id == IPTC {
            return Some(data.to_vec());
        }
        blocks = rest.get(4 + length.next_multiple_of(2)..)?;
    }
    None
}

fn read_error(error: DecodeErrors) -> ImageError {
    match error {
        DecodeErrors::Unsupported(scheme) => ImageError::unsupported(format!("this kind of JPEG file ({scheme:?})")),
        error => ImageError::corrupt(FileFormat::Jpeg, error),
    }
}
