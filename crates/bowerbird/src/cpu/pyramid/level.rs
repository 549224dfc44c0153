//! Levels of a pyramid and where their samples are.

use crate::cpu::walk::PAD;
use crate::cpu::{Planes, Sink};
use crate::plan::Rect;

/// A level of the pyramid, or a part of it: planes over a rectangle of its samples.
#[derive(Debug, Default)]
pub(super) struct Level {
    pub(super) samples: Planes,
    pub(super) grid: Grid,
    planes: usize,
}

/// Where the samples of a level are. Sample (x, y) of level n is at pixel (x·2ⁿ, y·2ⁿ); indices may be negative, for
/// the picture is extended beyond its edges.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Grid {
    pub(super) x: i64,
    pub(super) y: i64,
    pub(super) width: usize,
    pub(super) height: usize,
}

impl Grid {
    pub(super) fn of(rect: Rect) -> Self {
        Self { x: rect.x.into(), y: rect.y.into(), width: rect.width as usize, height: rect.height as usize }
    }

    /// Rows are padded so that a register may be loaded past their end.
    pub(super) fn stride(&self) -> usize {
        self.width.next_multiple_of(16) + PAD
    }

    pub(super) fn plane(&self) -> usize {
        self.stride() * self.height
    }

    /// The samples of the next level that are needed to interpolate these.
    pub(super) fn coarser(&self) -> Self {
        let along = |first: i64, count: usize| {
            let (low, high) = (first.div_euclid(2) - 1, (first + count as i64 - 1).div_euclid(2) + 1);
            (low, (high - low + 1) as usize)
        };
        let ((x, width), (y, height)) = (along(self.x, self.width), along(self.y, self.height));
        Self { x, y, width, height }
    }

    /// The samples of the level before that are needed to reduce to these.
    pub(super) fn finer(&self) -> Self {
        Self { x: 2 * self.x - 2, y: 2 * self.y - 2, width: 2 * self.width + 3, height: 2 * self.height + 3 }
    }

    /// The samples of a level that are needed to interpolate these of level 0.
    pub(super) fn level(self, level: usize) -> Self {
        (0..level).fold(self, |grid, _| grid.coarser())
    }

    /// The samples of level `to` that are needed to reduce to these of level `from`.
    pub(super) fn of_level(self, from: usize, to: usize) -> Self {
        (to..from).fold(self, |grid, _| grid.finer())
    }

    pub(super) fn grown(&self, dx: usize, dy: usize) -> Self {
        let (x, y) = (self.x - dx as i64, self.y - dy as i64);
        Self { x, y, width: self.width + 2 * dx, height: self.height + 2 * dy }
    }
}

impl Level {
    pub(super) fn reset(&mut self, grid: Grid, planes: usize) {
        (self.grid, self.planes) = (grid, planes);
        let size = planes * grid.plane() + PAD;
        self.samples.at_least(size);
    }

    pub(super) fn sink(&mut self) -> Sink<'_> {
        let plane = self.grid.plane();
        Sink::planes(&mut self.samples, self.grid.stride(), plane, &[0, 1, 2, 3][..self.planes])
    }

    /// Plane `c` from row `y` on.
    pub(super) fn row(&self, c: usize, y: i64) -> &[f32] {
        let at = c * self.grid.plane() + (y - self.grid.y) as usize * self.grid.stride();
        &self.samples[at..]
    }
}

#[cfg(test)]
mod tests {
    use super::Grid;
    use crate::graph::Blur;

    #[test]
    fn a_pyramid_reads_no_farther_than_its_blur_reaches() {
        for (sigma, x) in (30..4000).step_by(7).flat_map(|sigma| (0..130).step_by(3).map(move |x| (sigma, x))) {
            let blur = Blur::gaussian([f64::from(sigma) / 10.0; 2]);
            let [reach, _] = blur.reach();
            let [radius, _] = blur.coarse_radii();
            let rect = Grid { x, y: 0, width: 1 + (x as usize * 7) % 100, height: 1 };
            let read = rect.level(blur.octaves).grown(radius, 0).of_level(blur.octaves, 0);
            let last = |grid: Grid| grid.x + grid.width as i64;
            let name = format!("σ {} from {x}, {} octaves", f64::from(sigma) / 10.0, blur.octaves);
            assert!(read.x >= rect.x - i64::from(reach), "{name}: {} before", rect.x - read.x);
            assert!(last(read) <= last(rect) + i64::from(reach), "{name}: {} behind", last(read) - last(rect));
        }
    }
}
