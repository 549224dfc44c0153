//! Tests on whatever adapter there is, software included; without one they say so and pass.

mod failures;
mod frames;
mod pooling;
mod threads;

use std::borrow::Cow;
use std::sync::Arc;

use super::*;

const INVERT: &[BindingKind] = &[BindingKind::Texture, BindingKind::StorageTexture(TexelFormat::Rgba8Unorm)];

/// `BOWERBIRD_TEST_GPU=gl` and the like choose another adapter than the best.
fn open_with(options: &GpuOptions) -> Option<Gpu> {
    let adapter = std::env::var("BOWERBIRD_TEST_GPU").ok();
    match Gpu::open(&GpuOptions { adapter, allow_software: true, ..options.clone() }) {
        Ok(gpu) => Some(gpu),
        Err(GpuError::NoAdapter { reason }) => {
            println!("SKIPPED: no GPU adapter here ({reason})");
            None
        }
        Err(error) => panic!("an adapter is there and does not open: {error}"),
    }
}

fn open() -> Option<Gpu> {
    open_with(&GpuOptions::default())
}

fn invert_wgsl(format: TexelFormat) -> String {
    format!(
        "@group(0) @binding(0) var source: texture_2d<f32>;
         @group(0) @binding(1) var result: texture_storage_2d<{}, write>;
         @compute @workgroup_size(8, 8)
         fn main(@builtin(global_invocation_id) id: vec3u) {{
             if any(id.xy >= textureDimensions(source)) {{ return; }}
             textureStore(result, id.xy, 1.0 - textureLoad(source, id.xy, 0));
         }}",
        format.wgsl()
    )
}

fn compile(gpu: &Gpu, label: &str, wgsl: &str, bindings: &[BindingKind]) -> Result<Arc<Pipeline>, GpuError> {
    gpu.pipeline(&PipelineSpec { label, wgsl: Cow::Borrowed(wgsl), entry: "main", bindings }).wait()
}

fn inverter(gpu: &Gpu, format: TexelFormat) -> Arc<Pipeline> {
    let bindings = [BindingKind::Texture, BindingKind::StorageTexture(format)];
    compile(gpu, "invert", &invert_wgsl(format), &bindings).unwrap()
}

fn groups_for((width, height): (u32, u32)) -> [u32; 3] {
    [width.div_ceil(8), height.div_ceil(8), 1]
}

/// Everything that one inverting pass needs, as a caller would keep it.
struct Inverter {
    pipeline: Arc<Pipeline>,
    source: Texture,
    result: Texture,
    bind: BindGroup,
    back: Buffer,
}

impl Inverter {
    fn new(gpu: &Gpu, (width, height): (u32, u32), format: TexelFormat) -> Self {
        let pipeline = inverter(gpu, format);
        let source = gpu.texture(width, height, format, "source").unwrap();
        let result = gpu.texture(width, height, format, "result").unwrap();
        let bind = gpu.bind(&pipeline, &[Binding::Texture(&source), Binding::Texture(&result)], "invert").unwrap();
        let back = gpu.read_back_for(&result, "back").unwrap();
        Self { pipeline, source, result, bind, back }
    }

    fn submit(&self, gpu: &Gpu, timing: bool) -> Result<Submission, GpuError> {
        let (pipeline, bind, groups) = (&*self.pipeline, &self.bind, groups_for(self.source.size()));
        let dispatch = Dispatch { pipeline, bind, groups, label: "invert" };
        gpu.submit(&[dispatch], &[Transfer::ReadTexture { from: &self.result, into: &self.back }], timing)
    }

    fn run(&self, gpu: &Gpu, texels: &[u8]) -> Vec<u8> {
        gpu.write_texture(&self.source, texels, texels.len() / self.source.size().1 as usize).unwrap();
        let submission = self.submit(gpu, false).unwrap();
        let mut out = vec![0; texels.len()];
        submission.read_texture_into(&self.back, &mut out).unwrap();
        out
    }
}
