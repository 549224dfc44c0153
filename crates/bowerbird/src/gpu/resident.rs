//! A plan on the device: its pipelines, textures, buffers and bind groups.

use super::codegen::{self, table_places};
use super::runtime::{
    BindGroup, Binding, BindingKind, Buffer as GpuBuffer, BufferKind, Gpu, Pipeline, PipelineSpec, Submission,
    TexelFormat, Texture,
};
use super::separable::write_weights;
use super::shader::{Result as Kind, Setting, Shader};
use crate::error::Error;
use crate::graph::{Finish, Graph, Op, Reduce, Request, Values};
use crate::image::{Depth, Image};
use crate::ir::Precision;
use crate::plan::{Area, Buffer, Part, Parts, Pass, Passes, Rect, Target, assign, share};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Pixels a side of a workgroup.
const GROUP: u32 = 16;
/// Cells a side of a workgroup of the cell kernel.
const CELL_GROUP: u32 = 8;

/// What a resident plan was made for; another request is another resident.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Fitted {
    pub(super) regions: BTreeMap<Buffer, Rect>,
    /// The dispatches of each pass.
    pub(super) parts: Vec<Parts>,
    pub(super) roi: Rect,
    pub(super) precision: Precision,
    pub(super) source: Depth,
    pub(super) codes: bool,
}

/// A dispatch, ready to run.
#[derive(Debug)]
pub(super) struct Ready {
    /// The index of its pass.
    pass: usize,
    part: Part,
    pub(super) label: String,
    pub(super) pipeline: Arc<Pipeline>,
    pub(super) bind: BindGroup,
    pub(super) shader: Shader,
    pub(super) uniforms: GpuBuffer,
    pub(super) groups: [u32; 3],
    /// The reduction that follows a pass of counts.
    pub(super) finish: Option<Finishing>,
}

/// How counts become a table.
#[derive(Debug)]
pub(super) enum Finishing {
    /// On the device.
    Shader { pipeline: Arc<Pipeline>, bind: BindGroup, groups: [u32; 3] },
    /// By reading the counts back: Otsu's method needs f64.
    Host { finish: Finish, table: usize, read: GpuBuffer },
}

/// A plan on the device.
#[derive(Debug)]
pub(crate) struct Resident {
    pub(super) fitted: Fitted,
    pub(super) passes: Vec<Ready>,
    pub(super) pictures: Vec<Texture>,
    pub(super) tables: Option<GpuBuffer>,
    pub(super) places: Vec<usize>,
    pub(super) table_versions: Vec<u64>,
    pub(super) counts: Option<GpuBuffer>,
    pub(super) output: Texture,
    pub(super) read: GpuBuffer,
    pub(super) layers_uploaded: bool,
    /// The frame under way, until it is read.
    pub(super) submission: Option<Submission>,
    /// Uniforms as they are sent, kept so that a frame allocates nothing.
    scratch: Vec<f32>,
    /// Weights of the convolution on a coarsest level, kept for the same reason.
    weights: [Vec<f32>; 2],
    /// Slots and what lies between the dispatches of a pass live as long as the bind groups that name them.
    _between: (Vec<Texture>, Vec<Texture>),
}

