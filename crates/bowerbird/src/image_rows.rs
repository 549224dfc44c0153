//! Rows of a picture as premultiplied RGBA floats in a space.

use crate::cpu::{Sink, View};
use crate::effect::{Conversion, Isa, NOTHING, PixelStage, Span, TILE, Tag, Tile};
use crate::graph::Channels;
use crate::image::{Alpha, Image, Pixels, Transfer};
use crate::lane::{Tables, color};
use fearless_simd::Level;
use rayon::prelude::*;
use std::sync::Arc;

/// Coordinates of a tile, which conversions have no use for.
static NOWHERE: ([f32; 2 * TILE], [u32; 2 * TILE]) = ([0.0; 2 * TILE], [0; 2 * TILE]);

/// The conversions from one encoding to another.
pub(crate) struct Way(Vec<Arc<dyn PixelStage>>);

impl Way {
    pub(crate) fn new(mut from: Tag, to: Tag) -> Self {
        let mut stages = Vec::new();
        while let Some((conversion, next)) = Conversion::first(from, to) {
            stages.push(conversion.stage());
            from = next;
        }
        Self(stages)
    }

    /// Converts a row of `width` pixels of a picture into the first row of a sink.
    pub(crate) fn convert(&self, view: &View<'_>, y: usize, width: usize, mut sink: Sink<'_>, opaque: bool) {
        let isa = Isa::Simd(Level::new());
        let mut tile = Tile::new();
        for x in (0..width).step_by(TILE) {
            let count = TILE.min(width - x);
            view.load(isa, x, y, count, &mut tile);
            let span = Span { x: &NOWHERE.0, column: &NOWHERE.1, y: 0.0, row: 0, count };
            for stage in &self.0 {
                stage.run(isa, &span, &[], Tables::default(), &mut tile, [&NOTHING; 2]);
            }
            sink.store(isa, x, 0, count, &tile, Channels { opaque, ..Channels::ALL });
        }
    }
}

/// A picture whose rows are wanted in a space.
pub(crate) struct Rows<'a> {
    view: View<'a>,
    width: usize,
    way: Way,
    codes: Option<Codes<'a>>,
}

/// Straight 8-bit codes have 256 values to convert, not millions.
struct Codes<'a> {
    pixels: &'a [[u8; 4]],
    values: [f32; 256],
}

impl<'a> Rows<'a> {
    pub(crate) fn new(image: &'a Image, space: Transfer) -> Self {
        let tag = Tag { transfer: Some(image.transfer()), alpha: image.alpha() };
        let way = Way::new(tag, Tag { transfer: Some(space), alpha: Alpha::Premultiplied });
        let codes = match image.pixels() {
            Pixels::U8(pixels) if image.alpha() != Alpha::Premultiplied => {
                let value = |code: usize| {
                    let value = code as f32 / 255.0;
                    match (image.transfer(), space) {
                        (Transfer::Display, Transfer::Linear) => color::decode(value),
                        (Transfer::Linear, Transfer::Display) => color::encode(value),
                        _ => value,
                    }
                };
                Some(Codes { pixels: pixels.as_chunks().0, values: core::array::from_fn(value) })
            }
            _ => None,
        };
        Self { view: View::of(image), width: image.width() as usize, way, codes }
    }

    /// Writes row `y`: four samples a pixel.
    pub(crate) fn fill(&self, y: usize, out: &mut [f32]) {
        if let Some(Codes { pixels, values }) = &self.codes {
            for (pixel, out) in pixels[y * self.width..].iter().zip(out.as_chunks_mut::<4>().0) {
                let alpha = f32::from(pixel[3]) / 255.0;
                let [r, g, b, _] = pixel.map(|code| values[usize::from(code)] * alpha);
                *out = [r, g, b, alpha];
            }
            return;
        }
        let sink = Sink::F32 { rows: out, width: self.width, offset: 0 };
        self.way.convert(&self.view, y, self.width, sink, false);
    }
}

/// The whole picture as premultiplied floats in a space.
pub(crate) fn premultiplied(image: &Image, space: Transfer) -> Vec<f32> {
    let rows = Rows::new(image, space);
    let length = 4 * image.width() as usize;
    let mut out = vec![0.0; length * image.height() as usize];
    out.par_chunks_mut(length).enumerate().for_each(|(y, out)| rows.fill(y, out));
    out
}
