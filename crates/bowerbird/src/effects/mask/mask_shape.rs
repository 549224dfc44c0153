//! Masks of simple shapes, by their signed distance.

use crate::effect::{Point, Setup, Step};
use crate::lane::{At, Lane, Rgba, Word};
use crate::param::{Angle, Length, Position};
use bowerbird_derive::{Choice, Params, effect};

/// The shape of a mask.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Choice)]
pub enum Shape {
    /// A rectangle, its corners rounded or not.
    Rect,
    /// An ellipse.
    #[default]
    Ellipse,
    /// A polygon through `points`.
    Polygon,
    /// A gradient from the first of `points` to the second.
    Linear,
    /// A gradient from the center of an ellipse to its edge.
    Radial,
}

/// Selects a shape.
#[derive(Clone, Debug, PartialEq, Params)]
#[effect(id = "mask_shape", label = "Shape mask", family = "mask", domain = "data", class = "raster")]
pub struct MaskShape {
    /// The shape.
    pub shape: Shape,
    /// Its middle.
    #[param(soft = (0.0, 1.0), shown_if = "shape=rect|ellipse|radial")]
    pub center: Position,
    /// Its full width and height, as fractions of the picture's.
    #[param(default = [0.5, 0.5], soft = (0.0, 1.0), hard = (0.0, 100.0), shown_if = "shape=rect|ellipse|radial")]
    pub size: [f64; 2],
    /// Its turn, counter-clockwise.
    #[param(default = 0.0, soft = (-180.0, 180.0), unit = "°", shown_if = "shape=rect|ellipse|radial")]
    pub angle: Angle,
    /// The radius of a rectangle's corners.
    #[param(default = 0.0, soft = (0.0, 0.3), hard = (0.0, 2.0), shown_if = "shape=rect")]
    pub corner: Length,
    /// The corners of a polygon, or the two ends of a linear gradient.
    #[param(shown_if = "shape=polygon|linear")]
    pub points: Vec<Position>,
    /// The width of the soft edge.
    #[param(default = 0.0, soft = (0.0, 0.3), hard = (0.0, 2.0), shown_if = "shape=rect|ellipse|polygon")]
    pub feather: Length,
    /// Whether the rest is selected instead.
    pub invert: bool,
}

#[effect]
impl Point<12> for MaskShape {
    /// The shape, how many points it has, whether it is inverted.
    type Variant = (Shape, usize, bool);
    fn variant(&self, _: &Setup) -> Self::Variant {
        let points = if self.shape == Shape::Polygon { self.points.len() } else { 0 };
        (self.shape, points, self.invert)
    }
    fn prepare(&self, setup: &Setup) -> [f64; 12] {
        let (w, h) = (f64::from(setup.full_width), f64::from(setup.full_height));
        let [cx, cy] = self.center.pixels(setup);
        let (sin, cos) = self.angle.0.to_radians().sin_cos();
        let half = [0.5 * self.size[0] * w, 0.5 * self.size[1] * h];
        let corner = self.corner.full(setup).min(half[0].min(half[1]));
        let feather = self.feather.full(setup).max(1.0 / setup.scale());
        let end = |index: usize| self.points.get(index).map_or([cx, cy], |p| p.pixels(setup));
        let (from, to) = (end(0), end(1));
        [cx, cy, sin, cos, half[0], half[1], corner, feather, from[0], from[1], to[0] - from[0], to[1] - from[1]]
    }
    fn tables(&self, step: &mut Step<'_, '_>) {
        if self.shape == Shape::Polygon {
            let frame = step.frame();
            step.table((2 * self.points.len()).max(2), |table| {
                for (point, out) in self.points.iter().zip(table.chunks_exact_mut(2)) {
                    let [x, y] = point.pixels(&frame);
                    (out[0], out[1]) = (x as f32, y as f32);
                }
            });
        }
    }
    fn pixel<L: Lane>((shape, points, invert): Self::Variant, u: [L; 12], _: Rgba<L>, at: &At<'_, L>) -> Rgba<L> {
        let [cx, cy, sin, cos, hx, hy, corner, feather, ..] = u;
        let (dx, dy) = (at.x - cx, at.y - cy);
        // Turned back by the angle.
        let (x, y) = (dx * cos - dy * sin, dx * sin + dy * cos);
        let (zero, one) = (x.lit(0.0), x.lit(1.0));
        let edge = |distance: L| {
            let t = (one * 0.5 - distance / feather).clamp01();
            t * t * (one * 3.0 - t * 2.0)
        };
        let value = match shape {
            Shape::Rect => {
                let (qx, qy) = (x.abs() - hx + corner, y.abs() - hy + corner);
                let (ox, oy) = (qx.max(zero), qy.max(zero));
                edge((ox * ox + oy * oy).sqrt() + qx.max(qy).min(zero) - corner)
            }
            Shape::Ellipse => {
                let (sx, sy) = (safe(hx), safe(hy));
                let (ux, uy) = (x / sx, y / sy);
                let rho = (ux * ux + uy * uy).sqrt();
                let (gx, gy) = (ux / sx, uy / sy);
                let g = (gx * gx + gy * gy).sqrt();
                let middle = g.le(zero);
                edge(L::pick(middle, -hx.min(hy), rho * (rho - 1.0) / L::pick(middle, one, g)))
            }
            Shape::Radial => {
                let (ux, uy) = (x / safe(hx), y / safe(hy));
                one - (ux * ux + uy * uy).sqrt().smoothstep(zero, one)
            }
            Shape::Linear => {
                let (ex, ey) = (u[10], u[11]);
                let length = ex * ex + ey * ey;
                (((at.x - u[8]) * ex + (at.y - u[9]) * ey) / L::pick(length.gt(zero), length, one)).clamp01()
            }
            Shape::Polygon if points < 3 => zero,
            Shape::Polygon => edge(polygon(at, points)),
        };
        Rgba::gray(if invert { one - value } else { value }, one)
    }
}

/// A half size that can be divided by.
#[inline(always)]
fn safe<L: Lane>(half: L) -> L {
    half.max(half.lit(1e-6))
}

/// The signed distance to a polygon: negative where a ray to the right crosses it an odd number of times.
#[inline(always)]
fn polygon<L: Lane>(at: &At<'_, L>, points: usize) -> L {
    let (zero, one) = (at.x.lit(0.0), at.x.lit(1.0));
    let corner = crate::lane::inlined(#[inline(always)] |index: usize| {
        let index = at.row.lit(2 * (index % points) as u32);
        (at.table(0, index), at.table(0, index.add(at.row.lit(1))))
    });
    let (mut nearest, mut sign) = (at.x.lit(f32::MAX), one);
    for index in 0..points {
        let ((ax, ay), (bx, by)) = (corner(index), corner(index + 1));
        let (ex, ey) = (bx - ax, by - ay);
        let (px, py) = (at.x - ax, at.y - ay);
        let length = ex * ex + ey * ey;
        let t = ((px * ex + py * ey) / L::pick(length.gt(zero), length, one)).clamp01();
        let (ox, oy) = (px - ex * t, py - ey * t);
        nearest = nearest.min(ox * ox + oy * oy);
        let (low, high) = (ay.le(at.y), by.le(at.y));
        let spans = (low & !high) | (!low & high);
        let crossing = ax + (at.y - ay) * ex / L::pick(ey.same(zero), one, ey);
        let flips = spans & at.x.lt(crossing);
        sign = L::pick(flips, -sign, sign);
    }
    sign * nearest.sqrt()
}
