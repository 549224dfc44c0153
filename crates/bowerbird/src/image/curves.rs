//! The tone curves of color profiles on floats: beyond white they go on, below black they are mirrored.
//!
//! The color engine's own curves are made for codes: on floats, a power of 1.2 to 2 of 0 is a number in the thousands.

use moxcms::{ColorProfile, DataColorSpace, ToneReprCurve};

/// The curves of a profile, channel by channel; a gray one has three alike. Nothing where one is missing or none that is
/// known.
pub(super) fn of(profile: &ColorProfile) -> Option<[Curve<'_>; 3]> {
    let [r, g, b] = match profile.color_space {
        DataColorSpace::Gray => [&profile.gray_trc; 3],
        _ => [&profile.red_trc, &profile.green_trc, &profile.blue_trc],
    };
    Some([Curve::of(r.as_ref()?)?, Curve::of(g.as_ref()?)?, Curve::of(b.as_ref()?)?])
}

/// A tone curve (ICC.1:2022, 10.6 and 10.18).
#[derive(Clone, Copy, Debug)]
pub(super) enum Curve<'p> {
    /// Evenly spaced values.
    Table(&'p [u16]),
    /// (a·x + b)^γ + e from d on, below it c·x + f.
    Power { gamma: f64, a: f64, b: f64, c: f64, d: f64, e: f64, f: f64 },
}

impl<'p> Curve<'p> {
    fn of(curve: &'p ToneReprCurve) -> Option<Self> {
        let power = |gamma: f64| Self::Power { gamma, a: 1.0, b: 0.0, c: 0.0, d: 0.0, e: 0.0, f: 0.0 };
        let curve = match curve {
            ToneReprCurve::Lut(table) => match table[..] {
                [] => power(1.0),
                // One entry is a gamma in 8.8 fixed point.
                [gamma] => power(f64::from(gamma) / 256.0),
                _ => Self::Table(table),
            },
            ToneReprCurve::Parametric(numbers) => {
                let number = |index: usize| numbers.get(index).map_or(0.0, |number| f64::from(*number));
                let [gamma, a, b, c] = [0, 1, 2, 3].map(number);
                match numbers.len() {
                    1 => power(gamma),
                    3 => Self::Power { gamma, a, b, c: 0.0, d: -b / a, e: 0.0, f: 0.0 },
                    4 => Self::Power { gamma, a, b, c: 0.0, d: -b / a, e: c, f: c },
                    5 => Self::Power { gamma, a, b, c, d: number(4), e: 0.0, f: 0.0 },
                    7 => Self::Power { gamma, a, b, c, d: number(4), e: number(5), f: number(6) },
                    _ => return None,
                }
            }
        };
        let is_sound = match curve {
            Self::Table(_) => true,
            Self::Power { gamma, a, b, c, d, e, f } => [gamma, a, b, c, d, e, f].iter().all(|v| v.is_finite()),
        };
        is_sound.then_some(curve)
    }

    /// The light of a value.
    pub(super) fn light(self, value: f32) -> f32 {
        (self.of_positive(f64::from(value.abs())) as f32).copysign(value)
    }

    fn of_positive(self, x: f64) -> f64 {
        match self {
            Self::Power { gamma, a, b, d, e, .. } if x >= d => (a * x + b).max(0.0).powf(gamma) + e,
            Self::Power { c, f, .. } => c * x + f,
            Self::Table(table) => {
                let last = table.len() - 1;
                let place = x * last as f64;
                // The last piece goes on as a line.
                let index = (place as usize).min(last - 1);
                let [from, to] = [table[index], table[index + 1]].map(f64::from);
                (from + (to - from) * (place - index as f64)) / 65535.0
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn light(curve: &ToneReprCurve, value: f32) -> f32 {
        Curve::of(curve).expect("a curve").light(value)
    }

    #[test]
    fn powers_and_tables_go_through_their_ends() {
        let curves = [
            ToneReprCurve::Lut(vec![]),
            ToneReprCurve::Lut(vec![461]),
            ToneReprCurve::Lut(vec![0, 9000, 30000, 65535]),
            ToneReprCurve::Parametric(vec![1.8]),
            ToneReprCurve::Parametric(vec![2.4, 1.0 / 1.055, 0.055 / 1.055, 1.0 / 12.92, 0.04045]),
        ];
        for curve in &curves {
            assert_eq!(light(curve, 0.0), 0.0, "{curve:?}");
            assert!((light(curve, 1.0) - 1.0).abs() < 1e-6, "{curve:?}");
            assert!(light(curve, 1.5) > 1.2 && light(curve, -0.5) == -light(curve, 0.5), "{curve:?}");
        }
        assert!((light(&curves[3], 0.25) - 0.082_469_25).abs() < 1e-6);
        assert!((light(&curves[4], 0.5) - 0.214_041_14).abs() < 1e-6);
        assert!((light(&curves[4], 0.02) - 0.02 / 12.92).abs() < 1e-8);
    }

    #[test]
    fn a_curve_that_is_no_number_is_none() {
        assert!(Curve::of(&ToneReprCurve::Parametric(vec![f32::NAN])).is_none());
        assert!(Curve::of(&ToneReprCurve::Parametric(vec![2.0, 0.0, 1.0])).is_none());
        assert!(Curve::of(&ToneReprCurve::Parametric(vec![2.0, 1.0])).is_none());
    }
}
