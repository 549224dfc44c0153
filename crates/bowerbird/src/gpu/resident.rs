//! A plan on the device: its pipelines, textures, buffers and bind groups.
//!
//! Most of it stays as it was built. Two things change with the frames, and with them the bind groups, of which one is
//! made for each combination that occurs: the texture of the result, which is another one as long as somebody draws the
//! last, and the sides of what is kept for the next frame, which change places.

use super::build::{Blueprint, CELL_GROUP, build};
use super::codegen::write_weights;
use super::picture::Screen;
use super::reshape::Inflow;
use super::runtime::{
    BindGroup, Binding, Buffer as GpuBuffer, Gpu, GpuError, Pipeline, Submission, TexelFormat, Texture,
};
use super::shader::Shader;
use crate::error::Error;
use crate::graph::{Finish, Graph, Op, Reduce, Request, Values};
use crate::image::{Depth, Image};
use crate::ir::Precision;
use crate::plan::{Area, Buffer, Part, Parts, Passes, Rect};
use core::time::Duration;
use std::collections::BTreeMap;
use std::sync::Arc;

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

/// What a plan has on the device: itself, once its pipelines are compiled.
#[derive(Debug, Default)]
pub(crate) struct Residence {
    resident: Option<Resident>,
    /// What is being compiled.
    next: Option<Blueprint>,
    /// What was kept, while the plan is built anew.
    past: Option<Past>,
}

impl Residence {
    /// The plan as it is needed; `None` while its pipelines compile, unless they are to be waited for.
    pub(super) fn fit(
        &mut self,
        gpu: &Gpu,
        graph: &Graph,
        passes: &Passes,
        request: &Request,
        fitted: Fitted,
        wait: bool,
    ) -> Result<Option<&mut Resident>, Error> {
        if self.resident.as_ref().is_none_or(|resident| resident.fitted != fitted) {
            if self.next.as_ref().is_none_or(|next| next.fitted != fitted) {
                self.next = Some(Blueprint::new(gpu, graph, passes, request, fitted));
            }
            let Some(next) = self.next.take_if(|next| wait || next.is_ready()) else { return Ok(None) };
            self.past = self.resident.take().map(|old| old.past).or(self.past.take());
            self.resident = Some(build(gpu, graph, passes, request, next, self.past.clone())?);
            self.past = None;
        }
        Ok(self.resident.as_mut())
    }

    /// Milliseconds that each of so many passes took in the last frame, if that was measured.
    pub(crate) fn times(&self, passes: usize) -> Option<Vec<f32>> {
        let ready = &self.resident.as_ref()?.passes;
        let mut times = vec![0.0; passes];
        for pass in ready {
            *times.get_mut(pass.pass)? += pass.ms;
        }
        times.iter().any(|ms| *ms > 0.0).then_some(times)
    }

    /// What the last frame kept.
    pub(super) fn kept(&self, index: usize) -> Option<&Texture> {
        let past = &self.resident.as_ref()?.past;
        past.pairs.get(index).map(|pair| &pair[1 - past.side])
    }

    /// Bytes that the last frame brought back to the processor, if there was one.
    pub(crate) fn read_back(&self) -> Option<u64> {
        self.resident.as_ref().and_then(|resident| resident.read_back)
    }
}

/// What a dispatch binds; some of it is another texture in the next frame.
#[derive(Clone, Debug)]
pub(super) enum Bound {
    Buffer(GpuBuffer),
    Texture(Texture),
    /// What was kept of the frame before.
    Past(usize),
    /// What is kept of this one.
    Kept(usize),
    /// The result.
    Output,
}

/// A dispatch, ready to run.
#[derive(Debug)]
pub(super) struct Ready {
    /// The index of its pass.
    pub(super) pass: usize,
    pub(super) part: Part,
    pub(super) label: String,
    pub(super) pipeline: Arc<Pipeline>,
    pub(super) bound: Vec<Bound>,
    /// The bind groups so far, by the side of what is kept and the number of the output; 0 where it has neither.
    pub(super) binds: Vec<((usize, usize), BindGroup)>,
    pub(super) shader: Shader,
    pub(super) uniforms: GpuBuffer,
    pub(super) groups: [u32; 3],
    /// What it took in the last frame, in milliseconds; 0 where that is not measured.
    pub(super) ms: f32,
    /// The reduction that follows a pass of counts.
    pub(super) finish: Option<Finishing>,
}

