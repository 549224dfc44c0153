//! The least and the greatest code of rectangles of 8-bit pictures.
//!
//! Codes are read where they lie and written where they belong. Rows are taken along x into two blocks, which stay in
//! the second cache, in steps that make runs three times as long. Down the columns a rectangle of any height is two
//! overlapping runs of a block: from a row to the end of its block, and from the start of the next block to the last
//! row (van Herk 1992; Gil and Werman 1993), three comparisons a sample. Dilation by 4 px at 3840×2160, two threads:
//! 4.6 ms, and 9.6 when strips were copied, taken through runs of 2, 4, 8 … rows in place, and copied back.

use super::border::border;
use super::codes::Line;
use super::extremes::pick;
use super::tabled::Table;
use super::walk::{PAD, Worker};
use super::{Context, Layout, Sink};
use crate::effect::{Edge, Isa};
use crate::graph::Extreme;
use crate::plan::Rect;
use fearless_simd::{Simd, dispatch, prelude::*};

/// Registers that go down the columns side by side.
const ABREAST: usize = 4;

/// Bytes of the two blocks that are being worked on, so that they stay in the second cache. Runs along the rows are the
/// longer, the better: 7.0 ms with strips of 350 pixels.
const BLOCKS_BYTES: usize = 160 * 1024;

/// Columns of a strip at least.
const LEAST_STRIP: usize = 64;

/// The scratch memory of one thread.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    /// A row whose window reaches beyond the edges.
    beyond: Vec<u8>,
    /// A row between two steps.
    lines: [Vec<u8>; 2],
    /// Rows taken along x: of a block and of the next.
    blocks: [Vec<u8>; 2],
    /// Results that are not the result of the pass.
    found: Vec<u8>,
}

/// What a strip of a band reads and how far its windows reach.
struct Source<'a> {
    pixels: &'a [u8],
    layout: Layout,
    extreme: Extreme,
    reach: [usize; 2],
    edge: Edge,
}

impl Context<'_> {
    /// A band of extremes of rectangles of a picture of codes.
    pub(super) fn rectangles(
        &self,
        rect: Rect,
        sink: &mut Sink<'_>,
        worker: &mut Worker,
        (pixels, layout, table): (&[u8], Layout, Option<&Table>),
        (extreme, reach, edge): (Extreme, [usize; 2], Edge),
    ) {
        let source = Source { pixels, layout, extreme, reach, edge };
        let mut scratch = core::mem::take(&mut worker.window.rectangles);
        let (wide, rows) = (rect.width as usize, rect.height as usize);
        let most = (BLOCKS_BYTES / (8 * (2 * reach[1] + 1))).max(LEAST_STRIP);
        let columns = wide.div_ceil(wide.div_ceil(most)).next_multiple_of(PAD);
        // Codes that nothing else happens to are written as they are.
        let is_copied = self.pass.body.is_only_head() && self.opaque() && table.is_none();
        for x in (0..wide).step_by(columns) {
            let count = columns.min(wide - x);
            let strip = Rect { x: rect.x + x as u32, width: count as u32, ..rect };
            if is_copied && let Some(out) = sink.codes_at(x, 0) {
                self.strip(strip, &source, &mut scratch, out);
                continue;
            }
            let mut found = core::mem::take(&mut scratch.found);
            found.resize(found.len().max(4 * count * rows), 0);
            self.strip(strip, &source, &mut scratch, (&mut found, 4 * count));
            for (row, found) in found.chunks_exact(4 * count).take(rows).enumerate() {
                self.finish_codes(sink, worker, (found, table), (rect.x as usize, x), (rect.y as usize, row));
            }
            scratch.found = found;
        }
        worker.window.rectangles = scratch;
    }

    /// Some columns of a band, block by block.
    fn strip(&self, strip: Rect, source: &Source<'_>, scratch: &mut Scratch, (out, stride): (&mut [u8], usize)) {
        let [rx, ry] = source.reach;
        let (length, height) = (2 * ry + 1, strip.height as usize);
        let size = 4 * strip.width as usize;
        let Scratch { beyond, lines, blocks: [block, next], .. } = scratch;
        [&mut *block, &mut *next].into_iter().for_each(|rows| rows.resize(rows.len().max(size * length), 0));
        lines.iter_mut().chain([&mut *beyond]).for_each(|line| line.resize(line.len().max(size + 8 * rx), 0));
        let mut fill = |rows: &mut [u8], first: usize| {
            let rows = rows.chunks_exact_mut(size).take(length.min(height + 2 * ry - first));
            for (row, out) in rows.enumerate() {
                let y = i64::from(strip.y) + (first + row) as i64 - ry as i64;
                self.row(y, strip, source, (&mut *beyond, &mut *lines), out);
            }
        };
        fill(block, 0);
        for start in (0..height).step_by(length) {
            if start + length < height + 2 * ry {
                fill(next, start + length);
            }
            let rows = length.min(height - start);
            down(self.isa(), source.extreme, [block, next], length, (&mut out[start * stride..], stride), [size, rows]);
            core::mem::swap(block, next);
        }
    }

    /// A row of a strip, taken along x.
    fn row(
        &self,
        y: i64,
        strip: Rect,
        source: &Source<'_>,
        (beyond, lines): (&mut [u8], &mut [Vec<u8>; 2]),
        out: &mut [u8],
    ) {
        let (from, rx) = (i64::from(strip.x) - source.reach[0] as i64, source.reach[0]);
        let span = out.len() + 8 * rx;
        let Some(y) = border(source.edge, y, i64::from(self.frame.height)) else { return out.fill(0) };
        let line = Line::of(source.pixels, source.layout, y, self.frame.width);
        let line = line.inside(from, span / 4).unwrap_or_else(|| {
            line.fill(from, source.edge, &mut beyond[..span]);
            &beyond[..span]
        });
        along(self.isa(), source.extreme, line, lines, 2 * rx + 1, out);
    }
}

