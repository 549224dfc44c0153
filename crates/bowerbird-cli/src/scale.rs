//! Scaling a picture before anything else happens to it: in linear light, premultiplied, with a Lanczos filter.

use crate::args::Size;
use bowerbird::Image;
use bowerbird::image::{ImageError, Transfer};
use bowerbird::resize::{ResizeFilter, resized};

/// The size of a picture fitted inside a frame, or nothing if it already fits.
pub(crate) fn fitted(image: (u32, u32), frame: Size) -> Option<Size> {
    let (width, height) = (f64::from(image.0), f64::from(image.1));
    let ratio = (f64::from(frame.width) / width).min(f64::from(frame.height) / height);
    let side = |side: f64| ((side * ratio).round() as u32).max(1);
    (ratio < 1.0).then(|| Size { width: side(width), height: side(height) })
}

/// The picture at another size, as linear premultiplied floats, with its metadata.
pub(crate) fn scaled(image: &Image, size: Size) -> Result<Image, ImageError> {
    resized(image, [size.width, size.height], ResizeFilter::Lanczos3, Transfer::Linear)
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
