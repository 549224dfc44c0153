//! Means of boxes by running sums: the time does not depend on the radius.
//!
//! Columns are summed first: a row enters, a row leaves, and the sums of a whole row wait in the second cache for the
//! sum along it. Both run in f64, so nothing that leaves a sum is missed in it; and both start anew at rows and columns
//! of the picture that depend on the radius alone, so strips, tiles and threads change no bit.

use super::border::border;
use super::memory::at_least;
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
    /// Rows of the input, plane by plane.
    rows: Vec<f32>,
    /// A row where there is nothing.
    nothing: Vec<f32>,
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
    /// The planes that are computed, which the scratch rows hold in this order.
    planes: &'static [usize],
}

/// Scratch rows: the one that leaves, and two that enter in turns.
const SLOTS: usize = 3;
const LEAVING: usize = 0;

/// The slot of a row that enters.
fn entering(row: i64) -> usize {
    1 + row.rem_euclid(2) as usize
}

impl Rows<'_> {
    /// The row of the picture that stands for a row.
    fn place(&self, row: i64) -> Option<usize> {
        border(self.edge, row, self.height as i64)
    }

    fn is_stored(&self) -> bool {
        matches!(self.view, View::Planes { .. })
    }

    /// Floats of a scratch row: registers may be written past its end.
    fn stride(&self) -> usize {
        self.width.next_multiple_of(TILE)
    }

    /// Row `row` of plane `k` of those computed: as it is stored, or from the slot that it was computed into.
    fn get<'r>(&'r self, scratch: &'r Scratch, slot: usize, k: usize, row: i64) -> &'r [f32] {
        match (&self.view, self.place(row)) {
            (_, None) => &scratch.nothing[..self.width],
            (View::Planes { planes, layout, .. }, Some(y)) => {
                &planes[self.planes[k]][layout.at(self.left, y)..][..self.width]
            }
            _ => &scratch.rows[(k * SLOTS + slot) * self.stride()..][..self.width],
        }
    }

    /// Computes a row into a slot, unless it is stored.
    fn fetch(
        &self,
        context: &Context<'_>,
        head: &Head,
        worker: &mut Worker,
        scratch: &mut Scratch,
        slot: usize,
        row: i64,
    ) {
        let (Some(y), false) = (self.place(row), self.is_stored()) else { return };
        for x in (0..self.width).step_by(TILE) {
            let count = TILE.min(self.width - x);
            let tile = context.input_tile(&head.input, worker, self.left + x, y, count);
            for (k, c) in self.planes.iter().enumerate() {
                let at = (k * SLOTS + slot) * self.stride() + x;
                scratch.rows[at..at + count].copy_from_slice(&tile.0[*c][..count]);
            }
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
            Edge::Wrap if from < 0 || to > width as i64 => (0, width),
            Edge::Reflect if (from < 0 || to > width as i64) && reach >= width => (0, width),
            _ => (from.max(0) as usize, (to as usize).min(width)),
        };
        let (from, to) = (from.min(left as i64), to.max(right as i64));
        let length = (to - from) as usize;
        let view = head.input.plain_load().map_or(View::Empty, |buffer| self.views.of(buffer));
        let channels = self.graph.channels(head.node);
        let planes = channels.list();
        let rows = Rows { view, left, width: right - left, height, edge, planes };
        let mut scratch = core::mem::take(&mut worker.boxes);
        at_least(&mut scratch.sums, planes.len() * rows.width);
        at_least(&mut scratch.line, planes.len() * length);
        at_least(&mut scratch.nothing, rows.width);
        at_least(&mut scratch.rows, planes.len() * SLOTS * rows.stride());
        let scale = 1.0 / radii.iter().map(|radius| 2.0 * radius + 1.0).product::<f64>();
        for y in top..rect.bottom() as usize {
            let starts = y == top || y.is_multiple_of(restarts[1]);
            self.enter(&rows, head, worker, &mut scratch, down, y, starts);
            let mut line = core::mem::take(&mut scratch.line);
            let mut sums = core::mem::take(&mut scratch.sums);
            let (above, last) = (y as i64 - down.whole as i64 - 1, y as i64 + down.whole as i64);
            for k in 0..planes.len() {
                let sums = &mut sums[k * rows.width..(k + 1) * rows.width];
                let line = &mut line[k * length..(k + 1) * length];
                let means = &mut line[(left as i64 - from) as usize..][..rows.width];
                let row = |slot: usize, row: i64| rows.get(&scratch, slot, k, row);
                let leaves = row(LEAVING, above);
                let beyond = (down.part > 0.0).then(|| row(entering(last + 1), last + 1));
                let enters = (!starts).then(|| row(entering(last), last));
                with_instructions!(self.isa(), advance(sums, enters, leaves, beyond, (down.part, scale), means));
                extend(line, from, edge, width);
            }
            scratch.sums = sums;
            if y >= rect.y as usize {
                let lines: [&[f64]; 4] =
                    core::array::from_fn(|k| if k < planes.len() { &line[k * length..] } else { &[] });
                let mut run = Run { sums: [0.0; 4], at: first, from, radius: across, restart: restarts[0], planes };
                run.advance(&lines, rect.x as usize, &mut worker.bank.head.0);
                for x in (0..rect.width as usize).step_by(TILE) {
                    let count = TILE.min(rect.width as usize - x);
                    let column = rect.x as usize + x;
                    run.advance(&lines, column + count, &mut worker.bank.head.0);
                    channels.complete(&mut worker.bank.head, count);
                    self.finish(worker, column, y, count);
                    self.put(sink, worker, x, y - rect.y as usize, count);
                }
            }
            scratch.line = line;
        }
        worker.boxes = scratch;
    }

    /// Computes the rows that the sums down the columns need to come to row `y`, or the sums themselves where they start.
    #[expect(clippy::too_many_arguments, reason = "sums, the rows they are of, and what makes those")]
    fn enter(
        &self,
        rows: &Rows<'_>,
        head: &Head,
        worker: &mut Worker,
        scratch: &mut Scratch,
        radius: Radius,
        y: usize,
        starts: bool,
    ) {
        let (above, last) = (y as i64 - radius.whole as i64 - 1, y as i64 + radius.whole as i64);
        if starts {
            scratch.sums.fill(0.0);
            let mut row = above + 1;
            while row <= last {
                let place = rows.place(row);
                // Beyond a clamped edge there is one row again and again.
                let times = (row..=last).take_while(|row| rows.place(*row) == place).count() as i64;
                rows.fetch(self, head, worker, scratch, LEAVING, row);
                let mut sums = core::mem::take(&mut scratch.sums);
                for (k, sums) in sums.chunks_exact_mut(rows.width).enumerate().take(rows.planes.len()) {
                    let row = rows.get(scratch, LEAVING, k, row);
                    with_instructions!(self.isa(), add(sums, row, times as f64));
                }
                scratch.sums = sums;
                row += times;
            }
        } else if radius.part == 0.0 {
            rows.fetch(self, head, worker, scratch, entering(last), last);
        }
        rows.fetch(self, head, worker, scratch, LEAVING, above);
        if radius.part > 0.0 {
            rows.fetch(self, head, worker, scratch, entering(last + 1), last + 1);
        }
    }
}

