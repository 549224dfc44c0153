//! Rendering a plan on the device.

use super::picture::Picture;
use super::reshape::{Given, Stored};
use super::resident::{Finishing, Fitted, Resident};
use super::runtime::{Dispatch, Gpu, GpuOptions, SharedDevice, Submission, Transfer};
use crate::engine::{Cancel, EngineOptions, GpuParts, Stats};
use crate::error::Error;
use crate::graph::{Graph, Request, Values};
use crate::image::{Depth, Image, PixelsMut};
use crate::ir::Precision;
use crate::plan::{Buffer, Parts, Pass, Passes, Rect, Target, Wanted, parts, regions};
use core::sync::atomic::{AtomicUsize, Ordering};
use core::time::Duration;
use std::collections::BTreeMap;
use std::time::Instant;

/// The device and what it may use.
#[derive(Debug)]
pub(crate) struct Renderer {
    gpu: Gpu,
    /// How many of the errors that others caused on the device were told.
    told: AtomicUsize,
    tile: Option<(u32, u32)>,
    cancel: Cancel,
}

/// Within so long a rendering that is not wanted any more ends on a device of our own.
const SOON: Duration = Duration::from_millis(8);

/// Zeros for the counts of a reduction.
static NO_COUNTS: [u8; 4 * 768] = [0; 4 * 768];

impl Renderer {
    /// Opens the adapter that the options ask for. Without a word for it, a software rasterizer does not count.
    pub(crate) fn open(options: &EngineOptions, allow_software: bool) -> Result<Self, Error> {
        let gpu = Gpu::open(&GpuOptions {
            adapter: options.adapter.clone(),
            allow_software: allow_software || options.adapter.is_some(),
            ..Self::settings(options)
        })?;
        Ok(Self::new(gpu, options))
    }

    /// Computes on a device that somebody else opened.
    pub(crate) fn share(device: &SharedDevice, options: &EngineOptions) -> Result<Self, Error> {
        let gpu = Gpu::share(device, &Self::settings(options))?;
        Ok(Self::new(gpu, options))
    }

    fn new(gpu: Gpu, options: &EngineOptions) -> Self {
        Self { gpu, told: AtomicUsize::new(0), tile: options.tile, cancel: options.cancel.clone() }
    }

    /// How long a submission may be: for somebody else's work to come between, or for what may be given up to end soon.
    fn longest_submission(&self) -> Option<Duration> {
        if self.is_shared() {
            return self.gpu.longest_submission().filter(|longest| *longest < Duration::MAX);
        }
        self.cancel.is_some().then_some(SOON)
    }

    fn settings(options: &EngineOptions) -> GpuOptions {
        GpuOptions { memory_budget: options.memory, ..GpuOptions::default() }
    }

    pub(super) fn gpu(&self) -> &Gpu {
        &self.gpu
    }

