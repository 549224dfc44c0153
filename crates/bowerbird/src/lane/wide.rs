//! One SIMD register at a time, for whatever instruction set the machine has.

use super::{Lane, Tables, Word};
use core::fmt;
use core::ops::{Add, BitAnd, BitOr, Div, Mul, Neg, Not, Sub};
use fearless_simd::{Simd, prelude::*};

/// The widest register that any supported instruction set has, in 32-bit lanes.
const MOST_LANES: usize = 16;

/// A SIMD register of `f32` lanes on instruction set `S`.
#[derive(Clone, Copy)]
pub struct Wide<S: Simd>(pub S::f32s);

/// A SIMD register of `u32` lanes on instruction set `S`.
#[derive(Clone, Copy)]
pub struct WideWord<S: Simd>(pub S::u32s);

/// A SIMD mask on instruction set `S`.
#[derive(Clone, Copy)]
pub struct WideMask<S: Simd>(pub S::mask32s);

impl<S: Simd> Wide<S> {
    /// How many pixels one register holds.
    pub const LEN: usize = <S::f32s as SimdBase<S>>::LEN;

    /// The same value in every lane.
    #[inline(always)]
    pub fn splat(simd: S, value: f32) -> Self {
        Self(S::f32s::splat(simd, value))
    }

    /// The first [`Wide::LEN`] values of a slice that has at least as many.
    #[inline(always)]
    pub fn load(simd: S, from: &[f32]) -> Self {
        Self(S::f32s::from_slice(simd, &from[..Self::LEN]))
    }

    /// Writes the lanes to the start of a slice that has room for them.
    #[inline(always)]
    pub fn store(self, to: &mut [f32]) {
        self.0.store_slice(&mut to[..Self::LEN]);
    }

    /// `start, start + 1, …`, exact for values below 2²⁴.
    #[inline(always)]
    pub fn ramp(simd: S, start: f32) -> Self {
        const COUNT: [f32; MOST_LANES] = [0., 1., 2., 3., 4., 5., 6., 7., 8., 9., 10., 11., 12., 13., 14., 15.];
        Self(Self::load(simd, &COUNT).0 + start)
    }
}

impl<S: Simd> WideWord<S> {
    /// `start, start + 1, …` wrapping.
    #[inline(always)]
    pub fn ramp(simd: S, start: u32) -> Self {
        const COUNT: [u32; MOST_LANES] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];
        Self(S::u32s::from_slice(simd, &COUNT[..Wide::<S>::LEN]) + start)
    }

    /// The same value in every lane.
    #[inline(always)]
    pub fn splat(simd: S, value: u32) -> Self {
        Self(S::u32s::splat(simd, value))
    }
}

/// Floats of words below 2³¹. Read as signed numbers, for which every instruction set has a conversion; before AVX-512,
/// unsigned ones take five more operations.
#[inline(always)]
pub(crate) fn small_to_float<S: Simd>(words: S::u32s) -> S::f32s {
    let signed: S::i32s = words.bitcast();
    signed.to_float()
}

/// The whole part of floats in \[0, 2³¹).
#[inline(always)]
pub(crate) fn small_to_int<S: Simd>(floats: S::f32s) -> S::u32s {
    let signed: S::i32s = floats.to_int();
    signed.bitcast()
}

impl<S: Simd> fmt::Debug for Wide<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.0.as_slice(), f)
    }
}

macro_rules! arithmetic {
    ($($operator:ident $function:ident),*) => {$(
        impl<S: Simd> $operator for Wide<S> {
            type Output = Self;
            #[inline(always)]
            fn $function(self, other: Self) -> Self {
                Self(self.0.$function(other.0))
            }
        }
        impl<S: Simd> $operator<f32> for Wide<S> {
            type Output = Self;
            #[inline(always)]
            fn $function(self, other: f32) -> Self {
                Self(self.0.$function(other))
            }
        }
    )*};
}
arithmetic!(Add add, Sub sub, Mul mul, Div div);

