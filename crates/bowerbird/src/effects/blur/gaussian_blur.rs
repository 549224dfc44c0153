//! Gaussian blur.

use crate::effect::{Composition, Edge, Step, Val, Weights};
use crate::frame::Frame;
use crate::param::Length;
use bowerbird_derive::{Params, effect};

/// Blurs as a defocused lens with soft edges would; source: the sampled Gaussian, cut at 4σ or where no display
/// shows it.
#[derive(Clone, Debug, PartialEq, Params)]
#[effect(id = "gaussian_blur", label = "Gaussian blur", family = "blur", domain = "L", switchable, class = "kernel")]
pub struct GaussianBlur {
    /// The standard deviation across the picture.
    #[param(default = 0.005, soft = (0.0, 0.05), hard = (0.0, 0.5))]
    pub sigma: Length,
    /// The standard deviation down the picture; the same as across when left out.
    #[param(default = None, soft = (0.0, 0.05), hard = (0.0, 0.5))]
    pub sigma_y: Option<Length>,
    /// What lies beyond the edge.
    pub edge: Edge,
}

/// The weights of a Gaussian of that length; half the short side is the most that any blur uses.
pub(crate) fn gaussian(sigma: Length, frame: &Frame) -> Weights {
    let most = 0.5 * f64::from(frame.short_side()) * frame.scale();
    Weights::Gaussian { sigma: sigma.rendered(frame).clamp(0.0, most) }
}

#[effect]
impl Composition for GaussianBlur {
    fn identity(&self) -> bool {
        self.sigma.is_zero() && self.sigma_y.is_none_or(Length::is_zero)
    }
    fn build(&self, step: &mut Step<'_, '_>, image: Val) -> Val {
        let frame = step.frame();
        let (x, y) = (gaussian(self.sigma, &frame), gaussian(self.sigma_y.unwrap_or(self.sigma), &frame));
        step.convolve(image, x, y, self.edge)
    }
}
