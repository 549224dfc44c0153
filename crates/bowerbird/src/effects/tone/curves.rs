//! Tone curves, tabled in f64.

use crate::effect::{Point, Setup, Step};
use crate::lane::{At, Lane, Rgba};
use crate::param::Curve;
use crate::spline::{Interpolation, Spline};
use bowerbird_derive::{Params, effect};

/// Entries of a curve's table.
const ENTRIES: usize = 4096;

/// Redraws the tones along curves: one for each channel, then one for all three.
#[derive(Clone, Debug, PartialEq, Params)]
#[effect(id = "curves", label = "Tone curve", family = "tone", domain = "D", switchable)]
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

impl Curves {
    fn in_order(&self) -> [&Curve; 4] {
        [&self.r, &self.g, &self.b, &self.rgb]
    }
}

#[effect]
impl Point<0> for Curves {
    /// Which curves bend; a straight one only limits to 0..1 and costs no table.
    type Variant = [bool; 4];
    fn variant(&self, _: &Setup) -> [bool; 4] {
        self.in_order().map(|curve| !curve.is_identity())
    }
    fn identity(&self) -> bool {
        self.in_order().iter().all(|curve| curve.is_identity())
    }
    fn prepare(&self, _: &Setup) -> [f64; 0] {
        []
    }
    fn tables(&self, step: &mut Step<'_, '_>) {
        for curve in self.in_order().into_iter().filter(|curve| !curve.is_identity()) {
            step.table(ENTRIES, |table| {
                let spline = Spline::new(&curve.0, self.interpolation);
                for (index, entry) in table.iter_mut().enumerate() {
                    *entry = spline.at(index as f64 / (ENTRIES - 1) as f64) as f32;
                }
            });
        }
    }
    fn pixel<L: Lane>(bends: [bool; 4], _: [L; 0], c: Rgba<L>, at: &At<'_, L>) -> Rgba<L> {
        let table_of = |curve: usize| bends[..curve].iter().filter(|bent| **bent).count();
        let apply = |curve: usize, v: L| {
            let v = v.clamp01();
            if bends[curve] {
                at.table_linear(table_of(curve), v * (ENTRIES - 1) as f32, (ENTRIES - 2) as f32)
            } else {
                v
            }
        };
        Rgba { r: apply(3, apply(0, c.r)), g: apply(3, apply(1, c.g)), b: apply(3, apply(2, c.b)), a: c.a }
    }
}
