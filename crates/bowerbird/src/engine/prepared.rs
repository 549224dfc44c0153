//! A plan with everything that running it needs.

use super::EngineOptions;
use super::part::{Part, tiles};
use crate::chain::Chain;
use crate::cpu::{Arena, Coordinates, Job, Layout, Machine, Planes, Sink, View};
use crate::effect::Tag;
use crate::error::Error;
use crate::graph::{Blur, Graph, Lowering, Memory, Moment, Op, Reduce, Request, Values};
use crate::image::{Depth, Image, PixelsMut};
use crate::ir::Precision;
use crate::motion::Motion;
use crate::plan::{Buffer, Costs, Explanation, Passes, PixelBytes, Rect, Target, Wanted, explain, step_times};

/// How many times as much as of the whole picture tiles may store together, since each needs something around it: a box as
/// wide as the picture would be summed anew for every tile.
const MOST_WORK: f64 = 4.0;

/// What part of the memory for the whole picture a tile may need at most to be worth it.
const MOST_NEEDED: f64 = 0.9;

/// A plan, its numbers, and the memory of its buffers.
#[derive(Debug)]
pub(crate) struct Prepared {
    pub(super) used: u64,
    graph: Graph,
    values: Values,
    memory: Memory,
    request: Request,
    passes: Passes,
    coordinates: Coordinates,
    whole: Part,
    arena: Arena,
    /// What was kept of the frame before.
    past: Vec<Planes>,
    /// What each pass of the last rendering took, in milliseconds; empty before the first, and on the GPU.
    times: Vec<f64>,
    /// The time of the last frame that was rendered, and where that was.
    last: f64,
    place: Place,
    output: Tag,
    /// What the result of the last rendering on the CPU is stored in.
    depth: Depth,
    /// The passes are cut for the GPU; on the CPU they must be cut anew.
    for_gpu: bool,
    /// Whether they were.
    fell_back: bool,
    #[cfg(feature = "gpu")]
    gpu: crate::gpu::Residence,
}

/// Where a frame was rendered, and with it what effects over time have kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Nowhere,
    Cpu,
    #[cfg(feature = "gpu")]
    Gpu,
}

/// What the GPU backend works with.
#[cfg(feature = "gpu")]
pub(crate) struct GpuParts<'a> {
    pub(crate) graph: &'a Graph,
    pub(crate) values: &'a mut Values,
    pub(crate) passes: &'a Passes,
    pub(crate) request: &'a Request,
    pub(crate) residence: &'a mut crate::gpu::Residence,
}

impl Prepared {
    pub(super) fn new(chain: &Chain, request: &Request, options: &EngineOptions, gpu: bool) -> Result<Self, Error> {
        let (graph, values, memory) = Lowering::build(chain, request)?;
        let costs = if options.unfused {
            Costs::UNFUSED
        } else if gpu {
            Costs::GPU
        } else {
            Costs::CPU
        };
        let passes = Passes::new(&graph, &costs);
        let output = graph.nodes[graph.output].tag;
        let output = if output.is_opaque() { request.output.opaque() } else { request.output };
        let frame = Rect::whole(request.frame.width, request.frame.height);
        let whole = Part::new(&graph, &values, &passes.0, &request.frame, Some(frame), Wanted::All);
        Ok(Self {
            used: 0,
            coordinates: Coordinates::new(&request.frame),
            graph,
            values,
            memory,
            request: *request,
            passes,
            whole,
            arena: Arena::default(),
            past: Vec::new(),
            times: Vec::new(),
            last: request.frame.time,
            place: Place::Nowhere,
            output,
            depth: Depth::F32,
            for_gpu: gpu && !options.unfused,
            fell_back: false,
            #[cfg(feature = "gpu")]
            gpu: crate::gpu::Residence::default(),
        })
    }

    /// Takes the numbers of a chain; `false` if the plan does not fit it any more.
    pub(super) fn refill(&mut self, chain: &Chain, request: &Request) -> bool {
        let moment =
            if self.place == Place::Nowhere { Moment::FIRST } else { Moment::after(self.last, &request.frame) };
        let request = &Request { moment, ..*request };
        let fits = Lowering::refill(chain, request, &mut self.graph, &mut self.values, &mut self.memory);
        self.request = *request;
        fits
    }

