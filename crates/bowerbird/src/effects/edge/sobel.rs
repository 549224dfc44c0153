//! Sobel edges.

use crate::effect::{Composition, Point, Setup, Stencil, Step, Taps, Val};
use crate::lane::{At, Lane, Rgba};
use bowerbird_derive::{Choice, Params, effect, part};

/// What the gradient is taken of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Choice)]
pub enum Channel {
    /// Luma.
    Luma,
    /// Each channel.
    Rgb,
}

/// What is shown of the gradient.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Choice)]
pub enum Output {
    /// Its length.
    Magnitude,
    /// Its part across, about middle gray.
    X,
    /// Its part down, about middle gray.
    Y,
    /// Its direction, a full turn from black to white.
    Angle,
}

/// Shows where brightness changes; a unit step gives 1.
#[derive(Clone, Debug, PartialEq, Params)]
#[effect(id = "sobel", label = "Edges (Sobel)", family = "edge", domain = "D", switchable, pixel_scale, class = "stencil")]
pub struct Sobel {
    /// The factor of the gradient.
    #[param(default = 1.0, soft = (0.0, 8.0), hard = (0.0, 64.0))]
    pub strength: f64,
    /// What is shown of the gradient.
    pub output: Output,
    /// What the gradient is taken of.
    pub channel: Channel,
}

#[effect]
impl Composition for Sobel {
    fn build(&self, step: &mut Step<'_, '_>, image: Val) -> Val {
        // The luma of a pixel is computed once, not for each of the neighbors that read it.
        let plane = if self.channel == Channel::Luma { step.point(&LumaPlane, image) } else { image };
        step.stencil(&Gradient { channel: self.channel, output: self.output, strength: self.strength }, plane)
    }
}

/// Luma in the place of red.
pub(super) struct LumaPlane;

#[part]
impl Point<0> for LumaPlane {
    fn prepare(&self, _: &Setup) -> [f64; 0] {
        []
    }
    fn pixel<L: Lane>(_: [L; 0], c: Rgba<L>, _: &At<'_, L>) -> Rgba<L> {
        Rgba::gray(c.luma(), c.a)
    }
}

/// The gradient of luma or of each color.
struct Gradient {
    channel: Channel,
    output: Output,
    strength: f64,
}

#[part]
impl Stencil<1> for Gradient {
    const RADIUS: usize = 1;
    type Variant = (Channel, Output);
    fn variant(&self, _: &Setup) -> Self::Variant {
        (self.channel, self.output)
    }
    fn prepare(&self, _: &Setup) -> [f64; 1] {
        [self.strength]
    }
    fn pixel<L: Lane, T: Taps<L>>((channel, output): Self::Variant, [strength]: [L; 1], tap: &T, _: &At<'_, L>) -> Rgba<L> {
        let alpha = tap.at(0, 0).a;
        let show = |x: L, y: L| match output {
            Output::Magnitude => strength * (x * x + y * y).sqrt(),
            Output::X => strength * x * 0.5 + 0.5,
            Output::Y => strength * y * 0.5 + 0.5,
            Output::Angle => {
                let turns = (-y).atan2(x) * (0.5 / core::f32::consts::PI);
                L::pick(turns.lt(turns.lit(0.0)), turns + 1.0, turns)
            }
        };
        match channel {
            Channel::Luma => Rgba::gray(gradient(|x, y| tap.at(x, y).r, show), alpha),
            Channel::Rgb => Rgba {
                r: gradient(|x, y| tap.at(x, y).r, show),
                g: gradient(|x, y| tap.at(x, y).g, show),
                b: gradient(|x, y| tap.at(x, y).b, show),
                a: alpha,
            },
        }
    }
}

/// The two gradients of a plane, a quarter of the usual integer kernels, as `show` puts them.
#[inline(always)]
fn gradient<L: Lane>(value: impl Fn(i32, i32) -> L, show: impl Fn(L, L) -> L) -> L {
    let (nw, n, ne) = (value(-1, -1), value(0, -1), value(1, -1));
    let (w, e) = (value(-1, 0), value(1, 0));
    let (sw, s, se) = (value(-1, 1), value(0, 1), value(1, 1));
    let x = ((ne - nw) + (e - w) * 2.0 + (se - sw)) * 0.25;
    let y = ((sw - nw) + (s - n) * 2.0 + (se - ne)) * 0.25;
    show(x, y)
}
