//! Gray, palettes, odd depths, planes, first frames: whatever a file holds comes out as RGBA.

use std::io::Cursor;

use ::image::codecs::gif::GifEncoder;
use ::image::{Delay, Frame, RgbaImage};
use png::{BitDepth, ColorType, Encoder};

use super::*;

fn png(color: ColorType, depth: BitDepth, width: u32, prepare: impl FnOnce(&mut png::Info<'_>), data: &[u8]) -> Image {
    let mut info = png::Info::with_size(width, 1);
    info.color_type = color;
    info.bit_depth = depth;
    prepare(&mut info);
    let mut file = Vec::new();
    let mut writer = Encoder::with_info(&mut file, info).unwrap().write_header().unwrap();
    writer.write_image_data(data).unwrap();
    writer.finish().unwrap();
    decode(&file)
}

#[test]
fn png_gray_palette_and_transparent_colors() {
    let none = |_: &mut png::Info<'_>| ();
    let bits = png(ColorType::Grayscale, BitDepth::One, 3, none, &[0b1010_0000]);
    assert_eq!(bits.to_rgba8(), [255, 255, 255, 255, 0, 0, 0, 255, 255, 255, 255, 255]);

    let gray_alpha = png(ColorType::GrayscaleAlpha, BitDepth::Eight, 1, none, &[100, 50]);
    assert_eq!((gray_alpha.to_rgba8(), gray_alpha.alpha()), (vec![100, 100, 100, 50], Alpha::Straight));

    let deep = png(ColorType::GrayscaleAlpha, BitDepth::Sixteen, 1, none, &[0x12, 0x34, 0x56, 0x78]);
    assert_eq!(*deep.pixels(), Pixels::U16(vec![0x1234, 0x1234, 0x1234, 0x5678]));

    let palette = |info: &mut png::Info<'_>| {
        info.palette = Some(vec![1, 2, 3, 4, 5, 6].into());
        info.trns = Some(vec![77].into());
    };
    let indexed = png(ColorType::Indexed, BitDepth::Two, 2, palette, &[0b0001_0000]);
    assert_eq!(indexed.to_rgba8(), [1, 2, 3, 77, 4, 5, 6, 255]);

    let key = |info: &mut png::Info<'_>| info.trns = Some(vec![0, 9].into());
    let keyed = png(ColorType::Grayscale, BitDepth::Eight, 2, key, &[9, 10]);
    assert_eq!(keyed.to_rgba8(), [0, 0, 0, 0, 10, 10, 10, 255]);
}

#[test]
fn tiff_bits_palettes_and_inverted_gray() {
    let gray = |fields: &[_], data: &[u8]| -> Vec<u8> {
        decode(&tiff_file(fields, data)).to_rgba8().iter().copied().step_by(4).collect()
    };
    assert_eq!(gray(&tiff_fields((3, 2), 1, &[1]), &[0b1010_0000, 0b0110_0000]), [255, 0, 255, 0, 255, 255]);
    assert_eq!(gray(&tiff_fields((3, 1), 0, &[1]), &[0b1010_0000]), [0, 255, 0], "white is zero");
    assert_eq!(gray(&tiff_fields((3, 1), 1, &[2]), &[0b0001_1000]), [0, 85, 170]);
    assert_eq!(gray(&tiff_fields((3, 1), 1, &[4]), &[0x0F, 0x80]), [0, 255, 136]);
    assert_eq!(gray(&tiff_fields((2, 1), 0, &[8]), &[0, 200]), [255, 55]);

    for (bits, data) in [(4, vec![0x10]), (8, vec![1, 0])] {
        let mut map = vec![0; 3 << bits];
        map[1] = 0xFFFF;
        map[1 << bits] = 0x8080;
        let mut fields = tiff_fields((2, 1), 3, &[bits]);
        fields.push((320, 3, map));
        let image = decode(&tiff_file(&fields, &data));
        assert_eq!(image.to_rgba8(), [255, 0, 0, 255, 0, 128, 0, 255], "{bits} bits");
    }
}

