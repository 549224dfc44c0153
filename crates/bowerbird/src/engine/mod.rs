//! The engine: plans, kept and reused, and the backends that run them.
//!
//! A plan depends on the structure of a chain, the size of the frame and the encoding of the source, never on a plain
//! number. So the engine keeps plans by a hash of those, and a rendering with other numbers only refills uniforms.

mod cancel;
#[cfg_attr(not(feature = "gpu"), path = "no_device.rs")]
mod device;
mod explain;
mod options;
mod part;
mod pending;
mod prepared;
mod segments;

pub use cancel::Cancel;
pub use device::{DevicePicture, OnDevice};
pub use options::{Backend, EngineOptions, Output, Simd, Stats};
pub use pending::Pending;

use crate::chain::Chain;
use crate::cpu::Machine;
use crate::effect::Tag;
use crate::error::Error;
use crate::frame::Frame;
use crate::graph::{Moment, Request};
use crate::image::{Alpha, Depth, Image, Pixels, PixelsMut, Spare, Transfer};
use core::hash::{Hash, Hasher};
#[cfg(feature = "gpu")]
pub(crate) use prepared::GpuParts;
use prepared::{Place, Prepared};
use std::collections::HashMap;
use std::hash::DefaultHasher;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Plans that an engine keeps; a live session needs a handful, a thumbnail strip a few dozen.
const MOST_PLANS: usize = 64;

/// Renders chains.
///
/// An engine may be shared between threads; renderings take turns.
#[derive(Debug)]
pub struct Engine {
    options: EngineOptions,
    machine: Machine,
    #[cfg(feature = "gpu")]
    gpu: Option<crate::gpu::Renderer>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    plans: HashMap<u64, Prepared>,
    clock: u64,
    stats: Stats,
    messages: Vec<String>,
    /// Whether the loss of the GPU was reported.
    lost: bool,
}

/// How the picture that a plan is given is encoded, which the plan depends on.
#[derive(Clone, Copy, Debug)]
struct Encoding {
    tag: Tag,
    depth: Depth,
}

impl From<&Image> for Encoding {
    fn from(image: &Image) -> Self {
        Self { tag: Tag { transfer: Some(image.transfer()), alpha: image.alpha() }, depth: image.depth() }
    }
}

impl Engine {
    /// An engine on a real GPU where there is one, else on the CPU. A software rasterizer is not a real GPU.
    ///
    /// # Errors
    /// The operating system refuses threads.
    pub fn auto() -> Result<Self, Error> {
        Self::new(EngineOptions::default())
    }

    /// An engine on the CPU, with a thread a core.
    ///
    /// # Errors
    /// The operating system refuses threads.
    pub fn cpu() -> Result<Self, Error> {
        Self::new(EngineOptions { backend: Backend::Cpu, ..EngineOptions::default() })
    }

    /// An engine on the GPU, a software rasterizer included.
    ///
    /// # Errors
    /// There is no usable adapter; the message says why.
    pub fn gpu() -> Result<Self, Error> {
        Self::new(EngineOptions { backend: Backend::Gpu, ..EngineOptions::default() })
    }

    /// An engine with options.
    ///
    /// # Errors
    /// As for [`Engine::cpu`] and [`Engine::gpu`].
    pub fn new(options: EngineOptions) -> Result<Self, Error> {
        let machine = Machine::new(options.thread_count(), options.simd.mode(), options.cancel.clone())?;
        #[cfg_attr(not(feature = "gpu"), expect(unused_mut, reason = "only the GPU reports"))]
        let mut state = State::default();
        #[cfg(not(feature = "gpu"))]
        if options.backend == Backend::Gpu {
            return Err(Error::Gpu("this build was made without the `gpu` feature".into()));
        }
        #[cfg(feature = "gpu")]
        let gpu = match options.backend {
            Backend::Cpu => None,
            Backend::Gpu => Some(device::open(&options, true, &mut state.messages)?),
            Backend::Auto => match device::open(&options, false, &mut state.messages) {
                Ok(gpu) => Some(gpu),
                Err(cause) => {
                    state.messages.push(format!("rendering on the CPU: {cause}"));
                    None
                }
            },
        };
        Ok(Self {
            options,
            machine,
            #[cfg(feature = "gpu")]
            gpu,
            state: Mutex::new(state),
        })
    }

    /// What renders: `cpu`, or `gpu` with the name of the adapter.
    pub fn backend_name(&self) -> String {
        #[cfg(feature = "gpu")]
        if let Some(gpu) = self.device() {
            return format!("gpu ({})", gpu.name());
        }
        "cpu".into()
    }

    /// Whether a GPU renders.
    pub fn uses_gpu(&self) -> bool {
        #[cfg(feature = "gpu")]
        return self.device().is_some();
        #[cfg(not(feature = "gpu"))]
        return false;
    }

