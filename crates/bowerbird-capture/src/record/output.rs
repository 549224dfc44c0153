//! A file that is written, and shortened when the disk is full.

use std::fs::File;
use std::io::{self, Seek, SeekFrom, Write};

/// What a recording without `ffmpeg` is written to.
pub(super) trait Output: Write + Seek + Send {
    /// Cuts what is behind `length` bytes, and goes on from there.
    fn cut(&mut self, length: u64) -> io::Result<()>;

    /// Waits until all of it is on the disk.
    fn sync(&mut self) -> io::Result<()>;
}

impl Output for File {
    fn cut(&mut self, length: u64) -> io::Result<()> {
        self.set_len(length)?;
        self.seek(SeekFrom::Start(length)).map(drop)
    }

    fn sync(&mut self) -> io::Result<()> {
        self.sync_all()
    }
}

#[cfg(test)]
impl Output for crate::tight::Tight<File> {
    fn cut(&mut self, length: u64) -> io::Result<()> {
        self.0.cut(length)
    }

    fn sync(&mut self) -> io::Result<()> {
        self.0.sync()
    }
}
