//! Where rendered frames go besides the screen: recordings, outputs, sessions.

use super::Worker;
use super::held::Held;
use crate::live::Recording as Request;
use crate::report::Notice;
use crate::shown::Shown;
use bowerbird::image::Pixels;
use bowerbird_capture::{Frame, RecordOptions, Recorder};
use core::sync::atomic::Ordering;
use core::time::Duration;
use std::sync::Arc;
use std::thread;
use std::time::Instant;

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
    /// Whether it was said that pictures have another size.
    misfits: bool,
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

impl Worker {
    /// Hands a frame to the recording and the outputs.
    pub(super) fn deliver(&mut self, shown: &Arc<Shown>) {
        if self.recording.is_some() && shown.fresh {
            self.record(shown);
        }
        let mut failed = Vec::new();
        self.outputs.retain_mut(|(name, output)| match output(shown) {
            Ok(()) => true,
            Err(error) => {
                failed.push(Notice::Failed(format!("{name}: {error}")));
                false
            }
        });
        failed.into_iter().for_each(|notice| self.say(notice));
    }

    /// Adds a frame to the recording, which begins with the first.
    fn record(&mut self, shown: &Shown) {
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
                    recording.running = Some(Running { recorder, size, clock, misfits: false });
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
        let misfits = running.size != (width, height);
        if misfits && !core::mem::replace(&mut running.misfits, misfits) {
            let (w, h) = running.size;
            self.say(Notice::Failed(format!(
                "the recording stands still: it is {w}×{h}, and pictures are {width}×{height} now; stop it and record anew"
            )));
        }
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
        let finish = move || {
            let path = request.path.display();
            shared.say(match recorder.finish() {
                Ok(report) => {
                    Notice::Recording(format!("{path}: {} frames, {} dropped", report.written, report.dropped))
                }
                Err(error) => Notice::Failed(format!("the recording failed: {error}")),
            });
            waker();
        };
        let thread = thread::Builder::new().name("record-finish".into()).spawn(finish);
        match thread {
            // When the loop ends, so does the program, and the file must be whole.
            Ok(thread) if self.shared.stop.load(Ordering::Acquire) => drop(thread.join()),
            Ok(_) => {}
            Err(error) => self.say(Notice::Failed(format!("the recording failed: {error}"))),
        }
    }

    /// Writes what was rendered into the session: the frame, unless the session has it. A picture that was held before the
    /// session began is no longer there as it came, so the session has it as it was converted: the same pixels.
    pub(super) fn write_session(&mut self, held: &mut Held, fresh: bool, divisor: u32) {
        let Some(session) = &mut self.session else { return };
        let runs = |step: &usize| self.chain.steps().get(*step).is_some_and(bowerbird::ChainStep::is_active);
        let wanted = self.intent.chain.steps().iter().enumerate().filter(|(_, step)| step.is_active());
        let left_out = wanted.map(|(index, _)| index).filter(|index| !runs(index)).collect();
        let converted;
        let is_held = |raw: &&Frame| fresh && (raw.sequence, raw.time) == (held.sequence, held.time);
        let frame = match self.raw.as_ref().filter(is_held) {
            Some(raw) => Some(raw),
            None if held.in_session => None,
            None => {
                converted = held.as_frame();
                Some(&converted)
            }
        };
        match session.rendered(&self.intent, left_out, frame, divisor) {
            Ok(()) => held.in_session = true,
            Err(error) => {
                self.session = None;
                self.say(Notice::Failed(format!("the session is no longer recorded: {error}")));
            }
        }
    }

    pub(super) fn finish_session(&mut self) {
        if let Some(session) = self.session.take() {
            match session.finish() {
                Ok(path) => self.say(Notice::Recording(format!("{}: the session", path.display()))),
                Err(error) => self.say(Notice::Failed(format!("the session was not kept: {error}"))),
            }
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
}
