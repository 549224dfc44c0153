//! Histogram equalization.

use crate::effect::{Composition, Point, ReduceRequest, Setup, Step, Val};
use crate::graph::Finish;
use crate::lane::{At, Lane, Rgba};
use bowerbird_derive::{Choice, Params, effect, part};

/// What is equalized.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Choice)]
pub enum Mode {
    /// Luma; colors keep their differences.
    Luma,
    /// Each channel on its own.
    Channels,
}

/// Spreads the tones evenly over the whole range; source: Gonzalez and Woods.
#[derive(Clone, Debug, PartialEq, Params)]
#[effect(id = "equalize", label = "Equalize", family = "tone", domain = "D", class = "point")]
pub struct Equalize {
    /// What is equalized.
    pub mode: Mode,
}

#[effect]
impl Composition for Equalize {
    fn build(&self, step: &mut Step<'_, '_>, image: Val) -> Val {
        let finish = Finish::Equalize { channels: self.mode == Mode::Channels };
        let table = step.reduce(ReduceRequest::Histogram(finish), image);
        step.bind(table);
        step.point(&EqualizeMap(self.mode), image)
    }
}

/// The values taken through the table of the reduction.
struct EqualizeMap(Mode);

#[part]
impl Point<0> for EqualizeMap {
    type Variant = Mode;
    fn variant(&self, _: &Setup) -> Mode {
        self.0
    }
    fn prepare(&self, _: &Setup) -> [f64; 0] {
        []
    }
    fn pixel<L: Lane>(mode: Mode, _: [L; 0], c: Rgba<L>, at: &At<'_, L>) -> Rgba<L> {
        use crate::lane::Word;
        let map = |v: L, first: u32| {
            let position = v.clamp01() * 255.0;
            let cell = position.floor().min(v.lit(254.0));
            let index = cell.to_int().add(cell.to_int().lit(first));
            let (low, high) = L::lookup_pair(&at.tables, 0, index);
            low.lerp(high, position - cell)
        };
        match mode {
            Mode::Luma => {
                let luma = c.luma();
                let change = map(luma, 0) - luma;
                c.rgb(|v| v + change)
            }
            Mode::Channels => Rgba { r: map(c.r, 0), g: map(c.g, 256), b: map(c.b, 512), a: c.a },
        }
    }
}
