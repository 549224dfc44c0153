//! Rendering that leaves its result on the graphics device, for a window that draws it there.
//!
//! A chain that changes the size of the picture is rendered segment by segment, as everywhere, and what lies between two
//! segments stays on the device too.

pub use crate::gpu::Picture as DevicePicture;

use super::prepared::Place;
use super::segments::{reshape, reshaped, segments};
use super::{Encoding, Engine, EngineOptions, Output, State, same_size};
use crate::chain::Chain;
use crate::effect::Tag;
use crate::error::Error;
use crate::frame::Frame;
use crate::gpu::{Before, Given, Renderer, Stored};
use crate::image::{Alpha, Depth, Image, Transfer};
use crate::reshape::{BETWEEN, Reshape};
use core::time::Duration;

/// What became of a rendering that is to stay on the device.
#[derive(Debug)]
pub enum OnDevice {
    /// It is there.
    Rendered(DevicePicture),
    /// Pipelines are being compiled; ask again.
    Compiling,
    /// This one is for the CPU: there is no GPU, or it cannot.
    Elsewhere,
}

/// What a chain's result on a screen is.
const SHOWN: Output = Output { depth: Some(Depth::U8), transfer: Transfer::Display, alpha: Alpha::Straight };

impl Engine {
    /// Renders a frame of 8 bits, as [`Engine::render_frame`] would, and leaves the result on the device. Where that cannot
    /// be it says so, and [`Engine::render_frame_into`] is what to call. Unless pipelines are to be waited for, it returns
    /// at once while some compile.
    ///
    /// # Errors
    /// As [`Engine::render_frame`].
    pub fn render_frame_on_device(
        &self,
        chain: &Chain,
        image: &Image,
        frame: &Frame,
        wait: bool,
    ) -> Result<OnDevice, Error> {
        let Some(gpu) = self.device().filter(|_| image.depth() == Depth::U8) else {
            return Ok(OnDevice::Elsewhere);
        };
        same_size(image, frame)?;
        let mut state = self.lock();
        let outcome = if chain.reshapes() {
            self.segments_on_device(gpu, &mut state, chain, image, frame, wait)?
        } else {
            let step = Step { chain, given: Given::Picture(image), encoding: image.into(), frame, wait };
            self.on_device(gpu, &mut state, &step)?
        };
        state.stats.renders += u64::from(matches!(outcome, OnDevice::Rendered(_)));
        Ok(outcome)
    }

    /// Renders what is shown.
    fn on_device(&self, gpu: &Renderer, state: &mut State, step: &Step<'_>) -> Result<OnDevice, Error> {
        let (plan, _) = self.planned(state, step.chain, step.encoding, step.frame, &SHOWN)?;
        if plan.fell_back() {
            return Ok(OnDevice::Elsewhere);
        }
        let precision = self.options.precise_for(Depth::U8, Depth::U8);
        plan.go_to(Place::Gpu, step.chain);
        let opaque = plan.output_tag().alpha == Alpha::Opaque;
        let picture = match gpu.picture(plan.gpu_parts(), &step.given, precision, opaque, step.wait) {
            Ok(picture) => picture,
            Err(Error::Canceled) => return Err(Error::Canceled),
            // What goes wrong here goes wrong again in the ordinary rendering, which says it and goes on.
            Err(_) => return Ok(OnDevice::Elsewhere),
        };
        let Some(picture) = picture else { return Ok(OnDevice::Compiling) };
        plan.is_at(Place::Gpu);
        Ok(OnDevice::Rendered(picture))
    }

