//! What the markers of a JPEG file tell and the decoder does not.
//!
//! The decoder fills what is missing with gray and says nothing, so completeness is checked here: a file is whole when
//! its marker chain reaches the end mark. The walk also picks up whether Adobe's marker is there (then CMYK is stored
//! inverted), and the print resolution.

use crate::image::markers::{APP0, APP14, END, segments};

/// Findings of the walk.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Scan {
    pub(super) is_complete: bool,
    pub(super) has_adobe_marker: bool,
    pub(super) dpi: Option<[f32; 2]>,
}

pub(super) fn scan(bytes: &[u8]) -> Scan {
    let mut found = Scan::default();
    for segment in segments(bytes) {
        let body = &bytes[segment.body];
        match segment.marker {
            END => found.is_complete = true,
            APP0 => found.dpi = found.dpi.or_else(|| density(body)),
            APP14 => found.has_adobe_marker |= body.starts_with(b"Adobe"),
            _ => {}
        }
    }
    found
}

fn density(jfif: &[u8]) -> Option<[f32; 2]> {
    let [b'J', b'F', b'I', b'F', 0, _, _, unit, x0, x1, y0, y1, ..] = *jfif else { return None };
    let scale = match unit {
        1 => 1.0,
        2 => 2.54,
        _ => return None,
    };
    Some([[x0, x1], [y0, y1]].map(|pair| f32::from(u16::from_be_bytes(pair)) * scale))
}
