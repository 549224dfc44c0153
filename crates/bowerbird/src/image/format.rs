//! The file formats: names, endings, first bytes, and what each can hold.

use std::fmt;
use std::path::Path;

use super::metadata::Block;
use super::{Depth, ImageError, encode};

/// A picture file format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FileFormat {
    /// PNG, 8 or 16 bits, with alpha.
    Png,
    /// JPEG, 8 bits, no alpha.
    Jpeg,
    /// TIFF, 8 or 16 bits or float, with alpha.
    Tiff,
    /// WebP, 8 bits, with alpha; written lossless.
    WebP,
    /// GIF, 256 colors, transparent or opaque; the first frame is read.
    Gif,
    /// Windows bitmap, 8 bits, with alpha.
    Bmp,
    /// QOI, 8 bits, with alpha.
    Qoi,
    /// OpenEXR, float, linear, premultiplied.
    Exr,
    /// Radiance HDR, float with shared exponent, linear, no alpha.
    Hdr,
    /// Netpbm (PBM, PGM, PPM, PAM), 8 or 16 bits; PPM is written, or PAM when there is alpha.
    Pnm,
}

/// One row of the table that everything else here is derived from.
struct Row {
    format: FileFormat,
    name: &'static str,
    /// Endings that select the format for writing; the first is the usual one.
    endings: &'static [&'static str],
    depths: &'static [Depth],
    alpha: bool,
    /// The metadata that is written.
    blocks: &'static [Block],
    max_side: u32,
}

use Block::{Exif, Iptc, Xmp};
use Depth::{F32, U8, U16};

#[rustfmt::skip]
const TABLE: [Row; 10] = [
    Row { format: FileFormat::Png,  name: "PNG",  endings: &["png"],               depths: &[U8, U16],      alpha: true,  blocks: &[Exif, Xmp],        max_side: i32::MAX as u32 },
    Row { format: FileFormat::Jpeg, name: "JPEG", endings: &["jpg", "jpeg", "jpe", "jfif"], depths: &[U8],          alpha: false, blocks: &[Exif, Xmp, Iptc],  max_side: 65_535 },
    Row { format: FileFormat::Tiff, name: "TIFF", endings: &["tif", "tiff"],       depths: &[U8, U16, F32], alpha: true,  blocks: &[Xmp, Iptc],        max_side: u32::MAX },
    Row { format: FileFormat::WebP, name: "WebP", endings: &["webp"],              depths: &[U8],           alpha: true,  blocks: &[Exif, Xmp],        max_side: 16_384 },
    Row { format: FileFormat::Gif,  name: "GIF",  endings: &["gif"],               depths: &[U8],           alpha: true,  blocks: &[],                 max_side: 65_535 },
    Row { format: FileFormat::Bmp,  name: "BMP",  endings: &["bmp"],               depths: &[U8],           alpha: true,  blocks: &[],                 max_side: 65_535 },
    Row { format: FileFormat::Qoi,  name: "QOI",  endings: &["qoi"],               depths: &[U8],           alpha: true,  blocks: &[],                 max_side: u32::MAX },
    Row { format: FileFormat::Exr,  name: "EXR",  endings: &["exr"],               depths: &[F32],          alpha: true,  blocks: &[],                 max_side: i32::MAX as u32 },
    Row { format: FileFormat::Hdr,  name: "HDR",  endings: &["hdr"],               depths: &[F32],          alpha: false, blocks: &[],                 max_side: u32::MAX },
    Row { format: FileFormat::Pnm,  name: "PNM",  endings: &["ppm", "pnm", "pam"], depths: &[U8, U16],      alpha: true,  blocks: &[],                 max_side: u32::MAX },
];

/// Endings of files that are read, and written by another name only.
const READ_ONLY: [&str; 2] = ["pgm", "pbm"];

/// First bytes, with the offset where they stand.
const SIGNATURES: [(usize, &[u8], FileFormat); 17] = [
    (0, b"\x89PNG\r\n\x1a\n", FileFormat::Png),
    (0, b"\xff\xd8\xff", FileFormat::Jpeg),
    (0, b"II*\0", FileFormat::Tiff),
    (0, b"MM\0*", FileFormat::Tiff),
    (0, b"II+\0", FileFormat::Tiff),
    (0, b"MM\0+", FileFormat::Tiff),
    (8, b"WEBP", FileFormat::WebP),
    (0, b"GIF87a", FileFormat::Gif),
    (0, b"GIF89a", FileFormat::Gif),
    (0, b"BM", FileFormat::Bmp),
    (0, b"qoif", FileFormat::Qoi),
    (0, b"\x76\x2f\x31\x01", FileFormat::Exr),
    (0, b"#?RADIANCE", FileFormat::Hdr),
    (0, b"#?RGBE", FileFormat::Hdr),
    (0, b"P7\n", FileFormat::Pnm),
    (0, b"P5", FileFormat::Pnm),
    (0, b"P6", FileFormat::Pnm),
];

