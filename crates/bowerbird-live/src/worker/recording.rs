//! Recordings: what is rendered, frame by frame, in files of one size.
//!
//! A film has one size. Where the picture gets another one and keeps it, as when something is cropped or a camera changes its
//! mode, the recording goes on in another file beside the first, with a number behind its name.

use super::Worker;
use crate::live::{Recording as Request, Shared};
use crate::report::Notice;
use crate::shown::Shown;
use bowerbird::image::Pixels;
use bowerbird_capture::{CaptureError, RecordOptions, Recorder};
use core::sync::atomic::Ordering;
use core::time::Duration;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;
use std::time::Instant;

/// How long a picture must keep another size before a file of that size is begun: a crop that is dragged passes many.
const SETTLED: Duration = Duration::from_secs(1);

/// A recording, which begins with the first frame that is rendered after it was asked for.
pub(super) struct Recording {
    request: Request,
    running: Option<Running>,
}

/// A recording that has begun.
struct Running {
    recorder: Recorder,
    size: (u32, u32),
    clock: Clock,
    /// The size that pictures have instead, and since when in the recording.
    other: Option<((u32, u32), Duration)>,
}

/// Counts a recording that is being completed until it is.
struct Ended(Arc<Shared>);

impl Drop for Ended {
    fn drop(&mut self) {
        self.0.finishing.fetch_sub(1, Ordering::AcqRel);
    }
}

/// The time in a recording. That of a source begins anew with another source, or when a camera is plugged in again; the
/// recording's goes on, by when frames came in.
struct Clock {
    /// A time of the source, and what it is in the recording.
    base: (Duration, Duration),
    /// The last frame's time by the source, and when it came in.
    last: (Duration, Instant),
}

impl Clock {
    fn start(time: Duration, arrived: Instant) -> Self {
        Self { base: (time, Duration::ZERO), last: (time, arrived) }
    }

    /// The time of the next frame in the recording.
    fn time(&mut self, time: Duration, arrived: Instant) -> Duration {
        let (last, came) = self.last;
        if time < last {
            let before = self.base.1 + last.saturating_sub(self.base.0);
            self.base = (time, before + arrived.saturating_duration_since(came));
        }
        self.last = (time, arrived);
        self.base.1 + (time - self.base.0)
    }
}

impl Recording {
    /// One that begins with the next frame.
    pub(super) fn new(request: Request) -> Self {
        Self { request, running: None }
    }
}

/// The first name behind this one, by a number at its end, that no file has: `clip.mp4`, `clip-2.mp4`, `clip-3.mp4`.
fn beside(path: &Path) -> PathBuf {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    // A larger number is a year or the camera's own.
    let counted = |(stem, number): (&str, &str)| {
        Some((stem.to_owned(), number.parse::<u32>().ok().filter(|number| *number < 1000)?))
    };
    let (stem, first) = stem.rsplit_once('-').and_then(counted).unwrap_or((stem.to_string(), 1));
    let ending = path.extension().map_or(String::new(), |ending| format!(".{}", ending.to_string_lossy()));
    let mut names =
        (first.saturating_add(1)..=u32::MAX).map(|number| path.with_file_name(format!("{stem}-{number}{ending}")));
    names.find(|path| !path.exists()).unwrap_or_else(|| path.to_owned())
}

/// What is said of a recording that ended by itself.
fn broken_off(error: &CaptureError) -> Notice {
    let what = if matches!(error, CaptureError::Shortened { .. }) { "ended early" } else { "failed" };
    Notice::Failed(format!("the recording {what}: {error}"))
}

