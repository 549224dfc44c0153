//! The class traits: what the author of an effect writes.

use super::{Step, Val};
use crate::frame::Frame;
use crate::image::Transfer;
use crate::lane::{At, Lane, Rgba};
use bowerbird_derive::Choice;
use core::fmt::Debug;
use core::hash::Hash;

/// What happens where an effect reads beyond the edge of the picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Choice)]
pub enum Edge {
    /// The nearest pixel of the edge.
    Clamp,
    /// The picture mirrored at the edge pixel, which is not repeated.
    Reflect,
    /// The opposite side.
    Wrap,
    /// Nothing: transparent black, with its weight.
    Transparent,
}

/// How a picture is read between its pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Choice)]
pub enum Filter {
    /// The pixel that contains the position.
    Nearest,
    /// Linear between the four nearest pixels.
    #[default]
    Bilinear,
    /// The Keys cubic (a = −½) of the sixteen nearest pixels.
    Bicubic,
}

/// What is known when a step is prepared.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Setup {
    /// The frame being rendered.
    pub frame: Frame,
    /// The transfer of the values that the step sees; `None` for data.
    pub transfer: Option<Transfer>,
}

impl core::ops::Deref for Setup {
    type Target = Frame;
    fn deref(&self) -> &Frame {
        &self.frame
    }
}

/// How a warp reads its source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Sampler {
    /// Between pixels.
    pub filter: Filter,
    /// Beyond the edge.
    pub edge: Edge,
    /// The output is the mean over an n × n grid of positions within the pixel.
    pub supersample: u32,
}

impl Sampler {
    /// How far each of the positions within a pixel lies from its center, in full-size pixels.
    pub(crate) fn shifts(self, frame: &Frame) -> impl Iterator<Item = [f32; 2]> {
        let (grid, scale) = (self.supersample.max(1), frame.scale());
        let offset = move |k: u32| (((f64::from(k) + 0.5) / f64::from(grid) - 0.5) / scale) as f32;
        (0..grid * grid).map(move |sub| [offset(sub % grid), offset(sub / grid)])
    }
}

/// An effect whose output pixel depends on its input pixel only.
///
/// `N` is the number of uniforms. See `crates/README.md` for a walk through one.
pub trait Point<const N: usize>: Send + Sync + 'static {
    /// What of the parameters alters the code: choices and switches. A number may decide it too (a curve that is
    /// straight); crossing such a number is a new plan.
    type Variant: Copy + Hash + Debug + Send + Sync + 'static;
    /// The variant of these parameters.
    fn variant(&self, setup: &Setup) -> Self::Variant;
    /// The uniforms, computed once a frame in f64.
    fn prepare(&self, setup: &Setup) -> [f64; N];
    /// One pixel, in the effect's domain.
    fn pixel<L: Lane>(variant: Self::Variant, uniforms: [L; N], c: Rgba<L>, at: &At<'_, L>) -> Rgba<L>;
    /// Fills or binds the tables that [`At::table`] reads, in order.
    fn tables(&self, _step: &mut Step<'_, '_>) {}
    /// Whether these parameters change nothing.
    fn identity(&self) -> bool {
        false
    }
    /// Whether an opaque picture stays opaque.
    fn keeps_opaque(&self) -> bool {
        true
    }
}

/// An effect of the same pixel of two pictures: `a`, the primary input, and `b`, the second.
pub trait Composite<const N: usize>: Send + Sync + 'static {
    /// What of the parameters alters the code.
    type Variant: Copy + Hash + Debug + Send + Sync + 'static;
    /// The variant of these parameters.
    fn variant(&self, setup: &Setup) -> Self::Variant;
    /// The uniforms, computed once a frame in f64.
    fn prepare(&self, setup: &Setup) -> [f64; N];
    /// One pixel, in the effect's domain.
    fn pixel<L: Lane>(variant: Self::Variant, uniforms: [L; N], a: Rgba<L>, b: Rgba<L>, at: &At<'_, L>) -> Rgba<L>;
    /// How the second picture is brought to the size of the first.
    fn fit(&self) -> crate::image_fit::Fit {
        crate::image_fit::Fit::Cover
    }
    /// The name of the second input.
    fn input(&self) -> &'static str {
        "layer"
    }
    /// Whether these parameters give the primary input unchanged.
    fn identity(&self) -> bool {
        false
    }
    /// Whether the primary input is handed on, to the bit, where the second picture is transparent black.
    const HANDS_ON: bool = false;
    /// Whether an opaque primary picture gives an opaque result; it may depend on choices only.
    fn keeps_opaque(&self) -> bool {
        true
    }
}

