//! The CPU backend: passes over rows of tiles, spread over a private thread pool.
//!
//! Each pass is cut into bands of rows, and the bands are handed to the pool by halving, which allocates nothing. A
//! thread walks its band in tiles of up to 512 pixels that stay in the L1 cache. What a pixel becomes does not depend on
//! tile, band or thread, so the result has the same bits however the work is cut.

/// Runs loops with the instructions of the machine. They round element by element, so all give the same bits.
macro_rules! with_instructions {
    ($isa:expr, $call:expr) => {
        match $isa {
            crate::effect::Isa::Simd(level) => fearless_simd::dispatch!(level, _simd => $call),
            crate::effect::Isa::Scalar => $call,
        }
    };
}

mod apart;
mod axis;
mod bilateral;
mod blur;
mod blur_codes;
mod border;
mod boxes;
mod codes;
mod convolve;
mod extremes;
mod interpret;
mod lines;
mod local;
mod median;
mod memory;
mod pyramid;
mod reach;
mod rectangles;
mod recursion;
mod reduce;
mod rows;
mod sample;
mod sink;
mod stencil;
mod tabled;
mod transform;
mod view;
mod walk;
mod warp;
mod window;
mod words;

pub(crate) use memory::Planes;
pub(crate) use pyramid::pyramid_bytes;
pub(crate) use reach::reach_of_warp;
pub(crate) use reduce::{fill_levels, luma_levels, luma_levels_of_codes};
pub(crate) use sink::Sink;
pub(crate) use view::View;
pub(crate) use words::fits_words;

use crate::effect::{Isa, Span};
use crate::engine::Cancel;
use crate::frame::Frame;
use crate::graph::{Graph, Op, Ranges, Values, Window};
use crate::image::Depth;
use crate::plan::{Buffer, Pass, Rect, Slots, Target, Wanted};
use core::sync::atomic::{AtomicBool, Ordering};
use rayon::ThreadPool;
use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::Instant;
use walk::Worker;

/// How stages are run.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Mode {
    /// Compiled, with these instructions.
    Compiled(Isa),
    /// Interpreted from their recordings, to cross-check them.
    Interpreted,
}

/// The memory and the threads that renderings share.
#[derive(Debug)]
pub(crate) struct Machine {
    pool: ThreadPool,
    workers: Vec<Mutex<Worker>>,
    pub(crate) mode: Mode,
    cancel: Cancel,
    /// Whether the rendering that is going on was given up. It stays so: what was left out is not made up for.
    canceled: AtomicBool,
}

impl Machine {
    /// A machine of `threads` threads.
    ///
    /// # Errors
    /// The operating system refuses the threads.
    pub(crate) fn new(threads: usize, mode: Mode, cancel: Cancel) -> Result<Self, crate::Error> {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .thread_name(|index| format!("bowerbird-{index}"))
            .build()
            .map_err(|cause| crate::Error::Invalid(format!("cannot start {threads} threads: {cause}")))?;
        let workers = (0..threads).map(|_| Mutex::new(Worker::default())).collect();
        Ok(Self { pool, workers, mode, cancel, canceled: AtomicBool::new(false) })
    }

    pub(crate) fn threads(&self) -> usize {
        self.workers.len()
    }

    /// Begins a rendering; an engine has one at a time.
    pub(crate) fn begin(&self) {
        self.canceled.store(false, Ordering::Relaxed);
    }

    /// Whether the rendering is to be given up: asked before each band.
    fn gives_up(&self) -> bool {
        let gives_up = self.was_canceled() || self.cancel.is_due();
        if gives_up {
            self.canceled.store(true, Ordering::Relaxed);
        }
        gives_up
    }

    /// Whether the rendering was given up, so that its result is not whole.
    pub(crate) fn was_canceled(&self) -> bool {
        self.canceled.load(Ordering::Relaxed)
    }

    /// Runs work on the pool.
    pub(crate) fn install<T: Send>(&self, work: impl FnOnce() -> T + Send) -> T {
        self.pool.install(work)
    }

