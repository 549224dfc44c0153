//! A disk that becomes full, for tests.

use std::io::{self, Seek, SeekFrom, Write};

/// What takes so many bytes and no more.
pub(crate) struct Tight<W>(pub(crate) W, pub(crate) u64);

impl<W: Write + Seek> Write for Tight<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let left = self.1.saturating_sub(self.0.stream_position()?) as usize;
        if left == 0 && !bytes.is_empty() {
            return Err(io::ErrorKind::StorageFull.into());
        }
        self.0.write(&bytes[..left.min(bytes.len())])
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

impl<W: Seek> Seek for Tight<W> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.0.seek(to)
    }
}
