//! A rendered frame.

use bowerbird::Image;
use core::time::Duration;
use std::sync::Arc;
use std::time::Instant;

/// A rendered frame, and the frame it was made from.
#[derive(Clone, Debug)]
pub struct Shown {
    /// What went in, at the scale that was rendered.
    pub source: Arc<Image>,
    /// What came out.
    pub result: Image,
    /// Columns and rows of the frame as the source gave it.
    pub full: (u32, u32),
    /// Columns and rows that the result would have at full size.
    pub full_result: (u32, u32),
    /// One of how many columns and rows was rendered; 1 is all.
    pub divisor: u32,
    /// The number of the intent that it follows.
    pub revision: u64,
    /// The frame's number.
    pub sequence: u64,
    /// The frame's time, since its source began.
    pub time: Duration,
    /// When the frame came in.
    pub arrived: Instant,
    /// How long converting, reducing and rendering took.
    pub took: Duration,
    /// Whether it is another frame than the one before, and not the same with another intent.
    pub fresh: bool,
    /// Whether the source is a picture that does not move.
    pub still: bool,
}

impl Default for Shown {
    /// One transparent pixel, as a place for a frame.
    fn default() -> Self {
        Self {
            source: Arc::new(nothing()),
            result: nothing(),
            full: (1, 1),
            full_result: (1, 1),
            divisor: 1,
            revision: 0,
            sequence: 0,
            time: Duration::ZERO,
            arrived: Instant::now(),
            took: Duration::ZERO,
            fresh: false,
            still: false,
        }
    }
}

/// A picture of one transparent pixel.
pub(crate) fn nothing() -> Image {
    Image::from_rgba8(1, 1, vec![0; 4]).unwrap_or_else(|_| unreachable!("one pixel is a picture"))
}
