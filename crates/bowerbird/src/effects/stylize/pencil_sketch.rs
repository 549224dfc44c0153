//! Pencil sketch.

use crate::effect::{Composite, Composition, Edge, Point, Setup, Step, Val};
use crate::effects::blur::gaussian_blur::gaussian;
use crate::effects::composite::blend::color_dodge;
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
        // Dodging divides by what the blurred negative leaves of white: the blurred luma. That is blurred itself, for in
        // the dark it is next to nothing, and the difference of 1 and a sum near 1 would be mostly rounding.
        step.store_finely();
        let luma = step.point(&Luma, image);
        let soft = step.convolve(luma, weights, weights, Edge::Clamp);
        step.composite(&Dodge { darkness: self.darkness }, image, soft)
    }
}

/// Luma, as a plane: its negative is paper where nothing is visible.
struct Luma;

#[part]
impl Point<0> for Luma {
    fn prepare(&self, _: &Setup) -> [f64; 0] {
        []
    }
    fn pixel<L: Lane>(_: [L; 0], c: Rgba<L>, _: &At<'_, L>) -> Rgba<L> {
        Rgba::gray(c.luma(), c.a.lit(1.0))
    }
}

/// Luma dodged by its blurred negative.
struct Dodge {
    darkness: f64,
}

#[part]
impl Composite<1> for Dodge {
    fn prepare(&self, _: &Setup) -> [f64; 1] {
        [self.darkness]
    }
    fn pixel<L: Lane>([darkness]: [L; 1], c: Rgba<L>, soft: Rgba<L>, _: &At<'_, L>) -> Rgba<L> {
        let dodged = color_dodge(c.luma().clamp01(), soft.r.clamp01());
        Rgba::gray(dodged.pow(darkness), c.a)
    }
}
