//! The recorder's thread and its hand-over.

use super::sink::{Sink, reason};
use crate::CaptureError;
use crate::camera::Rate;
use core::sync::atomic::{AtomicU64, Ordering};
use core::time::Duration;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};

/// Frames that wait for the writer.
const WAITING: usize = 4;

/// Places that one frame fills at the most: a gap of a minute at 60/s. A longer one is shortened to it.
const LONGEST_GAP: u64 = 3600;

/// What is recorded, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecordOptions {
    /// Columns, from 1 to 16384.
    pub width: u32,
    /// Rows, from 1 to 16384.
    pub height: u32,
    /// Frames a second of the file.
    pub rate: Rate,
    /// From 1 to 100, as for JPEG.
    pub quality: u8,
}

impl RecordOptions {
    /// With quality 90.
    pub fn new(width: u32, height: u32, rate: Rate) -> Self {
        Self { width, height, rate, quality: 90 }
    }
}

/// What became of a recording.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RecordReport {
    /// Frames in the file, the repeated ones among them.
    pub written: u64,
    /// Frames that stand for others that did not come.
    pub repeated: u64,
    /// Frames that came and are not in the file: the writer was behind, two had one place, or the size was another.
    pub dropped: u64,
    /// Why the recording ended before it was asked to; what was written until then is kept if it could be completed.
    pub error: Option<CaptureError>,
}

#[derive(Default)]
struct Shared {
    written: AtomicU64,
    repeated: AtomicU64,
    dropped: AtomicU64,
    error: Mutex<Option<CaptureError>>,
}

struct Picture {
    rgba: Vec<u8>,
    time: Duration,
}

/// Writes frames to a video file on a thread of its own. Dropping it completes the file as [`Recorder::finish`] does.
pub struct Recorder {
    options: RecordOptions,
    frames: Option<SyncSender<Picture>>,
    spares: Mutex<Receiver<Vec<u8>>>,
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

impl Recorder {
    /// Begins a recording. The end of the name tells its kind: `.mp4`, `.mkv` and `.mov` are H.264 by `ffmpeg`, `.avi` is
    /// Motion-JPEG and `.y4m` is uncompressed, which need nothing.
    ///
    /// # Errors
    ///
    /// [`CaptureError::File`] for a file that cannot be written, or a size that cannot be recorded;
    /// [`CaptureError::Missing`] without `ffmpeg`.
    pub fn start(path: &Path, options: RecordOptions) -> Result<Self, CaptureError> {
        let sides = 1..=16384;
        if !sides.contains(&options.width) || !sides.contains(&options.height) || options.rate.per_second() > 1000.0 {
            let reason = "recordings have 1 to 16384 columns and rows, and up to 1000 frames a second".into();
            return Err(CaptureError::File { path: path.to_owned(), reason });
        }
        let options = RecordOptions { quality: options.quality.clamp(1, 100), ..options };
        let partial = beside(path);
        let sink = Sink::new(&partial, path, &options).inspect_err(|_| {
            // What was begun on a full disk would stay there.
            let _ = fs::remove_file(&partial);
        })?;
        let (frames, frames_out) = sync_channel::<Picture>(WAITING);
        let (spare, spares) = sync_channel(WAITING);
        let shared = Arc::new(Shared::default());
        let writer =
            Writer { sink: Some(sink), options, shared: Arc::clone(&shared), path: path.to_owned(), partial, spare };
        let thread = thread::Builder::new()
            .name("record".into())
            .spawn(move || writer.run(&frames_out))
            .map_err(|error| CaptureError::System { name: "the recording thread".into(), reason: error.to_string() })?;
        Ok(Self { options, frames: Some(frames), spares: Mutex::new(spares), shared, thread: Some(thread) })
    }

    /// Hands over a frame of RGBA: `width · height · 4` bytes, taken at `time`. Copies it and never waits; false when it was
    /// dropped, which is counted.
    pub fn push(&self, rgba: &[u8], width: u32, height: u32, time: Duration) -> bool {
        let fits = (width, height) == (self.options.width, self.options.height)
            && rgba.len() == width as usize * height as usize * 4;
        let sent = fits && {
            let mut copy = self.spares.lock().unwrap_or_else(PoisonError::into_inner).try_recv().unwrap_or_default();
            copy.clear();
            copy.extend_from_slice(rgba);
            self.frames.as_ref().is_some_and(|frames| frames.try_send(Picture { rgba: copy, time }).is_ok())
        };
        if !sent {
            self.shared.dropped.fetch_add(1, Ordering::Relaxed);
        }
        sent
    }

