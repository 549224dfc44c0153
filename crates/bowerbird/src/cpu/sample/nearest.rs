//! The nearest pixels.

use super::super::border::border;
use super::cells::Cells;
use super::{Picture, Planes, View, channel, codes};
use crate::effect::{Edge, Isa};
use crate::graph::Channels;

impl Picture<'_> {
    pub(super) fn nearest(
        &self,
        isa: Isa,
        cells: &Cells,
        count: usize,
        pairs: &mut codes::Pairs,
        out: &mut Planes<'_>,
    ) {
        match self.view {
            View::U8 { pixels, .. } => {
                let [taken, _] = pairs;
                self.gather_nearest(bytemuck::cast_slice(pixels), cells, &mut taken.as_flattened_mut()[..count]);
                let taken = &taken.as_flattened()[..count];
                with_instructions!(isa, {
                    for (c, plane) in out.iter_mut().enumerate() {
                        plane.iter_mut().zip(taken).for_each(|(out, code)| *out = channel(*code, c) / 255.0);
                    }
                });
            }
            View::Tabled { pixels, table, .. } if cells.inside || self.edge != Edge::Transparent => {
                self.nearest_tabled(
                    (pixels, table),
                    cells,
                    &mut pairs.as_flattened_mut().as_flattened_mut()[..count],
                    out,
                );
            }
            View::Planes { planes, .. } if cells.inside => {
                for ((plane, out), constant) in planes.iter().zip(out.iter_mut()).zip(Channels::CONSTANT) {
                    if plane.is_empty() {
                        out.fill(constant);
                        continue;
                    }
                    out.iter_mut().zip(&cells.first[..count]).for_each(|(out, first)| *out = plane[*first as usize]);
                }
            }
            view => {
                for (k, (x, y)) in cells.x.iter().zip(&cells.y).enumerate().take(count) {
                    let place =
                        border(self.edge, (*x).into(), self.width).zip(border(self.edge, (*y).into(), self.height));
                    let pixel = place.map_or([0.0; 4], |(x, y)| view.pixel(x, y));
                    out.iter_mut().zip(pixel).for_each(|(plane, value)| plane[k] = value);
                }
            }
        }
    }

    /// The pixel at each position of a block; nothing is 0.
    pub(super) fn gather_nearest(&self, pixels: &[[u8; 4]], cells: &Cells, out: &mut [u32]) {
        if cells.inside {
            let taken = out.iter_mut().zip(&cells.first);
            return taken.for_each(|(out, first)| *out = u32::from_le_bytes(pixels[*first as usize]));
        }
        let at = self.places();
        for (out, (x, y)) in out.iter_mut().zip(cells.x.iter().zip(&cells.y)) {
            let place = border(self.edge, (*x).into(), self.width).zip(border(self.edge, (*y).into(), self.height));
            *out = place.map_or(0, |(x, y)| u32::from_le_bytes(pixels[at(x, y)]));
        }
    }
}
