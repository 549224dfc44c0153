//! What the markers of a JPEG file tell and the decoder does not.
//!
//! The decoder fills what is missing with gray and says nothing, and it makes garbage of frames that few programs write.
//! So a file is judged here first: its kind is one that is decoded rightly, its marker chain reaches the end mark, and
//! there is enough data for as many pixels as it claims. The walk also picks up whether Adobe's marker is there (then
//! CMYK is stored inverted), and the print resolution.

use crate::image::markers::{APP0, APP14, END, SCAN, Segment, segments};

/// Findings of the walk.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Scan {
    pub(super) is_complete: bool,
    pub(super) has_adobe_marker: bool,
    pub(super) dpi: Option<[f32; 2]>,
    frame: Option<Frame>,
    /// Components in the first scan.
    components: usize,
    scans: usize,
    /// Bytes of entropy-coded data.
    data: usize,
}

/// The header of the picture.
#[derive(Clone, Debug, PartialEq)]
struct Frame {
    marker: u8,
    bits: u8,
    size: [usize; 2],
    /// Horizontal and vertical sampling of each component.
    sampling: Vec<[usize; 2]>,
}

pub(super) fn scan(bytes: &[u8]) -> Scan {
    let mut found = Scan::default();
    let mut data_from = None;
    for Segment { marker, body } in segments(bytes) {
        if let Some(from) = data_from.take() {
            // A marker is two bytes, and the length of what it heads two more.
            let head = if marker == END { 2 } else { 4 };
            found.data += body.start.saturating_sub(from + head);
        }
        let end = body.end;
        let body = &bytes[body];
        match marker {
            END => found.is_complete = true,
            APP0 => found.dpi = found.dpi.or_else(|| density(body)),
            APP14 => found.has_adobe_marker |= body.starts_with(b"Adobe"),
            SCAN => {
                if found.scans == 0 {
                    found.components = body.first().map_or(0, |count| usize::from(*count));
                }
                found.scans += 1;
                data_from = Some(end);
            }
            // All kinds of frames; the others of these numbers are tables.
            0xC0..=0xCF if !matches!(marker, 0xC4 | 0xC8 | 0xCC) => {
                found.frame = found.frame.or_else(|| frame(marker, body))
            }
            _ => {}
        }
    }
    found
}

impl Scan {
    /// What kind of file this is, if it is one that is not decoded rightly.
    pub(super) fn unsupported(&self) -> Option<String> {
        let frame = self.frame.as_ref()?;
        let kind = match frame.marker {
            0xC0..=0xC2 => {
                let [across, down] = [0, 1].map(|axis| frame.sampling.iter().map(move |sampling| sampling[axis]));
                let first = frame.sampling.first()?;
                if frame.bits != 8 {
                    return Some(format!("a JPEG file of {} bits", frame.bits));
                }
                if across.max()? > first[0] || down.max()? > first[1] {
                    "whose color is finer than its brightness"
                } else if frame.marker != PROGRESSIVE && self.components < frame.sampling.len() {
                    "whose colors are stored one after another"
                } else {
                    return None;
                }
            }
            0xC3 | 0xC7 | 0xCB | 0xCF => "without loss",
            0xC9.. => "in arithmetic code",
            _ => "of several sizes in one",
        };
        Some(format!("a JPEG file {kind}"))
    }

    /// Whether there can be data for all blocks of 8x8 samples: each takes two bits at the least, or in a progressive
    /// file, whose blocks may be skipped by the thousand, nothing that could be relied on but its part of a bit.
    pub(super) fn is_plausible(&self) -> bool {
        let Some(frame) = &self.frame else { return true };
        let most = |axis: usize| frame.sampling.iter().map(|sampling| sampling[axis]).max().unwrap_or(1).max(1);
        let (most_across, most_down) = (most(0), most(1));
        let [width, height] = frame.size;
        let blocks = |[across, down]: [usize; 2]| {
            (width * across).div_ceil(8 * most_across) * (height * down).div_ceil(8 * most_down)
        };
        let blocks: usize = frame.sampling.iter().map(|sampling| blocks(*sampling)).sum();
        // The first scan of a progressive file has a bit at the least for each block's mean.
        let least = if frame.marker == PROGRESSIVE { 1 } else { 2 };
        self.data.saturating_mul(8) >= blocks.saturating_mul(least)
    }
}

const PROGRESSIVE: u8 = 0xC2;

fn frame(marker: u8, body: &[u8]) -> Option<Frame> {
    let [bits, h0, h1, w0, w1, count, ref components @ ..] = *body else { return None };
    let sampling = components.as_chunks::<3>().0.iter().take(count.into());
    Some(Frame {
        marker,
        bits,
        size: [[w0, w1], [h0, h1]].map(|pair| usize::from(u16::from_be_bytes(pair))),
        sampling: sampling.map(|[_, factors, _]| [factors >> 4, factors & 15].map(usize::from)).collect(),
    })
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
