//! Making a plan resident: shaders and pipelines first, which take time, then memory.
//!
//! A [`Blueprint`] asks for all pipelines of a plan at once and waits for none, so that whoever must not wait can look
//! again later. [`build`] turns one into a [`Resident`].

use super::codegen::{self, table_places};
use super::resident::{Bound, Finishing, Fitted, Outputs, Past, Ready, Resident};
use super::runtime::{
    BindingKind, Buffer as GpuBuffer, BufferKind, Gpu, PipelineHandle, PipelineSpec, TexelFormat, Texture,
};
use super::shader::{Result as Kind, Setting, Shader};
use crate::error::Error;
use crate::graph::{Finish, Graph, NodeId, Op, Reduce, Request};
use crate::image::Depth;
use crate::ir::Precision;
use crate::plan::{Area, Buffer, Part, Pass, Passes, Rect, Slots, Target, assign, share};
use std::borrow::Cow;

/// Pixels a side of a workgroup.
const GROUP: u32 = 16;
/// Cells a side of a workgroup of the cell kernel.
pub(super) const CELL_GROUP: u32 = 8;

/// The shaders of a plan, and its pipelines in the making.
pub(super) struct Blueprint {
    pub(super) fitted: Fitted,
    dispatches: Vec<(usize, Part, Shader, PipelineHandle)>,
    /// The pipeline that turns the counts of a pass into a curve.
    equalize: Vec<(usize, PipelineHandle)>,
}

impl std::fmt::Debug for Blueprint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Blueprint").field("ready", &self.is_ready()).finish_non_exhaustive()
    }
}

impl Blueprint {
    /// Prints the shaders and asks for their pipelines; parts with one text are one pipeline.
    pub(super) fn new(gpu: &Gpu, graph: &Graph, passes: &Passes, request: &Request, fitted: Fitted) -> Self {
        let memory = gpu.limits().max_compute_workgroup_storage_size;
        let setting = Setting { frame: &request.frame, precision: fitted.precision, codes: fitted.codes, memory };
        let of = |(index, (pass, part)): (usize, (&Pass, &Part))| {
            let shader = codegen::shader(graph, pass, part, &setting);
            let handle = gpu.pipeline(&PipelineSpec {
                label: &label(graph, pass, part),
                wgsl: Cow::Borrowed(&shader.wgsl),
                entry: "main",
                bindings: &binding_kinds(&shader),
            });
            (index, *part, shader, handle)
        };
        let parts = (0..).zip(passes.0.iter().zip(&fitted.parts));
        let parts = parts.flat_map(|(index, (pass, parts))| parts.parts.iter().map(move |part| (index, (pass, part))));
        let dispatches = parts.map(of).collect();
        let (places, _) = table_places(graph);
        let equalizes = |pass: &Pass| match (&graph.nodes[pass.root].op, pass.target) {
            (Op::Reduce(Reduce::Histogram(Finish::Equalize { .. })), Target::Table(table)) => Some(places[table]),
            _ => None,
        };
        let equalize = (0..).zip(&passes.0).filter_map(|(index, pass)| {
            let wgsl = codegen::equalize(equalizes(pass)?);
            let bindings = &[BindingKind::StorageRead, BindingKind::StorageReadWrite];
            let spec = PipelineSpec { label: "equalize", wgsl: wgsl.into(), entry: "main", bindings };
            Some((index, gpu.pipeline(&spec)))
        });
        let equalize = equalize.collect();
        Self { fitted, dispatches, equalize }
    }

    /// Whether building waits for nothing.
    pub(super) fn is_ready(&self) -> bool {
        let handles = self.dispatches.iter().map(|(.., handle)| handle);
        handles.chain(self.equalize.iter().map(|(_, handle)| handle)).all(PipelineHandle::is_ready)
    }
}

/// The memory of a plan, while its dispatches are bound to it.
struct Places<'a> {
    graph: &'a Graph,
    pictures: &'a [Texture],
    slots: &'a Slots,
    slot_textures: &'a [Texture],
}

