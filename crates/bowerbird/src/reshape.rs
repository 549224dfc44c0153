//! Changing the grid of pixels: cutting, turning, resizing.
//!
//! A plan has one size. So a chain is cut where its size changes ([`crate::Engine`] does that), and what lies between
//! two plans is one of these. All but resizing copy pixels at their depth, and so does resizing by the nearest; the other
//! filters work on premultiplied floats in the space of the step, straight from 8-bit codes, in fixed point, where the
//! picture is opaque and in that space already.

use crate::error::Error;
use crate::frame::Frame;
use crate::image::{Alpha, Depth, Image, Pixels, Transfer};
use crate::image_fit::premultiplied;
use crate::resize::{ResizeFilter, nearest, resize, resize_codes};

/// A change of the grid of pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Reshape {
    /// A rectangle of the picture: left, top, width, height, inside it.
    Crop([u32; 4]),
    /// Quarter turns, counter-clockwise.
    Turn(u32),
    /// Resampled to a width and height of at least 1.
    Resize([u32; 2], ResizeFilter),
}

impl Reshape {
    /// The size of the result.
    pub fn size(self, [width, height]: [u32; 2]) -> [u32; 2] {
        match self {
            Self::Crop([_, _, width, height]) | Self::Resize([width, height], _) => [width, height],
            Self::Turn(turns) if turns % 2 == 1 => [height, width],
            Self::Turn(_) => [width, height],
        }
    }

    /// Whether pixels are weighed, and not moved as they are.
    pub(crate) fn weighs(self) -> bool {
        matches!(self, Self::Resize(_, filter) if filter != ResizeFilter::Nearest)
    }

    /// The same for a frame that is rendered at a scale, whose result has the size of `next`.
    pub(crate) fn at_scale(self, frame: &Frame, next: &Frame) -> Self {
        match self {
            Self::Crop([x, y, ..]) if frame.ratio.0 != frame.ratio.1 => {
                let (width, height) = (next.width.min(frame.width), next.height.min(frame.height));
                let edge = |v: u32, most: u32| ((f64::from(v) * frame.scale() + 0.5).floor() as u32).min(most);
                Self::Crop([edge(x, frame.width - width), edge(y, frame.height - height), width, height])
            }
            Self::Resize(_, filter) => Self::Resize([next.width, next.height], filter),
            other => other,
        }
    }

    /// The picture so changed. `space` is where a resize computes.
    ///
    /// # Errors
    /// A result that is too large for memory.
    pub(crate) fn apply(self, image: &Image, space: Transfer) -> Result<Image, Error> {
        let size = [image.width(), image.height()];
        if self == Self::Resize(size, ResizeFilter::default()) || matches!(self, Self::Resize(to, _) if to == size) {
            return Ok(image.clone());
        }
        let [width, height] = self.size(size);
        if let (Self::Resize(to, filter), true) = (self, self.weighs()) {
            return resized(image, to, filter, space);
        }
        let pixels = match image.pixels() {
            Pixels::U8(v) => Pixels::U8(self.moved(v, size)),
            Pixels::U16(v) => Pixels::U16(self.moved(v, size)),
            Pixels::F32(v) => Pixels::F32(self.moved(v, size)),
        };
        Ok(Image::new(width, height, pixels, image.transfer(), image.alpha())?.with_metadata(image.metadata().clone()))
    }

    /// Pixels copied to where they go.
    fn moved<T: Copy>(self, pixels: &[T], [width, height]: [u32; 2]) -> Vec<T> {
        let [to_width, to_height] = self.size([width, height]);
        let from = |x: u32, y: u32| -> [u32; 2] {
            match self {
                Self::Crop([left, top, ..]) => [x + left, y + top],
                // One turn moves (x, y) to (y, width − 1 − x).
                Self::Turn(turns) => match turns % 4 {
                    0 => [x, y],
                    1 => [width - 1 - y, x],
                    2 => [width - 1 - x, height - 1 - y],
                    _ => [y, height - 1 - x],
                },
                Self::Resize(to, _) => [nearest(x, width, to[0]), nearest(y, height, to[1])],
            }
        };
        let mut out = Vec::with_capacity(4 * to_width as usize * to_height as usize);
        for y in 0..to_height {
            for x in 0..to_width {
                let [x, y] = from(x, y);
                let at = 4 * (y as usize * width as usize + x as usize);
                out.extend_from_slice(&pixels[at..at + 4]);
            }
        }
        out
    }
}

