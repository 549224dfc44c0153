//! Walking a pass: bands of rows, tiles of a row, and the code of each tile.

use super::border::border;
use super::sample;
use super::{
    Context, Mode, Sink, View, bilateral, blur, blur_codes, boxes, convolve, interpret, local, transform, window,
};
use crate::effect::{Converts, Edge, Isa, NOTHING, PixelStage, Scratch, Span, TILE, Tile};
use crate::graph::{Axis, Convolve, Node, Op};
use crate::lane::Tables;
use crate::plan::{Code, Head, Inst, Rect};

/// Rows of a band: enough work to hand over, few enough to balance.
const BAND: usize = 16;

/// Rows of a band whose head reads a halo of rows above and below.
const TALL_BAND: usize = 64;

/// Rows of a stencil's scratch memory besides its halo, so that it stays in the second cache.
const CHUNK: usize = 16;

/// What registers may be loaded past the end of a row.
pub(super) const PAD: usize = 16;

/// The scratch memory of one thread.
#[derive(Debug)]
pub(super) struct Worker {
    pub(super) bank: Bank,
    /// Rows with halo, four planes.
    pub(super) rows: Vec<f32>,
    /// Columns and coordinates of a gathered tile.
    gathered: Gathered,
    pub(super) positions: Box<[[f32; TILE]; 2]>,
    pub(super) sample: Box<sample::Scratch>,
    row_index: Vec<Option<usize>>,
    pub(super) blur: blur::Scratch,
    pub(super) codes: blur_codes::Scratch,
    pub(super) bilateral: bilateral::codes::Scratch,
    pub(super) window: window::Scratch,
    pub(super) boxes: boxes::Scratch,
    pub(super) transform: transform::Scratch,
    pub(super) local: local::Scratch,
}

impl Default for Worker {
    fn default() -> Self {
        Self {
            bank: Bank::default(),
            rows: Vec::new(),
            gathered: Gathered::default(),
            positions: Box::new([[0.0; TILE]; 2]),
            sample: Box::default(),
            row_index: Vec::new(),
            blur: blur::Scratch::default(),
            codes: blur_codes::Scratch::default(),
            bilateral: bilateral::codes::Scratch::default(),
            window: window::Scratch::default(),
            boxes: boxes::Scratch::default(),
            transform: transform::Scratch::default(),
            local: local::Scratch::default(),
        }
    }
}

impl Default for Tile {
    fn default() -> Self {
        Self::new()
    }
}

/// The registers that code runs on. They are boxed, so that exchanging two moves no pixels.
#[derive(Debug, Default)]
pub(super) struct Bank {
    registers: Vec<Box<Tile>>,
    /// The result of the head of a pass.
    pub(super) head: Box<Tile>,
    /// Trades places with the register that is being written, so that the others can be read meanwhile.
    spare: Box<Tile>,
}

#[derive(Debug)]
struct Gathered {
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

/// The pixels of a tile: neighbors in a row, or any of a row.
#[derive(Clone, Copy)]
enum Pixels<'a> {
    Run { x: usize },
    Gather { columns: &'a [usize] },
}

impl Context<'_> {
    pub(super) fn isa(&self) -> Isa {
        match self.machine.mode {
            Mode::Compiled(isa) => isa,
            Mode::Interpreted => Isa::Scalar,
        }
    }

    /// Computes a rectangle of the pass into a sink.
    pub(super) fn walk(&self, rect: Rect, sink: Sink<'_>) {
        let band = match self.head_op() {
            Some(Op::Stencil(..) | Op::Warp(_) | Op::Curves) => TALL_BAND,
            Some(Op::Window(..)) => window::BAND,
            Some(Op::Convolve(_)) if self.blur().is_some() => self.box_rows().unwrap_or(blur::BAND),
            Some(Op::Convolve(Convolve { axis: Axis::Y, .. })) => TALL_BAND,
            _ => BAND,
        };
        self.machine.install(|| self.halve(rect, sink, band));
    }