impl Places<'_> {
    fn read(&self, buffer: Buffer) -> Option<Bound> {
        match buffer {
            Buffer::Picture(index) => self.pictures.get(index).cloned().map(Bound::Texture),
            Buffer::Past(index) => Some(Bound::Past(index)),
            Buffer::Stored(node) => self.stored(node),
        }
    }

    fn stored(&self, node: NodeId) -> Option<Bound> {
        match self.graph.kept.iter().position(|kept| *kept == node) {
            Some(index) => Some(Bound::Kept(index)),
            None => {
                self.slots.of.get(&node).and_then(|slot| self.slot_textures.get(*slot)).cloned().map(Bound::Texture)
            }
        }
    }
}

/// Makes the resident plan; waits for pipelines that are not compiled yet. What was kept of the frame before is handed
/// on, if it is of this plan.
pub(super) fn build(
    gpu: &Gpu,
    graph: &Graph,
    passes: &Passes,
    request: &Request,
    blueprint: Blueprint,
    past: Option<Past>,
) -> Result<Resident, Error> {
    let Blueprint { fitted, dispatches, equalize } = blueprint;
    let (places, entries) = table_places(graph);
    let tables = (entries > 0).then(|| gpu.buffer(4 * entries as u64, BufferKind::Storage, "tables")).transpose()?;
    let counting = passes.0.iter().any(|p| matches!(graph.nodes[p.root].op, Op::Reduce(Reduce::Histogram(_))));
    let counts = counting.then(|| gpu.buffer(4 * 768, BufferKind::Storage, "counts")).transpose()?;
    let stored = match fitted.precision {
        Precision::Fast => TexelFormat::Rgba16Float,
        Precision::Precise => TexelFormat::Rgba32Float,
    };
    let pictures = (0..=graph.layers.len())
        .map(|index| {
            let depth = if index == 0 { fitted.source } else { graph.layers[index - 1].depth() };
            let format = if depth == Depth::U8 { TexelFormat::Rgba8Unorm } else { TexelFormat::Rgba32Float };
            let rect = fitted.regions.get(&Buffer::Picture(index)).copied().unwrap_or(Rect::whole(1, 1));
            gpu.texture(rect.width, rect.height, format, "picture")
        })
        .collect::<Result<Vec<_>, _>>()?;
    let running: Vec<&Pass> = passes.0.iter().collect();
    let slots = assign(graph, &running, &fitted.regions);
    let mut sizes = vec![(1u32, 1u32); slots.pixels.len()];
    // What is kept has textures of its own, which change places.
    for (node, slot) in slots.of.iter().filter(|(node, _)| !graph.kept.contains(node)) {
        if let Some(rect) = fitted.regions.get(&Buffer::Stored(*node)) {
            sizes[*slot] = (sizes[*slot].0.max(rect.width), sizes[*slot].1.max(rect.height));
        }
    }
    let slot_textures = sizes
        .iter()
        .zip(&slots.fine)
        .map(|((w, h), fine)| gpu.texture(*w, *h, if *fine { TexelFormat::Rgba32Float } else { stored }, "slot"))
        .collect::<Result<Vec<_>, _>>()?;
    let fine = |pass: &Pass| pass.head.as_ref().is_some_and(|head| graph.nodes[head.node].fine);
    let (scratch, scratch_of) = share(fitted.parts.iter().zip(passes.0.iter().map(fine)));
    let scratch_textures = scratch
        .iter()
        .map(|s| gpu.texture(s.size.0, s.size.1, if s.fine { TexelFormat::Rgba32Float } else { stored }, "scratch"))
        .collect::<Result<Vec<_>, _>>()?;
    let past = match past {
        Some(past) => past,
        None => Past::new(gpu, graph.kept.len(), (request.frame.width, request.frame.height))?,
    };

    let memory = Places { graph, pictures: &pictures, slots: &slots, slot_textures: &slot_textures };
    let mut ready = Vec::new();
    for (index, part, shader, handle) in dispatches {
        let pass = &passes.0[index];
        let pipeline = handle.wait()?;
        let uniforms = gpu.buffer(16 * shader.vectors() as u64, BufferKind::Uniform, "uniforms")?;
        let label = label(graph, pass, &part);
        let mut bound = vec![Bound::Buffer(uniforms.clone())];
        let lost = || Error::Gpu(format!("{label}: a buffer of the plan is missing"));
        if shader.reads_tables {
            bound.push(Bound::Buffer(tables.clone().ok_or_else(lost)?));
        }
        for buffer in &shader.pictures {
            bound.push(memory.read(*buffer).ok_or_else(lost)?);
        }
        let between = |place: usize| scratch_of[index].get(place).and_then(|at| scratch_textures.get(*at));
        if let Some((place, _)) = part.from {
            bound.push(Bound::Texture(between(place).ok_or_else(lost)?.clone()));
        }
        bound.push(match (shader.result, pass.target) {
            _ if let Some(place) = part.to => Bound::Texture(between(place).ok_or_else(lost)?.clone()),
            (Kind::Counts, _) => Bound::Buffer(counts.clone().ok_or_else(lost)?),
            (Kind::Table, _) => Bound::Buffer(tables.clone().ok_or_else(lost)?),
            (_, Target::Stored(node)) => memory.stored(node).ok_or_else(lost)?,
            _ => Bound::Output,
        });
        let finish = match (&graph.nodes[pass.root].op, pass.target, &counts, &tables) {
            (Op::Reduce(Reduce::Histogram(finish)), Target::Table(table), Some(counts), Some(tables)) => {
                let pipeline = equalize.iter().find(|(of, _)| *of == index).map(|(_, handle)| handle);
                Some(finishing(gpu, *finish, table, pipeline, counts, tables)?)
            }
            _ => None,
        };
        let groups = groups(graph, pass, part.area);
        ready.push(Ready {
            pass: index,
            part,
            label,
            pipeline,
            bound,
            binds: Vec::new(),
            shader,
            uniforms,
            groups,
            ms: 0.0,
            finish,
        });
    }
    let format = if fitted.codes { TexelFormat::Rgba8Unorm } else { TexelFormat::Rgba32Float };
    let outputs = Outputs::new((fitted.roi.width, fitted.roi.height), format);
    Ok(Resident::new(fitted, ready, pictures, (tables, places, graph.tables.len()), counts, outputs, past))
}

