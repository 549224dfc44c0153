//! Transcendental functions as our own polynomials, generic over the lane.
//!
//! Platform functions differ between machines, and SIMD has none; these give the same bits on every CPU path and,
//! printed as WGSL, in the GPU's precise mode. Each states its greatest error as measured against f64 over a dense
//! sample by `tests/` (every f32 in an ignored test). Inputs outside the stated range give a finite value that
//! means nothing.

use super::{Lane, Word};

/// Bits of √½: log2 splits its argument so that the mantissa lies in [√½, √2).
const SQRT_HALF: u32 = 0x3f35_04f3;

/// The exponent and the logarithm of the mantissa of `x > 0`: log2 x = exponent + mantissa.
#[inline(always)]
fn log2_parts<L: Lane>(x: L) -> (L, L) {
    let bits = x.to_bits();
    let offset = bits.add(bits.lit(SQRT_HALF.wrapping_neg()));
    // An arithmetic shift by 23, built from the logical one: bias first, unbias after.
    let exponent = offset.add(offset.lit(0x4000_0000)).shr(23).add(offset.lit(0x80u32.wrapping_neg()));
    let mantissa = bits.add(exponent.shl(23).mul(bits.lit(u32::MAX))).bits_to_float();
    let exponent = exponent.to_float_signed();
    // log2 m = 2/ln 2 · artanh(s), s = (m − 1)/(m + 1), |s| ≤ 0.1716
    let s = (mantissa - 1.0) / (mantissa + 1.0);
    let s2 = s * s;
    let p = s2 * 0.320_598_9 + 0.412_198_58;
    let p = s2 * p + 0.577_078_05;
    let p = s2 * p + 0.961_796_7;
    // The leading 2/ln 2 in two parts: its rounding error would otherwise be a systematic half ulp.
    let tail = s * (s2 * p + 3.851_926e-8);
    (exponent, s * 2.885_39 + tail)
}

/// 2^f for |f| ≤ ½, error ≤ 1.2 ulp; minimax coefficients of the Cephes library's degree.
#[inline(always)]
fn exp2_fraction<L: Lane>(f: L) -> L {
    let p = f * 1.535_336_2e-4 + 1.339_887_4e-3;
    let p = f * p + 9.618_437e-3;
    let p = f * p + 5.550_332_4e-2;
    let p = f * p + 2.402_264_8e-1;
    let p = f * p + 6.931_472e-1;
    f * p + 1.0
}

/// 2^n for an integer-valued n, limited to −126..127.
#[inline(always)]
fn exp2_integer<L: Lane>(n: L) -> L {
    let biased = (n.clamp(-126.0, 127.0) + 127.0).to_int();
    biased.shl(23).bits_to_float()
}

/// The base-2 logarithm of a positive normal number; error ≤ 2 ulp or 1e-7 near 1.
#[inline(always)]
pub fn log2<L: Lane>(x: L) -> L {
    let (exponent, mantissa) = log2_parts(x);
    exponent + mantissa
}

/// 2^x; error ≤ 1.5 ulp on −126..127.499, and limited to that range.
#[inline(always)]
pub fn exp2<L: Lane>(x: L) -> L {
    let x = x.clamp(-126.0, 127.499);
    let n = (x + 0.5).floor();
    exp2_fraction(x - n) * exp2_integer(n)
}

/// x^p for x ≥ 0: 0 at x = 0 when p > 0, 1 when p = 0. While the result lies in 10⁻³⁰..10³⁰ the error is at most 3 ulp
/// for |p| ≤ 2.4 and |p| + 1 ulp beyond, where the rounding of p·log2 x weighs more.
///
/// The product p·log2 x is formed in two parts so that a large exponent does not multiply the rounding error.
#[inline(always)]
pub fn pow<L: Lane>(x: L, p: L) -> L {
    let (exponent, mantissa) = log2_parts(x);
    let coarse = p.to_bits().and(p.to_bits().lit(0xffff_f000)).bits_to_float();
    let whole = coarse * exponent;
    let rest = (p - coarse) * exponent + p * mantissa;
    let total = (whole + rest).clamp(-126.0, 127.499);
    let n = (total + 0.5).floor();
    let fraction = ((whole - n) + rest).clamp(-1.0, 1.0);
    let power = exp2_fraction(fraction) * exp2_integer(n);
    let zero = x.lit(0.0);
    let one = x.lit(1.0);
    let at_zero = L::pick(p.gt(zero), zero, L::pick(p.lt(zero), x.lit(f32::MAX), one));
    // x¹ is x to the bit, so that the shortcut of `Lane::pow` is one.
    let power = L::pick(p.same(one), x, power);
    L::pick(x.gt(zero), power, at_zero)
}

/// x^(−1/n) within 3 % for normal x > 0, the way that fast inverse square roots start (Lomont 2003): bits are nearly a
/// logarithm.
#[inline(always)]
fn root_start<L: Lane>(x: L, reciprocal: f32, bits: f32) -> L {
    let root = x.lit(bits) - x.to_bits().to_float_signed() * reciprocal;
    root.to_int().bits_to_float()
}