    /// Renders a chain that changes the size. A plan whose pipelines compile keeps those behind it from running, not from
    /// compiling beside it.
    fn segments_on_device(
        &self,
        gpu: &Renderer,
        state: &mut State,
        chain: &Chain,
        image: &Image,
        frame: &Frame,
        wait: bool,
    ) -> Result<OnDevice, Error> {
        let found = segments(chain, image)?;
        if found.iter().any(|segment| segment.reads_source()) {
            // The picture before the first step would be another asset, and so another plan, with every frame.
            return Ok(OnDevice::Elsewhere);
        }
        let precision = self.options.precise_for(Depth::U8, Depth::U8);
        let (mut frame, mut encoding, mut waited) = (*frame, Encoding::from(image), Duration::ZERO);
        let (mut before, mut pending, mut compiling) = (None::<Stored>, None::<Reshape>, false);
        for segment in &found {
            let now = before.take();
            let given = match (pending, &now) {
                (None, _) => Given::Picture(image),
                (Some(reshape), None) => Given::Reshaped(Before::Picture(image), reshape),
                (Some(reshape), Some(stored)) => Given::Reshaped(Before::Stored(stored), reshape),
            };
            let Some((index, space)) = segment.then else {
                if compiling {
                    let (plan, _) = self.planned(state, &segment.chain, encoding, &frame, &SHOWN)?;
                    // What cannot be compiled is told of when it is rendered.
                    let _ = gpu.compile(plan.gpu_parts(), encoding.depth, precision, true);
                    return Ok(OnDevice::Compiling);
                }
                let step = Step { chain: &segment.chain, given, encoding, frame: &frame, wait };
                let outcome = self.on_device(gpu, state, &step)?;
                return Ok(match outcome {
                    OnDevice::Rendered(picture) => OnDevice::Rendered(picture.after(waited)),
                    other => other,
                });
            };
            let full = [frame.full_width, frame.full_height];
            let Some(change) = reshape(index, &chain.steps()[index], full)? else { return Ok(OnDevice::Elsewhere) };
            let next = reshaped(&frame, change);
            let change = change.at_scale(&frame, &next);
            // Codes to which nothing was done are moved as they are.
            if !(segment.is_empty() && pending.is_none() && !change.weighs()) {
                let (waiting, space) = segment.waiting(space, &SHOWN);
                let output = if change.weighs() { Output { transfer: space, ..waiting } } else { waiting };
                let (plan, _) = self.planned(state, &segment.chain, encoding, &frame, &output)?;
                if plan.fell_back() {
                    return Ok(OnDevice::Elsewhere);
                }
                plan.go_to(Place::Gpu, &segment.chain);
                if compiling {
                    let _ = gpu.compile(plan.gpu_parts(), encoding.depth, precision, false);
                } else {
                    match gpu.stored(plan.gpu_parts(), &given, precision, wait) {
                        Ok(Some(stored)) => {
                            plan.is_at(Place::Gpu);
                            waited += stored.waited();
                            before = Some(stored);
                        }
                        Ok(None) => compiling = true,
                        Err(Error::Canceled) => return Err(Error::Canceled),
                        Err(_) => return Ok(OnDevice::Elsewhere),
                    }
                }
                let tag = Tag { transfer: Some(output.transfer), alpha: plan.output_tag().alpha };
                encoding = Encoding { tag, depth: BETWEEN };
            }
            (pending, frame) = (Some(change), next);
        }
        Ok(OnDevice::Elsewhere)
    }

    /// Whether the engine renders on a device that somebody else draws with.
    pub fn shares_device(&self) -> bool {
        self.device().is_some_and(Renderer::is_shared)
    }
}

/// A rendering of one plan.
struct Step<'a> {
    chain: &'a Chain,
    given: Given<'a>,
    encoding: Encoding,
    frame: &'a Frame,
    wait: bool,
}

/// The device that is handed over if it will do, else one of our own.
pub(super) fn open(options: &EngineOptions, software: bool, messages: &mut Vec<String>) -> Result<Renderer, Error> {
    if let Some(device) = options.device.as_ref().filter(|device| software || !device.report().software) {
        match Renderer::share(device, options) {
            Ok(gpu) => return Ok(gpu),
            Err(cause) => {
                messages.push(format!("the device is not shared, pictures take the way over the CPU: {cause}"))
            }
        }
    }
    Renderer::open(options, software)
}
