//! A picture and where positions lie in it.

use super::super::border::border;
use super::cells::Cells;
use super::{Positions, View};
use crate::effect::{Edge, Isa};

/// A picture that positions are read from.
pub(super) struct Picture<'a> {
    pub(super) view: &'a View<'a>,
    pub(super) width: i64,
    pub(super) height: i64,
    pub(super) edge: Edge,
    pub(super) unit: f32,
}

impl Picture<'_> {
    /// The samples of a pixel, not scaled yet; nothing is 0.
    #[inline(always)]
    pub(super) fn raw(&self, x: i64, y: i64) -> [f32; 4] {
        let (Some(x), Some(y)) = (border(self.edge, x, self.width), border(self.edge, y, self.height)) else {
            return [0.0; 4];
        };
        match self.view {
            View::U8 { pixels, layout, .. } => core::array::from_fn(|c| f32::from(pixels[4 * layout.at(x, y) + c])),
            View::U16 { pixels, width } => core::array::from_fn(|c| f32::from(pixels[4 * (y * width + x) + c])),
            view => view.pixel(x, y),
        }
    }

    /// The pixels that the positions of a block lie in.
    pub(super) fn place_whole(&self, isa: Isa, at: Positions<'_>, scale: f32, count: usize, cells: &mut Cells) {
        with_instructions!(isa, {
            cells.fill_whole(at, scale);
            self.find_inside(count, [0, 0], cells);
        });
    }

    /// The cells of a block whose taps reach from `before` pixels before to `behind` pixels behind.
    pub(super) fn place(
        &self,
        isa: Isa,
        at: Positions<'_>,
        scale: f32,
        count: usize,
        [before, behind]: [i32; 2],
        cells: &mut Cells,
    ) {
        with_instructions!(isa, {
            cells.fill(at, scale);
            self.find_inside(count, [before, behind], cells);
        });
    }

    /// Whether all taps of a block lie in the picture, and where the first of each is then.
    #[inline(always)]
    pub(super) fn find_inside(&self, count: usize, [before, behind]: [i32; 2], cells: &mut Cells) {
        let (stride, origin) = self.layout();
        let fits = stride as u64 * self.height as u64 <= u64::from(u32::MAX);
        let ((left, right), (top, bottom)) = (Cells::range(&cells.x[..count]), Cells::range(&cells.y[..count]));
        cells.inside = fits && self.holds(left, top, before, behind) && self.holds(right, bottom, before, behind);
        if cells.inside {
            cells.locate(stride as u32, origin, before);
        }
    }

    /// Whether taps from `before` pixels before a cell to `behind` pixels behind it lie in the picture.
    #[inline(always)]
    pub(super) fn holds(&self, x: i32, y: i32, before: i32, behind: i32) -> bool {
        let inside = |v: i32, count: i64| v >= before && i64::from(v) + i64::from(behind) < count;
        inside(x, self.width) && inside(y, self.height)
    }

    /// Whether no tap of the first `count` positions can lie in the picture, and what does not is nothing.
    pub(super) fn misses(&self, cells: &Cells, count: usize) -> bool {
        let beyond = |cells: &[i32], size: i64| {
            let (low, high) = Cells::range(cells);
            i64::from(high) < -2 || i64::from(low) > size
        };
        self.edge == Edge::Transparent
            && (beyond(&cells.x[..count], self.width) || beyond(&cells.y[..count], self.height))
    }

    /// How far rows are apart in memory, and the pixel that lies there first.
    pub(super) fn layout(&self) -> (usize, [i32; 2]) {
        match self.view {
            View::U8 { layout, .. }
            | View::Tabled { layout, .. }
            | View::Words { layout, .. }
            | View::Planes { layout, .. } => (layout.stride, [layout.rect.x as i32, layout.rect.y as i32]),
            _ => (self.width as usize, [0; 2]),
        }
    }

    /// Where a pixel lies in memory.
    #[inline(always)]
    pub(super) fn places(&self) -> impl Fn(usize, usize) -> usize + use<> {
        let (stride, [left, top]) = self.layout();
        move |x, y| (y - top as usize) * stride + x - left as usize
    }

    /// The two pixels from a cell on, and the two below them, by `read` of their places in memory.
    #[inline(always)]
    pub(super) fn window<T: Copy>(&self, x: i32, y: i32, read: impl Fn(Option<usize>) -> T) -> [[T; 2]; 2] {
        let place = self.places();
        if self.holds(x, y, 0, 1) {
            let (at, below) = (place(x as usize, y as usize), place(x as usize, y as usize + 1));
            return [[read(Some(at)), read(Some(at + 1))], [read(Some(below)), read(Some(below + 1))]];
        }
        let column = |x: i32| border(self.edge, x.into(), self.width);
        let row = |y: i32| border(self.edge, y.into(), self.height);
        let (left, right, upper, lower) = (column(x), column(x + 1), row(y), row(y + 1));
        let at = |y: Option<usize>, x: Option<usize>| read(y.zip(x).map(|(y, x)| place(x, y)));
        [[at(upper, left), at(upper, right)], [at(lower, left), at(lower, right)]]
    }

    /// The four pixels of row `y` around a cell, by `read` of their places in memory.
    #[inline(always)]
    pub(super) fn line<T: Copy>(&self, x: i32, y: i32, read: impl Fn(Option<usize>) -> T) -> [T; 4] {
        let (place, row) = (self.places(), border(self.edge, y.into(), self.height));
        [x - 1, x, x + 1, x + 2]
            .map(|x| read(row.zip(border(self.edge, x.into(), self.width)).map(|(y, x)| place(x, y))))
    }

    /// Where the samples of each position of a block begin whose taps, from `before` pixels before to `behind` pixels
    /// behind, lie in the picture.
    #[inline(always)]
    pub(super) fn each_first(
        &self,
        cells: &Cells,
        count: usize,
        (stride, [left, top]): (usize, [i32; 2]),
        [before, behind]: [i32; 2],
        mut take: impl FnMut(usize, usize),
    ) {
        if cells.inside {
            return cells.first[..count].iter().enumerate().for_each(|(k, first)| take(k, *first as usize));
        }
        for k in (0..count).filter(|k| self.holds(cells.x[*k], cells.y[*k], before, behind)) {
            let (x, y) = (cells.x[k] - before - left, cells.y[k] - before - top);
            take(k, y as usize * stride + x as usize);
        }
    }
}
