//! One pixel at a time: the reference that everything else is compared with.

use super::{Lane, Tables, Word};

impl Word for u32 {
    type Float = f32;
    #[inline(always)]
    fn lit(self, value: u32) -> Self {
        value
    }
    #[inline(always)]
    fn add(self, other: Self) -> Self {
        self.wrapping_add(other)
    }
    #[inline(always)]
    fn mul(self, other: Self) -> Self {
        self.wrapping_mul(other)
    }
    #[inline(always)]
    fn and(self, other: Self) -> Self {
        self & other
    }
    #[inline(always)]
    fn xor(self, other: Self) -> Self {
        self ^ other
    }
    #[inline(always)]
    fn shl(self, bits: u32) -> Self {
        self << bits
    }
    #[inline(always)]
    fn shr(self, bits: u32) -> Self {
        self >> bits
    }
    #[inline(always)]
    fn to_float(self) -> f32 {
        self as f32
    }
    #[inline(always)]
    fn to_float_signed(self) -> f32 {
        self as i32 as f32
    }
    #[inline(always)]
    fn bits_to_float(self) -> f32 {
        f32::from_bits(self)
    }
}

impl Lane for f32 {
    type Mask = bool;
    type Word = u32;

    #[inline(always)]
    fn lit(self, value: f32) -> f32 {
        value
    }
    #[inline(always)]
    fn min(self, other: f32) -> f32 {
        if self < other { self } else { other }
    }
    #[inline(always)]
    fn max(self, other: f32) -> f32 {
        if self > other { self } else { other }
    }
    #[inline(always)]
    fn floor(self) -> f32 {
        f32::floor(self)
    }
    #[inline(always)]
    fn sqrt(self) -> f32 {
        f32::sqrt(self)
    }
    #[inline(always)]
    fn abs(self) -> f32 {
        f32::abs(self)
    }
    #[inline(always)]
    fn lt(self, other: f32) -> bool {
        self < other
    }
    #[inline(always)]
    fn le(self, other: f32) -> bool {
        self <= other
    }
    #[inline(always)]
    fn same(self, other: f32) -> bool {
        self == other
    }
    #[inline(always)]
    fn pick(mask: bool, yes: f32, no: f32) -> f32 {
        if mask { yes } else { no }
    }
    #[inline(always)]
    fn to_bits(self) -> u32 {
        f32::to_bits(self)
    }
    #[inline(always)]
    fn to_int(self) -> u32 {
        self as i32 as u32
    }
    #[inline(always)]
    fn known(self, value: f32) -> bool {
        self == value
    }
    #[inline(always)]
    fn lookup(tables: &Tables<'_>, table: usize, index: u32) -> f32 {
        tables.entry(table, index)
    }
}
