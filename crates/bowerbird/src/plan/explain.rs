//! A plan in words and numbers: what is fused, what is not and why, and how many bytes move.

use super::{Buffer, Part, Parts, Pass, Passes, Rect, Slots, StepTime, Target, parts, share};
use crate::cpu::fits_words;
use crate::frame::Frame;
use crate::graph::{Graph, NodeId, Op, Ranges, Values};
use crate::image::Depth;
use crate::ir::range::Range;
use core::fmt;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// One dispatch of a pass that takes several on the GPU.
#[derive(Clone, Debug, Serialize, PartialEq)]
pub struct PartExplanation {
    /// What it does: `across`, `down`, `halve`, `blur` or `grow`.
    pub kind: &'static str,
    /// Width and height of what it computes; levels of a pyramid reach beyond the picture.
    pub size: [u32; 2],
    /// Bytes read, each picture and level once.
    pub bytes_read: u64,
    /// Bytes written.
    pub bytes_written: u64,
}

/// One pass, explained.
#[derive(Clone, Debug, Serialize, PartialEq)]
pub struct PassExplanation {
    /// What kind of walk it is: `points`, `stencil`, `warp`, `convolve` or `reduce`; or `table`, where no more is stored than
    /// what becomes of each 8-bit code.
    pub kind: &'static str,
    /// The operations it runs, in order.
    pub effects: Vec<String>,
    /// The pictures it reads.
    pub reads: Vec<String>,
    /// What it writes.
    pub writes: String,
    /// The rectangle it computes: x, y, width, height.
    pub rect: [u32; 4],
    /// Bytes read, each picture once.
    pub bytes_read: u64,
    /// Bytes written.
    pub bytes_written: u64,
    /// The dispatches that it takes, where they are several: two axes, or the levels of a pyramid.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<PartExplanation>,
    /// Why its result is stored rather than computed in passing, or that a table needs no more; empty for the last pass.
    pub why_cut: String,
    /// How long it took in milliseconds, once it has run and was measured.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ms: Option<f32>,
}

/// A whole plan, explained. `Display` prints it for people; it serializes for programs.
#[derive(Clone, Debug, Serialize, PartialEq)]
pub struct Explanation {
    /// The backend the plan is for.
    pub backend: String,
    /// Width and height of the result.
    pub size: [u32; 2],
    /// The passes, in order.
    pub passes: Vec<PassExplanation>,
    /// The bytes of each intermediate buffer, levels of pyramids too where a device holds them; buffers are shared by
    /// what is not needed at the same time.
    pub slots: Vec<u64>,
    /// All bytes read and written.
    pub bytes_total: u64,
    /// What each step took in the last frame, once one was rendered and measured.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<StepTime>,
    /// Bytes that the last frame brought from the GPU to the processor, once one was rendered there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bytes_read_back: Option<u64>,
    /// What became of steps that do not appear, and the like.
    pub notes: Vec<String>,
}

/// Sizes in bytes of a pixel, for the accounts.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PixelBytes {
    pub(crate) source: u64,
    /// Of a buffer on a device, which runs the passes in parts; none on the CPU.
    pub(crate) texel: Option<u64>,
    pub(crate) output: u64,
}

/// Of an 8-bit picture.
const CODED: u64 = 4;

/// Of a 16-bit picture, and of numbers of 16 bits between passes.
const WORDS: u64 = 8;

/// Of four 32-bit floats.
const FINE: u64 = 16;

impl PixelBytes {
    /// Of a texel on a device, in 32-bit floats where it is to be fine.
    fn texel(self, fine: bool) -> u64 {
        self.texel.filter(|_| !fine).unwrap_or(FINE)
    }

    /// Whether what a pass stores on the CPU is numbers of 16 bits.
    fn stores_words(self, graph: &Graph, values: &Values, pass: &Pass, node: NodeId) -> bool {
        let is_bounded = |picture: usize| match picture {
            0 => self.source <= WORDS,
            _ => graph.layers.get(picture - 1).is_some_and(|layer| layer.depth() != Depth::F32),
        };
        let range = |picture| if is_bounded(picture) { Range::UNIT } else { Range::ANY };
        self.output == CODED && pass.is_for_words && {
            let found = graph.range_of(node, values, range, &mut Ranges::default());
            fits_words(graph.channels(node).list().iter().map(|c| found[*c]))
        }
    }

