//! Rotation by quarter turns.

use crate::effect::{Class, Lower, Step};
use crate::reshape::Reshape;
use bowerbird_derive::Params;

/// Turns the picture by quarters, pixel by pixel.
#[derive(Clone, Debug, PartialEq, Params)]
#[effect(id = "rotate90", label = "Rotate by 90°", family = "geometry", domain = "any", class = "raster", changes_size)]
pub struct Rotate90 {
    /// Quarter turns, counter-clockwise.
    #[param(default = 1, range = (0.0, 3.0), step = 1.0)]
    pub turns: i32,
}

impl Lower for Rotate90 {
    const CLASS: Class = Class::Raster;
    fn lower(&self, step: &mut Step<'_, '_>) {
        let image = step.image();
        step.finish(image);
    }
    fn is_identity(&self) -> bool {
        self.turns == 0
    }
    fn reshape(&self, _: [u32; 2]) -> Result<Option<Reshape>, String> {
        Ok(Some(Reshape::Turn(self.turns.unsigned_abs())))
    }
}
