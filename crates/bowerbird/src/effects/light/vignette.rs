//! Vignette.

use crate::effect::{Point, Setup};
use crate::image::Transfer;
use crate::lane::{At, Lane, Rgba};
use crate::param::{Angle, Color, Position};
use bowerbird_derive::{Choice, Params, effect};

/// How the light falls off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Choice)]
pub enum Law {
    /// Smoothly from a start over a width.
    Smooth,
    /// With the fourth power of the cosine of the field angle, as a plain lens.
    Cos4,
}

/// The shape of the lit area.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Choice)]
pub enum Shape {
    /// An ellipse of the picture's proportions.
    Ellipse,
    /// A circle.
    Circle,
}

/// Darkens, tints or brightens the corners.
#[derive(Clone, Debug, PartialEq, Params)]
#[effect(id = "vignette", label = "Vignette", family = "light", domain = "L", switchable)]
pub struct Vignette {
    /// Positive darkens the corners, negative brightens them.
    #[param(default = 0.5, soft = (-1.0, 1.0), hard = (-4.0, 1.0))]
    pub amount: f64,
    /// How the light falls off.
    pub law: Law,
    /// The shape of the lit area.
    pub shape: Shape,
    /// The middle of the lit area.
    pub center: Position,
    /// Where the fall begins; 1 is the corner.
    #[param(default = 0.4, soft = (0.0, 1.0), hard = (0.0, 4.0), shown_if = "law=smooth")]
    pub start: f64,
    /// Over what width it falls.
    #[param(default = 0.6, soft = (0.05, 1.5), hard = (0.0, 4.0), shown_if = "law=smooth")]
    pub softness: f64,
    /// The field of view of the lens, from corner to corner.
    #[param(default = 60.0, soft = (10.0, 120.0), hard = (1.0, 170.0), unit = "°", shown_if = "law=cos4")]
    pub fov: Angle,
    /// The color that the corners turn to.
    pub color: Color,
}

impl Vignette {
    /// The light that the corners take on.
    fn tint(&self, setup: &Setup) -> [f64; 3] {
        let [r, g, b, ..] = if setup.transfer == Some(Transfer::Linear) { self.color.linear() } else { self.color.display() };
        [r, g, b].map(|v| v * self.amount.max(0.0))
    }
}

#[effect]
impl Point<10> for Vignette {
    /// The law, and whether the corners take on a color other than black.
    type Variant = (Law, bool);
    fn variant(&self, setup: &Setup) -> Self::Variant {
        (self.law, self.tint(setup) != [0.0; 3])
    }
    fn identity(&self) -> bool {
        self.amount == 0.0
    }
    fn prepare(&self, setup: &Setup) -> [f64; 10] {
        let (w, h) = (f64::from(setup.full_width), f64::from(setup.full_height));
        let [cx, cy] = self.center.pixels(setup);
        let half_diagonal = 0.5 * w.hypot(h);
        let (sx, sy) = match self.shape {
            Shape::Ellipse => (core::f64::consts::SQRT_2 / w, core::f64::consts::SQRT_2 / h),
            Shape::Circle => (1.0 / half_diagonal, 1.0 / half_diagonal),
        };
        let (low, high) = match self.law {
            Law::Smooth => (self.start, self.start + self.softness),
            Law::Cos4 => ((self.fov.0.to_radians() / 2.0).tan(), 0.0),
        };
        let [r, g, b] = self.tint(setup);
        [cx, cy, sx, sy, low, high, self.amount, r, g, b]
    }
    fn pixel<L: Lane>((law, tinted): Self::Variant, u: [L; 10], c: Rgba<L>, at: &At<'_, L>) -> Rgba<L> {
        let (x, y) = ((at.x - u[0]) * u[2], (at.y - u[1]) * u[3]);
        let distance = (x * x + y * y).sqrt();
        let fall = match law {
            Law::Smooth => distance.smoothstep(u[4], u[5]),
            Law::Cos4 => {
                // cos² of arctan z is 1/(1 + z²)
                let z = distance * u[4];
                let cos2 = z.lit(1.0) / (z * z + 1.0);
                z.lit(1.0) - cos2 * cos2
            }
        };
        let keep = fall.lit(1.0) - u[6] * fall;
        if !tinted {
            return c.rgb(|v| v * keep);
        }
        let tint = fall * c.a;
        Rgba { r: c.r * keep + tint * u[7], g: c.g * keep + tint * u[8], b: c.b * keep + tint * u[9], a: c.a }
    }
}
