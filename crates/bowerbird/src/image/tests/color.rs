//! Color profiles and their relatives.

use moxcms::{ColorProfile, ToneReprCurve};
use png::{BitDepth, ColorType, Encoder, ScaledFloat, SrgbRenderingIntent};

use super::*;
use crate::image::transfer::{decode_srgb, encode_srgb};

const ICC: u16 = 34675;

/// A one-pixel TIFF of RGB samples with a profile; `kind` 1 for integers, 3 for floats.
fn tagged_tiff(samples: &[u8], bits: u32, kind: u32, icc: &[u8]) -> Vec<u8> {
    let mut fields = tiff_fields((1, 1), 2, &[bits; 3]);
    fields.push((339, 3, vec![kind; 3]));
    fields.push((ICC, 7, icc.iter().map(|b| u32::from(*b)).collect()));
    tiff_file(&fields, samples)
}

fn bytes_of(samples: [f32; 3]) -> Vec<u8> {
    samples.iter().flat_map(|v| v.to_le_bytes()).collect()
}

fn float_tiff(samples: [f32; 3], icc: &[u8]) -> Image {
    decode(&tagged_tiff(&bytes_of(samples), 32, 3, icc))
}

/// Display P3 → sRGB, from the published matrix of the two primaries at D65.
fn p3_to_srgb(p3: [f32; 3]) -> [f32; 3] {
    let [r, g, b] = p3.map(decode_srgb);
    [
        encode_srgb(1.224_940_2 * r - 0.224_940_2 * g),
        encode_srgb(-0.042_056_95 * r + 1.042_056_9 * g),
        encode_srgb(-0.019_637_55 * r - 0.078_636_05 * g + 1.098_273_6 * b),
    ]
}

fn p3() -> Vec<u8> {
    ColorProfile::new_display_p3().encode().unwrap()
}

const P3_COLORS: [[u8; 3]; 7] =
    [[204, 102, 51], [40, 90, 60], [1, 2, 3], [10, 8, 12], [128, 128, 128], [255, 255, 255], [250, 10, 20]];

#[test]
fn a_wide_gamut_picture_becomes_srgb_at_its_depth() {
    for color in P3_COLORS {
        let expected = p3_to_srgb(color.map(|v| f32::from(v) / 255.0));

        let eight = decode(&tagged_tiff(&color, 8, 1, &p3()));
        assert_eq!(eight.depth(), Depth::U8);
        for (found, expected) in eight.to_rgba8().iter().zip(expected) {
            let off = f32::from(*found) - expected.clamp(0.0, 1.0) * 255.0;
            assert!(off.abs() <= 0.55, "8 bits {color:?}: {found}, off by {off}");
        }

        let words: Vec<u8> = color.iter().flat_map(|v| (u16::from(*v) * 257).to_le_bytes()).collect();
        let sixteen = decode(&tagged_tiff(&words, 16, 1, &p3()));
        assert_eq!(sixteen.depth(), Depth::U16);
        for (found, expected) in sixteen.to_rgba_f32().iter().zip(expected) {
            let off = (found - expected.clamp(0.0, 1.0)) * 65535.0;
            assert!(off.abs() <= 16.0, "16 bits {color:?}: off by {off}");
        }

        let float = float_tiff(color.map(|v| f32::from(v) / 255.0), &p3());
        assert_eq!((float.depth(), float.transfer()), (Depth::F32, Transfer::Display));
        for (found, expected) in float.to_rgba_f32().iter().zip(expected) {
            // A profile holds its matrix to 1.5e-5, which is this much at the steep end of the curve.
            assert!((found - expected).abs() < 3e-4, "float {color:?}: {found}, not {expected}");
        }
    }
}

#[test]
fn every_profile_that_is_srgb_changes_nothing() {
    let mut table = ColorProfile::new_srgb();
    let entries = (0..1024).map(|i| (decode_srgb(i as f32 / 1023.0) * 65535.0 + 0.5) as u16).collect();
    let curve = Some(ToneReprCurve::Lut(entries));
    (table.red_trc, table.green_trc, table.blue_trc) = (curve.clone(), curve.clone(), curve);
    table.cicp = None;
    for icc in [ColorProfile::new_srgb().encode().unwrap(), table.encode().unwrap()] {
        for color in P3_COLORS {
            let [r, g, b] = color;
            let image = decode(&tagged_tiff(&color, 8, 1, &icc));
            assert_eq!(image.to_rgba8(), [r, g, b, 255]);
        }
        let image = float_tiff([0.1, 1.7, -0.2], &icc);
        assert_eq!(image.to_rgba_f32(), [0.1, 1.7, -0.2, 1.0]);
        assert_eq!(image.transfer(), Transfer::Display);
    }
}

