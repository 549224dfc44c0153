//! Rows of a head's input in scratch memory, with what lies beyond the edges of the picture.

use super::border::border;
use super::view::fetch;
use super::walk::{PAD, Pixels, Worker};
use super::{Context, View};
use crate::effect::{Edge, Span, TILE, Tile};
use crate::plan::Code;

/// Columns and coordinates of a gathered tile.
#[derive(Debug)]
pub(super) struct Gathered {
    columns: Vec<usize>,
    missing: Vec<usize>,
    x: Vec<f32>,
    cell: Vec<u32>,
}

impl Default for Gathered {
    fn default() -> Self {
        Self {
            columns: Vec::with_capacity(TILE),
            missing: Vec::with_capacity(TILE),
            x: vec![0.0; TILE + PAD],
            cell: vec![0; TILE + PAD],
        }
    }
}

impl Context<'_> {
    /// Fills planes of `worker.rows`, those of the channels in `list`, with a row of the head's input at `at`: `count` pixels
    /// from column `from`, which may lie beyond the edges.
    #[expect(clippy::too_many_arguments, reason = "a row, its place, and where it goes")]
    pub(super) fn fill_row(
        &self,
        code: &Code,
        worker: &mut Worker,
        y: Option<usize>,
        from: i64,
        count: usize,
        edge: Edge,
        list: &[usize],
        plane: usize,
        at: usize,
    ) {
        let Some(y) = y else {
            for c in list {
                worker.rows[c * plane + at..][..count].fill(0.0);
            }
            return;
        };
        let width = i64::from(self.frame.width);
        let (first, last) = (from.clamp(0, width), (from + count as i64).clamp(0, width));
        let mut x = first;
        if let Some(View::Planes { planes, layout, .. }) = code.plain_load().map(|buffer| self.views.of(buffer))
            && x < last
            && list.iter().all(|c| !planes[*c].is_empty())
        {
            // What is stored as it is wanted is copied once.
            let (from, to) = (layout.at(first as usize, y), at + (first - from) as usize);
            let count = (last - first) as usize;
            for c in list {
                fetch(planes[*c], from + layout.stride, count);
                worker.rows[c * plane + to..][..count].copy_from_slice(&planes[*c][from..from + count]);
            }
            x = last;
        }
        while x < last {
            let n = ((last - x) as usize).min(TILE);
            let span = self.coordinates.span(&self.frame, x as usize, y, n);
            self.run(code, &mut worker.bank, Pixels::Run { x: x as usize }, y, &span);
            store_rows(&mut worker.rows, &worker.bank.registers[code.result], list, plane, at + (x - from) as usize, n);
            x += n as i64;
        }
        for (low, high) in [(from, first.max(from)), (last.max(first), from + count as i64)] {
            let mut x = low;
            while x < high {
                let n = ((high - x) as usize).min(TILE);
                self.fill_beyond(code, worker, y, x, n, edge, list, plane, at + (x - from) as usize);
                x += n as i64;
            }
        }
    }

    /// The part of [`Self::fill_row`] beyond the left and right edges: border policy first, then the code at the
    /// remapped pixels; transparent ones stay 0.
    #[expect(clippy::too_many_arguments, reason = "a row, its place, and where it goes")]
    fn fill_beyond(
        &self,
        code: &Code,
        worker: &mut Worker,
        y: usize,
        from: i64,
        count: usize,
        edge: Edge,
        list: &[usize],
        plane: usize,
        at: usize,
    ) {
        let Worker { bank, rows, gathered, .. } = worker;
        // Beyond a clamped edge there is one pixel again and again.
        let (count, copies) = if edge == Edge::Clamp { (1, count) } else { (count, 0) };
        gathered.columns.clear();
        gathered.missing.clear();
        for index in 0..count {
            let column = border(edge, from + index as i64, i64::from(self.frame.width));
            if column.is_none() {
                gathered.missing.push(index);
            }
            // Of what nothing will be seen, the pixel at the edge is read: others may not be there.
            let last = i64::from(self.frame.width) - 1;
            let column = column.unwrap_or((from + index as i64).clamp(0, last) as usize);
            gathered.columns.push(column);
            gathered.x[index] = self.frame.center(column as i64);
            gathered.cell[index] = self.frame.cell(column as i64);
        }
        let span = Span {
            x: &gathered.x,
            column: &gathered.cell,
            y: self.frame.center(y as i64),
            row: self.frame.cell(y as i64),
            count,
        };
        self.run(code, bank, Pixels::Gather { columns: &gathered.columns }, y, &span);
        store_rows(rows, &bank.registers[code.result], list, plane, at, count);
        for c in if copies > 0 { list } else { &[] } {
            let value = rows[c * plane + at];
            rows[c * plane + at..][..copies].fill(value);
        }
        for index in &gathered.missing {
            for c in list {
                rows[c * plane + at + index] = 0.0;
            }
        }
    }
}

fn store_rows(rows: &mut [f32], tile: &Tile, list: &[usize], plane: usize, at: usize, count: usize) {
    for c in list {
        rows[c * plane + at..][..count].copy_from_slice(&tile.0[*c][..count]);
    }
}
