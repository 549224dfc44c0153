//! Bringing a second picture to the size of the frame.

use crate::image::{Alpha, Image, Transfer};
use crate::resize::{ResizeFilter, resized_floats};
use bowerbird_derive::Choice;
use std::sync::Arc;

/// How a picture of another size or shape meets the frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Choice)]
pub enum Fit {
    /// Each side on its own.
    Stretch,
    /// Enlarged until it covers the frame; what stands over is cut.
    #[default]
    Cover,
    /// Reduced until it is wholly in the frame; the rest is transparent.
    Contain,
    /// At its own size in the middle.
    Center,
}

/// A picture at the size of a frame that is rendered at `scale`. Colors are resampled in linear light; data (masks,
/// maps) as they are stored.
pub(crate) fn fit_layer(
    image: &Arc<Image>,
    width: u32,
    height: u32,
    scale: f64,
    fit: Fit,
    is_color: bool,
) -> Arc<Image> {
    let (w, h) = (f64::from(image.width()), f64::from(image.height()));
    let (frame_w, frame_h) = (f64::from(width), f64::from(height));
    let ratios = (frame_w / w, frame_h / h);
    let (sx, sy) = match fit {
        Fit::Stretch => ratios,
        Fit::Cover => (ratios.0.max(ratios.1), ratios.0.max(ratios.1)),
        Fit::Contain => (ratios.0.min(ratios.1), ratios.0.min(ratios.1)),
        Fit::Center => (scale, scale),
    };
    let (to_w, to_h) = (((w * sx).round() as u32).max(1), ((h * sy).round() as u32).max(1));
    if (to_w, to_h) == (width, height) && (to_w, to_h) == (image.width(), image.height()) {
        return image.clone();
    }
    let space = if is_color { Transfer::Linear } else { image.transfer() };
    let resized = resized_floats(image, [to_w, to_h], ResizeFilter::Bilinear, space);
    let placed = place(&resized, (to_w, to_h), (width, height));
    let covered = to_w >= width && to_h >= height;
    let alpha = if image.alpha() == Alpha::Opaque && covered { Alpha::Opaque } else { Alpha::Premultiplied };
    Image::from_rgba_f32(width, height, placed, space, alpha).map_or_else(|_| image.clone(), Arc::new)
}

/// Lays a picture in the middle of a transparent frame, cutting what stands over.
fn place(pixels: &[f32], from: (u32, u32), to: (u32, u32)) -> Vec<f32> {
    if from == to {
        return pixels.to_vec();
    }
    let offset = |from: u32, to: u32| (i64::from(to) - i64::from(from)).div_euclid(2);
    let (left, top) = (offset(from.0, to.0), offset(from.1, to.1));
    let mut out = vec![0.0; to.0 as usize * to.1 as usize * 4];
    for y in 0..i64::from(to.1) {
        let source_y = y - top;
        if !(0..i64::from(from.1)).contains(&source_y) {
            continue;
        }
        let (first, last) = (left.max(0), (left + i64::from(from.0)).min(i64::from(to.0)));
        let source = ((source_y * i64::from(from.0) + first - left) * 4) as usize;
        let target = ((y * i64::from(to.0) + first) * 4) as usize;
        let length = ((last - first) * 4) as usize;
        out[target..target + length].copy_from_slice(&pixels[source..source + length]);
    }
    out
}
