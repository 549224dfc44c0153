//! The sRGB curve and the two alpha associations, one pixel at a time.
//!
//! The curve is IEC 61966-2-1, exact piecewise, odd around zero, evaluated in f64 and rounded to f32 once. It acts on
//! straight color only, so a conversion goes premultiplied → straight → other transfer → premultiplied.

use super::{Alpha, Transfer};

/// Alpha at or below this holds no color.
const NO_ALPHA: f32 = 1e-6;

pub(super) type Pixel = [f32; 4];

/// Display value → linear light.
pub(super) fn decode_srgb(display: f32) -> f32 {
    let v = f64::from(display.abs());
    let linear = if v <= 0.04045 { v / 12.92 } else { ((v + 0.055) / 1.055).powf(2.4) };
    linear.copysign(f64::from(display)) as f32
}

/// Linear light → display value.
pub(super) fn encode_srgb(linear: f32) -> f32 {
    let l = f64::from(linear.abs());
    let display = if l <= 0.003_130_8 { 12.92 * l } else { 1.055 * l.powf(1.0 / 2.4) - 0.055 };
    display.copysign(f64::from(linear)) as f32
}

fn color(pixel: Pixel, f: impl Fn(f32) -> f32) -> Pixel {
    let [r, g, b, a] = pixel;
    [f(r), f(g), f(b), a]
}

pub(super) fn straighten(pixel: Pixel) -> Pixel {
    let a = pixel[3];
    if a > NO_ALPHA { color(pixel, |c| c / a) } else { [0.0, 0.0, 0.0, a] }
}

/// Any pixel as display-encoded straight color.
pub(super) fn to_display_straight(pixel: Pixel, transfer: Transfer, alpha: Alpha) -> Pixel {
    let straight = if alpha == Alpha::Premultiplied { straighten(pixel) } else { pixel };
    match transfer {
        Transfer::Display => straight,
        Transfer::Linear => color(straight, encode_srgb),
    }
}

/// Any pixel as premultiplied linear light.
pub(super) fn to_linear_premultiplied(pixel: Pixel, transfer: Transfer, alpha: Alpha) -> Pixel {
    if (transfer, alpha) == (Transfer::Linear, Alpha::Premultiplied) {
        return pixel;
    }
    let straight = if alpha == Alpha::Premultiplied { straighten(pixel) } else { pixel };
    let linear = match transfer {
        Transfer::Display => color(straight, decode_srgb),
        Transfer::Linear => straight,
    };
    color(linear, |c| c * pixel[3])
}
