//! The options: what `--help`, the manual pages and the completions are made from.

mod common;
mod values;

pub(crate) use common::{EngineArgs, ReadArgs, RecipeArgs};
pub(crate) use values::{Chroma, Depth, Precision, Simd, Size};

use bowerbird::image::FileFormat;
use clap::{Args, Parser, Subcommand};
use std::ffi::OsString;
use std::path::PathBuf;

/// Image effects for files and folders
///
/// Bowerbird renders chains of effects on pictures, on the processor or on the graphics card, with as few passes over
/// the picture as it can. A chain is a recipe, a small JSON file, or is typed right here, one effect at a time.
#[derive(Debug, Parser)]
#[command(name = "bowerbird", version, propagate_version = true, max_term_width = 100)]
#[command(after_help = "\
Exit status: 0 done; 1 some inputs failed, each named; 2 bad usage or a bad recipe; 130 stopped by Ctrl-C.")]
pub(crate) struct Cli {
    /// What to do; without one, a short overview is printed.
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Render pictures with a recipe or with effects typed here
    Apply(ApplyArgs),
    /// List every effect
    List(ListArgs),
    /// Describe one effect: its parameters, their ranges, an example
    Show(ShowArgs),
    /// Print how a chain would be rendered: passes, what is fused, bytes moved
    Explain(ExplainArgs),
    /// Time the rendering of a chain, in memory
    Bench(BenchArgs),
    /// List the graphics adapters and the cameras
    Devices(DevicesArgs),
    /// Start the desktop app
    Live(LiveArgs),
    /// Print a completion script for a shell
    Completions(CompletionsArgs),
    /// Print or write the manual pages
    Man(ManArgs),
    /// Print the JSON Schema of recipes, for editors and checkers
    Schema,
}

/// Render pictures with a recipe or with effects typed here
///
/// Inputs are picture files, and folders, whose pictures are taken in the order of their names. Pictures are done in
/// parallel; one that fails is named on the standard error, and the others are still done.
///
/// The steps of -r run first, then each -e in order. An output that exists is replaced, but never an input, unless
/// --force is given. A picture is written whole or not at all: Ctrl-C stops when those that are being written are whole,
/// says how many there are, and ends at once the second time.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  bowerbird apply portrait.jpg -e 'exposure ev=0.35' -e sepia -o portrait-sepia.jpg
  bowerbird apply photos -r look.json -o graded
  bowerbird apply *.tif -r look.json --size 2048x2048 --format jpg --quality 92 -o web
  bowerbird apply a.png -e 'lut3d file=film.cube opacity=0.6' -o b.png
  bowerbird apply a.png -e 'blend mode=multiply in.layer=paper.jpg' -o b.png")]
pub(crate) struct ApplyArgs {
    /// Picture files and folders of pictures.
    #[arg(required = true, value_name = "INPUT")]
    pub(crate) inputs: Vec<PathBuf>,
    /// Where to: a file for one input, else a folder, which is made if missing.
    ///
    /// A single input goes into a folder too if OUT is one, or ends in a slash. In a folder, pictures keep their names.
    #[arg(short, long, value_name = "OUT")]
    pub(crate) output: PathBuf,
    #[command(flatten)]
    pub(crate) recipe: RecipeArgs,
    /// Fit pictures into this size first; smaller ones stay as they are.
    ///
    /// Reduced with a Lanczos filter in linear light, before the effects run.
    #[arg(long, value_name = "WxH")]
    pub(crate) size: Option<Size>,
    /// Bits of a channel in the output [default: as the input, as far as the format holds it]
    #[arg(long, value_name = "8|16|float")]
    pub(crate) depth: Option<Depth>,
    /// Format of the output, by its usual ending, as png [default: by the name of the output or the input]
    #[arg(long, value_name = "ENDING", value_parser = values::format)]
    pub(crate) format: Option<(String, FileFormat)>,
    /// Quality of JPEG files, 1 to 100.
    #[arg(long, value_name = "N", default_value_t = 90, value_parser = clap::value_parser!(u8).range(1..=100))]
    pub(crate) quality: u8,
    /// Resolution of color in JPEG files.
    #[arg(long, value_name = "RESOLUTION", default_value = "auto")]
    pub(crate) chroma: Chroma,
    /// Leave out EXIF, XMP, IPTC and the print resolution.
    #[arg(long)]
    pub(crate) strip: bool,
    /// Take the pictures of folders inside folders too; the output has the same folders.
    #[arg(short = 'R', long)]
    pub(crate) recursive: bool,
    /// Allow an output to replace its own input.
    #[arg(short, long)]
    pub(crate) force: bool,
    #[command(flatten)]
    pub(crate) engine: EngineArgs,
    #[command(flatten)]
    pub(crate) read: ReadArgs,
    /// Print errors only: no warnings, no progress bar.
    #[arg(short, long)]
    pub(crate) quiet: bool,
}

