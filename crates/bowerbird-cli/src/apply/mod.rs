//! `apply`: renders files and folders.
//!
//! Everything that can be wrong with the request as a whole is found first: the recipe, the backend, two inputs that
//! would go to one file, an output that is an input. Then a few workers each take a picture at a time through reading,
//! fitting, rendering and writing. Renderings take turns on one engine, which uses all threads for each; reading and
//! writing overlap with them. How many pictures are in memory is bounded by bytes, not by their number.

mod budget;
mod crew;
mod jobs;
mod picture;
mod screen;

use crate::args::ApplyArgs;
use crate::stop::Stop;
use crate::{DONE, look, some_failed};
use bowerbird::{Chain, EngineOptions};
use jobs::Plan;
use picture::Studio;
use screen::Screen;
use std::process::ExitCode;

/// Renders all inputs.
pub(crate) fn run(args: &ApplyArgs) -> anyhow::Result<ExitCode> {
    if args.engine.threads > 0 {
        // Scaling runs on the global pool; nothing has used that yet, so this cannot come too late.
        let threads = EngineOptions { threads: args.engine.threads, ..EngineOptions::default() }.thread_count();
        let _ = rayon::ThreadPoolBuilder::new().num_threads(threads).build_global();
    }
    let recipe = look::recipe(&args.recipe, &args.read, args.quiet)?;
    let Plan { jobs, rejected } = jobs::plan(args, recipe.files().chain(args.recipe.recipe.as_deref()))?;
    let chain = Chain::from(recipe);
    let stop = Stop::default();
    let studio = Studio::open(args, &chain, &stop)?;
    jobs::make_folder(args, &jobs)?;
    let screen = Screen::new(jobs.len(), args.quiet);
    rejected.iter().for_each(|message| screen.fail(message));
    let (failed, written) = crew::work(&jobs, &studio, &screen, args.engine.memory, &stop)?;
    let (total, failed) = (jobs.len() + rejected.len(), failed + rejected.len());
    screen.finish();
    // A signal behind the last picture changes nothing.
    if written + failed < total && stop.is_asked() {
        screen.say_stopped(written, total);
        return Ok(stop.exit_code());
    }
    if failed == 0 {
        return Ok(DONE);
    }
    if total > 1 {
        screen.say(&format!("{failed} of {total} failed"));
    }
    Ok(some_failed())
}
