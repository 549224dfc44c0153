//! Motion-JPEG in AVI, read chunk by chunk without its index.
//!
//! The index is not needed to read a file from its beginning, and recordings that were cut off have none. Chunks of other
//! streams are skipped; an empty chunk is a frame that was left out when recording, and costs its time.

use super::ahead::Reader;
use crate::camera::Rate;
use crate::jpeg::Decoder;
use crate::{CaptureError, Frame};
use core::time::Duration;
use std::io::{self, Read, Seek, SeekFrom};

/// Bytes of a picture at the most.
const LARGEST: u32 = 64 << 20;

/// An AVI file whose video is Motion-JPEG.
pub(super) struct Avi<R> {
    name: String,
    input: R,
    rate: Rate,
    size: (u32, u32),
    /// The two digits that chunks of the video stream begin with.
    stream: [u8; 2],
    number: u64,
    bytes: Vec<u8>,
    decoder: Decoder,
}

fn number(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..at + 4).map_or(0, |four| u32::from_le_bytes([four[0], four[1], four[2], four[3]]))
}

/// The name of the next chunk, and its bytes; `None` at the end of the file.
fn chunk(input: &mut impl Read) -> io::Result<Option<([u8; 4], u32)>> {
    let mut head = [0; 8];
    let mut got = 0;
    while got < head.len() {
        match input.read(&mut head[got..]) {
            Ok(0) => return Ok(None),
            Ok(more) => got += more,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(Some(([head[0], head[1], head[2], head[3]], number(&head, 4))))
}

impl<R: Read + Seek + Send> Avi<R> {
    /// Reads the headers; `None` for a file that is not Motion-JPEG in AVI.
    pub(super) fn new(name: &str, mut input: R) -> io::Result<Option<Self>> {
        let mut riff = [0; 12];
        if input.read_exact(&mut riff).is_err() || &riff[..4] != b"RIFF" || &riff[8..] != b"AVI " {
            return Ok(None);
        }
        let (mut streams, mut found) = (0_u8, None);
        let mut rate = Rate::new(25);
        let mut motion = false;
        while let Some((id, length)) = chunk(&mut input)? {
            let mut body = [0; 64];
            match &id {
                b"LIST" => {
                    let mut kind = [0; 4];
                    input.read_exact(&mut kind)?;
                    if &kind == b"movi" {
                        let Some((stream, size)) = found else { return Ok(None) };
                        let (decoder, name) = (Decoder::default(), name.to_owned());
                        return Ok(Some(Self {
                            name,
                            input,
                            rate,
                            size,
                            stream,
                            number: 0,
                            bytes: Vec::new(),
                            decoder,
                        }));
                    }
                    // Lists of headers are walked into, others skipped.
                    if &kind != b"hdrl" && &kind != b"strl" {
                        input.seek(SeekFrom::Current(i64::from(length.max(4) - 4 + (length & 1))))?;
                    }
                    continue;
                }
                b"strh" | b"strf" => {
                    let taken = (length as usize).min(body.len());
                    input.read_exact(&mut body[..taken])?;
                    input.seek(SeekFrom::Current(i64::from(length) - taken as i64 + i64::from(length & 1)))?;
                }
                _ => {
                    input.seek(SeekFrom::Current(i64::from(length) + i64::from(length & 1)))?;
                    continue;
                }
            }
            if &id == b"strh" {
                motion = found.is_none() && &body[..4] == b"vids";
                if motion {
                    rate = Rate::fraction(number(&body, 24), number(&body, 20)).unwrap_or(rate);
                }
                streams = streams.saturating_add(1);
            } else if motion && matches!(&body[16..20], b"MJPG" | b"mjpg" | b"JPEG" | b"jpeg") {
                let index = streams - 1;
                let size = (number(&body, 4), number(&body, 8));
                found = Some(([b'0' + index / 10 % 10, b'0' + index % 10], size));
                motion = false;
            }
        }
        Ok(None)
    }

    /// Reads the picture of the next chunk into `bytes`; false at the end.
    fn picture(&mut self) -> io::Result<bool> {
        while let Some((id, length)) = chunk(&mut self.input)? {
            match &id {
                // The pictures may stand in further lists, and in further parts of a large file.
                b"LIST" | b"RIFF" => {
                    self.input.read_exact(&mut [0; 4])?;
                }
                _ if id[..2] == self.stream && matches!(&id[2..], b"dc" | b"db") => {
                    if length == 0 {
                        self.number += 1;
                        continue;
                    }
                    if length > LARGEST {
                        return Err(io::Error::other(format!("a picture of {length} bytes")));
                    }
                    self.bytes.clear();
                    let got = self.input.by_ref().take(u64::from(length)).read_to_end(&mut self.bytes)?;
                    if got < length as usize {
                        return Err(io::ErrorKind::UnexpectedEof.into());
                    }
                    if length & 1 == 1 {
                        // A file may end without the last byte of padding.
                        let _ = self.input.read(&mut [0])?;
                    }
                    return Ok(true);
                }
                _ => {
                    self.input.seek(SeekFrom::Current(i64::from(length) + i64::from(length & 1)))?;
                }
            }
        }
        Ok(false)
    }
}

impl<R: Read + Seek + Send> Reader for Avi<R> {
    fn describe(&self) -> String {
        format!("{}, {}×{} MJPEG at {}", self.name, self.size.0, self.size.1, self.rate)
    }

    fn next(&mut self, frame: &mut Frame) -> Result<bool, CaptureError> {
        let number = match self.picture() {
            Ok(false) => return Ok(false),
            Ok(true) => self.number,
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
                let reason = format!("the file ends within frame {}", self.number);
                return Err(CaptureError::Damaged { name: self.name.clone(), reason });
            }
            Err(error) => {
                return Err(CaptureError::File { path: (&self.name).into(), reason: error.to_string() });
            }
        };
        self.number += 1;
        self.decoder.decode(&self.bytes, frame, &self.name)?;
        let seconds = number as f64 / self.rate.per_second();
        frame.time = Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX);
        frame.sequence = number;
        Ok(true)
    }
}
