//! Gradient map: colors by brightness, from straight pieces between stops.
//!
//! A table would round the corners at the stops and blur hard edges, so no table is read: the piece that a pixel's luma
//! falls on is selected, and evaluated as it is. The code holds 1, 2, 4 … 32 pieces, so that a stop more is seldom another
//! plan. Premultiplied colors run along straight lines in the space of the mix; for OKLab these are lines of the cube
//! roots before its matrix, which spares each pixel that matrix and its roundings.

use crate::effect::{Composition, Point, Setup, Step, Val};
use crate::image::Transfer;
use crate::lane::{At, Lane, Rgba, color};
use crate::param::{Gradient, Stop};
use bowerbird_derive::{Choice, Params, effect, part};

/// The space in which colors are mixed between stops.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Choice)]
pub enum MixSpace {
    /// Display values, as most programs do.
    Display,
    /// Light.
    Linear,
    /// OKLab, where equal steps look equal (Ottosson 2020).
    Oklab,
}

/// Colors a picture by its brightness, along a gradient; source: CSS Images 4, interpolation.
#[derive(Clone, Debug, PartialEq, Params)]
#[effect(id = "gradient_map", label = "Gradient map", family = "lut", domain = "D", switchable, class = "point")]
pub struct GradientMap {
    /// The colors from dark to bright: 2 to 32, at positions from 0 to 1 that never go down. Where several share a
    /// position the edge is hard, and the last one holds from there on.
    #[param(label = "Gradient")]
    pub stops: Gradient,
    /// The space in which colors are mixed between stops.
    #[param(label = "Mix in")]
    pub mix: MixSpace,
}

impl GradientMap {
    /// The colors at positions from 0 to 1, as straight display values: what grays of these values become.
    pub fn colors(&self, positions: &[f64]) -> Vec<[f32; 4]> {
        let ramp = Ramp::new(self);
        let color = |position: &f64| {
            let reached = ramp.pieces().take_while(|(at, ..)| at <= position).last();
            let (at, from, slope) = reached.or_else(|| ramp.pieces().next()).unwrap_or_default();
            let past = (position.min(1.0) - at).max(0.0);
            let [x, y, z, a] = [0, 1, 2, 3].map(|channel| (from[channel] + slope[channel] * past) as f32);
            let c = self.mix.finish(Rgba::new(x, y, z, a.clamp01()).unpremultiply(), false);
            [c.r, c.g, c.b, c.a]
        };
        positions.iter().map(color).collect()
    }
}

#[effect]
impl Composition for GradientMap {
    fn build(&self, step: &mut Step<'_, '_>, image: Val) -> Val {
        let ramp = Ramp::new(self);
        let count = ramp.pieces().count();
        let capacity = if count == 0 { 0 } else { count.next_power_of_two() };
        step.decide(&capacity);
        match capacity {
            // Recipes have two stops at least, but a program may have none.
            0 => image,
            1 => step.point(&Pieces::<1>(ramp), image),
            2 => step.point(&Pieces::<2>(ramp), image),
            4 => step.point(&Pieces::<4>(ramp), image),
            8 => step.point(&Pieces::<8>(ramp), image),
            16 => step.point(&Pieces::<16>(ramp), image),
            _ => step.point(&Pieces::<{ Gradient::MOST_STOPS }>(ramp), image),
        }
    }
}

/// How far below its position a stop is reached already: less than a tenth of a 16-bit code. Luma of a gray is its value
/// but for the last bit or two, and a code must not fall below the hard edge that stands on it for that.
const REACH: f32 = 1.0 / (1 << 20) as f32;

/// Uniforms of a piece: where it begins, its color there and the slope of that.
const PIECE: usize = 9;

/// Where pieces begin that are not used: no luma is there.
const NEVER: f64 = 2.0;

/// The stops with their colors premultiplied, in the space of the mix. Each color lies on a straight line between two.
#[derive(Clone, Copy, Debug)]
struct Ramp {
    stops: [(f64, [f64; 4]); Gradient::MOST_STOPS],
    count: usize,
    mix: MixSpace,
    opaque: bool,
}

impl Ramp {
    fn new(map: &GradientMap) -> Self {
        let mut stops = [(NEVER, [0.0; 4]); Gradient::MOST_STOPS];
        for (slot, stop) in stops.iter_mut().zip(&map.stops.0) {
            *slot = (stop.at, map.mix.premultiplied(stop));
        }
        let count = map.stops.0.len().min(Gradient::MOST_STOPS);
        Self { stops, count, mix: map.mix, opaque: map.stops.is_opaque() }
    }

