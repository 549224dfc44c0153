//! Tone curves: cubic pieces where the curve is gentle, else a table.

use super::levels::{Channel, Limit};
use crate::effect::{Composition, Point, Setup, Step, Val};
use crate::lane::{At, Lane, Rgba};
use crate::param::Curve;
use crate::spline::{Interpolation, MOST_POINTS, Spline};
use bowerbird_derive::{Params, effect, part};

/// Entries of a curve's table.
const ENTRIES: usize = 4096;

/// The most pieces that are evaluated rather than tabled.
const MOST_PIECES: usize = 4;

/// Uniforms of a piece: where it begins, and its four coefficients from there.
const PIECE: usize = 5;

/// Below this second derivative, reading the table between its entries differs from the curve itself by no more than
/// 2·10⁻⁷: the error of a chord is at most an eighth of the second derivative times the squared step.
const GENTLE: f64 = 2e-7 * 8.0 * ((ENTRIES - 1) * (ENTRIES - 1)) as f64;

/// Redraws the tones along curves: one for each channel, then one for all three.
#[derive(Clone, Debug, PartialEq, Params)]
#[effect(id = "curves", label = "Tone curve", family = "tone", domain = "D", switchable, class = "point")]
pub struct Curves {
    /// The curve of all three channels, applied last.
    #[param(label = "RGB")]
    pub rgb: Curve,
    /// The curve of red.
    #[param(label = "Red")]
    pub r: Curve,
    /// The curve of green.
    #[param(label = "Green")]
    pub g: Curve,
    /// The curve of blue.
    #[param(label = "Blue")]
    pub b: Curve,
    /// How the curve runs between its points.
    pub interpolation: Interpolation,
}

#[effect]
impl Composition for Curves {
    fn identity(&self) -> bool {
        self.in_order().iter().all(|bent| bent.straight)
    }
    fn build(&self, step: &mut Step<'_, '_>, image: Val) -> Val {
        let on = !self.identity();
        let mut value = image;
        for bent in self.in_order() {
            let course = bent.course();
            step.decide(&course);
            value = match course {
                // A curve limits what it bends; where none does at the end, the values still have to be limited.
                Course::Straight if bent.channel == Channel::Rgb => {
                    step.point_if(on, &Limit { channel: Channel::Rgb, flat: false }, value)
                }
                Course::Straight => value,
                Course::Tabled => step.point_if(on, &bent, value),
                Course::Pieces(1) => step.point_if(on, &Pieces::<1>(bent), value),
                Course::Pieces(2) => step.point_if(on, &Pieces::<2>(bent), value),
                Course::Pieces(3) => step.point_if(on, &Pieces::<3>(bent), value),
                Course::Pieces(_) => step.point_if(on, &Pieces::<MOST_PIECES>(bent), value),
            };
        }
        value
    }
}

impl Curves {
    /// Each curve with the channels it bends, in the order of their use.
    fn in_order(&self) -> [Bent; 4] {
        [(Channel::R, &self.r), (Channel::G, &self.g), (Channel::B, &self.b), (Channel::Rgb, &self.rgb)]
            .map(|(channel, curve)| {
                let count = curve.0.len().min(MOST_POINTS);
                let mut points = [[0.0; 2]; MOST_POINTS];
                points[..count].copy_from_slice(&curve.0[..count]);
                Bent { channel, straight: curve.is_identity(), points, count, interpolation: self.interpolation }
            })
    }
}

/// How a curve is computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Course {
    /// It is the straight line: it only limits to 0..1.
    Straight,
    /// This many cubic pieces, evaluated as they are: a third of the time of a table.
    Pieces(usize),
    /// A table, read between its entries.
    Tabled,
}

/// One curve and the channels it bends.
#[derive(Clone, Copy, Debug)]
struct Bent {
    channel: Channel,
    straight: bool,
    points: [[f64; 2]; MOST_POINTS],
    count: usize,
    interpolation: Interpolation,
}

impl Bent {
    fn spline(&self) -> Spline<'_> {
        Spline::new(&self.points[..self.count], self.interpolation)
    }

    fn course(&self) -> Course {
        if self.straight {
            return Course::Straight;
        }
        let spline = self.spline();
        let gentle = spline.is_smooth() && spline.pieces().all(|piece| piece.curvature() <= GENTLE);
        match spline.pieces().count() {
            count if gentle && count <= MOST_PIECES => Course::Pieces(count),
            _ => Course::Tabled,
        }
    }
}

/// A curve of any kind, tabled in f64.
#[part]
impl Point<0> for Bent {
    type Variant = Channel;
    fn variant(&self, _: &Setup) -> Channel {
        self.channel
    }
    fn prepare(&self, _: &Setup) -> [f64; 0] {
        []
    }
    fn tables(&self, step: &mut Step<'_, '_>) {
        step.table(ENTRIES, |table| {
            let spline = self.spline();
            for (index, entry) in table.iter_mut().enumerate() {
                *entry = spline.at(index as f64 / (ENTRIES - 1) as f64) as f32;
            }
        });
    }
    fn pixel<L: Lane>(channel: Channel, _: [L; 0], c: Rgba<L>, at: &At<'_, L>) -> Rgba<L> {
        channel.map(c, |v| at.table_linear(0, v.clamp01() * (ENTRIES - 1) as f32, (ENTRIES - 2) as f32))
    }
}

/// A gentle curve of `COUNT` cubic pieces. The count is part of the type, so that the coefficients stay in registers.
struct Pieces<const COUNT: usize>(Bent);

#[part]
impl<const COUNT: usize> Point<{ PIECE * MOST_PIECES }> for Pieces<COUNT> {
    type Variant = Channel;
    fn variant(&self, _: &Setup) -> Channel {
        self.0.channel
    }
    fn prepare(&self, _: &Setup) -> [f64; PIECE * MOST_PIECES] {
        let mut uniforms = [0.0; PIECE * MOST_PIECES];
        for (piece, uniforms) in self.0.spline().pieces().zip(uniforms.chunks_exact_mut(PIECE)) {
            uniforms[0] = piece.start;
            uniforms[1..].copy_from_slice(&piece.coefficients);
        }
        uniforms
    }
    fn pixel<L: Lane>(channel: Channel, u: [L; PIECE * MOST_PIECES], c: Rgba<L>, _: &At<'_, L>) -> Rgba<L> {
        channel.map(c, |v| {
            let v = v.clamp01();
            let [mut start, mut constant, mut slope, mut square, mut cube] = [u[0], u[1], u[2], u[3], u[4]];
            for next in (PIECE..COUNT * PIECE).step_by(PIECE) {
                let reached = v.ge(u[next]);
                start = L::pick(reached, u[next], start);
                constant = L::pick(reached, u[next + 1], constant);
                slope = L::pick(reached, u[next + 2], slope);
                square = L::pick(reached, u[next + 3], square);
                cube = L::pick(reached, u[next + 4], cube);
            }
            let t = v - start;
            // Two short chains rather than one long one, which a processor would have to wait for.
            (cube * t + square) * (t * t) + (slope * t + constant)
        })
    }
}
