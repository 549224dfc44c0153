//! Options that several commands share.

use super::values::{self, Backend, Precision};
use bowerbird::image::ReadOptions;
use bowerbird::{Engine, EngineOptions, Error};
use clap::Args;
use std::path::PathBuf;

/// What to render.
#[derive(Debug, Args)]
#[group(required = true, multiple = true)]
pub(crate) struct RecipeArgs {
    /// A recipe file; its steps come before those of --effect.
    #[arg(short, long, value_name = "RECIPE")]
    pub(crate) recipe: Option<PathBuf>,
    /// An effect with its parameters, as 'exposure ev=0.3'; may be given again, in order.
    ///
    /// Values are JSON, else bare texts: -e 'curves rgb=[[0,0.1],[1,1]]'. Any field of a recipe step may be set:
    /// opacity, blend, mask, space, id; in.layer=NAME sets an input. Where a picture or a table is wanted, give a path.
    #[arg(short, long = "effect", value_name = "STEP")]
    pub(crate) effects: Vec<String>,
}

/// How to render.
#[derive(Debug, Args)]
#[command(next_help_heading = "Rendering")]
pub(crate) struct EngineArgs {
    /// What renders: auto takes a real graphics card where there is one, else the processor.
    #[arg(long, value_enum, value_name = "BACKEND", default_value_t = Backend::Auto)]
    pub(crate) backend: Backend,
    /// How close the graphics card stays to the processor.
    ///
    /// fast: within one 8-bit level; precise: within a few units in the last place of a float. auto is precise when
    /// the input or the output has more than 8 bits. The processor is always precise.
    #[arg(long, value_enum, value_name = "PRECISION", default_value_t = Precision::Auto)]
    pub(crate) precision: Precision,
    /// Part of the name of the graphics adapter to use, also one in software; see `bowerbird devices`.
    #[arg(long, value_name = "NAME")]
    pub(crate) adapter: Option<String>,
    /// Threads on the processor [default: one a core]
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true)]
    pub(crate) threads: usize,
    /// Memory for intermediate pictures; larger pictures are rendered in parts, with the same result.
    ///
    /// In bytes, or with K, M or G. Batches hold about as much again in pictures that are read or written.
    #[arg(long, value_name = "BYTES", default_value = "2G", value_parser = values::bytes)]
    pub(crate) memory: u64,
}

impl EngineArgs {
    /// The options of an engine for a program that renders once and ends.
    pub(crate) fn options(&self) -> EngineOptions {
        // Who names an adapter wants that one, and no other.
        let is_named = self.adapter.is_some() && self.backend == Backend::Auto;
        EngineOptions {
            backend: if is_named { Backend::Gpu } else { self.backend }.into(),
            threads: self.threads,
            precision: self.precision.into(),
            memory: self.memory,
            adapter: self.adapter.clone(),
            drop_identity: true,
            ..EngineOptions::default()
        }
    }

    /// An engine. That `auto` found no graphics card is no news; what happens while rendering is.
    pub(crate) fn open(options: EngineOptions) -> Result<Engine, Error> {
        let engine = Engine::new(options)?;
        engine.take_messages();
        Ok(engine)
    }
}

/// How files are read.
#[derive(Debug, Args)]
#[command(next_help_heading = "Reading")]
pub(crate) struct ReadArgs {
    /// Most pixels of a picture that is read; K, M and G are thousands, millions and thousands of millions.
    #[arg(long, value_name = "N", default_value = "512M", value_parser = values::count)]
    pub(crate) max_pixels: u64,
    /// Most bytes of a file that is read, and of its pixels.
    #[arg(long, value_name = "BYTES", default_value = "4G", value_parser = values::bytes)]
    pub(crate) max_bytes: u64,
    /// Leave out what the recipe says and this version does not know, with a warning.
    #[arg(long)]
    pub(crate) lenient: bool,
}

impl ReadArgs {
    /// The limits for reading pictures.
    pub(crate) fn options(&self) -> ReadOptions {
        ReadOptions { max_pixels: self.max_pixels, max_bytes: self.max_bytes }
    }
}
