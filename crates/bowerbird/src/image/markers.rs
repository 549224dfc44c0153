//! The markers of JPEG files and what stands between them.

use std::ops::Range;

/// Start of a baseline picture.
pub(super) const FRAME: u8 = 0xC0;
/// Start of a scan; entropy-coded data follows its header.
pub(super) const SCAN: u8 = 0xDA;
/// End of the picture.
pub(super) const END: u8 = 0xD9;
/// JFIF's header.
pub(super) const APP0: u8 = 0xE0;
/// Adobe's header.
pub(super) const APP14: u8 = 0xEE;

/// The mark between strip `index` and the next: they count to eight.
pub(super) fn restart(index: usize) -> u8 {
    0xD0 + (index % 8) as u8
}

/// A marker and the place of what it heads, less the length field; the end mark heads nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Segment {
    pub(super) marker: u8,
    pub(super) body: Range<usize>,
}

/// The segments of a file, in order, up to the end mark or to where the file is cut off. A body that is cut off ends
/// with the file; entropy-coded data and garbage before a marker are stepped over.
pub(super) fn segments(bytes: &[u8]) -> impl Iterator<Item = Segment> {
    let mut at = 2;
    std::iter::from_fn(move || {
        let marker = next_headed(bytes, &mut at)?;
        if marker == END {
            let end = at..at;
            at = bytes.len();
            return Some(Segment { marker, body: end });
        }
        let length = bytes.get(at..)?.first_chunk().map(|length| usize::from(u16::from_be_bytes(*length)))?;
        let body = (at + 2).min(bytes.len())..(at + length.max(2)).min(bytes.len());
        at = body.end;
        if marker == SCAN {
            skip_entropy(bytes, &mut at);
        }
        Some(Segment { marker, body })
    })
}

/// Steps over the next marker that is not alone, as restart marks, the start mark and the temporary mark are, and over
/// any garbage before it.
fn next_headed(bytes: &[u8], at: &mut usize) -> Option<u8> {
    loop {
        *at += bytes.get(*at..)?.iter().position(|byte| *byte == 0xFF)?;
        *at += bytes.get(*at..)?.iter().position(|byte| *byte != 0xFF)?;
        let marker = *bytes.get(*at)?;
        *at += 1;
        if !matches!(marker, 0 | 1 | 0xD0..=0xD8) {
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
