//! Means of boxes by running sums: the time does not depend on the radius.
//!
//! Columns are summed first: a row enters, a row leaves, and the sums of a whole row wait in the second cache for the
//! sum along it. Both run in f64, so nothing that leaves a sum is missed in it; and both start anew at rows and columns
//! of the picture that depend on the radius alone, so strips, tiles and threads change no bit.

use super::border::border;
use super::walk::Worker;
use super::{Context, Sink, View};
use crate::effect::{Edge, TILE};
use crate::graph::Blur;
use crate::plan::{Head, Rect};

/// The scratch memory of one thread.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    /// Sums down the columns, plane by plane.
    sums: Vec<f64>,
    /// The means down the columns, with what lies beyond the edges.
    line: Vec<f64>,
}

/// Half the side of a box: whole pixels, and the weight of those just beyond.
#[derive(Clone, Copy, Debug)]
struct Radius {
    whole: usize,
    part: f64,
}

impl Radius {
    fn of(radius: f64) -> Self {
        Self { whole: radius.floor() as usize, part: radius.fract() }
    }
}

/// Rows of the head's input over some columns.
struct Rows<'a> {
    view: View<'a>,
    left: usize,
    width: usize,
    height: usize,
    edge: Edge,
    /// Floats of a plane of the scratch rows.
    plane: usize,
}

/// Scratch rows: the one that leaves, and two that enter.
const SLOTS: usize = 3;

impl Rows<'_> {
    /// The row of the picture that stands for a row.
    fn place(&self, row: i64) -> Option<usize> {
        border(self.edge, row, self.height as i64)
    }

    /// Row `y` of plane `c`: as it is stored, or from the slot that it was computed into.
    fn get<'r>(&'r self, scratch: &'r [f32], slot: usize, c: usize, y: Option<usize>) -> Option<&'r [f32]> {
        let y = y?;
        Some(match &self.view {
            View::Planes { planes, layout } => &planes[c][layout.at(self.left, y)..][..self.width],
            _ => &scratch[c * self.plane + slot * (self.plane / SLOTS)..][..self.width],
        })
    }

    /// Computes row `y` into a slot, unless it is stored.
    fn fetch(&self, context: &Context<'_>, head: &Head, worker: &mut Worker, slot: usize, y: Option<usize>) {
        if let (Some(y), false) = (y, matches!(self.view, View::Planes { .. })) {
            let (left, at) = (self.left as i64, slot * (self.plane / SLOTS));
            context.fill_row(&head.input, worker, Some(y), left, self.width, Edge::Clamp, self.plane, at);
        }
    }
}