    /// The number of CPU threads.
    pub fn threads(&self) -> usize {
        self.machine.threads()
    }

    /// The options the engine was made with.
    pub fn options(&self) -> &EngineOptions {
        &self.options
    }

    /// Counts of what the engine has done: planning and compiling show here, so a test can say that there was none.
    pub fn stats(&self) -> Stats {
        #[cfg_attr(not(feature = "gpu"), expect(unused_mut, reason = "only the GPU adds to it"))]
        let mut stats = self.lock().stats;
        #[cfg(feature = "gpu")]
        if let Some(gpu) = &self.gpu {
            gpu.count(&mut stats);
        }
        stats
    }

    /// Forgets all plans, and with them what effects over time have kept: the next frame is a first one.
    pub fn forget(&self) {
        self.lock().plans.clear();
    }

    /// Makes the engine believe that its GPU was lost, so that a test can see it go on.
    #[doc(hidden)]
    pub fn lose_gpu(&self) {
        #[cfg(feature = "gpu")]
        if let Some(gpu) = &self.gpu {
            gpu.lose();
        }
    }

    /// Messages since the last call: a GPU that was lost, a picture that did not fit it.
    pub fn take_messages(&self) -> Vec<String> {
        core::mem::take(&mut self.lock().messages)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Renders a picture at full size. The result has the depth of the picture, display encoded.
    ///
    /// # Errors
    /// A chain that cannot run: a missing asset or mask.
    pub fn render(&self, chain: &Chain, image: &Image) -> Result<Image, Error> {
        self.render_to(chain, image, &Output::default())
    }

    /// Renders a picture at full size to a depth and encoding of your choice.
    ///
    /// # Errors
    /// As [`Engine::render`].
    pub fn render_to(&self, chain: &Chain, image: &Image, output: &Output) -> Result<Image, Error> {
        self.render_frame(chain, image, &Frame::still(image.width(), image.height()), output)
    }

    /// Renders a frame: the picture may be a reduced one, and the frame has a time.
    ///
    /// # Errors
    /// As [`Engine::render`], and a picture that has not the size that the frame is rendered at.
    pub fn render_frame(&self, chain: &Chain, image: &Image, frame: &Frame, output: &Output) -> Result<Image, Error> {
        self.render_frame_in(chain, image, frame, output, &mut Spare::default())
    }

    /// The same, in the memory of `spare` if that fits.
    fn render_frame_in(
        &self,
        chain: &Chain,
        image: &Image,
        frame: &Frame,
        output: &Output,
        spare: &mut Spare,
    ) -> Result<Image, Error> {
        same_size(image, frame)?;
        if chain.reshapes() {
            return self.render_segments(chain, image, frame, output, spare);
        }
        let depth = output.depth.unwrap_or_else(|| image.depth());
        let count = image.width() as usize * image.height() as usize * 4;
        let mut pixels = spare.take_as(depth, count);
        let target = match &mut pixels {
            Pixels::U8(v) => PixelsMut::U8(v),
            Pixels::U16(v) => PixelsMut::U16(v),
            Pixels::F32(v) => PixelsMut::F32(v),
        };
        let tag = self.render_pixels(chain, image, frame, output, target)?;
        let transfer = tag.transfer.unwrap_or(Transfer::Display);
        let out = Image::new(image.width(), image.height(), pixels, transfer, tag.alpha)?;
        Ok(out.with_metadata(image.metadata().clone()))
    }

    /// Renders into a picture of the size of the result, in its depth and encoding. Its memory is reused: on a warm plan
    /// nothing is allocated, except between steps that change the size. Its metadata stay what they were.
    ///
    /// # Errors
    /// As [`Engine::render`], and a target of another size.
    pub fn render_into(&self, chain: &Chain, image: &Image, target: &mut Image) -> Result<(), Error> {
        self.render_frame_into(chain, image, &Frame::still(image.width(), image.height()), target)
    }

    /// Renders a frame into a picture, as [`Engine::render_into`] does: [`Engine::render_frame`] for those who render
    /// many.
    ///
    /// # Errors
    /// As [`Engine::render_frame`], and a target that has not the size of the result.
    pub fn render_frame_into(
        &self,
        chain: &Chain,
        image: &Image,
        frame: &Frame,
        target: &mut Image,
    ) -> Result<(), Error> {
        same_size(image, frame)?;
        // An opaque target takes what alpha there will be.
        let alpha = if target.is_opaque() { Alpha::Straight } else { target.alpha() };
        let output = Output { transfer: target.transfer(), alpha, depth: Some(target.depth()) };
        let result = chain.output_frame(frame)?;
        if target.size() != (result.width, result.height) {
            return Err(Error::Invalid(format!(
                "the target is {}×{} and the picture {}×{}; they must be equal",
                target.width(),
                target.height(),
                result.width,
                result.height,
            )));
        }
        if chain.reshapes() {
            return target.remake(|spare| self.render_segments(chain, image, frame, &output, spare));
        }
        let tag = self.render_pixels(chain, image, frame, &output, target.pixels_mut())?;
        if target.is_opaque() {
            target.set_alpha(tag.alpha);
        }
        Ok(())
    }

    fn render_pixels(
        &self,
        chain: &Chain,
        image: &Image,
        frame: &Frame,
        output: &Output,
        mut target: PixelsMut<'_>,
    ) -> Result<Tag, Error> {
        same_size(image, frame)?;
        let mut state = self.lock();
        state.stats.renders += 1;
        let (plan, messages) = self.planned(&mut state, chain, image.into(), frame, output)?;
        #[cfg(feature = "gpu")]
        if let Some(gpu) = self.device().filter(|_| !plan.fell_back()) {
            let precise = self.options.precise_for(image.depth(), target.depth());
            plan.go_to(Place::Gpu, chain);
            match gpu.render(plan.gpu_parts(), image, &mut target, precise) {
                Ok(()) => {
                    plan.is_at(Place::Gpu);
                    return Ok(plan.output_tag());
                }
                Err(Error::Canceled) => return Err(Error::Canceled),
                Err(cause) => messages.push(format!("rendered on the CPU: {cause}")),
            }
        }
        let _ = &messages;
        plan.go_to(Place::Cpu, chain);
        plan.render_cpu(&self.machine, image, &mut target, &self.options)?;
        plan.is_at(Place::Cpu);
        Ok(plan.output_tag())
    }

    /// The plan of a frame with the numbers of the chain, and where messages go. The loss of the GPU is said here.
    fn planned<'s>(
        &self,
        state: &'s mut State,
        chain: &Chain,
        given: Encoding,
        frame: &Frame,
        output: &Output,
    ) -> Result<(&'s mut Prepared, &'s mut Vec<String>), Error> {
        let request = self.request(given, frame, output);
        let key = self.key(chain, &request, given);
        self.ready(state, key, chain, &request)?;
        let State { plans, messages, lost, .. } = state;
        let Some(plan) = plans.get_mut(&key) else { return Err(Error::Invalid("the plan was lost".into())) };
        #[cfg(feature = "gpu")]
        if let Some(reason) = self.gpu.as_ref().and_then(crate::gpu::Renderer::loss)
            && !core::mem::replace(lost, true)
        {
            messages.push(format!("the GPU was lost ({reason}); rendering on the CPU from now on"));
        }
        #[cfg(feature = "gpu")]
        if let Some(gpu) = &self.gpu {
            let said =
                |fault| format!("the graphics device reports an error of the window or another program: {fault}");
            messages.extend(gpu.new_faults().into_iter().map(said));
        }
        let _ = lost;
        Ok((plan, messages))
    }

