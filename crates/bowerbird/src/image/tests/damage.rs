//! Files that are not what they should be.

use super::*;

/// A picture that compresses badly, so that every format has data to lose.
fn noise() -> Image {
    noise_of(40, 30)
}

#[test]
fn a_file_cut_short_is_an_error_in_every_format() {
    for format in FORMATS {
        let whole = encode(&noise(), format);
        for sixteenth in 1..16 {
            let cut = &whole[..whole.len() * sixteenth / 16];
            let read = Image::decode(cut, &ReadOptions::default());
            assert!(read.is_err(), "{format} cut to {sixteenth}/16 was read");
        }
        let error = decode_error(&whole[..whole.len() * 3 / 4]);
        assert!(error.starts_with(&format!("damaged or incomplete {format} file: ")), "{error}");
    }
}

#[test]
fn a_file_cut_at_its_very_end_is_an_error_where_the_format_has_an_end() {
    for format in [FileFormat::Png, FileFormat::Jpeg, FileFormat::Bmp, FileFormat::Pnm, FileFormat::Hdr] {
        let whole = encode(&noise(), format);
        assert!(Image::decode(&whole[..whole.len() - 1], &ReadOptions::default()).is_err(), "{format}");
    }
}

#[test]
fn no_prefix_of_a_file_panics() {
    for format in FORMATS {
        let whole = encode(&chart(Depth::U8, format != FileFormat::Gif), format);
        for length in 0..whole.len() {
            let _ = Image::decode(&whole[..length], &ReadOptions::default());
        }
    }
}

#[test]
fn no_changed_byte_panics() {
    let small = ReadOptions { max_pixels: 1 << 16, max_bytes: 1 << 22 };
    for format in FORMATS {
        let whole = encode(&chart(Depth::U8, format != FileFormat::Gif), format);
        for at in 0..whole.len().min(300) {
            for value in [0, 128, 255, whole[at] ^ 1] {
                let mut changed = whole.clone();
                changed[at] = value;
                let _ = Image::decode(&changed, &small);
            }
        }
    }
}

#[test]
fn damaged_data_is_an_error_where_the_format_can_tell() {
    let mut png = encode(&noise(), FileFormat::Png);
    let middle = png.len() / 2;
    png[middle] ^= 0x55;
    assert!(decode_error(&png).contains("PNG"));

    // A marker where none belongs, in the middle of the scan.
    let mut jpeg = encode(&noise(), FileFormat::Jpeg);
    let middle = jpeg.len() / 2;
    jpeg[middle..middle + 2].copy_from_slice(&[0xFF, 0xC4]);
    assert!(decode_error(&jpeg).contains("JPEG"));
}

/// A JPEG file of the encoder, as it is told to be.
fn jpeg(width: u16, height: u16, tell: impl Fn(&mut jpeg_encoder::Encoder<&mut Vec<u8>>)) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = jpeg_encoder::Encoder::new(&mut file, 80);
    tell(&mut encoder);
    let samples = vec![90; usize::from(width) * usize::from(height) * 3];
    encoder.encode(&samples, width, height, jpeg_encoder::ColorType::Rgb).unwrap();
    file
}

#[test]
fn a_jpeg_that_the_decoder_makes_garbage_of_is_refused() {
    let apart = jpeg(64, 64, |encoder| encoder.set_optimized_huffman_tables(true));
    assert!(decode_error(&apart).contains("whose colors are stored one after another"));
    let mut fine = jpeg(64, 64, |_| {});
    let frame = fine.windows(2).position(|marker| marker == [0xFF, 0xC0]).unwrap();
    // Sampling of the first color, behind its number.
    fine[frame + 14] = 0x22;
    fine[frame + 11] = 0x11;
    assert!(decode_error(&fine).contains("whose color is finer than its brightness"));
    for (marker, kind) in [(0xC3, "without loss"), (0xC9, "in arithmetic code")] {
        let mut other = jpeg(64, 64, |_| {});
        other[frame + 1] = marker;
        assert!(decode_error(&other).contains(kind));
    }
}

#[test]
fn a_jpeg_with_less_data_than_pixels_is_refused() {
    for progressive in [false, true] {
        let mut file = jpeg(64, 64, |encoder| encoder.set_progressive(progressive));
        assert_eq!(decode(&file).size(), (64, 64));
        let frame = file.windows(2).position(|marker| matches!(marker, [0xFF, 0xC0 | 0xC2])).unwrap();
        file[frame + 5..frame + 9].copy_from_slice(&[0x20, 0, 0x20, 0]);
        assert!(decode_error(&file).contains("there is not enough data for a picture of its size"));
    }
    // The least of all: a block of one color.
    for quality in [1, 100] {
        let options = WriteOptions { quality, ..WriteOptions::default() };
        let dot = Image::from_rgba8(1, 1, vec![128, 128, 128, 255]).unwrap();
        assert_eq!(decode(&dot.encode(FileFormat::Jpeg, &options).unwrap()).size(), (1, 1));
    }
}

#[test]
fn what_is_no_picture_is_named() {
    for file in [&b""[..], b"P", b"hello, this is text", b"PK\x03\x04"] {
        let error = decode_error(file);
        assert!(error.starts_with("not a picture this program can read; it reads PNG, JPEG,"), "{error}");
    }
    let heic = decode_error(b"\0\0\0\x18ftypheic\0\0\0\0");
    assert_eq!(heic, "HEIC is not supported; convert the file to PNG or TIFF first");
}

#[test]
fn a_kind_of_file_that_is_not_supported_is_named() {
    let lab = decode_error(&tiff_file(&tiff_fields((1, 1), 8, &[8; 3]), &[1, 2, 3]));
    assert!(lab.contains("TIFF") && lab.matches("support").count() == 1, "{lab}");
}
