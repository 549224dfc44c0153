//! Pictures in memory and picture files.
//!
//! An [`Image`] is RGBA pixels of 8 bits, 16 bits or f32 together with the two facts that every later stage needs:
//! which light scale the numbers are on ([`Transfer`]) and what their alpha means ([`Alpha`]). The primaries are always
//! those of sRGB. Reading turns whatever a file holds (gray, palette, CMYK, a wide-gamut profile, a turned camera)
//! into that one form, once; writing tags the result as sRGB.
//!
//! The decision that shaped the module: a file is *judged before it is decoded*. The format comes from the first bytes,
//! the size from the header, and the limits of [`ReadOptions`] are checked before a pixel is allocated, so a hostile
//! header costs nothing. Damage is an error with its cause, not a half-gray picture (but for a JPEG file that somebody
//! cut short and ended by its mark); a color profile that cannot be used is a line in [`Metadata::warnings`].
//!
//! Writing is all or nothing: the file is encoded in memory, written beside its target and renamed over it.
//!
//! What it refuses: animations beyond their first frame, layers, raw camera files, and keeping a depth that the chosen
//! format has no room for without being told to reduce it.
//!
//! ```text
//! bytes ─ format ─ decode/<format> ─ Raw ─ profile ─ orient ─ Image ─ prepare ─ encode/<format> ─ write
//! ```

mod cmyk;
mod curves;
mod decode;
mod encode;
mod error;
mod exif;
mod format;
mod markers;
mod metadata;
mod options;
mod orient;
mod picture;
mod prepare;
mod profile;
mod raw;
mod read;
mod sample;
mod transfer;
mod write;

#[cfg(test)]
mod tests;

pub use error::ImageError;
pub use format::FileFormat;
pub use metadata::Metadata;
pub use options::{Chroma, KeepMetadata, ReadOptions, WriteOptions};
pub use picture::{Alpha, Image, Transfer};
pub use sample::{Depth, Pixels, PixelsMut};
pub(crate) use sample::{Sample, Spare};
