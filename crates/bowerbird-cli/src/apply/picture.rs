//! One picture's way from file to file.

use super::budget::Budget;
use super::crew::{Counted, Crew};
use super::jobs::{Job, Name};
use super::screen::Screen;
use crate::args::{ApplyArgs, EngineArgs, Precision};
use crate::look;
use crate::scale::{fitted, scaled};
use crate::stop::Stop;
use bowerbird::image::{Depth, KeepMetadata, ReadOptions, WriteOptions};
use bowerbird::{Chain, Engine, EngineOptions, Error, Image, Output, ir};
use std::fs;
use std::sync::OnceLock;

/// What all pictures of a batch share.
#[derive(Debug)]
pub(super) struct Studio<'a> {
    args: &'a ApplyArgs,
    chain: &'a Chain,
    engine: Engine,
    /// For pictures whose scaling made floats of 8 bits: they need no more precision than they had.
    fast: OnceLock<Engine>,
    read: ReadOptions,
    write: WriteOptions,
    stop: &'a Stop,
}

/// What became of a picture that did not fail.
#[derive(Debug)]
pub(super) enum Outcome<'a> {
    /// It is in its file, and is to be counted before this is dropped.
    Written(Option<Counted<'a>>),
    /// The program was told to stop before.
    Stopped,
}

impl<'a> Studio<'a> {
    /// Starts the engine and tries the chain.
    pub(super) fn open(args: &'a ApplyArgs, chain: &'a Chain, stop: &'a Stop) -> Result<Self, Error> {
        let engine = EngineArgs::open(EngineOptions { cancel: stop.cancel(), ..args.engine.options() })?;
        look::try_out(&engine, chain)?;
        let write = WriteOptions {
            depth: args.depth.map(Depth::from),
            quality: args.quality,
            chroma: args.chroma.into(),
            metadata: if args.strip { KeepMetadata::Strip } else { KeepMetadata::Keep },
            format: None,
        };
        Ok(Self { args, chain, engine, fast: OnceLock::new(), read: args.read.options(), write, stop })
    }

    /// Threads of the engine.
    pub(super) fn threads(&self) -> usize {
        self.engine.threads()
    }

    /// Renders one picture.
    pub(super) fn render<'c>(
        &self,
        job: &Job,
        budget: &Budget,
        crew: &'c Crew,
        screen: &Screen,
    ) -> Result<Outcome<'c>, String> {
        budget.wait();
        let image = Image::open_with(&job.input, &self.read).map_err(|error| error.cause().to_string())?;
        for sentence in &image.metadata().warnings {
            screen.warn(&format!("{}: {sentence}", job.input.display()));
        }
        let own = image.depth();
        let output = Output::for_format(job.format, self.write.depth, own);
        let depth = output.depth.unwrap_or(own);
        let target = self.args.size.and_then(|frame| fitted(image.size(), frame));
        let pixels = u64::from(image.width()) * u64::from(image.height());
        let working = if target.is_some() { 2 * Depth::F32.bytes() } else { 0 };
        let _held = budget.hold(4 * pixels * (own.bytes() + depth.bytes() + working) as u64);

        let image = match target {
            Some(size) => scaled(&image, size).map_err(|error| error.to_string())?,
            None => image,
        };
        let Some(busy) = crew.busy(self.stop) else { return Ok(Outcome::Stopped) };
        let shallow = target.is_some() && own == Depth::U8 && depth == Depth::U8;
        let engine = if shallow { self.fast_engine() } else { &self.engine };
        let result = match engine.render_to(self.chain, &image, &output) {
            Ok(result) => result,
            Err(Error::Canceled) => return Ok(Outcome::Stopped),
            Err(error) => return Err(error.to_string()),
        };
        drop(image);
        engine.take_messages().iter().for_each(|message| screen.warn(message));
        if self.stop.is_asked() {
            return Ok(Outcome::Stopped);
        }
        // Nothing is lost with a device or a pipe, whose reader may not come.
        let into_file = fs::metadata(&job.output).map_or(true, |output| output.is_file());
        let busy = into_file.then_some(busy);
        self.save(&result, job, screen).map(|()| Outcome::Written(busy))
    }

    fn save(&self, image: &Image, job: &Job, screen: &Screen) -> Result<(), String> {
        let shown = job.output.display();
        if job.name == Name::Kept
            && let Some(folder) = job.output.parent()
        {
            fs::create_dir_all(folder)
                .map_err(|cause| format!("cannot make the folder {}: {cause}", folder.display()))?;
        }
        let options = WriteOptions { format: Some(job.format), ..self.write.clone() };
        for sentence in image.losses(job.format, &options) {
            screen.warn(&format!("{shown}: {sentence}"));
        }
        image.save_with(&job.output, &options).map_err(|error| format!("{shown}: {}", error.cause()))
    }

    /// The engine for 8-bit pictures that scaling made floats of; the ordinary one where precision was chosen, or
    /// only the processor renders and is precise anyway.
    fn fast_engine(&self) -> &Engine {
        if self.args.engine.precision != Precision::Auto || !self.engine.uses_gpu() {
            return &self.engine;
        }
        if let Some(engine) = self.fast.get() {
            return engine;
        }
        let options = EngineOptions {
            precision: Some(ir::Precision::Fast),
            cancel: self.stop.cancel(),
            ..self.args.engine.options()
        };
        match Engine::new(options) {
            Ok(engine) => self.fast.get_or_init(|| engine),
            Err(_) => &self.engine,
        }
    }
}
