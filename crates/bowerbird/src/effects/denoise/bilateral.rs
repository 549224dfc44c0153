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
        let neighbors = neighbors(step, self.sigma, self.range);
        step.bilateral(image, neighbors, Edge::Clamp, self.range)
    }
}

/// The neighbors of a surface blur.
pub(crate) fn neighbors(step: &Step<'_, '_>, sigma: Length, range: f64) -> Neighbors {
    let frame = step.frame();
    // The square ends where there is nothing new to see.
    Neighbors::of(sigma.rendered(&frame), range, frame.width.max(frame.height))
}
