//! `apply`: renders files and folders.
//!
//! Everything that can be wrong with the request as a whole is found first: the recipe, the backend, two inputs that
//! would go to one file, an output that is an input. Then a few workers each take a picture at a time through reading,
//! fitting, rendering and writing. Renderings take turns on one engine, which uses all threads for each; reading and
//! writing overlap with them. How many pictures are in memory is bounded by bytes, not by their number.

mod budget;
mod jobs;
mod picture;
mod screen;

use crate::args::ApplyArgs;
use crate::{DONE, look, some_failed};
use anyhow::Context;
use bowerbird::{Chain, EngineOptions};
use budget::Budget;
use jobs::{Job, Plan};
use picture::Studio;
use screen::Screen;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// Workers beyond this only wait for the engine.
const MOST_WORKERS: usize = 8;

/// Renders all inputs.
pub(crate) fn run(args: &ApplyArgs) -> anyhow::Result<ExitCode> {
    if args.engine.threads > 0 {
        // Scaling runs on the global pool; nothing has used that yet, so this cannot come too late.
        let threads = EngineOptions { threads: args.engine.threads, ..EngineOptions::default() }.thread_count();
        let _ = rayon::ThreadPoolBuilder::new().num_threads(threads).build_global();
    }
    let recipe = look::recipe(&args.recipe, &args.read, args.quiet)?;
    let Plan { jobs, rejected } = jobs::plan(args, recipe.files())?;
    let chain = Chain::from(recipe);
    let studio = Studio::open(args, &chain)?;
    jobs::make_folder(args, &jobs)?;
    let screen = Screen::new(jobs.len(), args.quiet);
    rejected.iter().for_each(|message| screen.fail(message));
    let failed = rejected.len() + work(&jobs, &studio, &screen, args.engine.memory)?;
    let total = jobs.len() + rejected.len();
    screen.finish();
    if failed == 0 {
        return Ok(DONE);
    }
    if total > 1 {
        screen.say(&format!("{failed} of {total} failed"));
    }
    Ok(some_failed())
}

/// Does all jobs; returns how many failed.
fn work(jobs: &[Job], studio: &Studio<'_>, screen: &Screen, memory: u64) -> anyhow::Result<usize> {
    let (next, failed) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let budget = Budget::new(memory);
    let worker = || {
        while let Some(job) = jobs.get(next.fetch_add(1, Ordering::Relaxed)) {
            // A bug in the decoding of one picture must not take the others with it.
            let done = catch_unwind(AssertUnwindSafe(|| studio.render(job, &budget, screen)))
                .unwrap_or_else(|_| Err("stopped by a bug in this program; please report it".into()));
            if let Err(cause) = done {
                failed.fetch_add(1, Ordering::Relaxed);
                screen.fail(&format!("{}: {cause}", job.input.display()));
            }
            screen.step();
        }
    };
    let workers = studio.threads().min(jobs.len()).clamp(1, MOST_WORKERS);
    thread::scope(|scope| {
        for index in 1..workers {
            let name = format!("apply-{index}");
            thread::Builder::new().name(name).spawn_scoped(scope, worker).context("the system refuses threads")?;
        }
        worker();
        anyhow::Ok(())
    })?;
    Ok(failed.load(Ordering::Relaxed))
}
