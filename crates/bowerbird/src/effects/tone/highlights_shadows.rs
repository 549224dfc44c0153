//! Highlights and shadows.

use crate::effect::{Composite, Composition, Setup, Step, Val};
use crate::effects::guided_filter::{Plane, self_guided, smoothed};
use crate::lane::{At, Lane, Rgba};
use crate::param::Length;
use bowerbird_derive::{Params, effect, part};

/// Brightens or darkens the light and the dark parts of a picture on their own, and keeps their detail.
#[derive(Clone, Debug, PartialEq, Params)]
#[effect(
    id = "highlights_shadows",
    label = "Highlights and shadows",
    family = "tone",
    domain = "L",
    class = "composition"
)]
pub struct HighlightsShadows {
    /// How much the light parts change; below 0 they darken.
    #[param(default = 0.0, range = (-1.0, 1.0))]
    pub highlights: f64,
    /// How much the dark parts change; above 0 they brighten.
    #[param(default = 0.0, range = (-1.0, 1.0))]
    pub shadows: f64,
    /// The size of what counts as a part: half the side of the square that luma is smoothed over.
    #[param(default = 0.02, soft = (0.002, 0.1), hard = (0.0, 0.5))]
    pub radius: Length,
}

/// The variance of luma from which an edge is kept.
const EPSILON: f64 = 0.01;
/// The change at a setting of 1: the most that never turns a flat gradation around.
const STOPS: f64 = 1.5;

#[effect]
impl Composition for HighlightsShadows {
    fn identity(&self) -> bool {
        self.highlights == 0.0 && self.shadows == 0.0
    }
    fn build(&self, step: &mut Step<'_, '_>, image: Val) -> Val {
        let means = self_guided(step, image, Plane::DisplayLuma, self.radius, EPSILON);
        let light = Light { highlights: self.highlights, shadows: self.shadows };
        step.switched_composite(&light, image, means)
    }
}

/// The picture with more or less light by its smoothed luma.
struct Light {
    highlights: f64,
    shadows: f64,
}

#[part]
impl Composite<2> for Light {
    fn prepare(&self, _: &Setup) -> [f64; 2] {
        [STOPS * self.highlights, STOPS * self.shadows]
    }
    fn pixel<L: Lane>([highlights, shadows]: [L; 2], c: Rgba<L>, means: Rgba<L>, _: &At<'_, L>) -> Rgba<L> {
        let level = smoothed(Plane::DisplayLuma.of(c), means);
        let dark = c.a.lit(1.0) - level.smoothstep(c.a.lit(0.0), c.a.lit(0.55));
        let bright = level.smoothstep(c.a.lit(0.45), c.a.lit(1.0));
        let gain = (shadows * dark + highlights * bright).exp2();
        c.rgb(|v| v * gain)
    }
}
