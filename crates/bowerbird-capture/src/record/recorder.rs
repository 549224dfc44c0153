//! The recorder's thread and its hand-over.

use super::output::Output;
use super::sink::{Sink, reason};
use crate::CaptureError;
use crate::camera::Rate;
use core::sync::atomic::{AtomicU64, Ordering};
use core::time::Duration;
use std::fs::{self, File};
use std::io;
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
    /// Why the recording ended before it was asked to: [`CaptureError::Shortened`] where what was written until then is kept.
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
        Self::start_in(path, options, |path| Ok(Box::new(File::create(path)?)))
    }

    /// The same in a file that is made by `create`, unless it is `ffmpeg`'s.
    fn start_in(
        path: &Path,
        options: RecordOptions,
        create: impl FnOnce(&Path) -> io::Result<Box<dyn Output>>,
    ) -> Result<Self, CaptureError> {
        let sides = 1..=16384;
        if !sides.contains(&options.width) || !sides.contains(&options.height) || options.rate.per_second() > 1000.0 {
            let reason = "recordings have 1 to 16384 columns and rows, and up to 1000 frames a second".into();
            return Err(CaptureError::File { path: path.to_owned(), reason });
        }
        let options = RecordOptions { quality: options.quality.clamp(1, 100), ..options };
        let partial = beside(path);
        let sink = Sink::new(&partial, path, &options, create).inspect_err(|_| {
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
    /// What ended the recording: [`CaptureError::Shortened`] where what was written until then is kept, as when the disk
    /// is full, and [`CaptureError::File`] where it is not.
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

    fn write(&mut self, picture: Picture, times: u64) -> io::Result<()> {
        if let Some(sink) = &mut self.sink {
            sink.frame(&picture.rgba, &self.options, times)?;
        }
        self.shared.written.fetch_add(times, Ordering::Relaxed);
        self.shared.repeated.fetch_add(times - 1, Ordering::Relaxed);
        let _ = self.spare.try_send(picture.rgba);
        Ok(())
    }

    /// Completes the file; after an error as far as it was written.
    fn complete(&mut self, failed: Option<io::Error>) {
        let Some(mut sink) = self.sink.take() else { return };
        let error = match (failed, self.shared.written.load(Ordering::Relaxed)) {
            (None, 0) => {
                sink.abandon();
                Some(self.lost(&io::Error::other("no frame was recorded")))
            }
            (None, _) => sink.finish().err().map(|error| self.keep(&mut sink, &error)),
            (Some(error), _) => {
                let error = sink.blame(error);
                Some(self.keep(&mut sink, &error))
            }
        };
        let error = error.or_else(|| self.name().err());
        // Gone after the renaming.
        let _ = fs::remove_file(&self.partial);
        *self.shared.error.lock().unwrap_or_else(PoisonError::into_inner) = error;
    }

    /// Keeps what was written until an error, if that can be.
    fn keep(&self, sink: &mut Sink, error: &io::Error) -> CaptureError {
        let Some(frames) = sink.salvage() else { return self.lost(error) };
        if let Some(frames) = frames {
            self.shared.written.store(frames, Ordering::Relaxed);
        }
        let kept = CaptureError::Shortened { path: self.path.clone(), reason: reason(error) };
        self.name().err().unwrap_or(kept)
    }

    /// Gives the file its name.
    fn name(&self) -> Result<(), CaptureError> {
        fs::rename(&self.partial, &self.path).map_err(|error| self.lost(&error))
    }

    fn lost(&self, error: &io::Error) -> CaptureError {
        CaptureError::File { path: self.path.clone(), reason: reason(error) }
    }
}

#[cfg(test)]
mod tests;
