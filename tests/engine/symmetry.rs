//! Reflected pictures: an effect with its parameters reflected gives the reflected result.

use bowerbird::effect::Effect;
use bowerbird::image::{Alpha, Depth, Pixels, Transfer};
use bowerbird::param::Kind;
use bowerbird::{Asset, Chain, Image, Output};
use bowerbird_tests::chart::{chart, chart8, floats};
use bowerbird_tests::random::cases;
use bowerbird_tests::{cpu, tolerance};
use serde_json::{Value, json};

const FLOAT: Output = Output { depth: Some(Depth::F32), transfer: Transfer::Display, alpha: Alpha::Premultiplied };

/// Effects keyed by absolute coordinates: noise by the numbers of pixels, cells and tiles by the upper left corner; and
/// those that smooth rows before columns, forward before backward. Then those that are a direction themselves: a turn, a
/// flip, a rectangle given by its upper left corner, a width and a height, a sticker with its own up and down.
const NOT_SYMMETRIC: [&str; 9] =
    ["grain", "pixelate", "clahe", "domain_transform", "crop", "flip", "rotate90", "resize", "sticker"];

/// Effects with jumps, or with steps and lines as steep as jumps, where the last place decides the side.
const DISCONTINUOUS: [&str; 4] = ["posterize", "threshold", "sobel", "toon"];

/// Angles that turn a picture or a shape; all others are directions in it.
const TURNS: [(&str, &str); 3] = [("swirl", "angle"), ("affine", "angle"), ("mask_shape", "angle")];

/// An exchange of left and right, or of across and down.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Reflection {
    Flip,
    Transposition,
}

impl Reflection {
    fn point(self, [x, y]: [f64; 2]) -> [f64; 2] {
        match self {
            Self::Flip => [1.0 - x, y],
            Self::Transposition => [y, x],
        }
    }

    /// Of a pair of amounts across and down, which have a sign or none.
    fn pair(self, [x, y]: [f64; 2], signed: bool) -> [f64; 2] {
        match self {
            Self::Flip => [if signed { -x } else { x }, y],
            Self::Transposition => [y, x],
        }
    }

    /// Of a direction in degrees, counter-clockwise from the right.
    fn direction(self, angle: f64) -> f64 {
        match self {
            Self::Flip => 180.0 - angle,
            Self::Transposition => -90.0 - angle,
        }
    }

    fn image(self, image: &Image) -> Image {
        let (w, h) = image.size();
        let (width, height) = if self == Self::Flip { (w, h) } else { (h, w) };
        let source = |x: u32, y: u32| if self == Self::Flip { (w - 1 - x, y) } else { (y, x) };
        let places = (0..height).flat_map(|y| (0..width).map(move |x| source(x, y)));
        let at = |(x, y): (u32, u32)| 4 * (y * w + x) as usize;
        match image.pixels() {
            Pixels::F32(values) => {
                let pixels = places.flat_map(|place| values[at(place)..][..4].to_vec()).collect();
                Image::from_rgba_f32(width, height, pixels, image.transfer(), image.alpha())
            }
            Pixels::U8(values) => {
                Image::from_rgba8(width, height, places.flat_map(|place| values[at(place)..][..4].to_vec()).collect())
            }
            other => panic!("no chart has {}", other.depth()),
        }
        .expect("the same pixels in another order")
    }