impl Ready {
    fn key(&self, side: usize, output: usize) -> (usize, usize) {
        let has = |of: fn(&Bound) -> bool| self.bound.iter().any(of);
        let turns = has(|bound| matches!(bound, Bound::Past(_) | Bound::Kept(_)));
        let ends = has(|bound| matches!(bound, Bound::Output));
        (if turns { side } else { 0 }, if ends { output } else { 0 })
    }

    /// The bind group of a frame, once [`Resident::begin`] has made it.
    pub(super) fn bind(&self, side: usize, output: usize) -> Option<&BindGroup> {
        let key = self.key(side, output);
        self.binds.iter().find(|(of, _)| *of == key).map(|(_, bind)| bind)
    }
}

/// How counts become a table.
#[derive(Debug)]
pub(super) enum Finishing {
    /// On the device.
    Shader { pipeline: Arc<Pipeline>, bind: BindGroup, groups: [u32; 3] },
    /// By reading the counts back: Otsu's method needs f64.
    Host { finish: Finish, table: usize, read: GpuBuffer },
}

/// What is kept for the next frame: two textures each, of which one was written by the frame before.
#[derive(Clone, Debug)]
pub(super) struct Past {
    pairs: Vec<[Texture; 2]>,
    /// Which of each pair this frame writes.
    pub(super) side: usize,
}

impl Past {
    pub(super) fn new(gpu: &Gpu, count: usize, (width, height): (u32, u32)) -> Result<Self, GpuError> {
        let texture = || gpu.texture(width, height, TexelFormat::Rgba32Float, "kept");
        let pairs = (0..count).map(|_| Ok([texture()?, texture()?])).collect::<Result<_, GpuError>>()?;
        Ok(Self { pairs, side: 0 })
    }

    /// The next frame reads what this one wrote. Nothing is copied.
    pub(super) fn exchange(&mut self) {
        if !self.pairs.is_empty() {
            self.side = 1 - self.side;
        }
    }
}

/// A texture that a result is left in.
#[derive(Debug)]
pub(super) struct Output {
    pub(super) texture: Texture,
    /// Whoever draws it holds a clone.
    pub(super) held: Arc<()>,
    /// The same with color times alpha, for screens, and what makes it.
    pub(super) screen: Option<Screen>,
}

/// The textures of results: as many as are drawn at once, and one more.
#[derive(Debug)]
pub(super) struct Outputs {
    size: (u32, u32),
    format: TexelFormat,
    pub(super) all: Vec<Output>,
}

impl Outputs {
    pub(super) fn new(size: (u32, u32), format: TexelFormat) -> Self {
        Self { size, format, all: Vec::new() }
    }

    /// The number of a texture that nobody draws.
    fn free(&mut self, gpu: &Gpu) -> Result<usize, GpuError> {
        if let Some(index) = self.all.iter().position(|output| Arc::strong_count(&output.held) == 1) {
            return Ok(index);
        }
        let texture = gpu.texture(self.size.0, self.size.1, self.format, "output")?;
        self.all.push(Output { texture, held: Arc::new(()), screen: None });
        Ok(self.all.len() - 1)
    }
}

/// A plan on the device.
#[derive(Debug)]
pub(super) struct Resident {
    pub(super) fitted: Fitted,
    pub(super) passes: Vec<Ready>,
    pub(super) pictures: Vec<Texture>,
    pub(super) tables: Option<GpuBuffer>,
    pub(super) places: Vec<usize>,
    table_versions: Vec<u64>,
    pub(super) counts: Option<GpuBuffer>,
    pub(super) outputs: Outputs,
    /// The output that this frame writes.
    pub(super) output: usize,
    pub(super) past: Past,
    /// Where results are read back through, once one was.
    read: Option<GpuBuffer>,
    layers_uploaded: bool,
    /// What brings the source from other grids, where it is not sent; the last one was used last.
    pub(super) inflows: Vec<Inflow>,
    /// The frame under way, until it is read.
    pub(super) submission: Option<Submission>,
    /// How long the last frame waited for others' work on the device, as far as it can tell.
    pub(super) waited: Duration,
    /// Bytes that the last frame brought back.
    pub(super) read_back: Option<u64>,
    /// Uniforms as they are sent, kept so that a frame allocates nothing.
    scratch: Vec<f32>,
    /// Weights of the convolution on a coarsest level, kept for the same reason.
    weights: [Vec<f32>; 2],
}

