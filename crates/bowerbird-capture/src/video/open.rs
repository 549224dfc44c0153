//! Opening: the beginning of a file tells how it is read.

use super::ahead::{Ahead, Reader, Stop};
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
        let failed = |error| CaptureError::of_file(path, &error);
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
        // A pipe cannot be looked into and put back, and what is piped is y4m. Opening one waits for who writes it.
        let kind = std::fs::metadata(path).map_err(failed)?.file_type();
        if kind.is_dir() {
            return Err(failed(std::io::ErrorKind::IsADirectory.into()));
        }
        if !kind.is_file() {
            let path = path.to_owned();
            return Self::piped(&name, Box::new(move || Ok(Box::new(File::open(path)?))), pace);
        }
        let mut file = File::open(path).map_err(failed)?;
        let mut start = Vec::new();
        file.by_ref().take(9).read_to_end(&mut start).map_err(failed)?;
        file.rewind().map_err(failed)?;
        let reader: Box<dyn Reader> = if start == b"YUV4MPEG2" {
            Box::new(Y4m::new(&name, BufReader::new(file))?)
        } else if let Some(avi) = Avi::new(&name, BufReader::new(file)).unwrap_or_default() {
            Box::new(avi)
        } else {
            Box::new(Ffmpeg::new(path, &name)?)
        };
        Ahead::new(reader, pace == Pace::Real).map(Self)
    }

    /// Reads y4m from a pipe, such as [`std::io::stdin`]. Neither this nor dropping it waits for a pipe that is silent;
    /// what does not begin like y4m is an error of the first reading.
    ///
    /// # Errors
    ///
    /// [`CaptureError::System`] when the system gives no thread.
    pub fn y4m(name: &str, input: impl std::io::Read + Send + 'static, pace: Pace) -> Result<Self, CaptureError> {
        Self::piped(name, Box::new(move || Ok(Box::new(input))), pace)
    }

    fn piped(name: &str, open: Open, pace: Pace) -> Result<Self, CaptureError> {
        let reader = Piped { name: name.into(), open: Some(open), stream: None };
        Ahead::new(Box::new(reader), pace == Pace::Real).map(Self)
    }
}

/// Opens a pipe, which may wait for its other end.
type Open = Box<dyn FnOnce() -> std::io::Result<Box<dyn std::io::Read + Send>> + Send>;

/// The y4m stream of a pipe, opened by the thread that reads ahead: nobody else may have to wait for it.
struct Piped {
    name: String,
    open: Option<Open>,
    stream: Option<Y4m<BufReader<Box<dyn std::io::Read + Send>>>>,
}

impl Reader for Piped {
    fn describe(&self) -> String {
        format!("{}, y4m", self.name)
    }

    fn next(&mut self, frame: &mut Frame) -> Result<bool, CaptureError> {
        if let Some(open) = self.open.take() {
            let failed =
                |error: std::io::Error| CaptureError::File { path: (&self.name).into(), reason: error.to_string() };
            self.stream = Some(Y4m::new(&self.name, BufReader::new(open().map_err(failed)?))?);
        }
        self.stream.as_mut().map_or(Ok(false), |stream| stream.next(frame))
    }

    fn stop(&self) -> Stop {
        Stop::Never
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
    fn a_silent_pipe_holds_nobody_up() {
        let (input, output) = std::io::pipe().unwrap();
        let mut video = Video::y4m("pipe", input, Pace::Real).unwrap();
        assert_eq!(video.read(&mut Frame::default(), Duration::ZERO), Ok(Read::Nothing));
        drop(video);
        drop(output);
        let mut other = Video::y4m("pipe", &b"RIFF\n"[..], Pace::Real).unwrap();
        let error = other.read(&mut Frame::default(), Duration::from_secs(30)).unwrap_err();
        assert!(error.to_string().contains("YUV4MPEG2"), "{error}");
    }

    #[test]
    fn a_file_that_is_no_video_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("notes.txt");
        std::fs::write(&path, "no video").unwrap();
        let error = Video::open(&path, Pace::Free).err().unwrap();
        assert!(matches!(error, CaptureError::File { .. } | CaptureError::Missing { .. }), "{error}");
        let error = Video::open(&folder.path().join("none.mp4"), Pace::Free).err().unwrap();
        assert!(error.to_string().contains("not there"), "{error}");
    }
}
