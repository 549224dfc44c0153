//! Tone curves through points.

use super::number::describe;
use super::{Kind, Param, ParamType};
use core::hash::Hasher;
use serde_json::Value;

/// A tone curve: 2 to 32 points with x strictly increasing.
#[derive(Clone, Debug, PartialEq)]
pub struct Curve(pub Vec<[f64; 2]>);

impl Curve {
    /// Whether the curve changes nothing, recognized by its exact points.
    pub fn is_identity(&self) -> bool {
        self.0 == [[0.0, 0.0], [1.0, 1.0]]
    }
}

impl Default for Curve {
    fn default() -> Self {
        Self(vec![[0.0, 0.0], [1.0, 1.0]])
    }
}

impl Param for Curve {
    fn to_json(&self) -> Value {
        self.0.iter().map(Param::to_json).collect()
    }
    fn set(&mut self, value: &Value) -> Result<(), String> {
        let list =
            value.as_array().ok_or_else(|| format!("expected a list of [x, y] points, found {}", describe(value)))?;
        if !(2..=32).contains(&list.len()) {
            return Err(format!("a curve has 2 to 32 points, not {}", list.len()));
        }
        let mut points = vec![[0.0; 2]; list.len()];
        for (index, (point, item)) in points.iter_mut().zip(list).enumerate() {
            point.set(item).map_err(|cause| format!("point {} of the curve: {cause}", index + 1))?;
            point[0] = point[0].clamp(0.0, 1.0);
            point[1] = point[1].clamp(-1.0, 2.0);
        }
        if let Some(index) = points.windows(2).position(|p| p[1][0] - p[0][0] < 1.0 / 1024.0) {
            return Err(format!(
                "point {} of the curve: x must grow by at least 1/1024 from point to point",
                index + 2
            ));
        }
        self.0 = points;
        Ok(())
    }
    fn digest(&self, hash: &mut dyn Hasher) {
        self.0.iter().for_each(|point| point.digest(hash));
    }
}

impl ParamType for Curve {
    const KIND: Kind = Kind::Curve;
    const COUNT: usize = 0;
}
