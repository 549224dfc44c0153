//! The parts that the planner itself inserts: conversions between domains, and the mix.

use super::Tag;
use super::classes::{Point, Setup};
use super::stage::{PixelStage, PointOf};
use crate::effects::composite::blend::{BlendMode, blend};
use crate::image::{Alpha, Transfer};
use crate::lane::{At, Lane, Rgba, color};
use bowerbird_derive::part;
use std::sync::Arc;

/// The value as it is: another node for the same.
#[derive(Clone, Copy, Debug)]
pub(crate) struct HandOn;

#[part]
impl Point<0> for HandOn {
    fn prepare(&self, _: &Setup) -> [f64; 0] {
        []
    }
    fn pixel<L: Lane>(_: [L; 0], c: Rgba<L>, _: &At<'_, L>) -> Rgba<L> {
        c
    }
}

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

/// One step on the way from one encoding of pixels to another.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Conversion {
    Unpremultiply,
    Decode,
    Encode,
    Premultiply,
}

impl Conversion {
    /// The first step from one encoding to another, and the encoding behind it; nothing where they are the same. The
    /// transfer function acts on straight color.
    pub(crate) fn first(from: Tag, to: Tag) -> Option<(Self, Tag)> {
        let to = if from.is_opaque() { to.opaque() } else { to };
        if from.transfer != to.transfer {
            let (conversion, tag) = match (from.alpha, to.transfer) {
                (Alpha::Premultiplied, _) => (Self::Unpremultiply, Tag { alpha: Alpha::Straight, ..from }),
                (_, Some(Transfer::Linear)) => (Self::Decode, Tag { transfer: to.transfer, ..from }),
                _ => (Self::Encode, Tag { transfer: to.transfer, ..from }),
            };
            return Some((conversion, tag));
        }
        let conversion = if to.alpha == Alpha::Premultiplied { Self::Premultiply } else { Self::Unpremultiply };
        (from.alpha != to.alpha).then_some((conversion, to))
    }

    pub(crate) fn stage(self) -> Arc<dyn PixelStage> {
        match self {
            Self::Unpremultiply => Arc::new(PointOf::<Unpremultiply, 0>::of(())),
            Self::Decode => Arc::new(PointOf::<Decode, 0>::of(())),
            Self::Encode => Arc::new(PointOf::<Encode, 0>::of(())),
            Self::Premultiply => Arc::new(PointOf::<Premultiply, 0>::of(())),
        }
    }
}

/// An affine map of the three colors: what a chain of matrices becomes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Affine;

impl Affine {
    /// Three rows of factors of red, green, blue, alpha and 1.
    pub(crate) const UNIFORMS: usize = 15;
}

#[part]
impl Point<15> for Affine {
    /// Whether alpha enters a color, and whether the three rows are to give the same.
    type Variant = (bool, bool);
    fn variant(&self, _: &Setup) -> Self::Variant {
        (true, false)
    }
    fn prepare(&self, _: &Setup) -> [f64; 15] {
        [0.0; 15]
    }
    fn pixel<L: Lane>((alpha, gray): Self::Variant, m: [L; 15], c: Rgba<L>, _: &At<'_, L>) -> Rgba<L> {
        let row = |k: usize| {
            let constant = if alpha { c.a * m[k + 3] + m[k + 4] } else { m[k + 4] };
            c.r * m[k] + c.g * m[k + 1] + c.b * m[k + 2] + constant
        };
        if gray { Rgba::gray(row(0), c.a) } else { Rgba { r: row(0), g: row(5), b: row(10), a: c.a } }
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

/// The mix of a step's input and output: opacity, blend mode and mask.
///
/// It interpolates premultiplied values, whatever the association of the step's domain; at the two ends it hands on
/// what it was given, to the bit. Source: CSS Compositing and Blending Level 1, mixing without compositing; see the
/// catalogue, section 1.6.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mix {
    pub(crate) mode: BlendMode,
    pub(crate) masked: bool,
    /// Whether the step's values are premultiplied (or opaque, where it makes no difference).
    pub(crate) premultiplied: bool,
}

impl Mix {
    /// `i` is the step's input, `e` its output; `mask` gives the red of the mask plane, where there is one.
    #[inline(always)]
    pub(crate) fn pixel<L: Lane>(self, opacity: L, i: Rgba<L>, e: Rgba<L>, mask: impl FnOnce() -> L) -> Rgba<L> {
        let t = if self.masked { opacity * mask().clamp01() } else { opacity };
        let mixed = if self.mode == BlendMode::Normal { e } else { self.blended(i, e) };
        let between = if self.premultiplied {
            line(i, mixed, t)
        } else {
            line(i.premultiply(), mixed.premultiply(), t).unpremultiply()
        };
        let whole = t.ge(t.lit(1.0));
        Rgba::pick(t.le(t.lit(0.0)), i, Rgba::pick(whole, mixed, between))
    }

    /// The effect's output with its straight color blended over the input's, keeping the effect's alpha.
    #[inline(always)]
    fn blended<L: Lane>(self, i: Rgba<L>, e: Rgba<L>) -> Rgba<L> {
        let (under, over) = if self.premultiplied { (i.unpremultiply(), e.unpremultiply()) } else { (i, e) };
        let blended = blend(self.mode, under, over);
        let rest = i.a.lit(1.0) - i.a;
        let mixed = Rgba {
            r: rest * over.r + i.a * blended.r,
            g: rest * over.g + i.a * blended.g,
            b: rest * over.b + i.a * blended.b,
            a: e.a,
        };
        if self.premultiplied { mixed.premultiply() } else { mixed }
    }
}

/// The line from `i` to `m`.
#[inline(always)]
fn line<L: Lane>(i: Rgba<L>, m: Rgba<L>, t: L) -> Rgba<L> {
    i.zip(
        m,
        #[inline(always)]
        |i, m| i.lerp(m, t),
    )
}