    /// Lends the scratch memory of the current thread. A poisoned lock only held scratch memory.
    fn with_worker<T>(&self, work: impl FnOnce(&mut Worker) -> T) -> T {
        let index = rayon::current_thread_index().unwrap_or(0) % self.workers.len().max(1);
        let mut worker = self.workers[index].lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        work(&mut worker)
    }
}

/// Planar buffers between passes, kept from frame to frame.
#[derive(Debug, Default)]
pub(crate) struct Arena {
    slots: Vec<Planes>,
    /// What the slots hold at the moment.
    held: Vec<Held>,
    /// What stands for slots that are not filled.
    standing: Vec<tabled::Standing>,
    pyramid: pyramid::Pyramid,
    field: transform::Field,
    reduced: reduce::Reduced,
    tabled: tabled::Tabled,
    ranges: Ranges,
}

/// What lies in a slot.
#[derive(Clone, Copy, Debug, Default)]
enum Held {
    /// Planes of floats.
    #[default]
    Floats,
    /// Opaque codes.
    Codes,
    /// Opaque pixels in numbers of 16 bits.
    Words(words::Scale),
}

/// Where the samples of a rectangle are in a plane of a slot.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Layout {
    pub(crate) rect: Rect,
    pub(crate) stride: usize,
}

impl Layout {
    /// Rows are padded so that a register may be loaded past their end.
    pub(crate) fn new(rect: Rect) -> Self {
        Self { rect, stride: (rect.width as usize).next_multiple_of(16) + 16 }
    }

    /// A picture without padding.
    pub(crate) fn packed(width: u32, height: u32) -> Self {
        Self { rect: Rect::whole(width, height), stride: width as usize }
    }

    pub(crate) fn plane(&self) -> usize {
        self.stride * self.rect.height as usize
    }

    /// Where the sample of a pixel of the frame is in a plane.
    fn at(&self, x: usize, y: usize) -> usize {
        (y - self.rect.y as usize) * self.stride + x - self.rect.x as usize
    }
}

/// Coordinates of every pixel of a row, kept with the plan.
#[derive(Debug, Default)]
pub(crate) struct Coordinates {
    x: Vec<f32>,
    column: Vec<u32>,
}

impl Coordinates {
    pub(crate) fn new(frame: &Frame) -> Self {
        let padded = i64::from(frame.width).max(tabled::CODES as i64) + 2 * 16;
        Self { x: (0..padded).map(|i| frame.center(i)).collect(), column: (0..padded).map(|i| frame.cell(i)).collect() }
    }

    fn span(&self, frame: &Frame, x: usize, y: usize, count: usize) -> Span<'_> {
        Span { x: &self.x[x..], column: &self.column[x..], y: frame.center(y as i64), row: frame.cell(y as i64), count }
    }
}

/// What a rendering of some passes over some rectangle needs to know.
pub(crate) struct Job<'a> {
    pub(crate) graph: &'a Graph,
    pub(crate) values: &'a mut Values,
    pub(crate) frame: Frame,
    pub(crate) coordinates: &'a Coordinates,
    pub(crate) passes: &'a [Pass],
    /// The passes that run, in order.
    pub(crate) order: &'a [usize],
    pub(crate) regions: &'a BTreeMap<Buffer, Rect>,
    pub(crate) slots: &'a Slots,
    /// The tables that are filled.
    pub(crate) tables: Wanted,
    pub(crate) source: View<'a>,
    /// What the result of the frame is stored in.
    pub(crate) depth: Depth,
    /// What was kept of the frame before: the planes that are stored of it, of the frame each, or nothing.
    pub(crate) past: &'a mut Vec<Planes>,
    /// The time that each pass took, in milliseconds, added to what is there.
    pub(crate) times: &'a mut Vec<f64>,
    pub(crate) machine: &'a Machine,
}

