//! The forms that values of options take.

use bowerbird::image::{self, FileFormat};
use bowerbird::ir;
use clap::ValueEnum;
use core::str::FromStr;
use std::path::Path;

/// What renders.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Backend {
    /// A real graphics card where there is one, else the processor.
    Auto,
    /// The processor.
    Cpu,
    /// The graphics card, even one in software.
    Gpu,
}

impl From<Backend> for bowerbird::Backend {
    fn from(backend: Backend) -> Self {
        match backend {
            Backend::Auto => Self::Auto,
            Backend::Cpu => Self::Cpu,
            Backend::Gpu => Self::Gpu,
        }
    }
}

/// How close the graphics card stays to the processor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Precision {
    /// Precise when the input or the output has more than 8 bits.
    Auto,
    /// Within one 8-bit level.
    Fast,
    /// Within a few units in the last place of a float.
    Precise,
}

impl From<Precision> for Option<ir::Precision> {
    fn from(precision: Precision) -> Self {
        match precision {
            Precision::Auto => None,
            Precision::Fast => Some(ir::Precision::Fast),
            Precision::Precise => Some(ir::Precision::Precise),
        }
    }
}

/// Which instructions the processor uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Simd {
    /// The best that it has.
    Best,
    /// AVX2, where it has wider ones.
    Avx2,
    /// The least of its kind: SSE4.2 or NEON.
    Baseline,
    /// One pixel at a time.
    Scalar,
}

impl From<Simd> for bowerbird::Simd {
    fn from(simd: Simd) -> Self {
        match simd {
            Simd::Best => Self::Best,
            Simd::Avx2 => Self::Avx2,
            Simd::Baseline => Self::Baseline,
            Simd::Scalar => Self::Scalar,
        }
    }
}

/// Resolution of color in JPEG files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Chroma {
    /// Full from quality 90 up, else half.
    Auto,
    /// As fine as brightness (4:4:4).
    Full,
    /// Averaged two by two (4:2:0), as cameras write it: smaller, and faster to write.
    Half,
}

impl From<Chroma> for image::Chroma {
    fn from(chroma: Chroma) -> Self {
        match chroma {
            Chroma::Auto => Self::Auto,
            Chroma::Full => Self::Full,
            Chroma::Half => Self::Half,
        }
    }
}

/// Bits of a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Depth {
    /// 8 bits.
    #[value(name = "8")]
    Eight,
    /// 16 bits.
    #[value(name = "16")]
    Sixteen,
    /// 32-bit floats.
    Float,
}

impl From<Depth> for image::Depth {
    fn from(depth: Depth) -> Self {
        match depth {
            Depth::Eight => Self::U8,
            Depth::Sixteen => Self::U16,
            Depth::Float => Self::F32,
        }
    }
}

/// A width and a height in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Size {
    pub(crate) width: u32,
    pub(crate) height: u32,
}

/// The longest side that is taken from the command line.
const LONGEST_SIDE: u32 = 1 << 20;

impl FromStr for Size {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let side = |text: &str| text.trim().parse().ok().filter(|side| (1..=LONGEST_SIDE).contains(side));
        text.split_once(['x', 'X', '×'])
            .and_then(|(width, height)| Some(Self { width: side(width)?, height: side(height)? }))
            .ok_or_else(|| format!("expected width and height in pixels, as 1920x1080, each 1 to {LONGEST_SIDE}"))
    }
}

/// A number with an optional letter that multiplies it.
fn scaled(text: &str, thousand: f64) -> Option<u64> {
    let end = text.find(|letter: char| !letter.is_ascii_digit() && letter != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let power = match unit.trim().to_ascii_lowercase().trim_end_matches('b').trim_end_matches('i') {
        "" => 0,
        "k" => 1,
        "m" => 2,
        "g" => 3,
        "t" => 4,
        _ => return None,
    };
    let value = number.parse::<f64>().ok()? * thousand.powi(power);
    (value >= 1.0).then_some(value as u64)
}

/// Bytes, with the binary K, M, G or T.
pub(crate) fn bytes(text: &str) -> Result<u64, String> {
    scaled(text, 1024.0).ok_or_else(|| "expected a number of bytes, as 500M or 2G".into())
}

/// A count, with the decimal K, M, G or T.
pub(crate) fn count(text: &str) -> Result<u64, String> {
    scaled(text, 1000.0).ok_or_else(|| "expected a number, as 50M".into())
}

/// A file format by its ending, with the ending as it was given.
pub(crate) fn format(text: &str) -> Result<(String, FileFormat), String> {
    let ending = text.trim_start_matches('.').to_ascii_lowercase();
    let format = FileFormat::of_name(Path::new(&format!("picture.{ending}")));
    format
        .map(|format| (ending, format))
        .ok_or_else(|| "expected png, jpg, tif, webp, gif, bmp, qoi, exr, hdr or ppm".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_and_amounts_are_read_as_people_write_them() {
        assert_eq!("1920x1080".parse(), Ok(Size { width: 1920, height: 1080 }));
        assert_eq!("7×3".parse(), Ok(Size { width: 7, height: 3 }));
        for bad in ["", "x", "0x4", "4", "4x", "-1x2", "9999999x1"] {
            assert!(bad.parse::<Size>().is_err(), "{bad}");
        }
        assert_eq!(bytes("1.5k"), Ok(1536));
        assert_eq!(bytes("2GiB"), Ok(2 << 30));
        assert_eq!(count("50M"), Ok(50_000_000));
        assert!(bytes("lots").is_err() && bytes("0").is_err() && count("").is_err());
    }
}
