//! What the program says of itself: the overview, completions, manual pages, the schema.

use crate::DONE;
use crate::args::{Cli, CompletionsArgs, ManArgs};
use crate::output::{print_bytes, print_json};
use anyhow::Context;
use bowerbird::param::recipe_schema;
use clap::CommandFactory;
use std::fs;
use std::process::ExitCode;

/// What is printed when nothing is asked.
pub(crate) fn overview() -> String {
    format!(
        "\
bowerbird {} — image effects for files and folders

  bowerbird apply photo.jpg -e 'exposure ev=0.35' -e sepia -o out.jpg    two effects on one picture
  bowerbird apply photos -r look.json -o graded                          a recipe on a folder

  bowerbird list              the {} effects
  bowerbird show vignette     one of them: parameters, ranges, an example
  bowerbird explain -r look.json --size 3840x2160    how it would be rendered
  bowerbird bench -i photo.jpg -r look.json          how fast
  bowerbird devices           graphics adapters and cameras
  bowerbird live              the desktop app

A recipe is a JSON file: {{\"version\": 1, \"steps\": [{{\"effect\": \"sepia\", \"amount\": 0.8}}]}}
`bowerbird COMMAND --help` tells all options; `bowerbird man` is the manual.
",
        env!("CARGO_PKG_VERSION"),
        bowerbird::effects::all().count(),
    )
}

/// Prints a completion script.
pub(crate) fn completions(args: &CompletionsArgs) -> anyhow::Result<ExitCode> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "bowerbird", &mut script);
    print_bytes(&script).map(|()| DONE)
}

/// Prints the schema of recipes.
pub(crate) fn schema() -> anyhow::Result<ExitCode> {
    print_json(&recipe_schema())
}

/// Prints a manual page, or writes all of them.
pub(crate) fn pages(args: &ManArgs) -> anyhow::Result<ExitCode> {
    let mut program = Cli::command();
    program.build();
    if let Some(folder) = &args.out {
        fs::create_dir_all(folder).with_context(|| format!("cannot make the folder {}", folder.display()))?;
        for command in core::iter::once(&program).chain(program.get_subcommands()) {
            let page = clap_mangen::Man::new(command.clone());
            let path = folder.join(page.get_filename());
            let mut text = Vec::new();
            page.render(&mut text)?;
            fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
        }
        return Ok(DONE);
    }
    let command = match args.command.as_deref() {
        None => &program,
        Some(name) => program.find_subcommand(name).with_context(|| format!("there is no command '{name}'"))?,
    };
    let mut text = Vec::new();
    clap_mangen::Man::new(command.clone()).render(&mut text)?;
    print_bytes(&text).map(|()| DONE)
}
