//! Being told to end by the system, by Ctrl-C in a terminal, or by the end of that terminal: recordings are completed,
//! exports given up. The second time, a moment later, the program ends at once.

#[cfg(unix)]
pub(crate) use unix::Signals;

/// Where there are no signals none comes.
#[cfg(not(unix))]
#[derive(Debug)]
pub(crate) struct Signals;

#[cfg(not(unix))]
impl Signals {
    pub(crate) fn follow(_: &eframe::egui::Context) -> anyhow::Result<Self> {
        Ok(Self)
    }

    pub(crate) fn came(&self) -> bool {
        false
    }
}

#[cfg(unix)]
mod unix {
    use anyhow::Context as _;
    use core::ffi::c_int;
    use eframe::egui::Context;
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM, SIGXFSZ};
    use signal_hook::iterator::backend::Handle;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::time::{Duration, Instant};

    /// Signals that come together, as from `timeout`, are one.
    const MOMENT: Duration = Duration::from_millis(250);

    /// Signals that tell the program to end.
    pub(crate) struct Signals {
        came: Arc<AtomicBool>,
        handle: Handle,
    }

    impl Signals {
        /// Follows them from now on.
        pub(crate) fn follow(context: &Context) -> anyhow::Result<Self> {
            // A file beyond the limit (`ulimit -f`) is an error of whoever writes it, and not the end of the program.
            signal_hook::flag::register(SIGXFSZ, Arc::default())?;
            let asking = [SIGINT, SIGTERM, SIGHUP].into_iter().filter(|signal| !is_ignored(*signal));
            let mut signals = signal_hook::iterator::Signals::new(asking)?;
            let (came, handle) = (Arc::new(AtomicBool::new(false)), signals.handle());
            let (theirs, context) = (Arc::clone(&came), context.clone());
            let follow = move || {
                let mut first = None;
                for signal in signals.forever() {
                    if first.get_or_insert_with(Instant::now).elapsed() > MOMENT {
                        // It ends here, or there is nothing better to do.
                        let _ = signal_hook::low_level::emulate_default_handler(signal);
                    }
                    theirs.store(true, Ordering::Release);
                    context.request_repaint();
                }
            };
            let thread = std::thread::Builder::new().name("signals".into()).spawn(follow);
            thread.context("the system gives no thread for signals")?;
            Ok(Self { came, handle })
        }

        /// Whether one came since this was asked last.
        pub(crate) fn came(&self) -> bool {
            self.came.swap(false, Ordering::AcqRel)
        }
    }

    impl Drop for Signals {
        /// Ends the thread.
        fn drop(&mut self) {
            self.handle.close();
        }
    }

    /// Whether the program was started with a signal ignored, as by `nohup`. Linux tells.
    fn is_ignored(signal: c_int) -> bool {
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let set = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
        let set = set.and_then(|set| u64::from_str_radix(set.trim(), 16).ok()).unwrap_or(0);
        set & (1 << (signal - 1)) != 0
    }
}
