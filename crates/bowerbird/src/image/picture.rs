//! The picture in memory.

use super::raw;
use super::sample::{Sample, Spare, each_depth};
use super::{Depth, ImageError, Metadata, Pixels, PixelsMut, prepare};

/// The scale of color values. Primaries are Rec.709/sRGB, white D65, either way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Transfer {
    /// Encoded with the sRGB curve, for a display.
    Display,
    /// Proportional to light.
    Linear,
}

/// What alpha means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Alpha {
    /// Alpha is 1 everywhere.
    Opaque,
    /// Color is independent of alpha.
    Straight,
    /// Color is multiplied by alpha.
    Premultiplied,
}

/// A picture: RGBA pixels, the scale they are on, what their alpha means, and what its file said besides.
///
/// It is at least 1x1, and always holds exactly `width * height * 4` samples.
///
/// ```no_run
/// # fn main() -> Result<(), bowerbird::image::ImageError> {
/// use bowerbird::image::Image;
///
/// let photo = Image::open("portrait.jpg")?;
/// println!("{}x{}, {}", photo.width(), photo.height(), photo.depth());
/// photo.save("portrait.png")?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Image {
    width: u32,
    height: u32,
    pixels: Pixels,
    transfer: Transfer,
    alpha: Alpha,
    metadata: Metadata,
}

impl Image {
    /// A picture of given pixels.
    ///
    /// With [`Alpha::Opaque`] the alpha samples are set to 1, whatever they were.
    ///
    /// # Errors
    /// [`ImageError::BadDimensions`] for a side of 0 or a size beyond memory, [`ImageError::BadLength`] when the number
    /// of samples is not `width * height * 4`.
    pub fn new(width: u32, height: u32, pixels: Pixels, transfer: Transfer, alpha: Alpha) -> Result<Self, ImageError> {
        if width == 0 || height == 0 {
            return Err(ImageError::BadDimensions { width, height });
        }
        let expected = usize::try_from(u64::from(width) * u64::from(height)).ok().and_then(|n| n.checked_mul(4));
        let expected = expected.ok_or(ImageError::BadDimensions { width, height })?;
        if pixels.len() != expected {
            return Err(ImageError::BadLength { width, height, expected, found: pixels.len() });
        }
        let mut image = Self { width, height, pixels, transfer, alpha, metadata: Metadata::default() };
        if alpha == Alpha::Opaque {
            each_depth!(&mut image.pixels, samples => fill_alpha(samples));
        }
        Ok(image)
    }

    /// The same pixels, or some of them, in another order: opaque without a look at them if these are.
    pub(crate) fn rearranged(&self, width: u32, height: u32, pixels: Pixels) -> Result<Self, ImageError> {
        let alpha = if self.is_opaque() { Alpha::Straight } else { self.alpha };
        let image = Self::new(width, height, pixels, self.transfer, alpha)?;
        Ok(Self { alpha: self.alpha, metadata: self.metadata.clone(), ..image })
    }

    /// Makes this another picture, whose samples may lie in the memory of these; its metadata stay. After an error, or a
    /// panic, its samples may be zeros.
    pub(crate) fn remake<E>(&mut self, make: impl FnOnce(&mut Spare) -> Result<Self, E>) -> Result<(), E> {
        let (depth, count) = (self.depth(), self.pixels.len());
        let spare = Spare(Some(core::mem::replace(&mut self.pixels, Pixels::U8(Vec::new()))));
        let mut lent = Lent { image: self, spare, depth, count };
        let made = make(&mut lent.spare)?;
        *lent.image = made.with_metadata(core::mem::take(&mut lent.image.metadata));
        Ok(())
    }

