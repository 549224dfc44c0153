//! Changing the grid of pixels: cutting, turning, resizing.
//!
//! A plan has one size. So a chain is cut where its size changes ([`crate::Engine`] does that), and what lies between
//! two plans is one of these. All but resizing copy pixels at their depth, and so does resizing by the nearest; the other
//! filters work on premultiplied floats in the space of the step, straight from 8-bit codes, in fixed point, where the
//! picture is opaque and in that space already.

use crate::error::Error;
use crate::frame::Frame;
use crate::image::{Alpha, Depth, Image, Pixels, Sample, Spare, Transfer};
use crate::resize::{Encoding, ResizeFilter, nearest, resized_as};
use rayon::prelude::*;

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

    /// Whether it computes new pixels for a picture of a size, and so can encode them as well.
    pub(crate) fn resamples(self, size: [u32; 2]) -> bool {
        self.weighs() && self.size(size) != size
    }

    /// The picture so changed, in the memory of `spare` if that fits. `space` is where a resize computes, `last` how it is
    /// wanted where nothing follows.
    ///
    /// # Errors
    /// A result that is too large for memory.
    pub(crate) fn apply(
        self,
        image: &Image,
        space: Transfer,
        last: Option<&Encoding>,
        spare: &mut Spare,
    ) -> Result<Image, Error> {
        let size = [image.width(), image.height()];
        if let Self::Resize(to, filter) = self
            && self.resamples(size)
        {
            // What another step reads is neither rounded nor limited.
            let between = Encoding { depth: BETWEEN, transfer: space, alpha: Alpha::Premultiplied };
            return Ok(resized_as(image, to, filter, space, last.unwrap_or(&between), spare)?);
        }
        if matches!(self, Self::Resize(to, _) if to == size) {
            return Ok(image.clone());
        }
        let [width, height] = self.size(size);
        let pixels = match image.pixels() {
            Pixels::U8(v) => Pixels::U8(self.moved(v, size, spare)),
            Pixels::U16(v) => Pixels::U16(self.moved(v, size, spare)),
            Pixels::F32(v) => Pixels::F32(self.moved(v, size, spare)),
        };
        Ok(image.rearranged(width, height, pixels)?)
    }

    /// Pixels copied to where they go, blocks of rows at a time.
    fn moved<T: Sample>(self, pixels: &[T], [width, height]: [u32; 2], spare: &mut Spare) -> Vec<T> {
        /// Rows and columns of a block: what a turn reads and writes of it stays in the first cache.
        const BLOCK: usize = 16;
        let [to_width, to_height] = self.size([width, height]).map(|side| side as usize);
        let mut out = spare.take(4 * to_width * to_height);
        let (width, height) = (width as usize, height as usize);
        let pixels = pixels.as_chunks::<4>().0;
        let row = |y: usize| &pixels[y * width..][..width];
        let bands = out.as_chunks_mut::<4>().0.par_chunks_mut(BLOCK * to_width).enumerate();
        bands.for_each(|(band, out)| {
            let top = band * BLOCK;
            // One turn moves (x, y) to (y, width − 1 − x).
            match self {
                Self::Turn(turns) if turns % 2 == 1 => {
                    for left in (0..to_width).step_by(BLOCK) {
                        for (k, out) in out.chunks_exact_mut(to_width).enumerate() {
                            let y = top + k;
                            for (x, out) in out.iter_mut().enumerate().skip(left).take(BLOCK) {
                                let [x, y] = if turns % 4 == 1 { [width - 1 - y, x] } else { [y, height - 1 - x] };
                                *out = pixels[y * width + x];
                            }
                        }
                    }
                }
                _ => {
                    for (k, out) in out.chunks_exact_mut(to_width).enumerate() {
                        let y = top + k;
                        match self {
                            Self::Crop([x, top, ..]) => {
                                out.copy_from_slice(&row(top as usize + y)[x as usize..][..to_width])
                            }
                            Self::Turn(turns) if turns % 4 == 2 => {
                                out.iter_mut()
                                    .zip(row(height - 1 - y).iter().rev())
                                    .for_each(|(out, pixel)| *out = *pixel);
                            }
                            Self::Turn(_) => out.copy_from_slice(row(y)),
                            Self::Resize(..) => {
                                let row = row(nearest(y as u32, height as u32, to_height as u32) as usize);
                                for (x, out) in out.iter_mut().enumerate() {
                                    *out = row[nearest(x as u32, width as u32, to_width as u32) as usize];
                                }
                            }
                        }
                    }
                }
            }
        });
        out
    }
}

/// The depth in which a picture waits between two plans.
pub(crate) const BETWEEN: Depth = Depth::F32;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image_rows::premultiplied;
    use crate::param::Choice as _;
    use crate::resize::resize;

    /// How far sums in fixed point, before they are rounded, may be off: by a quarter of a code at 60 taps.
    const CODES: f32 = 0.5 + 0.25;

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
            let moved = reshape.apply(&picture(), Transfer::Display, None, &mut Spare::default()).expect("moved");
            assert_eq!((moved.size(), reds(&moved)), (size, expected), "{reshape:?}");
        }
    }

    #[test]
    fn a_resize_of_one_color_has_that_color() {
        let filters = ResizeFilter::ALL.iter().filter(|filter| **filter != ResizeFilter::Nearest);
        let sizes = [[15, 12], [100, 90], [205, 173], [450, 331]];
        for (filter, to) in filters.flat_map(|filter| sizes.map(|to| (*filter, to))) {
            for code in [0, 1, 127, 128, 254, 255] {
                let image = Image::from_rgba8(150, 120, [code, code, code, 255].repeat(150 * 120)).expect("a picture");
                let codes = Encoding { depth: Depth::U8, transfer: Transfer::Display, alpha: Alpha::Opaque };
                let resized = Reshape::Resize(to, filter)
                    .apply(&image, Transfer::Display, Some(&codes), &mut Spare::default())
                    .expect("resized");
                assert!(reds(&resized).iter().all(|red| *red == code), "{filter:?} to {to:?}: {code}");
            }
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
            let codes = Encoding { depth: Depth::U8, transfer: Transfer::Display, alpha: Alpha::Opaque };
            let quick = Reshape::Resize(to, filter)
                .apply(&image, Transfer::Display, Some(&codes), &mut Spare::default())
                .expect("resized");
            let exact =
                resize(&premultiplied(&image, Transfer::Display), 40, 30, to[0] as usize, to[1] as usize, filter);
            let Pixels::U8(quick) = quick.pixels() else { unreachable!("codes stay codes") };
            for (quick, exact) in quick.iter().zip(&exact) {
                let exact = exact.clamp(0.0, 1.0) * 255.0;
                assert!((f32::from(*quick) - exact).abs() <= CODES, "{filter:?} to {to:?}: {quick} for {exact}");
            }
        }
    }
}
