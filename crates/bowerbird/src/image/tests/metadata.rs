//! What travels with the pixels.

use super::*;
use std::io::Cursor;

const EXIF: &[u8] = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x01\0\0\0\0\0\0\0";
const XMP: &[u8] = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'/>";
const IPTC: &[u8] = b"\x1c\x02\x50\0\x05Maker";

fn rich() -> Image {
    chart(Depth::U8, false).with_metadata(Metadata {
        exif: Some(EXIF.to_vec()),
        xmp: Some(XMP.to_vec()),
        iptc: Some(IPTC.to_vec()),
        dpi: Some([300.0, 200.0]),
        warnings: vec!["a remark about another file".to_owned()],
    })
}

#[test]
fn each_format_keeps_what_it_has_a_place_for() {
    // Format, EXIF, XMP, IPTC, resolution.
    let table = [
        (FileFormat::Png, true, true, false, true),
        (FileFormat::Jpeg, true, true, true, true),
        (FileFormat::Tiff, false, true, true, true),
        (FileFormat::WebP, true, true, false, false),
        (FileFormat::Bmp, false, false, false, false),
        (FileFormat::Exr, false, false, false, false),
    ];
    for (format, exif, xmp, iptc, dpi) in table {
        let found = decode(&encode(&rich(), format)).metadata().clone();
        let lost = [(exif, "EXIF"), (xmp, "XMP"), (iptc, "IPTC")].map(|(kept, name)| if kept { "" } else { name });
        let lost: Vec<&str> = lost.into_iter().filter(|name| !name.is_empty()).collect();
        let told = rich().losses(format, &WriteOptions::default());
        match lost.is_empty() {
            true => assert_eq!(told, Vec::<String>::new(), "{format}"),
            false => {
                assert!(told.len() == 1 && told[0].starts_with(&format!("{} metadata", lost.join(", "))), "{told:?}")
            }
        }
        assert_eq!(found.exif.as_deref(), exif.then_some(EXIF), "{format}");
        assert_eq!(found.xmp.as_deref(), xmp.then_some(XMP), "{format}");
        assert_eq!(found.iptc.as_deref(), iptc.then_some(IPTC), "{format}");
        let expected = dpi.then_some([300.0, 200.0]);
        assert_eq!(found.dpi.map(|dpi| dpi.map(f32::round)), expected, "{format}");
        assert_eq!(found.warnings, Vec::<String>::new(), "{format}");
    }
}

#[test]
fn strip_leaves_pixels_and_color_only() {
    let options = WriteOptions { metadata: KeepMetadata::Strip, ..WriteOptions::default() };
    for format in [FileFormat::Png, FileFormat::Jpeg, FileFormat::Tiff, FileFormat::WebP] {
        let file = rich().encode(format, &options).unwrap();
        assert_eq!(*decode(&file).metadata(), Metadata::default(), "{format}");
        assert_eq!(rich().losses(format, &options), Vec::<String>::new(), "{format}");
        let plain = encode(&chart(Depth::U8, false), format);
        assert_eq!(file, plain, "{format}");
    }
}

#[test]
fn a_block_too_long_for_jpeg_is_left_out() {
    let mut image = rich();
    image.metadata_mut().exif = Some([EXIF, &[0; 70_000]].concat());
    let found = decode(&encode(&image, FileFormat::Jpeg));
    assert_eq!(found.metadata().exif, None);
    assert_eq!(found.metadata().xmp.as_deref(), Some(XMP));
    let told = image.losses(FileFormat::Jpeg, &WriteOptions::default());
    assert!(told.len() == 1 && told[0].starts_with("EXIF metadata"), "{told:?}");
}

#[test]
fn transparency_that_a_format_does_not_have_is_told() {
    for format in FORMATS {
        let told = |has_alpha| chart(Depth::U8, has_alpha).losses(format, &WriteOptions::default());
        assert_eq!(told(false), Vec::<String>::new(), "{format}");
        assert_eq!(!told(true).is_empty(), matches!(format, FileFormat::Jpeg | FileFormat::Hdr), "{format}");
    }
}

#[test]
fn exif_in_a_tiff_is_told_to_be_left_out() {
    use ::tiff::encoder::{TiffEncoder, colortype::RGB8};
    let mut file = Cursor::new(Vec::new());
    let mut encoder = TiffEncoder::new(&mut file).unwrap();
    let mut picture = encoder.new_image::<RGB8>(1, 1).unwrap();
    picture.encoder().write_tag(::tiff::tags::Tag::ExifDirectory, 8_u32).unwrap();
    picture.write_data(&[1, 2, 3]).unwrap();
    assert_eq!(decode(&file.into_inner()).metadata().warnings, ["EXIF metadata is not read from TIFF files"]);
}

#[test]
fn an_absurd_resolution_is_not_written() {
    for dpi in [[0.0, 0.0], [f32::NAN, 72.0], [f32::INFINITY, 72.0], [-3.0, 5.0]] {
        let mut image = rich();
        image.metadata_mut().dpi = Some(dpi);
        for format in [FileFormat::Png, FileFormat::Jpeg, FileFormat::Tiff] {
            assert_eq!(decode(&encode(&image, format)).metadata().dpi, None, "{format} {dpi:?}");
        }
    }
}

#[test]
fn the_thumbnail_does_not_outlive_the_picture_it_shows() {
    let field = |tag: u16, value: u32| {
        [&tag.to_le_bytes()[..], &4_u16.to_le_bytes(), &1_u32.to_le_bytes(), &value.to_le_bytes()].concat()
    };
    let exif = [
        &b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x03\0\0\0"[..],
        &26_u32.to_le_bytes(),
        b"\x02\0",
        &field(0x0201, 56),
        &field(0x0202, 9),
        &[0; 4],
        b"THUMBNAIL",
    ]
    .concat();
    let mut image = chart(Depth::U8, false);
    image.metadata_mut().exif = Some(exif.clone());
    let kept = decode(&encode(&image, FileFormat::Png)).metadata().exif.clone().unwrap();
    assert_eq!(kept.len(), exif.len());
    assert_eq!(kept[18], 1, "upright");
    assert_eq!(kept[22..26], [0; 4], "unlinked");
    assert!(!kept.windows(5).any(|window| window == b"THUMB"), "blank");
}

#[test]
fn xmp_says_upright_too() {
    for (before, after) in [
        (r#"<d tiff:Orientation="6"/>"#, r#"<d tiff:Orientation="1"/>"#),
        ("<tiff:Orientation>8</tiff:Orientation>", "<tiff:Orientation>1</tiff:Orientation>"),
        (r#"<d tiff:Orientation=""#, r#"<d tiff:Orientation=""#),
    ] {
        let mut image = chart(Depth::U8, false);
        image.metadata_mut().xmp = Some(before.as_bytes().to_vec());
        let found = decode(&encode(&image, FileFormat::WebP));
        assert_eq!(found.metadata().xmp.as_deref(), Some(after.as_bytes()));
    }
}

#[test]
fn the_encoders_that_cannot_carry_metadata_do_not_mind_it() {
    for format in FORMATS {
        assert_eq!(decode(&encode(&rich(), format)).size(), (13, 7), "{format}");
    }
}