    /// Of each buffer between passes, as it is written and as it is read.
    fn stored(self, graph: &Graph, values: &Values, passes: &[Pass]) -> BTreeMap<NodeId, [u64; 2]> {
        let (mut sizes, mut coded) = (BTreeMap::new(), BTreeSet::new());
        for pass in passes {
            let Target::Stored(node) = pass.target else { continue };
            let is_coded = |buffer| match buffer {
                Buffer::Picture(0) => self.source == CODED,
                Buffer::Picture(index) => graph.layers.get(index - 1).is_some_and(|layer| layer.depth() == Depth::U8),
                Buffer::Past(_) => false,
                Buffer::Stored(node) => coded.contains(&node),
            };
            let stores_codes = pass.stores_codes(graph, is_coded);
            let is_table = pass.stands_for(graph, values, &mut Vec::new(), is_coded).is_some();
            let sizes_of = match self.texel {
                Some(_) => [self.texel(graph.nodes[node].fine); 2],
                None if is_table => [0, CODED],
                None if stores_codes => [CODED; 2],
                None if self.stores_words(graph, values, pass, node) => [WORDS; 2],
                None => [4 * graph.stored_channels(node).count() as u64; 2],
            };
            if self.texel.is_none() && stores_codes {
                coded.insert(node);
            }
            sizes.insert(node, sizes_of);
        }
        sizes
    }
}

/// Explains passes over a rectangle of the output.
pub(crate) fn explain(
    backend: String,
    graph: &Graph,
    values: &Values,
    passes: &Passes,
    full: &Frame,
    slots: &Slots,
    bytes: PixelBytes,
) -> Explanation {
    let frame = Rect::whole(full.width, full.height);
    let regions = super::regions(graph, values, &passes.0, full, Some(frame), super::Wanted::All);
    let name = |buffer: Buffer| match buffer {
        Buffer::Picture(0) => "source".to_owned(),
        Buffer::Picture(index) => format!("layer_{index}"),
        Buffer::Past(index) => format!("past_{index}"),
        Buffer::Stored(node) => slots.of.get(&node).map_or_else(|| "buffer".into(), |slot| format!("slot_{slot}")),
    };
    let stored = bytes.stored(graph, values, &passes.0);
    let size = |buffer: Buffer, rect: Rect| {
        let pixel = match buffer {
            Buffer::Picture(_) => bytes.source,
            Buffer::Past(index) => {
                graph.kept.get(index).and_then(|node| stored.get(node)).map_or(FINE, |sizes| sizes[1])
            }
            Buffer::Stored(node) => stored[&node][1],
        };
        pixel * rect.area() as u64
    };
    let read = |buffers: Vec<Buffer>| -> u64 {
        let set: BTreeSet<Buffer> = buffers.into_iter().collect();
        set.iter().map(|buffer| size(*buffer, regions.get(buffer).copied().unwrap_or(frame))).sum()
    };
    let mut expanded: Vec<(Parts, bool)> = Vec::new();
    let passes: Vec<PassExplanation> = passes
        .0
        .iter()
        .map(|pass| {
            let (own, tapped) = pass.reads();
            let mut buffers = [own.as_slice(), tapped.as_slice()].concat();
            buffers.sort_unstable();
            buffers.dedup();
            let (writes, rect, written) = written(pass, graph, &regions, (frame, bytes.output), &stored, &name);
            let fine = pass.head.as_ref().is_some_and(|head| graph.nodes[head.node].fine);
            let dispatches = parts(graph, values, pass, rect, full);
            let several = bytes.texel.is_some() && dispatches.parts.len() > 1;
            let explained = |part: &Part| PartExplanation {
                kind: part.kernel.map_or("", super::Kernel::name),
                size: [part.area.width, part.area.height],
                bytes_read: part.from.map_or(0, |(_, area)| area.pixels() * bytes.texel(fine))
                    + read(
                        [if part.begins() { &tapped[..] } else { &[] }, if part.ends() { &own[..] } else { &[] }]
                            .concat(),
                    ),
                bytes_written: if part.ends() { written } else { part.area.pixels() * bytes.texel(fine) },
            };
            let parts: Vec<PartExplanation> =
                if several { dispatches.parts.iter().map(explained).collect() } else { Vec::new() };
            let sum = |of: fn(&PartExplanation) -> u64| parts.iter().map(of).sum();
            // Codes are looked up where they are read; the pass makes the table.
            let is_table = matches!(pass.target, Target::Stored(node) if stored[&node][0] == 0);
            let (bytes_read, bytes_written) = match (several, is_table) {
                (true, _) => (sum(|p| p.bytes_read), sum(|p| p.bytes_written)),
                (false, true) => (0, 0),
                (false, false) => (read(buffers.clone()), written),
            };
            if several {
                expanded.push((dispatches, fine));
            }
            PassExplanation {
                kind: if is_table { "table" } else { kind(pass, graph) },
                effects: effects(pass, graph),
                bytes_read,
                reads: buffers.iter().map(|b| name(*b)).collect(),
                writes,
                rect: [rect.x, rect.y, rect.width, rect.height],
                bytes_written,
                parts,
                why_cut: match pass.target {
                    _ if is_table => "each code is looked up where it is read".to_owned(),
                    Target::Output => String::new(),
                    _ => pass.why.clone(),
                },
                ms: None,
            }
        })
        .collect();
    let bytes_total = passes.iter().map(|pass| pass.bytes_read + pass.bytes_written).sum();
    let (scratch, _) = share(expanded.iter().map(|(parts, fine)| (parts, *fine)));
    Explanation {
        backend,
        size: [frame.width, frame.height],
        passes,
        slots: (0..slots.pixels.len())
            .map(|slot| match bytes.texel {
                Some(_) => slots.pixels[slot] as u64 * bytes.texel(slots.fine[slot]),
                None => {
                    let held = slots.of.iter().filter(|(_, held)| **held == slot);
                    let area = |node| regions.get(&Buffer::Stored(node)).map_or(0, |rect| rect.area() as u64);
                    held.map(|(node, _)| stored[node][0] * area(*node)).max().unwrap_or(0)
                }
            })
            .chain(scratch.iter().map(|s| u64::from(s.size.0) * u64::from(s.size.1) * bytes.texel(s.fine)))
            .collect(),
        bytes_total,
        steps: Vec::new(),
        bytes_read_back: None,
        notes: graph.notes.clone(),
    }
}

