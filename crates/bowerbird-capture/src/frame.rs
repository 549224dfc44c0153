//! A frame: packed pixels as they arrived, and all that is needed to read them.

use core::fmt;
use core::time::Duration;
use std::time::Instant;

/// How the bytes of a frame are pixels. 4:2:2 and 4:2:0 formats have one chroma sample for two pixels, or two by two.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum PixelFormat {
    /// Red, green, blue, alpha; 4 bytes a pixel, alpha straight.
    #[default]
    Rgba,
    /// Red, green, blue; 3 bytes a pixel.
    Rgb,
    /// Blue, green, red; 3 bytes a pixel.
    Bgr,
    /// Luma alone.
    Gray,
    /// 4:2:2 packed: Y0 U Y1 V.
    Yuyv,
    /// 4:2:2 packed: U Y0 V Y1.
    Uyvy,
    /// 4:2:0: a plane of luma, then one of U and V by turns.
    Nv12,
    /// 4:2:0: three planes, Y, U and V.
    I420,
    /// A JPEG picture a frame.
    Mjpeg,
}

impl PixelFormat {
    /// All of them, in the order in which they are preferred of a camera at equal size and rate: most chroma, then fewest
    /// bytes, then what must be decoded, then what has no color.
    pub const ALL: [Self; 9] =
        [Self::Yuyv, Self::Uyvy, Self::Nv12, Self::I420, Self::Rgb, Self::Bgr, Self::Rgba, Self::Mjpeg, Self::Gray];

    /// The name cameras and their users know it by.
    pub fn name(self) -> &'static str {
        match self {
            Self::Rgba => "RGBA",
            Self::Rgb => "RGB",
            Self::Bgr => "BGR",
            Self::Gray => "GREY",
            Self::Yuyv => "YUYV",
            Self::Uyvy => "UYVY",
            Self::Nv12 => "NV12",
            Self::I420 => "I420",
            Self::Mjpeg => "MJPEG",
        }
    }

    /// Bytes from one row of the first plane to the next, when rows are not padded; 0 for compressed pictures.
    pub fn row_bytes(self, width: u32) -> usize {
        let width = width as usize;
        match self {
            Self::Rgba => width * 4,
            Self::Rgb | Self::Bgr => width * 3,
            Self::Gray | Self::I420 => width,
            Self::Nv12 => width,
            Self::Yuyv | Self::Uyvy => width.div_ceil(2) * 4,
            Self::Mjpeg => 0,
        }
    }

    /// Bytes of a whole frame whose first plane has rows of `stride` bytes; 0 for compressed pictures.
    pub fn frame_bytes(self, stride: usize, height: u32) -> usize {
        let height = height as usize;
        match self {
            Self::Nv12 => stride * height + stride.next_multiple_of(2) * height.div_ceil(2),
            Self::I420 => stride * height + 2 * stride.div_ceil(2) * height.div_ceil(2),
            Self::Mjpeg => 0,
            _ => stride * height,
        }
    }
}

impl fmt::Display for PixelFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Which weights red, green and blue have in luma.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ColorMatrix {
    /// ITU-R BT.601: standard definition, JPEG, and most cameras.
    #[default]
    Bt601,
    /// ITU-R BT.709: high definition.
    Bt709,
    /// ITU-R BT.2020: ultra high definition.
    Bt2020,
}

/// Which codes are black and white.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ColorRange {
    /// Luma from 16 to 235, chroma from 16 to 240.
    #[default]
    Limited,
    /// 0 to 255.
    Full,
}

/// One picture of a source, as it arrived.
///
/// The buffer is meant to be used again: a [`Source`](crate::Source) fills a frame that is handed to it, and nothing is
/// allocated once the frames of a stream have gone around.
#[derive(Clone, Debug)]
pub struct Frame {
    /// Columns.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// How the bytes are pixels.
    pub format: PixelFormat,
    /// Bytes from one row of the first plane to the next.
    pub stride: usize,
    /// The bytes, no more of them than are of this frame.
    pub data: Vec<u8>,
    /// The weights of luma, for the formats that have it.
    pub matrix: ColorMatrix,
    /// Black and white, for the formats that have luma.
    pub range: ColorRange,
    /// When it was taken, since the source started; it follows the source's own clock where there is one.
    pub time: Duration,
    /// When it came to us, to measure latency by.
    pub arrived: Instant,
    /// Its number; a gap means that the source lost frames.
    pub sequence: u64,
    /// Of a picture that does not move, which of the source's pictures it is: frames with the same number have the same
    /// pixels.
    pub still: Option<u64>,
}

impl Default for Frame {
    /// No pixels.
    fn default() -> Self {
        Self {
            width: 0,
            height: 0,
            format: PixelFormat::default(),
            stride: 0,
            data: Vec::new(),
            matrix: ColorMatrix::default(),
            range: ColorRange::default(),
            time: Duration::ZERO,
            arrived: Instant::now(),
            sequence: 0,
            still: None,
        }
    }
}

impl Frame {
    /// Takes over the pixels of another frame and how they are to be read, not its number and times.
    pub(crate) fn copy_picture(&mut self, other: &Self) {
        (self.width, self.height, self.format, self.stride) = (other.width, other.height, other.format, other.stride);
        (self.matrix, self.range) = (other.matrix, other.range);
        self.data.clone_from(&other.data);
        self.still = other.still;
    }

    /// Makes this frame one of `width` by `height` pixels without row padding, its bytes to be written by the caller.
    pub fn reset(&mut self, format: PixelFormat, width: u32, height: u32) {
        self.format = format;
        self.width = width;
        self.height = height;
        self.stride = format.row_bytes(width);
        self.still = None;
        self.data.resize(format.frame_bytes(self.stride, height), 0);
    }
}
