//! Toon.

use crate::effect::{Composite, Composition, Edge, Point, Setup, Step, Val, Weights};
use crate::effects::blur::gaussian_blur::gaussian;
use crate::effects::denoise::bilateral::neighbors;
use crate::lane::{At, Lane, Rgba, color};
use crate::param::Length;
use bowerbird_derive::{Params, effect, part};

/// A drawn look: smooth surfaces in steps of lightness, with dark lines (after Winnemöller, Olsen and Gooch 2006).
#[derive(Clone, Debug, PartialEq, Params)]
#[effect(id = "toon", label = "Toon", family = "stylize", domain = "D", class = "composition")]
pub struct Toon {
    /// How far surfaces are smoothed: the standard deviation of the weight by distance.
    #[param(default = 0.004, soft = (0.001, 0.02), hard = (0.0, 0.1))]
    pub sigma: Length,
    /// How different the colors of a surface may be.
    #[param(default = 0.1, soft = (0.01, 0.5), hard = (0.001, 2.0))]
    pub range: f64,
    /// How often surfaces are smoothed.
    #[param(default = 2, range = (1.0, 4.0))]
    pub passes: i32,
    /// Steps of lightness.
    #[param(default = 8, soft = (3.0, 16.0), hard = (2.0, 64.0))]
    pub levels: i32,
    /// How sharply a step follows the one before.
    #[param(default = 4.0, soft = (1.0, 12.0), hard = (0.1, 40.0))]
    pub sharpness: f64,
    /// How dark the lines are.
    #[param(default = 1.0, range = (0.0, 1.0))]
    pub edges: f64,
    /// How wide the lines are, as a standard deviation.
    #[param(default = 0.0014, soft = (0.0005, 0.006), hard = (0.0, 0.05))]
    pub edge_sigma: Length,
    /// How little contrast makes a line.
    #[param(default = 60.0, soft = (5.0, 200.0), hard = (0.0, 1000.0))]
    pub edge_slope: f64,
}

/// How much wider the second blur of the lines is.
const RATIO: f64 = 1.6;
/// How much of the wider blur is taken away.
const TAKEN: f64 = 0.98;

#[effect]
impl Composition for Toon {
    fn build(&self, step: &mut Step<'_, '_>, image: Val) -> Val {
        let passes = self.passes.clamp(1, 4);
        step.decide(&passes);
        // The lines and the steps of lightness are as steep as they are wanted.
        step.store_finely();
        // Steps of lightness show where surfaces differ by little.
        let neighbors = neighbors(step, self.sigma, self.range).denser();
        let smooth = (0..passes).fold(image, |smooth, _| step.bilateral(smooth, neighbors, Edge::Clamp, self.range));
        let luma = step.point(&LumaPlane, smooth);
        let narrow = gaussian(self.edge_sigma, &step.frame());
        let wide = match narrow {
            Weights::Gaussian { sigma } => Weights::Gaussian { sigma: RATIO * sigma },
            other => other,
        };
        let narrow = step.convolve(luma, narrow, narrow, Edge::Clamp);
        let wide = step.convolve(luma, wide, wide, Edge::Clamp);
        let lines = step.composite(&Lines { slope: self.edge_slope }, narrow, wide);
        step.composite(
            &Drawing { levels: f64::from(self.levels), sharpness: self.sharpness, edges: self.edges },
            smooth,
            lines,
        )
    }
}

/// Luma as a plane: 0 where nothing is visible.
struct LumaPlane;

#[part]
impl Point<0> for LumaPlane {
    fn prepare(&self, _: &Setup) -> [f64; 0] {
        []
    }
    fn pixel<L: Lane>(_: [L; 0], c: Rgba<L>, _: &At<'_, L>) -> Rgba<L> {
        let shown = c.a.gt(c.a.lit(color::LEAST_ALPHA));
        Rgba::gray(L::pick(shown, c.luma(), c.a.lit(0.0)), c.a.lit(1.0))
    }
}

/// The hyperbolic tangent.
#[inline(always)]
fn tanh<L: Lane>(x: L) -> L {
    // Beyond this it is 1 in single precision.
    let magnitude = x.abs().min(x.lit(10.0));
    let power = (magnitude * (-2.0 * core::f32::consts::LOG2_E)).exp2();
    let one = x.lit(1.0);
    let value = (one - power) / (one + power);
    L::pick(x.lt(x.lit(0.0)), -value, value)
}

/// Dark where a narrow blur is below a wide one.
struct Lines {
    slope: f64,
}

#[part]
impl Composite<1> for Lines {
    fn prepare(&self, _: &Setup) -> [f64; 1] {
        [self.slope]
    }
    fn pixel<L: Lane>([slope]: [L; 1], narrow: Rgba<L>, wide: Rgba<L>, _: &At<'_, L>) -> Rgba<L> {
        let difference = narrow.r - wide.r * (TAKEN as f32);
        let below = difference.min(difference.lit(0.0));
        Rgba::gray(tanh(slope * below) + 1.0, narrow.a)
    }
}

/// Lightness in soft steps, times the lines.
struct Drawing {
    levels: f64,
    sharpness: f64,
    edges: f64,
}

#[part]
impl Composite<5> for Drawing {
    fn prepare(&self, _: &Setup) -> [f64; 5] {
        let half_step = 0.5 / self.levels;
        [self.levels, 1.0 / self.levels, self.sharpness, half_step / (self.sharpness / 2.0).tanh(), self.edges]
    }
    fn pixel<L: Lane>(
        [levels, step, sharpness, height, edges]: [L; 5],
        c: Rgba<L>,
        lines: Rgba<L>,
        _: &At<'_, L>,
    ) -> Rgba<L> {
        // The greatest lightness of the last step.
        const MOST: f32 = 1.0 - 1.0 / 1_048_576.0;
        let [l, a, b] = color::linear_to_oklab(color::decode_pixel(c));
        let position = l.clamp(0.0, MOST) * levels;
        let cell = position.floor();
        let stepped = (cell + 0.5) * step + height * tanh(sharpness * (position - cell - 0.5));
        let drawn = color::encode_pixel(color::oklab_to_linear([stepped, a, b], c.a));
        let shade = edges * (lines.r - 1.0) + 1.0;
        drawn.rgb(|v| v * shade)
    }
}
