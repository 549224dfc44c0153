//! What a batch shows: a progress bar on a terminal, and one line for whatever went wrong.

use crate::output::{complain, warn};
use indicatif::{ProgressBar, ProgressStyle};
use std::collections::BTreeSet;
use std::io::{self, IsTerminal};
use std::sync::{Mutex, PoisonError};

/// The standard error of a batch.
#[derive(Debug)]
pub(super) struct Screen {
    bar: ProgressBar,
    quiet: bool,
    told: Mutex<BTreeSet<String>>,
}

impl Screen {
    /// A screen for so many pictures. A single one needs no bar.
    pub(super) fn new(pictures: usize, quiet: bool) -> Self {
        let shown = pictures > 1 && !quiet && io::stderr().is_terminal();
        let bar = if shown { ProgressBar::new(pictures as u64) } else { ProgressBar::hidden() };
        if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len} pictures, {eta} left") {
            bar.set_style(style);
        }
        Self { bar, quiet, told: Mutex::default() }
    }

    /// A picture failed.
    pub(super) fn fail(&self, message: &str) {
        self.bar.suspend(|| complain(message));
    }

    /// Something is worth knowing; told once.
    pub(super) fn warn(&self, message: &str) {
        let is_new = self.told.lock().unwrap_or_else(PoisonError::into_inner).insert(message.to_owned());
        if is_new && !self.quiet {
            self.bar.suspend(|| warn(message));
        }
    }

    /// The last word.
    pub(super) fn say(&self, message: &str) {
        if !self.quiet {
            complain(message);
        }
    }

    /// The program was told to stop.
    pub(super) fn say_stopped(&self, written: usize, total: usize) {
        self.say(&format!("stopped: {written} of {total} written"));
    }

    /// A picture is done, well or badly.
    pub(super) fn step(&self) {
        self.bar.inc(1);
    }

    /// All are.
    pub(super) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}
