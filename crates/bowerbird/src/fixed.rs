//! Arithmetic on 16-bit numbers in fixed point, in registers.

use fearless_simd::{Simd, i16x16, prelude::*};

/// The upper halves of products: one instruction where it is there.
#[inline(always)]
pub(crate) fn high<S: Simd>(a: S::u16s, b: S::u16s) -> S::u16s {
    #[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
    if let Some(high) = wide::unsigned::<S>(a, b) {
        return high;
    }
    let (low, high) = a.widening_mul(b);
    (low >> 16).narrow(high >> 16)
}

/// The upper halves of products of signed numbers.
#[inline(always)]
pub(crate) fn high_signed<S: Simd>(a: S::i16s, b: S::i16s) -> S::i16s {
    #[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
    if let Some(high) = wide::signed::<S>(a, b) {
        return high;
    }
    let (low, high) = a.widening_mul(b);
    (low >> 16).narrow(high >> 16)
}

/// The same of sixteen, whatever the registers.
#[inline(always)]
pub(crate) fn high_of_sixteen<S: Simd>(a: i16x16<S>, b: i16x16<S>) -> i16x16<S> {
    let (low, high) = a.widening_mul(b);
    (low >> 16).narrow(high >> 16)
}

/// The same with AVX-512, whose wide products have their halves in an order that compilers do not see through: without this,
/// AVX2 was faster (a blur of codes of σ = 2 px, 3840×2160, two threads, Sapphire Rapids: 9.9 ms, and 7.6 with this). The
/// level is known when a function is compiled.
#[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
mod wide {
    use fearless_simd::x86::Avx512;
    use fearless_simd::{Level, Simd, i16x32, kernel, prelude::*, u16x32};
    #[cfg(target_arch = "x86")]
    use std::arch::x86::{_mm512_mulhi_epi16, _mm512_mulhi_epu16};
    #[cfg(target_arch = "x86_64")]
    use std::arch::x86_64::{_mm512_mulhi_epi16, _mm512_mulhi_epu16};

    #[inline(always)]
    pub(super) fn unsigned<S: Simd>(a: S::u16s, b: S::u16s) -> Option<S::u16s> {
        kernel!(
            #[inline(always)]
            fn high(token: Avx512, a: u16x32<Avx512>, b: u16x32<Avx512>) -> u16x32<Avx512> {
                _mm512_mulhi_epu16(a.into(), b.into()).simd_into(token)
            }
        );
        let Level::Avx512(token) = a.token().level() else { return None };
        let wide = high(token, u16x32::from_slice(token, a.as_slice()), u16x32::from_slice(token, b.as_slice()));
        Some(S::u16s::from_slice(a.token(), wide.as_slice()))
    }

    #[inline(always)]
    pub(super) fn signed<S: Simd>(a: S::i16s, b: S::i16s) -> Option<S::i16s> {
        kernel!(
            #[inline(always)]
            fn high(token: Avx512, a: i16x32<Avx512>, b: i16x32<Avx512>) -> i16x32<Avx512> {
                _mm512_mulhi_epi16(a.into(), b.into()).simd_into(token)
            }
        );
        let Level::Avx512(token) = a.token().level() else { return None };
        let wide = high(token, i16x32::from_slice(token, a.as_slice()), i16x32::from_slice(token, b.as_slice()));
        Some(S::i16s::from_slice(a.token(), wide.as_slice()))
    }
}
