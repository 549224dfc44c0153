//! Box blur.

use crate::effect::{Composition, Edge, Step, Val, Weights};
use crate::param::Length;
use bowerbird_derive::{Params, effect};

/// The plain mean of a square around each pixel.
#[derive(Clone, Debug, PartialEq, Params)]
#[effect(id = "box_blur", label = "Box blur", family = "blur", domain = "L", switchable, class = "kernel")]
pub struct BoxBlur {
    /// Half the side of the square; fractions of a pixel count.
    #[param(default = 0.005, soft = (0.0, 0.05), hard = (0.0, 0.5))]
    pub radius: Length,
    /// What lies beyond the edge.
    pub edge: Edge,
}

#[effect]
impl Composition for BoxBlur {
    fn identity(&self) -> bool {
        self.radius.is_zero()
    }
    fn build(&self, step: &mut Step<'_, '_>, image: Val) -> Val {
        let frame = step.frame();
        let most = 0.5 * f64::from(frame.short_side()) * frame.scale();
        let weights = Weights::Box { radius: self.radius.rendered(&frame).clamp(0.0, most) };
        step.convolve(image, weights, weights, self.edge)
    }
}
