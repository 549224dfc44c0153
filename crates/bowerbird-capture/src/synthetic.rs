//! Charts that move: a source that needs no hardware, the same pictures every time.
//!
//! A frame depends on its number and size alone. Each chart shows one kind of fault: the zone plate aliasing and
//! blocked motion, the bars wrong matrices and ranges, the stamp frames that are lost or late.

use crate::source::Pacer;
use crate::{CaptureError, Frame, PixelFormat, Read, Source};
use core::f64::consts::TAU;
use core::fmt;
use core::str::FromStr;
use core::time::Duration;

/// What a synthetic source draws.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Chart {
    /// Rings from the center outward, up to half a cycle a pixel, that run outward.
    #[default]
    ZonePlate,
    /// Color bars at 75 %, a ramp of grays, and a line that travels once in four seconds.
    ColorBars,
    /// The frame's number in 32 bits, black and white, the highest first, over a gray that grows with every frame.
    Timestamp,
}

impl Chart {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::ZonePlate, Self::ColorBars, Self::Timestamp];

    /// The name it is chosen by.
    pub fn name(self) -> &'static str {
        match self {
            Self::ZonePlate => "zone",
            Self::ColorBars => "bars",
            Self::Timestamp => "timestamp",
        }
    }
}

impl fmt::Display for Chart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Chart {
    type Err = CaptureError;

    fn from_str(name: &str) -> Result<Self, CaptureError> {
        Self::ALL.into_iter().find(|chart| chart.name() == name).ok_or_else(|| CaptureError::NotFound {
            name: format!("the chart “{name}”"),
            hint: format!("there are {}", Self::ALL.map(Self::name).join(", ")),
        })
    }
}

/// Entries of the table that rings are colored by: a full cycle.
const CYCLE: usize = 256;

/// A chart as a source.
#[derive(Debug)]
pub struct Synthetic {
    chart: Chart,
    width: u32,
    height: u32,
    pacer: Pacer,
    number: u64,
    rings: Vec<[u8; 4]>,
}

impl Synthetic {
    /// A chart of `width` by `height` pixels (1 to 16384), `rate` frames a second; a rate of 0 delivers as fast as it is
    /// read, each frame a sixtieth of a second after the one before.
    pub fn new(chart: Chart, width: u32, height: u32, rate: f64) -> Self {
        // Three inks a third of a cycle apart, so that the rings have color.
        let ink = |phase: usize, shift: f64| {
            let angle = TAU * (phase as f64 / CYCLE as f64 + shift);
            (127.5 + 105.0 * angle.cos()).round() as u8
        };
        let rings = (0..CYCLE).map(|phase| [ink(phase, 0.0), ink(phase, 0.04), ink(phase, 0.1), u8::MAX]).collect();
        let (width, height) = (width.clamp(1, 16384), height.clamp(1, 16384));
        Self { chart, width, height, pacer: Pacer::new(rate), number: 0, rings }
    }

    fn draw(&self, frame: &mut Frame) {
        frame.reset(PixelFormat::Rgba, self.width, self.height);
        let row_bytes = frame.stride;
        for (y, row) in frame.data.chunks_exact_mut(row_bytes).enumerate() {
            match self.chart {
                Chart::ZonePlate => self.zone_row(y as i64, row),
                Chart::ColorBars => self.bars_row(y as u32, row),
                Chart::Timestamp => self.stamp_row(row),
            }
        }
    }

    /// Phase is x² + y² over the longer side: half a cycle a pixel where that side ends. In 2^32nds of a cycle it wraps
    /// by itself, and two additions step from pixel to pixel.
    fn zone_row(&self, y: i64, row: &mut [u8]) {
        let side = i64::from(self.width.max(self.height));
        let unit = (1_i64 << 31) / side;
        let (x, y) = (-i64::from(self.width / 2), y - i64::from(self.height / 2));
        let shift = (self.number as u32).wrapping_mul(1 << 26);
        let mut phase = (unit.wrapping_mul(x * x + y * y) as u32).wrapping_sub(shift);
        let mut step = unit.wrapping_mul(2 * x + 1) as u32;
        let twice = (2 * unit) as u32;
        for pixel in row.chunks_exact_mut(4) {
            pixel.copy_from_slice(&self.rings[(phase >> 24) as usize]);
            phase = phase.wrapping_add(step);
            step = step.wrapping_add(twice);
        }
    }

