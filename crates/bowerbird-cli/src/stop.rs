//! Being told to stop by Ctrl-C, by the system, or by the end of the terminal.
//!
//! The first signal only asks: whoever works looks at it, gives up what nobody will see and completes what would be half
//! a file. A second one, a moment later, ends the program at once; the same signal that comes twice in one moment, as
//! from `timeout`, counts once. What was to be ignored from the start, as by `nohup`, stays ignored.

use bowerbird::Cancel;
use core::ffi::c_int;
use core::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;
use std::fs;
use std::io;
use std::process::ExitCode;
use std::sync::Arc;

/// The signals that ask. That of a terminal that ends only where the system tells whether it is ignored, as by `nohup`.
#[cfg(target_os = "linux")]
const ASKING: [c_int; 3] = [SIGINT, SIGTERM, signal_hook::consts::SIGHUP];
#[cfg(not(target_os = "linux"))]
const ASKING: [c_int; 2] = [SIGINT, SIGTERM];

/// Whether the program was told to stop.
#[derive(Clone, Debug, Default)]
pub(crate) struct Stop {
    /// The signal, 0 if there was none.
    signal: Arc<AtomicUsize>,
    /// Whether the next signal ends the program at once.
    armed: Arc<AtomicBool>,
}

impl Stop {
    /// Follows the signals from now on; without this the system ends the program with the first.
    pub(crate) fn follow(&self) -> io::Result<()> {
        for signal in ASKING.into_iter().filter(|signal| !is_ignored(*signal)) {
            flag::register_conditional_shutdown(signal, 128 + signal, Arc::clone(&self.armed))?;
            flag::register_usize(signal, Arc::clone(&self.signal), signal.unsigned_abs() as usize)?;
        }
        Ok(())
    }

    /// Whether it was told to stop. Whoever asks this goes on for a moment and no longer.
    pub(crate) fn is_asked(&self) -> bool {
        self.signal.load(Ordering::Relaxed) != 0
    }

    /// Lets the next signal end the program at once.
    pub(crate) fn arm(&self) {
        self.armed.store(true, Ordering::Relaxed);
    }

    /// The exit status of a program that a signal ended: 130 for Ctrl-C.
    pub(crate) fn status(&self) -> u8 {
        u8::try_from(128 + self.signal.load(Ordering::Relaxed)).unwrap_or(u8::MAX)
    }

    /// The same as [`status`](Self::status).
    pub(crate) fn exit_code(&self) -> ExitCode {
        ExitCode::from(self.status())
    }

    /// What gives up renderings.
    pub(crate) fn cancel(&self) -> Cancel {
        let stop = self.clone();
        Cancel::when(move || stop.is_asked())
    }
}

/// A file that outgrows a limit (`ulimit -f`) is an error of its writer, who cleans up, and not the end of the program.
pub(crate) fn survive_large_files() -> io::Result<()> {
    #[cfg(unix)]
    flag::register(signal_hook::consts::SIGXFSZ, Arc::new(AtomicBool::new(false)))?;
    Ok(())
}

/// Whether the program was started with a signal ignored.
fn is_ignored(signal: c_int) -> bool {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    ignored(&status) & (1 << (signal - 1)) != 0
}

/// The set of ignored signals in the words of the system.
fn ignored(status: &str) -> u64 {
    let set = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    set.and_then(|set| u64::from_str_radix(set.trim(), 16).ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ignored_signals_are_read() {
        assert_eq!(ignored("Name:\tx\nSigBlk:\t0000000000000002\nSigIgn:\t0000000000001001\n"), 0x1001);
        assert_eq!(ignored("SigIgn:\tnonsense") | ignored(""), 0);
    }
}
