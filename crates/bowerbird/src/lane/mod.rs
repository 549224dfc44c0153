//! The lane: the number type that an effect is written over.
//!
//! An effect's pixel function is generic over [`Lane`], so one source becomes three programs: with `f32` it is the
//! readable reference, one pixel at a time; with [`Wide`] it is the CPU backend, one SIMD register at a time; with
//! [`Rec`](crate::ir::Rec) it is a recording that is printed as WGSL or interpreted. The decision that shapes this
//! module: every operation rounds once, in a stated order, on each of them. There is no fused multiply-add (it is
//! missing below AVX2) and no platform transcendental, so all CPU forms give the same bits.
//!
//! A comparison gives a [`Mask`], which is not `bool`: branching on a pixel does not compile, selecting does.

mod at;
pub mod color;
pub mod math;
pub mod noise;
mod pixel;
mod scalar;
mod wide;

pub use at::{At, MOST_TABLES, Tables};
pub use pixel::Rgba;
pub use wide::{Wide, WideWord};
pub(crate) use wide::{small_to_float, small_to_int};

use core::fmt::Debug;
use core::ops::{Add, BitAnd, BitOr, Div, Mul, Neg, Not, Sub};

/// Returns its argument. A closure that is bound by `let` can only carry `#[inline(always)]` as an argument of a
/// call, and without that attribute it may lose the instructions of the function around it.
#[inline(always)]
pub fn inlined<F>(closure: F) -> F {
    closure
}

/// A lane-wise truth value: the result of comparing lanes.
pub trait Mask: Copy + BitAnd<Output = Self> + BitOr<Output = Self> + Not<Output = Self> {}

impl<T: Copy + BitAnd<Output = Self> + BitOr<Output = Self> + Not<Output = Self>> Mask for T {}

/// A lane of 32-bit integers with wrapping arithmetic, for hashes, coordinates and table indices.
pub trait Word: Copy {
    /// The float lane of the same width.
    type Float: Lane<Word = Self>;
    /// The same constant in every lane.
    fn lit(self, value: u32) -> Self;
    /// Wrapping addition.
    fn add(self, other: Self) -> Self;
    /// Wrapping multiplication.
    fn mul(self, other: Self) -> Self;
    /// Bitwise and.
    fn and(self, other: Self) -> Self;
    /// Bitwise exclusive or.
    fn xor(self, other: Self) -> Self;
    /// Left shift by a constant.
    fn shl(self, bits: u32) -> Self;
    /// Logical right shift by a constant.
    fn shr(self, bits: u32) -> Self;
    /// The value as an unsigned integer, rounded to nearest where it exceeds 24 bits; exact below 2²⁴.
    fn to_float(self) -> Self::Float;
    /// The value as a two's complement integer.
    fn to_float_signed(self) -> Self::Float;
    /// The same bits as a float.
    fn bits_to_float(self) -> Self::Float;
}

