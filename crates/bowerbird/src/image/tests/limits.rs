//! Headers that promise too much.

use super::*;

#[test]
fn every_format_obeys_the_pixel_limit() {
    for format in FORMATS {
        let file = encode(&chart(Depth::U8, false), format);
        let limited = |max_pixels| Image::decode(&file, &ReadOptions { max_pixels, ..ReadOptions::default() });
        assert!(matches!(limited(90), Err(ImageError::TooManyPixels { width: 13, height: 7, limit: 90 })), "{format}");
        assert!(limited(91).is_ok(), "{format}");
    }
}

#[test]
fn every_format_obeys_the_byte_limit_of_decoded_pixels() {
    for format in FORMATS {
        let image = Image::from_rgba8(200, 200, vec![255; 160_000]).unwrap();
        let file = encode(&image, format);
        let limited = |max_bytes| Image::decode(&file, &ReadOptions { max_bytes, ..ReadOptions::default() });
        let read = limited(file.len() as u64 - 1);
        assert!(matches!(read, Err(ImageError::TooManyBytes { what: "the file", .. })), "{format}: {read:?}");
        if file.len() < 159_999 {
            let read = limited(159_999);
            assert!(matches!(read, Err(ImageError::TooManyBytes { what: "the decoded picture", .. })), "{format}");
        }
        assert!(limited(4_000_000).is_ok(), "{format}");
    }
}

#[test]
fn a_huge_header_costs_nothing_and_names_the_option() {
    let mut png = Vec::new();
    drop(png::Encoder::new(&mut png, 90_000, 90_000).write_header().unwrap());
    let mut bmp = [&b"BM"[..], &[0; 8], &54_u32.to_le_bytes(), &40_u32.to_le_bytes()].concat();
    bmp.extend([90_000_u32, 90_000, 1 | 24 << 16, 0, 0, 0, 0, 0, 0].iter().flat_map(|v| v.to_le_bytes()));
    let qoi = [&b"qoif"[..], &90_000_u32.to_be_bytes(), &90_000_u32.to_be_bytes(), &[4, 0]].concat();
    let tiff = tiff_file(&tiff_fields((90_000, 90_000), 2, &[8; 3]), &[0; 8]);
    let files = [
        ("PNG", png),
        ("BMP", bmp),
        ("QOI", qoi),
        ("TIFF", tiff),
        ("PNM", b"P6 90000 90000 255\n".to_vec()),
        ("HDR", b"#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y 90000 +X 90000\n".to_vec()),
    ];
    for (name, file) in files {
        let error = decode_error(&file);
        let expected =
            "the picture has 90000x90000 pixels, above the limit of 512000000 pixels; raise it with --max-pixels";
        assert_eq!(error, expected, "{name}");
    }
    let gif = [&b"GIF89a"[..], &[0xFF; 4], &[0, 0, 0]].concat();
    assert!(decode_error(&gif).contains("65535x65535"));
}

#[test]
fn a_picture_of_no_pixels_is_an_error() {
    for file in [&b"P6 0 5 255\n"[..], b"P5 5 0 255\n"] {
        assert!(Image::decode(file, &ReadOptions::default()).is_err());
    }
}
