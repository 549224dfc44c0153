//! `bowerbird`: image effects for files and folders.
//!
//! The program is a thin coat over the library: it reads options, opens files, and says what went wrong. Commands
//! return an exit status, or an error that ends the run as bad usage; a failing picture is neither, for the others
//! are still done.
//!
//! Exit status: 0 done; 1 some inputs failed, each named on stderr, the rest done; 2 bad usage or a bad recipe; 130
//! stopped by Ctrl-C, 128 and its number by another signal.

mod apply;
mod args;
mod bench;
mod catalogue;
mod devices;
mod explain;
mod live;
mod look;
mod manual;
mod output;
mod scale;
mod stop;

use args::{Cli, Command};
use clap::Parser;
use std::process::ExitCode;

/// Everything was done.
const DONE: ExitCode = ExitCode::SUCCESS;

/// Some inputs failed.
fn some_failed() -> ExitCode {
    ExitCode::from(1)
}

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(usage) => {
            let status = ExitCode::from(u8::try_from(usage.exit_code()).unwrap_or(2));
            // Help that nobody reads to its end is no error.
            return usage.print().map_or(DONE, |()| status);
        }
    };
    if let Err(cause) = stop::survive_large_files() {
        output::warn(&format!("the system tells no signals: {cause}"));
    }
    run(cli.command).unwrap_or_else(|error| match error.downcast_ref::<output::Unprintable>() {
        Some(cause) if cause.is_broken_pipe() => DONE,
        Some(cause) => {
            output::complain(&cause.to_string());
            some_failed()
        }
        None => {
            output::complain(&format!("{error:#}"));
            ExitCode::from(2)
        }
    })
}

fn run(command: Option<Command>) -> anyhow::Result<ExitCode> {
    match command {
        None => output::print(&manual::overview()).map(|()| DONE),
        Some(Command::Apply(args)) => apply::run(&args),
        Some(Command::List(args)) => catalogue::list(&args),
        Some(Command::Show(args)) => catalogue::show(&args),
        Some(Command::Explain(args)) => explain::run(&args),
        Some(Command::Bench(args)) => bench::run(&args),
        Some(Command::Devices(args)) => devices::run(&args),
        Some(Command::Live(args)) => live::run(&args),
        Some(Command::Completions(args)) => manual::completions(&args),
        Some(Command::Man(args)) => manual::pages(&args),
        Some(Command::Schema) => manual::schema(),
    }
}