    /// Gets ready to render in a place. What effects over time kept in another is not there, so they begin anew.
    pub(super) fn go_to(&mut self, place: Place, chain: &Chain) {
        if self.place == place || self.graph.kept.is_empty() || self.request.moment.first {
            return;
        }
        self.request.moment = Moment::FIRST;
        Lowering::refill(chain, &self.request, &mut self.graph, &mut self.values, &mut self.memory);
    }

    /// Notes that a frame was rendered, and where.
    pub(super) fn is_at(&mut self, place: Place) {
        (self.place, self.last) = (place, self.request.frame.time);
    }

    /// Whether the plan was for the GPU, which could not, and is the CPU's now.
    #[cfg(feature = "gpu")]
    pub(super) fn fell_back(&self) -> bool {
        self.fell_back
    }

    /// What the last frame kept of what moves, if that was on the CPU: by step.
    pub(super) fn motion(&self) -> Vec<Motion> {
        let frame = self.frame_rect();
        let (layout, width) = (Layout::new(frame), frame.width as usize);
        let of = |(step, kept): &(usize, usize)| {
            let moves = self.past.get(*kept)?.get(layout.plane()..2 * layout.plane())?;
            let rows = moves.chunks_exact(layout.stride).map(|row| Motion::row(&row[..width]));
            Some(Motion::of_rows(*step, frame.width, rows))
        };
        let on_cpu = self.place == Place::Cpu;
        self.graph.motion.iter().filter(|_| on_cpu).filter_map(of).collect()
    }

