//! The neighborhoods of mathematical morphology.

use crate::effect::{Edge, Step, Val};
use crate::graph::{Extreme, Window};
use crate::image::Alpha;
use crate::param::Length;
use bowerbird_derive::Choice;

/// The shape of a neighborhood.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Choice)]
pub enum Element {
    /// A square.
    Square,
    /// A disc.
    Disc,
}

/// One extreme after the other, of premultiplied channels.
pub(super) fn spread(
    step: &mut Step<'_, '_>,
    image: Val,
    extremes: &[Extreme],
    radius: Length,
    shape: Element,
    edge: Edge,
) -> Val {
    let frame = step.frame();
    // What reaches across the picture sees all of it.
    let across = f64::from(frame.width).hypot(frame.height.into()).ceil();
    let radius = radius.rendered(&frame).round().min(across);
    let premultiplied = step.with_association(image, Alpha::Premultiplied);
    extremes.iter().fold(premultiplied, |value, extreme| match shape {
        Element::Square => step.extreme_of_square(value, *extreme, edge, radius),
        Element::Disc => step.window(value, Window::Disc(*extreme), edge, &[radius]),
    })
}