/// A job while one of its passes runs: everything shared and read-only.
struct Context<'a> {
    graph: &'a Graph,
    values: &'a Values,
    frame: Frame,
    coordinates: &'a Coordinates,
    views: BufferViews<'a>,
    machine: &'a Machine,
    pass: &'a Pass,
    /// What the result of the frame is stored in.
    depth: Depth,
    /// What the samples of a blur stand for.
    scale: Option<words::Scale>,
    /// Whether what a blur reads is known to be within 0 and 1.
    is_within_codes: bool,
    /// What the walk of a wide blur reads.
    pyramid: Option<&'a pyramid::Pyramid>,
    /// What the walk of a domain transform reads.
    field: Option<&'a transform::Field>,
    /// What becomes of codes.
    tabled: Option<&'a tabled::Tabled>,
}

/// Where buffers are read from.
struct BufferViews<'a> {
    graph: &'a Graph,
    source: View<'a>,
    past: &'a [Planes],
    frame: Rect,
    slots: &'a [Planes],
    held: &'a [Held],
    standing: &'a [tabled::Standing],
    assigned: &'a Slots,
    regions: &'a BTreeMap<Buffer, Rect>,
}

impl BufferViews<'_> {
    fn of(&self, buffer: Buffer) -> View<'_> {
        match buffer {
            Buffer::Picture(0) => self.source,
            Buffer::Picture(index) => self.graph.layers.get(index - 1).map_or(View::Empty, |layer| View::of(layer)),
            Buffer::Past(index) => {
                let kept = self.graph.kept.get(index).zip(self.past.get(index));
                kept.map_or(View::Empty, |(node, past)| {
                    View::planes(past, Layout::new(self.frame), self.graph.stored_channels(*node))
                })
            }
            Buffer::Stored(node) => {
                let layout = self.regions.get(&buffer).map(|rect| Layout::new(*rect));
                let slot = self.assigned.of.get(&node);
                if let Some(tabled::Standing { picture: Some(picture), table }) = slot.map(|slot| &self.standing[*slot])
                {
                    return self.of(*picture).through(table);
                }
                let (Some(layout), Some(slot)) = (layout, slot) else { return View::Empty };
                match self.held[*slot] {
                    Held::Floats => View::planes(&self.slots[*slot], layout, self.graph.stored_channels(node)),
                    Held::Codes => View::codes(&self.slots[*slot], layout),
                    Held::Words(scale) => View::words(&self.slots[*slot], layout, scale),
                }
            }
        }
    }
}

