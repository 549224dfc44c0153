//! The tolerances, each with its reason. No test has one of its own.

/// Arithmetic in f32 against f64: a rounding or two, and an ulp where values are large.
pub const POINT: (f32, f32) = (1e-6, 4.0);
/// Powers, exponentials, trigonometry and long sums against f64.
pub const CHAIN: (f32, f32) = (1e-5, 16.0);
/// Resampling at computed positions, smooth picture: a position of 500 pixels is known to 3e-5.
pub const WARP_SMOOTH: f32 = 2e-5;
/// The same across hard edges, where a position error is multiplied by the step.
pub const WARP_EDGE: f32 = 2e-4;
/// Half an 8-bit code, display encoded: invisible after quantization.
pub const HALF_STEP: f32 = 0.5 / 255.0;
/// A wide Gaussian by another method than the sum: the least PSNR of what a display shows, besides half a code at most.
pub const BLUR_PSNR: f64 = 60.0;
/// Approximations against brute force: the least structural similarity, and the color difference (CIEDE2000) that a
/// hundredth of the pixels may exceed; an eye sees a difference from 1 on.
pub const STRUCTURE: (f64, f64) = (0.995, 1.0);
/// Of the pixels of a discontinuous effect, how many may fall on the other side.
pub const FLIPS: f64 = 0.005;
/// The GPU in precise mode against the CPU, pixel by pixel: compilers may contract and reassociate.
pub const GPU_POINT: (f32, f32) = (2e-6, 4.0);
/// The GPU in fast mode against the CPU, in 8-bit codes: half floats between passes, built-in functions.
pub const GPU_FAST: u8 = 1;
/// Of the pixels of the GPU's fast mode, how many may be one code farther off.
pub const GPU_FAST_OUTLIERS: f64 = 0.001;
/// The same in floats, for frames that are kept: what is kept has 32 bits, so only the built-in functions of conversions
/// differ, by what 8-bit codes do not show.
pub const CLIP_FAST: (f32, f32) = (2e-4, 16.0);
/// A look of ten steps in fast mode: the loosest step's code, times the slope of the curve and the contrast after it.
pub const GPU_LOOK: u8 = 3;
/// A picture rendered small against the full one reduced: about the noise of 8-bit codes times four.
pub const SCALES_PSNR: f64 = 38.0;

/// Whether `a` is within an absolute tolerance plus some units of the last place of `b`.
pub fn near(a: f32, b: f32, (absolute, ulps): (f32, f32)) -> bool {
    let ulp = f32::from_bits(b.abs().to_bits() + 1) - b.abs();
    (a - b).abs() <= absolute + ulps * ulp
}

/// The peak signal-to-noise ratio of two pictures whose largest value is 1, in dB.
pub fn psnr(a: &[f32], b: &[f32]) -> f64 {
    let clamp = |v: &f32| f64::from(v.clamp(0.0, 1.0));
    let mean = a.iter().zip(b).map(|(a, b)| (clamp(a) - clamp(b)).powi(2)).sum::<f64>() / a.len() as f64;
    -10.0 * mean.max(1e-12).log10()
}

/// A Gaussian of 8-bit codes in 16-bit fixed point against the same in floats: each of its two sums loses at most half a
/// unit of 2⁻¹⁵ a product, seventeen at most, of which half is added back.
pub const FIXED_BLUR: f32 = 0.1 / 255.0;

/// A bilateral mean of 8-bit codes in fixed point against the same in floats: weights below 2⁻¹² vanish, and the 80
/// neighbors of a lone pixel may have drawn it by 80 · 2⁻¹² of half the range, 2.5 codes, and rounding. The catalogue
/// allows far more from 2 px on (T3).
pub const FIXED_BILATERAL: f32 = 3.0 / 255.0;
/// The same over a picture, where lone pixels are few.
pub const FIXED_BILATERAL_PSNR: f64 = 50.0;
