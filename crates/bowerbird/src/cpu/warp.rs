//! Warps: a band of pixels read from other places, strip by strip.

use super::sample::{sample, sample_codes};
use super::walk::Worker;
use super::{Context, Mode, Sink, View, interpret};
use crate::effect::{Converts, Edge, Isa, Sampler, TILE, WarpStage};
use crate::graph::{Node, Op};
use crate::image::Alpha;
use crate::plan::{Buffer, Head, Inst, Rect};
use core::ops::Range;
use fearless_simd::{Level, Simd, dispatch, prelude::*};

/// Columns that a warp takes at a time. Of 64, 128, 256 and 512, a rotation by 17° was the fastest with this one.
const WARP_STRIP: usize = 128;

/// How many rows more than it has a strip may tap that is read row by row: those between which a filter mixes.
const WHOLE_ROWS: usize = 4;

/// How many pixels the rectangle around what a strip of a warp taps may have for each of its own, if it is to be fetched.
const MOST_TAPPED: f32 = 4.0;

impl Context<'_> {
    /// A band of pixels, each taken from where its position says.
    pub(super) fn warp_band(
        &self,
        rect: Rect,
        sink: &mut Sink<'_>,
        worker: &mut Worker,
        head: &Head,
        node: &Node,
        stage: &dyn WarpStage,
    ) {
        let view = head.input.plain_load().map_or(View::Empty, |buffer| self.views.of(buffer));
        let on = self.is_on(node);
        let size = self.size_of(head);
        let scale = self.frame.scale() as f32;
        let inside = stage
            .extent(self.uniforms(node), size.map(|side| side as f32 / scale), 2.0 / scale)
            .map(|sides| sides.map(|side| side * scale))
            .map(|[left, top, right, bottom]| [left - 1.0, top - 1.0, right + 1.0, bottom + 1.0]);
        let (left, top) = (rect.x as usize, rect.y as usize);
        let [columns, rows] = inside.map_or([0..rect.width as usize, 0..rect.height as usize], |inside| {
            self.hand_on_around(rect, sink, inside)
        });
        let tapped = |worker: &mut Worker, x: usize, width: usize| {
            if !on || rows.is_empty() || x >= columns.end {
                return None;
            }
            let (y, height) = ((top + rows.start) as u32, rows.len() as u32);
            let strip = Rect { x: (left + x) as u32, y, width: width.min(columns.end - x) as u32, height };
            self.tapped(worker, node, stage, strip, size)
        };
        // Rows that are read from rows, as by a flip, are walked whole, which the machine foresees. Others are in narrow
        // strips: what neighboring rows read of the source is then still in the cache.
        let keeps_rows = columns
            .clone()
            .step_by(TILE)
            .all(|x| tapped(worker, x, TILE).is_some_and(|[_, down]| down.len() <= rows.len() + WHOLE_ROWS));
        let (strip, abreast) = if keeps_rows { (TILE, 1) } else { (WARP_STRIP, rows.len().max(1)) };
        if !keeps_rows && let Some([across, down]) = tapped(worker, columns.start, strip) {
            view.fetch(across, down);
        }
        for (first, x) in
            rows.clone().step_by(abreast).flat_map(|first| columns.clone().step_by(strip).map(move |x| (first, x)))
        {
            let count = strip.min(columns.end - x);
            let column = left + x;
            let next = if keeps_rows { None } else { tapped(worker, x + strip, strip) };
            for row in first..first + abreast {
                if let Some([across, down]) = &next {
                    // A share of what the next strip taps, so that it comes while this one is computed.
                    let line = |row: usize| down.start + down.len() * (row - rows.start) / rows.len();
                    view.fetch(across.clone(), line(row)..line(row + 1));
                }
                let y = top + row;
                let missed = inside.is_some_and(|[left, top, right, bottom]| {
                    (column + count) as f32 <= left || column as f32 >= right || (y as f32) < top || y as f32 >= bottom
                });
                if on
                    && !missed
                    && self.warp_codes(&view, sink, worker, node, stage, (x, row), (column, y), count, size)
                {
                    continue;
                }
                let drawn = if missed {
                    false
                } else if on {
                    self.warp_tile(&view, worker, node, stage, (column, y), count, size)
                } else {
                    view.load(self.isa(), column, y, count, &mut worker.bank.head);
                    true
                };
                if !drawn {
                    if self.hand_on(sink, (x, row), (column, y), count) {
                        continue;
                    }
                    worker.bank.head.0.iter_mut().for_each(|plane| plane[..count].fill(0.0));
                }
                self.finish(worker, column, y, count);
                self.put(sink, worker, x, row, count);
            }
        }
    }

    /// Hands on what lies around a head that is transparent beyond some sides, in whole rows, if that can be done at all;
    /// says which columns and rows are left.
    fn hand_on_around(
        &self,
        rect: Rect,
        sink: &mut Sink<'_>,
        [left, top, right, bottom]: [f32; 4],
    ) -> [Range<usize>; 2] {
        let (x, y, width, height) = (rect.x as usize, rect.y as usize, rect.width as usize, rect.height as usize);
        if !self.hand_on(sink, (0, 0), (x, y), 0) {
            return [0..width, 0..height];
        }
        // Within the rectangle; a start is no greater than its end.
        let within = |low: f32, high: f32, from: usize, size: usize| {
            let end = (high - from as f32).ceil().clamp(0.0, size as f32) as usize;
            ((low - from as f32).floor().clamp(0.0, size as f32) as usize).min(end)..end
        };
        let (columns, rows) = (within(left, right, x, width), within(top, bottom, y, height));
        for row in 0..height {
            let kept = if rows.contains(&row) { columns.clone() } else { width..width };
            for part in [0..kept.start, kept.end..width] {
                self.hand_on(sink, (part.start, row), (x + part.start, y + row), part.len());
            }
        }
        [columns, rows]
    }

    /// The columns and rows that a strip is likely to tap, if they are not far more than it has pixels. They are fetched
    /// ahead, so that they come side by side and not one after another.
    fn tapped(
        &self,
        worker: &mut Worker,
        node: &Node,
        stage: &dyn WarpStage,
        strip: Rect,
        size: [u32; 2],
    ) -> Option<[Range<usize>; 2]> {
        let Mode::Compiled(isa) = self.machine.mode else { return None };
        let scale = self.frame.scale() as f32;
        let count = strip.width as usize;
        let mut ends = [[f32::INFINITY, f32::NEG_INFINITY]; 2];
        for y in [strip.y, strip.y + strip.height / 2, strip.bottom() - 1] {
            let span = self.coordinates.span(&self.frame, strip.x as usize, y as usize, count);
            stage.run(isa, &span, [0.0; 2], self.uniforms(node), &mut worker.positions);
            for (axis, [low, high]) in worker.positions.iter().zip(&mut ends) {
                for at in [axis[0], axis[count / 2], axis[count - 1]] {
                    (*low, *high) = (low.min(at * scale), high.max(at * scale));
                }
            }
        }
        let [[left, right], [top, bottom]] = ends;
        if (right - left) * (bottom - top) > (strip.width * strip.height) as f32 * MOST_TAPPED {
            return None;
        }
        let within = |v: f32, size: u32| v.clamp(0.0, size as f32) as usize;
        Some([
            within(left - 1.0, size[0])..within(right + 2.0, size[0]),
            within(top - 1.0, size[1])..within(bottom + 2.0, size[1]),
        ])
    }

    /// The size of what a head taps.
    fn size_of(&self, head: &Head) -> [u32; 2] {
        let frame = [self.frame.width, self.frame.height];
        match head.input.plain_load() {
            Some(Buffer::Picture(index)) => self.graph.own_size(index, frame).unwrap_or(frame),
            _ => frame,
        }
    }

    /// Copies codes of the source to the result where the head is transparent and the pass does nothing else than lay
    /// it over the source; `false` where it is not so simple.
    fn hand_on(
        &self,
        sink: &mut Sink<'_>,
        (x, row): (usize, usize),
        (column, y): (usize, usize),
        count: usize,
    ) -> bool {
        let (mut loaded, mut linear) = (None, false);
        for inst in &self.pass.body.insts {
            match inst {
                Inst::Load { from, to } if loaded.is_none() => loaded = Some((*from, *to)),
                Inst::Head { .. } => {}
                Inst::Run { node, to, .. } => {
                    let Op::Pixel(stage) = &self.graph.nodes[*node].op else { return false };
                    if loaded.is_none_or(|(_, register)| register != *to) {
                        return false;
                    }
                    match stage.conversion() {
                        Some(Converts::ToLinear) if !linear => linear = true,
                        Some(Converts::ToDisplay) if linear => linear = false,
                        Some(Converts::Alpha) => {}
                        None if stage.hands_on() => {}
                        _ => return false,
                    }
                }
                _ => return false,
            }
        }
        let Some((buffer, register)) = loaded else { return false };
        let View::U8 { pixels, layout, opaque: true } = self.views.of(buffer) else { return false };
        if linear || !self.opaque() || register != self.pass.body.result {
            return false;
        }
        let Some(out) = sink.pixels(x, row, count) else { return false };
        out.copy_from_slice(&pixels[4 * layout.at(column, y)..][..4 * count]);
        true
    }

    /// Samples codes into codes, where the pass does nothing else; `false` where it does.
    #[expect(clippy::too_many_arguments, reason = "a row of pixels, what it reads, and where it goes")]
    fn warp_codes(
        &self,
        view: &View<'_>,
        sink: &mut Sink<'_>,
        worker: &mut Worker,
        node: &Node,
        stage: &dyn WarpStage,
        (x, row): (usize, usize),
        (column, y): (usize, usize),
        count: usize,
        size: [u32; 2],
    ) -> bool {
        let Sampler { filter, edge, supersample: 0..=1 } = stage.sampler() else { return false };
        let (View::U8 { opaque: true, .. }, Mode::Compiled(isa)) = (view, self.machine.mode) else { return false };
        // Behind the samples of an opaque picture there is at most what makes of them what they are already.
        let hands_on = |inst: &Inst| match inst {
            Inst::Head { .. } => true,
            Inst::Run { node, .. } => {
                matches!(&self.graph.nodes[*node].op, Op::Pixel(stage) if stage.conversion() == Some(Converts::Alpha))
            }
            _ => false,
        };
        if !self.pass.body.insts.iter().all(hands_on) {
            return false;
        }
        sink.fetch(x, row + 1, count);
        let Some(out) = sink.pixels(x, row, count) else { return false };
        let span = self.coordinates.span(&self.frame, column, y, count);
        let Worker { positions, sample: scratch, .. } = worker;
        stage.run(isa, &span, [0.0; 2], self.uniforms(node), positions);
        let scale = self.frame.scale() as f32;
        if edge == Edge::Transparent && is_beyond(isa, positions, count, scale, size) {
            out.fill(0);
        } else {
            let straight = self.graph.nodes[self.pass.root].tag.alpha == Alpha::Straight;
            sample_codes(isa, view, size, (filter, edge), positions, scale, out, straight, scratch);
        }
        true
    }

    /// Samples a tile; `false` where all of it is transparent, which is not written then.
    #[expect(clippy::too_many_arguments, reason = "a tile, and what it reads")]
    fn warp_tile(
        &self,
        view: &View<'_>,
        worker: &mut Worker,
        node: &Node,
        stage: &dyn WarpStage,
        (x, y): (usize, usize),
        count: usize,
        size: [u32; 2],
    ) -> bool {
        let span = self.coordinates.span(&self.frame, x, y, count);
        let (sampler, opaque) = (stage.sampler(), node.tag.is_opaque());
        let grid = sampler.supersample.max(1);
        let scale = self.frame.scale() as f32;
        let Worker { positions, bank, sample: scratch, .. } = worker;
        for (sub, shift) in sampler.shifts(&self.frame).enumerate() {
            if let Mode::Compiled(isa) = self.machine.mode {
                stage.run(isa, &span, shift, self.uniforms(node), positions);
            } else {
                interpret::warp(stage, &span, shift, self.uniforms(node), positions);
            }
            if grid == 1 && sampler.edge == Edge::Transparent && is_beyond(self.isa(), positions, count, scale, size) {
                return false;
            }
            sample(self.isa(), view, size, sampler, positions, scale, count, &mut bank.head, sub == 0, opaque, scratch);
        }
        if grid > 1 {
            let part = 1.0 / (grid * grid) as f32;
            bank.head.0.iter_mut().flat_map(|plane| &mut plane[..count]).for_each(|v| *v *= part);
        }
        let alpha = &mut bank.head.0[3][..count];
        if opaque {
            alpha.fill(1.0);
        } else {
            alpha.iter_mut().for_each(|a| *a = a.clamp(0.0, 1.0));
        }
        true
    }
}

