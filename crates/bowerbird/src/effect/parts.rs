//! The parts that the planner itself inserts: conversions between domains, and the mix.

use super::classes::{Point, Setup};
use crate::effects::composite::blend::{BlendMode, blend};
use crate::lane::{At, Lane, Rgba, color};
use bowerbird_derive::part;

/// Display values to linear light.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Decode;

#[part]
impl Point<0> for Decode {
    fn prepare(&self, _: &Setup) -> [f64; 0] {
        []
    }
    fn pixel<L: Lane>(_: [L; 0], c: Rgba<L>, _: &At<'_, L>) -> Rgba<L> {
        color::decode_pixel(c)
    }
}

/// Linear light to display values.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Encode;

#[part]
impl Point<0> for Encode {
    fn prepare(&self, _: &Setup) -> [f64; 0] {
        []
    }
    fn pixel<L: Lane>(_: [L; 0], c: Rgba<L>, _: &At<'_, L>) -> Rgba<L> {
        color::encode_pixel(c)
    }
}

/// Colors multiplied by alpha.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Premultiply;

#[part]
impl Point<0> for Premultiply {
    fn prepare(&self, _: &Setup) -> [f64; 0] {
        []
    }
    fn pixel<L: Lane>(_: [L; 0], c: Rgba<L>, _: &At<'_, L>) -> Rgba<L> {
        c.premultiply()
    }
}

/// Colors divided by alpha.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Unpremultiply;

#[part]
impl Point<0> for Unpremultiply {
    fn prepare(&self, _: &Setup) -> [f64; 0] {
        []
    }
    fn pixel<L: Lane>(_: [L; 0], c: Rgba<L>, _: &At<'_, L>) -> Rgba<L> {
        c.unpremultiply()
    }
}

/// Blackens colors that no alpha shows, so that they can reach no output.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Hide;

#[part]
impl Point<0> for Hide {
    fn prepare(&self, _: &Setup) -> [f64; 0] {
        []
    }
    fn pixel<L: Lane>(_: [L; 0], c: Rgba<L>, _: &At<'_, L>) -> Rgba<L> {
        let seen = c.a.gt(c.a.lit(color::LEAST_ALPHA));
        c.rgb(|v| L::pick(seen, v, v.lit(0.0)))
    }
}

/// The mix of a step's input and output: opacity, blend mode and mask, on premultiplied values.
///
/// Source: CSS Compositing and Blending Level 1, mixing without compositing; see the catalogue, section 1.6.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mix {
    pub(crate) mode: BlendMode,
    pub(crate) masked: bool,
}

impl Mix {
    /// `i` is the step's input, `e` its output; `mask` gives the red of the mask plane, where there is one.
    #[inline(always)]
    pub(crate) fn pixel<L: Lane>(self, opacity: L, i: Rgba<L>, e: Rgba<L>, mask: impl FnOnce() -> L) -> Rgba<L> {
        let t = if self.masked { opacity * mask().clamp01() } else { opacity };
        let mixed = if self.mode == BlendMode::Normal { e } else { blended(self.mode, i, e) };
        fade(i, mixed, t)
    }
}

/// The effect's output with its straight color blended over the input's, keeping the effect's alpha.
#[inline(always)]
fn blended<L: Lane>(mode: BlendMode, i: Rgba<L>, e: Rgba<L>) -> Rgba<L> {
    let (under, over) = (i.unpremultiply(), e.unpremultiply());
    let blended = blend(mode, under, over);
    let rest = i.a.lit(1.0) - i.a;
    Rgba {
        r: e.a * (rest * over.r + i.a * blended.r),
        g: e.a * (rest * over.g + i.a * blended.g),
        b: e.a * (rest * over.b + i.a * blended.b),
        a: e.a,
    }
}

/// `i` at 0, `m` at 1, exactly; between them the line from one to the other.
#[inline(always)]
fn fade<L: Lane>(i: Rgba<L>, m: Rgba<L>, t: L) -> Rgba<L> {
    let none = t.le(t.lit(0.0));
    let whole = t.ge(t.lit(1.0));
    let channel = crate::lane::inlined(#[inline(always)] |i: L, m: L| L::pick(none, i, L::pick(whole, m, i.lerp(m, t))));
    i.zip(m, channel)
}