#[test]
fn tiff_planes_and_wide_samples() {
    let mut planar = tiff_fields((2, 1), 2, &[8, 8, 8]);
    planar.push((284, 3, vec![2]));
    planar.retain(|(tag, ..)| *tag != 278);
    planar.push((278, 4, vec![1]));
    // Three strips, one a plane: the helper writes one, so its fields are replaced.
    let mut file = tiff_file(&planar, &[1, 2, 10, 20, 100, 200]);
    let directory = u32::from_le_bytes(file[4..8].try_into().unwrap()) as usize;
    let end = u32::try_from(file.len()).unwrap();
    for entry in 0..usize::from(file[directory]) {
        let at = directory + 2 + 12 * entry;
        let offset = match u16::from_le_bytes([file[at], file[at + 1]]) {
            273 => end,
            279 => end + 12,
            _ => continue,
        };
        file[at + 4..at + 8].copy_from_slice(&3_u32.to_le_bytes());
        file[at + 8..at + 12].copy_from_slice(&offset.to_le_bytes());
    }
    for value in [8_u32, 10, 12, 2, 2, 2] {
        file.extend(value.to_le_bytes());
    }
    assert_eq!(decode(&file).to_rgba8(), [1, 10, 100, 255, 2, 20, 200, 255]);

    let mut float = tiff_fields((2, 1), 1, &[32]);
    float.push((339, 3, vec![3]));
    let data: Vec<u8> = [0.25_f32, 2.0].iter().flat_map(|v| v.to_le_bytes()).collect();
    assert_eq!(decode(&tiff_file(&float, &data)).to_rgba_f32(), [0.25, 0.25, 0.25, 1.0, 2.0, 2.0, 2.0, 1.0]);

    let mut double = tiff_fields((1, 1), 1, &[64]);
    double.push((339, 3, vec![3]));
    assert_eq!(decode(&tiff_file(&double, &0.75_f64.to_le_bytes())).to_rgba_f32(), [0.75, 0.75, 0.75, 1.0]);

    let word = decode(&tiff_file(&tiff_fields((1, 1), 1, &[32]), &u32::MAX.to_le_bytes()));
    assert_eq!(*word.pixels(), Pixels::F32(vec![1.0; 4]));
}

#[test]
fn tiff_alpha_may_be_premultiplied() {
    let mut fields = tiff_fields((2, 1), 2, &[8; 4]);
    fields.push((338, 3, vec![1]));
    let image = decode(&tiff_file(&fields, &[100, 50, 0, 128, 0, 0, 0, 0]));
    assert_eq!(image.alpha(), Alpha::Straight);
    assert_eq!(image.to_rgba8(), [199, 100, 0, 128, 0, 0, 0, 0]);

    let mut fields = tiff_fields((1, 1), 1, &[8; 2]);
    fields.push((338, 3, vec![2]));
    assert_eq!(decode(&tiff_file(&fields, &[100, 50])).to_rgba8(), [100, 100, 100, 50]);
}

#[test]
fn jpeg_gray_and_rgb() {
    for (color, samples, expected) in [
        (jpeg_encoder::ColorType::Luma, vec![77; 64], [77, 77, 77, 255]),
        (jpeg_encoder::ColorType::Rgb, [200, 100, 50].repeat(64), [200, 100, 50, 255]),
    ] {
        for is_progressive in [false, true] {
            let mut file = Vec::new();
            let mut encoder = jpeg_encoder::Encoder::new(&mut file, 100);
            encoder.set_progressive(is_progressive);
            encoder.set_restart_interval(1);
            encoder.encode(&samples, 8, 8, color).unwrap();
            for (found, expected) in decode(&file).to_rgba8().iter().zip(expected) {
                assert!(found.abs_diff(expected) <= 2, "{color:?}: {found} is not {expected}");
            }
        }
    }
}

#[test]
fn netpbm_in_all_its_kinds() {
    let cases: [(&[u8], &[u8]); 6] = [
        (b"P1\n2 1\n0 1\n", &[255, 255, 255, 255, 0, 0, 0, 255]),
        (b"P2 1 1 255 7\n", &[7, 7, 7, 255]),
        (b"P3\n# note\n1 1 255 7 8 9\n", &[7, 8, 9, 255]),
        (b"P5 1 1 255\n\x07", &[7, 7, 7, 255]),
        (b"P6 1 1 255\n\x07\x08\x09", &[7, 8, 9, 255]),
        (b"P7\nWIDTH 1\nHEIGHT 1\nDEPTH 4\nMAXVAL 255\nTUPLTYPE RGB_ALPHA\nENDHDR\n\x07\x08\x09\x0a", &[7, 8, 9, 10]),
    ];
    for (file, expected) in cases {
        assert_eq!(decode(file).to_rgba8(), expected, "{}", String::from_utf8_lossy(file));
    }
    assert_eq!(*decode(b"P5 1 1 65535\n\x12\x34").pixels(), Pixels::U16(vec![0x1234, 0x1234, 0x1234, 65535]));
}

