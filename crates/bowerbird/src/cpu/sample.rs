//! Reading a picture between its pixels.

use super::View;
use super::border::border;
use crate::effect::{Edge, Filter, Sampler, TILE, Tile};

/// Positions farther out than any picture are pulled in, so that they convert to integers.
const FAR: f32 = 16_777_216.0;

/// Reads `count` positions (full-size pixels, times `scale`) into a tile: sets it when `first`, else adds to it.
#[expect(clippy::too_many_arguments, reason = "a picture, positions in it, and where the result goes")]
pub(super) fn sample(
    view: &View<'_>,
    (width, height): (u32, u32),
    sampler: Sampler,
    positions: &[[f32; TILE]; 2],
    scale: f32,
    count: usize,
    tile: &mut Tile,
    first: bool,
) {
    let picture = Picture { view, width: width.into(), height: height.into(), edge: sampler.edge };
    for index in 0..count {
        let limit = |v: f32| if v >= -FAR { (v * scale).min(FAR) } else { -FAR };
        let (x, y) = (limit(positions[0][index]), limit(positions[1][index]));
        let pixel = match sampler.filter {
            Filter::Nearest => picture.at(x.floor() as i64, y.floor() as i64),
            Filter::Bilinear => picture.bilinear(x - 0.5, y - 0.5),
            Filter::Bicubic => picture.bicubic(x - 0.5, y - 0.5),
        };
        for (plane, value) in tile.0.iter_mut().zip(pixel) {
            plane[index] = if first { value } else { plane[index] + value };
        }
    }
}

struct Picture<'a> {
    view: &'a View<'a>,
    width: i64,
    height: i64,
    edge: Edge,
}

impl Picture<'_> {
    #[inline(always)]
    fn at(&self, x: i64, y: i64) -> [f32; 4] {
        match (border(self.edge, x, self.width), border(self.edge, y, self.height)) {
            (Some(x), Some(y)) => self.view.pixel(x, y),
            _ => [0.0; 4],
        }
    }

    #[inline(always)]
    fn bilinear(&self, u: f32, v: f32) -> [f32; 4] {
        let (i, j) = (u.floor(), v.floor());
        let (fx, fy) = (u - i, v - j);
        let (x, y) = (i as i64, j as i64);
        let across = |y: i64| mix(self.at(x, y), self.at(x + 1, y), fx);
        mix(across(y), across(y + 1), fy)
    }

    #[inline(always)]
    fn bicubic(&self, u: f32, v: f32) -> [f32; 4] {
        let (i, j) = (u.floor(), v.floor());
        let (wx, wy) = (keys(u - i), keys(v - j));
        let (x, y) = (i as i64, j as i64);
        let mut out = [0.0; 4];
        for (row, wy) in wy.into_iter().enumerate() {
            let mut across = [0.0; 4];
            for (column, wx) in wx.into_iter().enumerate() {
                let tap = self.at(x + column as i64 - 1, y + row as i64 - 1);
                for c in 0..4 {
                    across[c] += wx * tap[c];
                }
            }
            for c in 0..4 {
                out[c] += wy * across[c];
            }
        }
        out
    }
}

#[inline(always)]
fn mix(a: [f32; 4], b: [f32; 4], t: f32) -> [f32; 4] {
    core::array::from_fn(|c| a[c] * (1.0 - t) + b[c] * t)
}

/// The weights of the four taps around a fraction `f`: the Keys kernel with a = −½.
#[inline(always)]
fn keys(f: f32) -> [f32; 4] {
    let near = |x: f32| (1.5 * x - 2.5) * x * x + 1.0;
    let far = |x: f32| ((-0.5 * x + 2.5) * x - 4.0) * x + 2.0;
    [far(1.0 + f), near(f), near(1.0 - f), far(2.0 - f)]
}