fn resized(image: &Image, [width, height]: [u32; 2], filter: ResizeFilter, space: Transfer) -> Result<Image, Error> {
    let side = |v: u32| v as usize;
    if let (Pixels::U8(codes), true, true) = (image.pixels(), image.is_opaque(), image.transfer() == space) {
        let (from, to) = ([image.width(), image.height()].map(side), [width, height].map(side));
        let out = Image::new(width, height, Pixels::U8(resize_codes(codes, from, to, filter)), space, image.alpha())?;
        return Ok(out.with_metadata(image.metadata().clone()));
    }
    let pixels = premultiplied(image, space);
    let pixels = resize(&pixels, side(image.width()), side(image.height()), side(width), side(height), filter);
    let alpha = if image.is_opaque() { Alpha::Opaque } else { Alpha::Premultiplied };
    let out = Image::from_rgba_f32(width, height, pixels, space, alpha)?;
    Ok(out.with_metadata(image.metadata().clone()))
}

/// The depth in which a picture waits between two plans.
pub(crate) const BETWEEN: Depth = Depth::F32;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::param::Choice as _;

    /// Sums in fixed point are off by hundredths; where they lie at half a code they may go either way.
    const CODES: f32 = 1.0;

    fn picture() -> Image {
        Image::from_rgba8(3, 2, (0..24).map(|v| if v % 4 == 3 { 255 } else { v }).collect()).expect("a picture")
    }

    fn reds(image: &Image) -> Vec<u8> {
        match image.pixels() {
            Pixels::U8(v) => v.iter().step_by(4).copied().collect(),
            _ => Vec::new(),
        }
    }

    #[test]
    fn copies_move_pixels_as_the_catalogue_says() {
        for (reshape, size, expected) in [
            (Reshape::Crop([1, 0, 2, 2]), (2, 2), vec![4, 8, 16, 20]),
            (Reshape::Turn(1), (2, 3), vec![8, 20, 4, 16, 0, 12]),
            (Reshape::Turn(2), (3, 2), vec![20, 16, 12, 8, 4, 0]),
            (Reshape::Turn(3), (2, 3), vec![12, 0, 16, 4, 20, 8]),
        ] {
            let moved = reshape.apply(&picture(), Transfer::Display).expect("moved");
            assert_eq!((moved.size(), reds(&moved)), (size, expected), "{reshape:?}");
        }
    }

    #[test]
    fn codes_and_floats_are_resized_alike() {
        let codes: Vec<u8> =
            (0..40 * 30).flat_map(|i: u32| [(i * 7) as u8, (i * i) as u8, (i / 40 * 8) as u8, 255]).collect();
        let image = Image::from_rgba8(40, 30, codes).expect("a picture");
        let filters = ResizeFilter::ALL.iter().filter(|filter| **filter != ResizeFilter::Nearest);
        let sizes = [[17, 13], [80, 61], [40, 61], [3, 40], [2000, 1]];
        for (filter, to) in filters.flat_map(|filter| sizes.map(|to| (*filter, to))) {
            let quick = Reshape::Resize(to, filter).apply(&image, Transfer::Display).expect("resized");
            let exact =
                resize(&premultiplied(&image, Transfer::Display), 40, 30, to[0] as usize, to[1] as usize, filter);
            let Pixels::U8(quick) = quick.pixels() else { unreachable!("codes stay codes") };
            for (quick, exact) in quick.iter().zip(&exact) {
                let exact = (exact.clamp(0.0, 1.0) * 255.0 + 0.5).floor();
                assert!((f32::from(*quick) - exact).abs() <= CODES, "{filter:?} to {to:?}: {quick} for {exact}");
            }
        }
    }
}