/// The pixels of a file of which only the first picture is read, which it has to say.
fn first_of_several(file: &[u8]) -> Vec<u8> {
    let image = decode(file);
    assert_eq!(image.metadata().warnings, ["the file holds further pictures; the first is read"]);
    image.to_rgba8()
}

#[test]
fn animations_give_their_first_frame() {
    let frame = |code| {
        Frame::from_parts(
            RgbaImage::from_raw(2, 1, [code, 0, 0, 255].repeat(2)).unwrap(),
            0,
            0,
            Delay::from_numer_denom_ms(100, 1),
        )
    };
    let mut gif = Vec::new();
    GifEncoder::new(&mut gif).encode_frames([frame(10), frame(20)]).unwrap();
    assert_eq!(first_of_several(&gif), [10, 0, 0, 255].repeat(2));
    let mut single = Vec::new();
    GifEncoder::new(&mut single).encode_frames([frame(10)]).unwrap();
    assert!(decode(&single).metadata().warnings.is_empty());

    let mut apng = Vec::new();
    let mut encoder = Encoder::new(&mut apng, 1, 1);
    encoder.set_color(ColorType::Rgb);
    encoder.set_animated(2, 0).unwrap();
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(&[10, 0, 0]).unwrap();
    writer.write_image_data(&[20, 0, 0]).unwrap();
    writer.finish().unwrap();
    assert_eq!(first_of_several(&apng), [10, 0, 0, 255]);

    // Two frames of an animated WebP, put together from two still ones.
    let still = |code| {
        let mut file = Vec::new();
        let encoder = image_webp::WebPEncoder::new(&mut file);
        encoder.encode(&[code, 0, 0], 1, 1, image_webp::ColorType::Rgb8).unwrap();
        file[12..].to_vec()
    };
    let chunk = |name: &[u8; 4], data: &[u8]| {
        let mut chunk = [&name[..], &u32::try_from(data.len()).unwrap().to_le_bytes(), data].concat();
        chunk.resize(chunk.len().next_multiple_of(2), 0);
        chunk
    };
    let frame = |code| chunk(b"ANMF", &[&[0; 12][..], &[100, 0, 0, 0], &still(code)].concat());
    let body = [
        &b"WEBP"[..],
        &chunk(b"VP8X", &[2, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
        &chunk(b"ANIM", &[0; 6]),
        &frame(10),
        &frame(20),
    ]
    .concat();
    assert_eq!(first_of_several(&chunk(b"RIFF", &body)), [10, 0, 0, 255]);
}

#[test]
fn pages_give_their_first() {
    let mut file = Cursor::new(Vec::new());
    let mut encoder = tiff::encoder::TiffEncoder::new(&mut file).unwrap();
    for code in [10, 20] {
        encoder.write_image::<tiff::encoder::colortype::RGB8>(1, 1, &[code, 0, 0]).unwrap();
    }
    assert_eq!(first_of_several(&file.into_inner()), [10, 0, 0, 255]);
}

#[test]
fn exr_values_that_are_no_numbers_are_replaced() {
    let pixels = [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, 1.0, 0.5, -2.0, 70_000.0, 3.0];
    let mut file = Vec::new();
    ::image::ImageEncoder::write_image(
        ::image::codecs::openexr::OpenExrEncoder::new(Cursor::new(&mut file)),
        bytemuck::cast_slice(&pixels),
        2,
        1,
        ::image::ExtendedColorType::Rgba32F,
    )
    .unwrap();
    assert_eq!(decode(&file).to_rgba_f32(), [0.0, 65504.0, -65504.0, 1.0, 0.5, -2.0, 70_000.0, 1.0]);
}
