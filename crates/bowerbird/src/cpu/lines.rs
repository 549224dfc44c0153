//! Smoothing one line of pixels that lie unevenly: by the mean of a window, or of the curve through them.

use crate::graph::Method;

/// A line of pixels, and where they lie.
#[derive(Debug, Default)]
pub(super) struct Line {
    /// Where each pixel is.
    at: Vec<f64>,
    values: Vec<[f64; 4]>,
    /// Sums, or integrals, up to each pixel.
    sums: Vec<[f64; 4]>,
    smooth: Vec<[f64; 4]>,
    channels: usize,
}

impl Line {
    /// Takes `count` pixels, each at its distance `apart` from the one before.
    pub(super) fn fill(
        &mut self,
        count: usize,
        channels: usize,
        apart: impl Fn(usize) -> f32,
        value: impl Fn(usize, usize) -> f32,
    ) {
        self.channels = channels;
        self.at.clear();
        self.values.clear();
        let mut at = 0.0;
        for index in 0..count {
            at += if index > 0 { f64::from(apart(index)) } else { 0.0 };
            self.at.push(at);
            self.values.push(core::array::from_fn(|c| if c < channels { value(index, c).into() } else { 0.0 }));
        }
    }

    /// Hands over the smoothed values.
    pub(super) fn drain(&self, mut take: impl FnMut(usize, usize, f32)) {
        for (index, smooth) in self.smooth.iter().enumerate() {
            for (c, value) in smooth.iter().enumerate().take(self.channels) {
                take(index, c, *value as f32);
            }
        }
    }
}

fn zip(a: [f64; 4], b: [f64; 4], join: impl Fn(f64, f64) -> f64) -> [f64; 4] {
    core::array::from_fn(|c| join(a[c], b[c]))
}

/// Smooths a line; the window reaches σ√3 to both sides.
pub(super) fn smooth_line(line: &mut Line, method: Method, sigma: f64) {
    let reach = sigma * 3f64.sqrt();
    line.smooth.clear();
    line.sums.clear();
    match method {
        Method::Nc => means(line, reach),
        _ => integrals(line, reach),
    }
}

/// The mean of the pixels within reach.
fn means(line: &mut Line, reach: f64) {
    let Line { at, values, sums, smooth, .. } = line;
    let mut sum = [0.0; 4];
    sums.push(sum);
    for value in &*values {
        sum = zip(sum, *value, |a, b| a + b);
        sums.push(sum);
    }
    let (mut first, mut end) = (0, 0);
    for center in &*at {
        while center - at[first] > reach {
            first += 1;
        }
        while end < at.len() && at[end] - center <= reach {
            end += 1;
        }
        let count = (end - first) as f64;
        smooth.push(zip(sums[end], sums[first], |a, b| (a - b) / count));
    }
}

/// The mean over the reach of the broken line through the pixels, constant beyond its ends.
fn integrals(line: &mut Line, reach: f64) {
    let Line { at, values, sums, smooth, .. } = line;
    let mut sum = [0.0; 4];
    sums.push(sum);
    for index in 1..at.len() {
        let half = (at[index] - at[index - 1]) / 2.0;
        let ends = zip(values[index - 1], values[index], |a, b| a + b);
        sum = zip(sum, ends, |sum, ends| sum + half * ends);
        sums.push(sum);
    }
    let last = at.len() - 1;
    // The integral from the first pixel to a place, which is behind pixel `index`.
    let integral = |index: usize, place: f64| {
        let into = place - at[index];
        if index == last || into <= 0.0 {
            return zip(sums[index], values[index], |sum, value| sum + into * value);
        }
        let gap = at[index + 1] - at[index];
        let mean = zip(values[index], values[index + 1], |a, b| a + (b - a) * (into / gap / 2.0));
        zip(sums[index], mean, |sum, mean| sum + into * mean)
    };
    let (mut first, mut end) = (0, 0);
    for center in &*at {
        while first < last && at[first + 1] <= center - reach {
            first += 1;
        }
        while end < last && at[end + 1] <= center + reach {
            end += 1;
        }
        let (low, high) = (integral(first, center - reach), integral(end, center + reach));
        smooth.push(zip(high, low, |a, b| (a - b) / (2.0 * reach)));
    }
}
