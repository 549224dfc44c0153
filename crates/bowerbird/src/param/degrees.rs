//! What is given in degrees: angles on the screen and hues on the color wheel.

use super::number::{finite, json_number, limit};
use super::{Kind, Param, ParamType};
use core::hash::Hasher;
use serde_json::Value;

macro_rules! degrees {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Default)]
        pub struct $name(pub f64);

        impl From<f64> for $name {
            fn from(degrees: f64) -> Self {
                Self(degrees)
            }
        }

        impl Param for $name {
            fn to_json(&self) -> Value {
                json_number(self.0)
            }
            fn set(&mut self, value: &Value) -> Result<(), String> {
                self.0 = finite(value)?;
                Ok(())
            }
            fn clamp(&mut self, low: f64, high: f64) -> bool {
                limit(&mut self.0, low, high)
            }
            fn digest(&self, hash: &mut dyn Hasher) {
                self.0.digest(hash);
            }
        }

        impl ParamType for $name {
            const KIND: Kind = Kind::$name;
        }
    };
}
degrees!(
    /// An angle in degrees: 0 points right, positive turns counter-clockwise on the screen.
    Angle
);
degrees!(
    /// A hue in degrees on the color wheel: red 0, green 120, blue 240.
    Hue
);

impl Angle {
    /// The unit vector of the angle, with y growing downwards: (cos θ, −sin θ).
    pub fn direction(self) -> [f64; 2] {
        let radians = self.0.to_radians();
        [radians.cos(), -radians.sin()]
    }
}