impl<S: Simd> Neg for Wide<S> {
    type Output = Self;
    #[inline(always)]
    fn neg(self) -> Self {
        Self(-self.0)
    }
}

impl<S: Simd> BitAnd for WideMask<S> {
    type Output = Self;
    #[inline(always)]
    fn bitand(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
}

impl<S: Simd> BitOr for WideMask<S> {
    type Output = Self;
    #[inline(always)]
    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl<S: Simd> Not for WideMask<S> {
    type Output = Self;
    #[inline(always)]
    fn not(self) -> Self {
        Self(!self.0)
    }
}

impl<S: Simd> Word for WideWord<S> {
    type Float = Wide<S>;
    #[inline(always)]
    fn lit(self, value: u32) -> Self {
        Self(S::u32s::splat(self.0.token(), value))
    }
    #[inline(always)]
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
    #[inline(always)]
    fn mul(self, other: Self) -> Self {
        Self(self.0 * other.0)
    }
    #[inline(always)]
    fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
    #[inline(always)]
    fn xor(self, other: Self) -> Self {
        Self(self.0 ^ other.0)
    }
    #[inline(always)]
    fn shl(self, bits: u32) -> Self {
        Self(self.0 << bits)
    }
    #[inline(always)]
    fn shr(self, bits: u32) -> Self {
        Self(self.0 >> bits)
    }
    #[inline(always)]
    fn to_float(self) -> Wide<S> {
        Wide(self.0.to_float())
    }
    #[inline(always)]
    fn to_float_signed(self) -> Wide<S> {
        Wide(small_to_float::<S>(self.0))
    }
    #[inline(always)]
    fn bits_to_float(self) -> Wide<S> {
        Wide(self.0.bitcast())
    }
}

impl<S: Simd> Lane for Wide<S> {
    type Mask = WideMask<S>;
    type Word = WideWord<S>;

