//! PNG, tagged by its sRGB chunk.

use std::borrow::Cow;

use png::{BitDepth, ColorType, Compression, Encoder, EncodingError, Info, PixelDimensions, SrgbRenderingIntent, Unit};

use crate::image::prepare::Prepared;
use crate::image::{FileFormat, ImageError, Metadata, Pixels};

const INCHES_PER_METER: f32 = 1.0 / 0.0254;

pub(super) fn encode(picture: &Prepared, metadata: &Metadata) -> Result<Vec<u8>, ImageError> {
    write(picture, metadata).map_err(|error| ImageError::encode(FileFormat::Png, error))
}

fn write(picture: &Prepared, metadata: &Metadata) -> Result<Vec<u8>, EncodingError> {
    let mut info = Info::with_size(picture.width, picture.height);
    info.color_type = if picture.has_alpha() { ColorType::Rgba } else { ColorType::Rgb };
    info.srgb = Some(SrgbRenderingIntent::Perceptual);
    info.exif_metadata = metadata.exif.as_deref().map(Cow::Borrowed);
    info.pixel_dims = metadata.sane_dpi().map(|dpi| {
        let [xppu, yppu] = dpi.map(|per_inch| (per_inch * INCHES_PER_METER + 0.5) as u32);
        PixelDimensions { xppu, yppu, unit: Unit::Meter }
    });
    let big_endian: Vec<u8>;
    let data = match &picture.samples {
        Pixels::U16(samples) => {
            info.bit_depth = BitDepth::Sixteen;
            big_endian = samples.iter().flat_map(|v| v.to_be_bytes()).collect();
            &big_endian
        }
        other => other.as_bytes(),
    };
    let mut out = Vec::new();
    let mut encoder = Encoder::with_info(&mut out, info)?;
    encoder.set_compression(Compression::Fast);
    if let Some(xmp) = metadata.xmp.as_deref().and_then(|xmp| str::from_utf8(xmp).ok()) {
        encoder.add_itxt_chunk("XML:com.adobe.xmp".to_owned(), xmp.to_owned())?;
    }
    let mut writer = encoder.write_header()?;
    writer.write_image_data(data)?;
    writer.finish()?;
    Ok(out)
}
