//! The one integer hash behind all noise: pcg3d on image coordinates and a seed.
//!
//! All arithmetic is wrapping 32-bit, so every backend and every test agrees bit for bit; the usual
//! `fract(sin(x))` of shaders differs from device to device. Source: Jarzynski and Olano, "Hash Functions for GPU
//! Rendering", JCGT 9(3), 2020.

use super::{Lane, Word};

/// The 32-bit output permutation of PCG.
pub fn pcg(v: u32) -> u32 {
    let state = v.wrapping_mul(747_796_405).wrapping_add(2_891_336_453);
    let word = ((state >> ((state >> 28) + 4)) ^ state).wrapping_mul(277_803_737);
    (word >> 22) ^ word
}

/// The key of one noise stream: `salt` separates the streams of one effect, `frame` the frames of a clip.
pub fn key(seed: u32, frame: u32, salt: u32) -> u32 {
    pcg(seed.wrapping_add(pcg(frame.wrapping_add(pcg(salt)))))
}

/// A key as two uniforms of 16 bits each: a float that carried arbitrary bits could be a NaN, which GPUs rewrite.
pub fn split_key(key: u32) -> [f64; 2] {
    [f64::from(key >> 16), f64::from(key & 0xffff)]
}

/// Puts together what [`split_key`] took apart.
#[inline(always)]
pub fn join_key<L: Lane>(high: L, low: L) -> L::Word {
    high.to_int().shl(16).add(low.to_int())
}

/// The pcg3d hash of three words.
#[inline(always)]
pub fn pcg3d<W: Word>(x: W, y: W, z: W) -> [W; 3] {
    let (multiplier, increment) = (x.lit(1_664_525), x.lit(1_013_904_223));
    let mut x = x.mul(multiplier).add(increment);
    let mut y = y.mul(multiplier).add(increment);
    let mut z = z.mul(multiplier).add(increment);
    x = x.add(y.mul(z));
    y = y.add(z.mul(x));
    z = z.add(x.mul(y));
    x = x.xor(x.shr(16));
    y = y.xor(y.shr(16));
    z = z.xor(z.shr(16));
    x = x.add(y.mul(z));
    y = y.add(z.mul(x));
    z = z.add(x.mul(y));
    [x, y, z]
}

/// A hash word as a number in [0, 1), exact in 24 bits.
#[inline(always)]
pub fn unit<W: Word>(hash: W) -> W::Float {
    hash.shr(8).to_float() * (1.0 / 16_777_216.0)
}

/// A hash as a number of mean 0 and variance 1: the sum of its twelve bytes, centered and scaled.
///
/// The sum is an integer, so this is one exact conversion and one product on every backend. Range ±5.98.
#[inline(always)]
pub fn gauss<W: Word>(hash: [W; 3]) -> W::Float {
    /// 1/√65535
    const SCALE: f32 = f32::from_bits(0x3B80_0040);
    let byte = hash[0].lit(0xff);
    let mut sum = hash[0].lit(0);
    for word in hash {
        sum = sum.add(word.and(byte));
        sum = sum.add(word.shr(8).and(byte));
        sum = sum.add(word.shr(16).and(byte));
        sum = sum.add(word.shr(24));
    }
    (sum.to_float() - 1530.0) * SCALE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn permutation_matches_the_published_values() {
        assert_eq!([pcg(0), pcg(1), pcg(u32::MAX)], [0x07bb_2fe2, 0xa8be_ea3c, 0xe62a_4902]);
        assert_eq!(key(0, 0, 0), 0x7fdd_b461);
        assert_eq!([key(7, 0, 0), key(7, 1, 0), key(7, 0, 1)], [0x34b0_7730, 0x35e3_8d3f, 0xd862_869a]);
    }

    #[test]
    fn hash_and_its_distributions_match_the_published_values() {
        assert_eq!(pcg3d(0u32, 0, 0), [0x9baf_d7c6, 0xa8e8_8a6b, 0x3f15_482c]);
        assert_eq!(pcg3d(u32::MAX, 0, 1), [0x2558_0a20, 0x83de_af7a, 0xea54_b105]);
        let hash = pcg3d(10u32, 20, key(7, 0, 1));
        assert_eq!(hash, [0x8e56_c2a7, 0x6296_1314, 0xe24f_0192]);
        assert_eq!(hash.map(unit), [0.556_011_3_f32, 0.385_102_45, 0.884_018]);
        assert_eq!(gauss(hash), -0.789_068_5);
        assert_eq!(pcg3d(u32::MAX, (-5i32) as u32, key(7, 3, 1)), [0x9ab4_cfd3, 0xc0bf_a36e, 0x63d1_21ea]);
    }

    #[test]
    fn a_key_survives_its_trip_through_floats() {
        let [high, low] = split_key(0xffff_fffe);
        assert_eq!(join_key(high as f32, low as f32), 0xffff_fffe);
    }
}
