//! Rendering a plan on the device.

use super::resident::{Finishing, Fitted, Resident, build};
use super::runtime::{Dispatch, Gpu, GpuOptions, Transfer};
use crate::engine::{EngineOptions, GpuParts, Stats};
use crate::error::Error;
use crate::graph::{Graph, Request, Values};
use crate::image::{Image, PixelsMut};
use crate::ir::Precision;
use crate::plan::{Buffer, Parts, Pass, Passes, Rect, Target, parts, regions};
use std::collections::BTreeMap;

/// The device and what it may use.
#[derive(Debug)]
pub(crate) struct Renderer {
    gpu: Gpu,
    tile: Option<(u32, u32)>,
}

/// Zeros for the counts of a reduction.
static NO_COUNTS: [u8; 4 * 768] = [0; 4 * 768];

impl Renderer {
    /// Opens the adapter that the options ask for. Without a word for it, a software rasterizer does not count.
    pub(crate) fn open(options: &EngineOptions, allow_software: bool) -> Result<Self, Error> {
        let gpu = Gpu::open(&GpuOptions {
            adapter: options.adapter.clone(),
            allow_software: allow_software || options.adapter.is_some(),
            memory_budget: options.memory,
            ..GpuOptions::default()
        })?;
        Ok(Self { gpu, tile: options.tile })
    }

    pub(crate) fn name(&self) -> &str {
        &self.gpu.report().name
    }

    pub(crate) fn is_lost(&self) -> bool {
        self.gpu.is_lost()
    }

    /// Why the device was lost, if it was.
    pub(crate) fn loss(&self) -> Option<String> {
        self.gpu.lost_reason()
    }

    /// Pretends that the device was lost, for tests.
    pub(crate) fn lose(&self) {
        self.gpu.simulate_loss();
    }

    pub(crate) fn count(&self, stats: &mut Stats) {
        let counters = self.gpu.counters();
        stats.pipelines = counters.pipelines_created;
        stats.gpu_resources = counters.buffers_created + counters.textures_created + counters.bind_groups_created;
    }

    /// Renders a plan into `target`, in tiles where the frame is larger than a texture.
    pub(crate) fn render(
        &self,
        parts: GpuParts<'_>,
        image: &Image,
        target: &mut PixelsMut<'_>,
        precision: Precision,
    ) -> Result<(), Error> {
        let GpuParts { graph, values, passes, request, resident } = parts;
        if let Some(name) = passes.only_on_cpu(graph) {
            return Err(Error::Gpu(format!("{name} has no kernel for the GPU")));
        }
        let frame = Rect::whole(request.frame.width, request.frame.height);
        let most = self.gpu.limits().max_texture_dimension_2d;
        let tile = self.tile.unwrap_or((frame.width, frame.height));
        let codes = precision == Precision::Fast && matches!(target, PixelsMut::U8(_));
        // Halos must fit a texture too; a quarter is left for them.
        let limit = |side: u32, frame: u32| if frame > most { side.min(most / 4 * 3) } else { side.min(frame) }.max(1);
        let (tile_w, tile_h) = (limit(tile.0, frame.width), limit(tile.1, frame.height));
        let whole = (tile_w, tile_h) == (frame.width, frame.height);
        if !whole && passes.has_reductions() {
            return Err(Error::Gpu("a reduction needs the whole picture, which is larger than a texture".into()));
        }
        for y in (0..frame.height).step_by(tile_h as usize) {
            for x in (0..frame.width).step_by(tile_w as usize) {
                let roi = Rect { x, y, width: tile_w.min(frame.width - x), height: tile_h.min(frame.height - y) };
                let regions = regions(graph, values, &passes.0, &request.frame, Some(roi), true);
                if regions.values().any(|rect| rect.width > most || rect.height > most) {
                    return Err(Error::Gpu(format!("the plan needs a texture of more than {most} pixels a side")));
                }
                let parts = parts_of(graph, values, passes, request, &regions, roi);
                let fitted = Fitted { regions, parts, roi, precision, source: image.depth(), codes };
                if resident.as_ref().is_none_or(|resident| resident.fitted != fitted) {
                    *resident = None;
                    *resident = Some(build(&self.gpu, graph, passes, request, fitted)?);
                }
                let Some(ready) = resident.as_mut() else { continue };
                ready.write_pictures(&self.gpu, graph, image)?;
                ready.write_tables(&self.gpu, graph, values)?;
                ready.write_uniforms(&self.gpu, graph, passes, values, request)?;
                self.run(ready)?;
                self.read(ready, frame.width as usize, target)?;
            }
        }
        Ok(())
    }

