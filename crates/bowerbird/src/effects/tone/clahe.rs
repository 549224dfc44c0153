//! Local equalization.

use crate::effect::{Composition, ReduceRequest, Step, Val};
use crate::graph::Tiles;
use bowerbird_derive::{Params, effect};

/// Spreads the tones evenly in each part of the picture, with a limit on contrast (CLAHE; Zuiderveld 1994).
#[derive(Clone, Debug, PartialEq, Params)]
#[effect(id = "clahe", label = "Local equalize (CLAHE)", family = "tone", domain = "D", class = "kernel")]
pub struct Clahe {
    /// Parts across and down.
    #[param(default = [8, 8], range = (2.0, 32.0))]
    pub tiles: [i32; 2],
    /// How many times the mean a level may count: the limit on contrast.
    #[param(default = 2.0, soft = (1.0, 8.0), hard = (1.0, 256.0))]
    pub clip: f64,
}

#[effect]
impl Composition for Clahe {
    fn build(&self, step: &mut Step<'_, '_>, image: Val) -> Val {
        let counts = self.tiles.map(|count| count.clamp(2, 32) as usize);
        let uniforms = Tiles::uniforms(counts, self.clip, &step.frame());
        let table = step.reduce(ReduceRequest::Tiles { tiles: counts[0] * counts[1], uniforms }, image);
        step.curves(image, table, &uniforms)
    }
}