#[test]
fn a_gray_profile_acts_on_gray_pictures() {
    let icc = ColorProfile::new_gray_with_gamma(1.8).encode().unwrap();
    let mut fields = tiff_fields((3, 1), 1, &[8]);
    fields.push((ICC, 7, icc.iter().map(|b| u32::from(*b)).collect()));
    let image = decode(&tiff_file(&fields, &[0, 128, 255]));
    let middle = encode_srgb((128.0_f64 / 255.0).powf(1.8) as f32) * 255.0;
    let found = image.to_rgba8();
    assert_eq!(found[..4], [0, 0, 0, 255]);
    assert!((f32::from(found[4]) - middle).abs() <= 1.0, "{} is not {middle}", found[4]);
    assert_eq!(found[8..], [255; 4]);
    assert!(image.metadata().warnings.is_empty());
}

fn straight_curves(mut profile: ColorProfile) -> Vec<u8> {
    let line = || Some(ToneReprCurve::Lut(vec![256]));
    (profile.red_trc, profile.green_trc, profile.blue_trc) = (line(), line(), line());
    profile.cicp = None;
    profile.encode().unwrap()
}

#[test]
fn a_float_picture_with_a_linear_profile_stays_linear() {
    let image = float_tiff([0.25, 3.0, -0.125], &straight_curves(ColorProfile::new_srgb()));
    assert_eq!(image.transfer(), Transfer::Linear);
    assert_eq!(image.to_rgba_f32(), [0.25, 3.0, -0.125, 1.0]);

    let image = float_tiff([0.25, 3.0, 0.5], &straight_curves(ColorProfile::new_display_p3()));
    assert_eq!(image.transfer(), Transfer::Linear);
    let expected = [1.224_94 * 0.25 - 0.224_94 * 3.0, -0.042_057 * 0.25 + 1.042_057 * 3.0];
    for (found, expected) in image.to_rgba_f32().iter().zip(expected) {
        assert!((found - expected).abs() < 2e-3, "{found} is not {expected}");
    }
}

#[test]
fn an_integer_picture_with_a_linear_profile_becomes_display_encoded() {
    let samples: Vec<u8> = [32768_u16, 6554, 65535].iter().flat_map(|v| v.to_le_bytes()).collect();
    let image = decode(&tagged_tiff(&samples, 16, 1, &straight_curves(ColorProfile::new_srgb())));
    assert_eq!((image.transfer(), image.depth()), (Transfer::Display, Depth::U16));
    assert_eq!(image.to_rgba8(), [188, 89, 255, 255]);
}

#[test]
fn an_unusable_profile_is_a_warning() {
    let gray = ColorProfile::new_gray_with_gamma(2.2).encode().unwrap();
    for icc in [b"not a profile at all".to_vec(), p3()[..200].to_vec(), gray] {
        let image = decode(&tagged_tiff(&[10, 200, 30], 8, 1, &icc));
        assert_eq!(image.to_rgba8(), [10, 200, 30, 255]);
        let warnings = &image.metadata().warnings;
        assert!(warnings.len() == 1 && warnings[0].contains("color profile was ignored"), "{warnings:?}");
    }
}

#[test]
fn a_profile_that_inflates_without_end_is_left_out() {
    // A kilobyte of it in the file is a megabyte of memory.
    let bomb = png_with(None, |info| info.icc_profile = Some(vec![0; 65 << 20].into()));
    assert!(bomb.len() < 1 << 20, "{}", bomb.len());
    let warnings = decode(&bomb).metadata().warnings.clone();
    assert!(warnings.len() == 1 && warnings[0].contains("damaged or too large"), "{warnings:?}");
    let sound = png_with(None, |info| info.icc_profile = Some(profile::srgb_icc().unwrap().to_vec().into()));
    assert!(decode(&sound).metadata().warnings.is_empty());
}

#[test]
fn profiles_are_found_in_png_jpeg_and_webp() {
    let red = Image::from_rgba8(16, 16, [204, 102, 51, 255].repeat(256)).unwrap();
    let [r, g, b] = p3_to_srgb([0.8, 0.4, 0.2]).map(|v| v * 255.0);
    let mut png = Vec::new();
    let mut info = png::Info::with_size(1, 1);
    info.color_type = ColorType::Rgb;
    info.icc_profile = Some(p3().into());
    Encoder::with_info(&mut png, info).unwrap().write_header().unwrap().write_image_data(&[204, 102, 51]).unwrap();
    let mut webp = Vec::new();
    let mut encoder = image_webp::WebPEncoder::new(&mut webp);
    encoder.set_icc_profile(p3());
    encoder.encode(&[204, 102, 51], 1, 1, image_webp::ColorType::Rgb8).unwrap();
    let jpeg = with_profile(&encode(&red, FileFormat::Jpeg), &p3());
    for file in [png, webp, jpeg] {
        let found = decode(&file).to_rgba8();
        for (found, expected) in found.iter().zip([r, g, b]) {
            assert!((f32::from(*found) - expected).abs() <= 2.0, "{found} is not {expected}");
        }
    }
}

