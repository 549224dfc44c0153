//! The engine's thread: the newest frame, the newest intent, one picture, over and over.
//!
//! All that may wait or fail is here: opening and closing sources, making engines, rendering. A turn of the loop never
//! waits longer than [`WAIT`] for a frame, so an intent is followed at once whatever the source does. An effect that
//! fails, in whatever way, is left out and reported; the rest of the chain goes on.

mod bypass;
mod commands;
mod held;
mod intake;
mod news;
mod outputs;
mod recording;
pub(crate) mod watch;

use crate::governor::Governor;
use crate::intent::Intent;
use crate::live::{LiveOptions, Output, Shared, lock};
use crate::report::{Flow, Meter, Notice, Quantiles};
use crate::session::SessionWriter;
use crate::shown::Shown;
use bowerbird::{Chain, Engine, Frame};
use bowerbird_capture::{Counters, Event};
use bypass::Rendered;
use core::sync::atomic::Ordering;
use core::time::Duration;
use held::Held;
use intake::{Arrived, Intake};
use recording::Recording;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Instant;
use watch::Rendering;

/// The longest wait for a frame before the next look at what is wanted: half a frame at 60/s.
const WAIT: Duration = Duration::from_millis(8);

/// Without a source there is nothing to wait for but intents, which wake.
const IDLE: Duration = Duration::from_millis(100);

/// A picture that does not move is rendered in full when nothing was changed for so long.
const REFINE: Duration = Duration::from_millis(150);

/// How often a plan is explained anew while people look at it.
const EXPLAIN_EVERY: Duration = Duration::from_millis(400);

/// Frames that go around: one is shown, one is published, one is rendered into.
const SPARES: usize = 3;

pub(crate) struct Worker {
    shared: Arc<Shared>,
    options: LiveOptions,
    engine: Engine,
    intake: Option<Intake>,
    /// Its number.
    origin: u64,
    /// Counters of the sources before this one.
    before: Counters,
    intent: Intent,
    /// The intent's chain without the steps that failed.
    chain: Chain,
    /// Whether it was rendered.
    ready: bool,
    /// What was rendered before it, with the number of its intent, until it is.
    standby: Option<(Chain, u64)>,
    held: Option<Held>,
    /// The frame that it was made from, until it goes back to the source.
    raw: Option<bowerbird_capture::Frame>,
    /// Whether it is still to be shown, as nothing could be rendered yet.
    unshown: bool,
    /// Frames that were given up since one was shown; whether the last was, so that it is rendered again.
    given_up: u32,
    unfinished: bool,
    governor: Governor,
    /// When to render the held picture finer.
    refine: Option<Instant>,
    spares: Vec<Arc<Shown>>,
    recording: Option<Recording>,
    /// What completes recordings.
    finishing: Vec<JoinHandle<()>>,
    outputs: Vec<(&'static str, Output)>,
    session: Option<Box<SessionWriter>>,
    figures: Figures,
    damaged: bool,
    /// The intent that was explained last, and when.
    explained: Option<(u64, Instant)>,
    /// The engine's last message.
    said: Option<String>,
}

#[derive(Default)]
struct Figures {
    latency: Quantiles,
    engine: Quantiles,
    came: Flow,
    rendered: Meter,
    frames_out: u64,
    divisor: u32,
}

impl Worker {
    pub(crate) fn new(shared: Arc<Shared>, engine: Engine, options: LiveOptions) -> Self {
        lock(&shared.report).backend = engine.backend_name();
        Self {
            shared,
            options,
            engine,
            intake: None,
            origin: 0,
            before: Counters::default(),
            intent: Intent::default(),
            chain: Chain::new(),
            ready: false,
            standby: None,
            held: None,
            raw: None,
            unshown: false,
            given_up: 0,
            unfinished: false,
            governor: Governor::default(),
            refine: None,
            spares: Vec::with_capacity(SPARES + 1),
            recording: None,
            finishing: Vec::new(),
            outputs: Vec::new(),
            session: None,
            figures: Figures::default(),
            damaged: false,
            explained: None,
            said: None,
        }
    }

    pub(crate) fn run(mut self) {
        while !self.shared.stop.load(Ordering::Acquire) {
            // Effects are guarded by themselves; this is for what nobody foresaw. The loop goes on with the next frame.
            if catch_unwind(AssertUnwindSafe(|| self.turn())).is_err() {
                (self.held, self.raw) = (None, None);
                self.spares.clear();
                self.renew_engine();
                self.say(Notice::Failed("a frame was lost by a fault of this program; please report it".into()));
            }
        }
        self.finish_recording();
        self.finish_session();
        // When the loop ends, so does the program, and files must be whole. Their panics are no matter any more.
        self.finishing.drain(..).for_each(|thread| drop(thread.join()));
        self.shared.shown.close();
    }

