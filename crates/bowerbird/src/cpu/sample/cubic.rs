//! The bicubic filter from codes to codes, in 16-bit fixed point.
//!
//! A code is less 128 and has 8 bits behind its point, a weight has 15, and of each product the upper half is kept: first
//! with the weights down the columns, then with those along the rows. Red and blue, and green and alpha, are apart as they lie
//! in the even and the odd bytes, so nothing is shuffled until the four taps of a row are added. What is off is less than a
//! sixteenth of a code. A rotation of 3840×2160 on two threads: 33.6 ms in floats that become codes afterwards.

use super::{BLOCK, Taps, codes::Fours};
use crate::effect::Isa;
use crate::fixed::high_signed;
use fearless_simd::{Simd, dispatch, prelude::*};

/// Bits behind the point of a sum.
const FRACTION: u32 = 6;

/// Half a code, and what products lose on average: half a unit each, four of twice as many bits and four of these.
const HALF: i16 = (1 << (FRACTION - 1)) + 3;

/// The upper byte of a word.
const UPPER: i16 = !0xff;

/// The weights of a block in all words that they are multiplied with: of the four taps of a row, and of each row.
#[derive(Debug)]
pub(super) struct Weights {
    across: [[u32; 4]; BLOCK],
    down: [[[u32; 4]; BLOCK]; 4],
}

impl Default for Weights {
    fn default() -> Self {
        Self { across: [[0; 4]; BLOCK], down: [[[0; 4]; BLOCK]; 4] }
    }
}

/// A weight as a word, twice. One whole does not fit, but the next to it.
#[inline(always)]
fn twice(weight: f32) -> u32 {
    /// Added to a whole number below 2²², it leaves that number in the lowest bits.
    const WHOLE: f32 = 12_582_912.0;
    let steps = weight * 32_768.0;
    let bits = (if steps < 32_767.0 { steps } else { 32_767.0 } + WHOLE).to_bits();
    (bits & 0xffff) | (bits << 16)
}

#[inline(always)]
fn prepare([wx, wy]: [&Taps<4>; 2], weights: &mut Weights) {
    for (k, across) in weights.across.iter_mut().enumerate() {
        *across = [twice(wx[0][k]), twice(wx[1][k]), twice(wx[2][k]), twice(wx[3][k])];
    }
    for (down, wy) in weights.down.iter_mut().zip(wy) {
        down.iter_mut().zip(wy).for_each(|(down, weight)| *down = [twice(*weight); 4]);
    }
}

/// Weighs the sixteen pixels of each position of a block.
pub(super) fn mix_block(
    isa: Isa,
    fours: &Fours,
    taps: [&Taps<4>; 2],
    weights: &mut Weights,
    out: &mut [u8; 4 * BLOCK],
) {
    with_instructions!(isa, prepare(taps, weights));
    match isa {
        Isa::Simd(level) => dispatch!(level, simd => mix_wide(simd, fours, weights, out)),
        Isa::Scalar => {
            for (k, mixed) in out.as_chunks_mut::<4>().0.iter_mut().enumerate() {
                *mixed = core::array::from_fn(|c| {
                    let high = |a: i16, weight: u32| ((i32::from(a) * i32::from(weight as i16)) >> 16) as i16;
                    let tap = |t: usize| {
                        let rows = fours.iter().zip(&weights.down);
                        let column = rows.map(|(row, down)| {
                            let code = (row[k][t] >> (8 * c)) as u8 ^ 128;
                            high(i16::from_le_bytes([0, code]), down[k][0])
                        });
                        high(column.sum(), weights.across[k][t])
                    };
                    let sum = (tap(0) + tap(1)) + (tap(2) + tap(3));
                    ((sum + HALF) >> FRACTION).clamp(-128, 127) as u8 ^ 128
                });
            }
        }
    }
}

#[inline(always)]
fn mix_wide<S: Simd>(simd: S, fours: &Fours, weights: &Weights, out: &mut [u8; 4 * BLOCK]) {
    let len = <S::u32s as SimdBase<S>>::LEN;
    let rows = fours.each_ref().map(|row| row.as_flattened());
    let down = weights.down.each_ref().map(|row| row.as_flattened());
    let across = weights.across.as_flattened();
    let load = crate::lane::inlined(
        #[inline(always)]
        |words: &[u32], at: usize| S::u32s::from_slice(simd, &words[at..at + len]),
    );
    // The sums of the taps of a register's worth of words: the even bytes and the odd ones.
    let weigh = crate::lane::inlined(
        #[inline(always)]
        |at: usize| -> (S::i16s, S::i16s) {
            let (mut even, mut odd) = (S::i16s::splat(simd, 0), S::i16s::splat(simd, 0));
            for row in 0..4 {
                let codes: S::i16s = (load(rows[row], at) ^ 0x8080_8080).bitcast();
                let weight: S::i16s = load(down[row], at).bitcast();
                even += high_signed::<S>(codes << 8, weight);
                odd += high_signed::<S>(codes & UPPER, weight);
            }
            let weight: S::i16s = load(across, at).bitcast();
            (high_signed::<S>(even, weight), high_signed::<S>(odd, weight))
        },
    );
    // Words that lie side by side, added up.
    let fold = crate::lane::inlined(
        #[inline(always)]
        |first: S::i16s, second: S::i16s| -> S::i16s {
            let (first, second): (S::u32s, S::u32s) = (first.bitcast(), second.bitcast());
            let (low, high): (S::i16s, S::i16s) =
                (first.unzip_low(second).bitcast(), first.unzip_high(second).bitcast());
            low + high
        },
    );
    let (least, most) = (S::i16s::splat(simd, -128), S::i16s::splat(simd, 127));
    let code = crate::lane::inlined(
        #[inline(always)]
        |sum: S::i16s| -> S::u32s { (((sum + HALF) >> FRACTION).max(least).min(most) ^ 128).bitcast() },
    );
    for k in (0..BLOCK).step_by(len) {
        let (e0, o0) = weigh(4 * k);
        let (e1, o1) = weigh(4 * k + len);
        let (e2, o2) = weigh(4 * k + 2 * len);
        let (e3, o3) = weigh(4 * k + 3 * len);
        let even = code(fold(fold(e0, e1), fold(e2, e3)));
        let odd = code(fold(fold(o0, o1), fold(o2, o3)));
        let bytes: S::u8s = ((even & 0x00ff_00ff) | ((odd & 0x00ff_00ff) << 8)).bitcast();
        bytes.store_slice(&mut out[4 * k..4 * (k + len)]);
    }
}
