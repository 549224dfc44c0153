//! `live`: the desktop app, a program of its own so that this one needs no window system.

use crate::args::LiveArgs;
use crate::output::complain;
use crate::{DONE, some_failed};
use std::env::consts::EXE_SUFFIX;
use std::process::{Command, ExitCode};

/// Starts the app that lies beside this program and ends with it.
pub(crate) fn run(args: &LiveArgs) -> anyhow::Result<ExitCode> {
    let name = format!("bowerbird-desktop{EXE_SUFFIX}");
    let app = std::env::current_exe()?.with_file_name(&name);
    if !app.is_file() {
        // Its own help says more, where there is one.
        if args.rest.iter().any(|argument| argument == "--help" || argument == "-h") {
            println!(
                "Start the desktop app, {name}, which is not installed yet.\n\n\
                 Usage: bowerbird live [OPTIONS] [FILE]\n\n\
                 In Bowerbird's folder, cargo install --path crates/bowerbird-desktop installs it."
            );
            return Ok(DONE);
        }
        complain(&format!(
            "the desktop app is not installed: there is no {name} beside this program; \
             in Bowerbird's folder, cargo install --path crates/bowerbird-desktop puts it there"
        ));
        return Ok(some_failed());
    }
    start(Command::new(app).args(&args.rest))
}

/// Becomes the app, so that signals are its own, as one that ends a recording.
#[cfg(unix)]
fn start(app: &mut Command) -> anyhow::Result<ExitCode> {
    use std::os::unix::process::CommandExt;
    Err(app.exec().into())
}

#[cfg(not(unix))]
fn start(app: &mut Command) -> anyhow::Result<ExitCode> {
    let status = app.status()?;
    Ok(status.code().and_then(|code| u8::try_from(code).ok()).map_or_else(some_failed, ExitCode::from))
}
