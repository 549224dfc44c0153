//! A pixel of four lanes.

use super::Lane;

/// Red, green, blue and alpha, in whatever space the operation's domain says.
#[derive(Clone, Copy, Debug)]
pub struct Rgba<L> {
    /// Red.
    pub r: L,
    /// Green.
    pub g: L,
    /// Blue.
    pub b: L,
    /// Alpha, 0..1.
    pub a: L,
}

impl<L: Lane> Rgba<L> {
    /// A pixel from its four channels.
    #[inline(always)]
    pub fn new(r: L, g: L, b: L, a: L) -> Self {
        Self { r, g, b, a }
    }

    /// A gray pixel.
    #[inline(always)]
    pub fn gray(value: L, a: L) -> Self {
        Self { r: value, g: value, b: value, a }
    }

    /// Applies `f` to the three colors; alpha stays.
    #[inline(always)]
    pub fn rgb(self, f: impl Fn(L) -> L) -> Self {
        Self { r: f(self.r), g: f(self.g), b: f(self.b), a: self.a }
    }

    /// Applies `f` to the colors of two pixels; alpha stays that of `self`.
    #[inline(always)]
    pub fn rgb_with(self, other: Self, f: impl Fn(L, L) -> L) -> Self {
        Self { r: f(self.r, other.r), g: f(self.g, other.g), b: f(self.b, other.b), a: self.a }
    }

    /// Applies `f` to all four channels of two pixels.
    #[inline(always)]
    pub fn zip(self, other: Self, f: impl Fn(L, L) -> L) -> Self {
        Self { r: f(self.r, other.r), g: f(self.g, other.g), b: f(self.b, other.b), a: f(self.a, other.a) }
    }

    /// The weighted sum of the colors, in the order red, green, blue.
    #[inline(always)]
    pub fn dot(self, weights: [f32; 3]) -> L {
        self.r * weights[0] + self.g * weights[1] + self.b * weights[2]
    }

    /// Rec.709 luma of display values, or luminance of linear ones.
    #[inline(always)]
    pub fn luma(self) -> L {
        self.dot(super::color::REC709)
    }

    /// The largest of the three colors.
    #[inline(always)]
    pub fn max_rgb(self) -> L {
        self.r.max(self.g).max(self.b)
    }

    /// The smallest of the three colors.
    #[inline(always)]
    pub fn min_rgb(self) -> L {
        self.r.min(self.g).min(self.b)
    }

    /// `yes` where the mask holds, else `no`, in all four channels.
    #[inline(always)]
    pub fn pick(mask: L::Mask, yes: Self, no: Self) -> Self {
        Self {
            r: L::pick(mask, yes.r, no.r),
            g: L::pick(mask, yes.g, no.g),
            b: L::pick(mask, yes.b, no.b),
            a: L::pick(mask, yes.a, no.a),
        }
    }

    /// Colors multiplied by alpha.
    #[inline(always)]
    pub fn premultiply(self) -> Self {
        let a = self.a;
        Self { r: self.r * a, g: self.g * a, b: self.b * a, a }
    }

    /// Colors divided by alpha; black where alpha is at most 10⁻⁶. Alpha is kept.
    #[inline(always)]
    pub fn unpremultiply(self) -> Self {
        let seen = self.a.gt(self.a.lit(super::color::LEAST_ALPHA));
        let divisor = L::pick(seen, self.a, self.a.lit(1.0));
        let zero = self.a.lit(0.0);
        self.rgb(
            #[inline(always)]
            |v| L::pick(seen, v / divisor, zero),
        )
    }

    /// Straight color as if it had come premultiplied: none under an alpha of 0.
    #[inline(always)]
    pub fn seen(self) -> Self {
        let seen = self.a.gt(self.a.lit(super::color::LEAST_ALPHA));
        let zero = self.a.lit(0.0);
        self.rgb(
            #[inline(always)]
            |v| L::pick(seen, v, zero),
        )
    }
}
