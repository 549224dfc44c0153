//! The frame: the size, scale and time that a picture is rendered for.

use core::hash::{Hash, Hasher};

/// What a rendering is of: the full-size picture, the scale at which it is rendered, and the moment.
///
/// Effects think in full-size pixels; a preview renders the same frame at a smaller scale.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Frame {
    /// Width of the full-size picture in pixels.
    pub full_width: u32,
    /// Height of the full-size picture in pixels.
    pub full_height: u32,
    /// Width of the picture being rendered.
    pub width: u32,
    /// Height of the picture being rendered.
    pub height: u32,
    /// The scale `width / full_width` as numerator and denominator.
    pub ratio: (u32, u32),
    /// The timestamp in seconds; 0 for a still.
    pub time: f64,
    /// The index of the frame in its clip; 0 for a still.
    pub index: u32,
}

impl Frame {
    /// A still picture at full size.
    pub fn still(width: u32, height: u32) -> Self {
        Self { full_width: width, full_height: height, width, height, ratio: (1, 1), time: 0.0, index: 0 }
    }

    /// The same picture rendered at `num/den` of its size: ⌈width·num/den⌉ by ⌈height·num/den⌉ pixels.
    #[must_use]
    pub fn scaled(self, num: u32, den: u32) -> Self {
        let scale = |full: u32| (u64::from(full) * u64::from(num)).div_ceil(u64::from(den.max(1))).max(1) as u32;
        Self { width: scale(self.full_width), height: scale(self.full_height), ratio: (num.max(1), den.max(1)), ..self }
    }

    /// The same picture at another moment.
    #[must_use]
    pub fn at(self, time: f64, index: u32) -> Self {
        Self { time, index, ..self }
    }

    /// The shorter side of the full-size picture, the unit of lengths.
    pub fn short_side(&self) -> u32 {
        self.full_width.min(self.full_height)
    }

    /// The scale as a number.
    pub fn scale(&self) -> f64 {
        f64::from(self.ratio.0) / f64::from(self.ratio.1)
    }

    /// The full-size coordinate of the center of rendered pixel `index`.
    pub fn center(&self, index: i64) -> f32 {
        if self.ratio.0 == self.ratio.1 {
            return index as f32 + 0.5;
        }
        ((index as f64 + 0.5) * f64::from(self.ratio.1) / f64::from(self.ratio.0)) as f32
    }

    /// The image-space integer coordinate of rendered pixel `index`, as two's complement.
    pub fn cell(&self, index: i64) -> u32 {
        let (num, den) = (i64::from(self.ratio.0), i64::from(self.ratio.1));
        ((2 * index + 1) * den).div_euclid(2 * num) as u32
    }

    /// The parts of a frame that a plan depends on: not the time.
    pub(crate) fn hash_size(&self, hash: &mut dyn Hasher) {
        for part in [self.full_width, self.full_height, self.width, self.height, self.ratio.0, self.ratio.1] {
            hash.write_u32(part);
        }
    }
}

impl Hash for Frame {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.hash_size(state);
        state.write_u64(self.time.to_bits());
        state.write_u32(self.index);
    }
}
