//! Ink.

use jpeg_encoder::{ColorType, Encoder};

use super::*;

/// 16x16 pixels of one ink mixture, 255 for full.
fn cmyk_jpeg(inks: [u8; 4], color: ColorType) -> Vec<u8> {
    let mut file = Vec::new();
    Encoder::new(&mut file, 100).encode(&inks.repeat(256), 16, 16, color).unwrap();
    file
}

const INKS: [([u8; 4], [u8; 3]); 5] = [
    ([0, 0, 0, 0], [255, 255, 255]),
    ([255, 0, 0, 0], [0, 255, 255]),
    ([0, 128, 255, 0], [255, 127, 0]),
    ([0, 0, 0, 128], [127, 127, 127]),
    ([64, 0, 128, 64], [143, 191, 95]),
];

#[test]
fn adobe_cmyk_and_ycck_are_inverted() {
    for (inks, rgb) in INKS {
        for color in [ColorType::Cmyk, ColorType::CmykAsYcck] {
            let image = decode(&cmyk_jpeg(inks, color));
            assert!(image.is_opaque());
            for (found, expected) in image.to_rgba8().iter().zip(rgb) {
                assert!(found.abs_diff(expected) <= 2, "{color:?} {inks:?}: {found} is not {expected}");
            }
            assert!(image.metadata().warnings[0].contains("CMYK"));
        }
    }
}

#[test]
fn cmyk_without_adobes_marker_is_not_inverted() {
    let file = without_segments(&cmyk_jpeg([255, 0, 0, 0], ColorType::Cmyk), 0xEE);
    // The encoder stores 0 for full ink, which without the marker reads as none.
    assert_eq!(decode(&file).to_rgba8()[..4], [0, 0, 0, 255]);
}

#[test]
fn cmyk_tiff_in_both_depths() {
    for (inks, rgb) in INKS {
        let file = tiff_file(&tiff_fields((1, 1), 5, &[8; 4]), &inks);
        let image = decode(&file);
        assert_eq!((image.to_rgba8(), image.depth()), ([&rgb[..], &[255]].concat(), Depth::U8));
        let words: Vec<u8> = inks.iter().flat_map(|v| (u16::from(*v) * 257).to_le_bytes()).collect();
        let image = decode(&tiff_file(&tiff_fields((1, 1), 5, &[16; 4]), &words));
        assert_eq!((image.to_rgba8(), image.depth()), ([&rgb[..], &[255]].concat(), Depth::U16));
    }
}

/// A printing profile of two steps an ink: paper is white, any ink alone or together is mid gray (L* 53.585, which is
/// 127.5/255 in sRGB), full black is black.
fn printing_profile() -> Vec<u8> {
    let ramp: Vec<u8> = (0..=255).collect();
    let mut lut = b"mft1\0\0\0\0\x04\x03\x02\0".to_vec();
    for row in 0..9_u32 {
        lut.extend((if row % 4 == 0 { 0x1_0000_u32 } else { 0 }).to_be_bytes());
    }
    lut.extend(ramp.repeat(4));
    for corner in 0..16 {
        let lightness = match corner {
            0 => 255,
            c if c % 2 == 1 => 0,
            _ => 137,
        };
        lut.extend([lightness, 128, 128]);
    }
    lut.extend(ramp.repeat(3));

    let mut profile = vec![0; 128];
    profile[8..12].copy_from_slice(&[2, 0x40, 0, 0]);
    profile[12..24].copy_from_slice(b"prtrCMYKLab ");
    profile[36..40].copy_from_slice(b"acsp");
    profile[68..80].copy_from_slice(&[0, 0, 0xF6, 0xD6, 0, 1, 0, 0, 0, 0, 0xD3, 0x2D]);
    profile.extend(1_u32.to_be_bytes());
    profile.extend(b"A2B0");
    profile.extend(144_u32.to_be_bytes());
    profile.extend(u32::try_from(lut.len()).unwrap().to_be_bytes());
    profile.extend(lut);
    let length = u32::try_from(profile.len()).unwrap().to_be_bytes();
    profile[..4].copy_from_slice(&length);
    profile
}

#[test]
fn a_printing_profile_is_used() {
    for (inks, gray) in [([0, 0, 0, 0], 255), ([255, 0, 0, 0], 128), ([0, 255, 255, 0], 128), ([0, 0, 0, 255], 0)] {
        let file = with_profile(&cmyk_jpeg(inks, ColorType::Cmyk), &printing_profile());
        let image = decode(&file);
        for found in &image.to_rgba8()[..3] {
            assert!(found.abs_diff(gray) <= 2, "{inks:?}: {found} is not {gray}");
        }
        assert_eq!(image.metadata().warnings, Vec::<String>::new());
    }
}