/// Whether the taps of all positions lie beyond one side of a picture.
fn is_beyond(isa: Isa, positions: &[[f32; TILE]; 2], count: usize, scale: f32, size: [u32; 2]) -> bool {
    // One that lies within is enough to know, and the middle one mostly does (a twentieth of the time of a rotation).
    let within = |axis: &[f32; TILE], side: u32| (0.0..side as f32).contains(&(axis[count / 2] * scale));
    if positions.iter().zip(size).all(|(axis, side)| within(axis, side)) {
        return false;
    }
    positions.iter().zip(size).any(|(axis, side)| {
        let level = if let Isa::Simd(level) = isa { level } else { Level::baseline() };
        let [low, high] = dispatch!(level, simd => ends(simd, &axis[..count]));
        // Positions that are no numbers are not beyond anything.
        high * scale < -2.0 || low * scale > side as f32 + 2.0
    })
}

/// The least and the greatest of some numbers, except those that are none.
#[inline(always)]
fn ends<S: Simd>(simd: S, values: &[f32]) -> [f32; 2] {
    let registers = values.chunks_exact(<S::f32s as SimdBase<S>>::LEN);
    let rest = registers.remainder();
    let mut low = S::f32s::splat(simd, f32::INFINITY);
    let mut high = S::f32s::splat(simd, f32::NEG_INFINITY);
    for values in registers {
        let values = S::f32s::from_slice(simd, values);
        low = values.simd_lt(low).select(values, low);
        high = values.simd_gt(high).select(values, high);
    }
    let least = |low: f32, value: &f32| if *value < low { *value } else { low };
    let most = |high: f32, value: &f32| if *value > high { *value } else { high };
    [
        rest.iter().chain(low.as_slice()).fold(f32::INFINITY, least),
        rest.iter().chain(high.as_slice()).fold(f32::NEG_INFINITY, most),
    ]
}
