//! Resize.

use crate::effect::{Class, Lower, Step};
use crate::reshape::Reshape;
use crate::resize::ResizeFilter;
use bowerbird_derive::Params;

/// The most pixels of a result: 8 GiB as floats.
const MOST: f64 = (1u32 << 29) as f64;

/// Makes the picture larger or smaller.
#[derive(Clone, Debug, PartialEq, Params)]
#[effect(id = "resize", label = "Resize", family = "geometry", domain = "L", switchable, class = "kernel", changes_size)]
pub struct Resize {
    /// The factor of both sides, where neither is given in pixels.
    #[param(default = 1.0, soft = (0.05, 4.0), hard = (0.001, 64.0))]
    pub scale: f64,
    /// The width in pixels; 0 follows from the height.
    #[param(default = 0, soft = (0.0, 8192.0), hard = (0.0, 1_000_000.0), step = 1.0, unit = "px")]
    pub width: i32,
    /// The height in pixels; 0 follows from the width.
    #[param(default = 0, soft = (0.0, 8192.0), hard = (0.0, 1_000_000.0), step = 1.0, unit = "px")]
    pub height: i32,
    /// How pixels are weighed.
    #[param(default = ResizeFilter::Lanczos3)]
    pub filter: ResizeFilter,
}

impl Lower for Resize {
    const CLASS: Class = Class::Kernel;
    fn lower(&self, step: &mut Step<'_, '_>) {
        let image = step.image();
        step.finish(image);
    }
    fn is_identity(&self) -> bool {
        self.scale == 1.0 && self.width == 0 && self.height == 0
    }
    fn reshape(&self, [w, h]: [u32; 2]) -> Result<Option<Reshape>, String> {
        let (w, h) = (f64::from(w), f64::from(h));
        let (width, height) = (f64::from(self.width), f64::from(self.height));
        let (width, height) = match (self.width, self.height) {
            (0, 0) => (w * self.scale, h * self.scale),
            (_, 0) => (width, h * width / w),
            (0, _) => (w * height / h, height),
            _ => (width, height),
        };
        if width.max(1.0) * height.max(1.0) > MOST {
            let most = MOST / 1e6;
            return Err(format!("the result would be {width:.0}×{height:.0} pixels; at most {most:.0} megapixels are possible"));
        }
        let side = |v: f64| ((v + 0.5).floor() as u32).max(1);
        Ok(Some(Reshape::Resize([side(width), side(height)], self.filter)))
    }
}