    /// Cuts a rectangle in half until a band is left, and hands one half to another thread.
    fn halve(&self, rect: Rect, sink: Sink<'_>, band: usize) {
        if rect.height as usize <= band {
            self.machine.with_worker(|worker| self.band(rect, sink, worker));
            return;
        }
        let bands = (rect.height as usize).div_ceil(band);
        let first = (bands / 2 * band) as u32;
        let (upper, lower) = sink.split(first as usize);
        let (above, below) =
            (Rect { height: first, ..rect }, Rect { y: rect.y + first, height: rect.height - first, ..rect });
        rayon::join(|| self.halve(above, upper, band), || self.halve(below, lower, band));
    }

    /// Gives a worker the registers that the pass needs.
    pub(super) fn reserve(&self, worker: &mut Worker) {
        let registers = self.pass.body.registers.max(self.pass.head.as_ref().map_or(0, |h| h.input.registers)).max(1);
        while worker.bank.registers.len() < registers {
            worker.bank.registers.push(Box::default());
        }
    }

    fn band(&self, rect: Rect, mut sink: Sink<'_>, worker: &mut Worker) {
        self.reserve(worker);
        if let Some((head, blur, edge)) = self.blur() {
            return self.blur_band(rect, &mut sink, worker, head, &blur, edge);
        }
        if let (Some(head), Some(window)) = (&self.pass.head, self.window()) {
            return self.window_band(rect, &mut sink, worker, head, window);
        }
        match (&self.pass.head, self.head_op()) {
            (Some(head), Some(Op::Stencil(stage, edge))) => {
                let node = &self.graph.nodes[head.node];
                self.stencil_band(rect, &mut sink, worker, head, node, (&**stage, *edge));
            }
            (Some(head), Some(Op::Convolve(kernel))) => match kernel.axis {
                Axis::X => self.convolve_across(rect, &mut sink, worker, head, *kernel),
                Axis::Y => self.convolve_down(rect, &mut sink, worker, head, *kernel),
            },
            (Some(head), Some(Op::Warp(stage))) => {
                let node = &self.graph.nodes[head.node];
                self.warp_band(rect, &mut sink, worker, head, node, &**stage);
            }
            (Some(head), Some(Op::Curves)) => self.curves_band(rect, &mut sink, worker, head),
            (Some(_), Some(Op::Transform(_))) => self.field_band(rect, &mut sink, worker),
            _ => self.each_tile(rect, &mut sink, worker, |_, _, _, _| {}),
        }
    }

    /// Runs the body on every tile of a band, row by row; `head` fills `worker.bank.head` before each.
    fn each_tile(
        &self,
        rect: Rect,
        sink: &mut Sink<'_>,
        worker: &mut Worker,
        mut head: impl FnMut(&mut Worker, usize, usize, usize),
    ) {
        for row in 0..rect.height as usize {
            let y = rect.y as usize + row;
            for x in (0..rect.width as usize).step_by(TILE) {
                let count = TILE.min(rect.width as usize - x);
                head(worker, rect.x as usize + x, y, count);
                self.finish(worker, rect.x as usize + x, y, count);
                self.put(sink, worker, x, row, count);
            }
        }
    }

    /// Runs the body of the pass on a tile whose head is ready.
    pub(super) fn finish(&self, worker: &mut Worker, x: usize, y: usize, count: usize) {
        let span = self.coordinates.span(&self.frame, x, y, count);
        self.run(&self.pass.body, &mut worker.bank, Pixels::Run { x }, y, &span);
    }