impl Context<'_> {
    /// Rows of a band, if the pass is a box.
    pub(super) fn box_rows(&self) -> Option<usize> {
        let (_, blur, _) = self.blur()?;
        blur.boxes.map(|[_, ry]| Blur::restart(ry) as usize)
    }

    /// A band of a box mean.
    pub(super) fn box_band(
        &self,
        rect: Rect,
        sink: &mut Sink<'_>,
        worker: &mut Worker,
        head: &Head,
        blur: &Blur,
        edge: Edge,
    ) {
        let Some(radii) = blur.boxes else { return };
        let [across, down] = radii.map(Radius::of);
        let restarts = radii.map(|radius| Blur::restart(radius) as usize);
        let [first, top] = blur.origin(rect.x, rect.y).map(|at| at as usize);
        let (width, height) = (self.frame.width as usize, self.frame.height as usize);
        let reach = across.whole + 1;
        // The columns that the sums along a row read, and those of the picture among them or standing for them.
        let (from, to) = (first as i64 - reach as i64, i64::from(rect.right()) + reach as i64);
        let (left, right) = match edge {
            Edge::Wrap | Edge::Reflect if from < 0 || to > width as i64 => (0, width),
            _ => (from.max(0) as usize, (to as usize).min(width)),
        };
        let (from, to) = (from.min(left as i64), to.max(right as i64));
        let length = (to - from) as usize;
        let view = head.input.plain_load().map_or(View::Empty, |buffer| self.views.of(buffer));
        let planes = self.planes(head);
        let rows = Rows { view, left, width: right - left, plane: SLOTS * (right - left + TILE), height, edge };
        let Scratch { mut sums, mut line } = core::mem::take(&mut worker.boxes);
        at_least(&mut sums, planes * rows.width);
        at_least(&mut line, planes * length);
        if worker.rows.len() < 4 * rows.plane + TILE {
            worker.rows.resize(4 * rows.plane + TILE, 0.0);
        }
        let scale = 1.0 / radii.iter().map(|radius| 2.0 * radius + 1.0).product::<f64>();
        for y in top..rect.bottom() as usize {
            let starts = y == top || y.is_multiple_of(restarts[1]);
            let beyond = self.sum_columns(&rows, head, worker, down, y, starts, &mut sums[..planes * rows.width]);
            if y < rect.y as usize {
                continue;
            }
            for c in 0..planes {
                let sums = &sums[c * rows.width..(c + 1) * rows.width];
                let line = &mut line[c * length..(c + 1) * length];
                let at = (left as i64 - from) as usize;
                let ends = beyond.map(|(slot, y)| rows.get(&worker.rows, slot, c, y));
                with_instructions!(self.isa(), means(sums, ends, down.part, scale, &mut line[at..at + rows.width]));
                extend(line, from, edge, width);
            }
            let lines: [&[f64]; 4] = core::array::from_fn(|c| if c < planes { &line[c * length..] } else { &[] });
            let mut run = Run { sums: [0.0; 4], at: first, from, radius: across, restart: restarts[0] };
            run.advance(&lines, planes, rect.x as usize, &mut worker.bank.head.0);
            for x in (0..rect.width as usize).step_by(TILE) {
                let count = TILE.min(rect.width as usize - x);
                let column = rect.x as usize + x;
                run.advance(&lines, planes, column + count, &mut worker.bank.head.0);
                if planes == 3 {
                    worker.bank.head.0[3][..count].fill(1.0);
                }
                self.finish(worker, column, y, count);
                self.put(sink, worker, x, y - rect.y as usize, count);
            }
        }
        worker.boxes = Scratch { sums, line };
    }

    /// Brings the sums down the columns to row `y`. Returns where the rows just beyond the box are, above and below.
    #[expect(clippy::too_many_arguments, reason = "sums, the rows they are of, and what makes those")]
    fn sum_columns(
        &self,
        rows: &Rows<'_>,
        head: &Head,
        worker: &mut Worker,
        radius: Radius,
        y: usize,
        starts: bool,
        sums: &mut [f64],
    ) -> [(usize, Option<usize>); 2] {
        /// Slots of the row that leaves and of the two that enter in turns.
        const LEAVING: usize = 0;
        let entering = |row: i64| 1 + row.rem_euclid(2) as usize;
        let (above, last) = (y as i64 - radius.whole as i64 - 1, y as i64 + radius.whole as i64);
        let isa = self.isa();
        if starts {
            sums.fill(0.0);
            let mut row = above + 1;
            while row <= last {
                let place = rows.place(row);
                // Beyond a clamped edge there is one row again and again.
                let end = (row..=last).take_while(|row| rows.place(*row) == place).count() as i64;
                rows.fetch(self, head, worker, LEAVING, place);
                for (c, sums) in sums.chunks_exact_mut(rows.width).enumerate() {
                    if let Some(row) = rows.get(&worker.rows, LEAVING, c, place) {
                        with_instructions!(isa, add(sums, row, end as f64));
                    }
                }
                row += end;
            }
        } else if radius.part == 0.0 {
            rows.fetch(self, head, worker, entering(last), rows.place(last));
        }
        if !starts || radius.part > 0.0 {
            rows.fetch(self, head, worker, LEAVING, rows.place(above));
        }
        if !starts {
            for (c, sums) in sums.chunks_exact_mut(rows.width).enumerate() {
                let enters = rows.get(&worker.rows, entering(last), c, rows.place(last));
                let leaves = rows.get(&worker.rows, LEAVING, c, rows.place(above));
                with_instructions!(
                    isa,
                    match (enters, leaves) {
                        (Some(enters), Some(leaves)) => exchange(sums, enters, leaves),
                        (Some(enters), None) => add(sums, enters, 1.0),
                        (None, Some(leaves)) => add(sums, leaves, -1.0),
                        (None, None) => {}
                    }
                );
            }
        }
        if radius.part > 0.0 {
            rows.fetch(self, head, worker, entering(last + 1), rows.place(last + 1));
        }
        [(LEAVING, rows.place(above)), (entering(last + 1), rows.place(last + 1))]
    }
}

fn at_least(memory: &mut Vec<f64>, size: usize) {
    if memory.len() < size {
        memory.resize(size, 0.0);
    }
}

