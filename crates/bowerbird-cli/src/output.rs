//! Writing to the standard streams, where a closed pipe is no accident.

use crate::DONE;
use serde_json::Value;
use std::io::{self, Write};
use std::process::ExitCode;

/// The standard output could not be written to.
#[derive(Debug)]
pub(crate) struct Unprintable(io::Error);

impl Unprintable {
    /// Whether the reader went away, as `head` does.
    pub(crate) fn is_broken_pipe(&self) -> bool {
        self.0.kind() == io::ErrorKind::BrokenPipe
    }
}

impl core::fmt::Display for Unprintable {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "cannot write to the standard output: {}", self.0)
    }
}

impl core::error::Error for Unprintable {}

/// Writes text to the standard output.
pub(crate) fn print(text: &str) -> anyhow::Result<()> {
    print_bytes(text.as_bytes())
}

/// Writes bytes to the standard output.
pub(crate) fn print_bytes(bytes: &[u8]) -> anyhow::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(bytes).and_then(|()| out.flush()).map_err(|cause| Unprintable(cause).into())
}

/// Writes JSON to the standard output and is done.
pub(crate) fn print_json(value: &Value) -> anyhow::Result<ExitCode> {
    print(&format!("{value:#}\n")).map(|()| DONE)
}

/// Writes an error to the standard error. If even that is closed, nobody is left to tell.
pub(crate) fn complain(message: &str) {
    let _ = writeln!(io::stderr(), "error: {message}");
}

/// Writes a warning to the standard error.
pub(crate) fn warn(message: &str) {
    let _ = writeln!(io::stderr(), "warning: {message}");
}
