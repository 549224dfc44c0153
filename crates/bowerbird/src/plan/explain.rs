//! A plan in words and numbers: what is fused, what is not and why, and how many bytes move.

use super::{Buffer, Pass, Passes, Rect, Slots, Target};
use crate::frame::Frame;
use crate::graph::{Graph, Op, Values};
use core::fmt;
use serde::Serialize;
use std::collections::BTreeMap;

/// One pass, explained.
#[derive(Clone, Debug, Serialize, PartialEq)]
pub struct PassExplanation {
    /// What kind of walk it is: `points`, `stencil`, `warp`, `convolve` or `reduce`.
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
    /// Why its result is stored rather than computed in passing; empty for the last pass.
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
    /// The bytes of each intermediate buffer; buffers are shared by what is not needed at the same time.
    pub slots: Vec<u64>,
    /// All bytes read and written.
    pub bytes_total: u64,
    /// What became of steps that do not appear, and the like.
    pub notes: Vec<String>,
}

/// Sizes in bytes of a pixel, for the accounts.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PixelBytes {
    pub(crate) source: u64,
    pub(crate) stored: u64,
    /// Of a buffer that keeps 32-bit floats everywhere.
    pub(crate) fine: u64,
    pub(crate) output: u64,
}

impl PixelBytes {
    fn stored(self, fine: bool) -> u64 {
        if fine { self.fine } else { self.stored }
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
    let regions = super::regions(graph, values, &passes.0, full, Some(frame), true);
    let name = |buffer: Buffer| match buffer {
        Buffer::Picture(0) => "source".to_owned(),
        Buffer::Picture(index) => format!("layer_{index}"),
        Buffer::Stored(node) => slots.of.get(&node).map_or_else(|| "buffer".into(), |slot| format!("slot_{slot}")),
    };
    let size = |buffer: Buffer, rect: Rect| {
        let pixel = match buffer {
            Buffer::Picture(_) => bytes.source,
            Buffer::Stored(node) => bytes.stored(graph.nodes[node].fine),
        };
        pixel * rect.area() as u64
    };
    let passes: Vec<PassExplanation> = passes
        .0
        .iter()
        .map(|pass| {
            let (own, tapped) = pass.reads();
            let mut buffers: Vec<Buffer> = own;
            buffers.extend(tapped.iter().copied());
            buffers.sort_unstable();
            buffers.dedup();
            let read = |buffer: &Buffer| size(*buffer, regions.get(buffer).copied().unwrap_or(frame));
            let (writes, rect, written) = written(pass, graph, &regions, frame, bytes, &name);
            PassExplanation {
                kind: kind(pass, graph),
                effects: effects(pass, graph),
                bytes_read: buffers.iter().map(read).sum(),
                reads: buffers.iter().map(|b| name(*b)).collect(),
                writes,
                rect: [rect.x, rect.y, rect.width, rect.height],
                bytes_written: written,
                why_cut: if pass.target == Target::Output { String::new() } else { pass.why.clone() },
                ms: None,
            }
        })
        .collect();
    let bytes_total = passes.iter().map(|pass| pass.bytes_read + pass.bytes_written).sum();
    Explanation {
        backend,
        size: [frame.width, frame.height],
        passes,
        slots: slots
            .pixels
            .iter()
            .zip(&slots.fine)
            .map(|(pixels, fine)| *pixels as u64 * bytes.stored(*fine))
            .collect(),
        bytes_total,
        notes: graph.notes.clone(),
    }
}

fn written(
    pass: &Pass,
    graph: &Graph,
    regions: &BTreeMap<Buffer, Rect>,
    frame: Rect,
    bytes: PixelBytes,
    name: &dyn Fn(Buffer) -> String,
) -> (String, Rect, u64) {
    match pass.target {
        Target::Output => ("output".into(), frame, bytes.output * frame.area() as u64),
        Target::Table(table) => (format!("table_{table}"), frame, 4 * graph.tables[table].length as u64),
        Target::Stored(node) => {
            let rect = regions.get(&Buffer::Stored(node)).copied().unwrap_or(frame);
            (name(Buffer::Stored(node)), rect, bytes.stored(graph.nodes[node].fine) * rect.area() as u64)
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
            writeln!(f, "     {} read, {} written", mebibytes(pass.bytes_read), mebibytes(pass.bytes_written))?;
            if !pass.why_cut.is_empty() {
                writeln!(f, "     stored because {}", pass.why_cut)?;
            }
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
