//! Walking a pass: bands of rows, tiles of a row, and the code of each tile.

use super::sample;
use super::{
    Context, Mode, Sink, bilateral, blur, blur_codes, boxes, interpret, local, pyramid, rows, transform, window,
};
use crate::effect::{Isa, NOTHING, Span, TILE, Tile};
use crate::graph::{Axis, Convolve, Node, Op};
use crate::lane::Tables;
use crate::plan::{Code, Inst, Rect};

/// Rows of a band: enough work to hand over, few enough to balance.
const BAND: usize = 16;

/// Rows of a band whose head reads a halo of rows above and below.
const TALL_BAND: usize = 64;

/// Pixels of a row that operations are run on at a time where nothing asks for whole tiles: with half of them registers stay
/// in the first cache beside tables and rings (3840×2160, Sapphire Rapids: a 3D table 22.2 to 20.6 ms, an unsharp mask of
/// σ = 2 px 15.1 to 14.5; a quarter gains no more).
pub(super) const PART: usize = TILE / 2;

/// What registers may be loaded past the end of a row.
pub(super) const PAD: usize = 16;

/// The scratch memory of one thread.
#[derive(Debug)]
pub(super) struct Worker {
    pub(super) bank: Bank,
    /// Rows with halo, four planes.
    pub(super) rows: Vec<f32>,
    /// Columns and coordinates of a gathered tile.
    pub(super) gathered: rows::Gathered,
    pub(super) positions: Box<[[f32; TILE]; 2]>,
    pub(super) sample: Box<sample::Scratch>,
    pub(super) row_index: Vec<Option<usize>>,
    pub(super) blur: blur::Scratch,
    pub(super) codes: blur_codes::Scratch,
    pub(super) pyramid: pyramid::codes::Scratch,
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
            gathered: rows::Gathered::default(),
            positions: Box::new([[0.0; TILE]; 2]),
            sample: Box::default(),
            row_index: Vec::new(),
            blur: blur::Scratch::default(),
            codes: blur_codes::Scratch::default(),
            pyramid: pyramid::codes::Scratch::default(),
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
    pub(super) registers: Vec<Box<Tile>>,
    /// The result of the head of a pass.
    pub(super) head: Box<Tile>,
    /// Trades places with the register that is being written, so that the others can be read meanwhile.
    spare: Box<Tile>,
}

/// The pixels of a tile: neighbors in a row, or any of a row.
#[derive(Clone, Copy)]
pub(super) enum Pixels<'a> {
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
        if self.machine.gives_up() {
            return;
        }
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
            _ if self.translate_band(rect, &mut sink) => {}
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
            for x in (0..rect.width as usize).step_by(PART) {
                let count = PART.min(rect.width as usize - x);
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
    pub(super) fn run(&self, code: &Code, bank: &mut Bank, pixels: Pixels<'_>, y: usize, span: &Span<'_>) {
        let mut done = 0;
        if let (Some(table), Some(Inst::Load { from, to }), Pixels::Run { x }) =
            (self.table_of(code), code.insts.first(), pixels)
            && self.views.of(*from).load_through(table, x, y, span.count, &mut bank.registers[*to])
        {
            done = table.insts;
        }
        for inst in &code.insts[done..] {
            match inst {
                Inst::Load { from, to } => match pixels {
                    Pixels::Run { x } => {
                        self.views.of(*from).load(self.isa(), x, y, span.count, &mut bank.registers[*to]);
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
                Inst::Run { .. } => self.operate(inst, bank, span),
            }
        }
    }

    /// Writes the result of a tile.
    pub(super) fn put(&self, sink: &mut Sink<'_>, worker: &Worker, x: usize, row: usize, count: usize) {
        let channels = self.graph.channels(self.pass.root);
        sink.store(self.isa(), x, row, count, &worker.bank.registers[self.pass.body.result], channels);
    }

    /// Whether all alphas of the result are known to be 1.
    pub(super) fn opaque(&self) -> bool {
        self.graph.nodes[self.pass.root].tag.is_opaque()
    }

    /// Whether the switch of an operation, if it has one, is on.
    pub(super) fn is_on(&self, node: &Node) -> bool {
        self.values.is_on(node)
    }

    pub(super) fn uniforms(&self, node: &Node) -> &[f32] {
        self.values.uniforms_of(node)
    }

    fn tables(&self, node: &Node) -> Tables<'_> {
        let mut tables = Tables::default();
        for (index, table) in node.tables.iter().enumerate() {
            tables.bind(index, &self.values.tables[*table]);
        }
        tables
    }

    /// Runs a pixel operation on a tile.
    pub(super) fn operate(&self, inst: &Inst, bank: &mut Bank, span: &Span<'_>) {
        let Inst::Run { node, to, others } = *inst else { return };
        let node = &self.graph.nodes[node];
        let Op::Pixel(stage) = &node.op else { return };
        if !self.is_on(node) {
            return;
        }
        let stage = &**stage;
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