/// Access to the neighbors of a pixel.
pub trait Taps<L: Lane> {
    /// The neighbor `dx` to the right and `dy` below.
    fn at(&self, dx: i32, dy: i32) -> Rgba<L>;
}

/// An effect of a small fixed neighborhood.
pub trait Stencil<const N: usize>: Send + Sync + 'static {
    /// How far it reaches, 1..=4.
    const RADIUS: usize;
    /// What of the parameters alters the code.
    type Variant: Copy + Hash + Debug + Send + Sync + 'static;
    /// The variant of these parameters.
    fn variant(&self, setup: &Setup) -> Self::Variant;
    /// The uniforms, computed once a frame in f64.
    fn prepare(&self, setup: &Setup) -> [f64; N];
    /// One pixel, in the effect's domain.
    fn pixel<L: Lane, T: Taps<L>>(variant: Self::Variant, uniforms: [L; N], tap: &T, at: &At<'_, L>) -> Rgba<L>;
    /// Beyond the edge.
    fn edge(&self) -> Edge {
        Edge::Clamp
    }
    /// Whether these parameters change nothing.
    fn identity(&self) -> bool {
        false
    }
}

/// An effect that moves pixels: each output pixel reads its input at a computed position.
pub trait Warp<const N: usize>: Send + Sync + 'static {
    /// What of the parameters alters the code.
    type Variant: Copy + Hash + Debug + Send + Sync + 'static;
    /// The variant of these parameters.
    fn variant(&self, setup: &Setup) -> Self::Variant;
    /// The uniforms, computed once a frame in f64.
    fn prepare(&self, setup: &Setup) -> [f64; N];
    /// The position to read, in full-size pixels.
    fn source<L: Lane>(variant: Self::Variant, uniforms: [L; N], at: &At<'_, L>) -> [L; 2];
    /// How to read it.
    fn sampler(&self) -> Sampler;
    /// The rectangle (left, top, right, bottom) outside which these uniforms give no position within `margin` of a
    /// picture of `size`, where that is known; all in full-size pixels.
    fn extent(_uniforms: [f32; N], _size: [f32; 2], _margin: f32) -> Option<[f32; 4]> {
        None
    }
    /// Whether these parameters change nothing.
    fn identity(&self) -> bool {
        false
    }
}

/// An effect made of others: it builds a small graph.
pub trait Composition: Send + Sync + 'static {
    /// Adds the graph; the value returned is the result, in the step's domain.
    fn build(&self, step: &mut Step<'_, '_>, image: Val) -> Val;
    /// Whether these parameters change nothing.
    fn identity(&self) -> bool {
        false
    }
}

/// What the attribute calls for a point effect.
pub fn lower_point<E: Point<N>, const N: usize>(effect: &E, step: &mut Step<'_, '_>) {
    let image = step.image();
    let out = step.switched_point(effect, image);
    step.finish(out);
}

/// What the attribute calls for a composite effect.
pub fn lower_composite<E: Composite<N>, const N: usize>(effect: &E, step: &mut Step<'_, '_>) {
    let image = step.image();
    let second = step.input(effect.input(), effect.fit());
    let out = step.switched_composite(effect, image, second);
    step.finish(out);
}

/// What the attribute calls for a stencil effect.
pub fn lower_stencil<E: Stencil<N>, const N: usize>(effect: &E, step: &mut Step<'_, '_>) {
    let image = step.image();
    let out = step.stencil(effect, image);
    step.finish(out);
}

/// What the attribute calls for a warp.
pub fn lower_warp<E: Warp<N>, const N: usize>(effect: &E, step: &mut Step<'_, '_>) {
    let image = step.image();
    let out = step.warp(effect, image);
    step.finish(out);
}

/// What the attribute calls for a composition.
pub fn lower_composition<E: Composition>(effect: &E, step: &mut Step<'_, '_>) {
    let image = step.image();
    let out = effect.build(step, image);
    step.finish(out);
}
