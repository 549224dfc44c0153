//! Pictures made in memory.

use super::*;

#[test]
fn impossible_pictures_are_errors() {
    for (width, height) in [(0, 1), (1, 0), (0, 0)] {
        let made = Image::from_rgba8(width, height, Vec::new());
        assert!(matches!(made, Err(ImageError::BadDimensions { .. })), "{width}x{height}");
    }
    for length in [0, 15, 17] {
        let made = Image::from_rgba8(2, 2, vec![0; length]);
        assert!(matches!(made, Err(ImageError::BadLength { expected: 16, .. })), "{length}");
    }
    let absurd = Image::from_rgba8(u32::MAX, u32::MAX, vec![0; 4]);
    assert!(matches!(absurd, Err(ImageError::BadDimensions { .. } | ImageError::BadLength { .. })));
}

#[test]
fn eight_bit_pixels_know_whether_they_are_opaque() {
    assert_eq!(Image::from_rgba8(1, 1, vec![1, 2, 3, 255]).unwrap().alpha(), Alpha::Opaque);
    assert_eq!(Image::from_rgba8(1, 1, vec![1, 2, 3, 254]).unwrap().alpha(), Alpha::Straight);
}

#[test]
fn opaque_means_alpha_one() {
    let image = Image::from_rgba_f32(1, 1, vec![0.5, 0.5, 0.5, 0.1], Transfer::Display, Alpha::Opaque).unwrap();
    assert_eq!(image.to_rgba_f32(), [0.5, 0.5, 0.5, 1.0]);
}

#[test]
fn eight_bits_come_back_as_they_were_except_under_alpha_zero() {
    let pixels = vec![1, 2, 3, 4, 250, 251, 252, 253, 9, 9, 9, 0];
    let image = Image::from_rgba8(3, 1, pixels).unwrap();
    assert_eq!(image.to_rgba8(), [1, 2, 3, 4, 250, 251, 252, 253, 0, 0, 0, 0]);
}

#[test]
fn every_code_survives_the_way_through_float_and_other_depths() {
    let bytes: Vec<u8> = (0..=255).flat_map(|v| [v, v, v, 255]).collect();
    let image = Image::from_rgba8(256, 1, bytes.clone()).unwrap();
    let floats = Image::from_rgba_f32(256, 1, image.to_rgba_f32(), Transfer::Display, Alpha::Opaque).unwrap();
    assert_eq!(floats.to_rgba8(), bytes);

    let words: Vec<u16> = (0..=u16::MAX).flat_map(|v| [v, v, v, u16::MAX]).collect();
    let image = Image::new(256, 256, Pixels::U16(words.clone()), Transfer::Display, Alpha::Opaque).unwrap();
    let floats = Image::from_rgba_f32(256, 256, image.to_rgba_f32(), Transfer::Display, Alpha::Opaque).unwrap();
    let options = WriteOptions { depth: Some(Depth::U16), ..WriteOptions::default() };
    let back = decode(&floats.encode(FileFormat::Png, &options).unwrap());
    assert_eq!(*back.pixels(), Pixels::U16(words));
}

#[test]
fn quantization_clamps_and_rounds_half_up() {
    let cases = [(-1.0, 0), (0.0, 0), (0.5 / 255.0, 1), (0.499 / 255.0, 0), (0.5, 128), (1.0, 255), (7.0, 255)];
    for (value, code) in cases {
        let image = Image::from_rgba_f32(1, 1, vec![value; 4], Transfer::Display, Alpha::Opaque).unwrap();
        assert_eq!(image.to_rgba8(), [code, code, code, 255], "{value}");
    }
    let nothing = Image::from_rgba_f32(1, 1, vec![f32::NAN; 4], Transfer::Display, Alpha::Straight).unwrap();
    assert_eq!(nothing.to_rgba8(), [0; 4]);
}

#[test]
fn linear_premultiplied_pixels_become_display_straight() {
    // Half-covered, straight linear 0.5 and 0.0031308 (the joint of the curve), and a negative value.
    let pixels = vec![0.25, 0.001_565_4, -0.25, 0.5];
    let image = Image::from_rgba_f32(1, 1, pixels, Transfer::Linear, Alpha::Premultiplied).unwrap();
    assert_eq!(image.to_rgba8(), [188, 10, 0, 128]);
    let clear = Image::from_rgba_f32(1, 1, vec![1.0, 1.0, 1.0, 0.0], Transfer::Linear, Alpha::Premultiplied).unwrap();
    assert_eq!(clear.to_rgba8(), [0; 4]);
}

#[test]
fn the_curve_and_its_inverse_agree_with_the_standard() {
    use crate::image::transfer::{decode_srgb, encode_srgb};
    // Values of IEC 61966-2-1, computed in double precision.
    for (display, linear) in [(0.0, 0.0), (0.04045, 0.003_130_805), (0.5, 0.214_041_14), (1.0, 1.0), (2.0, 4.953_847)] {
        assert!((decode_srgb(display) - linear).abs() < 1e-6 * (1.0 + linear), "{display}");
        assert!((encode_srgb(linear) - display).abs() < 1e-5, "{linear}");
        assert_eq!(decode_srgb(-display), -decode_srgb(display));
        assert_eq!(encode_srgb(-linear), -encode_srgb(linear));
    }
    for code in 0..=255_u8 {
        let value = f32::from(code) / 255.0;
        assert!((encode_srgb(decode_srgb(value)) - value).abs() < 1e-6);
    }
}

#[test]
fn pixels_can_be_changed_in_place() {
    let mut image = chart(Depth::U8, false);
    match image.pixels_mut() {
        PixelsMut::U8(samples) => samples[0] = 77,
        _ => unreachable!("the chart has 8 bits"),
    }
    assert_eq!(image.to_rgba8()[0], 77);
}

#[test]
fn a_picture_whose_memory_was_lent_is_whole_whatever_happens() {
    let mut image = Image::from_rgba8(3, 2, vec![7; 24]).unwrap();
    // Not taken, it comes back.
    assert!(image.remake(|_| Err(())).is_err());
    assert_eq!(image.pixels(), &Pixels::U8(vec![7; 24]));
    // Taken, it is zeros.
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        image.remake(|spare| -> Result<Image, ()> {
            let samples: Vec<u8> = spare.take(4);
            panic!("{samples:?}")
        })
    }));
    assert!(panicked.is_err());
    assert_eq!((image.size(), image.pixels()), ((3, 2), &Pixels::U8(vec![0; 24])));
    image.remake(|_| Image::from_rgba8(1, 1, vec![9; 4])).unwrap();
    assert_eq!((image.size(), image.pixels()), ((1, 1), &Pixels::U8(vec![9; 4])));
}