/// The largest argument whose powers below stay finite.
const MOST_ARGUMENT: f32 = 1e15;

/// x^(5/12) for 0 ≤ x ≤ 10¹⁵, limited to that: the curve of sRGB towards a display; error ≤ 4 ulp.
///
/// From w = x^(−1/12) in two steps: the first is Newton's, with the two numbers that leave the least error on both sides;
/// the second the series of (1 − e)^(−7/12) for what is left. Without a division, and without the care for any exponent,
/// it takes 26 operations where [`pow`] takes 60.
#[inline(always)]
pub fn pow_5_12<L: Lane>(x: L) -> L {
    let x = x.clamp(0.0, MOST_ARGUMENT);
    let w = root_start(x, 1.0 / 12.0, 1.153_707_6e9);
    let square = w * w;
    let sixth = square * square * square;
    let w = w * (x * sixth * sixth * -0.082_095_83 + 1.084_939_3);
    let square = w * w;
    let sixth = square * square * square;
    let t = x * sixth;
    let e = x.lit(1.0) - t * sixth;
    let y = t * w;
    y * (((e * 0.398_138_44 + 0.462_241_7) * e + 0.583_333_2) * e) + y
}

/// x^(12/5) for 0 ≤ x ≤ 10¹⁵, limited to that: the curve of sRGB from a display; error ≤ 6 ulp. As [`pow_5_12`], from
/// w = x^(−1/5).
#[inline(always)]
pub fn pow_12_5<L: Lane>(x: L) -> L {
    let x = x.clamp(0.0, MOST_ARGUMENT);
    let w = root_start(x, 1.0 / 5.0, 1.277_929e9);
    let square = w * w;
    let w = w * (x * w * (square * square) * -0.199_664_94 + 1.201_130_9);
    let square = w * w;
    let t = x * w;
    let e = x.lit(1.0) - t * (square * square);
    let y = t * t * t;
    y * ((e * 0.480_019_23 + 0.600_017_5) * e) + y
}

/// x·π/2 reduced: the quadrant as a float in 0..4 and the remainder within ±π/4.
#[inline(always)]
fn quadrant<L: Lane>(x: L) -> (L, L) {
    let k = (x * core::f32::consts::FRAC_2_PI + 0.5).floor();
    let r = x - k * 1.570_312_5;
    let r = r - k * 4.837_513e-4;
    let r = r - k * 7.549_79e-8;
    (k - (k * 0.25).floor() * 4.0, r)
}

/// sin and cos of a remainder within ±π/4.
#[inline(always)]
fn sin_cos_reduced<L: Lane>(r: L) -> (L, L) {
    let z = r * r;
    let s = z * -1.951_529_6e-4 + 8.332_161e-3;
    let s = z * s - 1.666_665_5e-1;
    let sin = r * (z * s) + r;
    let c = z * 2.443_315_7e-5 - 1.388_731_6e-3;
    let c = z * c + 4.166_664_6e-2;
    let cos = z * z * c - z * 0.5 + 1.0;
    (sin, cos)
}

/// The sine of x radians; absolute error ≤ 1e-7 for |x| ≤ 1000, growing with |x| beyond.
#[inline(always)]
pub fn sin<L: Lane>(x: L) -> L {
    let (quadrant, r) = quadrant(x);
    let (sin, cos) = sin_cos_reduced(r);
    let odd = (quadrant * 0.5).frac().gt(x.lit(0.25));
    let value = L::pick(odd, cos, sin);
    L::pick(quadrant.gt(x.lit(1.5)), -value, value)
}

/// The cosine of x radians; absolute error ≤ 1e-7 for |x| ≤ 1000, growing with |x| beyond.
#[inline(always)]
pub fn cos<L: Lane>(x: L) -> L {
    let (quadrant, r) = quadrant(x);
    let (sin, cos) = sin_cos_reduced(r);
    let odd = (quadrant * 0.5).frac().gt(x.lit(0.25));
    let value = L::pick(odd, sin, cos);
    let negative = quadrant.gt(x.lit(0.5)) & quadrant.lt(x.lit(2.5));
    L::pick(negative, -value, value)
}

/// The angle of (x, y) in radians, −π..π; 0 at the origin; absolute error ≤ 3e-7.
#[inline(always)]
pub fn atan2<L: Lane>(y: L, x: L) -> L {
    let zero = x.lit(0.0);
    let (ax, ay) = (x.abs(), y.abs());
    let (low, high) = (ax.min(ay), ax.max(ay));
    let ratio = low / L::pick(high.gt(zero), high, x.lit(1.0));
    // Above tan(π/8) turn by π/4, so that the polynomial sees at most 0.4142.
    let turn = ratio.gt(x.lit(0.414_213_57));
    let t = L::pick(turn, (ratio - 1.0) / (ratio + 1.0), ratio);
    let z = t * t;
    let p = z * 8.053_745e-2 - 1.387_768_6e-1;
    let p = z * p + 1.997_771_1e-1;
    let p = z * p - 3.333_295e-1;
    let angle = t * (z * p) + t;
    let angle = L::pick(turn, angle + core::f32::consts::FRAC_PI_4, angle);
    let angle = L::pick(ay.gt(ax), x.lit(core::f32::consts::FRAC_PI_2) - angle, angle);
    let angle = L::pick(x.lt(zero), x.lit(core::f32::consts::PI) - angle, angle);
    L::pick(y.lt(zero), -angle, angle)
}

