//! JPEG, with an sRGB profile, and EXIF, XMP and IPTC where they fit.
//!
//! A segment holds 64 KiB, and a metadata block above that is left out.
//!
//! The encoder runs on one thread. Entropy coding starts anew at a restart marker, so a picture is cut into strips of
//! whole rows of coding units, each is encoded as a file by itself, and the scans are put behind one another with the
//! markers between: the same pixels for a few bytes more, and faster by as many threads as there are (125 to 62 ms
//! for 3840x2160 on two). The encoder's feature `simd` would save a tenth more, but other bytes come out of it than
//! where there is no AVX2.

use fearless_simd::{Level, Simd, dispatch};
use jpeg_encoder::{
    ChromaSubsamplingMethod, Encoder, EncodingError, ImageBuffer, JpegColorType, PixelDensity, PixelDensityUnit,
    SamplingFactor, rgb_to_ycbcr,
};
use rayon::prelude::*;

use crate::image::markers::{END, FRAME, SCAN, restart, segments};
use crate::image::metadata::Block;
use crate::image::prepare::{Channels, display_rows, opaque_rows};
use crate::image::{Chroma, FileFormat, Image, ImageError, Metadata, WriteOptions, profile};

/// Most bytes of a segment, less its length field.
const SEGMENT: usize = 65_533;

/// Most bytes of a metadata block: there are names and lengths before it, 29 bytes at most, and one may be behind it.
pub(in crate::image) const MOST_BLOCK: usize = SEGMENT - 32;

/// Pixels a side of a coding unit when chroma is halved; a multiple of the side when it is not.
const UNIT: u32 = 16;

/// Rows of a strip, where a restart interval can say so many units. Lower strips cost marks, higher ones leave threads
/// idle at the end of small pictures.
const STRIP: u32 = 4 * UNIT;

/// Most coding units that a restart interval can say.
const LONGEST_INTERVAL: u32 = u16::MAX as u32;

/// The quality from which chroma is kept in full unless told otherwise.
const WHOLE_CHROMA: u8 = 90;

pub(super) fn encode(image: &Image, metadata: &Metadata, options: &WriteOptions) -> Result<Vec<u8>, ImageError> {
    let strips = Strips::of(image, options);
    let files: Result<Vec<_>, _> = (0..strips.count())
        .into_par_iter()
        .map(|index| strips.encode(index, if index == 0 { Some(metadata) } else { None }))
        .collect();
    let files = files.map_err(|error| ImageError::encode(FileFormat::Jpeg, error))?;
    Ok(strips.join(files))
}

/// How a picture is cut.
struct Strips<'a> {
    image: &'a Image,
    /// Rows of each strip but the last.
    rows: u32,
    quality: u8,
    halves_chroma: bool,
}

impl<'a> Strips<'a> {
    fn of(image: &'a Image, options: &WriteOptions) -> Self {
        // Units of 8x8 pixels are the most that a row can have.
        let units = image.width().div_ceil(UNIT / 2);
        let rows = LONGEST_INTERVAL / units / 2 * UNIT;
        let quality = options.quality;
        let halves_chroma = match options.chroma {
            Chroma::Auto => quality < WHOLE_CHROMA,
            Chroma::Full => false,
            Chroma::Half => true,
        };
        Self { image, rows: rows.clamp(UNIT, STRIP), quality, halves_chroma }
    }

    fn count(&self) -> u32 {
        self.image.height().div_ceil(self.rows)
    }

    /// Coding units of a full strip.
    fn interval(&self) -> u32 {
        let side = if self.halves_chroma { UNIT } else { UNIT / 2 };
        self.image.width().div_ceil(side) * (self.rows / side)
    }

    /// A file of one strip. Only the first carries metadata, for only its header is kept.
    fn encode(&self, index: u32, metadata: Option<&Metadata>) -> Result<Vec<u8>, EncodingError> {
        let rows = index * self.rows..self.image.height().min((index + 1) * self.rows);
        let mut file = Vec::new();
        let mut encoder = Encoder::new(&mut file, self.quality);
        encoder.set_sampling_factor(if self.halves_chroma { SamplingFactor::F_2_2 } else { SamplingFactor::F_1_1 });
        encoder.set_chroma_subsampling_method(ChromaSubsamplingMethod::Average);
        if self.count() > 1 {
            encoder.set_restart_interval(short(self.interval()));
        }
        if let Some(metadata) = metadata {
            describe(&mut encoder, metadata)?;
        }
        let size = [self.image.width(), rows.end - rows.start].map(short);
        match opaque_rows(self.image, rows.clone()) {
            Some(samples) => encoder.encode_image(Rows { pixels: samples.as_chunks::<4>().0, size })?,
            None => {
                let samples = display_rows::<u8>(self.image, rows, Channels::RgbOnWhite);
                encoder.encode_image(Rows { pixels: samples.as_chunks::<3>().0, size })?;
            }
        }
        Ok(file)
    }

