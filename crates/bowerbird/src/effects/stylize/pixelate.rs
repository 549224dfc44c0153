//! Pixelate: the mean of each cell of a lattice.

use crate::effect::{Composition, Point, ReduceRequest, Setup, Step, Val};
use crate::graph::CellShape;
use crate::lane::{At, Lane, Rgba, Word};
use crate::param::{Length, Position};
use bowerbird_derive::{Choice, Params, effect, part};

/// The shape of the cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Choice)]
pub enum Shape {
    /// Squares from the top-left corner.
    Square,
    /// Hexagons.
    Hex,
    /// Rings cut into sectors.
    Polar,
}

/// Replaces the picture by large cells of one color each.
#[derive(Clone, Debug, PartialEq, Params)]
#[effect(id = "pixelate", label = "Pixelate", family = "stylize", domain = "L", switchable, class = "kernel")]
pub struct Pixelate {
    /// The size of a cell.
    #[param(default = 0.02, soft = (0.005, 0.1), hard = (0.0, 1.0))]
    pub size: Length,
    /// The shape of the cells.
    pub shape: Shape,
    /// The middle of the rings.
    #[param(shown_if = "shape=polar")]
    pub center: Position,
    /// How many sectors a ring has.
    #[param(default = 48, range = (3.0, 256.0), step = 1.0, shown_if = "shape=polar")]
    pub sectors: i32,
}

/// The uniforms of a lattice, shared by the reduction that fills the cells and the lookup that reads them.
pub(crate) const LATTICE: usize = 7;

/// Height of a row of hexagons per unit of size.
const HEX_ROW: f64 = 0.866_025_403_784_438_6;

/// How far the middle of the rings is seen, in full-size pixels: beyond, they are straight lines.
const FARTHEST: f64 = 1e8;

impl Pixelate {
    /// Cell size in full-size pixels, columns and rows of the lattice, its first column (of rings, the first row), center,
    /// sectors.
    fn lattice(&self, setup: &Setup) -> [f64; LATTICE] {
        let size = self.size.full(setup).max(1.0);
        let (w, h) = (f64::from(setup.full_width), f64::from(setup.full_height));
        let [cx, cy] = self.center.pixels(setup).map(|v| v.clamp(-FARTHEST, FARTHEST));
        let (columns, rows, first) = match self.shape {
            Shape::Square => ((w / size).ceil(), (h / size).ceil(), 0.0),
            Shape::Hex => ((w / size).ceil() + 3.0, (h / (size * HEX_ROW)).ceil() + 2.0, -1.0),
            Shape::Polar => {
                // The rings between the nearest and the farthest point of the picture, and one on either side, for they
                // are counted in floats.
                let far = (cx.max(w - cx)).hypot(cy.max(h - cy));
                let near = (-cx).max(cx - w).max(0.0).hypot((-cy).max(cy - h).max(0.0));
                let first = ((near / size).floor() - 1.0).max(0.0);
                let across = (w.hypot(h) / size).ceil() + 3.0;
                (f64::from(self.sectors), ((far / size).floor() + 2.0 - first).min(across), first)
            }
        };
        [size, columns, rows, first, cx, cy, f64::from(self.sectors)]
    }

    fn cells(&self) -> CellShape {
        match self.shape {
            Shape::Square => CellShape::Square,
            Shape::Hex => CellShape::Hex,
            Shape::Polar => CellShape::Polar,
        }
    }
}

#[effect]
impl Composition for Pixelate {
    fn identity(&self) -> bool {
        self.size.is_zero()
    }
    fn build(&self, step: &mut Step<'_, '_>, image: Val) -> Val {
        let setup = step.setup(image);
        let lattice = self.lattice(&setup);
        let cells = (lattice[1] * lattice[2]) as usize;
        let request = ReduceRequest::Cells { shape: self.cells(), cells, uniforms: lattice };
        let table = step.reduce(request, image);
        step.bind(table);
        let lookup = CellLookup { shape: self.cells(), lattice, off: self.size.full(&setup) <= 1.0 };
        step.point(&lookup, image)
    }
}