    /// Where each piece begins, its color there and the slope of that. The first holds below its beginning too, for there
    /// its color is constant.
    fn pieces(&self) -> impl Iterator<Item = (f64, [f64; 4], [f64; 4])> + '_ {
        let stops = &self.stops[..self.count];
        (0..stops.len()).filter_map(move |index| {
            let (at, color) = stops[index];
            let before = index.checked_sub(1).map(|before| stops[before].0);
            match stops.get(index + 1) {
                Some((next, to)) if *next > at => {
                    let slope = |channel: usize| (to[channel] - color[channel]) / (next - at);
                    Some((at, color, [0, 1, 2, 3].map(slope)))
                }
                // Below a position that the first stops share, the first of them holds.
                Some(_) => (index == 0 && at > 0.0).then_some((0.0, color, [0.0; 4])),
                // A last stop at 1 is where the piece before it ends, unless an edge is there.
                None => (at < 1.0 || before.is_none_or(|before| before == at)).then_some((at, color, [0.0; 4])),
            }
        })
    }
}

impl MixSpace {
    /// A stop's color on the axes along which it is mixed, premultiplied.
    fn premultiplied(self, stop: &Stop) -> [f64; 4] {
        let [r, g, b, a] = if self == Self::Display { stop.color.display() } else { stop.color.linear() };
        let [x, y, z] = if self == Self::Oklab { color::linear_to_cone_roots([r, g, b]) } else { [r, g, b] };
        [x * a, y * a, z * a, a]
    }

    /// A mixed color as the values that the step computes on.
    #[inline(always)]
    fn finish<L: Lane>(self, mixed: Rgba<L>, linear: bool) -> Rgba<L> {
        match self {
            Self::Display if linear => color::decode_pixel(mixed),
            Self::Display => mixed,
            Self::Linear if linear => mixed,
            Self::Linear => color::encode_pixel(mixed),
            Self::Oklab if linear => color::cone_roots_to_linear(mixed),
            Self::Oklab => color::encode_pixel(color::cone_roots_to_linear(mixed)),
        }
    }
}

/// A gradient of at most `COUNT` pieces. The count is part of the type, so that few stay in registers.
struct Pieces<const COUNT: usize>(Ramp);

macro_rules! pieces {
    ($($count:literal)*) => {$(
        #[part]
        impl Point<{ PIECE * $count }> for Pieces<$count> {
            /// The space of the mix, whether the values are linear, and whether all stops are opaque.
            type Variant = (MixSpace, bool, bool);
            fn variant(&self, setup: &Setup) -> Self::Variant {
                (self.0.mix, setup.transfer == Some(Transfer::Linear), self.0.opaque)
            }
            fn keeps_opaque(&self) -> bool {
                self.0.opaque
            }
            fn prepare(&self, _: &Setup) -> [f64; PIECE * $count] {
                let mut uniforms = [NEVER; PIECE * $count];
                for ((at, color, slope), uniforms) in self.0.pieces().zip(uniforms.chunks_exact_mut(PIECE)) {
                    uniforms[0] = at;
                    uniforms[1..5].copy_from_slice(&color);
                    uniforms[5..].copy_from_slice(&slope);
                }
                uniforms
            }
            fn pixel<L: Lane>(
                (mix, linear, opaque): Self::Variant,
                u: [L; PIECE * $count],
                c: Rgba<L>,
                _: &At<'_, L>,
            ) -> Rgba<L> {
                color_at((mix, linear, opaque), &u, c)
            }
        }
    )*};
}
pieces!(1 2 4 8 16 32);

/// A pixel's color on the pieces, with its alpha times theirs.
#[inline(always)]
fn color_at<L: Lane, const N: usize>((mix, linear, opaque): (MixSpace, bool, bool), u: &[L; N], c: Rgba<L>) -> Rgba<L> {
    let luma = c.luma().clamp01();
    let reach = luma + REACH;
    let mut start = u[0];
    let mut from = Rgba::new(u[1], u[2], u[3], u[4]);
    let mut slope = Rgba::new(u[5], u[6], u[7], u[8]);
    for next in (PIECE..N).step_by(PIECE) {
        let reached = reach.ge(u[next]);
        start = L::pick(reached, u[next], start);
        from = Rgba::pick(reached, Rgba::new(u[next + 1], u[next + 2], u[next + 3], u[next + 4]), from);
        slope = Rgba::pick(reached, Rgba::new(u[next + 5], u[next + 6], u[next + 7], u[next + 8]), slope);
    }
    let past = (luma - start).max(luma.lit(0.0));
    let mut mixed = from.zip(
        slope,
        #[inline(always)]
        |from, slope| from + slope * past,
    );
    if opaque {
        mixed.a = luma.lit(1.0);
    } else {
        mixed.a = mixed.a.clamp01();
        mixed = mixed.unpremultiply();
    }
    let alpha = if opaque { c.a } else { c.a * mixed.a };
    Rgba { a: alpha, ..mix.finish(mixed, linear) }
}