#[inline(always)]
fn add(sums: &mut [f64], row: &[f32], times: f64) {
    sums.iter_mut().zip(row).for_each(|(sum, value)| *sum += f64::from(*value) * times);
}

/// Brings the sums down the columns to the next row, and writes the means there: the sums with their part of the rows
/// just beyond, times the scale.
#[inline(always)]
fn advance(
    sums: &mut [f64],
    enters: Option<&[f32]>,
    leaves: &[f32],
    beyond: Option<&[f32]>,
    (part, scale): (f64, f64),
    means: &mut [f64],
) {
    match (enters, beyond) {
        (Some(enters), Some(beyond)) => {
            let rows = enters.iter().zip(leaves).zip(beyond);
            for ((sum, mean), ((enters, leaves), beyond)) in sums.iter_mut().zip(means).zip(rows) {
                let (leaves, beyond) = (f64::from(*leaves), f64::from(*beyond));
                *sum += f64::from(*enters) - leaves;
                *mean = (*sum + part * (leaves + beyond)) * scale;
            }
        }
        (Some(enters), None) => {
            for ((sum, mean), (enters, leaves)) in sums.iter_mut().zip(means).zip(enters.iter().zip(leaves)) {
                *sum += f64::from(*enters) - f64::from(*leaves);
                *mean = *sum * scale;
            }
        }
        (None, Some(beyond)) => {
            for ((sum, mean), (leaves, beyond)) in sums.iter().zip(means).zip(leaves.iter().zip(beyond)) {
                *mean = (sum + part * (f64::from(*leaves) + f64::from(*beyond))) * scale;
            }
        }
        (None, None) => sums.iter().zip(means).for_each(|(sum, mean)| *mean = sum * scale),
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
    planes: &'static [usize],
}

impl Run {
    /// Goes on to column `to`; the means are written from the start of `out`.
    fn advance(&mut self, lines: &[&[f64]; 4], to: usize, out: &mut [[f32; TILE]; 4]) {
        let mut written = 0;
        while self.at < to {
            // What precedes a tile of the picture is summed in runs that fit `out`, and overwritten.
            let end = to.min((self.at / self.restart + 1) * self.restart).min(self.at + TILE - written % TILE);
            let (at, count) = (written % TILE, end - self.at);
            match self.planes.len() {
                1 => self.run::<1>(lines, at, count, out),
                2 => self.run::<2>(lines, at, count, out),
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
        let starts = self.at.is_multiple_of(self.restart);
        for (sum, line) in self.sums.iter_mut().zip(lines).take(PLANES) {
            *sum = if starts {
                line[first + 1..first + size].iter().sum()
            } else {
                *sum + (line[first + size - 1] - line[first])
            };
        }
        let before: [&[f64]; PLANES] = core::array::from_fn(|k| &lines[k][first..first + count]);
        let last: [&[f64]; PLANES] = core::array::from_fn(|k| &lines[k][first + size - 1..][..count]);
        let behind: [&[f64]; PLANES] = core::array::from_fn(|k| &lines[k][first + size..][..count]);
        let mut sums: [f64; PLANES] = core::array::from_fn(|k| self.sums[k]);
        let planes: [usize; PLANES] = core::array::from_fn(|k| self.planes[k]);
        let Ok(out) = out.get_disjoint_mut(planes) else { return };
        let mut means = out.map(|plane| plane[at..at + count].iter_mut());
        for i in 0..count {
            for k in 0..PLANES {
                if i > 0 {
                    sums[k] += last[k][i] - before[k][i];
                }
                if let Some(mean) = means[k].next() {
                    *mean = (sums[k] + part * (before[k][i] + behind[k][i])) as f32;
                }
            }
        }
        self.sums[..PLANES].copy_from_slice(&sums);
    }
}