    /// How it goes until now.
    pub fn report(&self) -> RecordReport {
        let get = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        RecordReport {
            written: get(&self.shared.written),
            repeated: get(&self.shared.repeated),
            dropped: get(&self.shared.dropped),
            error: self.shared.error.lock().unwrap_or_else(PoisonError::into_inner).clone(),
        }
    }

    /// Writes what waits, completes the file and gives it its name.
    ///
    /// # Errors
    ///
    /// What ended the recording, [`CaptureError::File`] for a full disk among them.
    pub fn finish(mut self) -> Result<RecordReport, CaptureError> {
        self.complete();
        let report = self.report();
        match report.error {
            Some(error) => Err(error),
            None => Ok(report),
        }
    }

    fn complete(&mut self) {
        self.frames = None;
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            let error = CaptureError::System { name: "the recording".into(), reason: "its writer failed".into() };
            self.shared.error.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
        }
    }
}

impl Drop for Recorder {
    fn drop(&mut self) {
        self.complete();
    }
}

/// The name of the file while it is not whole, in the same folder.
fn beside(path: &Path) -> PathBuf {
    let mut name = std::ffi::OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(format!(".{}.part", std::process::id()));
    path.with_file_name(name)
}

struct Writer {
    sink: Option<Sink>,
    options: RecordOptions,
    shared: Arc<Shared>,
    path: PathBuf,
    partial: PathBuf,
    spare: SyncSender<Vec<u8>>,
}

impl Writer {
    fn run(mut self, frames: &Receiver<Picture>) {
        let mut failed = None;
        let mut first = None;
        let mut held: Option<(Picture, u64)> = None;
        // A frame is written when the next one tells how long it stands.
        for picture in frames {
            let since = picture.time.saturating_sub(*first.get_or_insert(picture.time));
            let place = (since.as_secs_f64() * self.options.rate.per_second()).round() as u64;
            match &held {
                Some((_, before)) if place <= *before => {
                    self.shared.dropped.fetch_add(1, Ordering::Relaxed);
                    let _ = self.spare.try_send(picture.rgba);
                    continue;
                }
                _ => {}
            }
            if let Some((held, before)) = held.replace((picture, place))
                && let Err(error) = self.write(held, (place - before).min(LONGEST_GAP))
            {
                failed = Some(error);
                break;
            }
        }
        if let (Some((held, _)), None) = (held, &failed) {
            failed = self.write(held, 1).err();
        }
        self.complete(failed);
    }

    fn write(&mut self, picture: Picture, times: u64) -> std::io::Result<()> {
        if let Some(sink) = &mut self.sink {
            sink.frame(&picture.rgba, &self.options, times)?;
        }
        self.shared.written.fetch_add(times, Ordering::Relaxed);
        self.shared.repeated.fetch_add(times - 1, Ordering::Relaxed);
        let _ = self.spare.try_send(picture.rgba);
        Ok(())
    }