/// List every effect
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  bowerbird list\n  bowerbird list --json | jq -r '.effects[].id'")]
pub(crate) struct ListArgs {
    /// Print the whole catalogue as JSON, with every parameter.
    #[arg(long)]
    pub(crate) json: bool,
}

/// Describe one effect: its parameters, their ranges, an example
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  bowerbird show vignette\n  bowerbird show curves --json")]
pub(crate) struct ShowArgs {
    /// The effect, as `bowerbird list` names it.
    #[arg(value_name = "EFFECT")]
    pub(crate) effect: String,
    /// Print it as JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

/// Print how a chain would be rendered: passes, what is fused, bytes moved
///
/// Without an input nothing is rendered, and the plan is that of an opaque 8-bit picture. With one it is rendered, in
/// memory, and the plan tells how long each pass and each step took.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  bowerbird explain -r look.json --size 3840x2160
  bowerbird explain -r look.json -i photo.jpg --backend cpu
  bowerbird explain -e 'exposure ev=1' -e 'gaussian_blur sigma=0.01' --json")]
pub(crate) struct ExplainArgs {
    /// A picture to render, for the times.
    #[arg(short, long, value_name = "INPUT")]
    pub(crate) input: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) recipe: RecipeArgs,
    /// Size to render at [default: that of the input, or 1920x1080]
    #[arg(long, value_name = "WxH")]
    pub(crate) size: Option<Size>,
    #[command(flatten)]
    pub(crate) engine: EngineArgs,
    #[command(flatten)]
    pub(crate) read: ReadArgs,
    /// Print the plan as JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

/// Time the rendering of a chain, in memory
///
/// The input is scaled to the size first. Reading, scaling, planning and one rendering to warm up are not timed.
/// With --suite, the workloads that Bowerbird is measured by are timed instead, on a chart of 3840×2160 or on the input.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  bowerbird bench -i photo.jpg -r look.json --size 3840x2160 --backend cpu --threads 2 --runs 20
  bowerbird bench -i photo.jpg -e 'bloom amount=0.5' --json
  bowerbird bench --suite --json > before.json
  bowerbird bench --suite --against before.json --only look8,sobel")]
pub(crate) struct BenchArgs {
    /// The picture.
    #[arg(short, long, value_name = "INPUT", required_unless_present = "suite")]
    pub(crate) input: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) recipe: RecipeArgs,
    /// Size to render at; both sides are stretched to it [default: that of the input]
    #[arg(long, value_name = "WxH")]
    pub(crate) size: Option<Size>,
    /// Renderings that are timed.
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub(crate) runs: u32,
    /// Write what was rendered to this file.
    #[arg(short, long, value_name = "OUTPUT")]
    pub(crate) output: Option<PathBuf>,
    /// Time the workloads of the suite.
    #[arg(long, group = "RecipeArgs", conflicts_with_all = ["recipe", "effects"], help_heading = "Suite")]
    pub(crate) suite: bool,
    /// Only these workloads of the suite, by their ids.
    #[arg(long, value_name = "ID,…", value_delimiter = ',', requires = "suite", help_heading = "Suite")]
    pub(crate) only: Vec<String>,
    /// Compare with the JSON of an earlier run.
    #[arg(long, value_name = "JSON", requires = "suite", conflicts_with = "json", help_heading = "Suite")]
    pub(crate) against: Option<PathBuf>,
    /// Which instructions the processor uses; the result is the same.
    #[arg(long, value_enum, value_name = "SIMD", default_value_t = Simd::Best, help_heading = "Rendering")]
    pub(crate) simd: Simd,
    #[command(flatten)]
    pub(crate) engine: EngineArgs,
    #[command(flatten)]
    pub(crate) read: ReadArgs,
    /// Print the times as JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

/// List the graphics adapters and the cameras
#[derive(Debug, Args)]
pub(crate) struct DevicesArgs {
    /// Print them as JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

/// Start the desktop app
///
/// It is a program of its own, bowerbird-desktop, in the same folder as this one; what follows is given to it.
#[derive(Debug, Args)]
#[command(disable_help_flag = true, disable_version_flag = true)]
pub(crate) struct LiveArgs {
    /// What the app is given.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "ARGUMENT")]
    pub(crate) rest: Vec<OsString>,
}

/// Print a completion script for a shell
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  bowerbird completions bash > ~/.local/share/bash-completion/completions/bowerbird
  bowerbird completions fish > ~/.config/fish/completions/bowerbird.fish")]
pub(crate) struct CompletionsArgs {
    /// The shell.
    pub(crate) shell: clap_complete::Shell,
}

/// Print or write the manual pages
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  bowerbird man apply | man -l -
  bowerbird man --out ~/.local/share/man/man1")]
pub(crate) struct ManArgs {
    /// The command whose page is printed [default: the page of the program]
    #[arg(value_name = "COMMAND")]
    pub(crate) command: Option<String>,
    /// Write all pages into this folder instead.
    #[arg(long, value_name = "FOLDER", conflicts_with = "command")]
    pub(crate) out: Option<PathBuf>,
}