impl Resident {
    pub(super) fn new(
        fitted: Fitted,
        passes: Vec<Ready>,
        pictures: Vec<Texture>,
        (tables, places, count): (Option<GpuBuffer>, Vec<usize>, usize),
        counts: Option<GpuBuffer>,
        outputs: Outputs,
        past: Past,
    ) -> Self {
        Self {
            fitted,
            passes,
            pictures,
            tables,
            places,
            table_versions: vec![u64::MAX; count],
            counts,
            outputs,
            output: 0,
            past,
            read: None,
            layers_uploaded: false,
            inflows: Vec::new(),
            submission: None,
            waited: Duration::ZERO,
            read_back: None,
            scratch: Vec::new(),
            weights: Default::default(),
        }
    }

    /// Begins a frame: chooses where the result goes and makes the bind groups that are not there yet.
    pub(super) fn begin(&mut self, gpu: &Gpu) -> Result<(), Error> {
        self.output = self.outputs.free(gpu)?;
        self.read_back = Some(0);
        let (side, output) = (self.past.side, self.output);
        let (pairs, result) = (&self.past.pairs, &self.outputs.all[output].texture);
        for ready in &mut self.passes {
            if ready.bind(side, output).is_some() {
                continue;
            }
            let missing = || Error::Gpu(format!("{}: a buffer of the plan is missing", ready.label));
            let kept = |index: usize, side: usize| pairs.get(index).map(|pair| &pair[side]).ok_or_else(missing);
            let bindings = ready.bound.iter().map(|bound| {
                Ok(match bound {
                    Bound::Buffer(buffer) => Binding::Buffer(buffer),
                    Bound::Texture(texture) => Binding::Texture(texture),
                    Bound::Past(index) => Binding::Texture(kept(*index, 1 - side)?),
                    Bound::Kept(index) => Binding::Texture(kept(*index, side)?),
                    Bound::Output => Binding::Texture(result),
                })
            });
            let bindings = bindings.collect::<Result<Vec<_>, Error>>()?;
            let bind = gpu.bind(&ready.pipeline, &bindings, &ready.label)?;
            ready.binds.push((ready.key(side, output), bind));
        }
        Ok(())
    }

    /// The texture that this frame's result is in.
    pub(super) fn result(&self) -> &Output {
        &self.outputs.all[self.output]
    }

    /// The buffer that results are read back through.
    pub(super) fn read_buffer(&mut self, gpu: &Gpu) -> Result<GpuBuffer, GpuError> {
        if let Some(buffer) = &self.read {
            return Ok(buffer.clone());
        }
        let buffer = gpu.read_back_for(&self.result().texture, "readback")?;
        self.read = Some(buffer.clone());
        Ok(buffer)
    }

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

    /// Sends the source.
    pub(super) fn write_source(&self, gpu: &Gpu, source: &Image) -> Result<(), Error> {
        self.write_picture(gpu, 0, source)
    }

    /// Sends the layers, once.
    pub(super) fn write_layers(&mut self, gpu: &Gpu, graph: &Graph) -> Result<(), Error> {
        if !core::mem::replace(&mut self.layers_uploaded, true) {
            for (index, layer) in graph.layers.iter().enumerate() {
                self.write_picture(gpu, index + 1, layer)?;
            }
        }
        Ok(())
    }

    fn write_picture(&self, gpu: &Gpu, index: usize, picture: &Image) -> Result<(), Error> {
        match self.fitted.regions.get(&Buffer::Picture(index)) {
            Some(rect) => upload(gpu, &self.pictures[index], picture, *rect),
            None => Ok(()),
        }
    }
}

/// Sends a rectangle of a picture.
pub(super) fn upload(gpu: &Gpu, texture: &Texture, picture: &Image, rect: Rect) -> Result<(), Error> {
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
