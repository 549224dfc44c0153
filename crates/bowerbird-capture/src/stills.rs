//! Pictures as a source: one that stays, or a folder of them as a slide show.
//!
//! How files are decoded is the caller's business; this crate reads none but those it knows to be video.

use crate::source::Pacer;
use crate::{CaptureError, Frame, Read, Source};
use core::sync::atomic::{AtomicU64, Ordering};
use core::time::Duration;
use std::path::{Path, PathBuf};

/// Numbers of pictures, unique in the program, so that a frame of another source is never taken for one of this.
static NEXT_STILL: AtomicU64 = AtomicU64::new(0);

/// Reads a picture file into a frame. One that says [`CaptureError::Damaged`] of a file in a folder has it left out with a
/// word, with any other error without one, as a folder may hold other things than pictures.
pub type Decode = Box<dyn FnMut(&Path, &mut Frame) -> Result<(), CaptureError> + Send>;

/// One picture, or those of a folder by turns.
pub struct Stills {
    name: String,
    files: Vec<PathBuf>,
    decode: Decode,
    pacer: Pacer,
    frames_each: u64,
    shown: Option<usize>,
    picture: Frame,
    number: u64,
}

impl Stills {
    /// The picture at `path`, over and over, `rate` times a second.
    pub fn image(path: &Path, rate: f64, decode: Decode) -> Self {
        Self::new(path, vec![path.to_owned()], rate, 1, decode)
    }

    /// The files of a folder in the order of their names, each for `seconds`, without end.
    ///
    /// # Errors
    ///
    /// [`CaptureError::File`] for a folder that cannot be read or has no files.
    pub fn folder(path: &Path, rate: f64, seconds: f64, decode: Decode) -> Result<Self, CaptureError> {
        let entries = std::fs::read_dir(path).map_err(|error| CaptureError::of_file(path, &error))?;
        let mut files: Vec<_> =
            entries.filter_map(|entry| entry.ok().map(|entry| entry.path())).filter(|file| file.is_file()).collect();
        files.sort();
        if files.is_empty() {
            let reason = "the folder has no files; choose one with pictures in it".into();
            return Err(CaptureError::File { path: path.to_owned(), reason });
        }
        Ok(Self::new(path, files, rate, (seconds * rate).max(1.0) as u64, decode))
    }

    fn new(path: &Path, files: Vec<PathBuf>, rate: f64, frames_each: u64, decode: Decode) -> Self {
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
        let (pacer, picture) = (Pacer::new(rate), Frame::default());
        Self { name, files, decode, pacer, frames_each, shown: None, picture, number: 0 }
    }

