//! `live`: the desktop app, a program of its own so that this one needs no window system.

use crate::args::LiveArgs;
use crate::output::complain;
use crate::{DONE, some_failed};
use std::env::consts::EXE_SUFFIX;
use std::process::{Command, ExitCode};

/// Starts the app that lies beside this program and waits for its end.
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
    let status = Command::new(app).args(&args.rest).status()?;
    Ok(status.code().and_then(|code| u8::try_from(code).ok()).map_or_else(some_failed, ExitCode::from))
}
