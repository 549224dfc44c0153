//! What the loop says of itself, as it goes.

use super::commands::add;
use super::held::Held;
use super::intake::Intake;
use super::{EXPLAIN_EVERY, Worker};
use crate::live::lock;
use crate::report::Notice;
use bowerbird::image::Depth;
use bowerbird::{Frame, Output};
use bowerbird_capture::Event;
use std::sync::Arc;
use std::time::Instant;

impl Worker {
    pub(super) fn forward_events(&mut self) {
        let events = self.intake.as_ref().map(Intake::events).unwrap_or_default();
        for event in events {
            let mut report = lock(&self.shared.report);
            match &event {
                Event::Started(name) | Event::Resumed(name) => report.source.clone_from(name),
                Event::Ended | Event::Failed(_) => report.ended = true,
                _ => {}
            }
            drop(report);
            self.say(Notice::Source(event));
        }
        for message in self.engine.take_messages() {
            lock(&self.shared.report).backend = self.engine.backend_name();
            // What holds for a chain holds for every frame.
            if self.said.as_ref() != Some(&message) {
                self.say(Notice::Backend(message.clone()));
                self.said = Some(message);
            }
        }
    }

    /// Explains the plan that was just run, with its times, now and then.
    pub(super) fn explain(&mut self, held: &Held, frame: &Frame, divisor: u32) {
        let recently =
            |(revision, when): (u64, Instant)| revision == self.intent.revision && when.elapsed() < EXPLAIN_EVERY;
        if !self.intent.explain || self.explained.is_some_and(recently) {
            return;
        }
        self.explained = Some((self.intent.revision, Instant::now()));
        let source = held.at(divisor);
        let explanation = source.and_then(|source| self.engine.explain_frame(&self.chain, source, frame).ok());
        let output = Output { depth: Some(Depth::U8), ..Output::default() };
        let motion = source.and_then(|source| self.engine.motion(&self.chain, source, frame, &output).ok());
        let mut report = lock(&self.shared.report);
        report.explanation = explanation.map(Arc::new);
        report.motion = motion.unwrap_or_default();
    }

    pub(super) fn say(&self, notice: Notice) {
        self.shared.say(notice);
        (self.options.waker)();
    }

    pub(super) fn report(&mut self) {
        let now = Instant::now();
        let mut counters = self.before;
        if let Some(intake) = &self.intake {
            add(&mut counters, intake.counters());
        }
        // Quantiles are counted out of the lock.
        let (latency, engine) = (self.figures.latency.spread(), self.figures.engine.spread());
        self.figures.came.look(now, counters.frames);
        let (fps_in, fps_out) = (self.figures.came.rate(), self.figures.rendered.rate(now));
        let read_back = self.engine.stats().bytes_read_back;
        let mut report = lock(&self.shared.report);
        report.frames_in = counters.frames;
        report.frames_out = self.figures.frames_out;
        report.dropped = counters.lost + counters.skipped;
        report.damaged = counters.damaged;
        (report.fps_in, report.fps_out) = (fps_in, fps_out);
        (report.latency, report.engine) = (latency, engine);
        report.divisor = self.figures.divisor;
        report.recording = self.recording.is_some();
        report.bytes_read_back = read_back;
        if let Some(held) = &self.held {
            report.source_size = held.full.size();
        }
        if report.backend.is_empty() {
            report.backend = self.engine.backend_name();
        }
    }
}