/// Makes the resident plan; waits for pipelines that are not compiled yet.
pub(super) fn build(
    gpu: &Gpu,
    graph: &Graph,
    passes: &Passes,
    request: &Request,
    fitted: Fitted,
) -> Result<Resident, Error> {
    let memory = gpu.limits().max_compute_workgroup_storage_size;
    let setting = Setting { frame: &request.frame, precision: fitted.precision, codes: fitted.codes, memory };
    let shaders: Vec<(usize, Part, Shader)> = (0..)
        .zip(passes.0.iter().zip(&fitted.parts))
        .flat_map(|(index, (pass, parts))| {
            parts.parts.iter().map(move |part| (index, *part, codegen::shader(graph, pass, part, &setting)))
        })
        .collect();
    // All pipelines are asked for before any is waited for; parts with one text are one pipeline.
    let handles: Vec<_> = shaders
        .iter()
        .map(|(pass, part, shader)| {
            gpu.pipeline(&PipelineSpec {
                label: &label(graph, &passes.0[*pass], part),
                wgsl: Cow::Borrowed(&shader.wgsl),
                entry: "main",
                bindings: &binding_kinds(shader),
            })
        })
        .collect();

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
    for (node, slot) in &slots.of {
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
    let output_format = if fitted.codes { TexelFormat::Rgba8Unorm } else { TexelFormat::Rgba32Float };
    let output = gpu.texture(fitted.roi.width, fitted.roi.height, output_format, "output")?;
    let read = gpu.read_back_for(&output, "readback")?;

    let mut ready = Vec::new();
    for ((index, part, shader), handle) in shaders.into_iter().zip(handles) {
        let pass = &passes.0[index];
        let pipeline = handle.wait()?;
        let uniforms = gpu.buffer(16 * shader.vectors() as u64, BufferKind::Uniform, "uniforms")?;
        let label = label(graph, pass, &part);
        let texture = |buffer: &Buffer| match buffer {
            Buffer::Picture(index) => pictures.get(*index),
            // Plans that keep something run on the CPU.
            Buffer::Past(_) => None,
            Buffer::Stored(node) => slots.of.get(node).and_then(|slot| slot_textures.get(*slot)),
        };
        let mut bindings = vec![Binding::Buffer(&uniforms)];
        let lost = || Error::Gpu(format!("{label}: a buffer of the plan is missing"));
        if shader.reads_tables {
            bindings.push(Binding::Buffer(tables.as_ref().ok_or_else(lost)?));
        }
        for buffer in &shader.pictures {
            bindings.push(Binding::Texture(texture(buffer).ok_or_else(lost)?));
        }
        let between = |place: usize| scratch_of[index].get(place).and_then(|at| scratch_textures.get(*at));
        if let Some((place, _)) = part.from {
            bindings.push(Binding::Texture(between(place).ok_or_else(lost)?));
        }
        bindings.push(match (shader.result, pass.target) {
            _ if let Some(place) = part.to => Binding::Texture(between(place).ok_or_else(lost)?),
            (Kind::Counts, _) => Binding::Buffer(counts.as_ref().ok_or_else(lost)?),
            (Kind::Table, _) => Binding::Buffer(tables.as_ref().ok_or_else(lost)?),
            (_, Target::Stored(node)) => Binding::Texture(texture(&Buffer::Stored(node)).ok_or_else(lost)?),
            _ => Binding::Texture(&output),
        });
        let bind = gpu.bind(&pipeline, &bindings, &label)?;
        let finish = match (&graph.nodes[pass.root].op, pass.target, &counts, &tables) {
            (Op::Reduce(Reduce::Histogram(finish)), Target::Table(table), Some(counts), Some(tables)) => {
                Some(finishing(gpu, *finish, table, places[table], counts, tables)?)
            }
            _ => None,
        };
        let groups = groups(graph, pass, part.area);
        ready.push(Ready { pass: index, part, label, pipeline, bind, shader, uniforms, groups, finish });
    }
    Ok(Resident {
        fitted,
        passes: ready,
        pictures,
        tables,
        places,
        table_versions: vec![u64::MAX; graph.tables.len()],
        counts,
        output,
        read,
        layers_uploaded: false,
        submission: None,
        scratch: Vec::new(),
        weights: Default::default(),
        _between: (slot_textures, scratch_textures),
    })
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
    place: usize,
    counts: &GpuBuffer,
    tables: &GpuBuffer,
) -> Result<Finishing, Error> {
    match finish {
        Finish::Otsu => {
            Ok(Finishing::Host { finish, table, read: gpu.buffer(4 * 768, BufferKind::ReadBack, "counts")? })
        }
        Finish::Equalize { .. } => {
            let wgsl = codegen::equalize(place);
            let kinds = [BindingKind::StorageRead, BindingKind::StorageReadWrite];
            let spec = PipelineSpec { label: "equalize", wgsl: wgsl.into(), entry: "main", bindings: &kinds };
            let pipeline = gpu.pipeline(&spec).wait()?;
            let bind = gpu.bind(&pipeline, &[Binding::Buffer(counts), Binding::Buffer(tables)], "equalize")?;
            Ok(Finishing::Shader { pipeline, bind, groups: [finish.histograms() as u32, 1, 1] })
        }
    }
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

impl Resident {
    /// Fills the uniform buffer of every dispatch.
    pub(super) fn write_uniforms(
        &mut self,
        gpu: &Gpu,
        graph: &Graph,
        passes: &Passes,
        values: &Values,
        request: &Request,
    ) -> Result<(), Error> {
        let frame = &request.frame;
        for index in 0..self.passes.len() {
            let pass = &mut self.passes[index];
            let scratch = &mut self.scratch;
            scratch.clear();
            let rect = |area: Area| [area.x as f32, area.y as f32, area.width as f32, area.height as f32];
            scratch.extend(rect(pass.part.area));
            scratch.extend([frame.width as f32, frame.height as f32, frame.ratio.0 as f32, frame.ratio.1 as f32]);
            for buffer in &pass.shader.pictures {
                scratch.extend(rect(self.fitted.regions.get(buffer).copied().unwrap_or(Rect::whole(1, 1)).into()));
            }
            scratch.extend(pass.part.from.into_iter().flat_map(|(_, area)| rect(area)));
            for id in pass.shader.uniforms.keys() {
                let node = &graph.nodes[*id];
                scratch.extend(node.switch.map(|slot| values.uniforms[slot]));
                scratch.extend(&values.uniforms[node.uniforms.0..node.uniforms.0 + node.uniforms.1]);
                if let Op::Reduce(Reduce::Cells { .. }) = &node.op {
                    let (columns, rows) = (values.uniforms[node.uniforms.0 + 1], values.uniforms[node.uniforms.0 + 2]);
                    pass.groups = [(columns as u32).div_ceil(CELL_GROUP), (rows as u32).div_ceil(CELL_GROUP), 1];
                }
            }
            scratch.resize(scratch.len().next_multiple_of(4), 0.0);
            write_weights(graph, &passes.0[pass.pass], &pass.part, values, &mut self.weights, scratch);
            gpu.write_buffer(&pass.uniforms, 0, bytemuck::cast_slice(scratch))?;
        }
        Ok(())
    }

    /// Sends the tables that changed, except those that a reduction fills on the device.
    pub(super) fn write_tables(&mut self, gpu: &Gpu, graph: &Graph, values: &Values) -> Result<(), Error> {
        let Some(buffer) = &self.tables else { return Ok(()) };
        for (index, table) in graph.tables.iter().enumerate() {
            let version = values.table_versions[index];
            if table.filled_by.is_none() && self.table_versions[index] != version {
                gpu.write_buffer(buffer, 4 * self.places[index] as u64, bytemuck::cast_slice(&values.tables[index]))?;
                self.table_versions[index] = version;
            }
        }
        Ok(())
    }

    /// Sends the pictures: the source every time, the layers once.
    pub(super) fn write_pictures(&mut self, gpu: &Gpu, graph: &Graph, source: &Image) -> Result<(), Error> {
        let pictures = core::iter::once(source).chain(graph.layers.iter().map(|layer| &**layer));
        for (index, picture) in pictures.enumerate() {
            let Some(rect) = self.fitted.regions.get(&Buffer::Picture(index)) else { continue };
            if index > 0 && self.layers_uploaded {
                continue;
            }
            upload(gpu, &self.pictures[index], picture, *rect)?;
        }
        self.layers_uploaded = true;
        Ok(())
    }
}

/// Sends a rectangle of a picture.
fn upload(gpu: &Gpu, texture: &Texture, picture: &Image, rect: Rect) -> Result<(), Error> {
    use crate::image::Pixels;
    let width = picture.width() as usize;
    let first = 4 * (rect.y as usize * width + rect.x as usize);
    let last = 4 * ((rect.bottom() as usize - 1) * width + rect.right() as usize);
    match picture.pixels() {
        Pixels::U8(v) => gpu.write_texture(texture, &v[first..last], 4 * width)?,
        Pixels::F32(v) => gpu.write_texture(texture, bytemuck::cast_slice(&v[first..last]), 16 * width)?,
        Pixels::U16(v) => {
            // There is no 16-bit texture that every device can load; floats hold all codes.
            let floats: Vec<f32> = v[first..last].iter().map(|code| f32::from(*code) / 65535.0).collect();
            gpu.write_texture(texture, bytemuck::cast_slice(&floats), 16 * width)?;
        }
    }
    Ok(())
}
