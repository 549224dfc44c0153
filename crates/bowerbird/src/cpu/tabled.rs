//! Tables of what becomes of each 8-bit code.
//!
//! Where code begins with the codes of an opaque picture and goes on with operations that look at one color at a time
//! (curves, powers, conversions, matrices whose numbers happen to be a diagonal), a color has 256 possible results. They
//! are computed once a pass, by the same operations on a row of all codes, and looked up: the same bits. 3840×2160, two
//! threads: a gamma of codes to codes 15.9 to 3.4 ms, the conversion to linear light alone 2.6 ms less of 7.9 (1080p).

use super::sink::quantize;
use super::walk::Bank;
use super::{Context, Layout, Sink, View};
use crate::effect::{TILE, Tile};
use crate::plan::{Buffer, Code, Inst, Rect};

/// Codes of a color.
pub(super) const CODES: usize = 256;

/// The least price of operations, in those of [`crate::ir::Program::cost`], that three lookups a pixel beat.
const LEAST_PRICE: u32 = 50;

/// What stands for the result of a pass that only looks codes up.
#[derive(Debug, Default)]
pub(super) struct Standing {
    /// The picture of codes, if there is one.
    pub(super) picture: Option<Buffer>,
    pub(super) table: Table,
}

/// Tables for the code of a pass, kept from pass to pass for their memory.
#[derive(Debug, Default)]
pub(super) struct Tabled {
    pub(super) body: Table,
    input: Table,
    /// Which colors each value of a recording depends on.
    scratch: Vec<u8>,
}

/// What the first instructions of some code make of each code of each color.
#[derive(Debug)]
pub(crate) struct Table {
    /// How many instructions it stands for; 0: there is none.
    pub(super) insts: usize,
    pub(super) values: [[f32; CODES]; 3],
    /// The results as codes, each color in its byte.
    codes: [[u32; CODES]; 3],
}

impl Default for Table {
    fn default() -> Self {
        Self { insts: 0, values: [[0.0; CODES]; 3], codes: [[0; CODES]; 3] }
    }
}

impl Table {
    /// Whether a greater code never has a lesser result, so that choosing among codes is choosing among results.
    fn is_monotone(&self) -> bool {
        self.values.iter().all(|values| values.is_sorted())
    }

    /// What becomes of opaque pixels.
    pub(super) fn load(&self, row: &[[u8; 4]], tile: &mut Tile) {
        let count = row.len();
        let [r, g, b, a] = &mut tile.0;
        let planes = r[..count].iter_mut().zip(&mut g[..count]).zip(&mut b[..count]);
        let [red, green, blue] = &self.values;
        for (pixel, ((r, g), b)) in row.iter().zip(planes) {
            *r = red[usize::from(pixel[0])];
            *g = green[usize::from(pixel[1])];
            *b = blue[usize::from(pixel[2])];
        }
        a[..count].fill(1.0);
    }

    /// The same as codes.
    fn translate(&self, row: &[[u8; 4]], out: &mut [[u8; 4]]) {
        let [red, green, blue] = &self.codes;
        for (out, pixel) in out.iter_mut().zip(row) {
            let [r, g, b] = [red[usize::from(pixel[0])], green[usize::from(pixel[1])], blue[usize::from(pixel[2])]];
            *out = (r | g | b | 0xff00_0000).to_le_bytes();
        }
    }
}

