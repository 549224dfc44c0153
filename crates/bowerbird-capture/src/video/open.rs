//! Opening: the beginning of a file tells how it is read.

use super::ahead::{Ahead, Reader};
use super::avi::Avi;
use super::ffmpeg::Ffmpeg;
use super::y4m::Y4m;
use crate::{CaptureError, Frame, Read, Source};
use core::time::Duration;
use std::fs::File;
use std::io::{BufReader, Read as _, Seek};
use std::path::Path;

/// How fast frames are handed out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Pace {
    /// When they are due by the times of the file.
    #[default]
    Real,
    /// As fast as they are taken; none is left out.
    Free,
}

/// A video file, or a y4m stream of a pipe.
pub struct Video(Ahead);

impl Video {
    /// Opens a video file. y4m and Motion-JPEG in AVI are read here; anything else needs `ffmpeg`.
    ///
    /// # Errors
    ///
    /// [`CaptureError::File`] for one that cannot be read or has no video, [`CaptureError::Missing`] without `ffmpeg`.
    pub fn open(path: &Path, pace: Pace) -> Result<Self, CaptureError> {
        let failed = |error: std::io::Error| CaptureError::File { path: path.to_owned(), reason: error.to_string() };
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
        let mut file = File::open(path).map_err(failed)?;
        // A pipe cannot be looked into and put back, and what is piped is y4m.
        if !file.metadata().map_err(failed)?.is_file() {
            return Self::y4m(&name, file, pace);
        }
        let mut start = Vec::new();
        file.by_ref().take(9).read_to_end(&mut start).map_err(failed)?;
        file.rewind().map_err(failed)?;
        let reader: Box<dyn Reader> = if start == b"YUV4MPEG2" {
            Box::new(Y4m::new(&name, BufReader::new(file), false)?)
        } else if let Some(avi) = Avi::new(&name, BufReader::new(file)).unwrap_or_default() {
            Box::new(avi)
        } else {
            Box::new(Ffmpeg::new(path, &name)?)
        };
        Ahead::new(reader, pace == Pace::Real).map(Self)
    }

    /// Reads y4m from a pipe, such as [`std::io::stdin`]. Dropping it does not wait for a pipe that is silent.
    ///
    /// # Errors
    ///
    /// [`CaptureError::File`] for what does not begin like y4m.
    pub fn y4m(name: &str, input: impl std::io::Read + Send + 'static, pace: Pace) -> Result<Self, CaptureError> {
        Ahead::new(Box::new(Y4m::new(name, BufReader::new(input), true)?), pace == Pace::Real).map(Self)
    }
}

impl Source for Video {
    fn describe(&self) -> String {
        self.0.describe()
    }

    fn read(&mut self, frame: &mut Frame, timeout: Duration) -> Result<Read, CaptureError> {
        self.0.read(frame, timeout)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frames(video: &mut Video) -> Result<Vec<Frame>, CaptureError> {
        let mut all = Vec::new();
        loop {
            let mut frame = Frame::default();
            match video.read(&mut frame, Duration::from_secs(30))? {
                Read::Frame => all.push(frame),
                Read::Nothing => {}
                Read::End => return Ok(all),
            }
        }
    }

    #[test]
    fn a_stream_is_read_to_its_end_and_none_is_left_out() {
        let mut bytes = b"YUV4MPEG2 W2 H2 F60:1\n".to_vec();
        (0..50).for_each(|number| bytes.extend([b"FRAME\n", &[number; 6][..]].concat()));
        let mut video = Video::y4m("pipe", std::io::Cursor::new(bytes), Pace::Free).unwrap();
        let all = frames(&mut video).unwrap();
        assert_eq!(all.iter().map(|frame| frame.data[0]).collect::<Vec<_>>(), (0..50).collect::<Vec<_>>());
    }

    #[test]
    fn a_stream_can_be_dropped_at_any_time() {
        let mut bytes = b"YUV4MPEG2 W2 H2 F1:1\n".to_vec();
        (0..50).for_each(|number| bytes.extend([b"FRAME\n", &[number; 6][..]].concat()));
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("long.y4m");
        std::fs::write(&path, bytes).unwrap();
        let mut video = Video::open(&path, Pace::Real).unwrap();
        assert_eq!(video.read(&mut Frame::default(), Duration::from_secs(30)), Ok(Read::Frame));
        drop(video);
    }

    #[test]
    fn a_file_that_is_no_video_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("notes.txt");
        std::fs::write(&path, "no video").unwrap();
        let error = Video::open(&path, Pace::Free).err().unwrap();
        assert!(matches!(error, CaptureError::File { .. } | CaptureError::Missing { .. }), "{error}");
        assert!(Video::open(&folder.path().join("none.mp4"), Pace::Free).is_err());
    }
}
