//! The choices of a caller who reads or writes a file.

use super::{Depth, FileFormat, ImageError};

/// Limits for reading. They are checked against the header, before any pixel is decoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadOptions {
    /// Most pixels of a picture; 512 million unless set.
    pub max_pixels: u64,
    /// Most bytes of the file, and of its decoded RGBA pixels; 4 GiB unless set.
    pub max_bytes: u64,
}

impl Default for ReadOptions {
    fn default() -> Self {
        Self { max_pixels: 512_000_000, max_bytes: 4 << 30 }
    }
}

impl ReadOptions {
    /// Whether a picture of this size may be decoded; every decoder asks between header and pixels.
    pub(super) fn admit(&self, width: u32, height: u32, depth: Depth) -> Result<(), ImageError> {
        if width == 0 || height == 0 {
            return Err(ImageError::BadDimensions { width, height });
        }
        let pixels = u64::from(width) * u64::from(height);
        if pixels > self.max_pixels {
            return Err(ImageError::TooManyPixels { width, height, limit: self.max_pixels });
        }
        let bytes = pixels.saturating_mul(4 * depth.bytes() as u64);
        if bytes > self.max_bytes {
            return Err(ImageError::TooManyBytes { what: "the decoded picture", bytes, limit: self.max_bytes });
        }
        match isize::try_from(bytes) {
            Ok(_) => Ok(()),
            Err(_) => Err(ImageError::BadDimensions { width, height }),
        }
    }

    pub(super) fn admit_file(&self, bytes: u64) -> Result<(), ImageError> {
        if bytes > self.max_bytes {
            return Err(ImageError::TooManyBytes { what: "the file", bytes, limit: self.max_bytes });
        }
        Ok(())
    }

    /// For decoders that count their own working memory.
    pub(super) fn memory(&self) -> usize {
        usize::try_from(self.max_bytes).unwrap_or(usize::MAX)
    }
}

/// Whether EXIF, XMP, IPTC and the print resolution go into the output. The sRGB tag always does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum KeepMetadata {
    /// What the picture carries is written where the format has a place for it.
    #[default]
    Keep,
    /// Nothing but pixels and their color space.
    Strip,
}

/// Resolution of color against brightness in JPEG files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Chroma {
    /// Full from quality 90 up, else half.
    #[default]
    Auto,
    /// As fine as brightness (4:4:4): what is drawn in color keeps its edges.
    Full,
    /// The average of two by two pixels (4:2:0), as cameras write it: smaller, and faster to write.
    Half,
}

/// Choices for writing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WriteOptions {
    /// Depth of the file. `None`: the picture's own, reduced to what the format holds. A depth that the format cannot
    /// hold is an error.
    pub depth: Option<Depth>,
    /// JPEG quality, 1 to 100; 90 unless set. Other formats are lossless and ignore it.
    pub quality: u8,
    /// Resolution of color in JPEG files. Other formats keep it all.
    pub chroma: Chroma,
    /// What happens to metadata.
    pub metadata: KeepMetadata,
    /// Format of the file. `None`: by the ending of its name.
    pub format: Option<FileFormat>,
}

impl Default for WriteOptions {
    fn default() -> Self {
        Self { depth: None, quality: 90, chroma: Chroma::Auto, metadata: KeepMetadata::Keep, format: None }
    }
}