impl Job<'_> {
    /// Runs the passes; the last writes the rectangle `roi` into `output`.
    pub(crate) fn run(self, arena: &mut Arena, mut output: Option<(Sink<'_>, Rect)>) {
        let Self { graph, values, frame, coordinates, passes, order, regions, slots, .. } = self;
        let Self { tables, source, depth, past, times, machine, .. } = self;
        arena.slots.resize_with(slots.pixels.len().max(arena.slots.len()), Planes::default);
        arena.held.resize(arena.slots.len(), Held::default());
        arena.standing.resize_with(arena.slots.len(), Default::default);
        times.resize(passes.len(), 0.0);
        for (index, pass) in order.iter().filter_map(|index| Some((*index, passes.get(*index)?))) {
            if machine.gives_up() {
                break;
            }
            let begin = Instant::now();
            let target_rect = match pass.target {
                Target::Stored(node) => regions.get(&Buffer::Stored(node)).copied(),
                Target::Output => output.as_ref().map(|(_, rect)| *rect),
                Target::Table(_) => tables.rect_of(index, Rect::whole(frame.width, frame.height)),
            };
            let Some(rect) = target_rect else { continue };
            let slot = match pass.target {
                Target::Stored(node) => slots.of.get(&node).copied(),
                _ => None,
            };
            // The target leaves the arena while it is written, so that the rest can be read.
            let mut target = slot.map(|slot| core::mem::take(&mut arena.slots[slot])).unwrap_or_default();
            let mut table = match pass.target {
                Target::Table(table) => core::mem::take(&mut values.tables[table]),
                _ => Vec::new(),
            };
            let mut pyramid = core::mem::take(&mut arena.pyramid);
            let mut field = core::mem::take(&mut arena.field);
            let mut tabled = core::mem::take(&mut arena.tabled);
            let mut ranges = core::mem::take(&mut arena.ranges);
            let views = BufferViews {
                graph,
                source,
                past,
                frame: Rect::whole(frame.width, frame.height),
                slots: &arena.slots,
                held: &arena.held,
                standing: &arena.standing,
                assigned: slots,
                regions,
            };
            let is_coded = pass.stores_codes(graph, |buffer| matches!(views.of(buffer), View::U8 { .. }));
            let mut context = Context {
                graph,
                values,
                frame,
                coordinates,
                views,
                machine,
                pass,
                depth,
                scale: None,
                is_within_codes: false,
                pyramid: None,
                field: None,
                tabled: None,
            };
            context.scale = context.scale_of_input(&mut ranges);
            context.is_within_codes = context.reads_within_codes(&mut ranges);
            let held = match context.stored_words(&mut ranges) {
                _ if is_coded => Held::Codes,
                Some(scale) => Held::Words(scale),
                None => Held::Floats,
            };
            context.build_tables(&mut tabled);
            let picture = context.stands_for(&mut tabled);
            context.tabled = Some(&tabled);
            context.build_pyramid(rect, &mut pyramid);
            context.build_field(&mut field);
            (context.pyramid, context.field) = (Some(&pyramid), Some(&field));
            match pass.target {
                Target::Table(_) => context.reduce(rect, &mut arena.reduced, &mut table),
                Target::Stored(_) if picture.is_some() => {}
                Target::Stored(node) => {
                    let (layout, channels) = (Layout::new(rect), graph.stored_channels(node));
                    let each = match held {
                        Held::Floats => channels.count(),
                        Held::Codes => 1,
                        Held::Words(_) => 2,
                    };
                    target.at_least(each * layout.plane());
                    let sink = match held {
                        Held::Floats => Sink::planes(&mut target, layout.stride, layout.plane(), channels.list()),
                        Held::Codes => Sink::codes(&mut target, layout),
                        Held::Words(scale) => Sink::words(&mut target, layout, scale),
                    };
                    context.walk(rect, sink);
                }
                Target::Output => {
                    if let Some((sink, _)) = output.as_mut() {
                        context.walk(rect, sink.reborrow());
                    }
                }
            }
            if let Some(slot) = slot {
                arena.slots[slot] = target;
                arena.held[slot] = held;
                let standing = &mut arena.standing[slot];
                standing.picture = picture;
                if picture.is_some() {
                    core::mem::swap(&mut standing.table, &mut tabled.body);
                }
            }
            (arena.pyramid, arena.field, arena.tabled, arena.ranges) = (pyramid, field, tabled, ranges);
            if let Target::Table(filled) = pass.target {
                values.tables[filled] = table;
                values.table_versions[filled] += 1;
            }
            times[index] += begin.elapsed().as_secs_f64() * 1e3;
        }
        if machine.was_canceled() {
            return;
        }
        // The next frame reads what this one made, and this one's memory is written by the next.
        past.resize_with(graph.kept.len(), Planes::default);
        for (past, node) in past.iter_mut().zip(&graph.kept) {
            if let Some(slot) = slots.of.get(node) {
                core::mem::swap(past, &mut arena.slots[*slot]);
            }
        }
    }
}

impl Context<'_> {
    /// Whether the head of the pass chooses among the values that are there.
    fn chooses(&self) -> bool {
        matches!(self.head_op(), Some(Op::Window(window, _)) if *window != Window::Bilateral)
    }

    /// The operation of the pass that is not pixel-wise.
    fn head_op(&self) -> Option<&Op> {
        self.pass.head.as_ref().map(|head| &self.graph.nodes[head.node].op)
    }
}