    /// Whether somebody else draws with the device.
    pub(crate) fn is_shared(&self) -> bool {
        self.gpu.is_shared()
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

    /// Errors of calls that were not ours, as a window's on the same device, each once; nobody else hears of them.
    pub(crate) fn new_faults(&self) -> Vec<String> {
        let faults = self.gpu.faults();
        let told = self.told.swap(faults.len(), Ordering::Relaxed);
        let first = |message: &str| message.lines().next().unwrap_or_default().to_owned();
        faults.iter().skip(told).map(|fault| first(&fault.message)).collect()
    }

    /// Pretends that the device was lost, for tests.
    pub(crate) fn lose(&self) {
        self.gpu.simulate_loss();
    }

    pub(crate) fn count(&self, stats: &mut Stats) {
        let counters = self.gpu.counters();
        stats.pipelines = counters.pipelines_created;
        stats.bytes_read_back = counters.bytes_read_back;
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
        let codes = precision == Precision::Fast && matches!(target, PixelsMut::U8(_));
        let GpuParts { graph, values, passes, request, residence } = parts;
        let frame = Rect::whole(request.frame.width, request.frame.height);
        let (tile_w, tile_h) = self.tile_for(graph, passes, frame)?;
        for y in (0..frame.height).step_by(tile_h as usize) {
            for x in (0..frame.width).step_by(tile_w as usize) {
                let roi = Rect { x, y, width: tile_w.min(frame.width - x), height: tile_h.min(frame.height - y) };
                let parts = GpuParts { graph, values: &mut *values, passes, request, residence: &mut *residence };
                let given = &Given::Picture(image);
                let Some(ready) = self.upload(parts, given, precision, codes, roi, true)? else { continue };
                self.run(ready, true)?;
                self.read(ready, frame.width as usize, target)?;
            }
        }
        Ok(())
    }

    /// Renders a plan of 8-bit codes and leaves the result on the device; `None` while pipelines compile, unless they are
    /// to be waited for. Returns when the device is done.
    pub(crate) fn picture(
        &self,
        parts: GpuParts<'_>,
        given: &Given<'_>,
        precision: Precision,
        opaque: bool,
        wait: bool,
    ) -> Result<Option<Picture>, Error> {
        let frame = self.whole(&parts)?;
        let Some(ready) = self.upload(parts, given, precision, true, frame, wait)? else { return Ok(None) };
        if !opaque {
            ready.for_screen(&self.gpu)?;
        }
        self.run(ready, false)?;
        ready.submission = None;
        Ok(Some(Picture::of(&self.gpu, ready.result(), opaque, ready.waited)))
    }

    /// The same in floats, for what follows on the device.
    pub(crate) fn stored(
        &self,
        parts: GpuParts<'_>,
        given: &Given<'_>,
        precision: Precision,
        wait: bool,
    ) -> Result<Option<Stored>, Error> {
        let frame = self.whole(&parts)?;
        let Some(ready) = self.upload(parts, given, precision, false, frame, wait)? else { return Ok(None) };
        self.run(ready, false)?;
        ready.submission = None;
        Ok(Some(Stored::of(ready.result(), ready.waited)))
    }

    /// Has the pipelines of a plan compiled that is not to be run yet, for a source of a depth.
    pub(crate) fn compile(
        &self,
        parts: GpuParts<'_>,
        source: Depth,
        precision: Precision,
        codes: bool,
    ) -> Result<(), Error> {
        let frame = self.whole(&parts)?;
        let GpuParts { graph, values, passes, request, residence } = parts;
        let fitted = self.fitted(graph, values, passes, request, (source, precision, codes), frame)?;
        residence.fit(&self.gpu, graph, passes, request, fitted, false).map(|_| ())
    }

    /// The frame of a plan, which must be rendered in one piece.
    fn whole(&self, parts: &GpuParts<'_>) -> Result<Rect, Error> {
        let frame = Rect::whole(parts.request.frame.width, parts.request.frame.height);
        if self.tile_for(parts.graph, parts.passes, frame)? != (frame.width, frame.height) {
            return Err(Error::Gpu("the picture is larger than a texture".into()));
        }
        Ok(frame)
    }

    /// The size of tiles: the whole frame where it fits.
    fn tile_for(&self, graph: &Graph, passes: &Passes, frame: Rect) -> Result<(u32, u32), Error> {
        if let Some(name) = passes.only_on_cpu(graph) {
            return Err(Error::Gpu(format!("{name} has no kernel for the GPU")));
        }
        let most = self.gpu.limits().max_texture_dimension_2d;
        // What the next frame reads is made once, whole.
        let keeps = !graph.kept.is_empty();
        let tile = self.tile.filter(|_| !keeps).unwrap_or((frame.width, frame.height));
        // Halos must fit a texture too; a quarter is left for them.
        let limit = |side: u32, frame: u32| if frame > most { side.min(most / 4 * 3) } else { side.min(frame) }.max(1);
        let tile = (limit(tile.0, frame.width), limit(tile.1, frame.height));
        if tile != (frame.width, frame.height) && (keeps || passes.has_reductions()) {
            let what = if keeps { "an effect over time" } else { "a reduction" };
            return Err(Error::Gpu(format!("{what} needs the whole picture, which is larger than a texture")));
        }
        Ok(tile)
    }

    /// Makes a plan ready to run for a rectangle of the result, and sends it the picture and the numbers.
    fn upload<'r>(
        &self,
        parts: GpuParts<'r>,
        given: &Given<'_>,
        precision: Precision,
        codes: bool,
        roi: Rect,
        wait: bool,
    ) -> Result<Option<&'r mut Resident>, Error> {
        let GpuParts { graph, values, passes, request, residence } = parts;
        let fitted = self.fitted(graph, values, passes, request, (given.depth(), precision, codes), roi)?;
        let Some(ready) = residence.fit(&self.gpu, graph, passes, request, fitted, wait)? else { return Ok(None) };
        ready.begin(&self.gpu)?;
        match given {
            Given::Picture(image) => ready.write_source(&self.gpu, image)?,
            Given::Reshaped(before, reshape) => ready.flow_in(&self.gpu, before, *reshape)?,
        }
        ready.write_layers(&self.gpu, graph)?;
        ready.write_tables(&self.gpu, graph, values)?;
        ready.write_uniforms(&self.gpu, graph, passes, values, request)?;
        Ok(Some(ready))
    }

    /// What a plan needs on the device for a rectangle of the result: from a source of a depth, in a precision, and
    /// whether into codes.
    fn fitted(
        &self,
        graph: &Graph,
        values: &Values,
        passes: &Passes,
        request: &Request,
        (source, precision, codes): (Depth, Precision, bool),
        roi: Rect,
    ) -> Result<Fitted, Error> {
        let most = self.gpu.limits().max_texture_dimension_2d;
        let regions = regions(graph, values, &passes.0, &request.frame, Some(roi), Wanted::All);
        if regions.values().any(|rect| rect.width > most || rect.height > most) {
            return Err(Error::Gpu(format!("the plan needs a texture of more than {most} pixels a side")));
        }
        let parts = parts_of(graph, values, passes, request, &regions, roi);
        Ok(Fitted { regions, parts, roi, precision, source, codes })
    }

    /// Submits the passes and waits for them: all at once, or up to a reduction whose counts the host must see, and on
    /// from there. Where somebody else draws with the device, and where the rendering may be given up, passes are timed,
    /// and those that take long together are submitted one after another, so that the other's work comes between, and the
    /// rest may be given up. What the next frame reads is untouched then, as it is exchanged at the end.
    fn run(&self, resident: &mut Resident, read: bool) -> Result<(), Error> {
        let begin = Instant::now();
        self.go_on()?;
        let limit = self.longest_submission();
        let timing = limit.is_some();
        let longest = limit.map_or(f32::INFINITY, |longest| 1e3 * longest.as_secs_f32());
        let back = if read { Some(resident.read_buffer(&self.gpu)?) } else { None };
        let (side, output) = (resident.past.side, resident.output);
        let (mut brought, mut together) = (0, 0.0);
        let mut sent: Vec<Submission> = Vec::new();
        let mut dispatches: Vec<Dispatch<'_>> = Vec::new();
        // The pass of each dispatch.
        let mut timed: Vec<usize> = Vec::new();
        for (index, pass) in resident.passes.iter().enumerate() {
            let counted = pass.finish.is_some();
            if let (true, Some(counts)) = (counted, &resident.counts) {
                // Each reduction begins with empty counts, so what precedes it is submitted first.
                if !dispatches.is_empty() {
                    sent.push(self.gpu.submit(&dispatches, &[], timing)?);
                    dispatches.clear();
                }
                self.gpu.write_buffer(counts, 0, &NO_COUNTS)?;
            }
            if together + pass.ms > longest && !dispatches.is_empty() {
                let submission = self.gpu.submit(&dispatches, &[], timing)?;
                submission.wait()?;
                self.go_on()?;
                sent.push(submission);
                dispatches.clear();
                together = 0.0;
            }
            together += pass.ms;
            let label = &pass.label;
            let Some(bind) = pass.bind(side, output) else { continue };
            dispatches.push(Dispatch { pipeline: &pass.pipeline, bind, groups: pass.groups, label });
            timed.push(index);
            match &pass.finish {
                None => {}
                Some(Finishing::Shader { pipeline, bind, groups }) => {
                    dispatches.push(Dispatch { pipeline, bind, groups: *groups, label: "equalize" });
                    timed.push(index);
                }
                Some(Finishing::Host { finish, table, read }) => {
                    let (Some(counts), Some(tables)) = (&resident.counts, &resident.tables) else { continue };
                    let submission =
                        self.gpu.submit(&dispatches, &[Transfer::CopyBuffer { from: counts, into: read }], timing)?;
                    brought += counts.size();
                    dispatches.clear();
                    let mut entries = [0.0f32; 1];
                    submission.read(read, |bytes| {
                        let counts: Vec<u32> =
                            bytes.chunks_exact(4).map(|b| u32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect();
                        finish.finish(&counts[..256 * finish.histograms()], &mut entries);
                    })?;
                    self.go_on()?;
                    self.gpu.write_buffer(
                        tables,
                        4 * resident.places[*table] as u64,
                        bytemuck::cast_slice(&entries),
                    )?;
                    sent.push(submission);
                }
            }
        }
        let result = resident.result();
        if let (false, Some(screen)) = (read, &result.screen) {
            dispatches.push(screen.dispatch());
            timed.extend(resident.passes.len().checked_sub(1));
        }
        let back = back.as_ref().map(|into| Transfer::ReadTexture { from: &result.texture, into });
        brought += if read { result.texture.bytes() } else { 0 };
        let submission = self.gpu.submit(&dispatches, back.as_slice(), timing)?;
        // From here on the next frame reads what this one keeps.
        resident.past.exchange();
        submission.wait()?;
        let wall = begin.elapsed();
        resident.waited = Duration::ZERO;
        if timing {
            let times = sent.iter().chain([&submission]).filter_map(Submission::timings).flatten();
            resident.passes.iter_mut().for_each(|pass| pass.ms = 0.0);
            for (index, ms) in timed.into_iter().zip(times) {
                resident.passes[index].ms += ms;
            }
            let worked: f32 = resident.passes.iter().map(|pass| pass.ms).sum();
            if worked > 0.0 && self.is_shared() {
                resident.waited = wall.saturating_sub(Duration::from_secs_f32(1e-3 * worked));
            }
        }
        resident.submission = Some(submission);
        resident.read_back = Some(brought);
        Ok(())
    }

    /// Gives the rendering up if it is not wanted any more.
    fn go_on(&self) -> Result<(), Error> {
        if self.cancel.is_due() { Err(Error::Canceled) } else { Ok(()) }
    }

    /// Copies the result out of the device's memory.
    fn read(&self, resident: &mut Resident, width: usize, target: &mut PixelsMut<'_>) -> Result<(), Error> {
        let Some(submission) = resident.submission.take() else { return Ok(()) };
        let roi = resident.fitted.roi;
        let row_bytes = roi.width as usize * if resident.fitted.codes { 4 } else { 16 };
        let stride = row_bytes.next_multiple_of(ROW_ALIGNMENT);
        submission.read(&resident.read_buffer(&self.gpu)?, |bytes| {
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
