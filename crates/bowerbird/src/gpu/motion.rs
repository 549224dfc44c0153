//! What moved in a frame that the device rendered: a sum a row there, the rest here.

use super::render::Renderer;
use super::runtime::{Binding, BindingKind, BufferKind, Dispatch, PipelineSpec, Transfer};
use crate::engine::GpuParts;
use crate::error::Error;
use crate::motion::Motion;
use bowerbird_shaders::kernels;

impl Renderer {
    /// What a step of a plan saw move in the last frame; nothing before the first.
    pub(crate) fn motion(&self, parts: GpuParts<'_>, step: usize, kept: usize) -> Result<Option<Motion>, Error> {
        let Some(texture) = parts.residence.kept(kept) else { return Ok(None) };
        let gpu = self.gpu();
        let (width, height) = texture.size();
        let size = 8 * u64::from(height);
        let sums = gpu.buffer(size, BufferKind::Storage, "motion")?;
        let back = gpu.buffer(size, BufferKind::ReadBack, "motion")?;
        let bindings = &[BindingKind::Texture, BindingKind::StorageReadWrite];
        let spec = PipelineSpec { label: "motion", wgsl: kernels::MOTION.into(), entry: "main", bindings };
        let pipeline = gpu.pipeline(&spec).wait()?;
        let bind = gpu.bind(&pipeline, &[Binding::Texture(texture), Binding::Buffer(&sums)], "motion")?;
        let dispatch = Dispatch { pipeline: &pipeline, bind: &bind, groups: [1, height, 1], label: "motion" };
        let submission = gpu.submit(&[dispatch], &[Transfer::CopyBuffer { from: &sums, into: &back }], false)?;
        let motion = submission.read(&back, |bytes| {
            let number = |bytes: &[u8]| f64::from(bytemuck::pod_read_unaligned::<f32>(bytes));
            let rows = bytes.chunks_exact(8).map(|row| [number(&row[..4]), number(&row[4..])]);
            Motion::of_rows(step, width, rows)
        })?;
        Ok(Some(motion))
    }
}
