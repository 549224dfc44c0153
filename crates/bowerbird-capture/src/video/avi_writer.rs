//! Motion-JPEG in AVI, written: headers, pictures, indices.
//!
//! Plain AVI ends at 2 GiB. So this is AVI 2.0 (OpenDML AVI File Format Extensions 1.02, 1996): the file is a row of RIFF
//! lists, the first as plain AVI has it and with its index, the others of the kind `AVIX`. Each part ends with an index of its own
//! (`ix00`), of offsets of 64 bits altogether, and the headers have the list of these (`indx`). A player that knows only the old
//! form shows the first part.
//!
//! The headers are written first with zeros for what is known at the end, and filled in then. What is kept in memory is the
//! length of every picture of a part, and where the parts are. Nothing of it changes before what it tells of is written, so
//! that after a failure, as on a full disk, the file can be shortened and completed.

use crate::camera::Rate;
use std::io::{self, Seek, SeekFrom, Write};

/// Bytes after which a new part begins: what all programs take, as the sums of offsets in it stay far below 31 bits.
const PART: u64 = 1 << 30;

/// Parts that the headers have room for: 4 TiB.
const PARTS: usize = 4096;

/// Bytes of an index of pictures before its entries, and of one of parts: a name and a length are not counted.
const INDEX: usize = 24;

/// Bytes of the extended header: the number of frames, and what is reserved.
const EXTENDED: usize = 248;

/// Bytes of the list of what describes the stream, its name and length not counted.
const STREAM: usize = 4 + 8 + 56 + 8 + 40 + 8 + INDEX + 16 * PARTS;

/// Bytes of the list of headers, the same.
const LIST: usize = 4 + 8 + 56 + 8 + STREAM + 8 + 4 + 8 + EXTENDED;

/// Where the pictures begin: behind the headers and the beginning of their list.
const HEADERS: usize = 12 + 8 + LIST + 12;

/// Bytes of the beginning of a further part.
const FURTHER: u64 = 24;

/// A part that is complete.
struct Part {
    /// Where its index is, and its bytes, the name and the length counted.
    index: (u64, u32),
    frames: u32,
    /// Where it ends.
    end: u64,
}

/// Writes an AVI file.
pub(crate) struct AviWriter<W> {
    output: W,
    size: (u32, u32),
    rate: Rate,
    /// Bytes after which a new part begins.
    limit: u64,
    parts: Vec<Part>,
    /// What the first part is in the headers: bytes of its pictures' list, and of all of it.
    first: (u32, u32),
    largest: u32,
    /// Where the pictures of this part begin, behind the name of their list.
    start: u64,
    /// The lengths of this part's pictures.
    lengths: Vec<u32>,
    written: u64,
    /// A picture with what stands before it, so that it is written at once.
    chunk: Vec<u8>,
}

fn put(out: &mut Vec<u8>, name: &[u8; 4], numbers: &[u32]) {
    out.extend_from_slice(name);
    numbers.iter().for_each(|number| out.extend_from_slice(&number.to_le_bytes()));
}

/// Bytes of a picture in the file, without its name and length: chunks begin at even places.
fn even(length: u32) -> u64 {
    u64::from(length) + u64::from(length % 2)
}

impl<W: Write + Seek> AviWriter<W> {
    pub(crate) fn new(output: W, size: (u32, u32), rate: Rate) -> io::Result<Self> {
        Self::with_parts(output, size, rate, PART)
    }

    /// The same with parts of so many bytes; one has a picture at the least.
    fn with_parts(mut output: W, size: (u32, u32), rate: Rate, limit: u64) -> io::Result<Self> {
        output.write_all(&[0; HEADERS])?;
        let (start, lengths) = (HEADERS as u64, Vec::new());
        Ok(Self {
            output,
            size,
            rate,
            limit,
            parts: Vec::new(),
            first: (0, 0),
            largest: 0,
            start,
            lengths,
            written: start,
            chunk: Vec::new(),
        })
    }