    /// The head's input on a tile.
    pub(super) fn input_tile<'w>(
        &self,
        code: &Code,
        worker: &'w mut Worker,
        x: usize,
        y: usize,
        count: usize,
    ) -> &'w mut Box<Tile> {
        let span = self.coordinates.span(&self.frame, x, y, count);
        self.run(code, &mut worker.bank, Pixels::Run { x }, y, &span);
        &mut worker.bank.registers[code.result]
    }

    /// The head's input on a tile, as the head's result.
    pub(super) fn input_head(&self, code: &Code, worker: &mut Worker, x: usize, y: usize, count: usize) {
        self.input_tile(code, worker, x, y, count);
        let Bank { registers, head, .. } = &mut worker.bank;
        core::mem::swap(head, &mut registers[code.result]);
    }

    /// Runs code on a tile.
    fn run(&self, code: &Code, bank: &mut Bank, pixels: Pixels<'_>, y: usize, span: &Span<'_>) {
        let mut done = false;
        for (index, inst) in code.insts.iter().enumerate() {
            if core::mem::take(&mut done) {
                continue;
            }
            match inst {
                Inst::Load { from, to } => match pixels {
                    Pixels::Run { x } => {
                        let (view, tile) = (self.views.of(*from), &mut bank.registers[*to]);
                        done = self.decodes_next(code, index, *to) && view.load_decoded(x, y, span.count, tile);
                        if !done {
                            view.load(self.isa(), x, y, span.count, tile);
                        }
                    }
                    Pixels::Gather { columns } => self.views.of(*from).gather(columns, y, &mut bank.registers[*to]),
                },
                Inst::Head { to } => core::mem::swap(&mut bank.head, &mut bank.registers[*to]),
                Inst::Copy { from, to } => {
                    if let Ok([from, to]) = bank.registers.get_disjoint_mut([*from, *to]) {
                        for (to, from) in to.0.iter_mut().zip(&from.0) {
                            to[..span.count].copy_from_slice(&from[..span.count]);
                        }
                    }
                }
                Inst::Run { node, to, others } => {
                    let node = &self.graph.nodes[*node];
                    if let Op::Pixel(stage) = &node.op
                        && self.is_on(node)
                    {
                        self.operate(node, &**stage, bank, *to, *others, span);
                    }
                }
            }
        }
    }

    /// Whether the instruction behind a load converts what it loads to linear light.
    fn decodes_next(&self, code: &Code, load: usize, register: usize) -> bool {
        let Some(Inst::Run { node, to, .. }) = code.insts.get(load + 1) else { return false };
        let Op::Pixel(stage) = &self.graph.nodes[*node].op else { return false };
        *to == register
            && matches!(self.machine.mode, Mode::Compiled(_))
            && stage.conversion() == Some(Converts::ToLinear)
    }

    /// Writes the result of a tile.
    pub(super) fn put(&self, sink: &mut Sink<'_>, worker: &Worker, x: usize, row: usize, count: usize) {
        sink.store(self.isa(), x, row, count, &worker.bank.registers[self.pass.body.result], self.opaque());
    }

    /// Whether all alphas of the result are known to be 1.
    pub(super) fn opaque(&self) -> bool {
        self.graph.nodes[self.pass.root].tag.is_opaque()
    }

    /// Whether the switch of an operation, if it has one, is on.
    pub(super) fn is_on(&self, node: &Node) -> bool {
        node.switch.is_none_or(|slot| self.values.uniforms[slot] != 0.0)
    }

    pub(super) fn uniforms(&self, node: &Node) -> &[f32] {
        &self.values.uniforms[node.uniforms.0..node.uniforms.0 + node.uniforms.1]
    }

    fn tables(&self, node: &Node) -> Tables<'_> {
        let mut tables = Tables::default();
        for (index, table) in node.tables.iter().enumerate() {
            tables.bind(index, &self.values.tables[*table]);
        }
        tables
    }

    fn operate(
        &self,
        node: &Node,
        stage: &dyn PixelStage,
        bank: &mut Bank,
        to: usize,
        others: [usize; 2],
        span: &Span<'_>,
    ) {
        let uniforms = self.uniforms(node);
        let tables = self.tables(node);
        let Bank { registers, spare, .. } = bank;
        core::mem::swap(spare, &mut registers[to]);
        let other = |k: usize| if others[k] == to { &NOTHING } else { &*registers[others[k]] };
        match self.machine.mode {
            Mode::Compiled(isa) => stage.run(isa, span, uniforms, tables, spare, [other(0), other(1)]),
            Mode::Interpreted => interpret::pixel(stage, span, uniforms, tables, spare, [other(0), other(1)]),
        }
        core::mem::swap(spare, &mut registers[to]);
    }

    /// Fills four planes with a row of the head's input: `count` pixels from column `from`, which may lie beyond the
    /// edges, into `out` at `at`.
    #[expect(clippy::too_many_arguments, reason = "a row, its place, and where it goes")]
    pub(super) fn fill_row(
        &self,
        code: &Code,
        worker: &mut Worker,
        y: Option<usize>,
        from: i64,
        count: usize,
        edge: Edge,
        plane: usize,
        at: usize,
    ) {
        let Some(y) = y else {
            for c in 0..4 {
                worker.rows[c * plane + at..][..count].fill(0.0);
            }
            return;
        };
        let width = i64::from(self.frame.width);
        let (first, last) = (from.clamp(0, width), (from + count as i64).clamp(0, width));
        let mut x = first;
        while x < last {
            let n = ((last - x) as usize).min(TILE);
            let span = self.coordinates.span(&self.frame, x as usize, y, n);
            self.run(code, &mut worker.bank, Pixels::Run { x: x as usize }, y, &span);
            store_rows(&mut worker.rows, &worker.bank.registers[code.result], plane, at + (x - from) as usize, n);
            x += n as i64;
        }
        for (low, high) in [(from, first.max(from)), (last.max(first), from + count as i64)] {
            let mut x = low;
            while x < high {
                let n = ((high - x) as usize).min(TILE);
                self.fill_beyond(code, worker, y, x, n, edge, plane, at + (x - from) as usize);
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
        store_rows(rows, &bank.registers[code.result], plane, at, count);
        for c in 0..if copies > 0 { 4 } else { 0 } {
            let value = rows[c * plane + at];
            rows[c * plane + at..][..copies].fill(value);
        }
        for index in &gathered.missing {
            for c in 0..4 {
                rows[c * plane + at + index] = 0.0;
            }
        }
    }

    fn stencil_band(
        &self,
        rect: Rect,
        sink: &mut Sink<'_>,
        worker: &mut Worker,
        head: &Head,
        node: &Node,
        (stage, edge): (&dyn crate::effect::StencilStage, Edge),
    ) {
        let radius = stage.radius();
        let height = i64::from(self.frame.height);
        let stride = TILE + 2 * radius + PAD;
        let plane = stride * (CHUNK + 2 * radius);
        if worker.rows.len() < 4 * plane {
            worker.rows.resize(4 * plane, 0.0);
        }
        for x in (0..rect.width as usize).step_by(TILE) {
            let count = TILE.min(rect.width as usize - x);
            let column = rect.x as usize + x;
            let left = column as i64 - radius as i64;
            // Rows that the chunk before has left at the start.
            let mut kept = 0;
            for first in (0..rect.height as usize).step_by(CHUNK) {
                let rows = CHUNK.min(rect.height as usize - first);
                for row in kept..rows + 2 * radius {
                    let y = border(edge, i64::from(rect.y) + (first + row) as i64 - radius as i64, height);
                    self.fill_row(&head.input, worker, y, left, count + 2 * radius, edge, plane, row * stride);
                }
                for row in 0..rows {
                    let y = rect.y as usize + first + row;
                    self.stencil_tile(worker, node, stage, (column, y), count, (plane, stride), row + radius);
                    self.finish(worker, column, y, count);
                    self.put(sink, worker, x, first + row, count);
                }
                kept = 2 * radius;
                for c in 0..4 {
                    let from = c * plane + rows * stride;
                    worker.rows.copy_within(from..from + kept * stride, c * plane);
                }
            }
        }
    }

    /// Runs a stencil on a tile whose rows are in `worker.rows`, centered at row `center` there.
    #[expect(clippy::too_many_arguments, reason = "a tile, and where its rows are")]
    fn stencil_tile(
        &self,
        worker: &mut Worker,
        node: &Node,
        stage: &dyn crate::effect::StencilStage,
        (x, y): (usize, usize),
        count: usize,
        (plane, stride): (usize, usize),
        center: usize,
    ) {
        let span = self.coordinates.span(&self.frame, x, y, count);
        let planes = core::array::from_fn(|c| &worker.rows[c * plane..(c + 1) * plane]);
        let scratch = Scratch { planes, stride, origin: center * stride + stage.radius() };
        let head = &mut worker.bank.head;
        if !self.is_on(node) {
            (0..count).for_each(|index| head.set_pixel(index, scratch.pixel(index, 0, 0)));
        } else if let Mode::Compiled(isa) = self.machine.mode {
            stage.run(isa, &span, self.uniforms(node), &scratch, head);
        } else {
            interpret::stencil(stage, &span, self.uniforms(node), &scratch, head);
        }
    }

    fn convolve_across(&self, rect: Rect, sink: &mut Sink<'_>, worker: &mut Worker, head: &Head, kernel: Convolve) {
        let weights = self.weights(head.node);
        let radius = weights.len() - 1;
        let length = rect.width as usize + 2 * radius;
        let plane = length + PAD + TILE;
        if worker.rows.len() < 4 * plane {
            worker.rows.resize(4 * plane, 0.0);
        }
        for row in 0..rect.height as usize {
            let y = rect.y as usize + row;
            let from = i64::from(rect.x) - radius as i64;
            self.fill_row(&head.input, worker, Some(y), from, length, kernel.edge, plane, 0);
            for x in (0..rect.width as usize).step_by(TILE) {
                let count = TILE.min(rect.width as usize - x);
                for c in 0..4 {
                    let row = &worker.rows[c * plane + x..(c + 1) * plane];
                    convolve::across(self.isa(), weights, row, &mut worker.bank.head.0[c][..count]);
                }
                self.finish(worker, rect.x as usize + x, y, count);
                self.put(sink, worker, x, row, count);
            }
        }
    }

    fn convolve_down(&self, rect: Rect, sink: &mut Sink<'_>, worker: &mut Worker, head: &Head, kernel: Convolve) {
        let weights = self.weights(head.node);
        let radius = weights.len() - 1;
        let view = head.input.plain_load().map_or(View::Empty, |buffer| self.views.of(buffer));
        let View::Planes { planes, layout } = view else { return };
        let height = i64::from(self.frame.height);
        let rows = rect.height as usize + 2 * radius;
        let mut index = core::mem::take(&mut worker.row_index);
        index.clear();
        index.extend((0..rows).map(|row| {
            let y = border(kernel.edge, i64::from(rect.y) + row as i64 - radius as i64, height);
            y.map(|y| (y - layout.rect.y as usize) * layout.stride)
        }));
        for x in (0..rect.width as usize).step_by(TILE) {
            let count = TILE.min(rect.width as usize - x);
            let column = rect.x as usize + x - layout.rect.x as usize;
            for row in 0..rect.height as usize {
                let rows = &index[row..row + 2 * radius + 1];
                for (plane, out) in planes.iter().zip(&mut worker.bank.head.0) {
                    convolve::down(self.isa(), weights, plane, rows, column, &mut out[..count]);
                }
                self.finish(worker, rect.x as usize + x, rect.y as usize + row, count);
                self.put(sink, worker, x, row, count);
            }
        }
        worker.row_index = index;
    }

    /// The weights of offsets 0..=radius.
    pub(super) fn weights(&self, node: crate::graph::NodeId) -> &[f32] {
        let node = &self.graph.nodes[node];
        let table = &self.values.tables[node.tables[0]];
        let radius = self.values.uniforms[node.uniforms.0] as usize;
        &table[..(radius + 1).min(table.len())]
    }

    /// Runs the body of a reduction on a tile and hands the result to `take`.
    pub(super) fn reduce_tile(&self, worker: &mut Worker, x: usize, y: usize, count: usize, take: impl FnOnce(&Tile)) {
        self.reserve(worker);
        self.finish(worker, x, y, count);
        take(&worker.bank.registers[self.pass.body.result]);
    }
}

fn store_rows(rows: &mut [f32], tile: &Tile, plane: usize, at: usize, count: usize) {
    for (c, source) in tile.0.iter().enumerate() {
        rows[c * plane + at..][..count].copy_from_slice(&source[..count]);
    }
}