/// The column and row of the cell of a position, counted from the first of the lattice.
#[inline(always)]
pub(crate) fn cell_of<L: Lane>(shape: CellShape, u: [L; LATTICE], x: L, y: L) -> [L; 2] {
    let [size, _, rows, first, cx, cy, sectors] = u;
    match shape {
        CellShape::Square => [(x / size).floor(), (y / size).floor()],
        CellShape::Hex => {
            let height = size * HEX_ROW as f32;
            let row = (y / height).floor();
            let near = crate::lane::inlined(#[inline(always)] |row: L| {
                let odd = (row * 0.5).frac();
                let u = x / size - odd;
                // Ties go to the smaller column.
                let column = -((-(u - 0.5)).floor());
                let (dx, dy) = ((u - column) * size, y - row * height);
                (column, dx * dx + dy * dy)
            });
            let (upper, upper_distance) = near(row);
            let (lower, lower_distance) = near(row + 1.0);
            let take_upper = upper_distance.le(lower_distance);
            [L::pick(take_upper, upper, lower) - first, L::pick(take_upper, row, row + 1.0)]
        }
        CellShape::Polar => {
            let (dx, dy) = (x - cx, y - cy);
            let turns = (-dy).atan2(dx) * (0.5 / core::f32::consts::PI);
            let turns = L::pick(turns.lt(turns.lit(0.0)), turns + 1.0, turns);
            let sector = (sectors * turns).floor().min(sectors - 1.0);
            let ring = ((dx * dx + dy * dy).sqrt() / size).floor() - first;
            [sector, ring.max(ring.lit(0.0)).min(rows - 1.0)]
        }
    }
}

/// Each pixel takes the color of its cell.
struct CellLookup {
    shape: CellShape,
    lattice: [f64; LATTICE],
    off: bool,
}

#[part]
impl Point<8> for CellLookup {
    type Variant = CellShape;
    fn variant(&self, _: &Setup) -> CellShape {
        self.shape
    }
    fn prepare(&self, _: &Setup) -> [f64; 8] {
        let [a, b, c, d, e, f, g] = self.lattice;
        [a, b, c, d, e, f, g, f64::from(u8::from(self.off))]
    }
    fn pixel<L: Lane>(shape: CellShape, u: [L; 8], c: Rgba<L>, at: &At<'_, L>) -> Rgba<L> {
        let lattice = [u[0], u[1], u[2], u[3], u[4], u[5], u[6]];
        let [column, row] = cell_of(shape, lattice, at.x, at.y);
        let index = row.to_int().mul(u[1].to_int()).add(column.to_int()).shl(2);
        let entry = |channel: u32| at.table(0, index.add(index.lit(channel)));
        let cell = Rgba { r: entry(0), g: entry(1), b: entry(2), a: entry(3) };
        Rgba::pick(u[7].gt(u[7].lit(0.5)), c, cell)
    }
}

#[cfg(test)]
mod tests {
    use super::{Pixelate, Shape};
    use crate::effect::Setup;
    use crate::frame::Frame;
    use crate::image::Transfer;
    use crate::param::{Length, Position};

    #[test]
    fn there_are_no_more_rings_than_cross_the_picture() {
        let setup = Setup { frame: Frame::still(640, 480), transfer: Some(Transfer::Linear) };
        for x in [0.5, -0.2, 1e3, -1e7, 1e15, 1e300, f64::MAX] {
            let rings = Pixelate {
                size: Length::Pixels(2.0),
                shape: Shape::Polar,
                center: Position([x, 0.5]),
                ..Pixelate::default()
            };
            let [_, _, rows, first, ..] = rings.lattice(&setup);
            assert!(rows > 0.0 && rows <= 403.0 && first >= 0.0, "{x}: {rows} from {first}");
        }
    }
}
