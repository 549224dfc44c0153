//! The workers of a batch, and how they end when they are told to stop.
//!
//! While a worker reads, nothing is lost by ending the program, and a reader may wait for a pipe without an end. While one
//! renders or writes, it is waited for: a rendering on the processor is given up within milliseconds, and a file that is
//! being written becomes whole, so that no temporary file stays.

use super::budget::Budget;
use super::jobs::Job;
use super::picture::{Outcome, Studio};
use super::screen::Screen;
use crate::stop::Stop;
use anyhow::Context;
use core::sync::atomic::{AtomicUsize, Ordering};
use core::time::Duration;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Instant;

/// Workers beyond this only wait for the engine.
const MOST_WORKERS: usize = 8;

/// How often is looked for a signal.
const LOOK: Duration = Duration::from_millis(40);

/// Signals that come together, as from `timeout`, are one; the next ends the program.
const MOMENT: Duration = Duration::from_millis(200);

/// How long is waited before it is said for what.
const PATIENCE: Duration = Duration::from_millis(600);

/// Who is still at it.
#[derive(Debug, Default)]
pub(super) struct Crew {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Clone, Copy, Debug, Default)]
struct State {
    /// Workers that are not at their end.
    workers: usize,
    /// Those of them that must not be interrupted.
    busy: usize,
}

/// Counts somebody until it is dropped.
#[derive(Debug)]
pub(super) struct Counted<'a> {
    crew: &'a Crew,
    of: fn(&mut State) -> &mut usize,
}

impl Crew {
    /// Marks a worker as one that is not to be interrupted, unless the program is about to end.
    pub(super) fn busy(&self, stop: &Stop) -> Option<Counted<'_>> {
        let mut state = self.lock();
        // Under the lock: whoever ends the program has seen that nobody is busy, and nobody becomes so.
        (!stop.is_asked()).then(|| {
            state.busy += 1;
            Counted { crew: self, of: |state| &mut state.busy }
        })
    }

    fn worker(&self) -> Counted<'_> {
        self.lock().workers += 1;
        Counted { crew: self, of: |state| &mut state.workers }
    }

    /// Waits until all workers are at their end, or those that are not only read though they were told to stop.
    /// Whether it is the former.
    fn wait(&self, stop: &Stop, screen: &Screen) -> bool {
        let (mut state, mut asked) = (self.lock(), None);
        while state.workers > 0 {
            if stop.is_asked() {
                if state.busy == 0 {
                    return false;
                }
                let waited = asked.get_or_insert_with(Instant::now).elapsed();
                if waited > MOMENT {
                    stop.arm();
                }
                if waited > PATIENCE {
                    screen.warn("a picture is still being written; once more ends the program at once");
                }
            }
            state = self.changed.wait_timeout(state, LOOK).unwrap_or_else(PoisonError::into_inner).0;
        }
        true
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Counted<'_> {
    fn drop(&mut self) {
        let mut state = self.crew.lock();
        let count = (self.of)(&mut state);
        *count = count.saturating_sub(1);
        self.crew.changed.notify_all();
    }
}

/// Does all jobs; returns how many failed and how many were written. Ends the program when it is told to stop while
/// workers only read.
pub(super) fn work(
    jobs: &[Job],
    studio: &Studio<'_>,
    screen: &Screen,
    memory: u64,
    stop: &Stop,
) -> anyhow::Result<(usize, usize)> {
    let (next, failed, written) = (AtomicUsize::new(0), AtomicUsize::new(0), AtomicUsize::new(0));
    let (crew, budget) = (Crew::default(), Budget::new(memory));
    let work = |_counted: Counted<'_>| {
        while !stop.is_asked()
            && let Some(job) = jobs.get(next.fetch_add(1, Ordering::Relaxed))
        {
            // A bug in the decoding of one picture must not take the others with it.
            let outcome = catch_unwind(AssertUnwindSafe(|| studio.render(job, &budget, &crew, screen)))
                .unwrap_or_else(|_| Err("stopped by a bug in this program; please report it".into()));
            match outcome {
                Ok(Outcome::Written(_busy)) => drop(written.fetch_add(1, Ordering::Relaxed)),
                Ok(Outcome::Stopped) => continue,
                Err(cause) => {
                    failed.fetch_add(1, Ordering::Relaxed);
                    screen.fail(&format!("{}: {cause}", job.input.display()));
                }
            }
            screen.step();
        }
    };
    // Only now, as somebody looks from here on.
    stop.follow().context("the system tells no signals")?;
    let workers = studio.threads().min(jobs.len()).clamp(1, MOST_WORKERS);
    thread::scope(|scope| {
        for index in 0..workers {
            let (name, counted) = (format!("apply-{index}"), crew.worker());
            let work = || work(counted);
            thread::Builder::new().name(name).spawn_scoped(scope, work).context("the system refuses threads")?;
        }
        if !crew.wait(stop, screen) {
            screen.finish();
            screen.say_stopped(written.load(Ordering::Relaxed), jobs.len());
            std::process::exit(stop.status().into());
        }
        anyhow::Ok(())
    })?;
    Ok((failed.into_inner(), written.into_inner()))
}