impl Worker {
    /// Adds a frame to the recording, which begins with the first.
    pub(super) fn record(&mut self, shown: &Shown) {
        // A picture that a lost device had is a frame that is missing; the next is the CPU's.
        let Ok(Pixels::U8(rgba)) = shown.result().map(bowerbird::Image::pixels) else { return };
        let (width, height) = shown.size();
        let Some(recording) = &mut self.recording else { return };
        if recording.running.is_none() {
            let options = RecordOptions {
                quality: recording.request.quality,
                ..RecordOptions::new(width, height, recording.request.rate)
            };
            match Recorder::start(&recording.request.path, options) {
                Ok(recorder) => {
                    let (size, clock) = ((width, height), Clock::start(shown.time, shown.arrived));
                    recording.running = Some(Running { recorder, size, clock, other: None });
                }
                Err(error) => {
                    self.recording = None;
                    self.say(Notice::Failed(format!("cannot record: {error}")));
                    return;
                }
            }
        }
        let Some(running) = &mut recording.running else { return };
        let time = running.clock.time(shown.time, shown.arrived);
        running.recorder.push(rgba, width, height, time);
        if let Some(error) = running.recorder.report().error {
            // Nothing more is written: that is said now, and not when somebody stops it.
            self.recording = None;
            self.say(broken_off(&error));
            return;
        }
        if running.size == (width, height) {
            running.other = None;
            return;
        }
        let (size, since) = *running.other.get_or_insert(((width, height), time));
        if size != (width, height) {
            running.other = Some(((width, height), time));
        } else if time.saturating_sub(since) >= SETTLED {
            self.go_on_beside((width, height));
            self.record(shown);
        }
    }

    /// Completes the recording and begins another one beside it, of pictures of this size.
    fn go_on_beside(&mut self, (width, height): (u32, u32)) {
        let Some(mut request) = self.recording.as_ref().map(|recording| recording.request.clone()) else { return };
        request.path = beside(&request.path);
        self.finish_recording();
        let name = request.path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        self.recording = Some(Recording::new(request));
        self.say(Notice::RecordingGoesOn(format!(
            "the picture is {width}×{height} now: the recording goes on in {name}"
        )));
    }

    /// Completes the recording beside the loop: the last frames take time to write.
    pub(super) fn finish_recording(&mut self) {
        let Some(Recording { request, running }) = self.recording.take() else { return };
        let Some(Running { recorder, .. }) = running else {
            self.say(Notice::Failed("nothing was recorded: no frame came".into()));
            return;
        };
        let shared = Arc::clone(&self.shared);
        let waker = Arc::clone(&self.options.waker);
        shared.finishing.fetch_add(1, Ordering::AcqRel);
        let ended = Ended(Arc::clone(&shared));
        let finish = move || {
            let path = request.path.display();
            shared.say(match recorder.finish() {
                Ok(report) => {
                    Notice::Recording(format!("{path}: {} frames, {} dropped", report.written, report.dropped))
                }
                Err(error) => broken_off(&error),
            });
            drop(ended);
            waker();
        };
        let thread = thread::Builder::new().name("record-finish".into()).spawn(finish);
        self.finishing.retain(|thread| !thread.is_finished());
        match thread {
            Ok(thread) => self.finishing.push(thread),
            Err(error) => self.say(Notice::Failed(format!("the recording failed: {error}"))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recording_goes_on_where_the_time_of_its_source_begins_anew() {
        let second = Duration::from_secs;
        let begin = Instant::now();
        let mut clock = Clock::start(second(100), begin);
        let mut time = |time: u64, arrived: u64| clock.time(second(time), begin + second(arrived)).as_secs();
        assert_eq!([time(100, 0), time(103, 3)], [0, 3]);
        // Plugged in again two seconds later.
        assert_eq!([time(0, 5), time(4, 9)], [5, 9]);
        // Another source at once, and a third.
        assert_eq!([time(2, 9), time(1, 10), time(2, 11)], [9, 10, 11]);
    }

    #[test]
    fn a_file_beside_another_has_the_next_number() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        assert_eq!(beside(&path("clip.mp4")), path("clip-2.mp4"));
        std::fs::write(path("clip-3.mp4"), "").unwrap();
        assert_eq!(beside(&path("clip-2.mp4")), path("clip-4.mp4"));
        assert_eq!(beside(&path("my-clip")), path("my-clip-2"));
        assert_eq!(beside(&path("may-2024.avi")), path("may-2024-2.avi"));
    }
}