    #[inline(always)]
    fn lit(self, value: f32) -> Self {
        Self(S::f32s::splat(self.0.token(), value))
    }
    #[inline(always)]
    fn min(self, other: Self) -> Self {
        Self(self.0.min(other.0))
    }
    #[inline(always)]
    fn max(self, other: Self) -> Self {
        Self(self.0.max(other.0))
    }
    #[inline(always)]
    fn floor(self) -> Self {
        Self(self.0.floor())
    }
    #[inline(always)]
    fn sqrt(self) -> Self {
        Self(self.0.sqrt())
    }
    #[inline(always)]
    fn abs(self) -> Self {
        Self(self.0.abs())
    }
    #[inline(always)]
    fn lt(self, other: Self) -> WideMask<S> {
        WideMask(self.0.simd_lt(other.0))
    }
    #[inline(always)]
    fn le(self, other: Self) -> WideMask<S> {
        WideMask(self.0.simd_le(other.0))
    }
    #[inline(always)]
    fn same(self, other: Self) -> WideMask<S> {
        WideMask(self.0.simd_eq(other.0))
    }
    #[inline(always)]
    fn pick(mask: WideMask<S>, yes: Self, no: Self) -> Self {
        Self(mask.0.select(yes.0, no.0))
    }
    #[inline(always)]
    fn to_bits(self) -> WideWord<S> {
        WideWord(self.0.bitcast())
    }
    #[inline(always)]
    fn to_int(self) -> WideWord<S> {
        // The plain conversion differs between machines only beyond ±2³¹, which callers do not reach.
        WideWord(small_to_int::<S>(self.0))
    }
    #[inline(always)]
    fn known(self, value: f32) -> bool {
        self.0.simd_eq(value).all_true()
    }
    #[inline(always)]
    fn lookup(tables: &Tables<'_>, table: usize, index: WideWord<S>) -> Self {
        let values = tables.values(table);
        let simd = index.0.token();
        let Some(last) = (values.len() as u32).checked_sub(1) else { return Self::splat(simd, 0.0) };
        let indices = index.0.min(last);
        // Plain loads beat a gather instruction where both were measured (1.04 against 1.34 ns a pixel, Zen 3).
        let entry = crate::lane::inlined(
            #[inline(always)]
            |lane: usize| values[indices.as_slice()[lane] as usize],
        );
        Self::from_lanes(simd, entry)
    }
    #[inline(always)]
    fn lookup_pair(tables: &Tables<'_>, table: usize, index: WideWord<S>) -> (Self, Self) {
        let values = tables.values(table);
        let Some(last) = (values.len() as u32).checked_sub(2) else {
            return (Self::lookup(tables, table, index), Self::lookup(tables, table, index));
        };
        let simd = index.0.token();
        let indices = index.0.min(last);
        // One check of the bounds and one load of 64 bits for both entries.
        let pair = crate::lane::inlined(
            #[inline(always)]
            |lane: usize| -> f64 {
                let at = indices.as_slice()[lane] as usize;
                bytemuck::cast([values[at], values[at + 1]])
            },
        );
        let (first, second) = Self::from_pairs(simd, pair);
        (Self(first.0.unzip_low(second.0)), Self(first.0.unzip_high(second.0)))
    }
    #[inline(always)]
    fn lookup_triple(tables: &Tables<'_>, table: usize, index: WideWord<S>) -> [Self; 3] {
        let values = tables.values(table);
        let Some(last) = (values.len() as u32).checked_sub(3) else {
            return [Self::lookup(tables, table, index); 3];
        };
        let simd = index.0.token();
        let indices = index.0.min(last);
        // Colors of four floats, to be loaded at once and transposed, took 19.7 ms in the place of 19.2 (Sapphire Rapids).
        let entries = crate::lane::inlined(
            #[inline(always)]
            |lane: usize| {
                let at = indices.as_slice()[lane] as usize;
                &values[at..at + 3]
            },
        );
        let pair = crate::lane::inlined(
            #[inline(always)]
            |lane: usize| -> f64 {
                let entries = entries(lane);
                bytemuck::cast([entries[0], entries[1]])
            },
        );
        let third = crate::lane::inlined(
            #[inline(always)]
            |lane: usize| entries(lane)[2],
        );
        let (low, high) = Self::from_pairs(simd, pair);
        [Self(low.0.unzip_low(high.0)), Self(low.0.unzip_high(high.0)), Self::from_lanes(simd, third)]
    }
}

/// Registers made lane by lane. An array that is written in a loop goes through memory, in pieces that a load of the
/// whole has to wait for; one that is written out stays in registers (12.1 against 4.6 ms in the curves of `look8`).
impl<S: Simd> Wide<S> {
    #[inline(always)]
    fn from_lanes(simd: S, of: impl Fn(usize) -> f32) -> Self {
        match Self::LEN {
            4 => Self::load(simd, &[of(0), of(1), of(2), of(3)]),
            8 => Self::load(simd, &[of(0), of(1), of(2), of(3), of(4), of(5), of(6), of(7)]),
            _ => {
                let low = [of(0), of(1), of(2), of(3), of(4), of(5), of(6), of(7)];
                let high = [of(8), of(9), of(10), of(11), of(12), of(13), of(14), of(15)];
                Self::load(simd, [low, high].as_flattened())
            }
        }
    }

    /// The pairs of the lower and of the upper half of the lanes, as they lie.
    #[inline(always)]
    fn from_pairs(simd: S, of: impl Fn(usize) -> f64) -> (Self, Self) {
        let load = crate::lane::inlined(
            #[inline(always)]
            |pairs: &[f64]| Self(S::f64s::from_slice(simd, pairs).bitcast()),
        );
        match Self::LEN {
            4 => (load(&[of(0), of(1)]), load(&[of(2), of(3)])),
            8 => (load(&[of(0), of(1), of(2), of(3)]), load(&[of(4), of(5), of(6), of(7)])),
            _ => (
                load(&[of(0), of(1), of(2), of(3), of(4), of(5), of(6), of(7)]),
                load(&[of(8), of(9), of(10), of(11), of(12), of(13), of(14), of(15)]),
            ),
        }
    }
}
