//! What the app measures of itself: how long the interface takes for a frame, and how long it ever waited.

use bowerbird_live::{Quantiles, Report};
use serde_json::{Value, json};
use std::cell::{Cell, RefCell};
use std::time::{Duration, Instant};

/// Figures of the interface.
#[derive(Debug, Default)]
pub(crate) struct Meter {
    frames: RefCell<Quantiles>,
    shown: RefCell<Quantiles>,
    longest_wait: Cell<Duration>,
}

impl Meter {
    /// Runs a call on the loop, which must never wait, and keeps the longest time one took.
    pub(crate) fn wait<R>(&self, call: impl FnOnce() -> R) -> R {
        let begin = Instant::now();
        let result = call();
        self.longest_wait.set(self.longest_wait.get().max(begin.elapsed()));
        result
    }

    /// Counts the time that the interface took for a frame.
    pub(crate) fn frame(&self, took: Duration) {
        self.frames.borrow_mut().add(took);
    }

    /// Counts the time from a frame's arrival to its being drawn.
    pub(crate) fn shown(&self, latency: Duration) {
        self.shown.borrow_mut().add(latency);
    }

    /// Median and 99th percentile in milliseconds, from arrival to drawing.
    pub(crate) fn latency(&self) -> (f64, f64) {
        let spread = self.shown.borrow().spread();
        (spread.p50, spread.p99)
    }

    /// Median, 99th percentile and longest time of the interface for a frame, in milliseconds.
    pub(crate) fn interface(&self) -> (f64, f64, f64) {
        let spread = self.frames.borrow().spread();
        (spread.p50, spread.p99, spread.max)
    }

    /// The longest wait in milliseconds.
    pub(crate) fn longest_wait_ms(&self) -> f64 {
        self.longest_wait.get().as_secs_f64() * 1e3
    }

    /// The report that automation asks for.
    pub(crate) fn report(&self, report: &Report, seconds: f64) -> Value {
        let round = |value: f64| (value * 1000.0).round() / 1000.0;
        let (latency, interface) = (self.latency(), self.interface());
        json!({
            "seconds": round(seconds),
            "source": report.source,
            "size": [report.source_size.0, report.source_size.1],
            "backend": report.backend,
            "frames_in": report.frames_in,
            "frames_out": report.frames_out,
            "dropped": report.dropped,
            "damaged": report.damaged,
            "fps": round(report.fps_out),
            "fps_in": round(report.fps_in),
            "divisor": report.divisor,
            "bytes_read_back": report.bytes_read_back,
            "latency_ms": { "p50": round(report.latency.p50), "p99": round(report.latency.p99) },
            "shown_latency_ms": { "p50": round(latency.0), "p99": round(latency.1) },
            "engine_ms": { "p50": round(report.engine.p50), "p99": round(report.engine.p99) },
            "ui_frame_ms": { "p50": round(interface.0), "p99": round(interface.1), "max": round(interface.2) },
            "longest_ui_wait_ms": round(self.longest_wait_ms()),
        })
    }
}