fn written(
    pass: &Pass,
    graph: &Graph,
    regions: &BTreeMap<Buffer, Rect>,
    (frame, output): (Rect, u64),
    stored: &BTreeMap<NodeId, [u64; 2]>,
    name: &dyn Fn(Buffer) -> String,
) -> (String, Rect, u64) {
    match pass.target {
        Target::Output => ("output".into(), frame, output * frame.area() as u64),
        Target::Table(table) => (format!("table_{table}"), frame, 4 * graph.tables[table].length as u64),
        Target::Stored(node) => {
            let rect = regions.get(&Buffer::Stored(node)).copied().unwrap_or(frame);
            (name(Buffer::Stored(node)), rect, stored[&node][0] * rect.area() as u64)
        }
    }
}

fn kind(pass: &Pass, graph: &Graph) -> &'static str {
    if matches!(pass.target, Target::Table(_)) {
        return "reduce";
    }
    match pass.head.as_ref().map(|head| &graph.nodes[head.node].op) {
        None => "points",
        Some(Op::Stencil(..)) => "stencil",
        Some(Op::Warp(_)) => "warp",
        Some(Op::Convolve(_)) => "convolve",
        Some(Op::Window(..)) => "window",
        Some(Op::Curves) => "curves",
        Some(Op::Transform(_)) => "transform",
        Some(_) => "reduce",
    }
}

fn effects(pass: &Pass, graph: &Graph) -> Vec<String> {
    let mut names: Vec<String> = pass.nodes().into_iter().map(|node| graph.nodes[node].name.clone()).collect();
    if matches!(pass.target, Target::Table(_)) && pass.head.is_none() {
        names.push(graph.nodes[pass.root].name.clone());
    }
    names
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = |n: usize, what: &str| format!("{n} {what}{}", if n == 1 { "" } else { "es" });
        writeln!(
            f,
            "{} on {}×{}: {}, {} moved, {} of buffers",
            self.backend,
            self.size[0],
            self.size[1],
            count(self.passes.len(), "pass"),
            mebibytes(self.bytes_total),
            mebibytes(self.slots.iter().sum()),
        )?;
        for (index, pass) in self.passes.iter().enumerate() {
            let time = pass.ms.map_or_else(String::new, |ms| format!(", {ms:.2} ms"));
            writeln!(f, "{:>3}. {}: {} → {}{time}", index + 1, pass.kind, pass.reads.join(" + "), pass.writes)?;
            let effects = if pass.effects.is_empty() { "copy".into() } else { pass.effects.join(" · ") };
            writeln!(f, "     {effects}")?;
            if pass.kind == "table" {
                writeln!(f, "     {}", pass.why_cut)?;
                continue;
            }
            writeln!(f, "     {} read, {} written", mebibytes(pass.bytes_read), mebibytes(pass.bytes_written))?;
            for part in &pass.parts {
                let [width, height] = part.size;
                let (read, written) = (mebibytes(part.bytes_read), mebibytes(part.bytes_written));
                writeln!(f, "       {} {width}×{height}: {read} read, {written} written", part.kind)?;
            }
            if !pass.why_cut.is_empty() {
                writeln!(f, "     stored because {}", pass.why_cut)?;
            }
        }
        for StepTime { step, ms, fused } in &self.steps {
            let share = if *fused { ", its share of fused passes" } else { "" };
            writeln!(f, "step {}: {ms:.2} ms{share}", step + 1)?;
        }
        if let Some(bytes) = self.bytes_read_back {
            writeln!(f, "{} read back", mebibytes(bytes))?;
        }
        self.notes.iter().try_for_each(|note| writeln!(f, "note: {note}"))
    }
}

fn mebibytes(bytes: u64) -> String {
    if bytes < 1 << 20 {
        format!("{:.1} KiB", bytes as f64 / 1024.0)
    } else {
        format!("{:.1} MiB", bytes as f64 / 1_048_576.0)
    }
}