    /// Appends a JPEG picture; an empty one repeats the one before.
    pub(crate) fn frame(&mut self, picture: &[u8]) -> io::Result<()> {
        let length = u32::try_from(picture.len()).ok().filter(|length| u64::from(*length) <= PART);
        let too_large = || io::Error::new(io::ErrorKind::FileTooLarge, "an AVI file holds no more");
        let length = length.ok_or_else(too_large)?;
        let part = self.written - self.start + 8 + even(length) + self.indices(self.lengths.len() + 1);
        if part > self.limit && !self.lengths.is_empty() {
            if self.parts.len() + 1 == PARTS {
                return Err(too_large());
            }
            self.end_part()?;
            self.begin_part()?;
        }
        self.chunk.clear();
        put(&mut self.chunk, b"00dc", &[length]);
        self.chunk.extend_from_slice(picture);
        self.chunk.resize(8 + even(length) as usize, 0);
        self.output.write_all(&self.chunk)?;
        self.lengths.push(length);
        self.largest = self.largest.max(length);
        self.written += 8 + even(length);
        Ok(())
    }

    /// Bytes of the indices behind so many pictures of this part.
    fn indices(&self, pictures: usize) -> u64 {
        let pictures = pictures as u64;
        let old = if self.parts.is_empty() { 8 + 16 * pictures } else { 0 };
        8 + INDEX as u64 + 8 * pictures + old
    }

    /// Begins a further part, with zeros for its lengths.
    fn begin_part(&mut self) -> io::Result<()> {
        let mut head = Vec::with_capacity(FURTHER as usize);
        put(&mut head, b"RIFF", &[0]);
        head.extend_from_slice(b"AVIX");
        put(&mut head, b"LIST", &[0]);
        head.extend_from_slice(b"movi");
        self.output.write_all(&head)?;
        self.written += FURTHER;
        self.start = self.written;
        Ok(())
    }

    /// Writes the indices of a part and fills in its lengths; those of the first wait for the headers.
    fn end_part(&mut self) -> io::Result<()> {
        let frames = self.lengths.len() as u32;
        let mut index = Vec::with_capacity(8 + INDEX + 8 * self.lengths.len());
        put(&mut index, b"ix00", &[INDEX as u32 + 8 * frames]);
        // Entries of two numbers, of an index of pictures.
        put(&mut index, &[2, 0, 0, 1], &[frames]);
        put(&mut index, b"00dc", &[self.start as u32, (self.start >> 32) as u32, 0]);
        let mut at = 8;
        for length in &self.lengths {
            [at, *length].iter().for_each(|number| index.extend_from_slice(&number.to_le_bytes()));
            at += 8 + even(*length) as u32;
        }
        let (place, bytes) = (self.written, index.len() as u32);
        let end_of_list = place + u64::from(bytes);
        // The name of the list is counted.
        let list = (end_of_list - self.start) as u32 + 4;
        let is_first = self.parts.is_empty();
        if is_first {
            self.old_index(&mut index);
        }
        self.output.write_all(&index)?;
        let end = place + index.len() as u64;
        if is_first {
            self.first = (list, end as u32 - 8);
        } else {
            let begin = self.start - FURTHER;
            self.output.seek(SeekFrom::Start(begin + 4))?;
            self.output.write_all(&((end - begin - 8) as u32).to_le_bytes())?;
            self.output.seek(SeekFrom::Start(self.start - 8))?;
            self.output.write_all(&list.to_le_bytes())?;
            self.output.seek(SeekFrom::Start(end))?;
        }
        self.parts.push(Part { index: (place, bytes), frames, end });
        self.written = end;
        self.lengths.clear();
        Ok(())
    }

    /// Appends the index that plain AVI has.
    fn old_index(&self, index: &mut Vec<u8>) {
        put(index, b"idx1", &[16 * self.lengths.len() as u32]);
        let mut offset = 4;
        for length in &self.lengths {
            // 0x10: every picture stands for itself.
            put(index, b"00dc", &[0x10, offset, *length]);
            offset += 8 + even(*length) as u32;
        }
    }

