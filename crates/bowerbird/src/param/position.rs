//! Positions in the picture, alone and in lists.

use super::number::describe;
use super::{Kind, Param, ParamType};
use crate::frame::Frame;
use core::hash::Hasher;
use serde_json::Value;

/// A position: fractions of the width and the height; (0, 0) is the top-left corner.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Position(pub [f64; 2]);

impl Position {
    /// The position in full-size pixels.
    pub fn pixels(self, frame: &Frame) -> [f64; 2] {
        [self.0[0] * f64::from(frame.full_width), self.0[1] * f64::from(frame.full_height)]
    }
}

impl Default for Position {
    fn default() -> Self {
        Self([0.5, 0.5])
    }
}

impl From<[f64; 2]> for Position {
    fn from(fractions: [f64; 2]) -> Self {
        Self(fractions)
    }
}

impl Param for Position {
    fn to_json(&self) -> Value {
        self.0.to_json()
    }
    fn set(&mut self, value: &Value) -> Result<(), String> {
        self.0.set(value).map_err(|_| format!("expected [x, y] as fractions of the picture, found {}", describe(value)))
    }
    fn clamp(&mut self, low: f64, high: f64) -> bool {
        self.0.clamp(low, high)
    }
    fn digest(&self, hash: &mut dyn Hasher) {
        self.0.digest(hash);
    }
}

impl ParamType for Position {
    const KIND: Kind = Kind::Position;
    const COUNT: usize = 2;
}

/// The most positions in a list.
const MOST_POSITIONS: usize = 64;

impl Param for Vec<Position> {
    fn to_json(&self) -> Value {
        self.iter().map(Param::to_json).collect()
    }
    fn set(&mut self, value: &Value) -> Result<(), String> {
        let list = value.as_array().ok_or_else(|| format!("expected a list of [x, y], found {}", describe(value)))?;
        if list.len() > MOST_POSITIONS {
            return Err(format!("{} points are more than the {MOST_POSITIONS} that a shape may have", list.len()));
        }
        let mut points = vec![Position::default(); list.len()];
        for (point, item) in points.iter_mut().zip(list) {
            point.set(item)?;
        }
        *self = points;
        Ok(())
    }
    fn structure(&self, hash: &mut dyn Hasher) {
        hash.write_usize(self.len());
    }
    fn digest(&self, hash: &mut dyn Hasher) {
        self.iter().for_each(|point| point.digest(hash));
    }
}

impl ParamType for Vec<Position> {
    const KIND: Kind = Kind::Positions;
    const COUNT: usize = 0;
}
