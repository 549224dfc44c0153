//! Rendering that leaves its result on the graphics device, for a window that draws it there.

pub use crate::gpu::Picture as DevicePicture;

use super::prepared::Place;
use super::{Engine, EngineOptions, Output, same_size};
use crate::chain::Chain;
use crate::error::Error;
use crate::frame::Frame;
use crate::gpu::Renderer;
use crate::image::{Alpha, Depth, Image};

/// What became of a rendering that is to stay on the device.
#[derive(Debug)]
pub enum OnDevice {
    /// It is there.
    Rendered(DevicePicture),
    /// Pipelines are being compiled; ask again.
    Compiling,
    /// This one is for the CPU: there is no GPU, or the chain changes the size of the picture, or the device cannot.
    Elsewhere,
}

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
        let Some(gpu) = self.device().filter(|_| image.depth() == Depth::U8 && !chain.reshapes()) else {
            return Ok(OnDevice::Elsewhere);
        };
        same_size(image, frame)?;
        let mut state = self.lock();
        let output = Output { depth: Some(Depth::U8), ..Output::default() };
        let (plan, _) = self.planned(&mut state, chain, image, frame, &output)?;
        if plan.fell_back() {
            return Ok(OnDevice::Elsewhere);
        }
        let precision = self.options.precise_for(Depth::U8, Depth::U8);
        plan.go_to(Place::Gpu, chain);
        let opaque = plan.output_tag().alpha == Alpha::Opaque;
        // What goes wrong here goes wrong again in the ordinary rendering, which says it and goes on.
        let Ok(picture) = gpu.picture(plan.gpu_parts(), image, precision, opaque, wait) else {
            return Ok(OnDevice::Elsewhere);
        };
        let Some(picture) = picture else { return Ok(OnDevice::Compiling) };
        plan.is_at(Place::Gpu);
        state.stats.renders += 1;
        Ok(OnDevice::Rendered(picture))
    }

    /// Whether the engine renders on a device that somebody else draws with.
    pub fn shares_device(&self) -> bool {
        self.device().is_some_and(Renderer::is_shared)
    }
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