/// Files that people try, to be named in the refusal.
const REFUSED: [(usize, &[u8], &str); 9] = [
    (4, b"ftypavif", "AVIF"),
    (4, b"ftypheic", "HEIC"),
    (4, b"ftypmif1", "HEIF"),
    (0, b"\xff\x0a", "JPEG XL"),
    (0, b"\0\0\0\x0cJXL ", "JPEG XL"),
    (0, b"\0\0\0\x0cjP  ", "JPEG 2000"),
    (0, b"8BPS", "Photoshop PSD"),
    (0, b"%PDF", "PDF"),
    (0, b"<svg", "SVG"),
];

fn starts(bytes: &[u8], offset: usize, signature: &[u8]) -> bool {
    bytes.get(offset..).is_some_and(|rest| rest.starts_with(signature))
}

impl FileFormat {
    /// The format whose signature a file starts with.
    ///
    /// # Errors
    /// [`ImageError::Unsupported`] for a picture format that is known but not read, [`ImageError::UnknownFormat`]
    /// for anything else.
    pub fn of_content(bytes: &[u8]) -> Result<Self, ImageError> {
        if let Some((.., format)) = SIGNATURES.iter().find(|(at, signature, _)| starts(bytes, *at, signature)) {
            return Ok(*format);
        }
        // The plain-text kinds of Netpbm have a signature too short to stand on its own.
        if let [b'P', b'1'..=b'4', space, ..] = bytes
            && (space.is_ascii_whitespace() || *space == b'#')
        {
            return Ok(Self::Pnm);
        }
        match REFUSED.iter().find(|(at, signature, _)| starts(bytes, *at, signature)) {
            Some((.., name)) => Err(ImageError::unsupported(*name)),
            None => Err(ImageError::UnknownFormat),
        }
    }

    /// The format that a file name's ending stands for, whatever its case.
    #[must_use]
    pub fn of_name(path: &Path) -> Option<Self> {
        let ending = path.extension()?.to_str()?.to_ascii_lowercase();
        TABLE.iter().find(|row| row.endings.contains(&ending.as_str())).map(|row| row.format)
    }

    /// Whether a file of that name is likely to be a picture that can be read, whatever the case of its ending.
    #[must_use]
    pub fn is_read(path: &Path) -> bool {
        let is_read_only = |ending: &str| READ_ONLY.iter().any(|known| known.eq_ignore_ascii_case(ending));
        Self::of_name(path).is_some() || path.extension().and_then(|ending| ending.to_str()).is_some_and(is_read_only)
    }

    /// The usual ending of a file name, without the dot.
    #[must_use]
    pub fn ending(self) -> &'static str {
        self.row().endings[0]
    }

    /// The depths that the format holds, shallowest first.
    #[must_use]
    pub fn depths(self) -> &'static [Depth] {
        self.row().depths
    }

    /// Whether the format has an alpha channel; without one, a picture is laid on white.
    #[must_use]
    pub fn holds_alpha(self) -> bool {
        self.row().alpha
    }

    /// Whether a file of the format has a place for a metadata block of this kind and length.
    pub(super) fn holds_block(self, kind: Block, length: usize) -> bool {
        self.row().blocks.contains(&kind) && (self != Self::Jpeg || length <= encode::MOST_JPEG_BLOCK)
    }

    /// The depth to write: the one asked for, or else the nearest to the picture's.
    pub(super) fn choose_depth(self, asked: Option<Depth>, own: Depth) -> Result<Depth, ImageError> {
        let depths = self.depths();
        match asked {
            Some(depth) if depths.contains(&depth) => Ok(depth),
            Some(depth) => Err(ImageError::depth(self, depth)),
            None => Ok(depths.iter().copied().rfind(|d| *d <= own).unwrap_or(depths[0])),
        }
    }

    pub(super) fn check_size(self, width: u32, height: u32) -> Result<(), ImageError> {
        let most = self.row().max_side;
        if width.max(height) > most {
            let what = format!("{width}x{height} pixels, at most {most} a side");
            return Err(ImageError::CannotHold {
                format: self,
                what,
                instead: "write PNG or TIFF, or make it smaller",
            });
        }
        Ok(())
    }

    pub(super) fn names() -> String {
        TABLE.map(|row| row.name).join(", ")
    }

    pub(super) fn endings() -> String {
        TABLE.map(|row| format!(".{}", row.endings[0])).join(", ")
    }

    fn row(self) -> &'static Row {
        // The table lists the formats in the order of their declaration; a test holds it to that.
        &TABLE[self as usize]
    }
}

impl fmt::Display for FileFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.row().name)
    }
}

#[test]
fn the_table_is_in_the_order_of_the_enum() {
    for (index, row) in TABLE.iter().enumerate() {
        assert_eq!(row.format as usize, index, "{}", row.name);
    }
}
