//! White balance by color temperature and tint.

use crate::effect::{Point, Setup};
use crate::lane::{At, Lane, Rgba};
use crate::matrix::{diagonal, inverse, product, times};
use bowerbird_derive::{Params, effect};

/// Warms or cools the picture as if its light had that color temperature; higher is warmer.
///
/// Sources: Kang et al. 2002 for the Planckian locus, Bradford adaptation.
#[derive(Clone, Debug, PartialEq, Params)]
#[effect(id = "temperature", label = "Temperature and tint", family = "color", domain = "L")]
pub struct Temperature {
    /// The color temperature that the scene is taken to be lit by.
    #[param(default = 6500.0, soft = (3000.0, 12000.0), hard = (1700.0, 24000.0), unit = "K")]
    pub kelvin: f64,
    /// Positive is magenta, negative green.
    #[param(default = 0.0, soft = (-1.0, 1.0), hard = (-2.0, 2.0))]
    pub tint: f64,
}

const XYZ: [[f64; 3]; 3] =
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]];
const BRADFORD: [[f64; 3]; 3] = [[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]];

/// The Planckian locus in the CIE 1960 (u, v) diagram.
fn locus(kelvin: f64) -> [f64; 2] {
    let t = kelvin;
    let x = if t <= 4000.0 {
        -0.2661239e9 / t.powi(3) - 0.2343589e6 / t.powi(2) + 0.8776956e3 / t + 0.179910
    } else {
        -3.0258469e9 / t.powi(3) + 2.1070379e6 / t.powi(2) + 0.2226347e3 / t + 0.240390
    };
    let [a, b, c, d] = if t <= 2222.0 {
        [-1.1063814, -1.34811020, 2.18555832, -0.20219683]
    } else if t <= 4000.0 {
        [-0.9549476, -1.37418593, 2.09137015, -0.16748867]
    } else {
        [3.0817580, -5.87338670, 3.75112997, -0.37001483]
    };
    let y = ((a * x + b) * x + c) * x + d;
    let q = -2.0 * x + 12.0 * y + 3.0;
    [4.0 * x / q, 6.0 * y / q]
}

/// The XYZ of the white of a temperature and tint, with Y = 1.
fn white(kelvin: f64, tint: f64) -> [f64; 3] {
    let (before, after) = (locus(kelvin / 1.01), locus(kelvin * 1.01));
    let along = [after[0] - before[0], after[1] - before[1]];
    let length = along[0].hypot(along[1]);
    let across = [-along[1] / length, along[0] / length];
    let sign = if across[1] > 0.0 { 1.0 } else { -1.0 };
    let at = locus(kelvin);
    let (u, v) = (at[0] + 0.01 * tint * across[0] * sign, at[1] + 0.01 * tint * across[1] * sign);
    let q = 2.0 * u - 8.0 * v + 4.0;
    let (x, y) = (3.0 * u / q, 2.0 * v / q);
    [x / y, 1.0, (1.0 - x - y) / y]
}

impl Temperature {
    /// The matrix on linear RGB, row by row, with the luminance of white kept.
    pub fn matrix(&self) -> [[f64; 3]; 3] {
        let (from, to) = (times(BRADFORD, white(self.kelvin, self.tint)), times(BRADFORD, white(6500.0, 0.0)));
        let gains = core::array::from_fn(|k| to[k] / from[k]);
        let adapt = product(inverse(BRADFORD), product(diagonal(gains), BRADFORD));
        let matrix = product(inverse(XYZ), product(adapt, XYZ));
        let luminance = times(XYZ, times(matrix, [1.0; 3]))[1];
        matrix.map(|row| row.map(|v| v / luminance))
    }
}

#[effect]
impl Point<9> for Temperature {
    fn identity(&self) -> bool {
        self.kelvin == 6500.0 && self.tint == 0.0
    }
    fn prepare(&self, _: &Setup) -> [f64; 9] {
        let m = self.matrix();
        core::array::from_fn(|k| m[k / 3][k % 3])
    }
    fn pixel<L: Lane>(u: [L; 9], c: Rgba<L>, _: &At<'_, L>) -> Rgba<L> {
        Rgba {
            r: c.r * u[0] + c.g * u[1] + c.b * u[2],
            g: c.r * u[3] + c.g * u[4] + c.b * u[5],
            b: c.r * u[6] + c.g * u[7] + c.b * u[8],
            a: c.a,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn matrices_match_the_catalogue() {
        let cool = Temperature { kelvin: 5000.0, tint: 0.0 }.matrix();
        let warm = Temperature { kelvin: 8000.0, tint: 1.0 }.matrix();
        for (found, expected) in [
            (cool[0], [0.936892, -0.089703, -0.016327]),
            (cool[2], [0.007585, 0.027354, 1.303015]),
            (warm[0], [1.082940, 0.151397, 0.009992]),
            (warm[2], [-0.003039, -0.006088, 0.912721]),
        ] {
            assert!(found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-6), "{found:?} is not {expected:?}");
        }
    }
}
