//! Sticker.

use crate::effect::{Composite, Composition, Edge, Filter, Sampler, Setup, Step, Tag, Val, Warp};
use crate::error::Error;
use crate::image::{Alpha, Image, Transfer};
use crate::lane::{At, Lane, Rgba};
use crate::param::{Angle, Asset, Length, Position};
use crate::resize::{ResizeFilter, resized_floats};
use bowerbird_derive::{Params, effect, part};

/// Lays a picture over the picture: placed, scaled, turned.
#[derive(Clone, Debug, PartialEq, Params)]
#[effect(id = "sticker", label = "Sticker", family = "decorate", domain = "L", switchable, class = "raster")]
pub struct Sticker {
    /// The picture that is laid over.
    pub image: Asset,
    /// Where its middle lies.
    pub center: Position,
    /// How high it is.
    #[param(default = 0.3, soft = (0.02, 1.0), hard = (0.001, 8.0))]
    pub size: Length,
    /// The turn, counter-clockwise.
    #[param(default = 0.0, soft = (-180.0, 180.0), unit = "°")]
    pub angle: Angle,
    /// Whether its left and right change places first.
    pub flip: bool,
}

#[effect]
impl Composition for Sticker {
    fn build(&self, step: &mut Step<'_, '_>, image: Val) -> Val {
        let frame = step.frame();
        let natural = step.asset_size(&self.image.0).map(f64::from);
        let height = self.size.rendered(&frame).max(1e-3);
        // Larger than it is drawn, it is reduced first, so that no pixel of it is skipped.
        let reduced = if height < natural[1] {
            let factor = height / natural[1];
            natural.map(|side| (side * factor + 0.5).floor().max(1.0))
        } else {
            natural
        };
        step.decide(&reduced.map(f64::to_bits));
        let sticker = step.asset_to_place(&self.image.0, |image, tag| fitted(image, reduced, tag));
        let drawn = [height * natural[0] / natural[1], height];
        let place = Place { sticker: self.clone(), pixels: reduced, drawn: drawn.map(|side| side / frame.scale()) };
        let placed = step.warp(&place, sticker);
        step.composite(&Over, image, placed)
    }
}

/// The sticker's picture in the space of a step, premultiplied, and reduced.
fn fitted(image: &Image, [width, height]: [f64; 2], tag: Tag) -> Result<Image, Error> {
    let space = tag.transfer.unwrap_or(Transfer::Display);
    let to = [width as u32, height as u32];
    let pixels = resized_floats(image, to, ResizeFilter::Mitchell, space);
    Ok(Image::from_rgba_f32(to[0], to[1], pixels, space, Alpha::Premultiplied)?)
}

/// Where each pixel of the frame is on the sticker.
struct Place {
    sticker: Sticker,
    /// Width and height of its picture.
    pixels: [f64; 2],
    /// Width and height as drawn, in full-size pixels.
    drawn: [f64; 2],
}

#[part]
impl Warp<6> for Place {
    fn sampler(&self) -> Sampler {
        Sampler { filter: Filter::Bilinear, edge: Edge::Transparent, supersample: 1 }
    }
    fn prepare(&self, setup: &Setup) -> [f64; 6] {
        let (sin, cos) = self.sticker.angle.0.to_radians().sin_cos();
        let [cx, cy] = self.sticker.center.pixels(setup);
        // A sampler multiplies positions with the scale of the frame; the sticker's picture has none.
        let [sx, sy] = [0, 1].map(|axis| self.pixels[axis] / self.drawn[axis] / setup.scale());
        let sx = if self.sticker.flip { -sx } else { sx };
        let (across, down) = ([cos * sx, -sin * sx], [sin * sy, cos * sy]);
        let middle = self.pixels.map(|side| 0.5 * side / setup.scale());
        let offset = |row: [f64; 2], middle: f64| middle - row[0] * cx - row[1] * cy;
        [across[0], across[1], offset(across, middle[0]), down[0], down[1], offset(down, middle[1])]
    }
    fn source<L: Lane>(u: [L; 6], at: &At<'_, L>) -> [L; 2] {
        [at.x * u[0] + at.y * u[1] + u[2], at.x * u[3] + at.y * u[4] + u[5]]
    }
    fn extent(u: [f32; 6], size: [f32; 2], margin: f32) -> Option<[f32; 4]> {
        let [a, b, c, d, e, f] = u.map(f64::from);
        let determinant = a * e - b * d;
        let margin = f64::from(margin);
        let corners = [(-1.0, -1.0), (1.0, -1.0), (-1.0, 1.0), (1.0, 1.0)].map(|(x, y)| {
            let along = |side: f64, sign: f64| if sign < 0.0 { -margin } else { side + margin };
            let (x, y) = (along(size[0].into(), x) - c, along(size[1].into(), y) - f);
            [(e * x - b * y) / determinant, (a * y - d * x) / determinant]
        });
        let ends = |axis: usize| {
            let values = corners.map(|corner| corner[axis]);
            [values.into_iter().fold(f64::INFINITY, f64::min), values.into_iter().fold(f64::NEG_INFINITY, f64::max)]
        };
        let ([left, right], [top, bottom]) = (ends(0), ends(1));
        let finite = [left, top, right, bottom].iter().all(|v| v.is_finite());
        finite.then_some([left as f32, top as f32, right as f32, bottom as f32])
    }
}

/// Source over, premultiplied.
struct Over;

#[part]
impl Composite<0> for Over {
    const HANDS_ON: bool = true;
    fn prepare(&self, _: &Setup) -> [f64; 0] {
        []
    }
    fn pixel<L: Lane>(_: [L; 0], under: Rgba<L>, over: Rgba<L>, _: &At<'_, L>) -> Rgba<L> {
        let rest = over.a.lit(1.0) - over.a;
        Rgba {
            r: over.r + under.r * rest,
            g: over.g + under.g * rest,
            b: over.b + under.b * rest,
            a: over.a + under.a * rest,
        }
    }
}
