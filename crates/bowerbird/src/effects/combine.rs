//! How the entries of a mask fold into one plane.

use crate::effect::{Composite, Setup};
use crate::lane::{At, Lane, Rgba};
use bowerbird_derive::{Choice, part};

/// How an entry of a mask meets those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Choice)]
pub enum Combine {
    /// It takes their place.
    Replace,
    /// The greater weight holds.
    Add,
    /// Its weight is taken away.
    Subtract,
    /// The lesser weight holds.
    Intersect,
}

#[part]
impl Composite<0> for Combine {
    type Variant = Self;
    fn variant(&self, _: &Setup) -> Self {
        *self
    }
    fn prepare(&self, _: &Setup) -> [f64; 0] {
        []
    }
    fn pixel<L: Lane>(combine: Self, _: [L; 0], m: Rgba<L>, v: Rgba<L>, _: &At<'_, L>) -> Rgba<L> {
        let one = m.r.lit(1.0);
        m.rgb_with(v, |m, v| match combine {
            Combine::Replace => v,
            Combine::Add => m.max(v),
            Combine::Subtract => m * (one - v),
            Combine::Intersect => m.min(v),
        })
    }
}
