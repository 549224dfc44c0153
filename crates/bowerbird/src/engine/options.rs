//! What a caller may choose.

use super::Cancel;
use crate::cpu::Mode;
use crate::effect::Isa;
use crate::image::{Alpha, Depth, FileFormat, Transfer};
use crate::ir::Precision;
use fearless_simd::Level;

/// What renders.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Backend {
    /// A real GPU where there is one, else the CPU.
    #[default]
    Auto,
    /// The CPU.
    Cpu,
    /// The GPU, even a software one; without any, an error.
    Gpu,
}

/// Which instructions the CPU uses. All give the same bits; the choice is for tests and benchmarks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Simd {
    /// The best that the machine has.
    #[default]
    Best,
    /// Registers of 256 bits at most, on machines that have wider ones; else the best.
    Avx2,
    /// The least that 64-bit machines have: SSE4.2 where the machine knows it, NEON on ARM.
    Baseline,
    /// One pixel at a time.
    Scalar,
    /// The recordings of the effects, interpreted.
    Interpreted,
}

impl Simd {
    pub(crate) fn mode(self) -> Mode {
        match self {
            Self::Best => Mode::Compiled(Isa::Simd(Level::new())),
            Self::Avx2 => Mode::Compiled(Isa::Simd(Level::new()).narrower()),
            Self::Baseline => Mode::Compiled(Isa::Simd(baseline())),
            Self::Scalar => Mode::Compiled(Isa::Scalar),
            Self::Interpreted => Mode::Interpreted,
        }
    }
}

#[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
fn baseline() -> Level {
    Level::new().as_sse4_2().map_or_else(Level::baseline, Level::Sse4_2)
}

#[cfg(not(any(target_arch = "x86", target_arch = "x86_64")))]
fn baseline() -> Level {
    Level::baseline()
}

/// How an engine is made.
#[derive(Clone, Debug)]
pub struct EngineOptions {
    /// What renders.
    pub backend: Backend,
    /// CPU threads; 0 is one a core.
    pub threads: usize,
    /// How close the GPU stays to the CPU; `None` is precise whenever the source or the result is deeper than 8 bits.
    pub precision: Option<Precision>,
    /// Bytes that intermediate pictures may take; larger frames are rendered in tiles, as long as what these need around them
    /// is not several times the whole.
    pub memory: u64,
    /// Part of the name of the adapter to use.
    pub adapter: Option<String>,
    /// A device that somebody else opened, for pictures that stay on it; one that does not fit is passed over with a
    /// message, and `adapter` does not count. A software rasterizer is taken only by [`Backend::Gpu`].
    #[cfg(feature = "gpu")]
    pub device: Option<crate::gpu::SharedDevice>,
    /// Gives up renderings that are not wanted any more.
    pub cancel: Cancel,
    /// Whether steps at their identity setting are left out of the plan. One-shot programs want that; live ones do
    /// not, for then a slider dragged through its zero makes a new plan.
    pub drop_identity: bool,
    /// Which instructions the CPU uses.
    pub simd: Simd,
    /// Renders in tiles of this size even where the memory would do; the result is the same.
    pub tile: Option<(u32, u32)>,
    /// Stores the result of every operation; the result is the same, but for a warp beyond whose edges there is nothing: it is
    /// mixed in floats then, and no more as codes, which may be another code. For tests.
    pub unfused: bool,
    /// Runs every operation as its effect states it, without algebra between them; the result may differ in the last
    /// place. For tests.
    pub literal: bool,
}

/// Intermediate pictures of 2 GiB: a 100-megapixel frame in one piece.
const MEMORY: u64 = 2 << 30;

impl Default for EngineOptions {
    fn default() -> Self {
        Self {
            backend: Backend::Auto,
            threads: 0,
            precision: None,
            memory: MEMORY,
            adapter: None,
            #[cfg(feature = "gpu")]
            device: None,
            cancel: Cancel::default(),
            drop_identity: false,
            simd: Simd::Best,
            tile: None,
            unfused: false,
            literal: false,
        }
    }
}

impl EngineOptions {
    /// More threads than this help no picture.
    const MOST_THREADS: usize = 256;

    /// How many threads an engine with these options starts: one a core where none are asked for, 256 at most.
    pub fn thread_count(&self) -> usize {
        match self.threads {
            0 => std::thread::available_parallelism().map_or(1, usize::from),
            n => n,
        }
        .min(Self::MOST_THREADS)
    }

    pub(crate) fn precise_for(&self, source: Depth, output: Depth) -> Precision {
        self.precision.unwrap_or(if source == Depth::U8 && output == Depth::U8 {
            Precision::Fast
        } else {
            Precision::Precise
        })
    }
}

/// The depth and encoding of a rendering.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Output {
    /// The depth; that of the source when left out.
    pub depth: Option<Depth>,
    /// The transfer.
    pub transfer: Transfer,
    /// The alpha; a result that is known to be opaque is so in any case.
    pub alpha: Alpha,
}

impl Default for Output {
    fn default() -> Self {
        Self { depth: None, transfer: Transfer::Display, alpha: Alpha::Straight }
    }
}

impl Output {
    /// What a file of a format holds best, so that saving has nothing to convert: the depth that is asked for, else the
    /// deepest that the format has up to the picture's own; linear and premultiplied where the format is.
    pub fn for_format(format: FileFormat, asked: Option<Depth>, own: Depth) -> Self {
        let depths = format.depths();
        let nearest = || depths.iter().copied().rfind(|depth| *depth <= own).or(depths.first().copied());
        let depth = asked.or_else(nearest);
        match format {
            FileFormat::Exr | FileFormat::Hdr => {
                Self { depth, transfer: Transfer::Linear, alpha: Alpha::Premultiplied }
            }
            _ => Self { depth, ..Self::default() },
        }
    }
}

/// What an engine has done since it was made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    /// Pictures rendered.
    pub renders: u64,
    /// Plans made.
    pub plans: u64,
    /// Renderings that reused a plan.
    pub refills: u64,
    /// GPU pipelines compiled.
    pub pipelines: u64,
    /// GPU buffers, textures and bind groups made.
    pub gpu_resources: u64,
    /// Bytes that came back from the GPU to the processor.
    pub bytes_read_back: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_output_is_as_deep_as_the_input_where_the_format_allows() {
        for (format, asked, own, expected) in [
            (FileFormat::Png, None, Depth::U16, Depth::U16),
            (FileFormat::Png, None, Depth::F32, Depth::U16),
            (FileFormat::Jpeg, None, Depth::F32, Depth::U8),
            (FileFormat::Exr, None, Depth::U8, Depth::F32),
            (FileFormat::Tiff, Some(Depth::F32), Depth::U8, Depth::F32),
        ] {
            assert_eq!(Output::for_format(format, asked, own).depth, Some(expected), "{format}");
        }
        assert_eq!(Output::for_format(FileFormat::Exr, None, Depth::U8).transfer, Transfer::Linear);
    }
}