    /// Submits the passes: all at once, or up to a reduction whose counts the host must see, and on from there.
    fn run(&self, resident: &mut Resident) -> Result<(), Error> {
        let mut dispatches: Vec<Dispatch<'_>> = Vec::new();
        for pass in &resident.passes {
            let counted = pass.finish.is_some();
            if let (true, Some(counts)) = (counted, &resident.counts) {
                // Each reduction begins with empty counts, so what precedes it is submitted first.
                if !dispatches.is_empty() {
                    self.gpu.submit(&dispatches, &[], false)?;
                    dispatches.clear();
                }
                self.gpu.write_buffer(counts, 0, &NO_COUNTS)?;
            }
            let label = &pass.label;
            dispatches.push(Dispatch { pipeline: &pass.pipeline, bind: &pass.bind, groups: pass.groups, label });
            match &pass.finish {
                None => {}
                Some(Finishing::Shader { pipeline, bind, groups }) => {
                    dispatches.push(Dispatch { pipeline, bind, groups: *groups, label: "equalize" });
                }
                Some(Finishing::Host { finish, table, read }) => {
                    let (Some(counts), Some(tables)) = (&resident.counts, &resident.tables) else { continue };
                    let submission =
                        self.gpu.submit(&dispatches, &[Transfer::CopyBuffer { from: counts, into: read }], false)?;
                    dispatches.clear();
                    let mut entries = [0.0f32; 1];
                    submission.read(read, |bytes| {
                        let counts: Vec<u32> =
                            bytes.chunks_exact(4).map(|b| u32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect();
                        finish.finish(&counts[..256 * finish.histograms()], &mut entries);
                    })?;
                    self.gpu.write_buffer(
                        tables,
                        4 * resident.places[*table] as u64,
                        bytemuck::cast_slice(&entries),
                    )?;
                }
            }
        }
        let back = Transfer::ReadTexture { from: &resident.output, into: &resident.read };
        let submission = self.gpu.submit(&dispatches, &[back], false)?;
        submission.wait()?;
        resident.submission = Some(submission);
        Ok(())
    }

    /// Copies the result out of the device's memory.
    fn read(&self, resident: &mut Resident, width: usize, target: &mut PixelsMut<'_>) -> Result<(), Error> {
        let Some(submission) = resident.submission.take() else { return Ok(()) };
        let roi = resident.fitted.roi;
        let row_bytes = roi.width as usize * if resident.fitted.codes { 4 } else { 16 };
        let stride = row_bytes.next_multiple_of(ROW_ALIGNMENT);
        submission.read(&resident.read, |bytes| {
            for row in 0..roi.height as usize {
                let source = &bytes[row * stride..row * stride + row_bytes];
                let at = 4 * ((roi.y as usize + row) * width + roi.x as usize);
                let count = 4 * roi.width as usize;
                match target {
                    PixelsMut::U8(v) if resident.fitted.codes => v[at..at + count].copy_from_slice(source),
                    PixelsMut::U8(v) => each(source, &mut v[at..at + count], |f| quantize(f, 255.0) as u8),
                    PixelsMut::U16(v) => each(source, &mut v[at..at + count], |f| quantize(f, 65535.0) as u16),
                    PixelsMut::F32(v) => each(source, &mut v[at..at + count], |f| f),
                }
            }
        })?;
        Ok(())
    }
}

/// What every dispatch of a plan computes for a rectangle of the result.
fn parts_of(
    graph: &Graph,
    values: &Values,
    passes: &Passes,
    request: &Request,
    regions: &BTreeMap<Buffer, Rect>,
    roi: Rect,
) -> Vec<Parts> {
    let region = |pass: &Pass| match pass.target {
        Target::Output => roi,
        Target::Table(_) => Rect::whole(request.frame.width, request.frame.height),
        Target::Stored(node) => regions.get(&Buffer::Stored(node)).copied().unwrap_or(roi),
    };
    passes.0.iter().map(|pass| parts(graph, values, pass, region(pass), &request.frame)).collect()
}

/// Rows of a readback start at multiples of this.
const ROW_ALIGNMENT: usize = 256;

fn each<T>(source: &[u8], out: &mut [T], convert: impl Fn(f32) -> T) {
    for (bytes, slot) in source.chunks_exact(4).zip(out) {
        *slot = convert(f32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]));
    }
}

/// ⌊clamp(v)·top + ½⌋; a NaN is 0.
fn quantize(value: f32, top: f32) -> f32 {
    (crate::lane::Lane::clamp01(value) * top + 0.5).floor()
}
