//! Where rendered frames go besides the screen: recordings, outputs, sessions.

use super::Worker;
use super::held::Held;
use crate::report::Notice;
use crate::shown::Shown;
use bowerbird_capture::Frame;
use std::sync::Arc;

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
