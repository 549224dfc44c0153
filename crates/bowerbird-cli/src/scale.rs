//! Scaling a picture before anything else happens to it: in linear light, premultiplied, with a Lanczos filter.

use crate::args::Size;
use bowerbird::Image;
use bowerbird::image::{Alpha, Depth, ImageError, Transfer};
use bowerbird::lane::color::{LEAST_ALPHA, decode};
use bowerbird::resize::{ResizeFilter, resize};
use rayon::prelude::*;

/// The size of a picture fitted inside a frame, or nothing if it already fits.
pub(crate) fn fitted(image: (u32, u32), frame: Size) -> Option<Size> {
    let (width, height) = (f64::from(image.0), f64::from(image.1));
    let ratio = (f64::from(frame.width) / width).min(f64::from(frame.height) / height);
    let side = |side: f64| ((side * ratio).round() as u32).max(1);
    (ratio < 1.0).then(|| Size { width: side(width), height: side(height) })
}

/// The picture at another size, as linear premultiplied floats, with its metadata.
pub(crate) fn scaled(image: &Image, size: Size) -> Result<Image, ImageError> {
    let side = |side: u32| side as usize;
    let pixels = linear(image);
    let (width, height) = (side(image.width()), side(image.height()));
    let pixels = resize(&pixels, width, height, side(size.width), side(size.height), ResizeFilter::Lanczos3);
    let alpha = if image.is_opaque() { Alpha::Opaque } else { Alpha::Premultiplied };
    let out = Image::from_rgba_f32(size.width, size.height, pixels, Transfer::Linear, alpha)?;
    Ok(out.with_metadata(image.metadata().clone()))
}

/// The pixels as linear premultiplied floats.
fn linear(image: &Image) -> Vec<f32> {
    let (transfer, alpha) = (image.transfer(), image.alpha());
    let mut pixels = image.to_rgba_f32();
    // 8-bit pictures have 256 values to decode, not millions.
    let table: Vec<f32> = (0..=255u8).map(|code| decode(f32::from(code) / 255.0)).collect();
    let eight_bits = image.depth() == Depth::U8 && alpha != Alpha::Premultiplied;
    let to_linear = |value: f32| match transfer {
        Transfer::Linear => value,
        Transfer::Display if eight_bits => table[((value * 255.0 + 0.5) as usize).min(255)],
        Transfer::Display => decode(value),
    };
    pixels.par_chunks_mut(4 * image.width() as usize).for_each(|row| {
        for pixel in row.chunks_exact_mut(4) {
            let [r, g, b, a] = pixel else { continue };
            for color in [r, g, b] {
                let straight = match alpha {
                    Alpha::Premultiplied if *a > LEAST_ALPHA => *color / *a,
                    Alpha::Premultiplied => 0.0,
                    Alpha::Straight | Alpha::Opaque => *color,
                };
                *color = to_linear(straight) * *a;
            }
        }
    });
    pixels
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_are_fitted_and_never_enlarged() {
        let frame = Size { width: 100, height: 50 };
        assert_eq!(fitted((400, 100), frame), Some(Size { width: 100, height: 25 }));
        assert_eq!(fitted((100, 100), frame), Some(Size { width: 50, height: 50 }));
        assert_eq!(fitted((4000, 1), frame), Some(Size { width: 100, height: 1 }));
        assert_eq!(fitted((100, 50), frame), None);
        assert_eq!(fitted((10, 10), frame), None);
    }

    #[test]
    fn light_is_averaged_not_code_values() {
        let image = Image::from_rgba8(2, 1, vec![0, 0, 0, 255, 255, 255, 255, 255]).expect("image");
        let half = scaled(&image, Size { width: 1, height: 1 }).expect("scaled");
        assert!((half.to_rgba_f32()[0] - 0.5).abs() < 1e-6);
        assert!(half.to_rgba8()[0].abs_diff(188) <= 1);
    }
}
