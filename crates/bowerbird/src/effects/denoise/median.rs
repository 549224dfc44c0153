//! Median.

use crate::effect::{Composition, Edge, Step, Val};
use crate::graph::Window;
use crate::image::Alpha;
use crate::param::Length;
use bowerbird_derive::{Params, effect};

/// The middle value of a square around each pixel: removes specks and keeps edges.
#[derive(Clone, Debug, PartialEq, Params)]
#[effect(id = "median", label = "Median", family = "denoise", domain = "any", class = "kernel")]
pub struct Median {
    /// Half the side of the square; at most 15 rendered pixels.
    #[param(default = Length::Pixels(1.0), soft = (0.0, 0.005), hard = (0.0, 0.5))]
    pub radius: Length,
}

#[effect]
impl Composition for Median {
    fn identity(&self) -> bool {
        self.radius.is_zero()
    }
    fn build(&self, step: &mut Step<'_, '_>, image: Val) -> Val {
        let radius = self.radius.rendered(&step.frame()).round().clamp(0.0, Window::MOST_MEDIAN as f64);
        let premultiplied = step.with_association(image, Alpha::Premultiplied);
        step.window(premultiplied, Window::Median, Edge::Clamp, &[radius])
    }
}