    fn turn(&mut self) {
        self.shared.watch.look();
        loop {
            let Some(command) = lock(&self.shared.commands).pop_front() else { break };
            self.obey(command);
        }
        let fresh = self.take_frame() | core::mem::take(&mut self.unshown);
        // After the wait, so that a frame shows what was wanted when it came.
        let changed = self.take_intent() | core::mem::take(&mut self.unfinished);
        self.forward_events();
        let refine = self.refine.is_some_and(|when| Instant::now() >= when);
        if self.held.is_some() && (fresh || changed || refine) {
            self.show(fresh, refine && !fresh && !changed);
        }
        if let (Some(intake), Some(frame)) = (&self.intake, self.raw.take()) {
            intake.give_back(frame);
        }
        self.report();
    }

    /// Renders the held picture once more, as soon as may be.
    fn again(&mut self) {
        let rests = !self.intent.running || self.intake.as_ref().is_none_or(Intake::ended);
        if self.held.as_ref().is_some_and(|held| held.still.is_some() || rests) {
            self.refine = Some(Instant::now());
        }
    }

    /// Waits for a frame and holds it; whether there is another picture to render.
    fn take_frame(&mut self) -> bool {
        let Some(intake) = self.intake.as_ref().filter(|intake| !intake.ended()) else {
            // What a source sent last is still to be had.
            let Some(arrived) = self.intake.as_ref().and_then(Intake::take) else {
                let wait = self.refine.map_or(IDLE, |when| when.saturating_duration_since(Instant::now()));
                if self.shared.intents.is_empty() {
                    thread::park_timeout(wait.min(IDLE));
                }
                return false;
            };
            return self.hold(arrived);
        };
        intake.pause(!self.intent.running);
        let wait = if self.shared.intents.is_empty() { WAIT } else { Duration::ZERO };
        match intake.wait(wait) {
            Some(arrived) => self.hold(arrived),
            None => false,
        }
    }

    fn hold(&mut self, mut arrived: Arrived) -> bool {
        let Some(intake) = &self.intake else { return false };
        let frame = &arrived.frame;
        // Of a picture that does not move every frame is wanted by a recording.
        let recording = self.recording.is_some();
        let known = frame.still.is_some() && self.held.as_ref().is_some_and(|held| held.still == frame.still);
        let mut fresh = false;
        if let (true, true, Some(held)) = (known, recording, &mut self.held) {
            (held.sequence, held.time, held.arrived, fresh) = (frame.sequence, frame.time, frame.arrived, true);
        }
        if !known && (self.intent.running || self.held.is_none()) {
            self.spares.extend(self.shared.spare.take());
            let mut held = self.held.take().unwrap_or_default();
            // A session has the bytes as they came.
            let keep = self.session.is_some();
            match held.take(&mut arrived, &mut self.spares, intake, keep) {
                Ok(()) => {
                    held.origin = self.origin;
                    (self.held, fresh, self.damaged) = (Some(held), true, false);
                }
                Err(error) => {
                    if !core::mem::replace(&mut self.damaged, true) {
                        self.say(Notice::Source(Event::Damaged(error)));
                    }
                }
            }
        }
        self.raw = Some(arrived.frame);
        fresh
    }

    fn take_intent(&mut self) -> bool {
        let Some(intent) = self.shared.intents.take() else { return false };
        let same_chain = Arc::ptr_eq(&intent.chain, &self.intent.chain);
        let curious = intent.explain && !self.intent.explain;
        let changed =
            !same_chain || curious || intent.view != self.intent.view || intent.revision != self.intent.revision;
        if !same_chain {
            // Nothing else drops the old chain, so it is dropped here and not under whoever sends.
            let old = core::mem::replace(&mut self.chain, (*intent.chain).clone());
            if core::mem::take(&mut self.ready) {
                self.standby = Some((old, self.intent.revision));
            }
            self.explained = None;
        }
        self.intent = intent;
        changed
    }

