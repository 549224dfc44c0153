//! TIFF, compressed with Deflate, integers with the horizontal predictor; BigTIFF when classic offsets would not do.

use std::io::{Cursor, Seek, Write};

use tiff::TiffResult;
use tiff::encoder::colortype::{ColorType, RGB8, RGB16, RGB32Float, RGBA8, RGBA16, RGBA32Float};
use tiff::encoder::compression::DeflateLevel;
use tiff::encoder::{Compression, Rational, TiffEncoder, TiffKind, TiffKindBig, TiffKindStandard, TiffValue};
use tiff::tags::{Predictor, ResolutionUnit, Tag, Type};

use crate::image::prepare::Prepared;
use crate::image::{FileFormat, ImageError, Metadata, Pixels, profile};

/// Pixels beyond this go into a BigTIFF; the rest of the 4 GiB is for metadata and for data that does not compress.
const CLASSIC: usize = 3 << 30;

const UNASSOCIATED_ALPHA: u16 = 2;

pub(super) fn encode(picture: &Prepared, metadata: &Metadata) -> Result<Vec<u8>, ImageError> {
    let mut out = Cursor::new(Vec::new());
    let written = if picture.samples.as_bytes().len() < CLASSIC {
        write::<TiffKindStandard>(&mut out, picture, metadata)
    } else {
        write::<TiffKindBig>(&mut out, picture, metadata)
    };
    match written {
        Ok(()) => Ok(out.into_inner()),
        Err(error) => Err(ImageError::encode(FileFormat::Tiff, error)),
    }
}

fn write<K: TiffKind>(out: impl Write + Seek, picture: &Prepared, metadata: &Metadata) -> TiffResult<()> {
    match (&picture.samples, picture.has_alpha()) {
        (Pixels::U8(samples), false) => write_as::<RGB8, K>(out, picture, metadata, samples),
        (Pixels::U8(samples), true) => write_as::<RGBA8, K>(out, picture, metadata, samples),
        (Pixels::U16(samples), false) => write_as::<RGB16, K>(out, picture, metadata, samples),
        (Pixels::U16(samples), true) => write_as::<RGBA16, K>(out, picture, metadata, samples),
        (Pixels::F32(samples), false) => write_as::<RGB32Float, K>(out, picture, metadata, samples),
        (Pixels::F32(samples), true) => write_as::<RGBA32Float, K>(out, picture, metadata, samples),
    }
}

fn write_as<C: ColorType, K: TiffKind>(
    out: impl Write + Seek,
    picture: &Prepared,
    metadata: &Metadata,
    samples: &[C::Inner],
) -> TiffResult<()>
where
    [C::Inner]: TiffValue,
{
    // The encoder has no predictor for floats.
    let predictor = match picture.samples {
        Pixels::F32(_) => Predictor::None,
        _ => Predictor::Horizontal,
    };
    let mut encoder = TiffEncoder::<_, K>::new_generic(out)?
        .with_compression(Compression::Deflate(DeflateLevel::Fast))
        .with_predictor(predictor);
    let mut image = encoder.new_image::<C>(picture.width, picture.height)?;
    if let Some([x, y]) = metadata.sane_dpi() {
        image.resolution_unit(ResolutionUnit::Inch);
        image.x_resolution(hundredths(x));
        image.y_resolution(hundredths(y));
    }
    let tags = image.encoder();
    if picture.has_alpha() {
        tags.write_tag(Tag::ExtraSamples, UNASSOCIATED_ALPHA)?;
    }
    if let Some(icc) = profile::srgb_icc() {
        tags.write_tag(Tag::IccProfile, Undefined(icc))?;
    }
    if let Some(xmp) = &metadata.xmp {
        tags.write_tag(Tag::Unknown(700), &xmp[..])?;
    }
    if let Some(iptc) = &metadata.iptc {
        tags.write_tag(Tag::Unknown(33723), Undefined(iptc))?;
    }
    image.write_data(samples)
}

fn hundredths(value: f32) -> Rational {
    Rational { n: (value * 100.0 + 0.5) as u32, d: 100 }
}

/// Bytes of the type that the ICC and IPTC tags are defined with.
struct Undefined<'a>(&'a [u8]);

impl TiffValue for Undefined<'_> {
    const BYTE_LEN: u8 = 1;
    const FIELD_TYPE: Type = Type::UNDEFINED;

    fn count(&self) -> usize {
        self.0.len()
    }

    fn data(&self) -> std::borrow::Cow<'_, [u8]> {
        self.0.into()
    }
}
