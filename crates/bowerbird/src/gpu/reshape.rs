//! Changing the grid of pixels on the device: what lies between two plans of a chain that changes the size.
//!
//! The result of the plan before, or the picture itself, is moved or resampled straight into the source of the plan
//! behind, so nothing of it comes back to the processor. The definition is that of [`Reshape`]: copies are exact, and
//! a resize sums the same weights, which are made in f64 on the processor.

use super::resident::{Output, Resident, upload};
use super::runtime::{
    BindGroup, Binding, BindingKind, Buffer as GpuBuffer, BufferKind, Dispatch, Gpu, GpuError, Pipeline, PipelineSpec,
    TexelFormat, Texture,
};
use crate::error::Error;
use crate::image::{Depth, Image};
use crate::plan::{Buffer, Rect};
use crate::reshape::Reshape;
use crate::resize::{Taps, taps};
use bowerbird_shaders::kernels;
use core::time::Duration;
use std::sync::Arc;

/// Pixels a side of a workgroup.
const GROUP: u32 = 16;

/// Ways into one plan that are kept: segments between which only pixels move may share one.
const INFLOWS: usize = 4;

/// What a plan is given to work on.
#[derive(Clone, Copy)]
pub(crate) enum Given<'a> {
    /// A picture of the processor's.
    Picture(&'a Image),
    /// Something on another grid.
    Reshaped(Before<'a>, Reshape),
}

/// What is brought to another grid.
#[derive(Clone, Copy)]
pub(crate) enum Before<'a> {
    /// A picture of the processor's.
    Picture(&'a Image),
    /// What another plan left on the device.
    Stored(&'a Stored),
}

impl Given<'_> {
    /// The depth of what the plan reads.
    pub(super) fn depth(&self) -> Depth {
        match self {
            Self::Picture(image) | Self::Reshaped(Before::Picture(image), _) => image.depth(),
            Self::Reshaped(Before::Stored(_), _) => Depth::F32,
        }
    }
}

/// A result in floats that stays on the device. As long as it lives, nothing is written there.
pub(crate) struct Stored {
    texture: Texture,
    waited: Duration,
    /// Tells the plan that the texture is in use.
    _held: Arc<()>,
}

impl Stored {
    pub(super) fn of(output: &Output, waited: Duration) -> Self {
        Self { texture: output.texture.clone(), waited, _held: Arc::clone(&output.held) }
    }

    /// The part of its rendering in which the device did others' work.
    pub(crate) fn waited(&self) -> Duration {
        self.waited
    }
}

/// One dispatch: what it binds besides its source, and where it writes.
struct Stage {
    pipeline: Arc<Pipeline>,
    numbers: GpuBuffer,
    into: Texture,
    /// The bind groups so far, by their source: a plan leaves its results in a few textures by turns.
    binds: Vec<(Texture, BindGroup)>,
}

impl Stage {
    /// Makes the bind group for a source, if there is none.
    fn bind(&mut self, gpu: &Gpu, source: &Texture) -> Result<(), GpuError> {
        if !self.binds.iter().any(|(of, _)| of.is_same(source)) {
            let bindings = [Binding::Buffer(&self.numbers), Binding::Texture(source), Binding::Texture(&self.into)];
            let bind = gpu.bind(&self.pipeline, &bindings, "reshape")?;
            self.binds.push((source.clone(), bind));
        }
        Ok(())
    }

    fn dispatch<'s>(&'s self, source: &Texture) -> Option<Dispatch<'s>> {
        let (width, height) = self.into.size();
        let groups = [width.div_ceil(GROUP), height.div_ceil(GROUP), 1];
        let (_, bind) = self.binds.iter().find(|(of, _)| of.is_same(source))?;
        Some(Dispatch { pipeline: &self.pipeline, bind, groups, label: "reshape" })
    }
}

/// What fills the source of a plan from another grid.
pub(super) struct Inflow {
    reshape: Reshape,
    from: (u32, u32),
    /// Where a picture of the processor's is sent first.
    sent: Option<Texture>,
    stages: Vec<Stage>,
}

impl core::fmt::Debug for Inflow {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Inflow").field("reshape", &self.reshape).field("from", &self.from).finish_non_exhaustive()
    }
}

impl Inflow {
    /// From a picture of a size into a texture that has a rectangle of the result.
    fn new(gpu: &Gpu, reshape: Reshape, from: (u32, u32), into: &Texture, rect: Rect) -> Result<Self, GpuError> {
        let stages = match way(reshape, from, rect) {
            Some(way) => vec![moves(gpu, way, into)?],
            None => resizes(gpu, reshape, from, into, rect)?,
        };
        Ok(Self { reshape, from, sent: None, stages })
    }

    fn is_for(&self, reshape: Reshape, from: (u32, u32)) -> bool {
        (self.reshape, self.from) == (reshape, from)
    }
}

/// Where pixel (0, 0) of a rectangle of the result comes from, and how far the next ones across and down are from there;
/// nothing for a resize.
fn way(reshape: Reshape, (width, height): (u32, u32), rect: Rect) -> Option<[[i32; 2]; 3]> {
    let side = |v: u32| v as i32;
    let (right, bottom) = (side(width) - 1, side(height) - 1);
    let [[x, y], across, down] = match reshape {
        Reshape::Crop([left, top, ..]) => [[side(left), side(top)], [1, 0], [0, 1]],
        // One turn moves (x, y) to (y, width − 1 − x).
        Reshape::Turn(turns) => match turns % 4 {
            0 => [[0, 0], [1, 0], [0, 1]],
            1 => [[right, 0], [0, 1], [-1, 0]],
            2 => [[right, bottom], [-1, 0], [0, -1]],
            _ => [[0, bottom], [0, -1], [1, 0]],
        },
        Reshape::Resize(to, _) if to == [width, height] => [[0, 0], [1, 0], [0, 1]],
        Reshape::Resize(..) => return None,
    };
    let (left, top) = (side(rect.x), side(rect.y));
    Some([[x + left * across[0] + top * down[0], y + left * across[1] + top * down[1]], across, down])
}

