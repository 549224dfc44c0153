//! Pencil sketch.

use crate::effect::{Composite, Composition, Edge, Point, Setup, Step, Val};
use crate::effects::blur::gaussian_blur::gaussian;
use crate::effects::composite::blend::{BlendMode, blend};
use crate::lane::{At, Lane, Rgba};
use crate::param::Length;
use bowerbird_derive::{Params, effect, part};

/// A drawing in pencil: the picture's luma, dodged by its own blurred negative.
#[derive(Clone, Debug, PartialEq, Params)]
#[effect(id = "pencil_sketch", label = "Pencil sketch", family = "stylize", domain = "D", class = "composition")]
pub struct PencilSketch {
    /// How wide the strokes are: the standard deviation of the blur.
    #[param(default = 0.008, soft = (0.001, 0.03), hard = (0.0, 0.3))]
    pub sigma: Length,
    /// How hard the pencil is pressed.
    #[param(default = 1.0, soft = (0.5, 4.0), hard = (0.1, 16.0))]
    pub darkness: f64,
}

#[effect]
impl Composition for PencilSketch {
    fn build(&self, step: &mut Step<'_, '_>, image: Val) -> Val {
        let weights = gaussian(self.sigma, &step.frame());
        // Dodging divides by what the blur leaves, which is next to nothing in the light.
        step.store_finely();
        let negative = step.point(&Negative, image);
        let soft = step.convolve(negative, weights, weights, Edge::Clamp);
        step.composite(&Dodge { darkness: self.darkness }, image, soft)
    }
}

/// The negative of luma, as a plane: paper where nothing is visible.
struct Negative;

#[part]
impl Point<0> for Negative {
    fn prepare(&self, _: &Setup) -> [f64; 0] {
        []
    }
    fn pixel<L: Lane>(_: [L; 0], c: Rgba<L>, _: &At<'_, L>) -> Rgba<L> {
        let one = c.a.lit(1.0);
        Rgba::gray(one - c.luma(), one)
    }
}

/// Luma dodged by the blurred negative.
struct Dodge {
    darkness: f64,
}

#[part]
impl Composite<1> for Dodge {
    fn prepare(&self, _: &Setup) -> [f64; 1] {
        [self.darkness]
    }
    fn pixel<L: Lane>([darkness]: [L; 1], c: Rgba<L>, soft: Rgba<L>, _: &At<'_, L>) -> Rgba<L> {
        let luma = c.luma();
        let dodged = blend(BlendMode::ColorDodge, Rgba::gray(luma, c.a), Rgba::gray(soft.r, c.a));
        Rgba::gray(dodged.r.pow(darkness), c.a)
    }
}
