//! Cameras held in all eight ways.

use super::*;

/// A minimal EXIF block with an orientation, in either byte order.
fn exif(orientation: u16, is_little: bool) -> Vec<u8> {
    let n16 = |v: u16| if is_little { v.to_le_bytes() } else { v.to_be_bytes() };
    let n32 = |v: u32| if is_little { v.to_le_bytes() } else { v.to_be_bytes() };
    let start: &[u8] = if is_little { b"II" } else { b"MM" };
    let field = [&n16(0x112)[..], &n16(3), &n32(1), &n16(orientation), &n16(0)].concat();
    [start, &n16(42), &n32(8), &n16(1), &field, &n32(0)].concat()
}

/// The 3x2 picture 1 2 3 / 4 5 6, upright, for each way of storing it.
const STORED: [(u16, u32, [u8; 6]); 8] = [
    (1, 3, [1, 2, 3, 4, 5, 6]),
    (2, 3, [3, 2, 1, 6, 5, 4]),
    (3, 3, [6, 5, 4, 3, 2, 1]),
    (4, 3, [4, 5, 6, 1, 2, 3]),
    (5, 2, [1, 4, 2, 5, 3, 6]),
    (6, 2, [3, 6, 2, 5, 1, 4]),
    (7, 2, [6, 3, 5, 2, 4, 1]),
    (8, 2, [4, 1, 5, 2, 6, 3]),
];

#[test]
fn all_eight_orientations_come_out_upright() {
    for (orientation, width, codes) in STORED {
        for is_little in [false, true] {
            let pixels = codes.iter().flat_map(|c| [*c, *c, *c, 255]).collect();
            let mut stored = Image::from_rgba8(width, 6 / width, pixels).unwrap();
            stored.metadata_mut().exif = Some(exif(orientation, is_little));
            stored.metadata_mut().dpi = Some([300.0, 150.0]);
            let image = decode(&encode(&stored, FileFormat::Png));
            assert_eq!(image.size(), (3, 2), "orientation {orientation}");
            let red: Vec<u8> = image.to_rgba8().iter().copied().step_by(4).collect();
            assert_eq!(red, [1, 2, 3, 4, 5, 6], "orientation {orientation}");
            assert_eq!(image.metadata().exif, Some(exif(1, is_little)), "the kept block says upright");
            let dpi = if orientation > 4 { [150.0, 300.0] } else { [300.0, 150.0] };
            assert_eq!(image.metadata().dpi.map(|dpi| dpi.map(f32::round)), Some(dpi));
        }
    }
}

#[test]
fn orientation_is_applied_once() {
    let jpeg = encode(&chart(Depth::U8, false), FileFormat::Jpeg);
    let turned = with_segment(&jpeg, 0xE1, &[&b"Exif\0\0"[..], &exif(6, true)].concat());
    let once = decode(&turned);
    assert_eq!(once.size(), (7, 13));
    assert_eq!(decode(&encode(&once, FileFormat::Jpeg)).size(), (7, 13));
    assert_eq!(decode(&encode(&once, FileFormat::WebP)).size(), (7, 13));
}

#[test]
fn tiff_has_a_tag_of_its_own() {
    let mut fields = tiff_fields((3, 2), 1, &[8]);
    fields.push((274, 3, vec![8]));
    let image = decode(&tiff_file(&fields, &[1, 2, 3, 4, 5, 6]));
    assert_eq!(image.size(), (2, 3));
    let gray: Vec<u8> = image.to_rgba8().iter().copied().step_by(4).collect();
    assert_eq!(gray, [3, 6, 2, 5, 1, 4]);
}

#[test]
fn a_broken_block_is_kept_and_changes_nothing() {
    for length in 0..20 {
        let mut image = chart(Depth::U8, false);
        image.metadata_mut().exif = Some(exif(6, true)[..length].to_vec());
        assert_eq!(decode(&encode(&image, FileFormat::WebP)).size(), (13, 7), "{length} bytes");
    }
    let mut image = chart(Depth::U8, false);
    image.metadata_mut().exif = Some(exif(99, true));
    assert_eq!(decode(&encode(&image, FileFormat::Png)).size(), (13, 7));
}
