//! From the kernel's description of colors to matrix and range.
//!
//! The rules are those of `V4L2_MAP_YCBCR_ENC_DEFAULT` and `V4L2_MAP_QUANTIZATION_DEFAULT` in `linux/videodev2.h`.
//! Numbers are compared as numbers; one that a later kernel adds means the default.

use crate::{ColorMatrix, ColorRange};

// enum v4l2_colorspace.
const SMPTE240M: u32 = 2;
const REC709: u32 = 3;
const JPEG: u32 = 7;
const BT2020: u32 = 10;
const DCI_P3: u32 = 12;

/// The matrix of `encoding` (enum v4l2_ycbcr_encoding), or else that of the color space.
pub(super) fn matrix(encoding: u32, space: u32) -> ColorMatrix {
    match encoding {
        // 601, xvYCC 601, sYCC.
        1 | 3 | 5 => ColorMatrix::Bt601,
        // 709, xvYCC 709, and SMPTE 240M, whose weights (0.212, 0.087) are nearest to those of 709.
        2 | 4 | 8 => ColorMatrix::Bt709,
        // BT.2020, with constant luminance too, which nothing sends.
        6 | 7 => ColorMatrix::Bt2020,
        _ => match space {
            REC709 | DCI_P3 | SMPTE240M => ColorMatrix::Bt709,
            BT2020 => ColorMatrix::Bt2020,
            _ => ColorMatrix::Bt601,
        },
    }
}

/// The range of `quantization` (enum v4l2_quantization), or else that of the color space.
pub(super) fn range(quantization: u32, space: u32) -> ColorRange {
    match quantization {
        1 => ColorRange::Full,
        2 => ColorRange::Limited,
        _ if space == JPEG => ColorRange::Full,
        _ => ColorRange::Limited,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_follow_the_color_space() {
        // SRGB (8), as webcams say; then explicit values against the default of the color space.
        let cases = [
            (0, 0, 8, ColorMatrix::Bt601, ColorRange::Limited),
            (0, 0, JPEG, ColorMatrix::Bt601, ColorRange::Full),
            (0, 0, REC709, ColorMatrix::Bt709, ColorRange::Limited),
            (0, 0, BT2020, ColorMatrix::Bt2020, ColorRange::Limited),
            (1, 1, REC709, ColorMatrix::Bt601, ColorRange::Full),
            (2, 2, JPEG, ColorMatrix::Bt709, ColorRange::Limited),
            (99, 99, 99, ColorMatrix::Bt601, ColorRange::Limited),
        ];
        for (encoding, quantization, space, wanted_matrix, wanted_range) in cases {
            assert_eq!(matrix(encoding, space), wanted_matrix, "{encoding} {space}");
            assert_eq!(range(quantization, space), wanted_range, "{quantization} {space}");
        }
    }
}
