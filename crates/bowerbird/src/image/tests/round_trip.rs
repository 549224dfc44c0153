//! What is written comes back.

use super::*;

/// How far the values of a lossy format may move; the others return the very codes.
fn loss(format: FileFormat) -> f32 {
    match format {
        // Quality 100 of a smooth chart: rounding in the color conversion and the transform.
        FileFormat::Jpeg => 3.0 / 255.0,
        // Shared exponent with 8-bit mantissas.
        FileFormat::Hdr => 1.0 / 128.0,
        _ => 0.0,
    }
}

#[test]
fn every_format_returns_every_depth_it_holds() {
    for format in FORMATS {
        for depth in format.depths().iter().copied() {
            for has_alpha in [false, true] {
                let linear = matches!(format, FileFormat::Exr | FileFormat::Hdr);
                let has_alpha = has_alpha && format.holds_alpha();
                let mut image = chart(depth, has_alpha);
                if format == FileFormat::Gif && has_alpha {
                    continue; // one-bit alpha has its own test
                }
                if linear {
                    let alpha = if has_alpha { Alpha::Premultiplied } else { Alpha::Opaque };
                    image = Image::from_rgba_f32(13, 7, image.to_rgba_f32(), Transfer::Linear, alpha).unwrap();
                }
                let options = WriteOptions { depth: Some(depth), quality: 100, ..WriteOptions::default() };
                let back = decode(&image.encode(format, &options).unwrap());
                let what = format!("{format} {depth} alpha {has_alpha}");
                assert_eq!(back.depth(), depth, "{what}");
                assert_eq!(back.transfer(), image.transfer(), "{what}");
                assert_eq!(back.alpha(), image.alpha(), "{what}");
                let moved = distance(&image, &back);
                assert!(moved <= loss(format), "{what}: {moved}");
                assert_eq!(back.metadata().warnings, Vec::<String>::new(), "{what}");
            }
        }
    }
}

#[test]
fn the_depth_is_the_pictures_own_as_far_as_the_format_holds_it() {
    let cases = [
        (FileFormat::Png, Depth::F32, Depth::U16),
        (FileFormat::Png, Depth::U8, Depth::U8),
        (FileFormat::Jpeg, Depth::U16, Depth::U8),
        (FileFormat::Tiff, Depth::F32, Depth::F32),
        (FileFormat::Exr, Depth::U8, Depth::F32),
        (FileFormat::Pnm, Depth::F32, Depth::U16),
    ];
    for (format, own, written) in cases {
        assert_eq!(decode(&encode(&chart(own, false), format)).depth(), written, "{format} of {own}");
    }
}

#[test]
fn a_depth_that_the_format_cannot_hold_is_an_error() {
    for format in FORMATS {
        for depth in [Depth::U8, Depth::U16, Depth::F32] {
            let options = WriteOptions { depth: Some(depth), ..WriteOptions::default() };
            let written = chart(Depth::U8, false).encode(format, &options);
            match format.depths().contains(&depth) {
                true => assert!(written.is_ok(), "{format} {depth}"),
                false => assert!(matches!(written, Err(ImageError::CannotHold { .. })), "{format} {depth}"),
            }
        }
    }
    let options = WriteOptions { depth: Some(Depth::F32), ..WriteOptions::default() };
    let error = chart(Depth::F32, false).encode(FileFormat::Jpeg, &options).unwrap_err();
    assert_eq!(error.to_string(), "JPEG cannot hold float pixels; write TIFF, EXR or HDR, or choose another depth");
}

#[test]
fn a_side_that_the_format_cannot_hold_is_an_error() {
    let long = Image::from_rgba8(65_536, 1, vec![255; 65_536 * 4]).unwrap();
    for format in [FileFormat::Jpeg, FileFormat::Gif, FileFormat::WebP] {
        let error = long.encode(format, &WriteOptions::default()).unwrap_err();
        assert!(matches!(error, ImageError::CannotHold { .. }), "{format}: {error}");
    }
    assert_eq!(decode(&encode(&long, FileFormat::Png)).size(), (65_536, 1));
}

#[test]
fn a_quality_outside_its_range_is_an_error() {
    for quality in [0, 101] {
        let options = WriteOptions { quality, ..WriteOptions::default() };
        let written = chart(Depth::U8, false).encode(FileFormat::Jpeg, &options);
        assert!(matches!(written, Err(ImageError::BadQuality { .. })), "{quality}");
    }
}

#[test]
fn less_quality_is_less_bytes() {
    let size = |quality| {
        let options = WriteOptions { quality, ..WriteOptions::default() };
        chart(Depth::U8, false).encode(FileFormat::Jpeg, &options).unwrap().len()
    };
    assert!(size(10) < size(60) && size(60) < size(95));
}

/// What the encoder makes of the picture in one piece.
fn jpeg_in_one_piece(image: &Image, quality: u8, sampling: jpeg_encoder::SamplingFactor) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = jpeg_encoder::Encoder::new(&mut file, quality);
    encoder.set_sampling_factor(sampling);
    encoder.set_chroma_subsampling_method(jpeg_encoder::ChromaSubsamplingMethod::Average);
    let samples: Vec<u8> = image.to_rgba8().as_chunks::<4>().0.iter().flat_map(|[r, g, b, _]| [*r, *g, *b]).collect();
    let [width, height] = [image.width(), image.height()].map(|side| u16::try_from(side).unwrap());
    encoder.encode(&samples, width, height, jpeg_encoder::ColorType::Rgb).unwrap();
    file
}

