//! Positions as cells between pixel centers and the distances within them.

use super::{BLOCK, Positions};

/// Positions farther out than any picture are pulled in, so that they convert to integers.
pub(super) const FAR: f32 = 4_194_303.0;

/// Added to a whole number below 2²², it leaves that number in the lowest bits: a conversion that whole registers have.
const WHOLE: f32 = 12_582_912.0;

/// The whole and the fractional part of positions, less half a pixel.
#[derive(Debug)]
pub(super) struct Cells {
    pub(super) x: [i32; BLOCK],
    pub(super) y: [i32; BLOCK],
    pub(super) fx: [f32; BLOCK],
    pub(super) fy: [f32; BLOCK],
    /// Whether the taps of all positions lie in the picture, and so
    pub(super) inside: bool,
    /// where the first tap of each lies in memory.
    pub(super) first: [u32; BLOCK],
}

impl Cells {
    /// The pixels that positions lie in, without the fractions.
    #[inline(always)]
    pub(super) fn fill_whole(&mut self, [xs, ys]: Positions<'_>, scale: f32) {
        for (positions, cells) in [(xs, &mut self.x), (ys, &mut self.y)] {
            cells
                .iter_mut()
                .zip(positions)
                .for_each(|(cell, position)| *cell = whole(limited(*position, scale).floor()));
        }
    }

    #[inline(always)]
    pub(super) fn fill(&mut self, [xs, ys]: Positions<'_>, scale: f32) {
        for (positions, cells, fractions) in [(xs, &mut self.x, &mut self.fx), (ys, &mut self.y, &mut self.fy)] {
            for k in 0..BLOCK {
                let (cell, fraction) = split(positions[k], scale);
                cells[k] = cell;
                fractions[k] = fraction;
            }
        }
    }

    /// Where the taps begin that lie `before` pixels before the cells, in rows that are `stride` apart.
    #[inline(always)]
    pub(super) fn locate(&mut self, stride: u32, [left, top]: [i32; 2], before: i32) {
        for (first, (x, y)) in self.first.iter_mut().zip(self.x.iter().zip(&self.y)) {
            let (column, row) = (x - left - before, y - top - before);
            *first = (row as u32).wrapping_mul(stride).wrapping_add(column as u32);
        }
    }

    /// The least and the greatest cell of the first `count`.
    #[inline(always)]
    pub(super) fn range(cells: &[i32]) -> (i32, i32) {
        cells.iter().fold((i32::MAX, i32::MIN), |(low, high), cell| (low.min(*cell), high.max(*cell)))
    }
}

/// A coordinate as the pixel center before it and the distance from there.
#[inline(always)]
fn split(position: f32, scale: f32) -> (i32, f32) {
    let u = limited(position, scale) - 0.5;
    let cell = u.floor();
    (whole(cell), u - cell)
}

/// A position in pixels, near enough to be a whole number; what is none is far out.
#[inline(always)]
fn limited(position: f32, scale: f32) -> f32 {
    let scaled = position * scale;
    if scaled >= -FAR { if scaled < FAR { scaled } else { FAR } } else { -FAR }
}

/// A whole number below 2²².
#[inline(always)]
fn whole(number: f32) -> i32 {
    (number + WHOLE).to_bits() as i32 - WHOLE.to_bits() as i32
}