/// The odd cube root; error ≤ 3 ulp.
#[inline(always)]
pub fn cbrt<L: Lane>(x: L) -> L {
    let root = x.abs().pow(x.lit(1.0 / 3.0));
    L::pick(x.lt(x.lit(0.0)), -root, root)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The greatest error of `ours` against `exact` in units of the last place of the exact value, with an
    /// absolute floor below which a difference does not count.
    fn worst(
        inputs: impl Iterator<Item = f32>,
        floor: f64,
        ours: impl Fn(f32) -> f32,
        exact: impl Fn(f64) -> f64,
    ) -> f64 {
        inputs
            .map(|x| {
                let (a, b) = (f64::from(ours(x)), exact(f64::from(x)));
                let ulp = f64::from(f32::from_bits((b.abs() as f32).to_bits() + 1)) - f64::from(b.abs() as f32);
                ((a - b).abs() - floor).max(0.0) / ulp
            })
            .fold(0.0, f64::max)
    }

    fn dense(low: f32, high: f32) -> impl Iterator<Item = f32> {
        (0..400_000).map(move |i| low + (high - low) * (i as f32 / 399_999.0))
    }

    fn positive(step: usize) -> impl Iterator<Item = f32> {
        (0x0080_0000..0x7f00_0000).step_by(step).map(f32::from_bits)
    }

    #[test]
    fn logarithm_and_power_of_two_hold_their_bounds() {
        assert!(worst(positive(4099), 1e-7, log2, f64::log2) <= 2.0);
        assert!(worst(dense(-125.9, 127.4), 0.0, exp2, f64::exp2) <= 1.5);
    }

    #[test]
    fn power_holds_its_bound_for_small_and_large_exponents() {
        for exponent in [2.4f32, 1.0 / 2.4, 0.45, 1.0 / 3.0, 7.5, 20.0] {
            let exact = |x: f64| x.powf(f64::from(exponent));
            let error = worst(dense(0.05, 4.0), 0.0, |x| pow(x, exponent), exact);
            let bound = if exponent <= 2.4 { 3.0 } else { f64::from(exponent) + 1.0 };
            assert!(error <= bound, "x^{exponent}: {error} ulp");
        }
        assert_eq!(pow(0.0f32, 2.0), 0.0);
        assert_eq!(pow(0.0f32, 0.0), 1.0);
        assert_eq!(pow(1.0f32, 17.3), 1.0);
    }

    #[test]
    fn powers_of_display_curves_hold_their_bounds() {
        for (name, ours, exponent, bound) in
            [("5/12", pow_5_12 as fn(f32) -> f32, 5.0 / 12.0, 4.0), ("12/5", pow_12_5, 2.4, 6.0)]
        {
            let inputs = positive(4099).filter(|x| (1e-12..MOST_ARGUMENT).contains(x)).chain(dense(1e-3, 2.0));
            let error = worst(inputs, 0.0, ours, |x| x.powf(exponent));
            assert!(error <= bound, "x^{name}: {error} ulp");
            assert_eq!((ours(0.0), ours(1.0)), (0.0, 1.0), "x^{name}");
            assert!([f32::MAX, f32::INFINITY, f32::NAN, -1.0].map(ours).iter().all(|v| v.is_finite()), "x^{name}");
        }
    }

    #[test]
    fn trigonometry_holds_its_bounds() {
        assert!(worst(dense(-1000.0, 1000.0), 1e-7, sin, f64::sin) <= 0.5);
        assert!(worst(dense(-1000.0, 1000.0), 1e-7, cos, f64::cos) <= 0.5);
        for x in [-3.0f32, -0.5, 0.2, 7.0] {
            let exact = |y: f64| y.atan2(f64::from(x));
            assert!(worst(dense(-9.0, 9.0), 3e-7, |y| atan2(y, x), exact) <= 0.5);
        }
        assert_eq!(atan2(0.0f32, 0.0), 0.0);
    }

    #[test]
    fn cube_root_is_odd_and_holds_its_bound() {
        assert!(worst(dense(1e-4, 8.0), 0.0, cbrt, f64::cbrt) <= 3.0);
        assert_eq!(cbrt(-0.3f32), -cbrt(0.3f32));
    }

    #[test]
    #[ignore = "visits every positive normal f32: about a minute"]
    fn every_positive_float_holds_the_bounds() {
        assert!(worst(positive(1), 1e-7, log2, f64::log2) <= 2.0);
        assert!(worst(positive(1).filter(|x| *x < 1e4), 0.0, |x| pow(x, 2.4), |x| x.powf(f64::from(2.4f32))) <= 4.0);
        assert!(worst(positive(1).filter(|x| *x < 1000.0), 1e-7, sin, f64::sin) <= 0.5);
    }
}
