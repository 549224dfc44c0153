//! Edge-aware smoothing by the domain transform.

use crate::effect::{Composition, Step, Val};
use crate::graph::{Method, Transform};
use crate::param::Length;
use bowerbird_derive::{Choice, Params, effect};

/// How a line is smoothed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Choice)]
pub enum Filtering {
    /// By a recursion forward and backward, with a wide exponential falloff.
    Rf,
    /// By the mean of a window, which flattens most.
    Nc,
    /// By the mean of the curve through the pixels.
    Ic,
}

/// Smooths widely and keeps edges, at the same cost for any width (Gastal and Oliveira 2011).
#[derive(Clone, Debug, PartialEq, Params)]
#[effect(
    id = "domain_transform",
    label = "Edge-aware smoothing",
    family = "denoise",
    domain = "D",
    switchable,
    class = "kernel"
)]
pub struct DomainTransform {
    /// How far it smooths: the standard deviation where there are no edges.
    #[param(default = 0.02, soft = (0.002, 0.1), hard = (0.0, 0.5))]
    pub sigma: Length,
    /// How different colors may be.
    #[param(default = 0.3, soft = (0.02, 1.0), hard = (0.001, 4.0))]
    pub range: f64,
    /// How often rows and columns are smoothed; more leave fewer streaks.
    #[param(default = 3, range = (1.0, 6.0))]
    pub iterations: i32,
    /// How a line is smoothed.
    pub method: Filtering,
}

#[effect]
impl Composition for DomainTransform {
    fn identity(&self) -> bool {
        self.sigma.is_zero()
    }
    fn build(&self, step: &mut Step<'_, '_>, image: Val) -> Val {
        let method = match self.method {
            Filtering::Rf => Method::Rf,
            Filtering::Nc => Method::Nc,
            Filtering::Ic => Method::Ic,
        };
        let transform = Transform { method, iterations: self.iterations.clamp(1, 6) as usize };
        step.decide(&transform);
        step.transform(image, transform, [self.sigma.rendered(&step.frame()), self.range])
    }
}
