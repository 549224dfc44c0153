//! Hue rotation.

use crate::effect::{Point, Setup};
use crate::image::Transfer;
use crate::lane::{At, Lane, Rgba, color};
use crate::param::Hue;
use bowerbird_derive::{Choice, Params, effect};

/// How hues are turned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Choice)]
pub enum Mode {
    /// About the gray axis of RGB, keeping luma: fast, and what browsers do.
    Matrix,
    /// Around the color wheel of OKLab, keeping lightness as the eye sees it.
    Oklch,
}

/// Turns all hues by an angle; sources: Filter Effects 1, `hue-rotate()`; Ottosson 2020.
#[derive(Clone, Debug, PartialEq, Params)]
#[effect(id = "hue_rotate", label = "Hue", family = "color", domain = "D", switchable)]
pub struct HueRotate {
    /// The turn; 120 takes red to green.
    #[param(default = 0.0, soft = (-180.0, 180.0), unit = "°")]
    pub angle: Hue,
    /// How hues are turned.
    pub mode: Mode,
}

/// Sine part of the rotation; with 0.7874 where a draft prints 0.7873, so that 0° is exact.
const ACROSS: [[f64; 3]; 3] = [[-0.2126, -0.7152, 0.9278], [0.143, 0.140, -0.283], [-0.7874, 0.7152, 0.0722]];
const LUMA: [f64; 3] = [0.2126, 0.7152, 0.0722];

#[effect]
impl Point<9> for HueRotate {
    /// The mode, and whether the values are linear already.
    type Variant = (Mode, bool);
    fn variant(&self, setup: &Setup) -> Self::Variant {
        (self.mode, setup.transfer == Some(Transfer::Linear))
    }
    fn identity(&self) -> bool {
        self.angle.0 == 0.0
    }
    fn prepare(&self, _: &Setup) -> [f64; 9] {
        let (sin, cos) = self.angle.0.rem_euclid(360.0).to_radians().sin_cos();
        match self.mode {
            Mode::Oklch => [cos, sin, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0],
            Mode::Matrix => core::array::from_fn(|k| {
                let (row, column) = (k / 3, k % 3);
                let unit = f64::from(u8::from(row == column));
                LUMA[column] + cos * (unit - LUMA[column]) + sin * ACROSS[row][column]
            }),
        }
    }
    fn pixel<L: Lane>((mode, linear): (Mode, bool), u: [L; 9], c: Rgba<L>, _: &At<'_, L>) -> Rgba<L> {
        match mode {
            Mode::Matrix => Rgba {
                r: c.r * u[0] + c.g * u[1] + c.b * u[2],
                g: c.r * u[3] + c.g * u[4] + c.b * u[5],
                b: c.r * u[6] + c.g * u[7] + c.b * u[8],
                a: c.a,
            },
            Mode::Oklch => {
                let light = if linear { c } else { color::decode_pixel(c) };
                let [l, a, b] = color::linear_to_oklab(light);
                let turned = [l, a * u[0] - b * u[1], a * u[1] + b * u[0]];
                let out = color::oklab_to_linear(turned, c.a);
                if linear { out } else { color::encode_pixel(out) }
            }
        }
    }
}
