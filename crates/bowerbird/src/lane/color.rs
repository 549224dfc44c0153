//! Transfer functions and color models, generic over the lane.
//!
//! Sources: IEC 61966-2-1 (sRGB), Ottosson 2020 (OKLab), Smith 1978 (HSV, HSL). The sRGB curve is the exact
//! piecewise one, extended to negative values by odd symmetry.

use super::{Lane, Rgba, math};

/// Rec.709 weights: luma of display values, luminance of linear ones.
pub const REC709: [f32; 3] = [0.2126, 0.7152, 0.0722];
/// Rec.601 luma weights, only for the grayscale mode of that name.
pub const REC601: [f32; 3] = [0.299, 0.587, 0.114];
/// The W3C's Lum weights, only for the four non-separable blend modes.
pub const LUM: [f32; 3] = [0.3, 0.59, 0.11];
/// Alpha at or below this has no color: unpremultiplying gives black.
pub const LEAST_ALPHA: f32 = 1e-6;
/// Keeps 8-bit code values on their side of a threshold after a round trip through linear light.
pub const GUARD: f32 = 1.0 / 8192.0;

/// sRGB display value to linear light.
#[inline(always)]
pub fn decode<L: Lane>(v: L) -> L {
    let magnitude = v.abs();
    let power = ((magnitude + 0.055) / 1.055).pow_12_5();
    let curved = L::pick(v.lt(v.lit(0.0)), -power, power);
    L::pick(magnitude.le(v.lit(0.04045)), v / 12.92, curved)
}

/// Linear light to sRGB display value.
#[inline(always)]
pub fn encode<L: Lane>(v: L) -> L {
    let magnitude = v.abs();
    let power = magnitude.pow_5_12() * 1.055 - 0.055;
    let curved = L::pick(v.lt(v.lit(0.0)), -power, power);
    L::pick(magnitude.le(v.lit(0.003_130_8)), v * 12.92, curved)
}

/// Decodes the three colors of a straight pixel.
#[inline(always)]
pub fn decode_pixel<L: Lane>(c: Rgba<L>) -> Rgba<L> {
    c.rgb(
        #[inline(always)]
        |v| decode(v),
    )
}

/// Encodes the three colors of a straight pixel.
#[inline(always)]
pub fn encode_pixel<L: Lane>(c: Rgba<L>) -> Rgba<L> {
    c.rgb(
        #[inline(always)]
        |v| encode(v),
    )
}

/// Hue in sixths of a turn (0..6), from colors and their maximum and range; 0 for gray.
#[inline(always)]
fn hue_sixths<L: Lane>(c: Rgba<L>, most: L, range: L) -> L {
    let zero = most.lit(0.0);
    let gray = range.le(zero);
    let divisor = L::pick(gray, most.lit(1.0), range);
    let from_red = (c.g - c.b) / divisor;
    let from_red = L::pick(from_red.lt(zero), from_red + 6.0, from_red);
    let from_green = (c.b - c.r) / divisor + 2.0;
    let from_blue = (c.r - c.g) / divisor + 4.0;
    let hue = L::pick(most.same(c.r), from_red, L::pick(most.same(c.g), from_green, from_blue));
    L::pick(gray, zero, hue)
}

/// Display RGB in 0..1 to hue (degrees, 0..360), saturation and lightness.
#[inline(always)]
pub fn rgb_to_hsl<L: Lane>(c: Rgba<L>) -> [L; 3] {
    let (most, least) = (c.max_rgb(), c.min_rgb());
    let range = most - least;
    let lightness = (most + least) * 0.5;
    let spread = lightness.lit(1.0) - (lightness * 2.0 - 1.0).abs();
    let gray = range.le(most.lit(0.0));
    let saturation = L::pick(gray, most.lit(0.0), range / L::pick(gray, most.lit(1.0), spread));
    [hue_sixths(c, most, range) * 60.0, saturation, lightness]
}

/// Hue (degrees), saturation and lightness to display RGB.
#[inline(always)]
pub fn hsl_to_rgb<L: Lane>([h, s, l]: [L; 3], a: L) -> Rgba<L> {
    let amplitude = s * l.min(l.lit(1.0) - l);
    let channel = crate::lane::inlined(
        #[inline(always)]
        |n: f32| {
            let k = h / 30.0 + n;
            let k = k - (k / 12.0).floor() * 12.0;
            let wave = (k - 3.0).min(k.lit(9.0) - k).min(k.lit(1.0)).max(k.lit(-1.0));
            l - amplitude * wave
        },
    );
    Rgba::new(channel(0.0), channel(8.0), channel(4.0), a)
}

/// Display RGB in 0..1 to hue (degrees, 0..360), saturation and value.
#[inline(always)]
pub fn rgb_to_hsv<L: Lane>(c: Rgba<L>) -> [L; 3] {
    let (most, least) = (c.max_rgb(), c.min_rgb());
    let range = most - least;
    let black = most.le(most.lit(0.0));
    let saturation = L::pick(black, most.lit(0.0), range / L::pick(black, most.lit(1.0), most));
    [hue_sixths(c, most, range) * 60.0, saturation, most]
}