    /// The steps that tell what moves, each with the number of what it keeps, if the last frame was the GPU's.
    #[cfg(feature = "gpu")]
    pub(super) fn motion_on_gpu(&self) -> impl Iterator<Item = (usize, usize)> + '_ {
        self.graph.motion.iter().filter(|_| self.place == Place::Gpu).copied()
    }

    /// The encoding of the result.
    pub(super) fn output_tag(&self) -> Tag {
        self.output
    }

    fn frame_rect(&self) -> Rect {
        Rect::whole(self.request.frame.width, self.request.frame.height)
    }

    pub(super) fn explain(
        &self,
        backend: String,
        source: Depth,
        output: Depth,
        gpu: bool,
        precision: Precision,
    ) -> Explanation {
        let pixel = |depth: Depth| 4 * depth.bytes() as u64;
        let texel = if precision == Precision::Precise { 16 } else { 8 };
        let texel = gpu.then_some(texel);
        let bytes = PixelBytes { source: pixel(source), texel, output: pixel(output) };
        let frame = &self.request.frame;
        let mut told = explain(backend, &self.graph, &self.values, &self.passes, frame, &self.whole.slots, bytes);
        let times: Vec<f32> = self.times.iter().map(|ms| *ms as f32).collect();
        #[cfg(feature = "gpu")]
        let times = if self.place == Place::Gpu {
            told.bytes_read_back = self.gpu.read_back();
            self.gpu.times(self.passes.0.len()).unwrap_or_default()
        } else {
            times
        };
        for (pass, ms) in told.passes.iter_mut().zip(&times) {
            pass.ms = Some(*ms);
        }
        told.steps = step_times(&self.graph, &self.values, &self.passes, &times);
        told
    }

    /// Renders on the CPU: in one piece, or in strips where that would take more memory than allowed.
    pub(super) fn render_cpu(
        &mut self,
        machine: &Machine,
        image: &Image,
        target: &mut PixelsMut<'_>,
        options: &EngineOptions,
    ) -> Result<(), Error> {
        let frame = self.frame_rect();
        machine.begin();
        self.depth = target.depth();
        self.times.fill(0.0);
        if self.for_gpu {
            self.passes = Passes::new(&self.graph, &Costs::CPU);
            (self.for_gpu, self.fell_back) = (false, true);
            self.whole =
                Part::new(&self.graph, &self.values, &self.passes.0, &self.request.frame, Some(frame), Wanted::All);
        }
        let mut memory = options.memory;
        let (tile, forced) = match options.tile {
            Some(tile) => (tile, true),
            None if self.bytes(&self.whole) <= options.memory => ((frame.width, frame.height), false),
            None => {
                let (tile, used) = self.tile_for(options.memory, None);
                memory = memory.max(used);
                (tile, false)
            }
        };
        // What the next frame reads is made once, whole.
        let in_one_piece = !self.graph.kept.is_empty() || (tile.0 >= frame.width && tile.1 >= frame.height);
        if in_one_piece {
            self.run(machine, image, None, Some((target, frame)));
            return whole(machine);
        }
        self.fill_tables(machine, image, options)?;
        let memory = if forced { u64::MAX } else { memory };
        for roi in tiles(frame, tile) {
            whole(machine)?;
            self.tile(machine, image, None, Some(&mut *target), roi, (memory, 1.0));
        }
        whole(machine)
    }

    /// Fills the tables, tile by tile where the passes before them would take more memory than allowed.
    fn fill_tables(&mut self, machine: &Machine, image: &Image, options: &EngineOptions) -> Result<(), Error> {
        let frame = self.frame_rect();
        let reductions: Vec<usize> = self.passes.reductions().collect();
        for pass in reductions {
            let table = Some(pass);
            let (tile, memory) = match options.tile {
                Some(tile) => (tile, u64::MAX),
                None => {
                    let (tile, used) = self.tile_for(options.memory, table);
                    (tile, options.memory.max(used))
                }
            };
            let width = if self.is_of_rows(table) { frame.width } else { tile.0 };
            for roi in tiles(frame, (width, tile.1)) {
                whole(machine)?;
                self.tile(machine, image, table, None, roi, (memory, 1.0));
            }
        }
        Ok(())
    }

    /// Renders a tile, or adds it to a table, in halves where it takes more memory than the others led to expect, while they
    /// are not `work` times as much to do.
    fn tile(
        &mut self,
        machine: &Machine,
        image: &Image,
        table: Option<usize>,
        mut target: Option<&mut PixelsMut<'_>>,
        roi: Rect,
        (memory, work): (u64, f64),
    ) {
        let part = self.part(table, roi);
        let halves = if self.is_of_rows(table) { roi.upper_and_lower() } else { roi.halves() };
        let bytes = self.bytes(&part);
        if let Some(halves) = halves
            && bytes > memory
        {
            let together: u64 = halves.iter().map(|half| self.bytes(&self.part(table, *half))).sum();
            let work = work * together as f64 / bytes as f64;
            if work <= MOST_WORK {
                for half in halves {
                    self.tile(machine, image, table, target.as_deref_mut(), half, (memory, work));
                }
                return;
            }
        }
        self.run(machine, image, Some(&part), target.map(|target| (target, roi)));
    }

    /// What a rectangle of the output needs once the tables are filled, or what a table needs of it.
    fn part(&self, table: Option<usize>, rect: Rect) -> Part {
        let (roi, tables) = match table {
            None => (Some(rect), Wanted::None),
            Some(pass) => (None, Wanted::Part(pass, rect)),
        };
        Part::new(&self.graph, &self.values, &self.passes.0, &self.request.frame, roi, tables)
    }

    /// Whether a table is added up along whole rows, in one order: means are, counts are not.
    fn is_of_rows(&self, table: Option<usize>) -> bool {
        let op = table.map(|pass| &self.graph.nodes[self.passes.0[pass].root].op);
        matches!(op, Some(Op::Reduce(Reduce::Cells { .. })))
    }

    /// Bytes of buffers that a part takes.
    fn bytes(&self, part: &Part) -> u64 {
        let slots: u64 = part.slots.samples.iter().map(|samples| 4 * *samples as u64).sum();
        slots + self.pyramid_bytes(part)
    }

    /// The size of tiles that the memory allows: in each step half of the sides that leaves less to be stored, looked at
    /// in the middle of the picture. A strip is enough for most; what turns the picture wants tiles that are no strips.
    /// Where tiles need too much around them to be worth it, those that take the least; and what one takes.
    fn tile_for(&self, memory: u64, table: Option<usize>) -> ((u32, u32), u64) {
        let frame = self.frame_rect();
        let mut tile = frame;
        let whole = self.bytes(&self.part(table, frame));
        let mut used = whole;
        let mut best = (tile, used);
        while used > memory {
            let Some(smaller) = tile
                .shorter()
                .into_iter()
                .chain(tile.narrower().filter(|_| !self.is_of_rows(table)))
                .map(|smaller| {
                    let middle = |count: u32, side: u32| (count - side) / 2;
                    let (x, y) = (middle(frame.width, smaller.width), middle(frame.height, smaller.height));
                    (self.bytes(&self.part(table, Rect { x, y, ..smaller })), smaller)
                })
                .min_by_key(|(bytes, _)| *bytes)
            else {
                break;
            };
            (used, tile) = smaller;
            let tiles = u64::from(frame.width.div_ceil(tile.width)) * u64::from(frame.height.div_ceil(tile.height));
            if (tiles * used) as f64 > MOST_WORK * whole as f64 {
                break;
            }
            if used < best.1 {
                best = (tile, used);
            }
        }
        // A tile at an edge where a step wraps around reads from the other side, too: if that is nearly everything, the
        // most that is held is the same without tiles, and everything is done once.
        let corner = Rect { x: frame.x, y: frame.y, ..best.0 };
        let is_vain = self.bytes(&self.part(table, corner)) as f64 > MOST_NEEDED * whole as f64;
        let (tile, used) = if is_vain { (frame, whole) } else { best };
        ((tile.width, tile.height), used)
    }

    /// What the largest of the pyramids of wide blurs takes: they run one after another in the same memory.
    fn pyramid_bytes(&self, part: &Part) -> u64 {
        let blurs = part.order.iter().filter_map(|index| {
            let pass = &self.passes.0[*index];
            let head = pass.head.as_ref()?;
            let (across, down) = (&self.graph.nodes[head.across?], &self.graph.nodes[head.node]);
            let rect = match pass.target {
                Target::Stored(node) => *part.regions.get(&Buffer::Stored(node))?,
                _ => part.roi.unwrap_or(self.frame_rect()),
            };
            let planes = self.graph.channels(head.node).count();
            Some(crate::cpu::pyramid_bytes(&Blur::of(across, down, &self.values), rect, planes))
        });
        blurs.max().unwrap_or(0)
    }

    /// Runs the passes of a part, or all of them.
    fn run(
        &mut self,
        machine: &Machine,
        image: &Image,
        part: Option<&Part>,
        target: Option<(&mut PixelsMut<'_>, Rect)>,
    ) {
        let frame = self.frame_rect();
        let part = part.unwrap_or(&self.whole);
        let job = Job {
            graph: &self.graph,
            values: &mut self.values,
            frame: self.request.frame,
            coordinates: &self.coordinates,
            passes: &self.passes.0,
            order: &part.order,
            regions: &part.regions,
            slots: &part.slots,
            tables: part.tables,
            source: View::of(image),
            depth: self.depth,
            past: &mut self.past,
            times: &mut self.times,
            machine,
        };
        let width = frame.width as usize;
        let output = target.map(|(target, roi)| {
            let (first, rows) = (4 * width * roi.y as usize, 4 * width * roi.height as usize);
            let offset = roi.x as usize;
            let sink = match target {
                PixelsMut::U8(v) => Sink::U8 { rows: &mut v[first..first + rows], width, offset },
                PixelsMut::U16(v) => Sink::U16 { rows: &mut v[first..first + rows], width, offset },
                PixelsMut::F32(v) => Sink::F32 { rows: &mut v[first..first + rows], width, offset },
            };
            (sink, roi)
        });
        job.run(&mut self.arena, output);
    }

    #[cfg(feature = "gpu")]
    pub(super) fn gpu_parts(&mut self) -> GpuParts<'_> {
        GpuParts {
            graph: &self.graph,
            values: &mut self.values,
            passes: &self.passes,
            request: &self.request,
            residence: &mut self.gpu,
        }
    }

    #[cfg(feature = "gpu")]
    pub(super) fn shaders(&self, precision: Precision) -> Vec<String> {
        crate::gpu::shaders(&self.graph, &self.values, &self.passes, &self.request, precision)
    }
}

/// Whether what was rendered until now is whole.
fn whole(machine: &Machine) -> Result<(), Error> {
    if machine.was_canceled() { Err(Error::Canceled) } else { Ok(()) }
}