    /// Completes the file if it can be; after an error too, for the sake of what was written.
    fn complete(&mut self, failed: Option<std::io::Error>) {
        let Some(sink) = self.sink.take() else { return };
        let written = self.shared.written.load(Ordering::Relaxed);
        let mut error = failed;
        let whole = if written == 0 {
            sink.abandon();
            error.get_or_insert_with(|| std::io::Error::other("no frame was recorded"));
            false
        } else {
            match sink.finish() {
                Ok(()) => true,
                // What ffmpeg says tells more than that its pipe broke.
                Err(reason) => {
                    error = Some(reason);
                    false
                }
            }
        };
        if whole {
            error = error.or(fs::rename(&self.partial, &self.path).err());
        }
        // Gone after the renaming.
        let _ = fs::remove_file(&self.partial);
        if let Some(error) = error {
            let error = CaptureError::File { path: self.path.clone(), reason: reason(&error) };
            *self.shared.error.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Frame, Pace, Read, Source, Video};

    const SIZE: (u32, u32) = (64, 48);

    fn gray(code: u8) -> Vec<u8> {
        [code, code, code, 255].repeat(SIZE.0 as usize * SIZE.1 as usize)
    }

    fn start(path: &Path) -> Result<Recorder, CaptureError> {
        Recorder::start(path, RecordOptions::new(SIZE.0, SIZE.1, Rate::new(10)))
    }

    /// Pushes until the writer has room.
    fn push(recorder: &Recorder, code: u8, milliseconds: u64) {
        while !recorder.push(&gray(code), SIZE.0, SIZE.1, Duration::from_millis(milliseconds)) {
            assert_eq!(recorder.report().error, None);
            thread::yield_now();
        }
    }

    /// The first codes and the numbers of the frames of a file.
    fn read(path: &Path) -> Vec<(u8, u64)> {
        let mut video = Video::open(path, Pace::Free).unwrap();
        let (mut frame, mut rgba, mut all) = (Frame::default(), Vec::new(), Vec::new());
        loop {
            match video.read(&mut frame, Duration::from_secs(30)).unwrap() {
                Read::Frame => {
                    frame.to_rgba(&mut rgba).unwrap();
                    all.push((rgba[0], frame.sequence));
                }
                Read::Nothing => {}
                Read::End => return all,
            }
        }
    }

    fn near(frames: &[(u8, u64)], wanted: &[(u8, u64)]) {
        let alike = |(a, b): (&(u8, u64), &(u8, u64))| a.0.abs_diff(b.0) <= 3 && a.1 == b.1;
        assert!(frames.len() == wanted.len() && frames.iter().zip(wanted).all(alike), "{frames:?}, {wanted:?}");
    }

    /// Whether recordings of this kind can be tested on this machine.
    fn possible(kind: &str) -> bool {
        matches!(kind, "avi" | "y4m") || crate::video::ffmpeg_to_test_with()
    }

    #[test]
    fn a_recording_keeps_the_times_of_its_frames() {
        for kind in ["avi", "y4m", "mp4", "mkv"].into_iter().filter(|kind| possible(kind)) {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join(format!("clip.{kind}"));
            let recorder = start(&path).unwrap();
            // Two for one place, a gap of two, and one that wavers.
            for (code, milliseconds) in [(40, 5000), (60, 5010), (80, 5100), (120, 5400), (160, 5490)] {
                push(&recorder, code, milliseconds);
            }
            let dropped_before = recorder.report().dropped;
            let report = recorder.finish().unwrap();
            assert_eq!((report.written, report.repeated), (6, 2), "{kind}");
            assert!(report.dropped >= 1 && report.dropped <= dropped_before + 1, "{kind}");
            let frames = read(&path);
            // In AVI a repeated frame is an empty chunk, which the reader passes over.
            let wanted = [(40, 0), (80, 1), (80, 2), (80, 3), (120, 4), (160, 5)];
            if kind == "avi" {
                near(&frames, &[wanted[0], wanted[1], wanted[4], wanted[5]])
            } else {
                near(&frames, &wanted)
            }
            assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "{kind}: the partial file is gone");
        }
    }

    #[test]
    fn another_size_is_dropped_and_counted() {
        let folder = tempfile::tempdir().unwrap();
        let recorder = start(&folder.path().join("clip.y4m")).unwrap();
        push(&recorder, 1, 0);
        let before = recorder.report().dropped;
        assert!(!recorder.push(&[0; 16], 2, 2, Duration::ZERO));
        assert!(!recorder.push(&[0; 16], SIZE.0, SIZE.1, Duration::ZERO), "too few bytes");
        assert_eq!(recorder.report().dropped, before + 2);
    }

    #[test]
    fn a_recording_without_frames_leaves_no_file() {
        let folder = tempfile::tempdir().unwrap();
        let error = start(&folder.path().join("clip.avi")).unwrap().finish().unwrap_err();
        assert!(error.to_string().contains("no frame"), "{error}");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn what_cannot_be_recorded_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["clip.gif", "clip", "none/clip.avi"] {
            assert!(matches!(start(&folder.path().join(name)), Err(CaptureError::File { .. })), "{name}");
        }
        let huge = RecordOptions::new(20000, 1, Rate::new(10));
        assert!(Recorder::start(&folder.path().join("clip.avi"), huge).is_err());
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_full_disk_is_said_to_be_full() {
        let options = RecordOptions::new(SIZE.0, SIZE.1, Rate::new(10));
        let mut sink = Sink::new(Path::new("/dev/full"), Path::new("clip.y4m"), &options).unwrap();
        let error = (0..100).find_map(|_| sink.frame(&gray(9), &options, 1).err()).unwrap();
        assert!(reason(&error).contains("the disk is full"), "{error}");
    }
}
