//! Plans and shaders in words.

use super::prepared::Prepared;
use super::{Engine, Output};
use crate::chain::Chain;
use crate::effect::Tag;
use crate::error::Error;
use crate::frame::Frame;
use crate::graph::{Moment, Request};
use crate::image::{Alpha, Depth, Image, Transfer};
use crate::motion::Motion;
use crate::plan::Explanation;

impl Engine {
    /// Explains how a chain would be rendered on an opaque 8-bit picture of a size.
    ///
    /// # Errors
    /// As [`Engine::render`].
    pub fn explain(&self, chain: &Chain, size: (u32, u32)) -> Result<Explanation, Error> {
        if chain.reshapes() {
            return self.explain_segments(chain, size);
        }
        let request = Request {
            frame: Frame::still(size.0.max(1), size.1.max(1)),
            source: Tag { transfer: Some(Transfer::Display), alpha: Alpha::Opaque },
            output: Tag { transfer: Some(Transfer::Display), alpha: Alpha::Straight },
            drop_identity: self.options.drop_identity,
            moment: Moment::FIRST,
            literal: self.options.literal,
        };
        let plan = Prepared::new(chain, &request, &self.options, self.uses_gpu())?;
        let precise = self.options.precise_for(Depth::U8, Depth::U8);
        Ok(plan.explain(self.backend_name(), Depth::U8, Depth::U8, self.uses_gpu(), precise))
    }

    /// Explains how a chain would be rendered on a given picture.
    ///
    /// # Errors
    /// As [`Engine::render`].
    pub fn explain_for(&self, chain: &Chain, image: &Image, output: &Output) -> Result<Explanation, Error> {
        if chain.reshapes() {
            return self.explain_segments(chain, image.size());
        }
        let request = self.request(image.into(), &Frame::still(image.width(), image.height()), output);
        let plan = Prepared::new(chain, &request, &self.options, self.uses_gpu())?;
        let depth = output.depth.unwrap_or_else(|| image.depth());
        let precise = self.options.precise_for(image.depth(), depth);
        Ok(plan.explain(self.backend_name(), image.depth(), depth, self.uses_gpu(), precise))
    }

    /// Explains the plan that a frame was rendered with, with the time that each pass of the last rendering took, on
    /// the CPU and on a shared device that can tell; without one, how it would be rendered.
    ///
    /// # Errors
    /// As [`Engine::render`].
    pub fn explain_frame(&self, chain: &Chain, image: &Image, frame: &Frame) -> Result<Explanation, Error> {
        let output = Output { depth: Some(image.depth()), ..Output::default() };
        if !chain.reshapes() {
            let request = self.request(image.into(), frame, &output);
            let key = self.key(chain, &request, image.into());
            let state = self.lock();
            if let Some(plan) = state.plans.get(&key) {
                let precise = self.options.precise_for(image.depth(), image.depth());
                return Ok(plan.explain(self.backend_name(), image.depth(), image.depth(), self.uses_gpu(), precise));
            }
        }
        self.explain_for(chain, image, &output)
    }

    /// What moved in the frame that was rendered last, by the `motion_detect` steps of a chain; the arguments are those of
    /// [`Engine::render_frame`]. Nothing of a chain that was not rendered, or that changes the size of the picture.
    ///
    /// # Errors
    /// The GPU was lost since.
    pub fn motion(&self, chain: &Chain, image: &Image, frame: &Frame, output: &Output) -> Result<Vec<Motion>, Error> {
        let key = self.key(chain, &self.request(image.into(), frame, output), image.into());
        #[cfg_attr(not(feature = "gpu"), expect(unused_mut, reason = "only the GPU is written to"))]
        let mut state = self.lock();
        let Some(plan) = state.plans.get(&key) else { return Ok(Vec::new()) };
        #[cfg_attr(not(feature = "gpu"), expect(unused_mut, reason = "only the GPU adds to it"))]
        let mut found = plan.motion();
        #[cfg(feature = "gpu")]
        if let Some(gpu) = self.device() {
            let steps: Vec<_> = plan.motion_on_gpu().collect();
            let Some(plan) = state.plans.get_mut(&key) else { return Ok(found) };
            for (step, kept) in steps {
                found.extend(gpu.motion(plan.gpu_parts(), step, kept)?);
            }
        }
        Ok(found)
    }

    /// The generated WGSL of each pass of a chain, for people and for tests; no device is needed.
    ///
    /// # Errors
    /// As [`Engine::render`].
    #[cfg(feature = "gpu")]
    pub fn shaders(
        &self,
        chain: &Chain,
        size: (u32, u32),
        precision: crate::ir::Precision,
    ) -> Result<Vec<String>, Error> {
        let request = Request {
            frame: Frame::still(size.0.max(1), size.1.max(1)),
            source: Tag { transfer: Some(Transfer::Display), alpha: Alpha::Straight },
            output: Tag { transfer: Some(Transfer::Display), alpha: Alpha::Straight },
            drop_identity: self.options.drop_identity,
            moment: Moment::FIRST,
            literal: self.options.literal,
        };
        let plan = Prepared::new(chain, &request, &self.options, true)?;
        Ok(plan.shaders(precision))
    }
}
