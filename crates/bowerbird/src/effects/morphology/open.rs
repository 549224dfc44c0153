//! Open.

use crate::effect::{Composition, Edge, Step, Val};
use crate::effects::element::{Element, spread};
use crate::graph::Extreme;
use crate::param::Length;
use bowerbird_derive::{Params, effect};

/// Removes light specks: eroded, then dilated (Serra 1982).
#[derive(Clone, Debug, PartialEq, Params)]
#[effect(id = "open", label = "Open", family = "morphology", domain = "any", class = "kernel")]
pub struct Open {
    /// How far it reaches; whole rendered pixels.
    #[param(default = 0.003, soft = (0.0, 0.03), hard = (0.0, 0.2))]
    pub radius: Length,
    /// The shape of the neighborhood.
    pub shape: Element,
    /// What lies beyond the edge.
    pub edge: Edge,
}

#[effect]
impl Composition for Open {
    fn identity(&self) -> bool {
        self.radius.is_zero()
    }
    fn build(&self, step: &mut Step<'_, '_>, image: Val) -> Val {
        spread(step, image, &[Extreme::Least, Extreme::Greatest], self.radius, self.shape, self.edge)
    }
}
