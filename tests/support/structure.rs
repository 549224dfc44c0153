//! How like two pictures are to an eye: structural similarity and color difference.

/// A picture as premultiplied display RGB, row by row.
#[derive(Clone, Copy, Debug)]
pub struct Picture<'a> {
    /// Red, green and blue, 0..1.
    pub pixels: &'a [[f32; 3]],
    /// Pixels of a row.
    pub width: usize,
}

/// The side of the squares that structure is compared in.
const SIDE: usize = 7;

/// The mean structural similarity of the channels (Wang, Bovik, Sheikh and Simoncelli 2004) over squares of seven pixels;
/// 1 for equal pictures.
pub fn ssim(a: Picture<'_>, b: Picture<'_>) -> f64 {
    let (c1, c2) = (0.01f64.powi(2), 0.03f64.powi(2));
    let height = a.pixels.len() / a.width;
    let side = SIDE.min(a.width).min(height);
    let (mut sum, mut count) = (0.0, 0.0);
    for (y, x) in (0..=height - side).flat_map(|y| (0..=a.width - side).map(move |x| (y, x))) {
        for c in 0..3 {
            let mut moments = [0.0; 5];
            for at in (y..y + side).flat_map(|y| (x..x + side).map(move |x| y * a.width + x)) {
                let (a, b) = (f64::from(a.pixels[at][c]), f64::from(b.pixels[at][c]));
                moments.iter_mut().zip([a, b, a * a, b * b, a * b]).for_each(|(sum, v)| *sum += v);
            }
            let [a, b, aa, bb, ab] = moments.map(|sum| sum / (side * side) as f64);
            let (of_a, of_b, of_both) = (aa - a * a, bb - b * b, ab - a * b);
            sum += (2.0 * a * b + c1) * (2.0 * of_both + c2) / ((a * a + b * b + c1) * (of_a + of_b + c2));
            count += 1.0;
        }
    }
    sum / count
}

/// The color difference (CIEDE2000, D65) that a hundredth of the pixels exceed.
pub fn color_difference(a: Picture<'_>, b: Picture<'_>) -> f64 {
    let mut differences: Vec<f64> = a.pixels.iter().zip(b.pixels).map(|(a, b)| ciede2000(lab(*a), lab(*b))).collect();
    differences.sort_unstable_by(f64::total_cmp);
    differences[(differences.len() - 1) * 99 / 100]
}

/// CIE L*a*b* of a display color.
fn lab(color: [f32; 3]) -> [f64; 3] {
    let [r, g, b] = color.map(|v| {
        let v = f64::from(v);
        if v <= 0.04045 { v / 12.92 } else { ((v + 0.055) / 1.055).powf(2.4) }
    });
    let f = |v: f64| if v > 216.0 / 24389.0 { v.cbrt() } else { (24389.0 / 27.0 * v + 16.0) / 116.0 };
    let x = f((0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / 0.95047);
    let y = f(0.2126729 * r + 0.7151522 * g + 0.0721750 * b);
    let z = f((0.0193339 * r + 0.1191920 * g + 0.9503041 * b) / 1.08883);
    [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
}

/// The formula of Sharma, Wu and Dalal 2005.
fn ciede2000([l1, a1, b1]: [f64; 3], [l2, a2, b2]: [f64; 3]) -> f64 {
    let chroma = (a1.hypot(b1) + a2.hypot(b2)) / 2.0;
    let steep = |c: f64| (c.powi(7) / (c.powi(7) + 25f64.powi(7))).sqrt();
    let g = 0.5 * (1.0 - steep(chroma));
    let (a1, a2) = ((1.0 + g) * a1, (1.0 + g) * a2);
    let (c1, c2) = (a1.hypot(b1), a2.hypot(b2));
    let hue = |a: f64, b: f64| if a == 0.0 && b == 0.0 { 0.0 } else { b.atan2(a).to_degrees().rem_euclid(360.0) };
    let (h1, h2) = (hue(a1, b1), hue(a2, b2));
    let turn = match h2 - h1 {
        _ if c1 * c2 == 0.0 => 0.0,
        d if d > 180.0 => d - 360.0,
        d if d < -180.0 => d + 360.0,
        d => d,
    };
    let (dl, dc, dh) = (l2 - l1, c2 - c1, 2.0 * (c1 * c2).sqrt() * (turn / 2.0).to_radians().sin());
    let (l, c) = ((l1 + l2) / 2.0, (c1 + c2) / 2.0);
    let h = match h1 + h2 {
        sum if c1 * c2 == 0.0 => sum,
        sum if (h1 - h2).abs() <= 180.0 => sum / 2.0,
        sum if sum < 360.0 => (sum + 360.0) / 2.0,
        sum => (sum - 360.0) / 2.0,
    };
    let cos = |degrees: f64| degrees.to_radians().cos();
    let t = 1.0 - 0.17 * cos(h - 30.0) + 0.24 * cos(2.0 * h) + 0.32 * cos(3.0 * h + 6.0) - 0.2 * cos(4.0 * h - 63.0);
    let sl = 1.0 + 0.015 * (l - 50.0).powi(2) / (20.0 + (l - 50.0).powi(2)).sqrt();
    let (sc, sh) = (1.0 + 0.045 * c, 1.0 + 0.015 * c * t);
    let rotation = -(60.0 * (-((h - 275.0) / 25.0).powi(2)).exp()).to_radians().sin() * 2.0 * steep(c);
    let (l, c, h) = (dl / sl, dc / sc, dh / sh);
    (l * l + c * c + h * h + rotation * c * h).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn color_differences_are_those_of_the_paper() {
        // Pairs 1, 7, 17 and 25 of the paper's table.
        for (a, b, expected) in [
            ([50.0, 2.6772, -79.7751], [50.0, 0.0, -82.7485], 2.0425),
            ([50.0, 0.0, 0.0], [50.0, -1.0, 2.0], 2.3669),
            ([50.0, 2.5, 0.0], [73.0, 25.0, -18.0], 27.1492),
            ([60.2574, -34.0099, 36.2677], [60.4626, -34.1751, 39.4387], 1.2644),
        ] {
            assert!((ciede2000(a, b) - expected).abs() < 5e-5, "{}", ciede2000(a, b));
        }
    }
}
