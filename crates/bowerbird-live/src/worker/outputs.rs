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

/// A recording, which begins with the first frame that is rendered after it was asked for.
pub(super) struct Recording {
    pub(super) request: Request,
    pub(super) recorder: Option<(Recorder, Duration)>,
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
        if recording.recorder.is_none() {
            let options = RecordOptions {
                quality: recording.request.quality,
                ..RecordOptions::new(width, height, recording.request.rate)
            };
            match Recorder::start(&recording.request.path, options) {
                Ok(recorder) => recording.recorder = Some((recorder, shown.time)),
                Err(error) => {
                    self.recording = None;
                    self.say(Notice::Failed(format!("cannot record: {error}")));
                    return;
                }
            }
        }
        if let Some((recorder, start)) = &recording.recorder {
            recorder.push(rgba, width, height, shown.time.saturating_sub(*start));
        }
    }

    /// Completes the recording beside the loop: the last frames take time to write.
    pub(super) fn finish_recording(&mut self) {
        let Some(Recording { request, recorder }) = self.recording.take() else { return };
        let Some((recorder, _)) = recorder else {
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
