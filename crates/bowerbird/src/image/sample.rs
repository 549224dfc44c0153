//! Pixel storage and the three sample types.
//!
//! Quantization lives here because it is the definition of the integer depths: `⌊clamp(v)·max + ½⌋`, computed in f32
//! with one multiplication, one addition and a truncation, so that every caller gets the same code for the same value.

use std::fmt;

/// Bits of a sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Depth {
    /// 8-bit unsigned.
    U8,
    /// 16-bit unsigned.
    U16,
    /// 32-bit float.
    F32,
}

impl Depth {
    /// Bytes of one sample.
    #[must_use]
    pub const fn bytes(self) -> usize {
        match self {
            Self::U8 => 1,
            Self::U16 => 2,
            Self::F32 => 4,
        }
    }
}

impl fmt::Display for Depth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::U8 => "8-bit",
            Self::U16 => "16-bit",
            Self::F32 => "float",
        })
    }
}

/// Samples of one depth: in an [`Image`](super::Image) always R, G, B, A interleaved, row by row, without padding.
#[derive(Clone, Debug, PartialEq)]
pub enum Pixels {
    /// 8-bit samples, 255 = 1.
    U8(Vec<u8>),
    /// 16-bit samples, 65535 = 1.
    U16(Vec<u16>),
    /// Float samples; color may leave \[0, 1\].
    F32(Vec<f32>),
}

/// The samples of an [`Image`](super::Image), to be changed in place; their number stays.
#[derive(Debug)]
pub enum PixelsMut<'a> {
    /// 8-bit samples.
    U8(&'a mut [u8]),
    /// 16-bit samples.
    U16(&'a mut [u16]),
    /// Float samples.
    F32(&'a mut [f32]),
}

impl PixelsMut<'_> {
    /// The depth of the samples.
    #[must_use]
    pub const fn depth(&self) -> Depth {
        match self {
            Self::U8(_) => Depth::U8,
            Self::U16(_) => Depth::U16,
            Self::F32(_) => Depth::F32,
        }
    }
}

/// Runs the same expression on whichever vector a [`Pixels`] holds.
macro_rules! each_depth {
    ($pixels:expr, $samples:ident => $body:expr) => {
        match $pixels {
            $crate::image::Pixels::U8($samples) => $body,
            $crate::image::Pixels::U16($samples) => $body,
            $crate::image::Pixels::F32($samples) => $body,
        }
    };
}
pub(super) use each_depth;

impl Pixels {
    /// The depth of the samples.
    #[must_use]
    pub const fn depth(&self) -> Depth {
        match self {
            Self::U8(_) => Depth::U8,
            Self::U16(_) => Depth::U16,
            Self::F32(_) => Depth::F32,
        }
    }

    /// The number of samples.
    #[must_use]
    pub fn len(&self) -> usize {
        each_depth!(self, samples => samples.len())
    }

    /// Whether there are no samples; never so in an [`Image`](super::Image).
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub(super) fn as_bytes(&self) -> &[u8] {
        each_depth!(self, samples => bytemuck::cast_slice(samples))
    }
}

/// The samples of a picture that nobody needs any more, for another to be made in their memory; or none.
#[derive(Debug, Default)]
pub(crate) struct Spare(pub(super) Option<Pixels>);

impl Spare {
    /// So many samples with whatever is in them.
    pub(crate) fn take<S: Sample>(&mut self, count: usize) -> Vec<S> {
        let held = self.0.take_if(|pixels| pixels.depth() == S::DEPTH).and_then(S::unwrap);
        match held {
            Some(mut samples) if samples.capacity() >= count => {
                samples.resize(count, S::default());
                samples
            }
            _ => vec![S::default(); count],
        }
    }

    /// The same of a depth.
    pub(crate) fn take_as(&mut self, depth: Depth, count: usize) -> Pixels {
        match depth {
            Depth::U8 => Pixels::U8(self.take(count)),
            Depth::U16 => Pixels::U16(self.take(count)),
            Depth::F32 => Pixels::F32(self.take(count)),
        }
    }
}

/// A sample type: its place between 0 and 1, and back.
pub(crate) trait Sample: Copy + PartialEq + Default + Send + Sync + bytemuck::Pod {
    /// What pictures of it are called.
    const DEPTH: Depth;

    /// The sample that stands for 1.
    const ONE: Self;

    /// The value, 1 for [`ONE`](Self::ONE).
    fn unit(self) -> f32;

    /// The sample nearest to a value; integers clamp and round half up, and NaN gives 0.
    fn quantize(value: f32) -> Self;

    fn wrap(samples: Vec<Self>) -> Pixels;

    /// The samples, if they are of this type.
    fn unwrap(pixels: Pixels) -> Option<Vec<Self>>;
}

impl Sample for u8 {
    const DEPTH: Depth = Depth::U8;
    const ONE: Self = u8::MAX;

    fn unit(self) -> f32 {
        f32::from(self) / 255.0
    }

    fn quantize(value: f32) -> Self {
        // `as` truncates, which is the floor of a value that is not negative, and turns NaN into 0.
        (value.clamp(0.0, 1.0) * 255.0 + 0.5) as u8
    }

    fn wrap(samples: Vec<Self>) -> Pixels {
        Pixels::U8(samples)
    }

    fn unwrap(pixels: Pixels) -> Option<Vec<Self>> {
        if let Pixels::U8(samples) = pixels { Some(samples) } else { None }
    }
}

impl Sample for u16 {
    const DEPTH: Depth = Depth::U16;
    const ONE: Self = u16::MAX;

    fn unit(self) -> f32 {
        f32::from(self) / 65535.0
    }

    fn quantize(value: f32) -> Self {
        (value.clamp(0.0, 1.0) * 65535.0 + 0.5) as u16
    }

    fn wrap(samples: Vec<Self>) -> Pixels {
        Pixels::U16(samples)
    }

    fn unwrap(pixels: Pixels) -> Option<Vec<Self>> {
        if let Pixels::U16(samples) = pixels { Some(samples) } else { None }
    }
}

impl Sample for f32 {
    const DEPTH: Depth = Depth::F32;
    const ONE: Self = 1.0;

    fn unit(self) -> f32 {
        self
    }

    fn quantize(value: f32) -> Self {
        value
    }

    fn wrap(samples: Vec<Self>) -> Pixels {
        Pixels::F32(samples)
    }

    fn unwrap(pixels: Pixels) -> Option<Vec<Self>> {
        if let Pixels::F32(samples) = pixels { Some(samples) } else { None }
    }
}
