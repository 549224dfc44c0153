//! What the loop says of itself: figures while it runs, and notices when something happens.

use bowerbird::{Explanation, Motion};
use bowerbird_capture::Event;
use core::time::Duration;
use serde::Serialize;
use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Instant;

/// Something that people should know.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Notice {
    /// What happened to the source.
    Source(Event),
    /// A step failed and is left out until the chain changes.
    Bypassed {
        /// Its place in the chain.
        step: usize,
        /// The label of its effect.
        effect: String,
        /// Why.
        message: String,
    },
    /// The backend changed, or said something.
    Backend(String),
    /// A recording ended: how, in words.
    Recording(String),
    /// The recording goes on in another file, as pictures have another size: how, in words.
    RecordingGoesOn(String),
    /// A recording or an output failed.
    Failed(String),
}

/// Durations counted in bins one percent wide, from a microsecond up to a quarter of an hour, in constant memory.
#[derive(Clone, Debug)]
pub struct Quantiles {
    bins: Vec<u32>,
    count: u64,
    max: Duration,
}

/// The shortest time that is told from nothing.
const SHORTEST: f64 = 1e-6;
/// Natural logarithm of the ratio of neighboring bins.
const STEP: f64 = 0.01;
/// ln(1e9) / `STEP`: up to a thousand seconds.
const BINS: usize = 2073;

impl Default for Quantiles {
    fn default() -> Self {
        Self { bins: vec![0; BINS], count: 0, max: Duration::ZERO }
    }
}

impl Quantiles {
    /// Counts a duration.
    pub fn add(&mut self, duration: Duration) {
        let bin = ((duration.as_secs_f64() / SHORTEST).max(1.0).ln() / STEP) as usize;
        self.bins[bin.min(BINS - 1)] += 1;
        self.count += 1;
        self.max = self.max.max(duration);
    }

    /// How many were counted.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// The longest.
    pub fn max(&self) -> Duration {
        self.max
    }

    /// The duration that a part of them, 0..1, does not exceed, to one percent; nothing of none.
    pub fn at(&self, part: f64) -> Duration {
        let wanted = (part.clamp(0.0, 1.0) * self.count as f64).ceil().max(1.0) as u64;
        let mut seen = 0;
        for (bin, count) in self.bins.iter().enumerate() {
            seen += u64::from(*count);
            if seen >= wanted {
                let upper = SHORTEST * ((bin + 1) as f64 * STEP).exp();
                return Duration::from_secs_f64(upper).min(self.max);
            }
        }
        Duration::ZERO
    }

    /// Median, 99th percentile and maximum in milliseconds.
    pub fn spread(&self) -> Spread {
        let ms = |duration: Duration| duration.as_secs_f64() * 1e3;
        Spread { p50: ms(self.at(0.5)), p99: ms(self.at(0.99)), max: ms(self.max) }
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        self.bins.fill(0);
        (self.count, self.max) = (0, Duration::ZERO);
    }
}

/// Median, 99th percentile and maximum in milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Spread {
    /// The median.
    pub p50: f64,
    /// The 99th percentile.
    pub p99: f64,
    /// The maximum.
    pub max: f64,
}

/// Figures since the start, but rates, which are of the last second or two.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Frames that came in whole.
    pub frames_in: u64,
    /// Frames that were rendered.
    pub frames_out: u64,
    /// Frames that the source lost, or that a newer one replaced before they were rendered.
    pub dropped: u64,
    /// Frames that came in damaged.
    pub damaged: u64,
    /// Frames a second that come in.
    pub fps_in: f64,
    /// Frames a second that are rendered.
    pub fps_out: f64,
    /// From the arrival of a frame to its publication.
    pub latency: Spread,
    /// Converting, reducing and rendering.
    pub engine: Spread,
    /// What renders.
    pub backend: String,
    /// One of how many columns and rows was rendered last.
    pub divisor: u32,
    /// Columns and rows of the source.
    pub source_size: (u32, u32),
    /// What the source is, in words, while it delivers.
    pub source: String,
    /// Whether the source has ended or failed.
    pub ended: bool,
    /// Whether a recording runs.
    pub recording: bool,
    /// Whether one that has ended is being completed.
    pub finishing: bool,
    /// Bytes that came back from the graphics device to the processor since the engine was made.
    pub bytes_read_back: u64,
    /// The plan of the chain with the times of its steps, when the intent asks for it.
    pub explanation: Option<Arc<Explanation>>,
    /// What moves, by the steps that look for it, when the intent asks for the plan.
    pub motion: Vec<Motion>,
}