    /// Makes the picture of this moment the one that is held.
    fn turn(&mut self) -> Result<(), CaptureError> {
        let mut damaged = Vec::new();
        loop {
            let turn = (self.number / self.frames_each) as usize % self.files.len();
            if self.shown == Some(turn) {
                return self.leave_out(&damaged);
            }
            match (self.decode)(&self.files[turn], &mut self.picture) {
                Ok(()) => {
                    self.shown = Some(turn);
                    self.picture.still = Some(NEXT_STILL.fetch_add(1, Ordering::Relaxed));
                }
                Err(error) if self.files.len() > 1 => {
                    let path = self.files.remove(turn);
                    if let CaptureError::Damaged { reason, .. } = error {
                        damaged.push((path, reason));
                    }
                }
                // It would be no better the next time.
                Err(CaptureError::Damaged { reason, .. }) => {
                    return Err(CaptureError::File { path: self.files[turn].clone(), reason });
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// Says which files are no longer among the pictures, if there are any.
    fn leave_out(&self, damaged: &[(PathBuf, String)]) -> Result<(), CaptureError> {
        let Some((path, reason)) = damaged.first() else { return Ok(()) };
        let file = path.file_name().unwrap_or_default().to_string_lossy();
        let more = match damaged.len() {
            1 => String::new(),
            count => format!(", and {} more", count - 1),
        };
        Err(CaptureError::Damaged { name: self.name.clone(), reason: format!("{file} is left out{more}: {reason}") })
    }
}

impl Source for Stills {
    fn describe(&self) -> String {
        match self.files.len() {
            1 => self.name.clone(),
            count => format!("{}, {count} pictures", self.name),
        }
    }

    fn read(&mut self, frame: &mut Frame, timeout: Duration) -> Result<Read, CaptureError> {
        if !self.pacer.due(&mut self.number, timeout) {
            return Ok(Read::Nothing);
        }
        self.turn()?;
        // A frame that went around comes back with the picture in it.
        if frame.still != self.picture.still {
            frame.copy_picture(&self.picture);
        }
        self.pacer.stamp(frame, self.number);
        self.number += 1;
        Ok(Read::Frame)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ColorRange, PixelFormat};

    /// "Decodes" a file whose name is a number to one pixel of that number.
    fn number_decoder() -> Decode {
        Box::new(|path, frame| {
            let stem = path.file_stem().and_then(|stem| stem.to_str()).and_then(|stem| stem.parse().ok());
            let number: u8 =
                stem.ok_or_else(|| CaptureError::File { path: path.to_owned(), reason: "not a number".into() })?;
            frame.reset(PixelFormat::Gray, 1, 1);
            frame.data[0] = number;
            Ok(())
        })
    }

    fn read(source: &mut Stills) -> Result<u8, CaptureError> {
        let mut frame = Frame::default();
        source.read(&mut frame, Duration::ZERO).map(|_| frame.data[0])
    }

    #[test]
    fn a_folder_is_shown_in_order_and_what_is_no_picture_left_out() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["3.png", "1.png", "notes.txt", "2.png"] {
            std::fs::write(folder.path().join(name), "").unwrap();
        }
        let mut source = Stills::folder(folder.path(), 0.0, 1.0, number_decoder()).unwrap();
        let shown: Vec<_> = (0..5).map(|_| read(&mut source).unwrap()).collect();
        assert_eq!(shown[..3], [1, 2, 3]);
    }

    #[test]
    fn what_is_damaged_in_a_folder_is_said_once_and_left_out() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["1.png", "a.png", "b.png", "notes.txt", "3.png"] {
            std::fs::write(folder.path().join(name), "").unwrap();
        }
        let mut numbers = number_decoder();
        let decode: Decode = Box::new(move |path, frame| {
            let damaged = |error| match path.extension() {
                Some(end) if end == "png" => CaptureError::Damaged { name: String::new(), reason: "no number".into() },
                _ => error,
            };
            numbers(path, frame).map_err(damaged)
        });
        let mut source = Stills::folder(folder.path(), 0.0, 1.0, decode).unwrap();
        assert_eq!([1, 3].map(|_| read(&mut source).unwrap()), [1, 3]);
        let said = read(&mut source).unwrap_err();
        assert!(said.to_string().ends_with("a.png is left out, and 1 more: no number"), "{said}");
        assert_eq!([1, 3, 1, 3].map(|_| read(&mut source).unwrap()), [1, 3, 1, 3]);
        // All of them.
        std::fs::write(folder.path().join("4.png"), "").unwrap();
        let nothing: Decode = Box::new(|_, _| Err(CaptureError::Damaged { name: String::new(), reason: "no".into() }));
        let mut source = Stills::folder(folder.path(), 0.0, 1.0, nothing).unwrap();
        assert!(matches!(read(&mut source), Err(CaptureError::File { .. })));
    }

    #[test]
    fn frames_of_the_same_picture_say_so() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["1.png", "2.png"] {
            std::fs::write(folder.path().join(name), "").unwrap();
        }
        let mut source = Stills::folder(folder.path(), 1.0, 2.0, number_decoder()).unwrap();
        source.pacer = Pacer::new(0.0);
        let mut frame = Frame::default();
        let mut seen = Vec::new();
        for _ in 0..4 {
            source.read(&mut frame, Duration::ZERO).unwrap();
            seen.push((frame.data[0], frame.still.unwrap()));
        }
        assert_eq!(seen.iter().map(|(pixel, _)| *pixel).collect::<Vec<_>>(), [1, 1, 2, 2]);
        assert!(seen[0].1 == seen[1].1 && seen[1].1 != seen[2].1 && seen[2].1 == seen[3].1);
    }

    #[test]
    fn a_picture_keeps_its_layout_and_colors() {
        let padded: Decode = Box::new(|_, frame| {
            frame.reset(PixelFormat::Gray, 2, 2);
            (frame.stride, frame.range) = (3, ColorRange::Full);
            frame.data = vec![10, 20, 0, 30, 40, 0];
            Ok(())
        });
        let mut source = Stills::image(Path::new("padded"), 0.0, padded);
        let (mut frame, mut rgba) = (Frame::default(), Vec::new());
        source.read(&mut frame, Duration::ZERO).unwrap();
        frame.to_rgba(&mut rgba).unwrap();
        assert_eq!(rgba.iter().step_by(4).copied().collect::<Vec<_>>(), [10, 20, 30, 40]);
    }

    #[test]
    fn a_picture_that_cannot_be_read_and_an_empty_folder_are_errors() {
        let folder = tempfile::tempdir().unwrap();
        assert!(Stills::folder(folder.path(), 0.0, 1.0, number_decoder()).is_err());
        let gone = Stills::folder(&folder.path().join("gone"), 0.0, 1.0, number_decoder()).err().unwrap();
        assert!(gone.to_string().contains("not there"), "{gone}");
        let mut source = Stills::image(&folder.path().join("none.png"), 0.0, number_decoder());
        assert!(read(&mut source).is_err());
    }
}
