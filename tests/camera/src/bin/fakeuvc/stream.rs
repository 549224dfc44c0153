//! Frames: what was negotiated, when the next one is due, how it is cut into payloads, and what can be wrong with it.

use crate::descriptors::{CLOCK, DURATIONS, Format, SIZES, frame_bytes};
use anyhow::{Context, ensure};
use bowerbird_camera_tests::pictures::{self, CYCLE};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::{Duration, Instant};

/// The most bytes of a payload, header included: as large as the driver's buffers, for a message costs more than its
/// bytes.
const PAYLOAD: u32 = 16 * 1024;
/// Bits of a payload's header.
const END_OF_FRAME: u8 = 1 << 1;
const ERROR: u8 = 1 << 6;
const END_OF_HEADER: u8 = 1 << 7;
const HEADER: usize = 2;
/// Length of the negotiation's record in version 1.1 of the class.
pub(crate) const RECORD: usize = 34;

/// Which frames a fault meets: none (0) or every Nth.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Every(pub(crate) u64);

impl Every {
    fn meets(self, frame: u64) -> bool {
        self.0 != 0 && frame % self.0 == self.0 - 1
    }
}

impl FromStr for Every {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "off" => Ok(Self(0)),
            "on" => Ok(Self(1)),
            _ => text.parse().map(Self).map_err(|_| format!("`{text}` is neither on nor off nor a number")),
        }
    }
}

/// What is wrong with frames.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Faults {
    /// Frames cut to half their length.
    pub(crate) short: Every,
    /// JPEG frames with damage.
    pub(crate) corrupt: Every,
    /// Frames without bytes.
    pub(crate) empty: Every,
    /// Frames with the error bit.
    pub(crate) flawed: Every,
    /// JPEG frames without Huffman tables.
    pub(crate) no_huffman: bool,
}

/// A frame on its way.
#[derive(Debug, Default)]
struct Frame {
    bytes: Vec<u8>,
    sent: usize,
    flags: u8,
    finished: bool,
}

/// The stream of frames.
#[derive(Debug)]
pub(crate) struct Stream {
    folder: PathBuf,
    /// Pictures that were sent before, by format, size and number; reading and drawing are slow here.
    kept: BTreeMap<(Format, usize, usize), Vec<u8>>,
    /// Faults of the frames to come.
    pub(crate) faults: Faults,
    /// No frame follows this many.
    stall_after: Option<u64>,
    format: Format,
    /// Index into `SIZES`.
    size: usize,
    duration: u32,
    /// Frames begun since the stream started.
    count: u64,
    /// The bit that changes from frame to frame.
    parity: u8,
    due: Instant,
    frame: Frame,
}

impl Stream {
    /// A stream of the pictures in a folder.
    pub(crate) fn new(folder: &Path, faults: Faults, stall_after: Option<u64>) -> anyhow::Result<Self> {
        for size in SIZES {
            let first = folder.join(pictures::path(0, size));
            ensure!(first.is_file(), "{} is missing; the folder must hold {CYCLE} pictures a size", first.display());
        }
        Ok(Self {
            folder: folder.into(),
            kept: BTreeMap::new(),
            faults,
            stall_after,
            format: Format::Mjpeg,
            size: 0,
            duration: DURATIONS[0],
            count: 0,
            parity: 0,
            due: Instant::now(),
            frame: Frame { finished: true, ..Frame::default() },
        })
    }

    /// The record of what is negotiated.
    pub(crate) fn record(&self) -> Vec<u8> {
        // A hint that the duration is to be kept; then format, size, duration.
        let mut bytes = vec![1, 0, self.format as u8, self.size as u8 + 1];
        bytes.extend(self.duration.to_le_bytes());
        // Key frames, quality, window and delay, all unused.
        bytes.extend([0; 10]);
        bytes.extend(frame_bytes(SIZES[self.size]).to_le_bytes());
        bytes.extend(PAYLOAD.to_le_bytes());
        bytes.extend(CLOCK.to_le_bytes());
        // Both framing bits are used; versions of the format.
        bytes.extend([3, 1, 1, 1]);
        bytes
    }

    /// Takes the host's wish, as far as there is such a format, size and duration.
    pub(crate) fn negotiate(&mut self, record: &[u8]) {
        let [_, _, format, size, first, second, third, fourth, ..] = *record else { return };
        if let Some(format) = Format::from_index(format) {
            self.format = format;
        }
        if (1..=SIZES.len()).contains(&usize::from(size)) {
            self.size = usize::from(size) - 1;
        }
        let wished = u32::from_le_bytes([first, second, third, fourth]);
        if let Some(nearest) = DURATIONS.into_iter().min_by_key(|duration| duration.abs_diff(wished)) {
            self.duration = nearest;
        }
    }

    /// Begins anew, with frame 0.
    pub(crate) fn start(&mut self) {
        self.count = 0;
        self.due = Instant::now();
        self.abandon();
        let (width, height) = SIZES[self.size];
        println!("streaming {:?} {width}x{height}, a frame in {} × 100 ns", self.format, self.duration);
    }

    /// Drops what is left of the frame under way.
    pub(crate) fn abandon(&mut self) {
        self.frame.finished = true;
    }

    /// No more frames.
    pub(crate) fn stall(&mut self) {
        self.stall_after = Some(0);
    }

    /// Frames again.
    pub(crate) fn resume(&mut self) {
        self.stall_after = None;
    }

