//! `v4l2-ctl`, the reference that other views of a device are compared with, and the way to set a driver's controls.

use anyhow::{Context, ensure};
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

fn command(node: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new("v4l2-ctl");
    command.arg("-d").arg(node).args(arguments).stdin(Stdio::null());
    command
}

/// Runs it on a device and returns what it prints.
pub(crate) fn run(node: &Path, arguments: &[&str]) -> anyhow::Result<String> {
    let output = command(node, arguments).output().context("v4l2-ctl is not in the machine")?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let errors = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "v4l2-ctl {}: {} {text}{errors}", arguments.join(" "), output.status);
    Ok(text)
}

/// A running v4l2-ctl, ended when it goes out of scope.
pub(crate) struct Running {
    process: Child,
    /// Where it puts its progress: `<` for each frame.
    progress: PathBuf,
}

impl Running {
    /// How many frames it has captured.
    pub(crate) fn frames(&self) -> anyhow::Result<usize> {
        Ok(fs::read(&self.progress)?.into_iter().filter(|&byte| byte == b'<').count())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Starts it on a device and lets it run.
pub(crate) fn start(node: &Path, arguments: &[&str]) -> anyhow::Result<Running> {
    static STARTED: AtomicU32 = AtomicU32::new(0);
    let progress = PathBuf::from(format!("/tmp/progress-{}", STARTED.fetch_add(1, Ordering::Relaxed)));
    let file = File::create(&progress)?;
    let child = command(node, arguments).stdout(file.try_clone()?).stderr(file).spawn();
    Ok(Running { process: child.context("v4l2-ctl is not in the machine")?, progress })
}

/// Sets a control, by the name that v4l2-ctl gives it.
pub(crate) fn set(node: &Path, control: &str, value: i64) -> anyhow::Result<()> {
    run(node, &["--set-ctrl", &format!("{control}={value}")]).map(drop)
}

/// Reads a control.
pub(crate) fn get(node: &Path, control: &str) -> anyhow::Result<i64> {
    let text = run(node, &["--get-ctrl", control])?;
    // `name: 2`, or `name: 2 (Title)` for a menu.
    let value = text.split_whitespace().nth(1).unwrap_or_default();
    value.parse().with_context(|| format!("v4l2-ctl says {text:?} of {control}"))
}

/// Captures frames into a file, one behind the other, and returns the bytes.
pub(crate) fn capture(
    node: &Path,
    format: &str,
    (width, height): (u16, u16),
    frames: usize,
) -> anyhow::Result<Vec<u8>> {
    const FILE: &str = "/tmp/captured";
    let format = format!("--set-fmt-video=width={width},height={height},pixelformat={format}");
    let (count, to) = (format!("--stream-count={frames}"), format!("--stream-to={FILE}"));
    run(node, &[&format, "--stream-mmap", &count, &to])?;
    let bytes = fs::read(FILE)?;
    fs::remove_file(FILE)?;
    Ok(bytes)
}