/// A lane of 32-bit floats: one pixel, a SIMD register, or a node of a recording.
pub trait Lane:
    Copy
    + Debug
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Neg<Output = Self>
    + Add<f32, Output = Self>
    + Sub<f32, Output = Self>
    + Mul<f32, Output = Self>
    + Div<f32, Output = Self>
{
    /// The result of a comparison.
    type Mask: Mask;
    /// Integers of the same width.
    type Word: Word<Float = Self>;

    /// The same constant in every lane; `self` only supplies the width.
    fn lit(self, value: f32) -> Self;
    /// The lesser, `other` where they compare equal.
    fn min(self, other: Self) -> Self;
    /// The greater, `other` where they compare equal.
    fn max(self, other: Self) -> Self;
    /// The largest integer not above the value.
    fn floor(self) -> Self;
    /// The correctly rounded square root.
    fn sqrt(self) -> Self;
    /// The value without its sign.
    fn abs(self) -> Self;
    /// `self < other`
    fn lt(self, other: Self) -> Self::Mask;
    /// `self <= other`
    fn le(self, other: Self) -> Self::Mask;
    /// `self == other`
    fn same(self, other: Self) -> Self::Mask;
    /// `yes` where the mask holds, else `no`.
    fn pick(mask: Self::Mask, yes: Self, no: Self) -> Self;
    /// The bits of the float.
    fn to_bits(self) -> Self::Word;
    /// The value truncated to a two's complement integer. Only values within ±2³¹ are meaningful.
    fn to_int(self) -> Self::Word;
    /// Entry `index` of table `table`; an index past the end reads the last entry.
    fn lookup(tables: &Tables<'_>, table: usize, index: Self::Word) -> Self;

    /// Entries `index` and `index + 1` of a table, as two lookups read them.
    #[inline(always)]
    fn lookup_pair(tables: &Tables<'_>, table: usize, index: Self::Word) -> (Self, Self) {
        (Self::lookup(tables, table, index), Self::lookup(tables, table, index.add(index.lit(1))))
    }

    /// Entries `index` to `index + 2` of a table, as three lookups read them.
    #[inline(always)]
    fn lookup_triple(tables: &Tables<'_>, table: usize, index: Self::Word) -> [Self; 3] {
        let next = index.add(index.lit(1));
        let entry = |index: Self::Word| Self::lookup(tables, table, index);
        [entry(index), entry(next), entry(next.add(next.lit(1)))]
    }

    /// Whether every lane is known to hold `value`: a shortcut past work that such a uniform makes pointless. The
    /// long way must give the same bits, for a recording always takes it.
    #[inline(always)]
    fn known(self, _value: f32) -> bool {
        false
    }
    /// `self > other`
    #[inline(always)]
    fn gt(self, other: Self) -> Self::Mask {
        other.lt(self)
    }
    /// `self >= other`
    #[inline(always)]
    fn ge(self, other: Self) -> Self::Mask {
        other.le(self)
    }
    /// 2^self, see [`math::exp2`].
    #[inline(always)]
    fn exp2(self) -> Self {
        math::exp2(self)
    }
    /// The base-2 logarithm of a positive value, see [`math::log2`].
    #[inline(always)]
    fn log2(self) -> Self {
        math::log2(self)
    }
    /// `self` to the power `exponent` for `self ≥ 0`, see [`math::pow`].
    #[inline(always)]
    fn pow(self, exponent: Self) -> Self {
        if exponent.known(1.0) {
            return self.max(self.lit(0.0));
        }
        math::pow(self, exponent)
    }
    /// `self` to the power 5/12 for `self ≥ 0`, see [`math::pow_5_12`].
    #[inline(always)]
    fn pow_5_12(self) -> Self {
        math::pow_5_12(self)
    }
    /// `self` to the power 12/5 for `self ≥ 0`, see [`math::pow_12_5`].
    #[inline(always)]
    fn pow_12_5(self) -> Self {
        math::pow_12_5(self)
    }
    /// The sine of an angle in radians, see [`math::sin`].
    #[inline(always)]
    fn sin(self) -> Self {
        math::sin(self)
    }
    /// The cosine of an angle in radians, see [`math::cos`].
    #[inline(always)]
    fn cos(self) -> Self {
        math::cos(self)
    }
    /// The angle of the vector (`x`, `self`) in radians, −π..π, see [`math::atan2`].
    #[inline(always)]
    fn atan2(self, x: Self) -> Self {
        math::atan2(self, x)
    }
    /// The value limited to 0..1.
    #[inline(always)]
    fn clamp01(self) -> Self {
        self.max(self.lit(0.0)).min(self.lit(1.0))
    }
    /// The value limited to `low..high`.
    #[inline(always)]
    fn clamp(self, low: f32, high: f32) -> Self {
        self.max(self.lit(low)).min(self.lit(high))
    }
    /// `self + t·(other − self)`
    #[inline(always)]
    fn lerp(self, other: Self, t: Self) -> Self {
        self + (other - self) * t
    }
    /// The value less its floor.
    #[inline(always)]
    fn frac(self) -> Self {
        self - self.floor()
    }
    /// `sign(self)·|self|^exponent`, limited to ±65504, the range of a half float.
    #[inline(always)]
    fn signed_pow(self, exponent: Self) -> Self {
        let magnitude = self.abs().pow(exponent).min(self.lit(65504.0));
        Self::pick(self.lt(self.lit(0.0)), -magnitude, magnitude)
    }
    /// The Hermite step: 0 below `a`, 1 above `b`, smooth between; with `a = b` a hard step at `a`.
    #[inline(always)]
    fn smoothstep(self, a: Self, b: Self) -> Self {
        let width = b - a;
        let zero = self.lit(0.0);
        let one = self.lit(1.0);
        let hard = width.same(zero);
        // The reciprocal is the same for all pixels where `a` and `b` are uniforms, so no pixel divides.
        let t = ((self - a) * (one / Self::pick(hard, one, width))).clamp01();
        let soft = t * t * (self.lit(3.0) - t * 2.0);
        Self::pick(hard, Self::pick(self.lt(a), zero, one), soft)
    }
}