    /// When the next payload can be sent; nothing while the stream is stalled.
    pub(crate) fn due(&self) -> Option<Instant> {
        if !self.frame.finished {
            return Some(Instant::now());
        }
        let stalled = self.stall_after.is_some_and(|limit| self.count >= limit);
        (!stalled).then_some(self.due)
    }

    /// The next payload, for a transfer with room for so many bytes. Ask when it is due.
    pub(crate) fn payload(&mut self, room: usize) -> anyhow::Result<Vec<u8>> {
        if self.frame.finished {
            self.begin()?;
        }
        let frame = &mut self.frame;
        let length = (room.min(PAYLOAD as usize) - HEADER).min(frame.bytes.len() - frame.sent);
        let part = &frame.bytes[frame.sent..frame.sent + length];
        frame.sent += length;
        frame.finished = frame.sent == frame.bytes.len();
        let end = if frame.finished { END_OF_FRAME } else { 0 };
        let mut bytes = vec![HEADER as u8, END_OF_HEADER | frame.flags | self.parity | end];
        bytes.extend_from_slice(part);
        Ok(bytes)
    }

    fn begin(&mut self) -> anyhow::Result<()> {
        let (number, faults) = (self.count, self.faults);
        let mut bytes = self.picture((number % CYCLE as u64) as usize)?;
        if self.format == Format::Mjpeg {
            if faults.no_huffman {
                bytes = without_huffman_tables(&bytes);
            }
            if faults.corrupt.meets(number) {
                damage(&mut bytes, (number / faults.corrupt.0).is_multiple_of(2));
            }
        }
        if faults.short.meets(number) {
            bytes.truncate(bytes.len() / 2);
        }
        if faults.empty.meets(number) {
            bytes.clear();
        }
        let flags = if faults.flawed.meets(number) { ERROR } else { 0 };
        self.frame = Frame { bytes, sent: 0, flags, finished: false };
        self.count += 1;
        self.parity ^= 1;
        // A host that asks too late gets the frame late, and the ones after it in time.
        self.due = (self.due + Duration::from_nanos(u64::from(self.duration) * 100)).max(Instant::now());
        Ok(())
    }

    fn picture(&mut self, number: usize) -> anyhow::Result<Vec<u8>> {
        let key = (self.format, self.size, number);
        if let Some(bytes) = self.kept.get(&key) {
            return Ok(bytes.clone());
        }
        let size = SIZES[self.size];
        let bytes = match self.format {
            Format::Yuyv => pictures::yuyv(number, size),
            Format::Mjpeg => {
                let file = self.folder.join(pictures::path(number, size));
                fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?
            }
        };
        Ok(self.kept.entry(key).or_insert(bytes).clone())
    }
}

/// The segments of a JPEG file up to the scan: where each starts, its marker, its length with the marker.
fn segments(jpeg: &[u8]) -> impl Iterator<Item = (usize, u8, usize)> + '_ {
    const START_OF_SCAN: u8 = 0xda;
    let mut at = 2;
    std::iter::from_fn(move || {
        let &[0xff, marker, high, low] = jpeg.get(at..at + 4)? else { return None };
        let segment = (at, marker, 2 + usize::from(u16::from_be_bytes([high, low])));
        at = if marker == START_OF_SCAN { jpeg.len() } else { at + segment.2 };
        Some(segment)
    })
}

/// A JPEG file without its Huffman tables; decoders are to take the standard's.
fn without_huffman_tables(jpeg: &[u8]) -> Vec<u8> {
    const TABLES: u8 = 0xc4;
    let mut rest = jpeg.to_vec();
    let found: Vec<_> = segments(jpeg).filter(|segment| segment.1 == TABLES).collect();
    for (start, _, length) in found.into_iter().rev() {
        rest.drain(start..start + length);
    }
    rest
}

/// Damages a JPEG file: a stretch of its scan, or the header that says how large the picture is.
fn damage(jpeg: &mut [u8], scan: bool) {
    const START_OF_FRAME: u8 = 0xc0;
    let header = segments(jpeg).find(|segment| segment.1 == START_OF_FRAME);
    if scan {
        let middle = jpeg.len() / 2;
        let end = jpeg.len() - 2;
        for byte in jpeg[middle..end].iter_mut().step_by(7) {
            *byte ^= 0x5a;
        }
    } else if let Some((start, _, length)) = header {
        jpeg[start + 4..start + length].fill(0xff);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_meet_every_nth_frame() {
        let met = |every: Every| (0..6).filter(|&frame| every.meets(frame)).collect::<Vec<u64>>();
        assert_eq!(met(Every(0)), []);
        assert_eq!(met(Every(1)), [0, 1, 2, 3, 4, 5]);
        assert_eq!(met(Every(3)), [2, 5]);
    }

    #[test]
    fn huffman_tables_and_nothing_else_are_left_out() {
        let markers = |jpeg: &[u8]| segments(jpeg).map(|segment| segment.1).collect::<Vec<u8>>();
        let whole = pictures::jpeg(3, SIZES[0]).expect("encodes");
        let without = without_huffman_tables(&whole);
        let kept: Vec<u8> = markers(&whole).into_iter().filter(|&marker| marker != 0xc4).collect();
        assert!(markers(&whole).contains(&0xc4), "the pictures have tables to leave out");
        assert_eq!(markers(&without), kept);
    }

    #[test]
    fn damage_changes_a_picture_and_keeps_its_length() {
        let whole = pictures::jpeg(3, SIZES[0]).expect("encodes");
        for scan in [true, false] {
            let mut damaged = whole.clone();
            damage(&mut damaged, scan);
            assert_ne!(damaged, whole);
            assert_eq!(damaged.len(), whole.len());
        }
    }
}
