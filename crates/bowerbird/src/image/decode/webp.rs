//! WebP, lossy and lossless.
//!
//! The decoder lays the first frame of an animation on an empty canvas by blending, which moves opaque values by one;
//! a copy of the file whose first frame says "do not blend" gives what the file holds.

use std::io::{Cursor, ErrorKind};

use image_webp::{DecodingError, WebPDecoder};

use crate::image::profile::ColorTag;
use crate::image::raw::{Layout, Raw};
use crate::image::{Depth, FileFormat, ImageError, Pixels, ReadOptions};

pub(super) fn decode(bytes: &[u8], options: &ReadOptions) -> Result<Raw, ImageError> {
    let failed = |error| read_error(error, options);
    let unblended = with_unblended_first_frame(bytes);
    let source = Cursor::new(unblended.as_deref().unwrap_or(bytes));
    let mut decoder = WebPDecoder::new(source).map_err(failed)?;
    decoder.set_memory_limit(options.memory());
    let (width, height) = decoder.dimensions();
    options.admit(width, height, Depth::U8)?;
    let layout = if decoder.has_alpha() { Layout::Rgba } else { Layout::Rgb };
    let mut samples = vec![0; width as usize * height as usize * layout.channels()];
    decoder.read_image(&mut samples).map_err(failed)?;

    let mut raw = Raw::new((width, height), Pixels::U8(samples), layout);
    raw.metadata.only_first(decoder.is_animated() && decoder.num_frames() > 1);
    raw.color = ColorTag::icc(decoder.icc_profile().ok().flatten());
    raw.take_exif(decoder.exif_metadata().ok().flatten());
    raw.take_xmp(decoder.xmp_metadata().ok().flatten());
    Ok(raw)
}

/// `None` for a still picture, and for one that says so already.
fn with_unblended_first_frame(bytes: &[u8]) -> Option<Vec<u8>> {
    const FLAGS: usize = 15;
    const DO_NOT_BLEND: u8 = 2;
    let mut at = 12;
    loop {
        let header = bytes.get(at..)?.first_chunk::<8>()?;
        let length = u32::from_le_bytes([header[4], header[5], header[6], header[7]]);
        let body = at + 8;
        if header.starts_with(b"ANMF") {
            let flags = bytes.get(body + FLAGS)?;
            if flags & DO_NOT_BLEND != 0 {
                return None;
            }
            let mut copy = bytes.to_vec();
            copy[body + FLAGS] |= DO_NOT_BLEND;
            return Some(copy);
        }
        at = body.checked_add(usize::try_from(length).ok()?.checked_next_multiple_of(2)?)?;
    }
}

fn read_error(error: DecodingError, options: &ReadOptions) -> ImageError {
    match error {
        DecodingError::IoError(error) if error.kind() == ErrorKind::UnexpectedEof => {
            ImageError::corrupt(FileFormat::WebP, "the file ends too early")
        }
        DecodingError::MemoryLimitExceeded => ImageError::memory(options),
        error => ImageError::corrupt(FileFormat::WebP, error),
    }
}
