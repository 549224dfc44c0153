//! JPEG pictures of cameras and of Motion-JPEG files.
//!
//! Cameras leave out what every decoder is taken to know (the Huffman tables of the standard), append whatever was left in
//! their buffer, and stop in the middle when the bus is full. So a picture is cut at its end marker, given the tables if
//! it has none, and refused if the end is missing: half a picture over the last one is worse than none.

mod tables;

use crate::{CaptureError, Frame, PixelFormat};
use tables::STANDARD_TABLES;
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

/// Columns and rows that are decoded at the most.
const LARGEST: usize = 16384;

// Markers, behind 0xFF.
const START: u8 = 0xD8;
const END: u8 = 0xD9;
const SCAN: u8 = 0xDA;
const TABLES: u8 = 0xC4;

/// Where things are in a picture.
#[derive(Debug, PartialEq, Eq)]
struct Layout {
    /// Where the first scan begins.
    scan: usize,
    /// Behind the end marker.
    end: usize,
    /// It brings its Huffman tables.
    tables: bool,
}

impl Layout {
    /// Walks over the segments to the end marker.
    fn of(bytes: &[u8]) -> Result<Self, &'static str> {
        if bytes.len() < 4 || bytes[..2] != [0xFF, START] {
            return Err("it does not begin like a JPEG picture");
        }
        let (mut at, mut scan, mut tables) = (2, None, false);
        // In a scan, 0xFF stands before 0 for itself, and before 0xD0 to 0xD7 for a restart; else a marker follows.
        while let Some(step) = bytes.get(at..).and_then(|rest| rest.iter().position(|byte| *byte == 0xFF)) {
            if scan.is_none() && step > 0 {
                return Err("its header is damaged");
            }
            at += step + 1;
            let Some(&marker) = bytes.get(at) else { break };
            match marker {
                0xFF => continue,
                END => return scan.map(|scan| Self { scan, end: at + 1, tables }).ok_or("it has no picture in it"),
                0x00 | 0xD0..=0xD7 if scan.is_some() => at += 1,
                _ => {
                    if marker == SCAN {
                        scan = scan.or(Some(at - 1));
                    }
                    tables |= marker == TABLES;
                    let Some(length) = bytes.get(at + 1..at + 3) else { break };
                    at += 1 + usize::from(u16::from_be_bytes([length[0], length[1]]));
                }
            }
        }
        Err("it is cut off: its end is missing")
    }
}

/// Decodes JPEG pictures; holds the memory that it needs for the next.
#[derive(Debug, Default)]
pub(crate) struct Decoder {
    completed: Vec<u8>,
}

impl Decoder {
    /// Decodes `bytes` into `frame` as RGBA, and leaves its time and number alone. `name` is the source, for errors.
    pub(crate) fn decode(&mut self, bytes: &[u8], frame: &mut Frame, name: &str) -> Result<(), CaptureError> {
        let damaged = |reason: String| CaptureError::Damaged { name: name.into(), reason };
        let layout = Layout::of(bytes).map_err(|reason| damaged(reason.into()))?;
        let mut picture = &bytes[..layout.end];
        if !layout.tables {
            self.completed.clear();
            self.completed.extend_from_slice(&picture[..layout.scan]);
            self.completed.extend_from_slice(&STANDARD_TABLES);
            self.completed.extend_from_slice(&picture[layout.scan..]);
            picture = &self.completed;
        }
        let options = DecoderOptions::default()
            .jpeg_set_out_colorspace(ColorSpace::RGBA)
            .set_max_width(LARGEST)
            .set_max_height(LARGEST)
            .set_strict_mode(true);
        let mut decoder = JpegDecoder::new_with_options(ZCursor::new(picture), options);
        decoder.decode_headers().map_err(|error| damaged(error.to_string()))?;
        let Some((width, height)) = decoder.dimensions() else { return Err(damaged("it has no size".into())) };
        frame.reset(PixelFormat::Rgba, width as u32, height as u32);
        decoder.decode_into(&mut frame.data).map_err(|error| damaged(format!("{error}").trim_matches('"').into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jpeg_encoder::{ColorType, Encoder};

    /// A picture of 32 by 24 pixels, red to the left and blue to the right.
    fn picture() -> Vec<u8> {
        let pixels: Vec<u8> =
            (0..32 * 24).flat_map(|at| if at % 32 < 16 { [200, 20, 20] } else { [20, 20, 200] }).collect();
        let mut bytes = Vec::new();
        Encoder::new(&mut bytes, 95).encode(&pixels, 32, 24, ColorType::Rgb).unwrap();
        bytes
    }

    fn decode(bytes: &[u8]) -> Result<Frame, CaptureError> {
        let mut frame = Frame::default();
        Decoder::default().decode(bytes, &mut frame, "a test").map(|()| frame)
    }

    /// The picture without its segments of Huffman tables.
    fn without_tables(bytes: &[u8]) -> Vec<u8> {
        let (mut out, mut at) = (bytes[..2].to_vec(), 2);
        while bytes[at + 1] != SCAN {
            let next = at + 2 + usize::from(u16::from_be_bytes([bytes[at + 2], bytes[at + 3]]));
            if bytes[at + 1] != TABLES {
                out.extend_from_slice(&bytes[at..next]);
            }
            at = next;
        }
        out.extend_from_slice(&bytes[at..]);
        out
    }

    #[test]
    fn a_picture_is_decoded_with_its_colors() {
        let frame = decode(&picture()).unwrap();
        assert_eq!((frame.width, frame.height, frame.format), (32, 24, PixelFormat::Rgba));
        let near = |at: usize, wanted: [u8; 4]| {
            let pixel = &frame.data[at * 4..][..4];
            assert!(pixel.iter().zip(wanted).all(|(a, b)| a.abs_diff(b) <= 6), "{pixel:?}, {wanted:?}");
        };
        near(3, [200, 20, 20, 255]);
        near(28, [20, 20, 200, 255]);
    }

    #[test]
    fn missing_huffman_tables_are_those_of_the_standard() {
        let bare = without_tables(&picture());
        assert!(!Layout::of(&bare).unwrap().tables);
        assert_eq!(decode(&bare).unwrap().data, decode(&picture()).unwrap().data);
    }

    #[test]
    fn what_follows_the_end_is_cut() {
        let mut padded = picture();
        let length = padded.len();
        padded.extend_from_slice(&[0xFF, START, 0, 7, 0xFF, 0, 0]);
        assert_eq!(Layout::of(&padded).unwrap().end, length);
        assert_eq!(decode(&padded).unwrap().data, decode(&picture()).unwrap().data);
    }

    #[test]
    fn a_picture_cut_anywhere_is_damaged() {
        let whole = picture();
        for length in 0..whole.len() {
            let error = decode(&whole[..length]).unwrap_err();
            assert!(matches!(error, CaptureError::Damaged { .. }), "{length}: {error}");
        }
    }

    #[test]
    fn damage_anywhere_is_no_panic() {
        let whole = picture();
        for at in 0..whole.len() {
            for byte in [0x00, 0xFF, 0xD9, whole[at] ^ 0x55] {
                let mut bytes = whole.clone();
                bytes[at] = byte;
                let _ = decode(&bytes);
            }
        }
    }
}
