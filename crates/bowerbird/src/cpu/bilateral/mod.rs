//! The bilateral mean, neighbor by neighbor.

pub(super) mod codes;
mod pairs;

use super::window::Strip;
use crate::effect::{Isa, Tile};
use crate::graph::Neighbors;
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

/// Which neighbors are looked at, and how the weight falls with distance and with difference.
#[derive(Clone, Debug, Default)]
pub(super) struct Falloff {
    /// For each neighbor where it lies, in samples from the window's first, and what its distance adds to the argument of
    /// [`decay`].
    pub(super) near: Vec<(usize, f32)>,
    /// What the square of the difference is multiplied by there.
    pub(super) alike: f32,
}

impl Falloff {
    /// From the table of the neighbors and what the square of the difference is multiplied by, for powers of two.
    pub(super) fn set(&mut self, (table, falloff): (&[f32], f32), strip: &Strip) {
        let argument = -(core::f32::consts::LN_2 / 16.0);
        self.alike = falloff * argument;
        self.near.clear();
        let place = |offset: f32, reach: usize| (offset + reach as f32) as usize;
        self.near.extend(table.as_chunks::<{ Neighbors::ENTRIES }>().0.iter().map(|[dx, dy, weight]| {
            (place(*dy, strip.reach[1]) * strip.stride + place(*dx, strip.reach[0]), weight * argument)
        }));
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
    // The alpha plane of an opaque picture is not filled.
    let alpha = if opaque { splat(1.0) } else { at_center(3) };
    if falloff.near.len() < 2 {
        return [r, g, b, alpha];
    }
    let zero = splat(0.0);
    let (mut sum_r, mut sum_g, mut sum_b, mut total) = (zero, zero, zero, zero);
    let alike = splat(falloff.alike);
    let first = row * strip.stride + x;
    for (place, near) in &falloff.near {
        let at = |c: usize| load(&planes[c][first + place..first + place + len]);
        let (cr, cg, cb) = (at(0), at(1), at(2));
        let (dr, dg, db) = (cr - r, cg - g, cb - b);
        let difference = dr * dr + dg * dg + db * db;
        let mut weight = decay(difference * alike + splat(*near));
        if !opaque {
            weight = weight * at(3);
        }
        sum_r = sum_r + weight * cr;
        sum_g = sum_g + weight * cg;
        sum_b = sum_b + weight * cb;
        total = total + weight;
    }
    let any = total.gt(zero);
    let divisor = L::pick(any, total, splat(1.0));
    let mean = |sum: L, own: L| L::pick(any, sum / divisor, own);
    [mean(sum_r, r), mean(sum_g, g), mean(sum_b, b), alpha]
}
