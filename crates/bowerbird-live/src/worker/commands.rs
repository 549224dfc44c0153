//! What the engine's thread is told once.

use super::Worker;
use super::intake::Intake;
use super::recording::Recording;
use crate::governor::Governor;
use crate::live::{Command, lock};
use crate::report::Notice;
use bowerbird_capture::{Counters, Event};

impl Worker {
    pub(super) fn obey(&mut self, command: Command) {
        match command {
            Command::Source(origin, opener) => {
                self.origin = origin;
                if let Some(old) = self.intake.take() {
                    let counters = old.counters();
                    drop(old);
                    add(&mut self.before, counters);
                }
                self.governor = Governor::default();
                let mut report = lock(&self.shared.report);
                (report.ended, report.source) = (opener.is_none(), String::new());
                drop(report);
                match opener.map(Intake::start).transpose() {
                    Ok(intake) => self.intake = intake,
                    Err(error) => self.say(Notice::Source(Event::Failed(error))),
                }
            }
            Command::Engine(options) => match self.shared.engine(&options) {
                Ok(engine) => {
                    self.engine = engine;
                    self.options.engine = *options;
                    self.governor.reset();
                    self.explained = None;
                    self.say(Notice::Backend(format!("rendering on {}", self.engine.backend_name())));
                    self.again();
                }
                Err(error) => {
                    let now = self.engine.backend_name();
                    self.say(Notice::Backend(format!("{error}; rendering goes on with {now}")));
                }
            },
            Command::Record(request) => {
                self.finish_recording();
                self.recording = request.map(Recording::new);
                self.again();
            }
            Command::Again => self.again(),
            Command::Output(name, output) => {
                self.outputs.retain(|(other, _)| *other != name);
                self.outputs.extend(output.map(|output| (name, output)));
            }
            Command::Session(session) => {
                self.finish_session();
                self.session = session;
                // What is recorded begins with what is played: nothing kept from before, and the picture that is shown.
                self.engine.forget();
                self.held.iter_mut().for_each(|held| held.in_session = false);
                self.again();
            }
        }
    }
}

pub(super) fn add(sum: &mut Counters, other: Counters) {
    sum.frames += other.frames;
    sum.lost += other.lost;
    sum.skipped += other.skipped;
    sum.damaged += other.damaged;
}
