//! How a stream's bytes are pictures, and frames made of them.

use crate::{CaptureError, ColorMatrix, ColorRange, Frame, PixelFormat};
use core::fmt;
use std::time::Instant;

/// The pictures of a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Picture {
    pub(super) format: PixelFormat,
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) stride: usize,
    pub(super) matrix: ColorMatrix,
    pub(super) range: ColorRange,
}

impl fmt::Display for Picture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}×{} {}", self.width, self.height, self.format)
    }
}

impl Picture {
    /// Bytes of a whole frame; 0 for compressed pictures.
    pub(super) fn most(&self) -> usize {
        self.format.frame_bytes(self.stride, self.height)
    }

    /// Bytes of a frame without the padding behind its last row; 0 for compressed pictures.
    fn least(&self) -> usize {
        let padding = self.stride.saturating_sub(self.format.row_bytes(self.width));
        self.most().saturating_sub(padding)
    }

    /// Fills `frame`, all but its number and time, with the bytes of a buffer of the camera `name`. What is more than a
    /// frame is cut off.
    ///
    /// # Errors
    ///
    /// [`CaptureError::Damaged`] when there are too few.
    pub(super) fn fill(&self, frame: &mut Frame, bytes: &[u8], name: &str) -> Result<(), CaptureError> {
        let damaged = |reason: String| CaptureError::Damaged { name: name.into(), reason };
        if bytes.is_empty() {
            return Err(damaged("it is empty".into()));
        }
        let (least, most) = (self.least(), self.most());
        if bytes.len() < least {
            let share = bytes.len() * 100 / least;
            return Err(damaged(format!("it has {} of {least} bytes, {share} %", bytes.len())));
        }
        frame.data.clear();
        frame.data.extend_from_slice(&bytes[..if most > 0 { bytes.len().min(most) } else { bytes.len() }]);
        (frame.width, frame.height, frame.format, frame.stride) = (self.width, self.height, self.format, self.stride);
        (frame.matrix, frame.range) = (self.matrix, self.range);
        frame.arrived = Instant::now();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_frames_are_damaged_and_long_ones_are_cut() {
        let (matrix, range) = (ColorMatrix::Bt601, ColorRange::Limited);
        // Rows of 8 bytes, padded to 12.
        let padded = Picture { format: PixelFormat::Yuyv, width: 4, height: 3, stride: 12, matrix, range };
        let mut frame = Frame::default();
        let mut filled = |picture: Picture, bytes: usize| {
            picture
                .fill(&mut frame, &vec![7; bytes], "camera")
                .map(|()| frame.data.len())
                .map_err(|error| error.to_string())
        };
        assert_eq!(filled(padded, 36), Ok(36));
        assert_eq!(filled(padded, 32), Ok(32), "the padding of the last row is missing");
        assert_eq!(filled(padded, 4096), Ok(36));
        assert!(filled(padded, 31).unwrap_err().contains("31 of 32 bytes, 96 %"));
        assert!(filled(padded, 0).unwrap_err().contains("empty"));
        let compressed = Picture { format: PixelFormat::Mjpeg, stride: 0, ..padded };
        assert_eq!(filled(compressed, 5), Ok(5));
        assert!(filled(compressed, 0).is_err());
    }
}
