//! Where a pixel is, and the tables an effect may read.

use super::Lane;

/// The most tables that one operation reads.
pub const MOST_TABLES: usize = 4;

/// Lookup tables bound to one operation: tone curves, color cubes, results of a reduction.
///
/// On the GPU all tables of a pass share one buffer; a recording only notes which table is read.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tables<'a> {
    slices: [&'a [f32]; MOST_TABLES],
}

impl<'a> Tables<'a> {
    /// Binds table `index`; tables beyond the fourth are refused by the planner before this.
    pub fn bind(&mut self, index: usize, values: &'a [f32]) {
        if let Some(slot) = self.slices.get_mut(index) {
            *slot = values;
        }
    }

    /// All entries of a table.
    #[inline(always)]
    pub(crate) fn values(&self, table: usize) -> &'a [f32] {
        self.slices[table]
    }

    /// One entry; an index past the end reads the last, an empty table reads 0.
    #[inline(always)]
    pub fn entry(&self, table: usize, index: u32) -> f32 {
        let values = self.slices[table];
        let index = (index as usize).min(values.len().wrapping_sub(1));
        if index < values.len() { values[index] } else { 0.0 }
    }
}

/// The position of the pixel being computed and the tables of its effect.
#[derive(Clone, Copy, Debug)]
pub struct At<'a, L: Lane> {
    /// The pixel's center in full-size pixels from the left edge.
    pub x: L,
    /// The pixel's center in full-size pixels from the top edge.
    pub y: L,
    /// The image-space integer column, two's complement, that noise and screens are keyed by.
    pub column: L::Word,
    /// The image-space integer row.
    pub row: L::Word,
    /// The tables of the operation.
    pub tables: Tables<'a>,
}

impl<L: Lane> At<'_, L> {
    /// Entry `index` of table `table`.
    #[inline(always)]
    pub fn table(&self, table: usize, index: L::Word) -> L {
        L::lookup(&self.tables, table, index)
    }

    /// Entries `index` to `index + 2` of table `table`.
    #[inline(always)]
    pub fn table_triple(&self, table: usize, index: L::Word) -> [L; 3] {
        L::lookup_triple(&self.tables, table, index)
    }

    /// A table of `count` entries read at `position` in 0..count−1, linearly interpolated.
    #[inline(always)]
    pub fn table_linear(&self, table: usize, position: L, last_cell: f32) -> L {
        let cell = position.floor().min(position.lit(last_cell));
        let (low, high) = L::lookup_pair(&self.tables, table, cell.to_int());
        low.lerp(high, position - cell)
    }
}
