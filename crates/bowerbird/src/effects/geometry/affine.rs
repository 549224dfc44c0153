//! Rotation, scale, shear and shift.

use crate::effect::{Edge, Filter, Sampler, Setup, Warp};
use crate::lane::{At, Lane};
use crate::param::{Angle, Position};
use bowerbird_derive::{Choice, Params, effect};

/// What becomes of the corners that a turn leaves empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Choice)]
pub enum Fit {
    /// They stay empty.
    Keep,
    /// The picture is enlarged until there are none.
    Cover,
}

/// Turns, straightens, scales, shears and moves the picture within its frame.
#[derive(Clone, Debug, PartialEq, Params)]
#[effect(id = "affine", label = "Rotate, scale, shear, move", family = "geometry", domain = "L", switchable)]
pub struct Affine {
    /// The turn, counter-clockwise.
    #[param(default = 0.0, soft = (-180.0, 180.0), unit = "°")]
    pub angle: Angle,
    /// The factors of width and height.
    #[param(default = [1.0, 1.0], soft = (0.1, 4.0), hard = (0.001, 1000.0))]
    pub scale: [f64; 2],
    /// The shears across and down.
    #[param(default = [0.0, 0.0], soft = (-45.0, 45.0), hard = (-85.0, 85.0), unit = "°")]
    pub shear: [f64; 2],
    /// The shift as fractions of width and height.
    #[param(default = [0.0, 0.0], soft = (-1.0, 1.0), hard = (-4.0, 4.0))]
    pub translate: [f64; 2],
    /// The point that turning and scaling leave in place.
    pub center: Position,
    /// What becomes of empty corners.
    pub fit: Fit,
    /// How pixels between pixels are read.
    pub sampling: Filter,
    /// What lies beyond the edge.
    #[param(default = Edge::Transparent)]
    pub edge: Edge,
    /// The output is the mean of n × n positions within each pixel.
    #[param(default = 1, range = (1.0, 4.0), step = 1.0)]
    pub supersample: i32,
}

#[effect]
impl Warp<6> for Affine {
    fn identity(&self) -> bool {
        let rest = Self::default();
        (self.angle, self.scale, self.shear, self.translate) == (rest.angle, rest.scale, rest.shear, rest.translate)
    }
    fn sampler(&self) -> Sampler {
        Sampler { filter: self.sampling, edge: self.edge, supersample: self.supersample.unsigned_abs() }
    }
    fn prepare(&self, setup: &Setup) -> [f64; 6] {
        let (w, h) = (f64::from(setup.full_width), f64::from(setup.full_height));
        let (sin, cos) = self.angle.0.to_radians().sin_cos();
        let grow = match self.fit {
            Fit::Keep => 1.0,
            Fit::Cover => {
                let (s, c) = (sin.abs(), cos.abs());
                (c + h / w * s).max(w / h * s + c)
            }
        };
        let [sx, sy] = self.scale.map(|s| s * grow);
        let [kx, ky] = self.shear.map(|k| k.to_radians().tan());
        // Scale, then shear, then turn; columns are where the unit vectors go.
        let sheared = [[sx, -kx * sy], [-ky * sx, sy]];
        let turned = [
            [cos * sheared[0][0] + sin * sheared[1][0], cos * sheared[0][1] + sin * sheared[1][1]],
            [-sin * sheared[0][0] + cos * sheared[1][0], -sin * sheared[0][1] + cos * sheared[1][1]],
        ];
        let determinant = turned[0][0] * turned[1][1] - turned[0][1] * turned[1][0];
        // Opposite shears of 45° flatten the picture to a line; it is then nowhere.
        let scale = if determinant.abs() > 1e-12 { 1.0 / determinant } else { 1e12 };
        let back = [
            [turned[1][1] * scale, -turned[0][1] * scale],
            [-turned[1][0] * scale, turned[0][0] * scale],
        ];
        let [cx, cy] = self.center.pixels(setup);
        let (tx, ty) = (cx + self.translate[0] * w, cy + self.translate[1] * h);
        let offset = |row: [f64; 2], c: f64| c - row[0] * tx - row[1] * ty;
        [back[0][0], back[0][1], offset(back[0], cx), back[1][0], back[1][1], offset(back[1], cy)]
    }
    fn source<L: Lane>(u: [L; 6], at: &At<'_, L>) -> [L; 2] {
        [at.x * u[0] + at.y * u[1] + u[2], at.x * u[3] + at.y * u[4] + u[5]]
    }
}
