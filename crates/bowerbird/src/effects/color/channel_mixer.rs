//! The channel mixer: a 4×5 matrix.

use crate::effect::{Point, Setup};
use crate::lane::{At, Lane, Rgba};
use bowerbird_derive::{Params, effect};

const IDENTITY: [f64; 20] =
    [1., 0., 0., 0., 0., 0., 1., 0., 0., 0., 0., 0., 1., 0., 0., 0., 0., 0., 1., 0.];

/// Makes each channel from all four and a constant; source: SVG `feColorMatrix`.
#[derive(Clone, Debug, PartialEq, Params)]
#[effect(id = "channel_mixer", label = "Channel mixer", family = "color", domain = "D", switchable)]
pub struct ChannelMixer {
    /// Four rows (red, green, blue, alpha) of five factors (of red, green, blue, alpha and 1).
    #[param(default = IDENTITY, soft = (-2.0, 2.0), hard = (-100.0, 100.0))]
    pub matrix: [f64; 20],
}

#[effect]
impl Point<20> for ChannelMixer {
    /// Whether alpha is handed on.
    type Variant = bool;
    fn variant(&self, _: &Setup) -> bool {
        self.keeps_opaque()
    }
    fn identity(&self) -> bool {
        self.matrix == IDENTITY
    }
    fn keeps_opaque(&self) -> bool {
        self.matrix[15..] == IDENTITY[15..]
    }
    fn prepare(&self, _: &Setup) -> [f64; 20] {
        self.matrix
    }
    fn pixel<L: Lane>(keeps_alpha: bool, m: [L; 20], c: Rgba<L>, _: &At<'_, L>) -> Rgba<L> {
        // Alpha may become more than nothing, and what was hidden stays so.
        let c = if keeps_alpha { c } else { c.seen() };
        let row = |k: usize| c.r * m[k] + c.g * m[k + 1] + c.b * m[k + 2] + c.a * m[k + 3] + m[k + 4];
        Rgba { r: row(0), g: row(5), b: row(10), a: if keeps_alpha { c.a } else { row(15).clamp01() } }
    }
}