/// Frames a second over the last moments.
#[derive(Clone, Debug, Default)]
pub(crate) struct Meter {
    times: VecDeque<Instant>,
}

/// Frames that a rate is measured over.
const METERED: usize = 61;

/// Silence after which a rate is nothing.
const SILENCE: Duration = Duration::from_secs(2);

impl Meter {
    /// Counts a frame.
    pub(crate) fn tick(&mut self, now: Instant) {
        if self.times.len() == METERED {
            self.times.pop_front();
        }
        self.times.push_back(now);
    }

    /// Frames a second.
    pub(crate) fn rate(&self, now: Instant) -> f64 {
        match (self.times.front(), self.times.back()) {
            (Some(first), Some(last)) if self.times.len() > 1 && now.duration_since(*last) < SILENCE => {
                (self.times.len() - 1) as f64 / last.duration_since(*first).as_secs_f64().max(1e-9)
            }
            _ => 0.0,
        }
    }
}

/// How fast a counter of another thread grows, over the last two seconds.
#[derive(Clone, Debug, Default)]
pub(crate) struct Flow {
    samples: VecDeque<(Instant, u64)>,
}

/// Time between two looks at the counter.
const LOOK: Duration = Duration::from_millis(100);

/// Looks that are kept.
const LOOKS: usize = 20;

impl Flow {
    /// Looks at the counter, if it is time to.
    pub(crate) fn look(&mut self, now: Instant, count: u64) {
        match self.samples.back() {
            Some((last, _)) if now.duration_since(*last) < LOOK => {}
            // A counter that begins anew is another one.
            Some((_, before)) if count < *before => self.samples.clear(),
            _ => {
                if self.samples.len() == LOOKS {
                    self.samples.pop_front();
                }
                self.samples.push_back((now, count));
            }
        }
    }

    /// Counts a second; 0 as long as it is too early to say.
    pub(crate) fn rate(&self) -> f64 {
        match (self.samples.front(), self.samples.back()) {
            (Some((from, first)), Some((to, last))) if self.samples.len() > 3 => {
                (last - first) as f64 / to.duration_since(*from).as_secs_f64().max(1e-9)
            }
            _ => 0.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_right_to_a_percent() {
        let mut quantiles = Quantiles::default();
        (1..=1000).for_each(|ms| quantiles.add(Duration::from_millis(ms)));
        let spread = quantiles.spread();
        assert!((spread.p50 / 500.0 - 1.0).abs() < 0.011, "{spread:?}");
        assert!((spread.p99 / 990.0 - 1.0).abs() < 0.011, "{spread:?}");
        assert_eq!(spread.max, 1000.0);
        quantiles.clear();
        assert_eq!(quantiles.spread(), Spread::default());
    }

    #[test]
    fn extremes_do_not_leave_the_table() {
        let mut quantiles = Quantiles::default();
        quantiles.add(Duration::ZERO);
        quantiles.add(Duration::MAX);
        assert_eq!(quantiles.count(), 2);
        assert_eq!(quantiles.max(), Duration::MAX);
    }

    #[test]
    fn a_flow_is_the_rate_of_the_counter_however_rarely_one_looks() {
        let start = Instant::now();
        let mut flow = Flow::default();
        for turn in 0..40_u32 {
            flow.look(start + Duration::from_millis(250) * turn, u64::from(turn) * 15);
        }
        assert!((flow.rate() - 60.0).abs() < 1e-6, "{}", flow.rate());
        flow.look(start + Duration::from_secs(60), 3);
        assert_eq!(flow.rate(), 0.0, "the counter began anew");
    }

    #[test]
    fn a_meter_counts_frames_and_forgets_them_in_silence() {
        let start = Instant::now();
        let mut meter = Meter::default();
        assert_eq!(meter.rate(start), 0.0);
        for n in 0..200 {
            meter.tick(start + Duration::from_millis(20) * n);
        }
        let end = start + Duration::from_millis(20) * 199;
        assert!((meter.rate(end) - 50.0).abs() < 1e-6);
        assert_eq!(meter.rate(end + SILENCE), 0.0);
    }
}