    /// The effect as it is seen in the mirror.
    fn effect(self, effect: &dyn Effect) -> Box<dyn Effect> {
        let mut out = effect.boxed();
        let id = effect.info().id;
        for (index, field) in effect.info().fields.iter().enumerate() {
            let Some(value) = effect.field(index).map(|param| param.to_json()) else { continue };
            let reflected = match (field.kind, id, field.name) {
                (Kind::Position, ..) => json!(self.point(pair(&value))),
                (Kind::Positions, ..) => {
                    value.as_array().expect("points").iter().map(|p| json!(self.point(pair(p)))).collect()
                }
                (_, "vignette", "fov") => continue,
                (Kind::Angle, id, name) if TURNS.contains(&(id, name)) => json!(-number(&value)),
                // The sector is repeated counter-clockwise from its start; in a mirror that is where it ends.
                (_, "kaleidoscope", "angle" | "source_angle") => {
                    let half = 180.0 / number(&value_of(effect, "segments"));
                    json!(self.direction(number(&value)) + if field.name == "angle" { half } else { -half })
                }
                // What lies to the left is kept; in a mirror that is to the right.
                (_, "mirror", "angle") => json!(self.direction(number(&value)) + 180.0),
                (Kind::Angle, ..) => json!(self.direction(number(&value))),
                (_, "affine", "translate") => json!(self.pair(pair(&value), true)),
                // Shears are slopes: one sign changes in a flip, whichever axis it is.
                (_, "affine", "shear") if self == Self::Flip => json!(pair(&value).map(|slope| -slope)),
                (_, "affine", "shear" | "scale") | (_, "mask_shape", "size") => json!(self.pair(pair(&value), false)),
                (_, "gaussian_blur", "sigma" | "sigma_y") if self == Self::Transposition => {
                    let other = value_of(effect, if field.name == "sigma" { "sigma_y" } else { "sigma" });
                    if value.is_null() || other.is_null() { continue } else { other }
                }
                // Waves move pixels to the left of where they travel; in a mirror that is the right.
                (_, "wave", "phase") => json!(number(&value) + 0.5),
                _ => continue,
            };
            out.field_mut(index).expect("its own field").set(&reflected).expect("a value of the same kind");
        }
        out
    }

    fn chain(self, chain: &Chain) -> Chain {
        let step = &chain.steps()[0];
        let effect = step.effect().expect("every case is an effect");
        let mut out: Chain = std::iter::once(bowerbird::ChainStep::from(self.effect(effect))).collect();
        *out.assets_mut() = chain.assets().clone();
        for input in effect.info().inputs {
            out = out.with_input(input, "picture");
        }
        out.asset("picture", Asset::from(self.image(&layer())))
    }
}

/// A second picture; however it is fitted, it has the same middle in any reflection.
fn layer() -> Image {
    chart8(32, 48, true)
}

fn value_of(effect: &dyn Effect, name: &str) -> Value {
    effect.fields().find(|(field, _)| field.name == name).expect("its parameter").1.to_json()
}

/// A gradient by itself is a vector in colors, and no picture any more.
fn shows_vectors(effect: &dyn Effect) -> bool {
    effect.info().id == "sobel" && value_of(effect, "output") != json!("magnitude")
}

fn number(value: &Value) -> f64 {
    value.as_f64().expect("a number")
}

fn pair(value: &Value) -> [f64; 2] {
    [number(&value[0]), number(&value[1])]
}

/// How far apart the two may be: sums of neighbors run in another order, positions are rounded differently.
fn limit(effect: &dyn Effect) -> (f32, f32) {
    match effect.class_name() {
        "warp" => (tolerance::WARP_EDGE, 0.0),
        "point" | "composite" => tolerance::POINT,
        _ => tolerance::CHAIN,
    }
}

fn jumps(effect: &dyn Effect) -> bool {
    DISCONTINUOUS.contains(&effect.info().id)
        || effect.fields().any(|(field, param)| field.name == "sampling" && param.to_json() == json!("nearest"))
}

#[test]
fn effects_commute_with_flips_and_transposition() {
    let engine = cpu(|_| {});
    let render = |name: &str, chain: &Chain, image: &Image| {
        engine.render_to(chain, image, &FLOAT).unwrap_or_else(|error| panic!("{name}: {error}"))
    };
    let picture = chart(48, 36, true);
    let mut wrong = Vec::new();
    for (name, chain) in cases() {
        let effect = chain.steps()[0].effect().expect("every case is an effect");
        if NOT_SYMMETRIC.contains(&effect.info().id) || shows_vectors(effect) {
            continue;
        }
        let chain = chain.clone().asset("picture", Asset::from(layer()));
        for reflection in [Reflection::Flip, Reflection::Transposition] {
            let expected = reflection.image(&render(&name, &chain, &picture));
            let found = render(&name, &reflection.chain(&chain), &reflection.image(&picture));
            let far = |(a, b): (&f32, &f32)| !tolerance::near(*a, *b, limit(effect));
            let count = floats(&found).iter().zip(floats(&expected)).filter(|pair| far(*pair)).count();
            let allowed = if jumps(effect) { (floats(&found).len() as f64 * tolerance::FLIPS) as usize } else { 0 };
            if count > allowed {
                let worst =
                    floats(&found).iter().zip(floats(&expected)).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
                wrong.push(format!("{name}, {reflection:?}: {count} values, up to {worst:e}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