    /// The GPU, as long as it is there.
    #[cfg(feature = "gpu")]
    fn device(&self) -> Option<&crate::gpu::Renderer> {
        self.gpu.as_ref().filter(|gpu| !gpu.is_lost())
    }

    fn request(&self, given: Encoding, frame: &Frame, output: &Output) -> Request {
        Request {
            frame: *frame,
            source: given.tag,
            output: Tag { transfer: Some(output.transfer), alpha: output.alpha },
            drop_identity: self.options.drop_identity,
            moment: Moment::FIRST,
            literal: self.options.literal,
        }
    }

    fn key(&self, chain: &Chain, request: &Request, given: Encoding) -> u64 {
        let mut hasher = DefaultHasher::new();
        request.hash(&mut hasher);
        given.depth.hash(&mut hasher);
        chain.structure(&mut hasher);
        hasher.finish()
    }

    /// Makes sure that the plan of a key is there and holds the numbers of the chain.
    fn ready(&self, state: &mut State, key: u64, chain: &Chain, request: &Request) -> Result<(), Error> {
        state.clock += 1;
        let clock = state.clock;
        if let Some(plan) = state.plans.get_mut(&key) {
            plan.used = clock;
            if plan.refill(chain, request) {
                state.stats.refills += 1;
                return Ok(());
            }
        }
        state.stats.plans += 1;
        let mut plan = Prepared::new(chain, request, &self.options, self.uses_gpu())?;
        plan.used = clock;
        state.plans.insert(key, plan);
        if state.plans.len() > MOST_PLANS {
            let oldest = state.plans.iter().min_by_key(|(_, plan)| plan.used).map(|(key, _)| *key);
            oldest.map(|key| state.plans.remove(&key));
        }
        Ok(())
    }
}

fn same_size(image: &Image, frame: &Frame) -> Result<(), Error> {
    if image.size() == (frame.width, frame.height) {
        return Ok(());
    }
    Err(Error::Invalid(format!(
        "the picture is {}×{} and the frame {}×{}; they must be equal",
        image.width(),
        image.height(),
        frame.width,
        frame.height
    )))
}
