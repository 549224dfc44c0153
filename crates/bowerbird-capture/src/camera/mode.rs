//! What a camera offers: formats, sizes and rates, as it says them itself.
//!
//! Rates are fractions, because cameras mean 30000/1001 and not 29.97. Sizes and rates may be lists or ranges.

use crate::{CaptureError, PixelFormat};
use core::fmt;
use core::str::FromStr;
use core::time::Duration;

/// Frames a second, as a fraction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Rate {
    /// So many frames …
    pub frames: u32,
    /// … in so many seconds. Not 0.
    pub seconds: u32,
}

impl Rate {
    /// So many frames a second.
    pub const fn new(frames: u32) -> Self {
        Self { frames, seconds: 1 }
    }

    /// `frames` in `seconds`, in lowest terms; `None` when either is 0.
    pub fn fraction(frames: u32, seconds: u32) -> Option<Self> {
        let (mut a, mut b) = (frames, seconds);
        while b != 0 {
            (a, b) = (b, a % b);
        }
        (frames != 0 && seconds != 0).then(|| Self { frames: frames / a, seconds: seconds / a })
    }

    /// Frames a second.
    pub fn per_second(self) -> f64 {
        f64::from(self.frames) / f64::from(self.seconds)
    }

    /// Time from one frame to the next.
    pub fn period(self) -> Duration {
        Duration::from_secs(u64::from(self.seconds)) / self.frames.max(1)
    }
}

impl fmt::Display for Rate {
    /// `30/s`, or `29.97/s`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/s", (self.per_second() * 100.0).round() / 100.0)
    }
}

impl FromStr for Rate {
    type Err = CaptureError;

    /// Reads `30`, `29.97` and `30000/1001`. The decimals of the NTSC rates mean their fractions.
    fn from_str(text: &str) -> Result<Self, CaptureError> {
        let bad = || CaptureError::NotFound {
            name: format!("the rate “{text}”"),
            hint: "write it as 30, 29.97 or 30000/1001".into(),
        };
        if let Some((frames, seconds)) = text.split_once('/') {
            return frames
                .parse()
                .ok()
                .zip(seconds.parse().ok())
                .and_then(|(frames, seconds)| Self::fraction(frames, seconds))
                .ok_or_else(bad);
        }
        let number: f64 = text.parse().map_err(|_| bad())?;
        if !(number.is_finite() && number > 0.0 && number <= 100_000.0) {
            return Err(bad());
        }
        let ntsc = (number.ceil() * 1000.0 / 1001.0 * 100.0).round() == (number * 100.0).round();
        let rate = if number.fract() == 0.0 {
            Self::fraction(number as u32, 1)
        } else if ntsc {
            Self::fraction(number.ceil() as u32 * 1000, 1001)
        } else {
            Self::fraction((number * 1000.0).round() as u32, 1000)
        };
        rate.ok_or_else(bad)
    }
}

/// The sizes of a mode, in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sizes {
    /// One size.
    One(u32, u32),
    /// Every size from `min` to `max` in steps, each as columns and rows.
    Range {
        /// The smallest.
        min: (u32, u32),
        /// The largest.
        max: (u32, u32),
        /// From one to the next; not 0.
        step: (u32, u32),
    },
}

impl Sizes {
    /// The size among these that is nearest to `wanted`.
    pub fn nearest(self, wanted: (u32, u32)) -> (u32, u32) {
        let fit = |wanted: u32, min: u32, max: u32, step: u32| {
            let (step, max) = (step.max(1), max.max(min));
            min + (wanted.clamp(min, max) - min) / step * step
        };
        match self {
            Self::One(width, height) => (width, height),
            Self::Range { min, max, step } => {
                (fit(wanted.0, min.0, max.0, step.0), fit(wanted.1, min.1, max.1, step.1))
            }
        }
    }

    /// The largest.
    pub fn largest(self) -> (u32, u32) {
        self.nearest((u32::MAX, u32::MAX))
    }
}

/// The rates of a mode.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rates {
    /// These, as the camera lists them.
    List(Vec<Rate>),
    /// All between two.
    Range {
        /// The fewest frames a second.
        slowest: Rate,
        /// The most frames a second.
        fastest: Rate,
    },
    /// The driver does not say.
    Unknown,
}

impl Rates {
    /// The rate among these that is nearest to `wanted`, by ratio; `wanted` itself where the driver does not say.
    pub fn nearest(&self, wanted: Rate) -> Rate {
        let distance = |rate: &Rate| (rate.per_second() / wanted.per_second()).ln().abs();
        match self {
            Self::List(rates) => {
                rates.iter().copied().min_by(|a, b| distance(a).total_cmp(&distance(b))).unwrap_or(wanted)
            }
            Self::Range { slowest, .. } if wanted.per_second() < slowest.per_second() => *slowest,
            Self::Range { fastest, .. } if wanted.per_second() > fastest.per_second() => *fastest,
            Self::Range { .. } | Self::Unknown => wanted,
        }
    }
}

/// A format of a camera with sizes and rates that go with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mode {
    /// How pixels arrive.
    pub format: PixelFormat,
    /// In which sizes.
    pub sizes: Sizes,
    /// How many a second; of a range of sizes, at the largest.
    pub rates: Rates,
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.sizes {
            Sizes::One(width, height) => write!(f, "{width}×{height}")?,
            Sizes::Range { min, max, .. } => write!(f, "{}×{} to {}×{}", min.0, min.1, max.0, max.1)?,
        }
        write!(f, " {}", self.format)?;
        match &self.rates {
            Rates::List(rates) => {
                let rates: Vec<_> = rates.iter().map(Rate::to_string).collect();
                write!(f, " at {}", rates.join(", "))
            }
            Rates::Range { slowest, fastest } => write!(f, " at {slowest} to {fastest}"),
            Rates::Unknown => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_read_as_their_fractions() {
        for (text, frames, seconds) in
            [("30", 30, 1), ("29.97", 30000, 1001), ("23.98", 24000, 1001), ("7.5", 15, 2), ("60000/2002", 30000, 1001)]
        {
            assert_eq!(text.parse::<Rate>().unwrap(), Rate { frames, seconds }, "{text}");
        }
        for text in ["", "0", "-1", "x", "1/0", "nan", "1e99"] {
            assert!(text.parse::<Rate>().is_err(), "{text}");
        }
        assert_eq!("30000/1001".parse::<Rate>().unwrap().to_string(), "29.97/s");
    }

    #[test]
    fn a_size_of_a_range_is_on_its_steps() {
        let sizes = Sizes::Range { min: (16, 16), max: (1920, 1080), step: (16, 2) };
        assert_eq!(sizes.nearest((1290, 721)), (1280, 720));
        assert_eq!(sizes.nearest((1, 1)), (16, 16));
        assert_eq!(sizes.largest(), (1920, 1080));
    }

    #[test]
    fn rates_of_a_range_are_clamped() {
        let rates = Rates::Range { slowest: Rate::new(5), fastest: Rate::new(60) };
        assert_eq!(rates.nearest(Rate::new(100)), Rate::new(60));
        assert_eq!(rates.nearest(Rate { frames: 15, seconds: 2 }), Rate { frames: 15, seconds: 2 });
    }
}