#[test]
fn jpeg_in_strips_has_the_pixels_of_jpeg_in_one_piece() {
    let options = |quality, chroma| WriteOptions { quality, chroma, ..WriteOptions::default() };
    for (width, height) in [(1, 1), (3, 65), (33, 64), (100, 257), (17, 1201), (65_535, 70)] {
        let image = noise_of(width, height);
        for (quality, chroma, sampling) in [
            (89, Chroma::Auto, jpeg_encoder::SamplingFactor::F_2_2),
            (90, Chroma::Auto, jpeg_encoder::SamplingFactor::F_1_1),
            (95, Chroma::Half, jpeg_encoder::SamplingFactor::F_2_2),
            (30, Chroma::Full, jpeg_encoder::SamplingFactor::F_1_1),
        ] {
            let file = image.encode(FileFormat::Jpeg, &options(quality, chroma)).unwrap();
            let whole = decode(&jpeg_in_one_piece(&image, quality, sampling));
            assert!(decode(&file).pixels() == whole.pixels(), "{width}x{height} at {quality}, {chroma:?}");
        }
    }
}

#[test]
fn linear_light_is_encoded_for_display_formats_and_back_for_linear_ones() {
    let light = Image::from_rgba_f32(1, 1, vec![0.5, 0.1, 0.9, 1.0], Transfer::Linear, Alpha::Opaque).unwrap();
    let png = decode(&encode(&light, FileFormat::Png));
    assert_eq!((png.transfer(), png.depth()), (Transfer::Display, Depth::U16));
    assert_eq!(png.to_rgba8(), [188, 89, 243, 255]);
    let exr = decode(&encode(&png, FileFormat::Exr));
    assert_eq!(exr.transfer(), Transfer::Linear);
    assert!(distance(&exr, &light) < 2e-5);
}

#[test]
fn exr_keeps_values_beyond_one_and_below_zero() {
    let pixels = vec![-0.5, 1e-6, 60_000.0, 0.25, 0.0, 0.0, 0.0, 0.0];
    let image = Image::from_rgba_f32(2, 1, pixels.clone(), Transfer::Linear, Alpha::Premultiplied).unwrap();
    let back = decode(&encode(&image, FileFormat::Exr));
    assert_eq!(back.alpha(), Alpha::Premultiplied);
    assert_eq!(back.to_rgba_f32(), pixels);
}

#[test]
fn float_tiff_keeps_values_beyond_one_and_below_zero() {
    let pixels = vec![-0.5, 1e-6, 7.0, 0.25];
    let image = Image::from_rgba_f32(1, 1, pixels.clone(), Transfer::Display, Alpha::Straight).unwrap();
    assert_eq!(decode(&encode(&image, FileFormat::Tiff)).to_rgba_f32(), pixels);
}

#[test]
fn formats_without_alpha_lay_the_picture_on_white() {
    let pixels = vec![255, 0, 0, 0, 0, 0, 0, 255, 0, 0, 0, 128, 0, 0, 255, 255];
    let image = Image::from_rgba8(4, 1, pixels).unwrap();
    let prepared = prepare::prepare(&image, FileFormat::Jpeg, Depth::U8);
    assert_eq!(prepared.samples, Pixels::U8(vec![255, 255, 255, 0, 0, 0, 127, 127, 127, 0, 0, 255]));
    assert!(decode(&encode(&image, FileFormat::Jpeg)).is_opaque());
    let hdr = decode(&encode(&image, FileFormat::Hdr)).to_rgba_f32();
    assert_eq!(&hdr[..4], [1.0; 4]);
}

#[test]
fn opaque_pictures_are_written_without_alpha() {
    let png = encode(&chart(Depth::U8, false), FileFormat::Png);
    assert_eq!(png[25], 2, "color type RGB");
    let png = encode(&chart(Depth::U8, true), FileFormat::Png);
    assert_eq!(png[25], 6, "color type RGBA");
    assert!(encode(&chart(Depth::U8, false), FileFormat::Pnm).starts_with(b"P6"));
    assert!(encode(&chart(Depth::U8, true), FileFormat::Pnm).starts_with(b"P7"));
}

#[test]
fn gif_pixels_are_there_or_not() {
    let image = Image::from_rgba8(3, 1, vec![200, 0, 0, 127, 0, 200, 0, 128, 0, 0, 200, 255]).unwrap();
    let back = decode(&encode(&image, FileFormat::Gif));
    assert_eq!(back.to_rgba8(), [0, 0, 0, 0, 0, 200, 0, 255, 0, 0, 200, 255]);
}

#[test]
fn the_same_picture_gives_the_same_bytes() {
    for format in FORMATS {
        assert_eq!(encode(&chart(Depth::F32, true), format), encode(&chart(Depth::F32, true), format), "{format}");
    }
}