/// Hue (degrees), saturation and value to display RGB.
#[inline(always)]
pub fn hsv_to_rgb<L: Lane>([h, s, v]: [L; 3], a: L) -> Rgba<L> {
    let channel = crate::lane::inlined(
        #[inline(always)]
        |n: f32| {
            let k = h / 60.0 + n;
            let k = k - (k / 6.0).floor() * 6.0;
            let wave = k.min(k.lit(4.0) - k).clamp01();
            v - v * s * wave
        },
    );
    Rgba::new(channel(5.0), channel(3.0), channel(1.0), a)
}

/// Linear RGB to the responses of the cones, the first matrix of OKLab.
const CONES: [[f64; 3]; 3] = [
    [0.412_221_470_8, 0.536_332_536_3, 0.051_445_992_9],
    [0.211_903_498_2, 0.680_699_545_1, 0.107_396_956_6],
    [0.088_302_461_9, 0.281_718_837_6, 0.629_978_700_5],
];

/// Cube roots of what the cones take of a linear color, in f64. OKLab is a matrix of these, so what is a straight line in
/// one is a straight line in the other.
pub(crate) fn linear_to_cone_roots([r, g, b]: [f64; 3]) -> [f64; 3] {
    CONES.map(|[red, green, blue]| (red * r + green * g + blue * b).cbrt())
}

/// Linear straight RGB to OKLab lightness, a and b.
#[inline(always)]
pub fn linear_to_oklab<L: Lane>(c: Rgba<L>) -> [L; 3] {
    const WEIGHTS: [[f32; 3]; 3] = {
        let [[a, b, c], [d, e, f], [g, h, i]] = CONES;
        [[a as f32, b as f32, c as f32], [d as f32, e as f32, f as f32], [g as f32, h as f32, i as f32]]
    };
    let l = math::cbrt(c.dot(WEIGHTS[0]));
    let m = math::cbrt(c.dot(WEIGHTS[1]));
    let s = math::cbrt(c.dot(WEIGHTS[2]));
    let lms = Rgba::new(l, m, s, l);
    [
        lms.dot([0.210_454_26, 0.793_617_8, -0.004_072_047]),
        lms.dot([1.977_998_5, -2.428_592_2, 0.450_593_7]),
        lms.dot([0.025_904_037, 0.782_771_77, -0.808_675_77]),
    ]
}

/// OKLab to linear straight RGB.
#[inline(always)]
pub fn oklab_to_linear<L: Lane>([l, a, b]: [L; 3], alpha: L) -> Rgba<L> {
    let long = l + a * 0.396_337_78 + b * 0.215_803_76;
    let medium = l - a * 0.105_561_346 - b * 0.063_854_17;
    let short = l - a * 0.089_484_18 - b * 1.291_485_5;
    cone_roots_to_linear(Rgba::new(long, medium, short, alpha))
}

/// Cube roots of what the cones take to the linear color, the second half of the way back from OKLab.
#[inline(always)]
pub fn cone_roots_to_linear<L: Lane>(root: Rgba<L>) -> Rgba<L> {
    let cube = root.rgb(
        #[inline(always)]
        |v| v * v * v,
    );
    Rgba::new(
        cube.dot([4.076_741_7, -3.307_711_6, 0.230_969_93]),
        cube.dot([-1.268_438, 2.609_757_4, -0.341_319_4]),
        cube.dot([-0.004_196_086_3, -0.703_418_6, 1.707_614_7]),
        root.a,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Four-digit vectors of the catalogue, in single precision.
    const VECTOR: f32 = 2e-6;

    fn near(a: f32, b: f32) -> bool {
        (a - b).abs() <= VECTOR * b.abs().max(1.0)
    }

    #[test]
    fn transfer_matches_the_vectors_and_inverts() {
        for (v, l) in
            [(10.0 / 255.0, 0.003_035_27), (11.0 / 255.0, 0.003_346_536), (1.5, 2.537_155_2), (-0.5, -0.214_041_14)]
        {
            assert!(near(decode(v), l), "decode({v}) = {}", decode(v));
        }
        for (l, v) in [(0.001, 0.012_92), (0.18, 0.461_356_13), (2.0, 1.353_256)] {
            assert!(near(encode(l), v), "encode({l}) = {}", encode(l));
        }
        for code in 0..=255u8 {
            let v = f32::from(code) / 255.0;
            assert!((encode(decode(v)) - v).abs() <= 1e-6);
        }
    }

    #[test]
    fn models_return_where_they_came_from() {
        let colors = [[0.6, 0.4, 0.3], [0.1, 0.9, 0.5], [0.2, 0.2, 0.2], [1.0, 0.0, 0.0], [0.3, 0.1, 0.8]];
        for [r, g, b] in colors {
            let c = Rgba::<f32>::new(r, g, b, 1.0);
            for back in [
                hsl_to_rgb(rgb_to_hsl(c), 1.0),
                hsv_to_rgb(rgb_to_hsv(c), 1.0),
                oklab_to_linear(linear_to_oklab(c), 1.0),
            ] {
                assert!(near(back.r, r) && near(back.g, g) && near(back.b, b), "{c:?} became {back:?}");
            }
        }
    }

    #[test]
    fn oklab_matches_the_vectors() {
        let red = linear_to_oklab(Rgba::<f32>::new(1.0, 0.0, 0.0, 1.0));
        assert!(near(red[0], 0.627_955_4) && near(red[1], 0.224_863_06) && near(red[2], 0.125_846_3));
    }
}