    /// Pictures until now, the repeated ones among them.
    pub(crate) fn frames(&self) -> u64 {
        let ended: u64 = self.parts.iter().map(|part| u64::from(part.frames)).sum();
        ended + self.lengths.len() as u64
    }

    /// Takes pictures back from the end of the last part until what remains needs `room` bytes at the most with its indices.
    /// Returns the length that the file is to be cut to, and written on from.
    pub(crate) fn shorten(&mut self, room: u64) -> u64 {
        while self.written + self.indices(self.lengths.len()) > room
            && let Some(length) = self.lengths.pop()
        {
            self.written -= 8 + even(length);
        }
        if self.lengths.is_empty() {
            self.written = self.parts.last().map_or(HEADERS as u64, |part| part.end);
        }
        self.written
    }

    /// What is written to.
    pub(crate) fn output(&mut self) -> &mut W {
        &mut self.output
    }

    /// Ends the last part and fills in the headers.
    pub(crate) fn finish(&mut self) -> io::Result<()> {
        if !self.lengths.is_empty() || self.parts.is_empty() {
            self.end_part()?;
        }
        let headers = self.headers();
        self.output.seek(SeekFrom::Start(0))?;
        self.output.write_all(&headers)?;
        self.output.seek(SeekFrom::End(0))?;
        self.output.flush()
    }

    fn headers(&self) -> Vec<u8> {
        let (width, height) = self.size;
        let (list, riff) = self.first;
        let frames = self.parts.iter().map(|part| part.frames).sum();
        let in_first = self.parts.first().map_or(0, |part| part.frames);
        let mut out = Vec::with_capacity(HEADERS);
        put(&mut out, b"RIFF", &[riff]);
        out.extend_from_slice(b"AVI ");
        put(&mut out, b"LIST", &[LIST as u32]);
        out.extend_from_slice(b"hdrl");
        let period = self.rate.period().as_micros() as u32;
        // 0x10: it has an index.
        let largest = self.largest;
        put(&mut out, b"avih", &[56, period, 0, 0, 0x10, in_first, 0, 1, largest, width, height, 0, 0, 0, 0]);
        put(&mut out, b"LIST", &[STREAM as u32]);
        out.extend_from_slice(b"strl");
        put(&mut out, b"strh", &[56]);
        out.extend_from_slice(b"vids");
        put(&mut out, b"MJPG", &[0, 0, 0, self.rate.seconds, self.rate.frames, 0, frames, largest, u32::MAX, 0]);
        let frame = [0, 0, width as u16, height as u16];
        frame.iter().for_each(|side| out.extend_from_slice(&side.to_le_bytes()));
        put(&mut out, b"strf", &[40, 40, width, height, 1 | 24 << 16]);
        put(&mut out, b"MJPG", &[width.saturating_mul(height).saturating_mul(3), 0, 0, 0, 0]);
        put(&mut out, b"indx", &[(INDEX + 16 * PARTS) as u32]);
        // Entries of four numbers, of an index of indices.
        put(&mut out, &[4, 0, 0, 0], &[self.parts.len() as u32]);
        put(&mut out, b"00dc", &[0, 0, 0]);
        for Part { index: (at, bytes), frames, .. } in &self.parts {
            let entry = [*at as u32, (*at >> 32) as u32, *bytes, *frames];
            entry.iter().for_each(|number| out.extend_from_slice(&number.to_le_bytes()));
        }
        out.resize(12 + 8 + LIST - (8 + 4 + 8 + EXTENDED), 0);
        put(&mut out, b"LIST", &[4 + 8 + EXTENDED as u32]);
        out.extend_from_slice(b"odml");
        put(&mut out, b"dmlh", &[EXTENDED as u32, frames]);
        out.resize(12 + 8 + LIST, 0);
        put(&mut out, b"LIST", &[list]);
        out.extend_from_slice(b"movi");
        debug_assert_eq!(out.len(), HEADERS);
        out
    }
}

#[cfg(test)]
mod tests;
