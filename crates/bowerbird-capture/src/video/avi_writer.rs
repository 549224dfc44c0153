//! Motion-JPEG in AVI, written: headers, pictures, index.
//!
//! The headers are written first with zeros for what is known at the end, and filled in then. What is kept in memory is the
//! length of every picture for the index: 4 bytes a frame, half a megabyte an hour. Plain AVI holds 2 GiB that every
//! player reads; more is refused, and what was written until then remains whole.

use crate::camera::Rate;
use std::io::{self, Seek, SeekFrom, Write};

/// Bytes of a file at the most.
const LARGEST: u64 = 2 << 30;

/// Where the pictures begin: behind the headers and the beginning of their list.
const HEADERS: usize = 224;

/// Writes an AVI file.
pub(crate) struct AviWriter<W> {
    output: W,
    size: (u32, u32),
    rate: Rate,
    lengths: Vec<u32>,
    written: u64,
}

fn put(out: &mut Vec<u8>, name: &[u8; 4], numbers: &[u32]) {
    out.extend_from_slice(name);
    numbers.iter().for_each(|number| out.extend_from_slice(&number.to_le_bytes()));
}

impl<W: Write + Seek> AviWriter<W> {
    pub(crate) fn new(mut output: W, size: (u32, u32), rate: Rate) -> io::Result<Self> {
        output.write_all(&[0; HEADERS])?;
        Ok(Self { output, size, rate, lengths: Vec::new(), written: HEADERS as u64 })
    }

    /// Appends a JPEG picture; an empty one repeats the one before.
    pub(crate) fn frame(&mut self, picture: &[u8]) -> io::Result<()> {
        let length = picture.len() + picture.len() % 2;
        let with_index = self.written + length as u64 + 8 + 16 * (self.lengths.len() as u64 + 1) + 8;
        if with_index > LARGEST {
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, "an AVI file holds 2 GiB"));
        }
        let mut head = Vec::with_capacity(8);
        put(&mut head, b"00dc", &[picture.len() as u32]);
        self.output.write_all(&head)?;
        self.output.write_all(picture)?;
        self.output.write_all(&[0][..picture.len() % 2])?;
        self.lengths.push(picture.len() as u32);
        self.written += 8 + length as u64;
        Ok(())
    }

    /// Writes the index and fills in the headers.
    pub(crate) fn finish(mut self) -> io::Result<W> {
        let frames = self.lengths.len() as u32;
        let mut index = Vec::new();
        put(&mut index, b"idx1", &[frames * 16]);
        let mut offset = 4;
        for length in &self.lengths {
            // 0x10: every picture stands for itself.
            put(&mut index, b"00dc", &[0x10, offset, *length]);
            offset += 8 + length + length % 2;
        }
        self.output.write_all(&index)?;
        let total = self.written as u32 + index.len() as u32;
        let headers = self.headers(frames, total);
        self.output.seek(SeekFrom::Start(0))?;
        self.output.write_all(&headers)?;
        self.output.seek(SeekFrom::End(0))?;
        self.output.flush()?;
        Ok(self.output)
    }

    fn headers(&self, frames: u32, total: u32) -> Vec<u8> {
        let (width, height) = self.size;
        let largest = self.lengths.iter().max().copied().unwrap_or(0);
        let mut out = Vec::with_capacity(HEADERS);
        put(&mut out, b"RIFF", &[total - 8]);
        out.extend_from_slice(b"AVI ");
        put(&mut out, b"LIST", &[4 + 8 + 56 + 8 + 4 + 8 + 56 + 8 + 40]);
        out.extend_from_slice(b"hdrl");
        let period = self.rate.period().as_micros() as u32;
        // 0x10: it has an index.
        put(&mut out, b"avih", &[56, period, 0, 0, 0x10, frames, 0, 1, largest, width, height, 0, 0, 0, 0]);
        put(&mut out, b"LIST", &[4 + 8 + 56 + 8 + 40]);
        out.extend_from_slice(b"strl");
        put(&mut out, b"strh", &[56]);
        out.extend_from_slice(b"vids");
        put(&mut out, b"MJPG", &[0, 0, 0, self.rate.seconds, self.rate.frames, 0, frames, largest, u32::MAX, 0]);
        let frame = [0, 0, width as u16, height as u16];
        frame.iter().for_each(|side| out.extend_from_slice(&side.to_le_bytes()));
        put(&mut out, b"strf", &[40, 40, width, height, 1 | 24 << 16]);
        put(&mut out, b"MJPG", &[width.saturating_mul(height).saturating_mul(3), 0, 0, 0, 0]);
        put(&mut out, b"LIST", &[self.written as u32 - HEADERS as u32 + 4]);
        out.extend_from_slice(b"movi");
        debug_assert_eq!(out.len(), HEADERS);
        out
    }
}

#[cfg(test)]
mod tests {
    use super::super::ahead::Reader;
    use super::super::avi::Avi;
    use super::*;
    use crate::{CaptureError, Frame};
    use jpeg_encoder::{ColorType, Encoder};
    use std::io::Cursor;

    fn picture(gray: u8) -> Vec<u8> {
        let mut bytes = Vec::new();
        Encoder::new(&mut bytes, 95).encode(&[gray; 256], 16, 16, ColorType::Luma).unwrap();
        bytes
    }

    fn file() -> Vec<u8> {
        let mut writer = AviWriter::new(Cursor::new(Vec::new()), (16, 16), Rate::new(10)).unwrap();
        for picture in [picture(10), Vec::new(), picture(30)] {
            writer.frame(&picture).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    /// Grays and numbers of the frames, and how it ended.
    fn read(bytes: Vec<u8>) -> (Vec<(u8, u64)>, Result<bool, CaptureError>) {
        let mut avi = Avi::new("a test", Cursor::new(bytes)).unwrap().unwrap();
        let mut frames = Vec::new();
        let mut frame = Frame::default();
        loop {
            match avi.next(&mut frame) {
                Ok(true) => frames.push((frame.data[0], frame.sequence)),
                end => return (frames, end),
            }
        }
    }

    #[test]
    fn what_was_written_is_read_and_repeated_frames_keep_their_time() {
        assert_eq!(read(file()), (vec![(10, 0), (30, 2)], Ok(false)));
    }

    #[test]
    fn the_sizes_in_the_headers_are_those_of_the_file() {
        let bytes = file();
        let at = |at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap());
        assert_eq!(at(4) as usize, bytes.len() - 8);
        assert_eq!(at(48), 3, "frames");
        let pictures = at(HEADERS - 8) as usize;
        assert_eq!(&bytes[HEADERS - 4 + pictures..][..4], b"idx1");
    }

    #[test]
    fn a_file_cut_anywhere_ends_without_a_panic() {
        let whole = file();
        for length in 0..whole.len() {
            if let Ok(Some(mut avi)) = Avi::new("a test", Cursor::new(whole[..length].to_vec())) {
                while let Ok(true) = avi.next(&mut Frame::default()) {}
            }
        }
        let (frames, end) = read(whole[..HEADERS + 40].to_vec());
        assert!(frames.is_empty() && end.unwrap_err().to_string().contains("ends within frame 0"));
    }
}