    fn bars_row(&self, y: u32, row: &mut [u8]) {
        let ramp = y >= self.height - self.height / 4;
        let period = 240;
        let line = (self.number % period) as u32 * self.width / period as u32;
        let thickness = (self.width / 160).max(1);
        for (x, pixel) in (0..).zip(row.chunks_exact_mut(4)) {
            let color = if (line..line + thickness).contains(&x) {
                [255, 255, 255]
            } else if ramp {
                [(x * 255 / self.width.max(2).saturating_sub(1)).min(255) as u8; 3]
            } else {
                // White, yellow, cyan, green, magenta, red, blue, black.
                let bar = 7 - (x * 8 / self.width).min(7);
                [bar >> 1 & 1, bar >> 2 & 1, bar & 1].map(|on| (on * 191) as u8)
            };
            pixel[..3].copy_from_slice(&color);
            pixel[3] = u8::MAX;
        }
    }

    fn stamp_row(&self, row: &mut [u8]) {
        let gray = (self.number % 256) as u8;
        for (x, pixel) in (0..).zip(row.chunks_exact_mut(4)) {
            // Bits in the middle half, so that a crop keeps them.
            let at = i64::from(x) * 64 / i64::from(self.width) - 16;
            let code = if (0..32).contains(&at) { (self.number as u32 >> (31 - at) & 1) as u8 * 255 } else { gray };
            pixel.copy_from_slice(&[code, code, code, u8::MAX]);
        }
    }
}

impl Source for Synthetic {
    fn describe(&self) -> String {
        format!("the chart “{}”, {}×{} at {}", self.chart, self.width, self.height, self.pacer)
    }

    fn read(&mut self, frame: &mut Frame, timeout: Duration) -> Result<Read, CaptureError> {
        if !self.pacer.due(&mut self.number, timeout) {
            return Ok(Read::Nothing);
        }
        self.draw(frame);
        self.pacer.stamp(frame, self.number);
        self.number += 1;
        Ok(Read::Frame)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frames(chart: Chart, count: usize) -> Vec<Frame> {
        let mut source = Synthetic::new(chart, 128, 64, 0.0);
        let mut read = || {
            let mut frame = Frame::default();
            assert_eq!(source.read(&mut frame, Duration::ZERO), Ok(Read::Frame));
            frame
        };
        (0..count).map(|_| read()).collect()
    }

    #[test]
    fn charts_move_and_are_the_same_every_time() {
        for chart in Chart::ALL {
            let (first, second) = (frames(chart, 3), frames(chart, 3));
            for (a, b) in first.iter().zip(&second) {
                assert_eq!(a.data, b.data, "{chart}");
                assert_eq!(a.time, b.time, "{chart}");
            }
            assert_ne!(first[0].data, first[2].data, "{chart} stands still");
        }
    }

    #[test]
    fn the_stamp_is_the_frame_number() {
        for (number, frame) in frames(Chart::Timestamp, 5).iter().enumerate() {
            let bit = |at: usize| u32::from(frame.data[(at + 16) * 128 / 64 * 4 + 4] > 127);
            assert_eq!((0..32).fold(0, |read, at| read << 1 | bit(at)), number as u32);
        }
    }

    #[test]
    fn the_bars_are_the_eight_colors() {
        let frame = &frames(Chart::ColorBars, 60)[59];
        let at = |bar: usize| &frame.data[(bar * 16 + 2) * 4..][..3];
        let colors: Vec<_> = (0..8).map(|bar| at(bar).to_vec()).collect();
        let expected = [[1, 1, 1], [1, 1, 0], [0, 1, 1], [0, 1, 0], [1, 0, 1], [1, 0, 0], [0, 0, 1], [0, 0, 0]];
        assert_eq!(colors, expected.map(|color| color.map(|on| on * 191).to_vec()));
    }

    #[test]
    fn a_late_reader_gets_the_frame_that_is_due() {
        let mut source = Synthetic::new(Chart::Timestamp, 64, 1, 1e6);
        let mut frame = Frame::default();
        let mut last = None;
        for _ in 0..3 {
            while source.read(&mut frame, Duration::from_secs(1)) != Ok(Read::Frame) {}
            assert!(last < Some(frame.sequence));
            last = Some(frame.sequence);
        }
    }

    #[test]
    fn an_unknown_chart_names_the_others() {
        let error = Chart::from_str("zoned").unwrap_err().to_string();
        assert!(error.contains("zone, bars, timestamp"), "{error}");
    }
}