    /// A picture of 8-bit display-encoded straight pixels; opaque if every alpha is 255.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn from_rgba8(width: u32, height: u32, pixels: Vec<u8>) -> Result<Self, ImageError> {
        let alpha = if raw::all_opaque(&pixels) { Alpha::Opaque } else { Alpha::Straight };
        Self::new(width, height, Pixels::U8(pixels), Transfer::Display, alpha)
    }

    /// A picture of float pixels. They should hold no NaN and no infinity.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn from_rgba_f32(
        width: u32,
        height: u32,
        pixels: Vec<f32>,
        transfer: Transfer,
        alpha: Alpha,
    ) -> Result<Self, ImageError> {
        Self::new(width, height, Pixels::F32(pixels), transfer, alpha)
    }

    /// Makes this a picture of other 8-bit display-encoded straight pixels, in the memory that it has; opaque if every
    /// alpha is 255. `fill` is handed the samples, of whatever length and content, and makes them `width * height * 4`.
    ///
    /// # Errors
    /// Those of `fill`, and as [`new`](Self::new). The picture is then one of `width` by `height` without color, or as it
    /// was if there is none of that size.
    pub fn refill_rgba8<E: From<ImageError>>(
        &mut self,
        width: u32,
        height: u32,
        fill: impl FnOnce(&mut Vec<u8>) -> Result<(), E>,
    ) -> Result<(), E> {
        let count = usize::try_from(u64::from(width) * u64::from(height)).ok().and_then(|n| n.checked_mul(4));
        let Some(expected) = count.filter(|count| *count > 0) else {
            return Err(ImageError::BadDimensions { width, height }.into());
        };
        let mut samples = match core::mem::replace(&mut self.pixels, Pixels::U8(Vec::new())) {
            Pixels::U8(samples) => samples,
            _ => Vec::new(),
        };
        let filled = fill(&mut samples);
        let found = samples.len();
        samples.resize(expected, 0);
        if filled.is_err() || found != expected {
            samples.fill(0);
        }
        let alpha = if raw::all_opaque(&samples) { Alpha::Opaque } else { Alpha::Straight };
        (self.width, self.height, self.transfer, self.alpha) = (width, height, Transfer::Display, alpha);
        self.pixels = Pixels::U8(samples);
        filled?;
        if found != expected {
            return Err(ImageError::BadLength { width, height, expected, found }.into());
        }
        Ok(())
    }

    /// The same picture with other metadata, such as that of the picture it was made from.
    #[must_use]
    pub fn with_metadata(mut self, metadata: Metadata) -> Self {
        self.metadata = metadata;
        self
    }

    /// Width in pixels, at least 1.
    #[must_use]
    pub const fn width(&self) -> u32 {
        self.width
    }

    /// Height in pixels, at least 1.
    #[must_use]
    pub const fn height(&self) -> u32 {
        self.height
    }

    /// Width and height in pixels.
    #[must_use]
    pub const fn size(&self) -> (u32, u32) {
        (self.width, self.height)
    }

    /// Depth of the pixels.
    #[must_use]
    pub const fn depth(&self) -> Depth {
        self.pixels.depth()
    }

    /// The RGBA samples, row by row.
    #[must_use]
    pub const fn pixels(&self) -> &Pixels {
        &self.pixels
    }

    /// The RGBA samples, to be changed in place. The alpha of an [`Alpha::Opaque`] picture must stay 1.
    pub fn pixels_mut(&mut self) -> PixelsMut<'_> {
        match &mut self.pixels {
            Pixels::U8(samples) => PixelsMut::U8(samples),
            Pixels::U16(samples) => PixelsMut::U16(samples),
            Pixels::F32(samples) => PixelsMut::F32(samples),
        }
    }

    /// The scale of the color values.
    #[must_use]
    pub const fn transfer(&self) -> Transfer {
        self.transfer
    }

    /// What alpha means.
    #[must_use]
    pub const fn alpha(&self) -> Alpha {
        self.alpha
    }

    /// Whether alpha is known to be 1 everywhere.
    #[must_use]
    pub fn is_opaque(&self) -> bool {
        self.alpha == Alpha::Opaque
    }

    /// Says what alpha means now; with [`Alpha::Opaque`] all of it is 1.
    pub(crate) const fn set_alpha(&mut self, alpha: Alpha) {
        self.alpha = alpha;
    }

    /// What the file said besides its pixels.
    #[must_use]
    pub const fn metadata(&self) -> &Metadata {
        &self.metadata
    }

    /// The same, to be changed.
    pub const fn metadata_mut(&mut self) -> &mut Metadata {
        &mut self.metadata
    }

    /// The pixels and the metadata, without a copy.
    #[must_use]
    pub fn into_parts(self) -> (Pixels, Metadata) {
        (self.pixels, self.metadata)
    }

    /// Display-encoded straight RGBA in 8 bits, `width * height * 4` values.
    ///
    /// Values are quantized to the nearest code, half up; a pixel of alpha 0 is (0, 0, 0, 0). 8-bit display-encoded
    /// straight pixels are copied.
    #[must_use]
    pub fn to_rgba8(&self) -> Vec<u8> {
        prepare::display(self, prepare::Channels::Rgba)
    }

    /// The RGBA samples as f32, 1 for the greatest code, on the picture's own [`transfer`](Self::transfer) and
    /// [`alpha`](Self::alpha); `width * height * 4` values.
    #[must_use]
    pub fn to_rgba_f32(&self) -> Vec<f32> {
        each_depth!(&self.pixels, samples => samples.iter().map(|s| s.unit()).collect())
    }
}

/// A picture whose samples are lent, and that has as many again however that ends.
struct Lent<'a> {
    image: &'a mut Image,
    spare: Spare,
    depth: Depth,
    count: usize,
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        if self.image.pixels.is_empty() {
            let held = self.spare.0.take();
            self.image.pixels = held.unwrap_or_else(|| Spare::default().take_as(self.depth, self.count));
        }
    }
}

/// Mostly there is nothing to fill, and looking is done by all threads without a write.
fn fill_alpha<S: Sample>(samples: &mut [S]) {
    if raw::all_opaque(samples) {
        return;
    }
    for pixel in samples.as_chunks_mut::<4>().0 {
        pixel[3] = S::ONE;
    }
}