#[inline(always)]
fn add(sums: &mut [f64], row: &[f32], times: f64) {
    sums.iter_mut().zip(row).for_each(|(sum, value)| *sum += f64::from(*value) * times);
}

#[inline(always)]
fn exchange(sums: &mut [f64], enters: &[f32], leaves: &[f32]) {
    let leaves = &leaves[..enters.len()];
    for ((sum, enters), leaves) in sums.iter_mut().zip(enters).zip(leaves) {
        *sum += f64::from(*enters) - f64::from(*leaves);
    }
}

/// The sums with their part of the rows just beyond, times `scale`.
#[inline(always)]
fn means(sums: &[f64], [above, below]: [Option<&[f32]>; 2], part: f64, scale: f64, out: &mut [f64]) {
    if part == 0.0 {
        out.iter_mut().zip(sums).for_each(|(out, sum)| *out = sum * scale);
        return;
    }
    match (above, below) {
        (Some(above), Some(below)) => {
            let below = &below[..above.len()];
            for (((out, sum), above), below) in out.iter_mut().zip(sums).zip(above).zip(below) {
                *out = (sum + part * (f64::from(*above) + f64::from(*below))) * scale;
            }
        }
        (Some(row), None) | (None, Some(row)) => {
            for ((out, sum), row) in out.iter_mut().zip(sums).zip(row) {
                *out = (sum + part * f64::from(*row)) * scale;
            }
        }
        (None, None) => out.iter_mut().zip(sums).for_each(|(out, sum)| *out = sum * scale),
    }
}

/// Fills what lies beyond the edges of a line whose first column is `from`.
fn extend(line: &mut [f64], from: i64, edge: Edge, width: usize) {
    let (end, width) = (from + line.len() as i64, width as i64);
    for column in (from..0).chain(width.max(from)..end) {
        let value = border(edge, column, width).map_or(0.0, |inside| line[(inside as i64 - from) as usize]);
        line[(column - from) as usize] = value;
    }
}

/// Sums along a row.
struct Run {
    sums: [f64; 4],
    /// The column whose mean comes next.
    at: usize,
    /// The column that lines begin at.
    from: i64,
    radius: Radius,
    restart: usize,
}

impl Run {
    /// Goes on to column `to`; the means are written from the start of `out`.
    fn advance(&mut self, lines: &[&[f64]; 4], planes: usize, to: usize, out: &mut [[f32; TILE]; 4]) {
        let mut written = 0;
        while self.at < to {
            // What precedes a tile of the picture is summed in runs that fit `out`, and overwritten.
            let end = to.min((self.at / self.restart + 1) * self.restart).min(self.at + TILE - written % TILE);
            let (at, count) = (written % TILE, end - self.at);
            match planes {
                3 => self.run::<3>(lines, at, count, out),
                _ => self.run::<4>(lines, at, count, out),
            }
            self.at = end;
            written += count;
        }
    }

    fn run<const PLANES: usize>(&mut self, lines: &[&[f64]; 4], at: usize, count: usize, out: &mut [[f32; TILE]; 4]) {
        let Radius { whole, part } = self.radius;
        // The column just beyond the box on the left, as an index.
        let first = (self.at as i64 - whole as i64 - 1 - self.from) as usize;
        let size = 2 * whole + 2;
        if self.at % self.restart == 0 {
            for c in 0..PLANES {
                self.sums[c] = lines[c][first + 1..first + size].iter().sum();
            }
        } else {
            for c in 0..PLANES {
                self.sums[c] += lines[c][first + size - 1] - lines[c][first];
            }
        }
        let before: [&[f64]; PLANES] = core::array::from_fn(|c| &lines[c][first..first + count]);
        let last: [&[f64]; PLANES] = core::array::from_fn(|c| &lines[c][first + size - 1..first + size - 1 + count]);
        let behind: [&[f64]; PLANES] = core::array::from_fn(|c| &lines[c][first + size..first + size + count]);
        let mut sums: [f64; PLANES] = core::array::from_fn(|c| self.sums[c]);
        for i in 0..count {
            for c in 0..PLANES {
                if i > 0 {
                    sums[c] += last[c][i] - before[c][i];
                }
                out[c][at + i] = (sums[c] + part * (before[c][i] + behind[c][i])) as f32;
            }
        }
        self.sums[..PLANES].copy_from_slice(&sums);
    }
}