fn pipeline(gpu: &Gpu, wgsl: String, numbers: BindingKind, into: TexelFormat) -> Result<Arc<Pipeline>, GpuError> {
    let bindings = &[numbers, BindingKind::Texture, BindingKind::StorageTexture(into)];
    gpu.pipeline(&PipelineSpec { label: "reshape", wgsl: wgsl.into(), entry: "main", bindings }).wait()
}

fn moves(gpu: &Gpu, way: [[i32; 2]; 3], into: &Texture) -> Result<Stage, GpuError> {
    let wgsl = kernels::RESHAPE.replace("TEXEL", into.format().wgsl());
    let pipeline = pipeline(gpu, wgsl, BindingKind::Uniform, into.format())?;
    let numbers: [i32; 8] = core::array::from_fn(|index| way.as_flattened().get(index).copied().unwrap_or(0));
    let buffer = gpu.buffer(size_of_val(&numbers) as u64, BufferKind::Uniform, "reshape")?;
    gpu.write_buffer(&buffer, 0, bytemuck::cast_slice(&numbers))?;
    Ok(Stage { pipeline, numbers: buffer, into: into.clone(), binds: Vec::new() })
}

/// Across, into a texture of the columns that are wanted, and down from there.
fn resizes(
    gpu: &Gpu,
    reshape: Reshape,
    (width, height): (u32, u32),
    into: &Texture,
    rect: Rect,
) -> Result<Vec<Stage>, GpuError> {
    let Reshape::Resize([to_width, to_height], filter) = reshape else { return Ok(Vec::new()) };
    let along = |from: u32, to: u32, first: u32, count: u32| {
        let all = taps(filter, from, to);
        lines(&all[first as usize..(first + count) as usize])
    };
    let middle = gpu.texture(rect.width, height, into.format(), "reshape")?;
    let stage = |across: bool, numbers: Vec<u32>, into: &Texture| {
        let wgsl = format!("const ACROSS: bool = {across};\n{}", kernels::RESIZE);
        let wgsl = wgsl.replace("TEXEL", into.format().wgsl());
        let pipeline = pipeline(gpu, wgsl, BindingKind::StorageRead, into.format())?;
        let buffer = gpu.buffer(4 * numbers.len() as u64, BufferKind::Storage, "taps")?;
        gpu.write_buffer(&buffer, 0, bytemuck::cast_slice(&numbers))?;
        Ok(Stage { pipeline, numbers: buffer, into: into.clone(), binds: Vec::new() })
    };
    Ok(vec![
        stage(true, along(width, to_width, rect.x, rect.width), &middle)?,
        stage(false, along(height, to_height, rect.y, rect.height), into)?,
    ])
}

/// The taps of lines as the shader reads them.
fn lines(taps: &[Taps]) -> Vec<u32> {
    let mut numbers = Vec::new();
    let mut start = 3 * taps.len();
    for taps in taps {
        numbers.extend([taps.first, start, taps.weights.len()].map(|number| number as u32));
        start += taps.weights.len();
    }
    numbers.extend(taps.iter().flat_map(|taps| taps.weights.iter().map(|weight| weight.to_bits())));
    numbers
}

impl Resident {
    /// Fills the source from another grid. Whatever is submitted next finds it there.
    pub(super) fn flow_in(&mut self, gpu: &Gpu, before: &Before<'_>, reshape: Reshape) -> Result<(), Error> {
        let Some(rect) = self.fitted.regions.get(&Buffer::Picture(0)).copied() else { return Ok(()) };
        let size = match before {
            Before::Picture(image) => image.size(),
            Before::Stored(stored) => stored.texture.size(),
        };
        let into = &self.pictures[0];
        let known = self.inflows.iter().position(|inflow| inflow.is_for(reshape, size));
        let inflow = match known {
            Some(index) => self.inflows.remove(index),
            None => Inflow::new(gpu, reshape, size, into, rect)?,
        };
        if self.inflows.len() == INFLOWS {
            self.inflows.remove(0);
        }
        self.inflows.push(inflow);
        let Some(inflow) = self.inflows.last_mut() else { return Ok(()) };
        let source = match before {
            Before::Stored(stored) => stored.texture.clone(),
            Before::Picture(image) => {
                let sent = match inflow.sent.take() {
                    Some(sent) => sent,
                    None => gpu.texture(size.0, size.1, into.format(), "picture")?,
                };
                upload(gpu, &sent, image, Rect::whole(size.0, size.1))?;
                inflow.sent.insert(sent).clone()
            }
        };
        let mut from = source;
        let mut sources = Vec::with_capacity(inflow.stages.len());
        for stage in &mut inflow.stages {
            stage.bind(gpu, &from)?;
            sources.push(core::mem::replace(&mut from, stage.into.clone()));
        }
        let dispatches = inflow.stages.iter().zip(&sources).filter_map(|(stage, source)| stage.dispatch(source));
        gpu.submit(&dispatches.collect::<Vec<_>>(), &[], false)?;
        Ok(())
    }
}
