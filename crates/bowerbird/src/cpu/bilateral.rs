//! The bilateral mean, neighbor by neighbor.

use super::window::Strip;
use crate::effect::{Isa, Tile};
use crate::lane::{Lane, Wide};
use fearless_simd::{Simd, dispatch};

/// Arguments of the sixteenth root of the weight beyond this are nothing: 10⁻⁹ beside the center's weight of 1.
const NEGLIGIBLE: f32 = 1.6;

/// e^(−16t) for t ≥ 0, as the sixteenth power of a polynomial: within 10⁻⁷ everywhere, and cheaper than a power of
/// two with its exponent's bits.
#[inline(always)]
fn decay<L: Lane>(t: L) -> L {
    let t = t.min(t.lit(NEGLIGIBLE));
    // In two halves, so that fewer operations wait for one another.
    let square = t * t;
    let high = ((t.lit(1.0 / 24.0) - t * (1.0 / 120.0)) * t - t.lit(1.0 / 6.0)) * t + t.lit(0.5);
    let root = high * square + (t.lit(1.0) - t);
    let mut power = root * root;
    power = power * power;
    power = power * power;
    power * power
}

/// How the weight falls with distance and with difference.
#[derive(Clone, Debug, Default)]
pub(super) struct Falloff {
    /// For each neighbor, row by row, what its distance adds to the argument of [`decay`].
    pub(super) near: Vec<f32>,
    /// What the square of the difference is multiplied by there.
    pub(super) alike: f32,
}

impl Falloff {
    /// From what the squares of distance and difference are multiplied by, for powers of two.
    pub(super) fn set(&mut self, [rx, ry]: [usize; 2], falloff: [f32; 2]) {
        let [near, alike] = falloff.map(|falloff| falloff * -(core::f32::consts::LN_2 / 16.0));
        self.alike = alike;
        self.near.clear();
        let square = |offset: usize, radius: usize| (offset as f32 - radius as f32).powi(2);
        self.near
            .extend((0..=2 * ry).flat_map(|dy| (0..=2 * rx).map(move |dx| (square(dx, rx) + square(dy, ry)) * near)));
    }
}

/// One row of a strip.
pub(super) fn row(
    isa: Isa,
    planes: [&[f32]; 4],
    strip: &Strip,
    row: usize,
    falloff: &Falloff,
    opaque: bool,
    out: &mut Tile,
) {
    let count = strip.samples;
    match isa {
        Isa::Scalar => (0..count).for_each(|x| {
            let found = mean(&planes, 1, |v: &[f32]| v[0], |v| v, (strip, row, x), falloff, opaque);
            found.into_iter().zip(&mut out.0).for_each(|(v, out)| out[x] = v);
        }),
        Isa::Simd(level) => dispatch!(level, simd => registers(simd, planes, strip, row, falloff, opaque, out)),
    }
}

#[inline(always)]
fn registers<S: Simd>(
    simd: S,
    planes: [&[f32]; 4],
    strip: &Strip,
    row: usize,
    falloff: &Falloff,
    opaque: bool,
    out: &mut Tile,
) {
    for x in (0..strip.samples).step_by(Wide::<S>::LEN) {
        let (load, splat) = (|v: &[f32]| Wide::load(simd, v), |v| Wide::splat(simd, v));
        let found = mean(&planes, Wide::<S>::LEN, load, splat, (strip, row, x), falloff, opaque);
        found.into_iter().zip(&mut out.0).for_each(|(v, out)| v.store(&mut out[x..]));
    }
}

#[inline(always)]
fn mean<L: Lane>(
    planes: &[&[f32]; 4],
    len: usize,
    load: impl Fn(&[f32]) -> L,
    splat: impl Fn(f32) -> L,
    (strip, row, x): (&Strip, usize, usize),
    falloff: &Falloff,
    opaque: bool,
) -> [L; 4] {
    let [rx, ry] = strip.reach;
    let center = (row + ry) * strip.stride + x + rx;
    let at_center = |c: usize| load(&planes[c][center..center + len]);
    let [r, g, b] = [at_center(0), at_center(1), at_center(2)];
    if rx == 0 {
        return [r, g, b, at_center(3)];
    }
    let zero = splat(0.0);
    let (mut sum_r, mut sum_g, mut sum_b, mut total) = (zero, zero, zero, zero);
    let alike = splat(falloff.alike);
    for (dy, near) in falloff.near.chunks_exact(2 * rx + 1).enumerate() {
        let first = (row + dy) * strip.stride + x;
        let line = |c: usize| planes[c][first..first + 2 * rx + len].windows(len);
        for ((((cr, cg), cb), ca), near) in line(0).zip(line(1)).zip(line(2)).zip(line(3)).zip(near) {
            let (cr, cg, cb) = (load(cr), load(cg), load(cb));
            let (dr, dg, db) = (cr - r, cg - g, cb - b);
            let difference = dr * dr + dg * dg + db * db;
            let mut weight = decay(difference * alike + splat(*near));
            if !opaque {
                weight = weight * load(ca);
            }
            sum_r = sum_r + weight * cr;
            sum_g = sum_g + weight * cg;
            sum_b = sum_b + weight * cb;
            total = total + weight;
        }
    }
    let any = total.gt(zero);
    let divisor = L::pick(any, total, splat(1.0));
    let mean = |sum: L, own: L| L::pick(any, sum / divisor, own);
    [mean(sum_r, r), mean(sum_g, g), mean(sum_b, b), if opaque { splat(1.0) } else { at_center(3) }]
}
