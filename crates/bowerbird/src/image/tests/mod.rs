//! Statements about picture files, on files made here: by our encoders, by the codecs directly, or byte by byte.

mod cmyk;
mod color;
mod damage;
mod layouts;
mod limits;
mod memory;
mod metadata;
mod orientation;
mod round_trip;
mod saving;

use super::*;

pub(super) const FORMATS: [FileFormat; 10] = [
    FileFormat::Png,
    FileFormat::Jpeg,
    FileFormat::Tiff,
    FileFormat::WebP,
    FileFormat::Gif,
    FileFormat::Bmp,
    FileFormat::Qoi,
    FileFormat::Exr,
    FileFormat::Hdr,
    FileFormat::Pnm,
];

/// A 13x7 picture of soft colors, with an alpha ramp if asked, quantized to a depth.
pub(super) fn chart(depth: Depth, has_alpha: bool) -> Image {
    let (width, height) = (13, 7);
    let value = |x: u32, y: u32| {
        let (x, y) = (x as f32 / 12.0, y as f32 / 6.0);
        [x, y, 0.5 * (1.0 - x) + 0.25 * y, if has_alpha { 0.25 + 0.75 * y } else { 1.0 }]
    };
    let values = (0..height).flat_map(|y| (0..width).flat_map(move |x| value(x, y)));
    let pixels = match depth {
        Depth::U8 => Pixels::U8(values.map(|v| (v * 255.0 + 0.5) as u8).collect()),
        Depth::U16 => Pixels::U16(values.map(|v| (v * 65535.0 + 0.5) as u16).collect()),
        Depth::F32 => Pixels::F32(values.collect()),
    };
    let alpha = if has_alpha { Alpha::Straight } else { Alpha::Opaque };
    Image::new(width, height, pixels, Transfer::Display, alpha).unwrap()
}

/// An opaque picture of noise.
pub(super) fn noise_of(width: u32, height: u32) -> Image {
    let mut state = 1_u32;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    };
    let pixels = (0..width * height).flat_map(|_| [next(), next(), next(), 255]).collect();
    Image::from_rgba8(width, height, pixels).unwrap()
}

pub(super) fn encode(image: &Image, format: FileFormat) -> Vec<u8> {
    image.encode(format, &WriteOptions::default()).unwrap()
}

pub(super) fn decode(bytes: &[u8]) -> Image {
    Image::decode(bytes, &ReadOptions::default()).unwrap()
}

pub(super) fn decode_error(bytes: &[u8]) -> String {
    let error = Image::decode(bytes, &ReadOptions::default()).unwrap_err().to_string();
    assert!(!error.contains('\n'), "one line: {error}");
    error
}

/// Greatest difference of two pictures, as fractions of full scale, in whatever depths they are.
pub(super) fn distance(a: &Image, b: &Image) -> f32 {
    assert_eq!(a.size(), b.size());
    let (a, b) = (a.to_rgba_f32(), b.to_rgba_f32());
    a.iter().zip(&b).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
}

/// A JPEG file with one more segment after its start mark.
pub(super) fn with_segment(jpeg: &[u8], marker: u8, body: &[u8]) -> Vec<u8> {
    let length = u16::try_from(body.len() + 2).unwrap().to_be_bytes();
    [&jpeg[..2], &[0xFF, marker], &length, body, &jpeg[2..]].concat()
}

/// A JPEG file without its segments of one kind.
pub(super) fn without_segments(jpeg: &[u8], marker: u8) -> Vec<u8> {
    let mut out = jpeg[..2].to_vec();
    let mut at = 2;
    while jpeg[at + 1] != 0xDA {
        let end = at + 2 + usize::from(u16::from_be_bytes([jpeg[at + 2], jpeg[at + 3]]));
        if jpeg[at + 1] != marker {
            out.extend(&jpeg[at..end]);
        }
        at = end;
    }
    out.extend(&jpeg[at..]);
    out
}

/// A JPEG file with another color profile than ours.
pub(super) fn with_profile(jpeg: &[u8], icc: &[u8]) -> Vec<u8> {
    with_segment(&without_segments(jpeg, 0xE2), 0xE2, &[b"ICC_PROFILE\0\x01\x01", icc].concat())
}

/// A little-endian TIFF with one strip; fields are (tag, type, values), and the strip's offset and length are added.
pub(super) fn tiff_file(fields: &[(u16, u16, Vec<u32>)], data: &[u8]) -> Vec<u8> {
    let mut fields = fields.to_vec();
    fields.push((273, 4, vec![8]));
    fields.push((279, 4, vec![u32::try_from(data.len()).unwrap()]));
    fields.sort_by_key(|(tag, ..)| *tag);
    let mut data = data.to_vec();
    data.resize(data.len().next_multiple_of(2), 0);
    let directory = 8 + data.len();
    let mut extra_at = directory + 2 + 12 * fields.len() + 4;
    let mut extra = Vec::new();
    let mut file = [b"II*\0".as_slice(), &u32::try_from(directory).unwrap().to_le_bytes(), &data].concat();
    file.extend(u16::try_from(fields.len()).unwrap().to_le_bytes());
    for (tag, kind, values) in &fields {
        let bytes: Vec<u8> = match kind {
            3 => values.iter().flat_map(|v| (*v as u16).to_le_bytes()).collect(),
            1 | 7 => values.iter().map(|v| *v as u8).collect(),
            _ => values.iter().flat_map(|v| v.to_le_bytes()).collect(),
        };
        file.extend(tag.to_le_bytes());
        file.extend(kind.to_le_bytes());
        file.extend(u32::try_from(values.len()).unwrap().to_le_bytes());
        if bytes.len() <= 4 {
            file.extend([&bytes[..], &[0; 4][bytes.len()..]].concat());
        } else {
            file.extend(u32::try_from(extra_at).unwrap().to_le_bytes());
            extra_at += bytes.len();
            extra.extend(bytes);
        }
    }
    file.extend([0; 4]);
    file.extend(extra);
    file
}

/// The fields every TIFF of given size, interpretation and sample bits needs.
pub(super) fn tiff_fields(size: (u32, u32), interpretation: u32, bits: &[u32]) -> Vec<(u16, u16, Vec<u32>)> {
    vec![
        (256, 4, vec![size.0]),
        (257, 4, vec![size.1]),
        (258, 3, bits.to_vec()),
        (259, 3, vec![1]),
        (262, 3, vec![interpretation]),
        (277, 3, vec![u32::try_from(bits.len()).unwrap()]),
        (278, 4, vec![size.1]),
    ]
}
