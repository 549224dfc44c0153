//! Test pictures: ramps, hues, edges, detail, and an alpha ramp with hidden color where nothing shows.

use bowerbird::Image;
use bowerbird::image::{Alpha, Pixels, Transfer};

/// A chart of any size with display values in 0..1. With alpha, its lower third fades to nothing.
pub fn chart(width: u32, height: u32, alpha: bool) -> Image {
    let mut pixels = Vec::with_capacity(width as usize * height as usize * 4);
    for y in 0..height {
        for x in 0..width {
            let (u, v) = (x as f32 / width.max(2) as f32, y as f32 / height.max(2) as f32);
            let wave = |angle: f32| f64::from(angle).sin() as f32;
            let hue = |shift: f32| (0.5 + 0.5 * wave((u + shift + 0.25) * std::f32::consts::TAU)).clamp(0.0, 1.0);
            let mut c = match (v * 6.0) as u32 {
                0 => [u; 3],
                1 => [hue(0.0), hue(0.333), hue(0.667)],
                2 => [0.78 - 0.2 * u, 0.57 - 0.1 * u, 0.44],
                3 => [f32::from((x / 5 + y / 5) % 2 == 0); 3],
                4 => [0.5 + 0.4 * wave(u * 40.0), 0.5 + 0.3 * wave(v * 60.0 + 1.5), 0.3 + 0.6 * u * v],
                _ => [1.0 - u, u * u, 0.2],
            };
            if (x * 7 + y * 3) % 31 == 0 {
                c = [0.9, 0.1, 0.15];
            }
            let a = if alpha && v > 0.66 { ((1.05 - u) * 1.1 - 0.08).clamp(0.0, 1.0) } else { 1.0 };
            pixels.extend([c[0], c[1], c[2], a].map(|v| (v * 255.0 + 0.5).floor() / 255.0));
        }
    }
    let kind = if alpha { Alpha::Straight } else { Alpha::Opaque };
    Image::from_rgba_f32(width, height, pixels, Transfer::Display, kind).expect("a valid chart")
}

/// The chart in 8-bit codes.
pub fn chart8(width: u32, height: u32, alpha: bool) -> Image {
    Image::from_rgba8(width, height, chart(width, height, alpha).to_rgba8()).expect("a valid chart")
}

/// The float samples of a picture.
pub fn floats(image: &Image) -> &[f32] {
    match image.pixels() {
        Pixels::F32(values) => values,
        other => panic!("a float picture was expected, not {}", other.depth()),
    }
}

/// The 8-bit samples of a picture.
pub fn codes(image: &Image) -> &[u8] {
    match image.pixels() {
        Pixels::U8(values) => values,
        other => panic!("an 8-bit picture was expected, not {}", other.depth()),
    }
}
