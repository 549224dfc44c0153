//! The blend modes of the W3C, as an effect and as a function.

use crate::effect::{Composite, Setup};
use crate::image_fit::Fit;
use crate::lane::{At, Lane, Rgba, color};
use bowerbird_derive::{Choice, Params, effect};

/// How one color is laid over another; source: CSS Compositing and Blending Level 1, section 10.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Choice)]
#[expect(missing_docs, reason = "the standard's own names")]
pub enum BlendMode {
    Normal,
    Multiply,
    Screen,
    Overlay,
    Darken,
    Lighten,
    ColorDodge,
    ColorBurn,
    HardLight,
    SoftLight,
    Difference,
    Exclusion,
    Hue,
    Saturation,
    Color,
    Luminosity,
}

/// Lays a second picture over the first.
#[derive(Clone, Debug, PartialEq, Params)]
#[effect(id = "blend", label = "Blend", family = "composite", domain = "D", switchable, inputs("layer"))]
pub struct Blend {
    /// How the colors combine.
    pub mode: BlendMode,
    /// How the layer is brought to the size of the picture.
    pub fit: Fit,
}

#[effect]
impl Composite<0> for Blend {
    type Variant = BlendMode;
    fn variant(&self, _: &Setup) -> BlendMode {
        self.mode
    }
    fn prepare(&self, _: &Setup) -> [f64; 0] {
        []
    }
    fn fit(&self) -> Fit {
        self.fit
    }
    fn pixel<L: Lane>(mode: BlendMode, _: [L; 0], b: Rgba<L>, s: Rgba<L>, _: &At<'_, L>) -> Rgba<L> {
        let one = b.a.lit(1.0);
        let blended = blend(mode, b, s);
        let (over, both, under) = (s.a * (one - b.a), s.a * b.a, (one - s.a) * b.a);
        let alpha = s.a + b.a * (one - s.a);
        let channel = |b: L, s: L, m: L| over * s + both * m + under * b;
        Rgba { r: channel(b.r, s.r, blended.r), g: channel(b.g, s.g, blended.g), b: channel(b.b, s.b, blended.b), a: alpha }
            .unpremultiply()
    }
}

/// B(b, s) of straight colors; for every mode but normal both are limited to 0..1 first.
#[inline(always)]
pub fn blend<L: Lane>(mode: BlendMode, b: Rgba<L>, s: Rgba<L>) -> Rgba<L> {
    if mode == BlendMode::Normal {
        return s;
    }
    let (b, s) = (b.rgb(#[inline(always)] |v| v.clamp01()), s.rgb(#[inline(always)] |v| v.clamp01()));
    let each = crate::lane::inlined(#[inline(always)] |b: L, s: L| separable(mode, b, s));
    match mode {
        BlendMode::Hue => set_lum(set_sat(s, sat(b)), lum(b)),
        BlendMode::Saturation => set_lum(set_sat(b, sat(s)), lum(b)),
        BlendMode::Color => set_lum(s, lum(b)),
        BlendMode::Luminosity => set_lum(b, lum(s)),
        _ => b.rgb_with(s, each),
    }
}

#[inline(always)]
fn separable<L: Lane>(mode: BlendMode, b: L, s: L) -> L {
    let (zero, one) = (b.lit(0.0), b.lit(1.0));
    match mode {
        BlendMode::Multiply => b * s,
        BlendMode::Screen => screen(b, s),
        BlendMode::Overlay => hard_light(s, b),
        BlendMode::Darken => b.min(s),
        BlendMode::Lighten => b.max(s),
        BlendMode::ColorDodge => color_dodge(b, one - s),
        BlendMode::ColorBurn => {
            let empty = s.le(zero);
            let quotient = ((one - b) / L::pick(empty, one, s)).min(one);
            L::pick(b.ge(one), one, L::pick(empty, zero, one - quotient))
        }
        BlendMode::HardLight => hard_light(b, s),
        BlendMode::SoftLight => {
            let dark = b - (one - s * 2.0) * b * (one - b);
            let cubic = ((b * 16.0 - 12.0) * b + 4.0) * b;
            let lifted = L::pick(b.le(b.lit(0.25)), cubic, b.sqrt());
            let light = b + (s * 2.0 - 1.0) * (lifted - b);
            L::pick(s.le(s.lit(0.5)), dark, light)
        }
        BlendMode::Difference => (b - s).abs(),
        BlendMode::Exclusion => b + s - b * s * 2.0,
        _ => s,
    }
}

/// Brightens `b` by what the source leaves of white, both in 0..1.
#[inline(always)]
pub fn color_dodge<L: Lane>(b: L, left: L) -> L {
    let (zero, one) = (b.lit(0.0), b.lit(1.0));
    let full = left.le(zero);
    let quotient = (b / L::pick(full, one, left)).min(one);
    L::pick(b.le(zero), zero, L::pick(full, one, quotient))
}

#[inline(always)]
fn screen<L: Lane>(b: L, s: L) -> L {
    b + s - b * s
}

#[inline(always)]
fn hard_light<L: Lane>(b: L, s: L) -> L {
    L::pick(s.le(s.lit(0.5)), b * s * 2.0, screen(b, s * 2.0 - 1.0))
}

#[inline(always)]
fn lum<L: Lane>(c: Rgba<L>) -> L {
    c.dot(color::LUM)
}

#[inline(always)]
fn sat<L: Lane>(c: Rgba<L>) -> L {
    c.max_rgb() - c.min_rgb()
}

/// Colors whose channels lie no farther apart are gray: a quarter of a 16-bit code. Without it a rounding that makes the
/// channels of a gray unlike would become a color as strong as is asked for.
const GRAY: f32 = 0.25 / 65535.0;

#[inline(always)]
fn set_sat<L: Lane>(c: Rgba<L>, saturation: L) -> Rgba<L> {
    let (least, range) = (c.min_rgb(), sat(c));
    let gray = range.le(range.lit(GRAY));
    let divisor = L::pick(gray, range.lit(1.0), range);
    c.rgb(#[inline(always)] |v| L::pick(gray, v.lit(0.0), (v - least) * saturation / divisor))
}

#[inline(always)]
fn set_lum<L: Lane>(c: Rgba<L>, wanted: L) -> Rgba<L> {
    let change = wanted - lum(c);
    let c = c.rgb(#[inline(always)] |v| v + change);
    let (l, least, most) = (lum(c), c.min_rgb(), c.max_rgb());
    let (zero, one) = (l.lit(0.0), l.lit(1.0));
    let (low, high) = (least.lt(zero), most.gt(one));
    // A gray that rounding put beyond a limit has no distance to go.
    let nonzero = crate::lane::inlined(
        #[inline(always)]
        |v: L| L::pick(v.same(zero), one, v),
    );
    let below = L::pick(low, nonzero(l - least), one);
    let above = L::pick(high, nonzero(most - l), one);
    c.rgb(#[inline(always)] |v| {
        let v = L::pick(low, l + (v - l) * l / below, v);
        L::pick(high, l + (v - l) * (one - l) / above, v)
    })
}
