//! Arithmetic on 16-bit numbers in fixed point, in registers.

use fearless_simd::{Simd, i16x16, prelude::*};

/// The upper halves of products: one instruction where it is there.
#[inline(always)]
pub(crate) fn high<S: Simd>(a: i16x16<S>, b: i16x16<S>) -> i16x16<S> {
    let (low, high) = a.widening_mul(b);
    (low >> 16).narrow(high >> 16)
}