/// A one-pixel 8-bit PNG with one more chunk before its pixels.
fn png_with(chunk: Option<(&[u8; 4], &[u8])>, prepare: impl FnOnce(&mut png::Info<'_>)) -> Vec<u8> {
    let mut info = png::Info::with_size(1, 1);
    info.color_type = ColorType::Rgb;
    info.bit_depth = BitDepth::Eight;
    prepare(&mut info);
    let mut file = Vec::new();
    let mut writer = Encoder::with_info(&mut file, info).unwrap().write_header().unwrap();
    if let Some((name, data)) = chunk {
        writer.write_chunk(png::chunk::ChunkType(*name), data).unwrap();
    }
    writer.write_image_data(&[128, 128, 128]).unwrap();
    writer.finish().unwrap();
    file
}

#[test]
fn png_states_color_in_four_ways() {
    let gamma = |value| move |info: &mut png::Info<'_>| info.source_gamma = Some(ScaledFloat::new(value));
    let gray = |file: Vec<u8>| decode(&file).to_rgba8()[0];
    assert_eq!(gray(png_with(None, |_| ())), 128, "nothing stated");
    assert_eq!(gray(png_with(None, gamma(0.45455))), 128, "1/2.2 is the old name of sRGB");
    assert_eq!(gray(png_with(None, gamma(1.0))), 188, "linear");
    let both = |info: &mut png::Info<'_>| {
        info.source_gamma = Some(ScaledFloat::new(1.0));
        info.srgb = Some(SrgbRenderingIntent::Perceptual);
    };
    assert_eq!(gray(png_with(None, both)), 128, "sRGB wins over gamma");
    assert_eq!(gray(png_with(Some((b"cICP", &[1, 13, 0, 1])), gamma(1.0))), 128, "code points win over gamma");
    assert_eq!(gray(png_with(Some((b"cICP", &[1, 8, 0, 1])), |_| ())), 188, "code points of linear light");
}

#[test]
fn output_says_that_it_is_srgb() {
    let image = chart(Depth::U8, false);
    let says = |format, mark: &[u8]| encode(&image, format).windows(mark.len()).any(|window| window == mark);
    assert!(says(FileFormat::Png, b"sRGB"));
    for format in [FileFormat::Jpeg, FileFormat::Tiff, FileFormat::WebP] {
        assert!(says(format, profile::srgb_icc().unwrap()), "{format}");
    }
}

#[test]
fn the_profile_that_is_written_does_not_depend_on_the_clock() {
    let bytes = profile::srgb_icc().unwrap();
    let header = |at: usize| u16::from_be_bytes([bytes[at], bytes[at + 1]]);
    // Year, month, day, hours, minutes and seconds of its making.
    assert_eq!([24, 26, 28, 30, 32, 34].map(header), [1998, 1, 1, 0, 0, 0]);
    assert!(ColorProfile::new_from_slice(bytes).is_ok());
}

#[test]
fn black_stays_black_under_every_gamma_of_floats() {
    for gamma in [1.0f32, 1.2, 1.5, 1.8, 2.0, 2.2, 2.6] {
        let mut profile = ColorProfile::new_srgb();
        let curve = || Some(ToneReprCurve::Parametric(vec![gamma]));
        (profile.red_trc, profile.green_trc, profile.blue_trc) = (curve(), curve(), curve());
        profile.cicp = None;
        let icc = profile.encode().unwrap();
        let Pixels::F32(black) = float_tiff([0.0; 3], &icc).pixels().clone() else { panic!("floats") };
        assert_eq!(black[..3], [0.0; 3], "{gamma}");
        let Pixels::F32(green) = float_tiff([0.0, 1.0, 0.0], &icc).pixels().clone() else { panic!("floats") };
        // The matrix of a profile has 16 bits behind the point.
        assert!(green[0].abs() < 2e-3 && (green[1] - 1.0).abs() < 1e-3 && green[2].abs() < 2e-3, "{gamma}: {green:?}");
    }
}

#[test]
fn radiance_pictures_are_read_in_their_primaries() {
    // Red, green, blue and a shared exponent: (0.75, 0.5, 0.25).
    let file = |head: &str| [head.as_bytes(), b"\n-Y 1 +X 1\n", &[192, 128, 64, 128]].concat();
    let plain = decode(&file("#?RGBE\nFORMAT=32-bit_rle_rgbe\n"));
    let Pixels::F32(plain) = plain.pixels() else { panic!("floats") };
    assert_eq!(plain[..3], [0.75, 0.5, 0.25]);
    let p3 = "PRIMARIES=0.68 0.32 0.265 0.69 0.15 0.06 0.3127 0.329\n";
    let wide = decode(&file(&format!("#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n{p3}")));
    let Pixels::F32(wide) = wide.pixels() else { panic!("floats") };
    let expected = p3_to_srgb([0.75, 0.5, 0.25].map(encode_srgb)).map(decode_srgb);
    for (found, expected) in wide.iter().zip(expected) {
        assert!((found - expected).abs() < 1e-3, "{wide:?} for {expected:?}");
    }
}