fn binding_kinds(shader: &Shader) -> Vec<BindingKind> {
    let mut kinds = vec![BindingKind::Uniform];
    if shader.reads_tables {
        kinds.push(BindingKind::StorageRead);
    }
    let textures = shader.pictures.len() + usize::from(shader.reads_scratch);
    kinds.extend(core::iter::repeat_n(BindingKind::Texture, textures));
    kinds.push(match shader.result {
        Kind::Codes => BindingKind::StorageTexture(TexelFormat::Rgba8Unorm),
        Kind::Half => BindingKind::StorageTexture(TexelFormat::Rgba16Float),
        Kind::Float => BindingKind::StorageTexture(TexelFormat::Rgba32Float),
        Kind::Counts | Kind::Table => BindingKind::StorageReadWrite,
    });
    kinds
}

fn finishing(
    gpu: &Gpu,
    finish: Finish,
    table: usize,
    equalize: Option<&PipelineHandle>,
    counts: &GpuBuffer,
    tables: &GpuBuffer,
) -> Result<Finishing, Error> {
    use super::runtime::Binding;
    let Some(handle) = equalize else {
        return Ok(Finishing::Host { finish, table, read: gpu.buffer(4 * 768, BufferKind::ReadBack, "counts")? });
    };
    let pipeline = handle.wait()?;
    let bind = gpu.bind(&pipeline, &[Binding::Buffer(counts), Binding::Buffer(tables)], "equalize")?;
    Ok(Finishing::Shader { pipeline, bind, groups: [finish.histograms() as u32, 1, 1] })
}

fn label(graph: &Graph, pass: &Pass, part: &Part) -> String {
    if let Some(kernel) = part.kernel.filter(|_| !(part.begins() || part.ends())) {
        return kernel.name().to_owned();
    }
    let names: Vec<&str> = pass.nodes().into_iter().map(|node| graph.nodes[node].name.as_str()).collect();
    if names.is_empty() { "copy".into() } else { names.join(" · ") }
}

fn groups(graph: &Graph, pass: &Pass, area: Area) -> [u32; 3] {
    if let Op::Reduce(Reduce::Tiles { capacity }) = &graph.nodes[pass.root].op {
        // One group a tile; those beyond the last do nothing.
        return [*capacity as u32, 1, 1];
    }
    if let Op::Reduce(Reduce::Cells { capacity, .. }) = &graph.nodes[pass.root].op {
        // The lattice may change with every frame; `dispatch` narrows this to its columns and rows.
        return [(*capacity as u32).div_ceil(CELL_GROUP), 1, 1];
    }
    [area.width.div_ceil(GROUP), area.height.div_ceil(GROUP), 1]
}