impl Context<'_> {
    /// Makes the tables of the pass.
    pub(super) fn build_tables(&self, tabled: &mut Tabled) {
        let Tabled { body, input, scratch } = tabled;
        // What is not stored is looked up whatever it costs.
        self.tabulate(&self.pass.body, if self.pass.is_taken { 0 } else { LEAST_PRICE }, body, scratch);
        input.insts = 0;
        if let Some(head) = &self.pass.head {
            // Extremes and medians of codes take a fraction of the time of those of floats.
            let least = if self.chooses() { 0 } else { LEAST_PRICE };
            self.tabulate(&head.input, least, input, scratch);
        }
    }

    /// Makes the table of the first instructions of some code, if they have one that is worth it.
    fn tabulate(&self, code: &Code, least: u32, table: &mut Table, scratch: &mut Vec<u8>) {
        table.insts = 0;
        let [Inst::Load { from, to: register }, rest @ ..] = code.insts.as_slice() else { return };
        if !matches!(self.views.of(*from), View::U8 { opaque: true, .. }) {
            return;
        }
        let (count, price) = code.separable(self.graph, self.values, scratch);
        if count == 0 || price < least {
            return;
        }
        table.insts = 1 + count;
        self.machine.with_worker(|worker| {
            self.reserve(worker);
            let Bank { registers, .. } = &mut worker.bank;
            let [r, g, b, a] = &mut registers[*register].0;
            for plane in [r, g, b] {
                plane.iter_mut().zip(0..CODES).for_each(|(value, code)| *value = code as f32 / 255.0);
            }
            a.fill(1.0);
            let span = self.coordinates.span(&self.frame, 0, 0, CODES);
            for inst in &rest[..count] {
                // A factor of zero is none for what is infinite.
                let planes = &worker.bank.registers[*register].0[..3];
                if !planes.iter().all(|plane| plane[..CODES].iter().all(|value| value.is_finite())) {
                    table.insts = 0;
                    return;
                }
                self.operate(inst, &mut worker.bank, &span);
            }
            let result = &worker.bank.registers[*register].0;
            for (c, (values, codes)) in table.values.iter_mut().zip(&mut table.codes).enumerate() {
                values.copy_from_slice(&result[c][..CODES]);
                let shifted = values.iter().map(|value| (quantize(*value, 255.0) as u32) << (8 * c));
                codes.iter_mut().zip(shifted).for_each(|(code, shifted)| *code = shifted);
            }
        });
    }

    /// The picture that stands for what the pass would store, with the table of its body.
    pub(super) fn stands_for(&self, tabled: &mut Tabled) -> Option<Buffer> {
        let is_coded = |buffer| matches!(self.views.of(buffer), View::U8 { opaque: true, .. });
        // A table of what is not finite was not made.
        let is_made = tabled.body.insts == self.pass.body.insts.len();
        self.pass.stands_for(self.graph, self.values, &mut tabled.scratch, is_coded).filter(|_| is_made)
    }

    /// The table of the first instructions of the body or of the head's input.
    pub(super) fn table_of(&self, code: &Code) -> Option<&Table> {
        let tabled = self.tabled?;
        let table = if core::ptr::eq(code, &self.pass.body) { &tabled.body } else { &tabled.input };
        (table.insts > 0).then_some(table)
    }

    /// The codes that a window may choose among in the place of what code makes of them, and the table of that if it makes
    /// anything of them.
    pub(super) fn chosen_from(&self, code: &Code) -> Option<(&[u8], Layout, Option<&Table>)> {
        let table = self.table_of(code).filter(|table| table.insts == code.insts.len() && table.is_monotone());
        let from = match (table, code.insts.first()) {
            (Some(_), Some(Inst::Load { from, to })) if *to == code.result => *from,
            _ => code.plain_load()?,
        };
        match self.views.of(from) {
            View::U8 { pixels, layout, .. } => Some((pixels, layout, table)),
            _ => None,
        }
    }

    /// A band of codes that become other codes by a table, if that is all there is to do.
    pub(super) fn translate_band(&self, rect: Rect, sink: &mut Sink<'_>) -> bool {
        let body = &self.pass.body;
        let (Some(table), Some(Inst::Load { from, to })) = (self.table_of(body), body.insts.first()) else {
            return false;
        };
        let View::U8 { pixels, layout, .. } = self.views.of(*from) else { return false };
        if table.insts < body.insts.len() || *to != body.result || !self.opaque() {
            return false;
        }
        let (left, count) = (rect.x as usize, rect.width as usize);
        for row in 0..rect.height as usize {
            let Some(out) = sink.pixels(0, row, count) else { return false };
            let from = &pixels[4 * layout.at(left, rect.y as usize + row)..][..4 * count];
            table.translate(from.as_chunks().0, out.as_chunks_mut().0);
        }
        true
    }
}

const _: () = assert!(CODES <= TILE);