/// Extremes of `length` neighboring pixels: `line` holds those of `out` and `length` − 1 more.
fn along(isa: Isa, extreme: Extreme, line: &[u8], between: &mut [Vec<u8>; 2], length: usize, out: &mut [u8]) {
    if length == 1 {
        return out.copy_from_slice(line);
    }
    let [mut from, mut to] = between.each_mut();
    let mut run = 1;
    let mut is_first = true;
    while run < length {
        let next = (3 * run).min(length);
        let shifts = [4 * run.min(next - run), 4 * (next - run)];
        let source = if is_first { line } else { &from[..] };
        if next == length {
            return three(isa, extreme, source, shifts, out);
        }
        three(isa, extreme, source, shifts, &mut to[..line.len() - 4 * (next - 1)]);
        core::mem::swap(&mut from, &mut to);
        (run, is_first) = (next, false);
    }
}

/// Extremes of each sample and two that are shifted.
fn three(isa: Isa, extreme: Extreme, from: &[u8], shifts: [usize; 2], out: &mut [u8]) {
    let count = out.len();
    let (a, b, c) = (&from[..count], &from[shifts[0]..][..count], &from[shifts[1]..][..count]);
    let mut done = 0;
    if let Isa::Simd(level) = isa {
        done = dispatch!(level, simd => match extreme {
            Extreme::Least => registers::<_, false>(simd, [a, b, c], out),
            Extreme::Greatest => registers::<_, true>(simd, [a, b, c], out),
        });
    }
    for i in done..count {
        out[i] = pick(extreme, pick(extreme, a[i], b[i]), c[i]);
    }
}

/// The same for whole registers; returns how many samples they hold.
#[inline(always)]
fn registers<S: Simd, const GREATEST: bool>(simd: S, [a, b, c]: [&[u8]; 3], out: &mut [u8]) -> usize {
    let len = S::u8s::LEN;
    let inputs = a.chunks_exact(len).zip(b.chunks_exact(len)).zip(c.chunks_exact(len));
    for (out, ((a, b), c)) in out.chunks_exact_mut(len).zip(inputs) {
        let (a, b, c) = (S::u8s::from_slice(simd, a), S::u8s::from_slice(simd, b), S::u8s::from_slice(simd, c));
        either::<S, GREATEST>(either::<S, GREATEST>(a, b), c).store_slice(out);
    }
    out.len() / len * len
}

/// Extremes of `length` rows, of a block and of the one below it.
fn down(
    isa: Isa,
    extreme: Extreme,
    [block, next]: [&[u8]; 2],
    length: usize,
    (out, stride): (&mut [u8], usize),
    [width, rows]: [usize; 2],
) {
    let mut done = 0;
    if let Isa::Simd(level) = isa {
        done = dispatch!(level, simd => match extreme {
            Extreme::Least => columns::<_, false, ABREAST>(simd, [block, next], length, (out, stride), [width, rows]),
            Extreme::Greatest => columns::<_, true, ABREAST>(simd, [block, next], length, (out, stride), [width, rows]),
        });
    }
    for x in done..width {
        for y in 0..rows {
            let column =
                (y..y + length).map(|y| if y < length { block[y * width + x] } else { next[(y - length) * width + x] });
            out[y * stride + x] = column.reduce(|a, b| pick(extreme, a, b)).unwrap_or_default();
        }
    }
}

/// The same for groups of registers; returns how many samples of a row are done. Along the rows of a block: column by column, nobody foresees
/// which memory is written next, and it takes 21.7 ms.
#[inline(always)]
fn columns<S: Simd, const GREATEST: bool, const N: usize>(
    simd: S,
    [block, next]: [&[u8]; 2],
    length: usize,
    (out, stride): (&mut [u8], usize),
    [width, rows]: [usize; 2],
) -> usize {
    let len = S::u8s::LEN;
    let size = N * len;
    if width < size {
        return 0;
    }
    // The last group overlaps the one before.
    for x in (0..width).step_by(size).map(|x| x.min(width - size)) {
        let nothing = [S::u8s::splat(simd, if GREATEST { 0 } else { u8::MAX }); N];
        // From each row to the end of the block, then from the start of the next.
        let (mut above, mut below) = (nothing, nothing);
        for y in (0..length).rev() {
            for (above, row) in above.iter_mut().zip(block[y * width + x..][..size].chunks_exact(len)) {
                *above = either::<S, GREATEST>(*above, S::u8s::from_slice(simd, row));
            }
            if y < rows {
                let out = out[y * stride + x..][..size].chunks_exact_mut(len);
                above.iter().zip(out).for_each(|(above, out)| above.store_slice(out));
            }
        }
        for y in 1..rows {
            let row = next[(y - 1) * width + x..][..size].chunks_exact(len);
            let out = out[y * stride + x..][..size].chunks_exact_mut(len);
            for ((below, row), out) in below.iter_mut().zip(row).zip(out) {
                *below = either::<S, GREATEST>(*below, S::u8s::from_slice(simd, row));
                either::<S, GREATEST>(*below, S::u8s::from_slice(simd, out)).store_slice(out);
            }
        }
    }
    width
}

#[inline(always)]
fn either<S: Simd, const GREATEST: bool>(a: S::u8s, b: S::u8s) -> S::u8s {
    if GREATEST { a.max(b) } else { a.min(b) }
}