    /// The header of the first file with the height of all, and the scans of all.
    fn join(&self, files: Vec<Vec<u8>>) -> Vec<u8> {
        let length = files.iter().map(Vec::len).sum();
        let mut whole = Vec::with_capacity(length);
        for (index, file) in files.iter().enumerate() {
            let mut from = 0;
            for segment in segments(file) {
                match segment.marker {
                    // Bits of a sample, then the height.
                    FRAME if index == 0 => {
                        whole.extend_from_slice(&file[..=segment.body.start]);
                        whole.extend(short(self.image.height()).to_be_bytes());
                        from = segment.body.start + 3;
                    }
                    SCAN if index > 0 => {
                        whole.extend([0xFF, restart(index - 1)]);
                        from = segment.body.end;
                    }
                    END => whole.extend_from_slice(&file[from..segment.body.start - 2]),
                    _ => {}
                }
            }
        }
        whole.extend([0xFF, END]);
        whole
    }
}

/// Display-encoded rows of pixels whose first three channels are red, green and blue.
struct Rows<'a, const CHANNELS: usize> {
    pixels: &'a [[u8; CHANNELS]],
    size: [u16; 2],
}

impl<const CHANNELS: usize> ImageBuffer for Rows<'_, CHANNELS> {
    fn get_jpeg_color_type(&self) -> JpegColorType {
        JpegColorType::Ycbcr
    }

    fn width(&self) -> u16 {
        self.size[0]
    }

    fn height(&self) -> u16 {
        self.size[1]
    }

    fn fill_buffers(&self, y: u16, [luma, blue, red, _]: &mut [Vec<u8>; 4]) {
        let width = usize::from(self.size[0]);
        let row = &self.pixels[usize::from(y) * width..][..width];
        let level = Level::new();
        let from = luma.len();
        for channel in [&mut *luma, blue, red] {
            channel.resize(from + width, 0);
        }
        dispatch!(level, simd => {
            to_ycbcr(simd, row, [&mut luma[from..], &mut blue[from..], &mut red[from..]]);
        });
    }
}

/// The encoder's own conversion, in whatever vectors the compiler makes of it.
#[inline(always)]
fn to_ycbcr<S: Simd, const CHANNELS: usize>(_: S, row: &[[u8; CHANNELS]], [luma, blue, red]: [&mut [u8]; 3]) {
    for (((pixel, luma), blue), red) in row.iter().zip(luma).zip(blue).zip(red) {
        (*luma, *blue, *red) = rgb_to_ycbcr(pixel[0], pixel[1], pixel[2]);
    }
}

/// A length that was checked against the format's limit.
fn short(length: u32) -> u16 {
    u16::try_from(length).unwrap_or(u16::MAX)
}

/// Resolution, metadata and color space.
fn describe(encoder: &mut Encoder<&mut Vec<u8>>, metadata: &Metadata) -> Result<(), EncodingError> {
    if let Some(dpi) = metadata.sane_dpi() {
        let [x, y] = dpi.map(|per_inch| (per_inch + 0.5) as u16);
        encoder.set_density(PixelDensity { density: (x, y), unit: PixelDensityUnit::Inches });
    }
    // EXIF readers look for the block right after the header.
    for kind in Block::ALL {
        let Some(block) = metadata.block(kind).filter(|block| block.len() <= MOST_BLOCK) else { continue };
        let (number, segment) = match kind {
            Block::Exif => (1, [&b"Exif\0\0"[..], block].concat()),
            Block::Xmp => (1, [&b"http://ns.adobe.com/xap/1.0/\0"[..], block].concat()),
            Block::Iptc => (13, iptc_segment(block)),
        };
        encoder.add_app_segment(number, segment)?;
    }
    profile::srgb_icc().map_or(Ok(()), |icc| encoder.add_icc_profile(icc))
}

/// IPTC records as one of Photoshop's resource blocks: signature, id, empty name, length, padded data.
fn iptc_segment(records: &[u8]) -> Vec<u8> {
    let mut segment = b"Photoshop 3.0\08BIM\x04\x04\0\0".to_vec();
    let length = u32::try_from(records.len()).unwrap_or(u32::MAX);
    segment.extend(length.to_be_bytes());
    segment.extend(records);
    if records.len() % 2 == 1 {
        segment.push(0);
    }
    segment
}