    /// Renders and publishes the held picture.
    fn show(&mut self, fresh: bool, refining: bool) {
        let Some(mut held) = self.held.take() else { return };
        let begin = Instant::now();
        let still = held.still.is_some() || !self.intent.running || self.intake.as_ref().is_none_or(Intake::ended);
        let (width, height) = held.full.size();
        let full_result = self.chain.output_frame(&Frame::still(width, height));
        let full_result = full_result.map_or((width, height), |frame| (frame.width, frame.height));
        let needed = Governor::needed(full_result, self.intent.view);
        let exact = self.recording.is_some() || !self.intent.adaptive;
        let divisor = if self.recording.is_some() {
            1
        } else if exact || refining || (still && fresh) {
            needed
        } else {
            self.governor.divisor(needed)
        };
        let mut slot = self.slot();
        // `slot` made sure of it.
        let Some(shown) = Arc::get_mut(&mut slot) else {
            self.held = Some(held);
            return;
        };
        held.reduce(divisor, shown);
        // A picture that does not move is at time 0, as an export of it is.
        let (time, index) =
            if held.still.is_some() { (0.0, 0) } else { (held.time.as_secs_f64(), held.sequence as u32) };
        let frame = Frame::still(width, height).scaled(1, divisor).at(time, index);
        // A session has every frame once, as it would be rendered again.
        let watched = self.session.is_none();
        let frame_time = self.budget();
        let rendering = || Rendering::begin(frame_time, Arc::clone(&self.intent.chain), refining, self.given_up);
        self.shared.watch.set(watched.then(rendering));
        let revision = match self.render(&frame, shown) {
            Rendered::At(revision) => revision,
            outcome => {
                // What was shown stays, and this frame comes when its pipelines are ready, or as it is wanted now.
                self.unshown = fresh;
                if matches!(outcome, Rendered::GivenUp) {
                    (self.unfinished, self.given_up) = (true, self.given_up + u32::from(!refining));
                } else {
                    self.refine = Some(Instant::now() + WAIT);
                }
                self.spares.push(slot);
                self.held = Some(held);
                return;
            }
        };
        self.given_up = 0;
        self.write_session(&mut held, fresh, divisor);
        (shown.full, shown.full_result) = ((width, height), full_result);
        (shown.divisor, shown.revision) = (divisor, revision);
        (shown.origin, shown.sequence, shown.time, shown.arrived) =
            (held.origin, held.sequence, held.time, held.arrived);
        shown.fresh = fresh;
        shown.coarse = still && divisor > needed;
        (shown.still, shown.took) = (held.still, begin.elapsed() + core::mem::take(&mut held.converting));
        let beside = core::mem::take(&mut held.beside);
        // What is done beside the frame before costs time only where it takes longer than that.
        let busy = shown.took.max(beside);
        shown.took += beside;
        self.figures.divisor = divisor;

        self.refine = shown.coarse.then(|| Instant::now() + REFINE);
        if revision != self.intent.revision {
            // What is wanted comes once it is compiled.
            self.refine = Some(Instant::now() + WAIT);
        }
        if !refining && !exact {
            // A coarser picture would not have come sooner than the device was free.
            let waited = slot.picture().map_or(Duration::ZERO, bowerbird::DevicePicture::waited);
            self.governor.observe(busy.saturating_sub(waited), self.budget(), divisor);
        }
        self.deliver(&slot);
        self.publish(slot, fresh);
        self.explain(&held, &frame, divisor);
        self.held = Some(held);
    }

    /// The time there is for a frame: the source's own pace, but no slower than a fourth of what is aimed at.
    fn budget(&self) -> Duration {
        let aimed = self.options.rate.clamp(1.0, 1000.0);
        let rate = self.figures.came.rate();
        let rate = if rate > 0.0 { rate.clamp(aimed / 4.0, aimed) } else { aimed };
        Duration::from_secs_f64(1.0 / rate)
    }

    /// A frame to render into that nobody else holds.
    fn slot(&mut self) -> Arc<Shown> {
        self.spares.extend(self.shared.spare.take());
        // A texture that nobody draws any more is written again.
        self.spares.iter_mut().filter_map(Arc::get_mut).for_each(Shown::let_go);
        let free = self.spares.iter_mut().position(|spare| Arc::get_mut(spare).is_some());
        free.map_or_else(|| Arc::new(Shown::default()), |index| self.spares.swap_remove(index))
    }

    fn publish(&mut self, slot: Arc<Shown>, fresh: bool) {
        let (took, arrived) = (slot.took, slot.arrived);
        let untaken = self.shared.shown.put(slot);
        self.spares.extend(untaken);
        self.spares.truncate(SPARES);
        (self.options.waker)();
        let now = Instant::now();
        self.figures.engine.add(took);
        self.figures.rendered.tick(now);
        if fresh {
            self.figures.latency.add(now.duration_since(arrived));
            self.figures.frames_out += 1;
        }
    }
}
