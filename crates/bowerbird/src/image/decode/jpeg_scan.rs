//! A walk over the markers of a JPEG file.
//!
//! The decoder fills what is missing with gray and says nothing, so completeness is checked here: a file is whole when
//! its marker chain reaches the end mark. The walk also picks up what the decoder does not tell: whether Adobe's
//! marker is there (then CMYK is stored inverted), and the print resolution.

/// Findings of the walk.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Scan {
    pub(super) is_complete: bool,
    pub(super) has_adobe_marker: bool,
    pub(super) dpi: Option<[f32; 2]>,
}

const END: u8 = 0xD9;
const START_OF_SCAN: u8 = 0xDA;
const APP0: u8 = 0xE0;
const APP14: u8 = 0xEE;

pub(super) fn scan(bytes: &[u8]) -> Scan {
    let mut found = Scan::default();
    let mut at = 2;
    while let Some(marker) = next_marker(bytes, &mut at) {
        match marker {
            END => {
                found.is_complete = true;
                break;
            }
            // Restart marks, the start mark and the temporary mark stand alone.
            0xD0..=0xD8 | 0x01 => continue,
            _ => {}
        }
        let Some(length) = bytes.get(at..).and_then(|rest| rest.first_chunk()).map(|n| u16::from_be_bytes(*n)) else {
            break;
        };
        let end = at + usize::from(length.max(2));
        let body = bytes.get(at + 2..end).unwrap_or_default();
        match marker {
            APP0 => found.dpi = found.dpi.or_else(|| density(body)),
            APP14 => found.has_adobe_marker |= body.starts_with(b"Adobe"),
            _ => {}
        }
        at = end;
        if marker == START_OF_SCAN {
            skip_entropy(bytes, &mut at);
        }
    }
    found
}

/// Steps over the next marker, and over any garbage before it.
fn next_marker(bytes: &[u8], at: &mut usize) -> Option<u8> {
    loop {
        let rest = bytes.get(*at..)?;
        *at += rest.iter().position(|byte| *byte == 0xFF)?;
        *at += bytes.get(*at..)?.iter().position(|byte| *byte != 0xFF)?;
        let marker = *bytes.get(*at)?;
        *at += 1;
        if marker != 0 {
            return Some(marker);
        }
    }
}

/// Steps to the first marker that is neither a stuffed byte nor a restart.
fn skip_entropy(bytes: &[u8], at: &mut usize) {
    while let Some(rest) = bytes.get(*at..) {
        let Some(offset) = rest.iter().position(|byte| *byte == 0xFF) else {
            *at = bytes.len();
            return;
        };
        *at += offset;
        match bytes.get(*at + 1) {
            Some(0 | 0xD0..=0xD7) => *at += 2,
            Some(0xFF) => *at += 1,
            Some(_) => return,
            None => {
                *at = bytes.len();
                return;
            }
        }
    }
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
