//! Surface blur.

use crate::effect::{Composition, Edge, Step, Val};
use crate::graph::Neighbors;
use crate::param::Length;
use bowerbird_derive::{Params, effect};

/// Smooths surfaces and keeps edges: a mean of the neighborhood that counts like colors more (Tomasi and Manduchi 1998).
#[derive(Clone, Debug, PartialEq, Params)]
#[effect(id = "bilateral", label = "Surface blur", family = "denoise", domain = "D", switchable, class = "kernel")]
pub struct Bilateral {
    /// How far it looks: the standard deviation of the weight by distance.
    #[param(default = 0.004, soft = (0.001, 0.02), hard = (0.0, 0.1))]
    pub sigma: Length,
    /// How different colors may be: the standard deviation of the weight by likeness.
    #[param(default = 0.1, soft = (0.01, 0.5), hard = (0.001, 2.0))]
    pub range: f64,
}

#[effect]
impl Composition for Bilateral {
    fn identity(&self) -> bool {
        self.sigma.is_zero()
    }
    fn build(&self, step: &mut Step<'_, '_>, image: Val) -> Val {
        surface_blur(step, image, self.sigma, self.range)
    }
}

/// Adds a surface blur.
pub(crate) fn surface_blur(step: &mut Step<'_, '_>, image: Val, sigma: Length, range: f64) -> Val {
    let frame = step.frame();
    // The square ends where there is nothing new to see.
    let neighbors = Neighbors::of(sigma.rendered(&frame), range, frame.width.max(frame.height));
    step.bilateral(image, neighbors, Edge::Clamp, range)
}
