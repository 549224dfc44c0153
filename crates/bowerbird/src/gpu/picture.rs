//! A result that stays on the device.

use super::resident::{Output, Resident};
use super::runtime::{
    BindGroup, Binding, BindingKind, BufferKind, Dispatch, Gpu, GpuError, Pipeline, PipelineSpec, TexelFormat, Texture,
    Transfer,
};
use crate::error::Error;
use crate::image::{Image, ImageError};
use bowerbird_shaders::kernels;
use core::time::Duration;
use std::fmt;
use std::sync::Arc;

/// Pixels a side of a workgroup.
const GROUP: u32 = 16;

/// A rendered picture in a texture: 8-bit codes, display encoded, straight. As long as it lives, nothing is written there.
///
/// A window on the same device draws its [`view`](Self::view); the processor sees it only when it asks.
pub struct Picture {
    gpu: Gpu,
    texture: Texture,
    screen: Option<Texture>,
    opaque: bool,
    waited: Duration,
    /// Tells the plan that the texture is in use.
    _held: Arc<()>,
}

impl fmt::Debug for Picture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Picture").field("size", &self.size()).field("opaque", &self.opaque).finish_non_exhaustive()
    }
}

impl Picture {
    pub(super) fn of(gpu: &Gpu, output: &Output, opaque: bool, waited: Duration) -> Self {
        Self {
            gpu: gpu.clone(),
            texture: output.texture.clone(),
            screen: output.screen.as_ref().filter(|_| !opaque).map(|screen| screen.texture.clone()),
            opaque,
            waited,
            _held: Arc::clone(&output.held),
        }
    }

    /// Columns and rows.
    #[must_use]
    pub fn size(&self) -> (u32, u32) {
        self.texture.size()
    }

    /// Whether it is known to be opaque.
    #[must_use]
    pub fn is_opaque(&self) -> bool {
        self.opaque
    }

    /// The part of its rendering in which a shared device did others' work, as far as it can tell: a cheaper rendering would
    /// not have been done sooner.
    #[must_use]
    pub fn waited(&self) -> Duration {
        self.waited
    }

    /// The same after other work on the device, which had waited for as long.
    pub(crate) fn after(mut self, waited: Duration) -> Self {
        self.waited += waited;
        self
    }

    /// What a screen draws: `Rgba8Unorm`, color times alpha. Keep the picture as long as the view is used.
    #[must_use]
    pub fn view(&self) -> &wgpu::TextureView {
        self.screen.as_ref().unwrap_or(&self.texture).view()
    }

    /// Brings the picture to the processor, into the memory of another; waits for the device.
    ///
    /// # Errors
    /// The device was lost, or does not answer.
    pub fn read_into(&self, target: &mut Image) -> Result<(), Error> {
        let back = self.gpu.read_back_for(&self.texture, "readback")?;
        let submission = self.gpu.submit(&[], &[Transfer::ReadTexture { from: &self.texture, into: &back }], false)?;
        submission.wait()?;
        let (width, height) = self.size();
        target.refill_rgba8(width, height, |samples| {
            samples.resize(4 * width as usize * height as usize, 0);
            submission.read_texture_into(&back, samples).map_err(Wrong::Gpu)
        })?;
        Ok(())
    }

    /// The straight codes of one pixel; waits for the device.
    ///
    /// # Errors
    /// As [`read_into`](Self::read_into); a pixel outside of the picture.
    pub fn texel(&self, x: u32, y: u32) -> Result<[u8; 4], Error> {
        let back = self.gpu.buffer(4, BufferKind::ReadBack, "texel")?;
        let transfer = Transfer::ReadTexel { from: &self.texture, at: (x, y), into: &back };
        let submission = self.gpu.submit(&[], &[transfer], false)?;
        Ok(submission.read(&back, |bytes| [bytes[0], bytes[1], bytes[2], bytes[3]])?)
    }
}

/// What may go wrong on the way to the processor.
enum Wrong {
    Gpu(GpuError),
    Image(ImageError),
}

impl From<ImageError> for Wrong {
    fn from(error: ImageError) -> Self {
        Self::Image(error)
    }
}

impl From<Wrong> for Error {
    fn from(wrong: Wrong) -> Self {
        match wrong {
            Wrong::Gpu(error) => error.into(),
            Wrong::Image(error) => error.into(),
        }
    }
}

/// A result with color times alpha, as screens blend it.
pub(super) struct Screen {
    texture: Texture,
    pipeline: Arc<Pipeline>,
    bind: BindGroup,
}

impl fmt::Debug for Screen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Screen").finish_non_exhaustive()
    }
}

impl Screen {
    pub(super) fn dispatch(&self) -> Dispatch<'_> {
        let (width, height) = self.texture.size();
        let groups = [width.div_ceil(GROUP), height.div_ceil(GROUP), 1];
        Dispatch { pipeline: &self.pipeline, bind: &self.bind, groups, label: "for the screen" }
    }
}

impl Resident {
    /// Makes what turns this frame's result into one for the screen, if it is not there yet.
    pub(super) fn for_screen(&mut self, gpu: &Gpu) -> Result<(), GpuError> {
        let Some(output) = self.outputs.all.get_mut(self.output).filter(|output| output.screen.is_none()) else {
            return Ok(());
        };
        let (width, height) = output.texture.size();
        let format = TexelFormat::Rgba8Unorm;
        let texture = gpu.texture(width, height, format, "for the screen")?;
        let bindings = &[BindingKind::Texture, BindingKind::StorageTexture(format)];
        let spec = PipelineSpec { label: "for the screen", wgsl: kernels::SCREEN.into(), entry: "main", bindings };
        let pipeline = gpu.pipeline(&spec).wait()?;
        let resources = [Binding::Texture(&output.texture), Binding::Texture(&texture)];
        let bind = gpu.bind(&pipeline, &resources, "for the screen")?;
        output.screen = Some(Screen { texture, pipeline, bind });
        Ok(())
    }
}
